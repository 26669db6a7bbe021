"""The spider of `tumen watch`: each source when it is due, for ever.

Promise: it follows the catalogue of its start (sources that are gone from it are dropped), teaches
a Redis that lost its memory again, and ends only when it is told to.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from scrapy import Request, Spider

from crawler.desk import Desk
from crawler.extensions import keeper_of
from crawler.news.outlets import Outlet
from crawler.storage import sources
from crawler.storage.recovery import is_strange, know_each_other
from spiders.worker import Shift

# New sources are polled one after another over this time, not all at once.
SPREAD_S = 60.0
SPREAD_PER_OUTLET_S = 0.5
LOOK_AT_REDIS_S = 5.0


@dataclass(slots=True)
class _Round:
    """What a watch does between claims: it looks whether Redis still knows this store."""

    desk: Desk
    outlets: Sequence[Outlet]
    looked_at: float = 0.0

    async def register(self) -> None:
        """Make every source a job that comes back."""
        spread_s = min(SPREAD_S, SPREAD_PER_OUTLET_S * len(self.outlets))
        await self.desk.patiently(
            lambda: sources.register(self.desk.frontier, self.outlets, spread_s=spread_s)
        )

    async def look(self) -> bool:
        """Never over; a Redis that was wiped is taught again."""
        if time.monotonic() - self.looked_at > LOOK_AT_REDIS_S:
            self.looked_at = time.monotonic()
            frontier = self.desk.frontier
            await self.desk.patiently(frontier.rotate_seen)
            if await self.desk.patiently(lambda: is_strange(frontier)):
                data_dir = self.desk.config.data_dir
                await self.desk.patiently(lambda: know_each_other(data_dir, frontier))
                await self.register()
        return False


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
        watch = _Round(desk, outlets)
        await watch.register()
        async for request in Shift(desk).requests(watch.look):
            yield request
