"""The spider of `tumen crawl`: one pass over the catalogue.

Promise: every selected source is polled once, due or not, and the pass ends when all that can be
done within a minute is done; processes that crawl the same data folder share it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

from scrapy import Request, Spider

from crawler.desk import Desk
from crawler.extensions import Assignment, keeper_of
from crawler.storage import passes, sources
from spiders.worker import Shift

# A pass may come to its end between our joining it and our sources: then another one begins.
JOIN_TRIES = 3


class CrawlSpider(Spider):
    """One pass: every selected source once, and all that it brings."""

    name = "crawl"

    async def start(self) -> AsyncIterator[Request]:
        keeper = keeper_of(self.crawler)
        desk = await keeper.open()
        if desk is None:
            return
        desk.since_ms = await desk.patiently(desk.frontier.clock_ms)
        await _join(desk, keeper.assignment)

        async def is_over() -> bool:
            if await desk.teach_strange():
                # The pass went with the memory of Redis: another one begins for what is left of it.
                await _join(desk, keeper.assignment)
                return False
            state = await desk.patiently(
                lambda: passes.beat(desk.redis, desk.pass_id, desk.since_ms)
            )
            return state.over and not desk.in_hand

        async for request in Shift(desk).requests(is_over):
            yield request


async def _join(desk: Desk, assignment: Assignment) -> None:
    for _ in range(JOIN_TRIES):
        joined = await desk.patiently(lambda: passes.join(desk.redis))
        await desk.patiently(
            lambda of=joined.id: sources.register(  # type: ignore[misc]
                desk.frontier, assignment.selected, of_pass=of
            )
        )
        desk.pass_id = joined.id
        if not joined.joined or not await desk.patiently(lambda: passes.has_ended(desk.redis)):
            break
    now = datetime.now(UTC)
    for job in assignment.pages:
        await desk.patiently(
            lambda job=job: desk.frontier.place(job, now, of_pass=joined.id)  # type: ignore[misc]
        )
