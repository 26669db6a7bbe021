"""A pass of `tumen crawl`: one poll of every selected source, shared by all processes that join.

Promise: processes that crawl while a pass lives work on the same pass; it ends once for all of
them, and what it could not do in time stays in the frontier.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.storage.connection import Connection, key

# Without a heartbeat for this long a pass is dead, and the next crawl begins a new one.
LIFE_S = 20.0
# What is not due within this time is left to the next pass (design.md 4).
HORIZON_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """The pass this process works on."""

    id: str
    joined: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PassState:
    """Whether a pass has come to its end, and how many of its jobs are open."""

    over: bool
    open_jobs: int


async def join(redis: Connection) -> Pass:
    """Join the pass that lives, or begin one."""
    fresh = secrets.token_hex(6)
    name, new = await redis.run("join_pass", fresh, int(LIFE_S * 1000))
    return Pass(id=name, joined=not new)


async def beat(redis: Connection, pass_id: str, since_ms: int = 0) -> PassState:
    """Keep the pass alive and see whether it is over.

    For a process that began at `since_ms` (0: for ever) it is over too when there is no network.
    """
    over, open_jobs = await redis.run(
        "pass_state", pass_id, int(LIFE_S * 1000), int(HORIZON_S * 1000), since_ms
    )
    return PassState(over=bool(over), open_jobs=open_jobs)


async def has_ended(redis: Connection) -> bool:
    """Whether the pass came to its end."""
    return bool(await redis.ask("HEXISTS", key("pass"), "ended_ms"))


async def still_open(
    redis: Connection, names: Sequence[str], since_ms: int
) -> tuple[int, list[str]]:
    """Of jobs that somebody waits for: how many go on for now, and which are not done."""
    busy, left = await redis.run("still_open", int(HORIZON_S * 1000), since_ms, *names)
    return busy, left


async def tally(redis: Connection) -> dict[tuple[str, str], int]:
    """The counts of the pass over all its processes: (outlet, event) -> n."""
    counts = await redis.ask("HGETALL", key("pass", "tally"))
    named = ((name.partition("|"), int(n)) for name, n in counts.items())
    return {(outlet, event): n for (outlet, _, event), n in named}


async def left_open(redis: Connection) -> list[str]:
    """Names of the pass's jobs that are not settled, for the report of what remains."""
    return sorted(await redis.ask("SMEMBERS", key("pass", "open")))
