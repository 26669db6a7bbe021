"""From the store to the outbox: what is noticed, once, and what is kept of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import ConfigError, StoreError
from crawler.news.alerts import SourceHealth, Told
from crawler.news.jsonl import write_time
from crawler.news.messages import compose
from crawler.news.pacing import HELD_FOR, TRIES_LEAST
from crawler.news.queries import Query
from crawler.news.watches import Target, Watch
from crawler.storage import deliveries, outbox, tombstones, watch_files
from crawler.storage.gathering import Houses
from crawler.storage.library import open_library
from crawler.storage.marks import Mark, append_mark
from crawler.storage.noticing import fitting, items_of, notice, notice_health
from crawler.storage.outbox import FILE, FOLDER, Outbox, only_sender, open_outbox
from tests.samples import NOON
from tests.stores import cited, record, revised, write_records

BRIDGE = record(1, "Road bridge over the Tumen River opens", outlet="halden-wire")
BRIDGE_KO = record(
    2, "두만강 북러 자동차 다리 개통", hours=0.5, outlet="solbat-ilbo", language="ko", country="KR"
)
BRIDGE_AGAIN = record(3, "Road bridge over the Tumen River opens to traffic", hours=0.75)
FERRY = record(4, "Ferry between Rason and Vladivostok resumes", hours=30, outlet="obriy")
ALL = Watch(name="all", targets=("desk",))
STORY = replace(ALL, name="stories", on="story")
HOUSES = Houses()


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Outbox]:
    with open_outbox(tmp_path) as opened:
        yield opened


def look(
    data: Path, box: Outbox, watch: Watch, *, hours: float = 0, defined: float = -1
) -> list[str]:
    """Notice what a watch has to tell; the subjects that are new."""
    before = box.subjects(watch.name)
    with open_library(data) as library:
        notice(
            library, box, watch, HOUSES,
            defined=NOON + timedelta(hours=defined), now=NOON + timedelta(hours=hours), zone=UTC,
        )  # fmt: skip
    return sorted(box.subjects(watch.name) - before)


def ids(*records: Any) -> list[str]:
    return sorted(one.id for one in records)


# Noticing -----------------------------------------------------------------------------------------


def test_a_record_is_told_once_per_watch(tmp_path: Path, box: Outbox) -> None:
    write_records(tmp_path, [BRIDGE])
    assert look(tmp_path, box, ALL) == ids(BRIDGE)
    assert look(tmp_path, box, ALL) == []
    write_records(tmp_path, [BRIDGE_KO, revised(BRIDGE, "It opened.", hours=1)])
    assert look(tmp_path, box, ALL, hours=1) == ids(BRIDGE_KO)
    assert look(tmp_path, box, replace(ALL, name="other"), hours=1) == ids(BRIDGE, BRIDGE_KO)


def test_a_watch_tells_what_its_query_finds(tmp_path: Path, box: Outbox) -> None:
    write_records(tmp_path, [BRIDGE, BRIDGE_KO, FERRY])
    words = replace(ALL, name="words", query=Query(text="bridge"))
    assert look(tmp_path, box, words) == ids(BRIDGE)
    korean = replace(ALL, name="korean", query=Query(countries=("KR",), languages=("ko",)))
    assert look(tmp_path, box, korean) == ids(BRIDGE_KO)


def test_a_watch_starts_with_what_comes_in_after_it_was_defined(
    tmp_path: Path, box: Outbox
) -> None:
    write_records(tmp_path, [BRIDGE])
    assert look(tmp_path, box, ALL, hours=5, defined=2) == []
    write_records(tmp_path, [record(9, "Older news found now", published=None, hours=5)])
    assert len(look(tmp_path, box, ALL, hours=6, defined=2)) == 1


def test_a_file_from_long_ago_brings_no_history(tmp_path: Path, box: Outbox) -> None:
    write_records(tmp_path, [BRIDGE, FERRY])
    assert look(tmp_path, box, ALL, hours=31, defined=-1000) == ids(FERRY)


def test_a_watch_that_looks_for_something_else_starts_anew(tmp_path: Path, box: Outbox) -> None:
    write_records(tmp_path, [BRIDGE])
    look(tmp_path, box, replace(ALL, query=Query(text="ferry")))
    assert look(tmp_path, box, ALL, hours=2, defined=1) == []
    assert look(tmp_path, box, replace(ALL, send="daily"), hours=3, defined=2) == []


def test_a_line_that_came_late_is_noticed(tmp_path: Path, box: Outbox) -> None:
    write_records(tmp_path, [FERRY])
    assert look(tmp_path, box, ALL, hours=30) == ids(FERRY)
    late = record(5, "Found an hour before", hours=29)
    write_records(tmp_path, [late], slot="w2")
    assert look(tmp_path, box, ALL, hours=31) == ids(late)


def test_nothing_is_missed_when_nobody_looked_for_a_week(tmp_path: Path, box: Outbox) -> None:
    write_records(tmp_path, [BRIDGE])
    look(tmp_path, box, ALL)
    write_records(tmp_path, [FERRY])
    assert look(tmp_path, box, ALL, hours=24 * 7) == ids(FERRY)


def test_what_must_not_leave_is_not_noticed(tmp_path: Path, box: Outbox) -> None:
    write_records(tmp_path, [record(7, "Not for archives", reuse=["noarchive"]), BRIDGE])
    append_mark(tmp_path, Mark(at=NOON, id=BRIDGE.id, url=BRIDGE.url, verdict="no"))
    assert look(tmp_path, box, ALL) == []


def test_a_story_is_told_by_its_first_report(tmp_path: Path, box: Outbox) -> None:
    write_records(tmp_path, [BRIDGE, BRIDGE_KO])
    assert look(tmp_path, box, STORY, hours=1) == ids(BRIDGE)
    (told,) = deliveries.told_of(box, deliveries.due(box, "desk", NOON + timedelta(hours=1)))
    assert told == Told(subject=BRIDGE.id, others=(BRIDGE_KO.id,))
    write_records(tmp_path, [BRIDGE_AGAIN, FERRY])
    assert look(tmp_path, box, STORY, hours=31) == ids(FERRY)


def test_a_story_that_began_before_the_watch_is_not_new(tmp_path: Path, box: Outbox) -> None:
    write_records(tmp_path, [BRIDGE, BRIDGE_KO])
    assert look(tmp_path, box, STORY, hours=1, defined=0.25) == []


def test_the_first_report_that_fits_tells_a_story(tmp_path: Path, box: Outbox) -> None:
    write_records(tmp_path, [BRIDGE, BRIDGE_KO])
    korean = replace(STORY, query=Query(languages=("ko",)))
    assert look(tmp_path, box, korean, hours=1) == ids(BRIDGE_KO)


def test_a_story_is_told_when_independent_origins_report_it(tmp_path: Path, box: Outbox) -> None:
    origins = replace(ALL, name="three", on="origins")
    copy = record(8, BRIDGE.title, BRIDGE.text, hours=0.6, outlet="zaliv", duplicate_of=BRIDGE.id)
    write_records(tmp_path, [BRIDGE, BRIDGE_KO, copy])
    assert look(tmp_path, box, origins, hours=1) == []
    write_records(tmp_path, [BRIDGE_AGAIN])
    assert look(tmp_path, box, origins, hours=1) == ids(BRIDGE_AGAIN)
    late = record(6, "Road bridge over the Tumen River opens at last", hours=0.9, outlet="ushio")
    write_records(tmp_path, [late])
    assert look(tmp_path, box, origins, hours=2) == []


def test_reports_that_owe_their_news_to_one_are_one_origin(tmp_path: Path, box: Outbox) -> None:
    owed = [replace(one, cites=[cited("The Ledger")]) for one in (BRIDGE, BRIDGE_KO, BRIDGE_AGAIN)]
    write_records(tmp_path, owed)
    assert look(tmp_path, box, replace(ALL, on="origins"), hours=1) == []


def test_a_day_without_a_time_says_nothing_of_hours(tmp_path: Path, box: Outbox) -> None:
    dated = [replace(one, date_precision="day", date_published="2026-11-22T00:00:00Z")
             for one in (BRIDGE, BRIDGE_KO, replace(BRIDGE_AGAIN, date_discovered=write_time(
                 NOON + timedelta(hours=9))))]  # fmt: skip
    write_records(tmp_path, dated)
    assert look(tmp_path, box, replace(ALL, on="origins"), hours=10) == []


def test_the_health_of_a_source_is_told(box: Outbox) -> None:
    watch = replace(ALL, name="health", on="health")
    source = SourceHealth(
        source="obriy/feed", outlet="obriy", country="UA", language="uk", health="failing",
        since=write_time(NOON), why="HTTP 503",
    )  # fmt: skip

    def told(source: SourceHealth, hours: float) -> int:
        now = NOON + timedelta(hours=hours)
        return notice_health(box, watch, [source], defined=NOON, now=now, zone=UTC)

    assert [told(source, 0.5), told(source, 1), told(source, 2)] == [0, 1, 0]
    assert told(replace(source, health="working"), 3) == 1
    words = [words for _subject, words, _at in box.words("health", 9)]
    assert "works again" in words[0]
    assert "HTTP 503" in words[1]


# What is said -------------------------------------------------------------------------------------


def test_what_is_told_is_what_the_store_says_by_then(tmp_path: Path) -> None:
    write_records(tmp_path, [BRIDGE, revised(BRIDGE, "It opened late.", hours=2), BRIDGE_KO, FERRY])
    append_mark(tmp_path, Mark(at=NOON, id=FERRY.id, url=FERRY.url, verdict="no"))
    told = [
        Told(subject=BRIDGE.id), Told(subject=FERRY.id),
        Told(subject=FERRY.id, others=(BRIDGE_KO.id,)), Told(subject="x", words="post/feed fails"),
    ]  # fmt: skip
    with open_library(tmp_path) as library:
        items = items_of(library, HOUSES, STORY, told)
    assert items[0] is not None
    assert items[0].said is not None
    assert items[0].said["text"] == "It opened late."
    assert items[0].voices
    assert "2 outlets" in items[0].voices
    assert items[1] is None
    assert items[2] is not None
    assert items[2].said is not None
    assert items[2].said["id"] == BRIDGE_KO.id
    assert items[3] is not None
    assert items[3].words == "post/feed fails"


def test_a_line_that_broke_holds_up_nothing(tmp_path: Path) -> None:
    write_records(tmp_path, [BRIDGE, BRIDGE_KO])
    with open_library(tmp_path) as library:
        with (tmp_path / "articles" / "2026-11-22.w1.jsonl").open("r+b") as held:
            held.write(b"x")
        first, second = items_of(library, HOUSES, ALL, [Told(subject=i.id) for i in
                                                        (BRIDGE, BRIDGE_KO)])  # fmt: skip
    assert first is not None
    assert first.said is not None
    assert second is not None
    assert compose(ALL, "id", [first], full_text=False).title == f"all: {BRIDGE.title}"
    assert BRIDGE.url in compose(ALL, "id", [first, second], full_text=False).body


def test_what_was_forgotten_is_not_told(tmp_path: Path) -> None:
    write_records(tmp_path, [BRIDGE])
    with open_library(tmp_path) as library:
        assert items_of(library, HOUSES, ALL, [Told(subject=BRIDGE.id)]) != [None]
    tombstones.write(tmp_path, BRIDGE.id, [])
    with open_library(tmp_path) as library:
        assert items_of(library, HOUSES, ALL, [Told(subject=BRIDGE.id)]) == [None]


def test_a_feed_holds_what_its_watch_tells(tmp_path: Path) -> None:
    closed = record(7, "Not for archives", hours=1, reuse=["noarchive"])
    write_records(tmp_path, [BRIDGE, BRIDGE_KO, BRIDGE_AGAIN, FERRY, closed])

    def fed(watch: Watch, most: int = 9) -> list[str]:
        with open_library(tmp_path) as library:
            return [hit.id for hit in fitting(library, watch, HOUSES, most)]

    assert fed(ALL) == [FERRY.id, BRIDGE_AGAIN.id, BRIDGE_KO.id, BRIDGE.id]
    assert fed(ALL, 2) == [FERRY.id, BRIDGE_AGAIN.id]
    assert fed(STORY) == [FERRY.id, BRIDGE.id]
    assert fed(replace(STORY, on="origins")) == [BRIDGE_AGAIN.id]


# The outbox ---------------------------------------------------------------------------------------


def noted(box: Outbox, watch: Watch, *subjects: str, hours: float = 0) -> None:
    now = NOON + timedelta(hours=hours)
    box.begin(watch, now, now)
    box.note(watch, [Told(subject=subject) for subject in subjects], now, UTC)


def due(box: Outbox, hours: float = 0, target: str = "desk") -> list[str]:
    now = NOON + timedelta(hours=hours)
    return [one.subject for one in deliveries.due(box, target, now)]


def test_every_target_gets_what_is_due(box: Outbox) -> None:
    both = replace(ALL, targets=("desk", "phone", "desk"))
    noted(box, both, "a", "b")
    noted(box, replace(ALL, name="hourly", send="hourly"), "c", hours=0.5)
    assert (due(box), due(box, target="phone")) == (["a", "b"], ["a", "b"])
    assert due(box, 1) == ["a", "b", "c"]


def test_what_is_noted_again_stays_as_it_was(box: Outbox) -> None:
    noted(box, ALL, "a")
    noted(box, replace(ALL, send="daily"), "a", "b", hours=1)
    assert due(box, 1) == ["a"]
    (told,) = deliveries.told_of(box, deliveries.due(box, "desk", NOON))
    assert told == Told(subject="a")


def begun(box: Outbox, at: datetime = NOON, target: str = "desk") -> str:
    return deliveries.begin_message(box, target, deliveries.due(box, target, at), at)


def test_a_message_keeps_its_id_and_ends_at_its_target_alone(box: Outbox) -> None:
    noted(box, replace(ALL, targets=("desk", "phone")), "a", "b")
    name = begun(box)
    assert begun(box) == begun(box, target="phone") == name
    deliveries.note_sent(box, "desk", name, NOON)
    assert (due(box), due(box, target="phone")) == ([], ["a", "b"])


def test_a_target_that_fails_rests_and_one_that_works_is_forgiven(box: Outbox) -> None:
    noted(box, ALL, "a")
    name = begun(box)
    for _ in range(3):
        deliveries.note_failed(box, "desk", name, "HTTP 500", NOON)
    assert deliveries.rests_until(box, "desk") == NOON + timedelta(seconds=40)
    (state,) = deliveries.target_states(box, ["desk"])
    assert (state.waiting, state.failures, state.why) == (1, 3, "HTTP 500")
    deliveries.wake(box, NOON)
    assert deliveries.rests_until(box, "desk") == NOON
    deliveries.note_sent(box, "desk", name, NOON)
    assert deliveries.target_states(box, ["desk"]) == [deliveries.TargetState(name="desk", sent=1)]
    assert deliveries.watch_counts(box) == {"all": {"sent": 1}}


def test_what_was_refused_for_days_is_given_up_and_can_be_put_back(box: Outbox) -> None:
    noted(box, ALL, "a", "b")
    for _ in range(TRIES_LEAST):
        name = begun(box)
    deliveries.note_failed(box, "desk", name, "HTTP 400", NOON + HELD_FOR)
    assert due(box) == []
    (dead,) = deliveries.dead_messages(box)
    assert (dead.id, dead.target, dead.watch, dead.alerts) == (name, "desk", "all", 2)
    assert (dead.tries, dead.why) == (TRIES_LEAST, "HTTP 400")
    assert not deliveries.put_back(box, "nothing")
    assert deliveries.put_back(box, name)
    assert (due(box), deliveries.dead_messages(box)) == (["a", "b"], [])
    assert begun(box) == name


def test_what_nobody_asks_for_any_more_is_dropped(box: Outbox) -> None:
    noted(box, ALL, "a")
    noted(box, replace(ALL, name="gone"), "b")
    deliveries.drop_strangers(box, {"all"}, NOON)
    assert due(box) == ["a"]


def test_a_target_that_left_the_file_is_still_counted(box: Outbox) -> None:
    noted(box, ALL, "a")
    assert [state.name for state in deliveries.target_states(box, ["new"])] == ["new", "desk"]


def test_an_outbox_is_there_when_it_is_opened_again(tmp_path: Path) -> None:
    with open_outbox(tmp_path) as first:
        noted(first, ALL, "a")
    with open_outbox(tmp_path) as again:
        assert due(again) == ["a"]


def test_one_process_sends(tmp_path: Path) -> None:
    with only_sender(tmp_path) as first, only_sender(tmp_path) as second:
        assert (first, second) == (True, False)
    with only_sender(tmp_path) as later:
        assert later


@pytest.mark.parametrize("broken", ["a file in its way", "a damaged file", "another version"])
def test_an_outbox_that_cannot_be_used_says_what_to_do(tmp_path: Path, broken: str) -> None:
    path = tmp_path / FOLDER / FILE
    if broken == "a file in its way":
        path.parent.write_bytes(b"")
        with pytest.raises(StoreError, match="make the folder writable"), only_sender(tmp_path):
            pass
    else:
        path.parent.mkdir()
        path.write_bytes(b"not a database at all" * 100)
    if broken == "another version":
        path.unlink()
        db = sqlite3.connect(path)
        db.execute("PRAGMA user_version = 99")
        db.close()
    refusal = pytest.raises(StoreError, match=r"make the folder writable|use that Tumen")
    with refusal, open_outbox(tmp_path):
        pass


def test_what_fails_in_between_is_not_half_done(box: Outbox) -> None:
    insert = "INSERT INTO watches VALUES (?, 'mark', 'since', 'looked')"
    with pytest.raises(sqlite3.ProgrammingError), outbox.transaction(box.db):
        box.db.executemany(insert, [("first",), ("too", "many")])
    assert box.db.execute("SELECT count(*) FROM watches").fetchone()[0] == 0


# Files --------------------------------------------------------------------------------------------


def test_the_file_of_alerts_is_the_one_named_or_that_of_the_store(tmp_path: Path) -> None:
    assert watch_files.path_of(None, tmp_path) is None
    (tmp_path / "alerts.toml").write_text('[[watch]]\nname = "a"\noutlets = ["obriy"]')
    assert watch_files.path_of(None, tmp_path) == tmp_path / "alerts.toml"
    assert watch_files.path_of(Path("x.toml"), tmp_path) == Path("x.toml")
    told = watch_files.load_watches(tmp_path / "alerts.toml", ["obriy"])
    assert [watch.name for watch in told.watches] == ["a"]
    assert watch_files.defined_at(tmp_path / "alerts.toml").tzinfo is UTC


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file"):
        watch_files.load_watches(tmp_path / "none.toml", [])
    (tmp_path / "latin.toml").write_bytes(b"name = '\xe9'")
    with pytest.raises(ConfigError, match="not UTF-8 at byte 8"):
        watch_files.load_watches(tmp_path / "latin.toml", [])


def test_a_secret_comes_from_its_place(tmp_path: Path) -> None:
    (tmp_path / "desk.url").write_text(" json://a/secret\n")
    places = {
        "json://a/b": Target(name="t", url="json://a/b"),
        "json://a/secret": Target(name="t", file="desk.url"),
        "json://c": Target(name="t", variable="DESK"),
    }
    for url, target in places.items():
        assert watch_files.url_of(target, tmp_path, {"DESK": "json://c"}) == url


@pytest.mark.parametrize(
    ("target", "said"),
    [
        pytest.param(Target(name="t", file="none"), "No such file", id="no file"),
        pytest.param(Target(name="t", file="bad.url"), "holds no Apprise URL", id="no URL"),
        pytest.param(Target(name="t", variable="NONE"), "variable NONE holds no", id="not set"),
    ],
)
def test_a_secret_that_is_not_there_is_named_and_not_shown(
    tmp_path: Path, target: Target, said: str
) -> None:
    (tmp_path / "bad.url").write_text("hunter2")
    with pytest.raises(ConfigError, match=said) as caught:
        watch_files.url_of(target, tmp_path, {})
    assert "hunter2" not in str(caught.value)
