"""The archive on a real disk: round trips, cuts at every byte, full disks, damage, forgetting."""

from __future__ import annotations

import errno
import gzip
import os
import random
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.errors import StoreError
from crawler.storage import archive_files, members
from crawler.storage.archive import (
    Archive,
    ArchivePlace,
    Response,
    find_url,
    forget,
    open_archive,
    read,
    verify,
)
from crawler.storage.warc import write_response

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
FILE = "archive/2026-11-22.w1-1.warc.gz"
NEXT_FILE = "archive/2026-11-22.w1-2.warc.gz"


def make_response(number: int = 1, size: int = 300, at: datetime = NOON) -> Response:
    """An answer of an invented outlet; its body does not compress."""
    return Response(
        url=f"https://harbor.example/news/{number}",
        status=200,
        reason="OK",
        request_headers=(("Host", "harbor.example"), ("User-Agent", "Tumen")),
        response_headers=(("Content-Type", "text/html"), ("Content-Encoding", "br")),
        body=random.Random(number).randbytes(size),
        fetched_at=at,
    )


def fill(archive: Archive, *numbers: int) -> list[ArchivePlace]:
    places = [archive.append(make_response(number)) for number in numbers]
    archive.sync()
    return places


def kinds(path: Path) -> list[str]:
    """What warcio finds in a file, every digest checked."""
    found = []
    with path.open("rb") as held:
        for record in ArchiveIterator(held, check_digests="raise"):
            found.append(record.rec_type)
            record.content_stream().read()
    return found


def readable(data_dir: Path, places: list[ArchivePlace]) -> list[str]:
    return [read(data_dir, place).url.rsplit("/", 1)[1] for place in places]


def damage(path: Path, offset: int, content: bytes) -> None:
    with path.open("r+b") as held:
        held.seek(offset)
        held.write(content)


def test_what_was_appended_is_read_from_its_place(tmp_path: Path) -> None:
    archive = open_archive(tmp_path, "w1")
    places = fill(archive, 1, 2)
    assert {FILE} == {place.file for place in places}
    assert [make_response(1), make_response(2)] == [read(tmp_path, place) for place in places]
    for place, number in zip(places, (1, 2), strict=True):
        assert verify(tmp_path, place, sha256(make_response(number).body).hexdigest()) is None


def test_warcio_reads_the_file_and_finds_the_same_offsets(tmp_path: Path) -> None:
    places = fill(open_archive(tmp_path, "w1"), 1, 2)
    offsets = []
    with (tmp_path / FILE).open("rb") as held:
        records = ArchiveIterator(held, check_digests="raise")
        for record in records:
            if record.rec_type == "response":
                body = record.content_stream().read()
                offsets.append((records.get_record_offset(), body))
    expected = [(place.offset, make_response(nth).body) for nth, place in enumerate(places, 1)]
    assert expected == offsets
    assert kinds(tmp_path / FILE) == ["warcinfo", *["response", "request"] * 2]


def test_two_slots_and_two_days_never_share_a_file(tmp_path: Path) -> None:
    one, two = open_archive(tmp_path, "w1"), open_archive(tmp_path, "w2")
    days = [one.append(make_response(at=NOON + timedelta(days=day))).file for day in range(3)]
    assert [*days, two.append(make_response()).file] == [
        FILE,
        "archive/2026-11-23.w1-1.warc.gz",
        "archive/2026-11-24.w1-1.warc.gz",
        "archive/2026-11-22.w2-1.warc.gz",
    ]
    assert one.append(make_response(2)).file == FILE
    one.sync()
    assert kinds(tmp_path / FILE) == ["warcinfo", *["response", "request"] * 2]


def test_a_file_that_is_full_is_followed_by_another(tmp_path: Path) -> None:
    archive = open_archive(tmp_path, "w1", size_limit_bytes=5000)
    places = fill(archive, *range(1, 10))
    archive.close()
    places += fill(open_archive(tmp_path, "w1", size_limit_bytes=5000), 10)
    files = sorted({place.file for place in places})
    assert len(files) > 2
    assert all((tmp_path / file).stat().st_size <= 5000 for file in files)
    assert [kinds(tmp_path / file)[0] for file in files] == ["warcinfo"] * len(files)
    assert [str(number) for number in range(1, 11)] == readable(tmp_path, places)


