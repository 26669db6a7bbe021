"""Packed days: every reader sees what it saw before, and a day that is not sound stays as it is."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from crawler.errors import BrokenLine, ConfigError, StoreError
from crawler.storage import old_days
from crawler.storage.mending import mend
from crawler.storage.old_days import Compacted, LeftAlone, compact, finish
from crawler.storage.packed import open_lines
from crawler.storage.store import (
    Slot,
    count_lines,
    find_record,
    iter_journal,
    iter_records,
    open_slot,
    open_slot_of,
    read_line,
    store_identity,
)
from crawler.storage.verify import verify
from tests.samples import DAY, make_line, make_omission
from tests.slots import NEXT_DAY, stored, write

PACKED = f"articles/{DAY}.jsonl.zst"
AFTER = DAY + timedelta(days=1)


def pack(data_dir: Path, before: date = AFTER) -> list[Compacted | LeftAlone]:
    return list(compact(data_dir, before))


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """Two slots of one day: five records, one of them in two revisions, and a journal."""
    first, second = open_slot(tmp_path), open_slot(tmp_path)
    write(first, 1, 2, 3)
    write(second, 4, 5)
    second.append(revision_of(make_line(2)), DAY)
    first.drop(make_omission(7), DAY)
    for slot in (first, second):
        slot.sync()
        slot.close()
    return tmp_path


def revision_of(line: bytes) -> bytes:
    said = json.loads(line) | {"revision": 2, "revision_cause": "outlet"}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def files_in(data_dir: Path) -> list[str]:
    return sorted(path.name for path in (data_dir / "articles").iterdir())


def lines_of(data_dir: Path) -> list[bytes]:
    return sorted(read_line(data_dir, place) for place, _said in iter_records(data_dir))


def test_a_packed_day_holds_every_line_and_is_alone(filled: Path) -> None:
    before, journal = lines_of(filled), list(iter_journal(filled))
    articles, dropped = pack(filled)
    assert isinstance(articles, Compacted)
    assert isinstance(dropped, Compacted)
    assert (articles.file, articles.lines, articles.files) == (PACKED, 6, 2)
    assert files_in(filled) == [f"{DAY}.jsonl.zst"]
    assert (lines_of(filled), list(iter_journal(filled))) == (before, journal)
    assert (count_lines(filled, "articles"), count_lines(filled, "dropped")) == (6, 1)
    assert verify(filled).is_sound


def test_the_latest_revision_comes_first(filled: Path) -> None:
    pack(filled)
    told = [(record["url"][-1], record["revision"]) for _place, record in iter_records(filled)]
    assert told == [("1", 1), ("2", 2), ("3", 1), ("4", 1), ("5", 1), ("2", 1)]


def test_any_zstd_reads_it(filled: Path) -> None:
    pack(filled)
    code = (
        "import sys\nfrom compression import zstd\n"
        if sys.version_info >= (3, 14)
        else "import sys\nfrom backports import zstd\n"
    ) + "sys.stdout.buffer.write(zstd.decompress(sys.stdin.buffer.read()))"
    with (filled / PACKED).open("rb") as packed:
        out = subprocess.check_output([sys.executable, "-c", code], stdin=packed)
    assert sorted(out.splitlines(keepends=True)) == lines_of(filled)


def test_days_that_are_not_old_stay(filled: Path) -> None:
    slot = open_slot(filled)
    write(slot, 9, day=NEXT_DAY)
    slot.close()
    pack(filled)
    assert files_in(filled) == [f"{DAY}.jsonl.zst", f"{NEXT_DAY}.w1.jsonl"]
    assert pack(filled) == []


def test_a_slot_never_writes_to_a_packed_day_again(filled: Path) -> None:
    slot = open_slot(filled)
    write(slot, 6)  # it holds the day open
    pack(filled)
    with pytest.raises(StoreError, match="comes too late"):
        slot.append(make_line(8), DAY)
    slot.sync()
    write(slot, 8, day=NEXT_DAY)
    slot.close()
    assert stored(filled)[-1] == "8"
    assert files_in(filled) == [f"{DAY}.jsonl.zst", f"{NEXT_DAY}.w1.jsonl"]


def test_nothing_is_packed_while_a_writer_has_lines_in_hand(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.storage.slots._GATE_LIMIT_S", 0.05)
    slot = open_slot(filled)
    slot.append(make_line(6), DAY)
    with pytest.raises(StoreError, match="hangs while it writes"):
        pack(filled)
    slot.sync()
    assert [type(done) for done in pack(filled)] == [Compacted, Compacted]
    assert len(stored(filled)) == 7
    slot.close()


def test_the_gate_stays_open_for_a_line_that_closes_another_file(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.storage.slots._GATE_LIMIT_S", 0.05)
    slot = open_slot(filled)
    for days in range(5):  # more than are open at once
        slot.append(make_line(10 + days), NEXT_DAY + timedelta(days=days))
    with pytest.raises(StoreError, match="hangs while it writes"):
        pack(filled)
    slot.close()


def test_a_day_that_is_written_to_meanwhile_is_left(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slot = open_slot(filled)
    real: Callable[..., bool] = old_days.holds

    def holds(path: Path, lines: list[bytes]) -> bool:
        if "articles" in str(path):
            write(slot, 6)
        return real(path, lines)

    monkeypatch.setattr(old_days, "holds", holds)
    left, _dropped = pack(filled)
    assert isinstance(left, LeftAlone)
    assert "meanwhile" in left.why
    assert len(stored(filled)) == 7
    assert not list(filled.glob("articles/*zst*"))
    slot.close()


def broken(path: Path) -> None:
    with path.open("ab") as held:
        held.write(b"{no line\n")


def torn(path: Path) -> None:
    with path.open("ab") as held:
        held.write(make_line(9)[:40])


def twice(path: Path) -> None:
    with path.open("ab") as held:
        held.write(make_line(1).replace(b"Rason", b"Rasonn"))


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        pytest.param(broken, "tumen store repair", id="broken line"),
        pytest.param(torn, "torn", id="torn end"),
        pytest.param(twice, "stands twice", id="a revision twice"),
    ],
)
def test_a_day_that_is_not_sound_is_left_and_said(
    filled: Path, damage: Callable[[Path], None], why: str
) -> None:
    damage(filled / f"articles/{DAY}.w2.jsonl")
    left = pack(filled)[0]
    assert isinstance(left, LeftAlone)
    assert why in left.why
    assert files_in(filled) == [f"{DAY}.w1.jsonl", f"{DAY}.w2.jsonl"]


def test_originals_go_only_when_the_packed_file_was_read_back(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(old_days, "holds", lambda _path, _lines: False)
    with pytest.raises(StoreError, match="does not hold what was written"):
        pack(filled)
    assert len(stored(filled)) == 6
    assert not list(filled.glob("articles/*zst*"))


def interrupt(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash when the packed file is in place and the first original is gone."""
    real = Path.unlink

    def unlink(path: Path, missing_ok: bool = False) -> None:
        if path.name == f"{DAY}.w2.jsonl":
            raise KeyboardInterrupt
        real(path, missing_ok)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", unlink)
        with pytest.raises(KeyboardInterrupt):
            pack(filled)


