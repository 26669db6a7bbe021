"""Builders for tests of the frontier: a frontier on a real Redis, jobs, and time that passes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from crawler.news.records import Entry
from crawler.storage.connection import Connection, connect, key
from crawler.storage.frontier import Frontier
from crawler.storage.jobs import Job, Lease, article_job

Answer = TypeVar("Answer")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def with_redis(redis_url: str, work: Callable[[Connection], Awaitable[Answer]]) -> Answer:
    """Run a test's work on a connection to the given Redis."""

    async def go() -> Answer:
        redis = await connect(Path(), redis_url)
        try:
            return await work(redis)
        finally:
            await redis.close()

    return asyncio.run(go())


def with_frontier(
    redis_url: str, work: Callable[[Frontier], Awaitable[Answer]], *, lease_s: float = 60.0
) -> Answer:
    """Run a test's work on a frontier of the given Redis."""
    return with_redis(redis_url, lambda redis: work(Frontier(redis, lease_s, 0.0)))


def page(path: str = "/1", host: str = "a.example") -> Job:
    """An article job of a host."""
    entry = Entry(url=f"https://{host}{path}", title="A visit")
    return article_job(entry, outlet="a", source="a/feed", source_url=None, found="feed", now=NOW)


async def allow_all(frontier: Frontier, *hosts: str) -> None:
    """Hosts whose robots.txt was read and forbids nothing."""
    for host in hosts:
        await frontier.redis.ask("HSET", key("robots", host), "state", "none", "at", "1")


async def claim_one(frontier: Frontier, **options: str) -> Lease:
    """Claim exactly one job."""
    claim = await frontier.claim(1, **options)
    (lease,) = claim.leases
    return lease


async def run_out(frontier: Frontier, lease: Lease) -> None:
    """Let a lease run out, as when its worker is paused or dead."""
    await frontier.redis.ask("ZADD", key("leases"), 1, lease.name)


async def free_hosts(frontier: Frontier) -> None:
    """Let all pauses pass."""
    for host in await frontier.redis.ask("ZRANGE", key("hosts"), 0, -1):
        await frontier.redis.ask("ZADD", key("hosts"), 1, host)
    for job in await frontier.redis.ask("ZRANGE", key("later"), 0, -1):
        await frontier.redis.ask("ZADD", key("later"), 1, job)
