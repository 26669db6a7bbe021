"""Keeping an article: reserve, join its story, archive, append, settle.

Promise: one line per (id, revision), whatever is killed: it is reserved before it is appended, on
disk before it is settled, and cut again when the settle is refused.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from crawler import signals
from crawler.desk import Desk
from crawler.errors import StoreError
from crawler.events import facts
from crawler.extensions import desk_of
from crawler.news.jsonl import clean_value, read_time
from crawler.news.lines import Record, fields_of, read_record, to_line
from crawler.news.near_duplicates import Signature
from crawler.news.records import Entry
from crawler.news.revisions import archived_at
from crawler.settling import (
    leave_out,
    omission,
    settle_mistake,
    tally_name,
    wait_for_news,
    wait_for_room,
)
from crawler.storage.archive import Response as ArchivedResponse
from crawler.storage.jobs import Lease
from crawler.storage.moves import Adoption
from crawler.storage.revisits import plan_first
from crawler.storage.store import Place, find_record, read_line
from crawler.storage.stories import place_in_story

log = logging.getLogger(__name__)

ADOPT_WAIT_S = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A record on its way to the store, with the lease it is settled by and its response.

    `signature` finds the story of a new text; None leaves the record in the story it names.
    `response` is None for a text that came with its announcement.
    """

    lease: Lease
    record: Record
    signature: Signature | None
    response: ArchivedResponse | None


class KeepPipeline:
    """Turns a Draft into a stored record; whatever else comes passes through."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        # Two leases of one job may meet here when a worker was paused past the first.
        self.turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> KeepPipeline:
        return cls(crawler)

    async def process_item(self, item: Any) -> Any:
        if not isinstance(item, Draft):
            return item
        desk = desk_of(self.crawler)
        turn = self.turns.get(item.record.id) or asyncio.Lock()
        self.turns[item.record.id] = turn
        try:
            async with turn:
                record = await keep(desk, item)
        except StoreError as error:
            await wait_for_room(desk, item.lease, error)
        except Exception as error:
            await settle_mistake(desk, item.lease, error)
        else:
            if record is not None:
                return clean_value(fields_of(record))
        # It is settled and told already; Scrapy would log the whole page.
        raise DropItem("settled, not stored", log_level="DEBUG")


async def keep(desk: Desk, draft: Draft) -> Record | None:
    """Store a record once; None when it is stored already, forgotten, or no longer ours.

    Raises StoreError when the line cannot be brought to disk; then nothing is settled.
    """
    lease, record = draft.lease, draft.record
    reserved = await desk.patiently(
        lambda: desk.frontier.reserve(record.id, record.revision, lease, desk.slot.name)
    )
    if reserved is None:
        desk.lay_down(lease)
        return None
    if not reserved.won:
        await _leave_known(desk, draft, is_forgotten=reserved.is_forgotten)
        return None
    for former in reserved.former_slots:
        written = await asyncio.to_thread(_find, desk.config.data_dir, former, record)
        if written is not None:
            # An earlier owner wrote it and died before it could settle: its line counts.
            place, record = written
            return record if await _settle(desk, draft, record, former, place) else None
    record = await _in_its_story(desk, draft)
    kept = await desk.archivist.keep(draft.response) if draft.response else None
    record = archived_at(record, kept)
    place = await desk.writer.append(to_line(record), read_time(record.date_fetched).date())
    desk.patience.disk_works()
    return record if await _settle(desk, draft, record, desk.slot.name, place) else None


async def _in_its_story(desk: Desk, draft: Draft) -> Record:
    record, signature = draft.record, draft.signature
    if signature is None:
        return record
    story = await desk.patiently(lambda: place_in_story(desk.redis, record.id, signature))
    return replace(record, story_id=story.id, duplicate_of=story.duplicate_of)


def _find(data_dir: Path, slot: str, record: Record) -> tuple[Place, Record] | None:
    """The line of a record that a slot wrote on the day of its fetch or shortly before."""
    day = read_time(record.date_fetched).date()
    days: tuple[date, ...] = tuple(day - timedelta(days=back) for back in range(3))
    place = find_record(data_dir, slot, record.id, record.revision, days)
    return (place, read_record(read_line(data_dir, place))) if place else None


async def _settle(desk: Desk, draft: Draft, record: Record, slot: str, place: Place) -> bool:
    lease = draft.lease
    event = "kept" if record.revision == 1 else "revised"
    then = plan_first(record, slot, desk.config.revisits, lease.job.revisit)
    done = await desk.patiently(
        lambda: desk.frontier.ack(
            lease,
            {tally_name(lease, event): 1},
            seen=(record.url,),
            stored=(record.id, record.revision, slot),
            then=then,
        )
    )
    desk.lay_down(lease)
    if not done and await _whose(desk, record, slot) == "other":
        if slot == desk.slot.name:
            await desk.writer.cut(place)
        log.warning("%s", facts(event="cut", id=record.id, why="settled otherwise meanwhile"))
        return False
    if not done and then is not None:
        await desk.patiently(lambda: desk.frontier.plan(then))
    told = {"outlet": record.outlet, "id": record.id, "score": record.match["score"]}
    log.info("%s", facts(event=event, revision=record.revision, **told))
    desk.signals.send_catch_log(signals.record_stored, record=record, place=place)
    return True


async def _whose(desk: Desk, record: Record, slot: str) -> Adoption:
    """Whose line of this record counts: ours, or that of an "other" slot."""
    while True:
        (verdict,) = await desk.patiently(
            lambda: desk.frontier.adopt([(record.id, record.revision)], slot)
        )
        if verdict != "wait":
            return verdict
        # Another worker is at it and may have counted on our line.
        await asyncio.sleep(ADOPT_WAIT_S)


async def _leave_known(desk: Desk, draft: Draft, *, is_forgotten: bool) -> None:
    lease, record = draft.lease, draft.record
    if lease.job.revisit is not None and not is_forgotten:
        await wait_for_news(desk, lease)
        return
    why = (
        "it was forgotten on request" if is_forgotten else f"the same page is stored as {record.id}"
    )
    left_out = omission(
        lease.job.entry or Entry(url=lease.job.url),
        lease.job.url,
        stage="known",
        outlet=lease.job.outlet,
        source=lease.job.source,
        reasons=(why,),
    )
    await leave_out(desk, lease, left_out, event="known", also_seen=(record.url,))
