"""Reindexing: what Redis remembers of a store, rebuilt from articles, journal and tombstones.

Promise: nothing that is stored is stored again afterwards, nothing that was left out is judged
again, nothing that was forgotten comes back; it may be done at any time, beside workers.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.errors import BrokenLine
from crawler.events import facts
from crawler.news.jsonl import write_time
from crawler.news.lines import SCHEMA_VERSION, parse_line, read_record
from crawler.news.urls import canonical_url
from crawler.storage import tombstones
from crawler.storage.frontier import BATCH, Frontier
from crawler.storage.layout import read_name
from crawler.storage.revisits import plan_first
from crawler.storage.store import Place, iter_journal, iter_lines

log = logging.getLogger(__name__)

# Left out for now only: a later pass may want the page itself.
_STILL_WANTED = ("age", "deferred")


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """What a Redis was taught from the store: records, URLs that count as seen, revisits."""

    records: int = 0
    urls: int = 0
    visits: int = 0
    forgotten: int = 0

    def __str__(self) -> str:
        return (
            f"{self.records} records (none of them is stored again), {self.urls} URLs of what was "
            f"stored or left out, {self.visits} revisits, {self.forgotten} forgotten records"
        )


async def reindex(data_dir: Path, frontier: Frontier, revisits: Sequence[float]) -> Taught:
    """Rebuild what Redis remembers. Broken lines are told and passed over."""
    gone = tombstones.read(data_dir)
    for tombstone in gone:
        await frontier.forget(tombstone.id, tombstone.marks)
    lesson = _Lesson(frontier, revisits, since=_oldest_visited(revisits))
    for place, line in iter_lines(data_dir, "articles"):
        try:
            said = parse_line(line)
        except BrokenLine as error:
            _tell_broken(place, error)
        else:
            await lesson.take_record(place, line, said)
    for omission in iter_journal(data_dir, _tell_broken):
        if not _is_still_wanted(omission):
            await lesson.take_urls(omission["url"])
    await lesson.end()
    return Taught(
        records=lesson.records, urls=lesson.new_urls, visits=lesson.visits, forgotten=len(gone)
    )


async def plan_visit(line: bytes, slot: str, frontier: Frontier, revisits: Sequence[float]) -> bool:
    """Plan the next revisit to the record of a line; False when there is none to be planned."""
    planned = plan_first(read_record(line), slot, revisits)
    return planned is not None and await frontier.plan(planned)


@dataclass(slots=True)
class _Lesson:
    """What is on its way to Redis, in batches, and how much it was."""

    frontier: Frontier
    revisits: Sequence[float]
    since: str
    records: int = 0
    new_urls: int = 0
    visits: int = 0
    slot: str = ""
    lines: list[tuple[str, int]] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    visited: list[tuple[bytes, str]] = field(default_factory=list)

    async def take_record(self, place: Place, line: bytes, said: Mapping[str, Any]) -> None:
        slot = _slot_of(place)
        if slot != self.slot or len(self.lines) >= BATCH:
            await self._flush_lines()
            self.slot = slot
        self.lines.append((said["id"], said["revision"]))
        self.records += 1
        if said["date_fetched"] >= self.since and said["schema_version"] == SCHEMA_VERSION:
            self.visited.append((line, slot))
            if len(self.visited) >= BATCH:
                await self._flush_visits()
        await self.take_urls(said["url"], said["url_announced"], said["url_final"])

    async def take_urls(self, *urls: str | None) -> None:
        self.urls += [canonical_url(url) for url in dict.fromkeys(urls) if url]
        if len(self.urls) >= BATCH:
            await self._flush_urls()

    async def end(self) -> None:
        await self._flush_lines()
        await self._flush_urls()
        await self._flush_visits()

    async def _flush_visits(self) -> None:
        plans = (plan_visit(*visit, self.frontier, self.revisits) for visit in self.visited)
        self.visits += sum(await asyncio.gather(*plans))
        self.visited = []

    async def _flush_lines(self) -> None:
        await self.frontier.adopt(self.lines, self.slot)
        self.lines = []

    async def _flush_urls(self) -> None:
        self.new_urls += await self.frontier.mark_seen(self.urls)
        self.urls = []


def _is_still_wanted(omission: Mapping[str, Any]) -> bool:
    # What a search passed over may be wanted when the outlet's own feed tells more of it.
    by_search = omission["stage"] == "triage" and "/search/" in (omission["source"] or "")
    return by_search or omission["stage"] in _STILL_WANTED


def _oldest_visited(revisits: Sequence[float]) -> str:
    """What was fetched before this time is looked at no more."""
    return write_time(datetime.now(UTC) - timedelta(seconds=max(revisits, default=0.0)))


def _slot_of(place: Place) -> str:
    named = read_name(Path(place.file).name)
    if named is None:
        raise ValueError(f"{place.file} is no file of lines")
    return named.slot


def _tell_broken(place: Place, error: BrokenLine) -> None:
    told = {"file": place.file, "offset": place.offset, "message": str(error)}
    log.warning("%s", facts(event="broken_line", **told))
