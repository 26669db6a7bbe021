"""P9: what is remembered of a URL costs Redis a few bytes."""

from __future__ import annotations

from crawler.storage.frontier import Frontier
from tests.integration.frontiers import with_frontier

BATCH = 2_000


def test_p9_a_remembered_url_costs_less_than_20_bytes(redis_url: str) -> None:
    count = 1_000_000

    async def work(frontier: Frontier) -> float:
        async def used() -> int:
            return int((await frontier.redis.ask("INFO", "memory"))["used_memory"])

        before = await used()
        for first in range(0, count, BATCH):
            # What mark_seen sends; a million fingerprints alone would take half a minute.
            rows = (
                (n % 65_536, n * 0x9E3779B97F4A7C15 % 2**63, "", "")
                for n in range(first, first + BATCH)
            )
            await frontier.redis.run("offer", "", 4, *(part for row in rows for part in row))
        return (await used() - before) / count

    assert with_frontier(redis_url, work) < 20
