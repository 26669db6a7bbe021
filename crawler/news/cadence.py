"""When to look again: the rhythm of a source, and the pauses after what went wrong.

Promise: a source is asked again after no less than five minutes and no more than a day, whatever
it said, unless it said that it is gone for good; the same arguments always give the same answer.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
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
# A Cache-Control is for pages of all kinds, and many a server sets it to days for whatever it has.
CACHED_CAP_S = HOUR_S
# A feed that is gone for good (410) is tried once a week all the same: some come back.
RETIRED_S = 7 * DAY_S
# A poll counts as on time until it is later than this many times what was planned; one that comes
# in less than half of the planned time says nothing by finding nothing.
LATE = 2.0
EARLY = 0.5
# Fewer listed entries can all be new without any having slipped through.
FEWEST_FOR_OVERRUN = 5
_SMOOTHING = 0.3  # of the newest gap
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)

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
    all new, so that some may have come and gone between. `quiet_hours` (UTC) and `quiet_days`
    (Monday first) are when the source asks not to be polled, a bit for each.
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
    quiet_hours: int = 0
    quiet_days: int = 0


def after_poll(
    rhythm: Rhythm,
    *,
    new: int,
    listed: int,
    now: datetime,
    asked_pause_s: float | None = None,
    cached_s: float | None = None,
    quiet_hours: Iterable[int] = (),
    quiet_days: Iterable[int] = (),
) -> Rhythm:
    """The rhythm after a poll that listed entries, of which some were new.

    `asked_pause_s` (ttl, sy:updatePeriod) is granted up to `ASKED_CAP_S`, `cached_s` (for how long
    the answer holds by its Cache-Control) up to `CACHED_CAP_S`; half of it when the poll was an
    overrun, as waiting would lose entries.
    """
    at = now.timestamp()
    is_first = rhythm.last_worked_at is None
    is_overrun = not is_first and new >= listed >= FEWEST_FOR_OVERRUN
    seen = replace(
        rhythm,
        gap_s=_gap_s(rhythm, new, at),
        asked_pause_s=_granted_s(asked_pause_s, cached_s),
        quiet_hours=sum({1 << hour for hour in quiet_hours}),
        quiet_days=sum({1 << day for day in quiet_days}),
        last_worked_at=at,
        last_new_at=at if new > 0 else rhythm.last_new_at,
        polls=rhythm.polls + 1,
        new=rhythm.new + max(new, 0),
        failures=0,
        overruns=rhythm.overruns + is_overrun,
    )
    if is_first:
        return _due(seen, seen.interval_s, 1.0, at)
    if new <= 0:
        return _due(seen, _later_s(seen, _planned_share(rhythm, at), at), 1.0, at)
    factor = AFTER_ONE_NEW if new == 1 and not is_overrun else AFTER_SEVERAL_NEW
    if _planned_share(rhythm, at) > LATE and not is_overrun:
        factor = 1.0  # what gathered while nobody asked is no sign of haste
    return _due(seen, seen.interval_s * factor, 0.5 if is_overrun else 1.0, at)


def after_unchanged(rhythm: Rhythm, now: datetime) -> Rhythm:
    """The rhythm after a 304: nothing new, and what was asked for still holds."""
    at = now.timestamp()
    seen = replace(rhythm, last_worked_at=at, polls=rhythm.polls + 1, failures=0)
    return _due(seen, _later_s(seen, _planned_share(rhythm, at), at), 1.0, at)


def after_retirement(rhythm: Rhythm, now: datetime) -> Rhythm:
    """The rhythm of a source that says it is gone for good: it is tried once a week."""
    return replace(
        rhythm,
        due_in_s=RETIRED_S,
        last_failed_at=now.timestamp(),
        polls=rhythm.polls + 1,
        failures=rhythm.failures + 1,
    )


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
    except (ValueError, IndexError, OverflowError):  # its ways to say that it is no date
        return None
    if moment.tzinfo is None:  # "-0000": a date in UTC that names no zone
        moment = moment.replace(tzinfo=UTC)
    wait_s = moment.timestamp() - now.timestamp()
    return min(wait_s, DAY_S) if wait_s > 0 else None


def fresh_for_s(cache_control: str | None, age: str | None) -> float | None:
    """How long an answer still holds (RFC 9111: max-age less Age); None when it does not say."""
    asked = _MAX_AGE.search((cache_control or "")[:500])
    if asked is None:
        return None
    spent = int(age) if age and age.isascii() and age.isdigit() and len(age) < 10 else 0
    return float(max(0, int(asked[1]) - spent))


def _due(rhythm: Rhythm, interval_s: float, share_of_asked: float, at: float) -> Rhythm:
    interval_s = _bounded(interval_s)
    least_s = (rhythm.asked_pause_s or 0.0) * share_of_asked
    due_in_s = _past_quiet_s(rhythm, at, _bounded(max(interval_s, least_s)))
    return replace(rhythm, interval_s=interval_s, due_in_s=_bounded(due_in_s))


def _past_quiet_s(rhythm: Rhythm, at: float, due_in_s: float) -> float:
    """The first time from then on that lies in no hour or day of quiet, looking a day ahead."""
    due = datetime.fromtimestamp(at + due_in_s, UTC)
    for _ in range(24):
        if not (rhythm.quiet_hours >> due.hour | rhythm.quiet_days >> due.weekday()) & 1:
            break
        due = due.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return due.timestamp() - at


def _planned_share(rhythm: Rhythm, at: float) -> float:
    """How late a poll was: 1 on time, 0.1 far too early (a person's crawl), 5 after an outage."""
    last = max(rhythm.last_worked_at or 0.0, rhythm.last_failed_at or 0.0)
    return (at - last) / rhythm.due_in_s if last else 1.0


def _later_s(rhythm: Rhythm, planned_share: float, at: float) -> float:
    if planned_share < EARLY:
        return rhythm.interval_s
    later_s = rhythm.interval_s * AFTER_NOTHING_NEW
    if rhythm.gap_s is None or rhythm.last_new_at is None or at - rhythm.last_new_at > ALIVE_S:
        return later_s
    return min(later_s, max(rhythm.gap_s * GAPS_BETWEEN_POLLS, START_S))


def _gap_s(rhythm: Rhythm, new: int, at: float) -> float | None:
    if new <= 0 or rhythm.last_new_at is None or _planned_share(rhythm, at) > LATE:
        return rhythm.gap_s
    seen_s = max(at - rhythm.last_new_at, 0.0) / new
    if rhythm.gap_s is None:
        return seen_s
    return rhythm.gap_s + _SMOOTHING * (seen_s - rhythm.gap_s)


def _granted_s(asked_s: float | None, cached_s: float | None) -> float | None:
    asked = ((asked_s, ASKED_CAP_S), (cached_s, CACHED_CAP_S))
    granted = [min(wish, cap) for wish, cap in asked if wish and not math.isnan(wish) and wish > 0]
    return max(granted, default=None)


def _bounded(wait_s: float) -> float:
    return min(max(wait_s, SOONEST_S), LATEST_S)


def _jitter(spread: float) -> float:
    return 0.75 + 0.5 * spread
