"""The spider of `tumen watch`: each source when it is due, for ever.

Promise: it follows the catalogue of its start (sources that are gone from it are dropped), teaches
a Redis that lost its memory again, and ends only when it is told to.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from scrapy import Request, Spider

from crawler.desk import Desk
from crawler.extensions import keeper_of
from crawler.news.outlets import Outlet
from crawler.storage import sources
from spiders.worker import Shift

# New sources are polled one after another over this time, not all at once.
SPREAD_S = 60.0
SPREAD_PER_OUTLET_S = 0.5


async def _register(desk: Desk, outlets: Sequence[Outlet]) -> None:
    """Make every source a job that comes back."""
    spread_s = min(SPREAD_S, SPREAD_PER_OUTLET_S * len(outlets))
    await desk.patiently(lambda: sources.register(desk.frontier, outlets, spread_s=spread_s))


class WatchSpider(Spider):
    """The same for ever: each source when it is due."""

    name = "watch"

    async def start(self) -> AsyncIterator[Request]:
        keeper = keeper_of(self.crawler)
        desk = await keeper.open()
        if desk is None:
            return
        outlets = keeper.assignment.selected
        await desk.patiently(lambda: sources.keep_only(desk.frontier, outlets))
        await _register(desk, outlets)

        async def is_over() -> bool:
            """Never; a Redis that was wiped knows no sources any more."""
            if await desk.teach_strange():
                await _register(desk, outlets)
            return False

        async for request in Shift(desk).requests(is_over):
            yield request
