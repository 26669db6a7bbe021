"""Keeping an article: reserve, join its story, archive, append, settle.

Promise: one line per (id, revision), whatever is killed: it is reserved before it is appended, on
disk before it is settled, and cut again when the settle is refused.
"""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from weakref import WeakValueDictionary

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from crawler import signals
from crawler.desk import Desk, facts
from crawler.errors import StoreError
from crawler.extensions import desk_of
from crawler.news.lines import Fetch, Found, Record, build_record, read_record, to_line
from crawler.news.outlets import Outlet
from crawler.news.records import Entry
from crawler.news.urls import url_id
from crawler.news.verdicts import PageVerdict
from crawler.settling import leave_out, omission, settle_mistake, tally_name, wait_for_room
from crawler.storage.archive import ArchivePlace
from crawler.storage.archive import Response as ArchivedResponse
from crawler.storage.jobs import Lease
from crawler.storage.store import Place, find_record, read_line
from crawler.storage.stories import Story, place_in_story

log = logging.getLogger(__name__)

ADOPT_WAIT_S = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A relevant article on its way to the store, with the lease it is settled by."""

    lease: Lease
    verdict: PageVerdict
    fetch: Fetch
    response: ArchivedResponse
    outlet: Outlet | None


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
        turn = self.turns.get(item.verdict.url) or asyncio.Lock()
        self.turns[item.verdict.url] = turn
        try:
            async with turn:
                record = await keep(desk, item)
        except StoreError as error:
            await wait_for_room(desk, item.lease, error)
        except Exception as error:
            await settle_mistake(desk, item.lease, error)
        else:
            if record is not None:
                return json.loads(to_line(record))
        # It is settled and told already; Scrapy would log the whole page.
        raise DropItem("settled, not stored", log_level="DEBUG")


async def keep(desk: Desk, draft: Draft) -> Record | None:
    """Store an article once; None when it is stored already or no longer ours.

    Raises StoreError when the line cannot be brought to disk; then nothing is settled.
    """
    lease, url = draft.lease, draft.verdict.url
    record_id, revision = url_id(url), 1
    reserved = await desk.patiently(
        lambda: desk.frontier.reserve(record_id, revision, lease, desk.slot.name)
    )
    if reserved is None:
        desk.lay_down(lease)
        return None
    if not reserved.won:
        await _leave_known(desk, draft, record_id)
        return None
    day = draft.fetch.fetched_at.date()
    for former in reserved.former_slots:
        written = await asyncio.to_thread(
            find_record, desk.config.data_dir, former, record_id, revision, _days_around(day)
        )
        if written is not None:
            # An earlier owner wrote it and died before it could settle: its line counts.
            line = await asyncio.to_thread(read_line, desk.config.data_dir, written)
            record = read_record(line)
            await _settle(desk, draft, record, former, written)
            return record
    story = await desk.patiently(
        lambda: place_in_story(desk.redis, record_id, draft.verdict.signature)
    )
    archived = await desk.archivist.keep(draft.response)
    record = _record(draft, story, archived)
    place = await desk.writer.append(to_line(record), day)
    if not await _settle(desk, draft, record, desk.slot.name, place):
        return None
    return record


async def _settle(desk: Desk, draft: Draft, record: Record, slot: str, place: Place) -> bool:
    lease = draft.lease
    counts = {tally_name(lease, "kept"): 1}
    done = await desk.patiently(
        lambda: desk.frontier.ack(
            lease,
            counts,
            seen=(record.url,),
            stored=(record.id, record.revision, slot),
        )
    )
    desk.lay_down(lease)
    if not done and slot == desk.slot.name:
        verdict = await _whose(desk, record, slot)
        if verdict == "other":
            await desk.writer.cut(place)
            log.warning("%s", facts(event="cut", id=record.id, why="settled by another worker"))
            return False
    log.info(
        "%s", facts(event="kept", outlet=record.outlet, id=record.id, score=record.match["score"])
    )
    desk.signals.send_catch_log(signals.record_stored, record=record, place=place)
    return True


async def _whose(desk: Desk, record: Record, slot: str) -> str:
    """Whose line of this record counts, "ours" or that of an "other" slot."""
    while True:
        verdict = await desk.patiently(
            lambda: desk.frontier.adopt(record.id, record.revision, slot)
        )
        if verdict != "wait":
            return verdict
        # Another worker is at it and may have counted on our line.
        await asyncio.sleep(ADOPT_WAIT_S)


async def _leave_known(desk: Desk, draft: Draft, record_id: str) -> None:
    lease = draft.lease
    left_out = omission(
        lease.job.entry or Entry(url=lease.job.url),
        lease.job.url,
        stage="known",
        outlet=lease.job.outlet,
        source=lease.job.source,
        reasons=(f"the same page is stored as {record_id}",),
    )
    await leave_out(desk, lease, left_out, event="known", also_seen=(draft.verdict.url,))


def _record(draft: Draft, story: Story, archived: ArchivePlace | None) -> Record:
    job = draft.lease.job
    entry = job.entry
    return build_record(
        article=draft.verdict.article,
        judgement=draft.verdict.judgement,
        fetch=draft.fetch,
        found=Found(
            kind=job.found or "manual",
            url=job.source_url,
            guid=entry.guid if entry else None,
            title=entry.title if entry else None,
        ),
        outlet=draft.outlet,
        url=draft.verdict.url,
        alternates=draft.verdict.article.alternates,
        story_id=story.id,
        duplicate_of=story.duplicate_of,
        archive=archived,
    )


def _days_around(day: date) -> tuple[date, ...]:
    return tuple(day - timedelta(days=back) for back in range(3))