def test_a_response_beyond_the_limit_gets_a_file_of_its_own(tmp_path: Path) -> None:
    archive = open_archive(tmp_path, "w1", size_limit_bytes=1000)
    fill(archive, 1)
    place = archive.append(make_response(2, size=9000))
    assert (place.file, read(tmp_path, place)) == (NEXT_FILE, make_response(2, size=9000))


def test_a_cut_at_every_byte_of_the_last_response_keeps_what_is_whole(tmp_path: Path) -> None:
    archive = open_archive(tmp_path, "w1")
    first, last = fill(archive, 1, 2)
    archive.close()
    whole = (tmp_path / FILE).read_bytes()
    with (tmp_path / FILE).open("rb") as held:
        ends = [sum(span) for span in members.walk(held.fileno())]
    for size in range(last.offset, len(whole) + 1):
        (tmp_path / FILE).write_bytes(whole[:size])
        archive = open_archive(tmp_path, "w1")
        kept = max(end for end in ends if end <= size)
        assert whole[:kept] == (tmp_path / FILE).read_bytes()
        assert [size - kept] * (size > kept) == [told.torn_bytes for told in archive.repairs]
        places = [first, *fill(archive, 3)]
        assert readable(tmp_path, places) == ["1", "3"]
        archive.close()
    assert kinds(tmp_path / FILE) == ["warcinfo", *["response", "request"] * 3]


def test_a_body_that_holds_records_of_its_own_fools_nobody(tmp_path: Path) -> None:
    archive = open_archive(tmp_path, "w1")
    places = fill(archive, 1)
    noise = random.Random(9).randbytes(40_000)
    forged = b"".join(map(members.pack, write_response(make_response(66))))
    archive.append(replace(make_response(2), body=noise + forged + noise))
    archive.close()
    path = tmp_path / FILE
    at = path.read_bytes().index(forged)  # what does not compress stands there as it is
    os.truncate(path, at + len(forged))
    archive = open_archive(tmp_path, "w1")
    assert [at + len(forged) - path.stat().st_size] == [told.torn_bytes for told in archive.repairs]
    assert kinds(path) == ["warcinfo", "response", "request"]
    assert readable(tmp_path, [*places, *fill(archive, 3)]) == ["1", "3"]
    assert find_url(tmp_path, make_response(66).url) == []


def test_a_cut_within_the_first_record_begins_the_file_again(tmp_path: Path) -> None:
    archive = open_archive(tmp_path, "w1")
    fill(archive, 1)
    archive.close()
    whole = (tmp_path / FILE).read_bytes()
    for size in (0, 1, 30, 200):
        (tmp_path / FILE).write_bytes(whole[:size])
        archive = open_archive(tmp_path, "w1")
        fill(archive, 1)
        archive.close()
        assert whole == (tmp_path / FILE).read_bytes()


@pytest.mark.parametrize("rest", [b"junk", bytes(100) + b"x", b"\x1f\x8b\x08\x04" + bytes(50)])
def test_damage_is_told_and_left_and_another_file_begun(tmp_path: Path, rest: bytes) -> None:
    archive = open_archive(tmp_path, "w1")
    places = fill(archive, 1)
    archive.close()
    with (tmp_path / FILE).open("ab") as held:
        held.write(rest)
    found = (tmp_path / FILE).read_bytes()
    archive = open_archive(tmp_path, "w1")
    places += fill(archive, 2)
    assert found == (tmp_path / FILE).read_bytes()
    assert "left as it is" in str(archive.repairs[0])
    assert [place.file for place in places] == [FILE, NEXT_FILE]
    assert readable(tmp_path, places) == ["1", "2"]


