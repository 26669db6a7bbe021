"""When a source is asked again, and how long a page waits after a failure."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.news.cadence import (
    ASKED_CAP_S,
    DAY_S,
    HOUR_S,
    LATEST_S,
    MINUTE_S,
    SOONEST_S,
    START_S,
    FailureKind,
    Rhythm,
    after_failure,
    after_poll,
    after_retirement,
    after_unchanged,
    backoff_s,
    fresh_for_s,
    retry_after_s,
)

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
KINDS: tuple[FailureKind, ...] = ("no-connection", "throttled", "server-error", "bad-content")
POLLED = after_poll(Rhythm(), new=30, listed=30, now=NOW)


def later(**passed: float) -> datetime:
    return NOW + timedelta(**passed)


def test_the_backlog_of_a_first_poll_is_no_rhythm() -> None:
    assert POLLED.due_in_s == START_S
    assert (POLLED.polls, POLLED.new, POLLED.overruns, POLLED.gap_s) == (1, 30, 0, None)


@pytest.mark.parametrize(
    ("new", "listed", "expected_s"),
    [
        pytest.param(0, 30, START_S * 1.5, id="nothing new: later"),
        pytest.param(1, 30, START_S * 0.8, id="one new: a little sooner"),
        pytest.param(4, 30, START_S * 0.5, id="several new: sooner"),
        pytest.param(30, 30, START_S * 0.5, id="all new: halved"),
        pytest.param(1, 1, START_S * 0.8, id="one of one is no overrun"),
    ],
)
def test_the_interval_follows_what_was_new(new: int, listed: int, expected_s: float) -> None:
    rhythm = after_poll(POLLED, new=new, listed=listed, now=later(hours=1))
    assert rhythm.due_in_s == pytest.approx(expected_s)


@pytest.mark.parametrize(
    ("new", "listed", "overruns"),
    [
        pytest.param(5, 5, 1, id="five of five"),
        pytest.param(4, 4, 0, id="too few to tell"),
        pytest.param(9, 10, 0, id="one was known"),
    ],
)
def test_an_overrun_is_counted(new: int, listed: int, overruns: int) -> None:
    assert after_poll(POLLED, new=new, listed=listed, now=later(hours=1)).overruns == overruns


def test_the_gap_between_new_entries_is_smoothed() -> None:
    first = after_poll(POLLED, new=2, listed=30, now=later(hours=1))
    assert first.gap_s == pytest.approx(30 * MINUTE_S)
    second = after_poll(first, new=1, listed=30, now=later(hours=1, minutes=10))
    assert second.gap_s == pytest.approx((30 + 0.3 * (10 - 30)) * MINUTE_S)
    assert after_poll(second, new=0, listed=30, now=later(hours=3)).gap_s == second.gap_s


def test_a_quiet_night_does_not_make_the_morning_late() -> None:
    rhythm = after_poll(POLLED, new=2, listed=30, now=later(hours=1))
    for hours in range(2, 14):
        rhythm = after_unchanged(rhythm, later(hours=hours))
    assert rhythm.due_in_s == HOUR_S


def test_a_source_without_news_for_a_week_is_asked_once_a_day() -> None:
    rhythm = after_poll(POLLED, new=2, listed=30, now=later(hours=1))
    for days in range(8, 20):
        rhythm = after_poll(rhythm, new=0, listed=30, now=later(days=days))
    assert rhythm.due_in_s == LATEST_S


def test_a_source_that_never_had_news_is_asked_ever_less() -> None:
    rhythm, now = Rhythm(), NOW
    for _ in range(12):
        rhythm = after_poll(rhythm, new=0, listed=3, now=now)
        now += timedelta(seconds=rhythm.due_in_s)
    assert rhythm.due_in_s == LATEST_S


def test_a_busy_source_is_asked_every_five_minutes_and_no_oftener() -> None:
    rhythm = POLLED
    for minutes in range(30):
        rhythm = after_poll(rhythm, new=5, listed=30, now=later(minutes=5 * minutes))
    assert rhythm.due_in_s == SOONEST_S


@pytest.mark.parametrize(
    ("asked_s", "expected_s"),
    [
        pytest.param(2 * HOUR_S, 2 * HOUR_S, id="granted"),
        pytest.param(7 * DAY_S, ASKED_CAP_S, id="capped"),
        pytest.param(float("inf"), ASKED_CAP_S, id="endless is capped"),
        pytest.param(60.0, START_S * 0.5, id="shorter than ours"),
        pytest.param(0.0, START_S * 0.5, id="zero"),
        pytest.param(-5.0, START_S * 0.5, id="negative"),
        pytest.param(float("nan"), START_S * 0.5, id="no number"),
        pytest.param(None, START_S * 0.5, id="nothing asked"),
    ],
)
def test_what_a_source_asks_for_is_a_floor_with_a_cap(
    asked_s: float | None, expected_s: float
) -> None:
    rhythm = after_poll(POLLED, new=3, listed=30, now=later(hours=1), asked_pause_s=asked_s)
    assert rhythm.due_in_s == expected_s
    assert rhythm.interval_s == START_S * 0.5


def test_an_overrun_halves_what_a_source_asked_for() -> None:
    rhythm = after_poll(POLLED, new=9, listed=9, now=later(hours=1), asked_pause_s=2 * HOUR_S)
    assert rhythm.due_in_s == HOUR_S


@pytest.mark.parametrize(
    ("hours", "interval_s"),
    [
        pytest.param(0.5, START_S * 0.5, id="on time: it is busy"),
        pytest.param(9.0, START_S, id="after an outage: what gathered is no sign of haste"),
    ],
)
def test_only_a_poll_on_time_makes_a_source_quicker(hours: float, interval_s: float) -> None:
    assert after_poll(POLLED, new=9, listed=30, now=later(hours=hours)).interval_s == interval_s


def test_an_outage_is_not_taken_for_a_gap_in_the_news() -> None:
    steady = after_poll(POLLED, new=1, listed=30, now=later(minutes=30))
    assert after_poll(steady, new=9, listed=30, now=later(hours=20)).gap_s == steady.gap_s


def test_finding_nothing_far_too_early_says_nothing() -> None:
    early = after_unchanged(POLLED, later(minutes=2))
    assert early.interval_s == POLLED.interval_s


@pytest.mark.parametrize(
    ("cache_control", "age", "expected"),
    [
        pytest.param(None, None, None, id="no header"),
        pytest.param("no-cache", None, None, id="says nothing of an age"),
        pytest.param("public, max-age=600", None, 600.0, id="ten minutes"),
        pytest.param("max-age=600", "200", 400.0, id="some of it spent on the way"),
        pytest.param("max-age=60", "900", 0.0, id="all of it spent"),
        pytest.param("s-maxage=600", None, None, id="for shared caches only"),
        pytest.param('MAX-AGE="300"', "-1", 300.0, id="odd spellings"),
        pytest.param("max-age=99999999999999", None, 999999999.0, id="absurd"),
    ],
)
def test_an_answer_tells_how_long_it_holds(
    cache_control: str | None, age: str | None, expected: float | None
) -> None:
    assert fresh_for_s(cache_control, age) == expected


@pytest.mark.parametrize(
    ("cached_s", "due_in_s"),
    [
        pytest.param(45 * MINUTE_S, 45 * MINUTE_S, id="granted"),
        pytest.param(30 * DAY_S, HOUR_S, id="an hour at most"),
        pytest.param(MINUTE_S, START_S, id="shorter than the rhythm"),
    ],
)
def test_a_cached_answer_is_not_asked_for_again_while_it_holds(
    cached_s: float, due_in_s: float
) -> None:
    first = after_poll(Rhythm(), new=3, listed=3, now=NOW, cached_s=cached_s)
    assert first.due_in_s == due_in_s


@pytest.mark.parametrize(
    ("hours", "days", "due_at"),
    [
        pytest.param((), (), later(minutes=30), id="never quiet"),
        pytest.param((6, 7, 8), (), later(hours=3), id="until the hours are over"),
        pytest.param((9,), (), later(minutes=30), id="another hour"),
        pytest.param((), (6,), later(hours=18), id="a Sunday: until Monday begins"),
        pytest.param(range(24), (), later(hours=24), id="always quiet: once a day"),
    ],
)
def test_a_source_is_left_alone_when_it_asks_for_quiet(
    hours: Iterable[int], days: Iterable[int], due_at: datetime
) -> None:
    rhythm = after_poll(Rhythm(), new=3, listed=3, now=NOW, quiet_hours=hours, quiet_days=days)
    assert rhythm.due_in_s == pytest.approx((due_at - NOW).total_seconds())


def test_a_source_that_is_gone_for_good_is_tried_once_a_week() -> None:
    assert after_retirement(POLLED, NOW).due_in_s == 7 * DAY_S


def test_a_304_keeps_what_the_source_asked_for() -> None:
    rhythm = after_poll(POLLED, new=3, listed=30, now=later(hours=1), asked_pause_s=2 * HOUR_S)
    assert after_unchanged(rhythm, later(hours=3)).due_in_s == 2 * HOUR_S


@pytest.mark.parametrize(
    ("kind", "first_s", "tenth_s"),
    [
        pytest.param("no-connection", 10 * MINUTE_S, 6 * HOUR_S, id="no connection"),
        pytest.param("server-error", 10 * MINUTE_S, 6 * HOUR_S, id="server error"),
        pytest.param("throttled", 20 * MINUTE_S, DAY_S, id="throttled"),
        pytest.param("bad-content", 30 * MINUTE_S, DAY_S, id="bad content"),
    ],
)
def test_a_failing_source_backs_off_by_kind(
    kind: FailureKind, first_s: float, tenth_s: float
) -> None:
    rhythm = after_failure(POLLED, kind, NOW)
    assert (rhythm.due_in_s, rhythm.failures) == (first_s, 1)
    tenth = after_failure(replace(POLLED, failures=9), kind, NOW)
    assert tenth.due_in_s == tenth_s


def test_sources_that_failed_together_do_not_come_back_together() -> None:
    waits = [
        after_failure(POLLED, "server-error", NOW, spread=spread).due_in_s for spread in (0, 0.9)
    ]
    assert waits == [450.0, 720.0]


@pytest.mark.parametrize(
    ("asked_s", "expected_s"),
    [
        pytest.param(HOUR_S, HOUR_S, id="granted"),
        pytest.param(30.0, 20 * MINUTE_S, id="ours is longer"),
        pytest.param(9 * DAY_S, LATEST_S, id="capped at a day"),
    ],
)
def test_retry_after_is_the_least_that_a_source_waits(asked_s: float, expected_s: float) -> None:
    assert after_failure(POLLED, "throttled", NOW, retry_after_s=asked_s).due_in_s == expected_s


def test_a_source_that_works_again_has_its_old_rhythm() -> None:
    failing = after_failure(after_failure(POLLED, "server-error", NOW), "server-error", NOW)
    recovered = after_poll(failing, new=2, listed=30, now=later(minutes=20))
    assert (recovered.failures, recovered.due_in_s) == (0, START_S * 0.5)
    assert after_unchanged(failing, later(hours=1)).failures == 0


def test_a_rhythm_survives_json() -> None:
    rhythm = after_failure(POLLED, "throttled", NOW)
    assert Rhythm(**json.loads(json.dumps(asdict(rhythm)))) == rhythm


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(None, None, id="no header"),
        pytest.param("", None, id="empty"),
        pytest.param("120", 120.0, id="seconds"),
        pytest.param(" 7 ", 7.0, id="spaces around"),
        pytest.param("0", 0.0, id="at once"),
        pytest.param("99999999", DAY_S, id="capped"),
        pytest.param("9" * 5000, DAY_S, id="longer than a number may be"),
        pytest.param("-1", None, id="negative"),
        pytest.param("1.5", None, id="a fraction"),
        pytest.param("１２", None, id="full-width digits"),
        pytest.param("soon", None, id="garbage"),
        pytest.param("Sun, 22 Nov 2026 06:02:00 GMT", 120.0, id="date"),
        pytest.param("Sun, 22 Nov 2026 06:02:00 -0000", 120.0, id="date without a zone"),
        pytest.param("Sun, 22 Nov 2026 05:02:00 GMT", None, id="date that has passed"),
        pytest.param("Fri, 31 Dec 9999 23:59:59 -1200", DAY_S, id="date far ahead"),
        pytest.param("Sun, 99 Nov 2026 06:02:00 GMT", None, id="no such day"),
    ],
)
def test_retry_after_is_read(value: str | None, expected: float | None) -> None:
    assert retry_after_s(value, NOW) == expected


@pytest.mark.parametrize(
    ("kind", "attempt", "spread", "expected_s"),
    [
        pytest.param("server-error", 0, 0.5, 30.0, id="first, within the minute a pass waits"),
        pytest.param("server-error", 0, 0.999, 37.485, id="spread stays within it"),
        pytest.param("server-error", 4, 0.5, 18750.0, id="fifth, hours later"),
        pytest.param("throttled", 1, 0.5, 300.0, id="throttled"),
        pytest.param("bad-content", 0, 0.0, 225.0, id="bad content"),
        pytest.param("no-connection", 99, 0.5, 8 * HOUR_S, id="capped"),
        pytest.param("no-connection", -1, 0.5, 30.0, id="no attempt yet"),
    ],
)
def test_a_page_backs_off_by_kind(
    kind: FailureKind, attempt: int, spread: float, expected_s: float
) -> None:
    assert backoff_s(kind, attempt, spread) == pytest.approx(expected_s)


STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("poll"),
            st.integers(-3, 200),
            st.integers(0, 200),
            st.none() | st.floats(allow_nan=True, allow_infinity=True),
        ),
        st.tuples(st.just("unchanged")),
        st.tuples(
            st.sampled_from(KINDS),
            st.none() | st.floats(0, 1e12),
            st.floats(0, 1, exclude_max=True),
        ),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(STEPS, st.lists(st.integers(-3600, 10**7), min_size=12, max_size=12))
def test_a_source_is_always_due_between_five_minutes_and_a_day(
    steps: list[tuple], pauses_s: list[int]
) -> None:
    rhythm, now = Rhythm(), NOW
    for step, pause_s in zip(steps, pauses_s, strict=False):
        now += timedelta(seconds=pause_s)
        if step[0] == "poll":
            _, new, listed, asked_s = step
            rhythm = after_poll(rhythm, new=new, listed=listed, now=now, asked_pause_s=asked_s)
        elif step[0] == "unchanged":
            rhythm = after_unchanged(rhythm, now)
        else:
            kind, asked_s, spread = step
            rhythm = after_failure(rhythm, kind, now, retry_after_s=asked_s, spread=spread)
        assert SOONEST_S <= rhythm.due_in_s <= LATEST_S
        assert SOONEST_S <= rhythm.interval_s <= LATEST_S
        json.dumps(asdict(rhythm), allow_nan=False)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="0123456789 :,-+GMTNovSun", max_size=30))
def test_no_retry_after_breaks_the_reading(value: str) -> None:
    wait_s = retry_after_s(value, NOW)
    assert wait_s is None or 0 <= wait_s <= DAY_S
