"""P9: what is remembered is bounded: of a URL in Redis, of a robots.txt in the worker."""

from __future__ import annotations

from crawler.robots import TEXT_KEPT, RobotsMemory
from crawler.storage.connection import key
from crawler.storage.frontier import Frontier
from tests.integration.frontiers import NOW, claim_one, page, with_frontier

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


def test_p9_long_robots_txts_are_not_all_kept_in_memory(redis_url: str) -> None:
    body = "User-agent: *\n" + "Disallow: /a*b\n" * 30_000

    async def work(frontier: Frontier) -> tuple[int, int]:
        memory, kept = RobotsMemory(frontier.redis), 0
        for at in range(12):
            host = f"{at}.example"
            await frontier.redis.ask(
                "HSET", key("robots", host), "state", "rules", "body", body, "at", "1"
            )
            await frontier.offer([page("/1", host)], NOW)
            rules = await memory.rules_for(await claim_one(frontier))
            assert rules is not None
            assert not rules.allow(f"https://{host}/acb")
            kept = max(kept, sum(size for _at, _rules, size in memory._rules.values()))
        return kept, len(memory._rules)

    kept, hosts = with_frontier(redis_url, work)
    assert (kept <= TEXT_KEPT, 0 < hosts < 12) == (True, True)
