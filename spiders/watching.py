"""The spider of `tumen watch`: each source when it is due, for ever.

Promise: it follows the catalogue of its start (sources that are gone from it are dropped), and
ends only when it is told to.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from scrapy import Request, Spider

from crawler.extensions import keeper_of
from crawler.storage import sources
from spiders.worker import Shift

# New sources are polled one after another over this time, not all at once.
SPREAD_S = 60.0
SPREAD_PER_OUTLET_S = 0.5


class WatchSpider(Spider):
    """The same for ever: each source when it is due."""

    name = "watch"

    async def start(self) -> AsyncIterator[Request]:
        keeper = keeper_of(self.crawler)
        desk = await keeper.open()
        if desk is None:
            return
        selected = keeper.assignment.selected
        spread_s = min(SPREAD_S, SPREAD_PER_OUTLET_S * len(selected))
        await desk.patiently(lambda: sources.keep_only(desk.frontier, selected))
        await desk.patiently(lambda: sources.register(desk.frontier, selected, spread_s=spread_s))
        async for request in Shift(desk).requests(_never):
            yield request


async def _never() -> bool:
    return False
