"""What is told: which reports, stories and sources are an occasion, and when digests are due."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.news.alerts import (
    Report,
    SourceHealth,
    Told,
    burst,
    first_of_story,
    health_told,
    message_id,
)
from crawler.news.jsonl import write_time
from crawler.news.pacing import (
    BATCH_MOST,
    HELD_FOR,
    LONGEST_PAUSE,
    SINGLY_MOST,
    TRIES_LEAST,
    Waiting,
    is_hopeless,
    next_batch,
    pause_after,
)
from crawler.news.queries import Query
from crawler.news.watches import Pace, Watch, due_at
from tests.samples import NOON


def at(minutes: float) -> str:
    return write_time(NOON + timedelta(minutes=minutes))


def report(name: str, found: float, appeared: float | None = None) -> Report:
    return Report(id=name, found=at(found), appeared=at(found if appeared is None else appeared))


# Stories ------------------------------------------------------------------------------------------

A, B, C, D = report("a", 0), report("b", 20), report("c", 50), report("d", 90)

FIRSTS = {
    "nothing fits": ([], (), None),
    "one": ([A], (), "a"),
    "the first found, in whatever order": ([C, A, B], (), "a"),
    "found at once: the lower id": ([report("y", 0), report("x", 0)], (), "x"),
    "one was told": ([A, B], ("b",), None),
}


@pytest.mark.parametrize(("reports", "told", "expected"), FIRSTS.values(), ids=FIRSTS)
def test_a_story_is_told_by_its_first_report_once(
    reports: list[Report], told: tuple[str, ...], expected: str | None
) -> None:
    assert first_of_story(reports, told) == expected


BURSTS = {
    "too few": ([[A], [B]], (), None),
    "three within the hour": ([[A], [B], [C]], (), Told(subject="c", others=("b", "a"))),
    "many reports of two": ([[A, B, C], [B, D]], (), None),
    "the earliest of each counts": ([[A], [B, D], [C]], (), Told(subject="c", others=("b", "a"))),
    "one too late": ([[A], [B], [D]], (), None),
    "a later three": ([[A], [B], [report("e", 70)], [report("f", 75)]], (),
                      Told(subject="f", others=("e", "b"))),
    "exactly an hour": ([[A], [B], [report("g", 60)]], (), Told(subject="g", others=("b", "a"))),
    "told already": ([[A], [B], [C]], ("a",), None),
    "complete before the watch was": ([[report("h", -90)], [report("i", -80)], [report("j", -70)]],
                                      (), None),
    "it appeared before, and was found since": (
        [[report("h", -90)], [report("i", -80)], [report("j", 1, -70)]], (),
        Told(subject="j", others=("i", "h")),
    ),
    "an origin without a report": ([[A], [], [B], [C]], (), Told(subject="c", others=("b", "a"))),
}  # fmt: skip


@pytest.mark.parametrize(("origins", "told", "expected"), BURSTS.values(), ids=BURSTS)
def test_a_story_is_told_when_enough_origins_report_it_in_time(
    origins: list[list[Report]], told: tuple[str, ...], expected: Told | None
) -> None:
    watch = Watch(name="w", on="origins")
    assert burst(watch, origins, told, at(-60)) == expected
    assert burst(watch, origins[::-1], told, at(-60)) == expected


def test_two_origins_may_be_enough() -> None:
    watch = Watch(name="w", on="origins", origins=2, within=timedelta(minutes=5))
    assert burst(watch, [[A], [B]], (), at(-60)) is None
    assert burst(watch, [[A], [report("k", 4)]], (), at(-60)) == Told(subject="k", others=("a",))


# Sources ------------------------------------------------------------------------------------------


def source(health: str, since: float = 0, **changes: str) -> SourceHealth:
    told = {
        "source": "post/feed", "outlet": "post", "country": "KR", "language": "ko-KR",
        "health": health, "since": at(since), "why": "HTTP 503", **changes,
    }  # fmt: skip
    return SourceHealth(**told)  # type: ignore[arg-type]


FAILS = f"post/feed failing since {at(0)}"
LATER = f"post/feed failing since {at(300)}"
RETIRED = f"post/feed retired since {at(10)}"
BACK = f"post/feed works again, failing since {at(0)}"
HEALTH = {
    "it works": (source("working"), {}, (), None),
    "nobody knows since when": (replace(source("failing"), since=None), {}, (), None),
    "not for long": (source("failing", since=61), {}, (), None),
    "for an hour": (source("failing"), {}, (), FAILS),
    "retired": (source("retired", since=10), {}, (), RETIRED),
    "since before the watch": (source("failing", since=-1), {}, (), None),
    "silent since before the watch": (source("silent", since=-1), {}, (),
                                      f"post/feed silent since {at(-1)}"),
    "told": (source("failing"), {}, (FAILS,), None),
    "again": (source("failing"), {}, (f"post/feed failing since {at(-500)}",), FAILS),
    "works again": (source("working"), {}, (FAILS,), BACK),
    "moved and works again": (source("moved"), {}, (FAILS,), BACK),
    "that was told": (source("working"), {}, (FAILS, BACK), None),
    "the last failure counts": (source("working"), {}, (FAILS, BACK, LATER),
                                f"post/feed works again, failing since {at(300)}"),
    "another source": (source("working", source="post/feed-2"), {}, (FAILS,), None),
    "its outlet": (source("failing"), {"outlets": ("post",)}, (), FAILS),
    "another outlet": (source("failing"), {"outlets": ("wire",)}, (), None),
    "its country": (source("failing"), {"countries": ("KR",)}, (), FAILS),
    "another country": (source("failing"), {"countries": ("JP",)}, (), None),
    "its language": (source("failing"), {"languages": ("ja", "ko")}, (), FAILS),
    "another language": (source("failing"), {"languages": ("k",)}, (), None),
}  # fmt: skip


@pytest.mark.parametrize(("found", "asked", "told", "expected"), HEALTH.values(), ids=HEALTH)
def test_a_source_is_told_when_its_trouble_lasts_and_when_it_is_over(
    found: SourceHealth, asked: dict[str, tuple[str, ...]], told: tuple[str, ...], expected: str
) -> None:
    watch = Watch(name="w", on="health", query=Query(**asked))  # type: ignore[arg-type]
    now = NOON + timedelta(minutes=120)
    occasions = [*health_told(watch, [found], told, at(0), now)]
    assert [one.subject for one in occasions] == ([expected] if expected else [])
    assert all(one.words and "post/feed (post)" in one.words for one in occasions)


def test_trouble_is_told_with_its_reason() -> None:
    watch, now = Watch(name="w", on="health"), NOON + timedelta(hours=2)
    (told,) = health_told(watch, [source("failing")], (), at(0), now)
    assert told.words == f"post/feed (post) fails since {at(0)}: HTTP 503"
    (told,) = health_told(watch, [source("retired", why="")], (), at(0), now)
    assert told.words == f"post/feed (post) is retired since {at(0)}: ?"


# Digests ------------------------------------------------------------------------------------------


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


DUE: dict[str, tuple[Pace, time, str, str, str]] = {
    "at once": ("at once", time(8), "UTC", "2026-11-25T10:10:05", "2026-11-25T10:10:05"),
    "hourly": ("hourly", time(8), "UTC", "2026-11-25T10:10:05", "2026-11-25T11:00:00"),
    "on the hour": ("hourly", time(8), "UTC", "2026-11-25T10:00:00", "2026-11-25T11:00:00"),
    "half an hour off": ("hourly", time(8), "Asia/Kolkata", "2026-11-25T10:10:00",
                         "2026-11-25T10:30:00"),
    "today": ("daily", time(8), "UTC", "2026-11-25T07:59:59", "2026-11-25T08:00:00"),
    "that moment is too late": ("daily", time(8), "UTC", "2026-11-25T08:00:00",
                                "2026-11-26T08:00:00"),
    "in Seoul it is tomorrow": ("daily", time(7, 30), "Asia/Seoul", "2026-11-25T20:00:00",
                                "2026-11-25T22:30:00"),
    "clocks go forward": ("daily", time(8), "Europe/Berlin", "2026-03-28T12:00:00",
                          "2026-03-29T06:00:00"),
    "an hour that is skipped": ("daily", time(2, 30), "Europe/Berlin", "2026-03-28T12:00:00",
                                "2026-03-29T01:30:00"),
    "an hour that comes twice": ("daily", time(2, 30), "Europe/Berlin", "2026-10-25T00:45:00",
                                 "2026-10-26T01:30:00"),
}  # fmt: skip


@pytest.mark.parametrize(("send", "hour", "zone", "now", "due"), DUE.values(), ids=DUE)
def test_a_digest_is_due_at_its_hour(send: Pace, hour: time, zone: str, now: str, due: str) -> None:
    watch = Watch(name="w", send=send, at=hour)
    assert due_at(watch, utc(now), ZoneInfo(zone)) == utc(due)


@given(
    st.integers(0, 700 * 86_400).map(lambda s: NOON - timedelta(days=300) + timedelta(seconds=s)),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    st.sampled_from(["Europe/Berlin", "Asia/Seoul", "America/New_York", "Asia/Kathmandu"]),
)
def test_the_next_digest_is_always_after_now_and_within_a_day_or_so(
    now: datetime, hour: time, zone: str
) -> None:
    wait = due_at(Watch(name="w", send="daily", at=hour), now, ZoneInfo(zone)) - now
    assert timedelta(0) < wait <= timedelta(hours=25)


# Pacing -------------------------------------------------------------------------------------------


def waiting(
    count: int, watch: str = "w", message: str | None = None, due: str = "1"
) -> list[Waiting]:
    return [
        Waiting(number=n, watch=watch, subject=f"{watch}{n}", due=due, message=message)
        for n in range(count)
    ]


BATCHES = {
    "one by one": (waiting(SINGLY_MOST), 1),
    "many are one": (waiting(SINGLY_MOST + 1), SINGLY_MOST + 1),
    "very many are several": (waiting(BATCH_MOST + 5), BATCH_MOST),
    "what was tried stays as it was": (waiting(2, message="m") + waiting(50), 2),
    "what was tried is not joined": (waiting(4) + waiting(3, message="m"), 1),
    "watches are not mixed": (waiting(3) + waiting(50, "v"), 1),
    "a digest is one": (waiting(2, "digest"), 2),
    "a digest of its hour": (waiting(2, "digest") + waiting(2, "digest", due="2"), 2),
    "a long digest is several": (waiting(BATCH_MOST + 1, "digest"), BATCH_MOST),
}


@pytest.mark.parametrize(("due", "expected"), BATCHES.values(), ids=BATCHES)
def test_what_goes_into_a_message(due: list[Waiting], expected: int) -> None:
    assert next_batch(due, {"digest"}) == due[:expected]


def test_pauses_double_up_to_ten_minutes() -> None:
    pauses = [pause_after(failures).total_seconds() for failures in range(1, 9)]
    assert pauses == [10, 20, 40, 80, 160, 320, 600, 600]
    assert pause_after(10**6) == LONGEST_PAUSE


def test_a_message_is_given_up_after_many_tries_over_days() -> None:
    assert is_hopeless(TRIES_LEAST, NOON, NOON + HELD_FOR)
    assert not is_hopeless(TRIES_LEAST - 1, NOON, NOON + HELD_FOR)
    assert not is_hopeless(10**6, NOON, NOON + HELD_FOR - timedelta(seconds=1))


def test_a_message_has_the_id_of_its_content() -> None:
    assert message_id("w", ["a", "b"]) == message_id("w", iter(["a", "b"]))
    ids = {message_id("w", ["a"]), message_id("v", ["a"]), message_id("w", ["a", "b"])}
    assert len(ids) == 3


def test_a_watch_that_looks_for_something_else_has_another_mark() -> None:
    watch = Watch(name="w")
    assert watch.mark == Watch(name="w", send="daily", targets=("desk",)).mark
    assert watch.mark != Watch(name="w", query=Query(topics=("arms",))).mark
