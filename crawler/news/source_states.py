"""What is remembered of a source, and what each poll changes in it. How it does: health.py.

Promise: a source that breaks is failing from that very poll on, with the reason and since when; one
that says falsely that nothing changed is found out; one that moved for good is followed only when
it has said so three times over a day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from crawler.news import cadence
from crawler.news.cadence import FailureKind, Rhythm
from crawler.news.jsonl import read_time, write_time

# "Not modified" is believed so many times in a row, and for so long, before the whole is asked for.
BELIEVED_TIMES = 8
BELIEVED_FOR = timedelta(hours=24)
# Who lied is asked for the whole from then on, and gets another chance after this time.
DISTRUST = timedelta(days=30)
# An entry may be dated a little before it is published.
_DATED_BEFORE = timedelta(minutes=5)
MOVES_TO_LEARN = 3
MOVES_OVER = timedelta(days=1)
# The address that was learned is given up when it fails this often in a row.
FAILURES_TO_RETURN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """The memory of one source; times are RFC 3339 texts.

    `links` are digests of the links a section page showed, `children` the sub-sitemaps that an
    index named (URL -> modified). `news_at` is when its last new entry came (at the first poll:
    the date of the newest), `dated_gap_s` the time between two entries by their dates. `why` is
    the reason of the last failure, in words. `overrun_at` is set while all entries of the last
    poll that worked were new. `unchanged` counts the 304s since the last whole answer. `moving_to`
    is where it says it moved, `moved_to` where it is asked for since that was learned.

    Counted beside the polls: `stuck`, the leases that ran out over it, and `brought`, the new
    entries of its sub-sitemaps since its last poll.
    """

    etag: str | None = None
    last_modified: str | None = None
    rhythm: Rhythm = field(default_factory=Rhythm)
    shape: str | None = None
    links: tuple[str, ...] = ()
    children: Mapping[str, str] = field(default_factory=dict)
    polled_at: str | None = None
    worked_at: str | None = None
    news_at: str | None = None
    dated_gap_s: float | None = None
    failing_since: str | None = None
    failures: int = 0
    why: str | None = None
    entries: int = 0
    overrun_at: str | None = None
    unchanged: int = 0
    unchanged_at: str | None = None
    whole_at: str | None = None
    lies_since: str | None = None
    moving_to: str | None = None
    moving_times: int = 0
    moving_since: str | None = None
    moved_to: str | None = None
    moved_at: str | None = None
    retired_since: str | None = None
    stuck: int = 0
    brought: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A poll that brought something readable.

    `oldest_new` is the earliest date of an entry that was new; `newest` and `dated_gap_s` are the
    rhythm that the dates of all entries tell. `was_conditional` says that the
    request named a version; `address` is where the answer came from, `is_for_good` that every
    redirect to it was permanent, `was_redirected` that there was one.
    """

    now: datetime
    listed: int
    new: int
    shape: str
    address: str
    etag: str | None = None
    last_modified: str | None = None
    pause_s: float | None = None
    cached_s: float | None = None
    quiet_hours: tuple[int, ...] = ()
    quiet_days: tuple[int, ...] = ()
    oldest_new: datetime | None = None
    newest: datetime | None = None
    dated_gap_s: float | None = None
    was_conditional: bool = False
    was_redirected: bool = False
    is_for_good: bool = False


def validators(state: SourceState, now: datetime) -> dict[str, str]:
    """Headers by which a source can say that nothing changed; none when it is not believed."""
    if state.lies_since and now - read_time(state.lies_since) < DISTRUST:
        return {}
    is_stale = state.whole_at and now - read_time(state.whole_at) >= BELIEVED_FOR
    if state.unchanged and (state.unchanged >= BELIEVED_TIMES or is_stale):
        return {}
    wanted = {"If-None-Match": state.etag, "If-Modified-Since": state.last_modified}
    return {name: value for name, value in wanted.items() if value}


