"""When to look again: the rhythm of a source, and the pauses after what went wrong.

Promise: a source is asked again after no less than five minutes and no more than a day, whatever
it said; and the same arguments always give the same answer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

FailureKind = Literal["no-connection", "throttled", "server-error", "bad-content"]

MINUTE_S = 60.0
HOUR_S = 3600.0
DAY_S = 86400.0
# news-crawl looks every 90 min at best, rss-fetcher every 10: they archive, they do not watch.
SOONEST_S = 5 * MINUTE_S
LATEST_S = DAY_S
START_S = 30 * MINUTE_S
# news-crawl moves its interval by x0.8 and x1.5; a wire's burst needs to be followed faster.
AFTER_ONE_NEW = 0.8
AFTER_SEVERAL_NEW = 0.5
AFTER_NOTHING_NEW = 1.5
# A quiet night must not make the morning late: while a source lives, it is asked once in two of its
# usual gaps. After a week without news it may be asked once a day.
GAPS_BETWEEN_POLLS = 2.0
ALIVE_S = 7 * DAY_S
# Feeds that ask for a day's pause (sy:updatePeriod daily is a default of WordPress themes) lie.
ASKED_CAP_S = 6 * HOUR_S
# Fewer listed entries can all be new without any having slipped through.
FEWEST_FOR_OVERRUN = 5
_SMOOTHING = 0.3  # of the newest gap

# First and longest pause of a source. The story-indexer of Media Cloud takes a server for down for
# 10 minutes; a feed that is none any more needs its outlet, not our haste.
_SOURCE_PAUSES_S: dict[FailureKind, tuple[float, float]] = {
    "no-connection": (10 * MINUTE_S, 6 * HOUR_S),
    "server-error": (10 * MINUTE_S, 6 * HOUR_S),
    "throttled": (20 * MINUTE_S, DAY_S),
    "bad-content": (30 * MINUTE_S, DAY_S),
}
# First pause of a page. The first falls within the minute for which a pass waits, the fifth lies
# hours away: an outage of an evening must not make dead letters.
_PAGE_PAUSES_S: dict[FailureKind, float] = {
    "no-connection": 30.0,
    "server-error": 30.0,
    "throttled": MINUTE_S,
    "bad-content": 5 * MINUTE_S,
}
_PAGE_GROWTH = 5.0
_PAGE_CAP_S = 8 * HOUR_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """What is remembered of a source's rhythm. Flat and fit for JSON; times in epoch seconds.

    `due_in_s` is the answer: how long to wait from the last call on. `gap_s` is the smoothed time
    between two new entries; `failures` count in a row; `overruns` are the polls whose entries were
    all new, so that some may have come and gone between.
    """

    due_in_s: float = START_S
    interval_s: float = START_S
    gap_s: float | None = None
    asked_pause_s: float | None = None
    last_worked_at: float | None = None
    last_new_at: float | None = None
    last_failed_at: float | None = None
    polls: int = 0
    new: int = 0
    failures: int = 0
    overruns: int = 0


def after_poll(
    rhythm: Rhythm, *, new: int, listed: int, now: datetime, asked_pause_s: float | None = None
) -> Rhythm:
    """The rhythm after a poll that listed entries, of which some were new.

    `asked_pause_s` (ttl, sy:updatePeriod) is granted up to `ASKED_CAP_S`; half of it when the poll
    was an overrun, as waiting would lose entries.
    """
    at = now.timestamp()
    is_first = rhythm.last_worked_at is None
    is_overrun = not is_first and new >= listed >= FEWEST_FOR_OVERRUN
    seen = replace(
        rhythm,
        gap_s=_gap_s(rhythm, new, at),
        asked_pause_s=_granted_s(asked_pause_s),
        last_worked_at=at,
        last_new_at=at if new > 0 else rhythm.last_new_at,
        polls=rhythm.polls + 1,
        new=rhythm.new + max(new, 0),
        failures=0,
        overruns=rhythm.overruns + is_overrun,
    )
    if is_first:
        return _due(seen, seen.interval_s, 1.0)
    if new <= 0:
        return _due(seen, _later_s(seen, at), 1.0)
    factor = AFTER_ONE_NEW if new == 1 and not is_overrun else AFTER_SEVERAL_NEW
    return _due(seen, seen.interval_s * factor, 0.5 if is_overrun else 1.0)


def after_unchanged(rhythm: Rhythm, now: datetime) -> Rhythm:
    """The rhythm after a 304: nothing new, and what was asked for still holds."""
    at = now.timestamp()
    seen = replace(rhythm, last_worked_at=at, polls=rhythm.polls + 1, failures=0)
    return _due(seen, _later_s(seen, at), 1.0)


def after_failure(
    rhythm: Rhythm,
    kind: FailureKind,
    now: datetime,
    *,
    retry_after_s: float | None = None,
    spread: float = 0.5,
) -> Rhythm:
    """The rhythm after a poll that failed: doubling pauses, from which it recovers at once.

    `spread` in [0, 1) moves the pause by up to a quarter, so that sources that failed together do
    not come back together. What the server asked for is the least.
    """
    first_s, longest_s = _SOURCE_PAUSES_S[kind]
    pause_s = min(first_s * 2.0 ** min(rhythm.failures, 20), longest_s) * _jitter(spread)
    wait_s = max(pause_s, retry_after_s or 0.0)
    return replace(
        rhythm,
        due_in_s=_bounded(wait_s),
        last_failed_at=now.timestamp(),
        polls=rhythm.polls + 1,
        failures=rhythm.failures + 1,
    )


def backoff_s(kind: FailureKind, attempt: int, spread: float) -> float:
    """How long a page waits after its failed attempt (0 is the first), for a spread in [0, 1)."""
    grown_s = _PAGE_PAUSES_S[kind] * _PAGE_GROWTH ** min(max(attempt, 0), 10)
    return min(grown_s, _PAGE_CAP_S) * _jitter(spread)


def retry_after_s(value: str | None, now: datetime) -> float | None:
    """What a Retry-After header asks for (RFC 9110: seconds or a date), a day at most.

    None for no header, for garbage, for negative numbers and for dates that have passed.
    """
    text = (value or "").strip()[:64]
    if text.isascii() and text.isdigit():
        return min(float(text), DAY_S)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError):  # how the standard library says that it is no date
        return None
    if moment.tzinfo is None:  # "-0000": a date in UTC that names no zone
        moment = moment.replace(tzinfo=UTC)
    wait_s = moment.timestamp() - now.timestamp()
    return min(wait_s, DAY_S) if wait_s > 0 else None


def _due(rhythm: Rhythm, interval_s: float, share_of_asked: float) -> Rhythm:
    interval_s = _bounded(interval_s)
    least_s = (rhythm.asked_pause_s or 0.0) * share_of_asked
    return replace(rhythm, interval_s=interval_s, due_in_s=_bounded(max(interval_s, least_s)))


def _later_s(rhythm: Rhythm, at: float) -> float:
    later_s = rhythm.interval_s * AFTER_NOTHING_NEW
    if rhythm.gap_s is None or rhythm.last_new_at is None or at - rhythm.last_new_at > ALIVE_S:
        return later_s
    return min(later_s, max(rhythm.gap_s * GAPS_BETWEEN_POLLS, START_S))


def _gap_s(rhythm: Rhythm, new: int, at: float) -> float | None:
    if new <= 0 or rhythm.last_new_at is None:
        return rhythm.gap_s
    seen_s = max(at - rhythm.last_new_at, 0.0) / new
    if rhythm.gap_s is None:
        return seen_s
    return rhythm.gap_s + _SMOOTHING * (seen_s - rhythm.gap_s)


def _granted_s(asked_s: float | None) -> float | None:
    if asked_s is None or math.isnan(asked_s) or asked_s <= 0:
        return None
    return min(asked_s, ASKED_CAP_S)


def _bounded(wait_s: float) -> float:
    return min(max(wait_s, SOONEST_S), LATEST_S)


def _jitter(spread: float) -> float:
    return 0.75 + 0.5 * spread
