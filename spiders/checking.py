"""The spider of `tumen outlets check`: sources polled now, and nothing else.

Promise: every wanted source is polled once, in the turn of its host and beside whatever crawls; the
articles that it announces wait for a crawl.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from scrapy import Request, Spider

from crawler.extensions import keeper_of
from crawler.news.outlets import all_sources_of
from crawler.storage import passes, sources
from spiders.worker import Shift


class CheckSpider(Spider):
    """One poll of every wanted source: those of the assignment, or all of its outlets."""

    name = "check"

    async def start(self) -> AsyncIterator[Request]:
        keeper = keeper_of(self.crawler)
        desk = await keeper.open()
        if desk is None:
            return
        outlets = keeper.assignment.selected
        wanted = keeper.assignment.sources or tuple(
            source for outlet in outlets for source in all_sources_of(outlet)
        )
        names = [sources.source_job(source).name for source in wanted]
        desk.since_ms = await desk.patiently(desk.frontier.clock_ms)
        await desk.patiently(lambda: sources.register(desk.frontier, outlets, wanted=wanted))
        await desk.patiently(lambda: sources.poll_now(desk.frontier, names))

        async def is_over() -> bool:
            busy, _left = await desk.patiently(
                lambda: passes.still_open(desk.redis, names, desk.since_ms)
            )
            return not busy and not desk.in_hand

        async for request in Shift(desk, kinds="open sources").requests(is_over):
            yield request