def test_a_rotten_response_in_the_middle_costs_no_other(tmp_path: Path) -> None:
    archive = open_archive(tmp_path, "w1")
    places = fill(archive, 1, 2, 3)
    archive.close()
    damage(tmp_path / FILE, places[1].offset + 400, bytes(20))
    archive = open_archive(tmp_path, "w1")
    assert [told.damaged_from for told in archive.repairs] == [places[1].offset]
    assert readable(tmp_path, [places[0], places[2], *fill(archive, 4)]) == ["1", "3", "4"]
    assert "damaged" in (verify(tmp_path, places[1], "") or "")


def test_only_the_doubtful_end_is_read_when_a_file_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = open_archive(tmp_path, "w1")
    places = fill(archive, 1, 2, 3)
    archive.close()
    damage(tmp_path / FILE, places[0].offset + 400, bytes(20))
    monkeypatch.setattr(archive_files, "DOUBTFUL_BYTES", 500)
    assert open_archive(tmp_path, "w1").repairs == ()


# Writes where only so many bytes fit, then where there is room again; raises if either goes wrong.
BEYOND_THE_LIMIT = """
import resource, signal, sys
from pathlib import Path
from crawler.errors import StoreError
from crawler.storage.archive import open_archive
from tests.integration.test_archive import FILE, fill, make_response

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
data_dir = Path(sys.argv[1])
archive = open_archive(data_dir, "w1")
before = (data_dir / FILE).read_bytes()
for number in (2, 3):
    try:
        archive.append(make_response(number))
    except StoreError as error:
        assert "make room" in str(error), error
    else:
        raise AssertionError("the response fitted")
    assert (data_dir / FILE).read_bytes() == before
    archive.sync()
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
fill(archive, 4)
"""


@pytest.mark.parametrize("room", [0, 1, 300, 900], ids="{} bytes of room".format)
def test_a_limit_on_size_leaves_nothing_half_written(tmp_path: Path, room: int) -> None:
    archive = open_archive(tmp_path, "w1")
    fill(archive, 1)
    archive.close()
    size = (tmp_path / FILE).stat().st_size
    subprocess.run(
        [sys.executable, "-c", BEYOND_THE_LIMIT, str(tmp_path), str(size + room)],
        cwd=Path(__file__).parents[2],
        check=True,
    )
    assert kinds(tmp_path / FILE) == ["warcinfo", *["response", "request"] * 2]
    places = [place for n in (1, 2, 3, 4) for place in find_url(tmp_path, make_response(n).url)]
    assert readable(tmp_path, places) == ["1", "4"]


# A worker that says what is safe, until it is killed.
WRITER = """
import os, sys
from pathlib import Path
from crawler.storage.archive import open_archive
from tests.integration.test_archive import make_response

archive = open_archive(Path(sys.argv[1]), "w1")
for number in range(int(sys.argv[2]), 10**9):
    place = archive.append(make_response(number, size=20_000))
    archive.sync()
    os.write(1, b"%d %d\\n" % (number, place.offset))
"""


def test_a_killed_writer_loses_no_response_that_it_said_is_safe(tmp_path: Path) -> None:
    safe: list[tuple[str, int]] = []
    for turn in range(3):
        command = [sys.executable, "-c", WRITER, str(tmp_path), str(turn * 1000)]
        writer = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2])
        assert writer.stdout is not None
        said = [writer.stdout.readline() for _ in range(20 + turn)]
        writer.send_signal(signal.SIGKILL)
        said += writer.stdout.readlines()
        writer.stdout.close()
        writer.wait()
        pairs = [line.split() for line in said if line.endswith(b"\n")]
        safe += [(number.decode(), int(offset)) for number, offset in pairs]
    open_archive(tmp_path, "w1").close()
    places = [ArchivePlace(file=FILE, offset=offset) for _number, offset in safe]
    assert [number for number, _offset in safe] == readable(tmp_path, places)
    found = kinds(tmp_path / FILE)
    assert found[0] == "warcinfo"
    assert found.count("response") >= len(safe)


