"""The reading side: what a query finds, and that the index says what the files say."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.errors import BrokenLine, ConfigError, StoreError
from crawler.news.jsonl import write_time
from crawler.news.queries import Query
from crawler.storage import index, tombstones
from crawler.storage.counting import counts, delay_of
from crawler.storage.gathering import Houses, find_stories, gather
from crawler.storage.library import Library, open_library
from crawler.storage.marks import Mark, Remark, append_mark, append_remark
from crawler.storage.old_days import compact
from crawler.storage.story_file import FILE as STORIES
from crawler.storage.story_file import read_placed
from tests.samples import NOON
from tests.stores import cited, ids, record, revised, titles, write_records

BRIDGE = record(1, "Road bridge over the Tumen River opens", hours=0, outlet="halden-wire")
BRIDGE_KO = record(
    2, "두만강 북러 자동차 다리 개통", hours=1, outlet="solbat-ilbo", language="ko", country="KR"
)
FERRY = record(3, "Ferry between Rason and Vladivostok resumes", hours=30, topics=["transport"])
UNDATED = record(4, "Grain talks go on in Moscow", hours=50, published=None, topics=["trade"])
ALL = (BRIDGE, BRIDGE_KO, FERRY, UNDATED)


@contextmanager
def library_of(data: Path) -> Iterator[Library]:
    with open_library(data) as library:
        yield library


def found(data: Path, **asked: object) -> list[str]:
    with library_of(data) as library:
        return titles(library.find(Query(**asked)))  # type: ignore[arg-type]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write_records(tmp_path, ALL)
    return tmp_path


QUERIES = {
    "nothing asked": ({}, [UNDATED, FERRY, BRIDGE_KO, BRIDGE]),
    "oldest first": ({"order": "oldest"}, [BRIDGE, BRIDGE_KO, FERRY, UNDATED]),
    "limit": ({"limit": 2}, [UNDATED, FERRY]),
    "offset": ({"limit": 1, "offset": 1}, [FERRY]),
    "a word": ({"text": "ferry"}, [FERRY]),
    "two words": ({"text": "tumen bridge"}, [BRIDGE]),
    "a phrase that is not there": ({"text": '"river bridge"'}, []),
    "korean": ({"text": "다리"}, [BRIDGE_KO]),
    "since": ({"since": NOON + timedelta(hours=25)}, [UNDATED, FERRY]),
    "until": ({"until": NOON + timedelta(hours=1)}, [BRIDGE]),
    "an undated one counts by its discovery": (
        {"since": NOON + timedelta(hours=49)}, [UNDATED],
    ),
    "topics": ({"topics": ("trade", "arms")}, [UNDATED]),
    "outlet": ({"outlets": ("halden-wire",)}, [BRIDGE]),
    "country, any case": ({"countries": ("kr",)}, [BRIDGE_KO]),
    "language": ({"languages": ("ko",)}, [BRIDGE_KO]),
    "a name that holds signs of SQL": ({"cites": "100%_'; DROP"}, []),
}  # fmt: skip


@pytest.mark.parametrize(("asked", "expected"), QUERIES.values(), ids=QUERIES)
def test_a_query_finds_what_it_asks_for(
    data: Path, asked: dict[str, object], expected: list[object]
) -> None:
    assert found(data, **asked) == titles(expected)
    with library_of(data) as library:
        unlimited = {k: v for k, v in asked.items() if k not in ("limit", "offset")}
        query = Query(**unlimited)  # type: ignore[arg-type]
        assert library.count(query) == len(list(library.find(query)))


def test_a_query_without_a_word_is_refused(data: Path) -> None:
    with library_of(data) as library, pytest.raises(ConfigError, match="no word to look for"):
        list(library.find(Query(text="...")))


def test_what_a_person_typed_is_no_operator(data: Path) -> None:
    for typed in (
        'ferry OR bridge"',
        "title:ferry",
        "ferry*",
        "NEAR(ferry bridge)",
        "-ferry",
        "^f",
    ):
        found(data, text=typed)
    assert found(data, text="ferry OR nowhere") == []


def test_the_latest_revision_is_found_and_an_earlier_one_is_not(data: Path) -> None:
    second = revised(FERRY, "The barge went instead.", hours=60, title="Barge sails to Rason")
    write_records(data, [second])
    assert found(data, text="barge") == ["Barge sails to Rason"]
    assert found(data, text="ferry") == []


def test_what_a_user_said_no_to_is_hidden_and_what_is_marked_is_known(data: Path) -> None:
    append_mark(data, Mark(at=NOON, id=FERRY.id, url=FERRY.url, verdict="no"))
    append_remark(data, Remark(at=NOON, id=BRIDGE.id, url=BRIDGE.url, used=True))
    append_remark(data, Remark(at=NOON, id=UNDATED.id, url=UNDATED.url, seen=True, note="ask"))
    assert FERRY.title not in found(data)
    assert found(data, unseen=True) == [BRIDGE_KO.title]
    assert found(data, used=True) == [BRIDGE.title]
    with library_of(data) as library:
        (hit,) = library.find(Query(text="grain"))
    assert (hit.is_seen, hit.note) == (True, "ask")


def test_whom_a_report_cites_is_found_by_name_or_outlet(tmp_path: Path) -> None:
    write_records(
        tmp_path,
        [
            record(1, "One", cites=[cited("The Ledger", "ledger")]),
            record(2, "Two", cites=[cited("Harbor Radio", role="quoted")]),
        ],
    )
    assert found(tmp_path, cites="the ledger") == ["One"]
    assert found(tmp_path, cites="LEDGER") == ["One"]
    assert found(tmp_path, cites="radio") == ["Two"]


def test_a_record_comes_whole_with_its_story(data: Path) -> None:
    with library_of(data) as library:
        (hit,) = library.find(Query(text="다리"))
        said = library.record(hit)
    assert said["text"] == BRIDGE_KO.text
    assert said["story_id"] == BRIDGE.id


def test_new_lines_are_read_and_no_old_ones_again(data: Path) -> None:
    found(data)
    late = record(9, "Freight office opens in Khasan", hours=70)
    write_records(data, [late])
    reads: list[int] = []
    with open_library(data, told=reads.append) as library:
        assert titles(library.find(Query(limit=1))) == [late.title]
    assert max(reads) == 1


def test_a_half_written_line_is_left_to_its_writer(data: Path) -> None:
    path = data / "articles/2026-11-22.w1.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    assert BRIDGE_KO.title not in found(data)
    path.write_bytes(whole)
    assert BRIDGE_KO.title in found(data)


def test_a_line_that_was_cut_out_is_no_longer_found(data: Path) -> None:
    found(data)
    path = data / "articles/2026-11-22.w1.jsonl"
    first, _second = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first)
    assert BRIDGE_KO.title not in found(data)
    more = record(8, "A longer headline about a tanker in the port of Vostochny", hours=2)
    write_records(data, [more])
    assert more.title in found(data)


def test_a_file_that_went_takes_its_records_along(data: Path) -> None:
    found(data)
    (data / "articles/2026-11-23.w1.jsonl").unlink()
    assert FERRY.title not in found(data)


def test_a_day_that_was_compacted_is_found_as_before(data: Path) -> None:
    before = found(data)
    assert [type(done) for done in compact(data, (NOON + timedelta(days=2)).date())]
    assert not list(data.glob("articles/2026-11-22.*.jsonl"))
    assert (found(data), found(data)) == (before, before)
    with library_of(data) as library:
        (hit,) = library.find(Query(text="tumen bridge"))
        assert library.record(hit)["title"] == BRIDGE.title


def test_one_revision_in_two_files_is_found_once(data: Path) -> None:
    write_records(data, [FERRY], slot="w2")
    assert found(data, text="ferry") == [FERRY.title]


def test_what_was_forgotten_leaves_no_word_in_the_index(data: Path) -> None:
    assert found(data, text="ferry")
    path = data / "articles/2026-11-23.w1.jsonl"
    path.unlink()
    tombstones.write(data, FERRY.id, [])
    assert found(data, text="ferry") == []
    with library_of(data) as library:
        library.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    left = b"".join(path.read_bytes() for path in data.glob("index.sqlite*"))
    assert b"ferry" not in left.lower()
    write_records(data, [FERRY])
    assert found(data, text="ferry") == [], "whatever brings its line back"


def test_a_broken_line_is_told_with_its_place_and_costs_no_other(data: Path) -> None:
    path = data / "articles/2026-11-23.w1.jsonl"
    path.write_bytes(b"{]\n" + path.read_bytes())
    with pytest.raises(BrokenLine, match=r"2026-11-23\.w1\.jsonl"), open_library(data):
        pass
    heard: list[str] = []
    with open_library(data, on_broken=lambda place, _error: heard.append(place.file)) as library:
        assert FERRY.title in titles(library.find(Query()))
    assert heard == ["articles/2026-11-23.w1.jsonl"]


def damaged(data: Path) -> None:
    index.path_of(data).write_bytes(b"no database" * 1000)


def of_another_version(data: Path) -> None:
    with sqlite3.connect(index.path_of(data)) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()


def thrown_away(data: Path) -> None:
    index.discard(data)


@pytest.mark.parametrize("spoil", [damaged, of_another_version, thrown_away])
def test_an_index_that_cannot_be_read_is_made_again(
    data: Path, spoil: Callable[[Path], None]
) -> None:
    before = found(data)
    spoil(data)
    assert found(data) == before


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--data"), open_library(tmp_path / "none"):
        pass


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / index.LOCK).mkdir()
    with pytest.raises(StoreError, match="writable"), open_library(tmp_path):
        pass


# Stories ------------------------------------------------------------------------------------------


def stories_of(data: Path) -> list[str]:
    with library_of(data):
        return [f"{placed.placement.id} {placed.placement.story}" for placed in read_placed(data)]


def test_stories_stand_in_their_file_and_outlive_the_index(data: Path) -> None:
    placed = stories_of(data)
    assert f"{BRIDGE_KO.id} {BRIDGE.id}" in placed
    written = (data / STORIES).read_bytes()
    index.discard(data)
    assert stories_of(data) == placed
    assert (data / STORIES).read_bytes() == written


def test_stories_are_the_same_one_by_one_at_once_and_out_of_order(tmp_path: Path) -> None:
    numbers = range(12)
    records = [
        record(
            number,
            f"{'Road bridge over the Tumen River opens' if number % 3 else 'Kim sends letter'}",
            f"Line {number} tells of it in words of its own, number {number * 7}.",
            hours=number * 5,
            outlet=f"outlet-{number}",
        )
        for number in numbers
    ]
    at_once, one_by_one, late = (tmp_path / name for name in ("a", "b", "c"))
    write_records(at_once, records)
    for one in records:
        write_records(one_by_one, [one])
        stories_of(one_by_one)
    write_records(late, [one for one in records if one is not records[4]])
    stories_of(late)
    write_records(late, [records[4]], slot="w2")
    assert stories_of(at_once) == stories_of(one_by_one) == stories_of(late)


def test_a_torn_line_of_the_stories_is_decided_again(data: Path) -> None:
    placed = stories_of(data)
    path = data / STORIES
    path.write_bytes(path.read_bytes()[:-10])
    assert stories_of(data) == placed


def test_a_story_counts_voices_and_names_the_origin_that_is_not_held(tmp_path: Path) -> None:
    told = "Kim Jong Un to meet Putin in Vladivostok on arms, The Ledger reports"
    records = [
        record(n, told, f"In words of its own, {n}: the two will meet, The Ledger says {n}.",
               hours=n, outlet=name, cites=[cited("The Ledger")])
        for n, name in enumerate(("halden-wire", "tidewater-post"))
    ]  # fmt: skip
    write_records(tmp_path, records)
    with library_of(tmp_path) as library:
        story = gather(library, records[0].id, Houses())
    assert story is not None
    assert ids(story.reports) == ids(records)
    assert story.voices == "2 outlets, 1 origin: The Ledger, not held"
    assert story.event_day == "2026-11-22"


def test_a_user_says_when_the_event_was(data: Path) -> None:
    remark = Remark(at=NOON, id=BRIDGE.id, url=BRIDGE.url, event_day="2026-11-21")
    append_remark(data, remark)
    with library_of(data) as library:
        stories = {s.id: s for s in find_stories(library, Query(), Houses())}
    assert len(stories) == 3
    assert (stories[BRIDGE.id].event_day, stories[BRIDGE.id].is_event_day_told) == (
        "2026-11-21",
        True,
    )


def test_stories_are_limited_and_whole(data: Path) -> None:
    with library_of(data) as library:
        query = Query(order="oldest", limit=1)
        (story,) = find_stories(library, query, Houses())
    assert [hit.title for hit in story.reports] == titles([BRIDGE, BRIDGE_KO])


# Counting -----------------------------------------------------------------------------------------


def test_counts_are_of_what_is_found(data: Path) -> None:
    with library_of(data) as library:
        assert counts(library, Query(), "language") == [("en", 3), ("ko", 1)]
        assert counts(library, Query(), "day") == [
            ("2026-11-22", 2),
            ("2026-11-23", 1),
            ("2026-11-24", 1),
        ]
        assert counts(library, Query(text="ferry"), "topic") == [("transport", 1)]
        late = delay_of(library, Query(outlets=("halden-wire",)))
    assert late is None, "it was found before its date"


def test_a_delay_is_from_publication_to_discovery(tmp_path: Path) -> None:
    dated = [
        record(n, f"Note {n}", date_published=write_time(NOON - timedelta(hours=n)))
        for n in (1, 2, 3)
    ]
    write_records(tmp_path, dated)
    with library_of(tmp_path) as library:
        late = delay_of(library, Query())
    assert late is not None
    assert (late.records, round(late.median_s)) == (3, 2 * 3600 - 120)
