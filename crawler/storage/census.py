"""A census of the frontier: how much waits, where, and what stands in the way.

Promise: reading it costs the server the same at ten jobs and at ten million.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from crawler.storage.connection import Connection, key

# So many hosts that cannot be reached, and none that answers: no network, as in lua/prelude.lua.
NOBODY = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """Why a host is not visited for now, and since when it does not answer as it should."""

    since: datetime
    why: str

    @property
    def is_for_robots(self) -> bool:
        """Whether nothing of it is asked for, as its robots.txt cannot be had."""
        return self.why.startswith("robots.txt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """There is no network: so many hosts were asked, and none has answered since (None: ever)."""

    since: datetime | None
    hosts: int


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


async def outage(redis: Connection) -> Outage | None:
    """Whether there was no network when somebody was asked last."""
    hosts = int(await redis.ask("ZCARD", key("unanswered")))
    if hosts < NOBODY:
        return None
    answered_ms = await redis.ask("GET", key("answered"))
    return Outage(since=_moment(answered_ms) if answered_ms else None, hosts=hosts)


def _moment(ms: str) -> datetime:
    return datetime.fromtimestamp(int(ms) / 1000, UTC)


def _rest(text: str) -> Rest:
    ms, _, why = text.partition(" ")
    return Rest(since=_moment(ms), why=why)