def test_a_failed_sync_takes_back_what_it_did_not_bring_to_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = open_archive(tmp_path, "w1")
    fill(archive, 1)
    before = (tmp_path / FILE).read_bytes()
    archive.append(make_response(2))

    def fail(_descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", fail)
        with pytest.raises(StoreError, match="did not reach the disk"):
            archive.sync()
    assert before == (tmp_path / FILE).read_bytes()
    assert readable(tmp_path, fill(archive, 3)) == ["3"]
    assert readable(tmp_path, fill(open_archive(tmp_path, "w1"), 4)) == ["4"]


def test_a_closed_archive_writes_nothing(tmp_path: Path) -> None:
    archive = open_archive(tmp_path, "w1")
    archive.close()
    with pytest.raises(StoreError, match="closed"):
        archive.append(make_response())


def test_a_file_that_was_moved_away_is_begun_anew(tmp_path: Path) -> None:
    archive = open_archive(tmp_path, "w1")
    fill(archive, 1)
    (tmp_path / "archive").rename(tmp_path / "elsewhere")
    assert readable(tmp_path, fill(archive, 2)) == ["2"]
    assert kinds(tmp_path / FILE) == ["warcinfo", "response", "request"]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "archive").write_text("in the way")
    with pytest.raises(StoreError, match="cannot be opened"):
        open_archive(tmp_path, "w1").append(make_response())


@pytest.mark.parametrize(
    "file",
    [
        "../secret.warc.gz", "/etc/passwd", "archive/../store.json", "articles/2026-11-22.w1.jsonl",
        "archive/2026-13-22.w1-1.warc.gz", "archive/2026-11-22.w1-1.warc.gz\n", "",
        "archive/2026-11-22.w1-1.warc.gz/../../x", "archive/2026-11-22.w0-1.warc.gz",
    ],
)  # fmt: skip
def test_no_path_from_elsewhere_is_opened(tmp_path: Path, file: str) -> None:
    for act in (read, forget):
        with pytest.raises(StoreError, match="no place"):
            act(tmp_path, ArchivePlace(file=file, offset=0))


def test_no_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    place = fill(open_archive(tmp_path / "a", "w1"), 1)[0]
    (tmp_path / "archive").mkdir()
    (tmp_path / FILE).symlink_to(tmp_path / "a" / FILE)
    with pytest.raises(StoreError, match="byte"):
        read(tmp_path, place)


@pytest.mark.parametrize(
    ("shift", "words"),
    [
        pytest.param(-1, "damaged", id="before the member"),
        pytest.param(1, "damaged", id="within the member"),
        pytest.param(10**6, "ends within", id="beyond the end"),
        pytest.param(-(10**6), "no place", id="below zero"),
    ],
)
def test_a_wrong_offset_is_told(tmp_path: Path, shift: int, words: str) -> None:
    place = fill(open_archive(tmp_path, "w1"), 1)[0]
    wrong = replace(place, offset=place.offset + shift)
    assert words in (verify(tmp_path, wrong, "") or "")
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(StoreError):
        forget(tmp_path, wrong)
    assert before == (tmp_path / FILE).read_bytes()


def test_what_is_no_response_is_neither_read_nor_forgotten(tmp_path: Path) -> None:
    fill(open_archive(tmp_path, "w1"), 1)
    for act in (read, forget):
        with pytest.raises(StoreError, match="'warcinfo' stands there"):
            act(tmp_path, ArchivePlace(file=FILE, offset=0))


def test_a_missing_file_and_another_body_are_told(tmp_path: Path) -> None:
    place = fill(open_archive(tmp_path, "w1"), 1)[0]
    assert "not the body" in (verify(tmp_path, place, "00" * 32) or "")
    (tmp_path / FILE).unlink()
    assert "No such file" in (verify(tmp_path, place, "00" * 32) or "")


