"""How a source does, in one word, with the reason and since when.

Promise: the same memory at the same moment gives the same word; of several that hold, the gravest
is said; a source that stops bringing news without ever failing is found out by the time that went.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from crawler.news.jsonl import read_time
from crawler.news.records import Entry, SourceKind, SourceReading
from crawler.news.source_states import SourceState

Word = Literal["retired", "failing", "unproven", "silent", "overrun", "moved", "working"]
# The gravest first.
WORDS: Final[tuple[Word, ...]] = (
    "retired", "failing", "unproven", "silent", "overrun", "moved", "working"
)  # fmt: skip
# What somebody has to do something about. An overrun mends itself: it is polled more often.
TROUBLES: Final = frozenset({"retired", "failing", "silent"})

# Workers die or hang over it: a poll takes seconds, a lease lasts a minute.
STUCK_TIMES: Final = 3
SILENT_GAPS: Final = 4.0
SILENT_AT_LEAST: Final = timedelta(hours=48)
ENTRIES_TO_KNOW: Final = 10
# Of a source that never brought anything since its first poll, and dates nothing.
ASSUMED_GAP_S: Final = 7 * 86_400.0
# Fewer dates, or dates on fewer of its entries, tell nothing of a source's rhythm.
_FEWEST_DATES: Final = 5
_DATED_SHARE: Final = 0.5
_UNITS: Final = ((86_400.0, "day"), (3_600.0, "hour"), (60.0, "minute"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The word, since when it holds, how often in a row it failed, and why."""

    word: Word
    since: str | None = None
    times: int = 0
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """Somebody knows of the trouble of the source with this id; `until` ends it by itself."""

    id: str
    at: datetime
    until: datetime | None = None


def health_of(state: SourceState, now: datetime) -> Health:
    """How a source does at this moment."""
    if state.retired_since:
        return Health(
            word="retired", since=state.retired_since, times=state.failures, why=state.why
        )
    if state.failures or state.stuck >= STUCK_TIMES:
        return _failing(state)
    if not state.worked_at:
        return Health(word="unproven", why="not polled yet")
    silent_for = _silent_for(state, now)
    if silent_for:
        return Health(word="silent", since=state.news_at, why=silent_for)
    if state.overrun_at:
        why = "all entries were new: some may have come and gone since the poll before"
        return Health(word="overrun", since=state.overrun_at, why=why)
    if state.moved_to:
        return Health(word="moved", since=state.moved_at, why=f"asked for at {state.moved_to}")
    return Health(word="working")


def dated_rhythm(
    entries: Iterable[Entry], now: datetime
) -> tuple[datetime, float] | tuple[None, None]:
    """The date of the newest entry and the seconds between two, where most of them are dated."""
    announced = list(entries)
    moments = (entry.published or entry.modified for entry in announced)
    dates = sorted(moment.at for moment in moments if moment and moment.at <= now)
    if len(dates) < max(_FEWEST_DATES, _DATED_SHARE * len(announced)):
        return None, None
    return dates[-1], (dates[-1] - dates[0]).total_seconds() / (len(dates) - 1)


def why_empty(kind: SourceKind, reading: SourceReading, entries_so_far: int) -> str | None:
    """Why a reading that announces nothing is a failure, in words; None where it may be right.

    A search may find nothing, and a sitemap of the last two days be empty after quiet ones; a feed
    keeps its newest entries however old they are.
    """
    if reading.entries or reading.children or kind in ("search", "section"):
        return None
    if kind == "sitemap" and entries_so_far:
        return None
    unfit = sum(reading.dropped.values())
    if unfit:
        reason = max(reading.dropped, key=lambda name: reading.dropped[name])
        return f"it is empty: none of its {unfit} entries can be used ({reason})"
    return "it is empty: it answers well and has no entry"


def is_acknowledged(
    noted: Acknowledgement, health: Health, state: SourceState, now: datetime
) -> bool:
    """Whether this trouble is taken off the alarm: until the source does well again, or a date."""
    if noted.until is not None and now >= noted.until:
        return False
    did_well_at = state.news_at if health.word == "silent" else state.worked_at
    return did_well_at is None or read_time(did_well_at) <= noted.at


def span(seconds: float) -> str:
    """A span of time in words, in its largest unit: "3 days", "1 hour"."""
    size, unit = next(((size, unit) for size, unit in _UNITS if seconds >= size), _UNITS[-1])
    n = max(1, round(seconds / size))
    return f"{n} {unit}{'' if n == 1 else 's'}"


def _failing(state: SourceState) -> Health:
    if state.failures:
        return Health(
            word="failing", since=state.failing_since, times=state.failures, why=state.why
        )
    why = f"its lease ran out {state.stuck} times: workers die or hang over it"
    return Health(word="failing", since=state.polled_at, times=state.stuck, why=why)


def _silent_for(state: SourceState, now: datetime) -> str | None:
    """For how long nothing new came, in words, when that is too long."""
    if state.entries < ENTRIES_TO_KNOW or not state.news_at:
        return None
    gap_s = state.rhythm.gap_s or state.dated_gap_s
    waited_s = (now - read_time(state.news_at)).total_seconds()
    if waited_s < max(SILENT_GAPS * (gap_s or ASSUMED_GAP_S), SILENT_AT_LEAST.total_seconds()):
        return None
    usual = f"; usually one in {span(gap_s)}" if gap_s else ""
    return f"no new entry for {span(waited_s)}{usual}"
