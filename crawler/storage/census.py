"""A census of the frontier: how much waits, where, and what stands in the way.

Promise: reading it costs the server the same at ten jobs and at ten million.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from crawler.storage.connection import Connection, key


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """Why a host is not visited for now, and since when it does not answer as it should."""

    since: datetime
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """Counts of the frontier. `waiting` jobs could go as soon as their host's turn comes."""

    waiting: int
    leased: int
    later: int
    dead: int
    hosts: int
    held: int
    memory_bytes: int
    rests: Mapping[str, Rest]


async def take(redis: Connection) -> Census:
    """Count what is in the frontier."""
    jobs = int(await redis.ask("GET", key("jobs")) or 0)
    leased = int(await redis.ask("ZCARD", key("leases")))
    later = int(await redis.ask("ZCARD", key("later")))
    memory = await redis.ask("INFO", "memory")
    return Census(
        waiting=max(0, jobs - leased - later),
        leased=leased,
        later=later,
        dead=int(await redis.ask("HLEN", key("dead"))),
        hosts=int(await redis.ask("ZCARD", key("hosts"))),
        held=int(await redis.ask("HLEN", key("held"))),
        memory_bytes=int(memory["used_memory"]),
        rests=await resting(redis),
    )


async def oldest_s(redis: Connection) -> float:
    """For how long the job whose turn came first has been waiting for a worker."""
    return int(await redis.run("oldest")) / 1000


async def resting(redis: Connection) -> dict[str, Rest]:
    """The hosts that are not visited for now."""
    rows = await redis.ask("HGETALL", key("rests"))
    return {host: _rest(text) for host, text in rows.items()}


def _rest(text: str) -> Rest:
    ms, _, why = text.partition(" ")
    return Rest(since=datetime.fromtimestamp(int(ms) / 1000, UTC), why=why)
