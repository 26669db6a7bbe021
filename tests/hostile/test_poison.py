"""A page that kills whoever reads it: three deaths are proof enough, and nobody else pays."""

from __future__ import annotations

import asyncio
from pathlib import Path

from scrapy import Request
from scrapy.http import HtmlResponse
from scrapy.signalmanager import SignalManager

from crawler.config import Config
from crawler.desk import Desk, open_desk
from crawler.parse_pool import ParsePool
from crawler.storage import dead
from crawler.storage.catalogue import read_topic
from crawler.storage.jobs import Lease
from spiders.worker import Shift
from tests.hostile.stage import page
from tests.integration.frontiers import NOW, allow_all, claim_one, free_hosts
from tests.integration.frontiers import page as job

# Read within a moment by nobody: it is over any limit that small.
ENDLESS = b"<p>Russia North Korea " * 400_000
LIMIT_S = 0.5


async def desk_at(redis_url: str, folder: Path) -> Desk:
    """A worker's desk that archives nothing."""
    config = Config(data_dir=folder, redis_url=redis_url, parsers=1, archive=False)
    return await open_desk(config, (), read_topic(), SignalManager(), lambda: False)


async def read(desk: Desk, lease: Lease, body: bytes) -> list[object]:
    """What a worker does with an answer to a leased request."""
    request = Request(lease.job.fetch_url, meta={"lease": lease})
    response = HtmlResponse(lease.job.fetch_url, body=body, encoding="utf-8", request=request)
    return [draft async for draft in Shift(desk).on_answer(response)]


def test_a_page_that_kills_its_readers_is_buried_after_three_deaths(
    redis_url: str, tmp_path: Path
) -> None:
    async def go() -> tuple[list[int], str, int]:
        desk = await desk_at(redis_url, tmp_path)
        desk.pool.close()
        desk.pool = ParsePool(read_topic(), 1, page_limit_s=LIMIT_S)
        deaths = []
        try:
            await allow_all(desk.frontier, "a.example", "b.example")
            await desk.frontier.offer([job("/1")], NOW)
            for _ in range(3):
                lease = await claim_one(desk.frontier)
                deaths.append(lease.deaths)
                await read(desk, lease, ENDLESS)
                await free_hosts(desk.frontier)
            desk.pool.close()
            desk.pool = ParsePool(read_topic(), 1)
            await desk.frontier.offer([job("/1", "b.example")], NOW)
            drafts = await read(desk, await claim_one(desk.frontier), page())
            (letter,) = await dead.load(desk.redis)
            return deaths, letter.reason, len(drafts)
        finally:
            await desk.close()

    deaths, reason, others = asyncio.run(go())
    assert deaths == [0, 1, 2]
    assert reason.startswith("poison: reading https://a.example/1 took over")
    assert others == 1