def test_a_forgotten_response_is_gone_and_every_other_stays(tmp_path: Path) -> None:
    archive = open_archive(tmp_path, "w1")
    places = fill(archive, 1, 2, 3)
    size = (tmp_path / FILE).stat().st_size
    forget(tmp_path, places[1])
    forget(tmp_path, places[1])
    places += fill(archive, 4)
    assert "forgotten" in (verify(tmp_path, places[1], "") or "")
    assert readable(tmp_path, [places[0], places[2], places[3]]) == ["1", "3", "4"]
    assert places[3].offset == size
    assert find_url(tmp_path, "https://harbor.example/news/2") == []
    assert kinds(tmp_path / FILE) == [
        "warcinfo", "response", "request", "metadata", "metadata", *["response", "request"] * 2
    ]  # fmt: skip
    with (tmp_path / FILE).open("rb") as held:
        contents = [members.read_member(held.fileno(), start, 10_000)[0]
                    for start, _length in members.walk(held.fileno())]  # fmt: skip
    assert b"news/2" not in b"".join(contents)
    assert make_response(2).body[:50] not in b"".join(contents)
    archive.close()
    assert open_archive(tmp_path, "w1").repairs == ()


def test_a_crash_while_forgetting_is_made_good_by_forgetting_again(tmp_path: Path) -> None:
    places = fill(open_archive(tmp_path, "w1"), 1, 2, 3)
    before = (tmp_path / FILE).read_bytes()
    forget(tmp_path, places[1])
    after = (tmp_path / FILE).read_bytes()
    for done in range(places[1].offset, places[2].offset, 7):
        (tmp_path / FILE).write_bytes(after[:done] + before[done:])
        assert readable(tmp_path, [places[0], places[2]]) == ["1", "3"]
        forget(tmp_path, places[1])
        assert kinds(tmp_path / FILE)[3:5] == ["metadata", "metadata"]


def test_a_response_whose_request_was_torn_off_is_read_and_forgotten(tmp_path: Path) -> None:
    archive = open_archive(tmp_path, "w1")
    place = fill(archive, 1)[0]
    archive.close()
    os.truncate(tmp_path / FILE, (tmp_path / FILE).stat().st_size - 1)
    archive = open_archive(tmp_path, "w1")
    assert read(tmp_path, place) == replace(make_response(1), request_headers=())
    after = fill(archive, 2)
    assert read(tmp_path, place).request_headers == ()
    forget(tmp_path, place)
    assert readable(tmp_path, after) == ["2"]
    assert kinds(tmp_path / FILE) == ["warcinfo", "metadata", "response", "request"]


def test_the_last_response_is_forgotten_too(tmp_path: Path) -> None:
    archive = open_archive(tmp_path, "w1")
    places = fill(archive, 1, 2)
    forget(tmp_path, places[1])
    places += fill(archive, 3)
    assert readable(tmp_path, [places[0], places[2]]) == ["1", "3"]


def test_a_file_that_another_program_packed_is_read_and_forgotten(tmp_path: Path) -> None:
    fill(open_archive(tmp_path, "w1"), 1, 2)
    with (tmp_path / FILE).open("rb") as held:
        contents = [members.read_member(held.fileno(), start, 10_000)[0]
                    for start, _length in members.walk(held.fileno())]  # fmt: skip
    (tmp_path / FILE).write_bytes(b"".join(map(gzip.compress, contents)))
    places = [place for n in (1, 2) for place in find_url(tmp_path, make_response(n).url)]
    assert [make_response(1), make_response(2)] == [read(tmp_path, place) for place in places]
    forget(tmp_path, places[0])
    assert kinds(tmp_path / FILE)[1:] == ["metadata", "metadata", "response", "request"]
    assert readable(tmp_path, [places[1], *fill(open_archive(tmp_path, "w1"), 3)]) == ["2", "3"]


def test_an_address_is_found_wherever_it_lies(tmp_path: Path) -> None:
    one, two = open_archive(tmp_path, "w1"), open_archive(tmp_path, "w2")
    places = [fill(one, 1, 2)[0], fill(two, 1)[0]]
    places.append(one.append(make_response(1, at=NOON + timedelta(days=1))))
    assert places == find_url(tmp_path, "https://harbor.example/news/1")
    damage(tmp_path / FILE, places[0].offset + 60, bytes(20))
    assert places[1:] == find_url(tmp_path, "https://harbor.example/news/1")
    assert find_url(tmp_path, "https://harbor.example/news/9") == []