def worked(state: SourceState, answered: Answered) -> SourceState:
    """The memory after an answer with a body; links and children are the caller's."""
    stamp, new = write_time(answered.now), answered.new + state.brought
    rhythm = cadence.after_poll(
        state.rhythm,
        new=new,
        listed=answered.listed,
        now=answered.now,
        asked_pause_s=answered.pause_s,
        cached_s=answered.cached_s,
        quiet_hours=answered.quiet_hours,
        quiet_days=answered.quiet_days,
    )
    is_overrun = rhythm.overruns > state.rhythm.overruns
    return _moved(
        replace(
            _answered(state, rhythm, stamp),
            etag=answered.etag,
            last_modified=answered.last_modified,
            shape=answered.shape,
            news_at=_news_at(state, answered, new),
            dated_gap_s=answered.dated_gap_s or state.dated_gap_s,
            entries=state.entries + (new if state.whole_at else max(new, answered.listed)),
            overrun_at=stamp if is_overrun else None,
            unchanged=0,
            whole_at=stamp,
            lies_since=_lies_since(state, answered, stamp),
        ),
        answered,
    )


def unchanged(state: SourceState, now: datetime) -> SourceState:
    """The memory after a 304."""
    stamp, brought = write_time(now), state.brought
    rhythm = cadence.after_unchanged(state.rhythm, now)
    if brought:  # an index that does not date its sitemaps stands still while they bring news
        rhythm = cadence.after_poll(state.rhythm, new=brought, listed=0, now=now)
    return replace(
        _answered(state, rhythm, stamp),
        news_at=stamp if brought else state.news_at,
        entries=state.entries + brought,
        overrun_at=None,
        unchanged=state.unchanged + 1,
        unchanged_at=stamp,
        whole_at=state.whole_at or stamp,
    )


def failed(
    state: SourceState,
    kind: FailureKind,
    why: str,
    now: datetime,
    *,
    spread: float,
    retry_after_s: float | None = None,
) -> SourceState:
    """The memory after a poll that brought nothing readable."""
    rhythm = cadence.after_failure(
        state.rhythm, kind, now, retry_after_s=retry_after_s, spread=spread
    )
    failing = _failing(state, rhythm, why, now)
    if state.moved_to and failing.failures >= FAILURES_TO_RETURN:
        return replace(failing, moved_to=None, moved_at=None)
    return failing


def retired(state: SourceState, why: str, now: datetime) -> SourceState:
    """The memory after the source said that it is gone for good."""
    failing = _failing(state, cadence.after_retirement(state.rhythm, now), why, now)
    return replace(failing, retired_since=state.retired_since or write_time(now))


def _answered(state: SourceState, rhythm: Rhythm, stamp: str) -> SourceState:
    return replace(
        state,
        rhythm=rhythm,
        polled_at=stamp,
        worked_at=stamp,
        failing_since=None,
        failures=0,
        why=None,
        retired_since=None,
        stuck=0,
        brought=0,
    )


def _failing(state: SourceState, rhythm: Rhythm, why: str, now: datetime) -> SourceState:
    stamp = write_time(now)
    return replace(
        state,
        rhythm=rhythm,
        polled_at=stamp,
        failing_since=state.failing_since or stamp,
        failures=state.failures + 1,
        why=why,
        stuck=0,
    )


def _news_at(state: SourceState, answered: Answered, new: int) -> str | None:
    if state.whole_at:
        return write_time(answered.now) if new else state.news_at
    # At a first poll everything is new (or seen before Redis was lost), and may be years old.
    return write_time(answered.newest or answered.now) if new or answered.listed else None


def _lies_since(state: SourceState, answered: Answered, stamp: str) -> str | None:
    """Whether the whole answer shows entries that a 304 before it withheld."""
    if answered.was_conditional or not answered.new or not state.unchanged_at:
        return state.lies_since
    if not state.unchanged:
        return state.lies_since
    named = (state.etag, state.last_modified)
    if any(named) and named == (answered.etag, answered.last_modified):
        return stamp
    told_at = read_time(state.unchanged_at) - _DATED_BEFORE
    return stamp if answered.oldest_new and answered.oldest_new < told_at else state.lies_since


def _moved(state: SourceState, answered: Answered) -> SourceState:
    if not answered.was_redirected or not answered.is_for_good:
        return replace(state, moving_to=None, moving_times=0, moving_since=None)
    stamp = write_time(answered.now)
    if state.moving_to != answered.address:
        return replace(state, moving_to=answered.address, moving_times=1, moving_since=stamp)
    times, since = state.moving_times + 1, state.moving_since or stamp
    if times < MOVES_TO_LEARN or answered.now - read_time(since) < MOVES_OVER:
        return replace(state, moving_times=times)
    learned = replace(state, moved_to=answered.address, moved_at=stamp)
    return replace(learned, moving_to=None, moving_times=0, moving_since=None)