def test_a_crash_between_shows_every_line_once_and_is_finished_later(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = lines_of(filled)
    interrupt(filled, monkeypatch)
    assert (filled / f"articles/{DAY}.w2.jsonl").exists()
    assert lines_of(filled) == before
    assert {problem.kind for problem in verify(filled).problems} == {"beside"}
    finish(filled)
    assert lines_of(filled) == before
    assert files_in(filled) == [f"{DAY}.jsonl.zst"]


def test_what_a_backup_put_back_beside_a_packed_day_is_taken_in(filled: Path) -> None:
    pack(filled)
    (filled / f"articles/{DAY}.w3.jsonl").write_bytes(make_line(3) + make_line(8))
    done = pack(filled)
    assert isinstance(done[0], Compacted)
    assert done[0].lines == 7
    assert stored(filled)[-1] == "2"
    assert verify(filled).is_sound


def test_a_record_is_found_in_a_packed_day_whoever_wrote_it(filled: Path) -> None:
    (_place, wanted), *_ = [found for found in iter_records(filled) if found[1]["revision"] == 2]
    pack(filled)
    place = find_record(filled, "w2", wanted["id"], 2, [DAY])
    assert place is not None
    assert json.loads(read_line(filled, place)) == wanted


def test_a_line_can_be_cut_from_a_packed_day(filled: Path) -> None:
    pack(filled)
    slot = open_slot_of(filled, "w0")
    assert slot is not None
    places = [place for place, _said in iter_records(filled)]
    slot.cut(places[0])
    slot.cut(places[3])
    slot.cut(places[3])  # it is gone already
    assert [*stored(filled)] == ["2", "3", "5", "2"]
    slot.close()
    worker = open_slot(filled)
    [*_, last] = [place for place, _said in iter_records(filled)]
    worker.cut(last)
    assert [*stored(filled)] == ["2", "3", "5"]
    worker.close()


def test_a_line_whose_day_was_packed_since_is_not_cut_from_nowhere(filled: Path) -> None:
    slot = open_slot(filled)
    (place,) = write(slot, 6)
    pack(filled)
    with pytest.raises(StoreError, match="tumen store repair"):
        slot.cut(place)
    slot.close()
    assert files_in(filled) == [f"{DAY}.jsonl.zst"]


def test_repair_takes_doubles_out_of_packed_days(filled: Path) -> None:
    pack(filled)
    slot = open_slot(filled)
    write(slot, 3, day=NEXT_DAY)
    slot.close()
    assert [done.file for done in mend(filled)] == [f"articles/{NEXT_DAY}.w1.jsonl"]
    assert [*stored(filled)] == ["1", "2", "3", "4", "5", "2"]


def test_damage_is_told_and_never_read_over(filled: Path) -> None:
    pack(filled)
    path = filled / PACKED
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    assert "damaged" in verify(filled).kinds
    with pytest.raises((StoreError, BrokenLine)):  # whichever shows first
        list(iter_records(filled))


def test_a_reader_that_has_begun_sees_a_day_that_is_packed_meanwhile_as_it_was(
    filled: Path,
) -> None:
    records = iter_records(filled)
    seen = [next(records)]
    pack(filled)
    seen += list(records)
    assert len(seen) == 6
    assert {place.file for place, _said in seen} == {
        f"articles/{DAY}.w1.jsonl",
        f"articles/{DAY}.w2.jsonl",
    }


def test_a_store_says_that_it_has_packed_days_so_that_an_older_tumen_refuses_it(
    filled: Path,
) -> None:
    identity = filled / "store.json"
    before = json.loads(identity.read_text())
    pack(filled)
    assert json.loads(identity.read_text()) == before | {"schema_version": 2}
    assert store_identity(filled) == before["store_id"]


def test_a_store_of_a_newer_tumen_is_refused_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "store.json").write_text('{"store_id": "a", "schema_version": 3}')
    with pytest.raises(ConfigError, match="install the newer Tumen"):
        open_slot(tmp_path)


def test_two_at_once_are_one(filled: Path) -> None:
    slot = open_slot_of(filled, "w0")
    assert isinstance(slot, Slot)
    with pytest.raises(StoreError, match="is at work"):
        pack(filled)
    slot.close()


def test_a_packed_file_is_a_fraction_of_its_lines(tmp_path: Path) -> None:
    slot = open_slot(tmp_path)
    write(slot, *range(1, 200))
    slot.close()
    (done,) = pack(tmp_path)
    assert isinstance(done, Compacted)
    assert done.after_bytes < done.before_bytes / 5
    with open_lines(tmp_path / PACKED) as held:
        assert sum(1 for _line in held) == 199
