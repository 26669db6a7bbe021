"""The connection to Redis: one client, the scripts of the frontier, and what its failures mean.

Promise: a Redis that is away, full or read-only is a DependencyDown that the caller can wait out;
nothing blocks longer than the time-outs set here; a Redis that would evict keys, or that a newer
Tumen wrote, is refused.
"""

from __future__ import annotations

import asyncio
import hashlib
import importlib.resources
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import NoScriptError, RedisError

from crawler.errors import ConfigError, DependencyDown
from crawler.notation import redact_url
from crawler.storage import embedded
from crawler.storage.batches import Batches

PREFIX = "{tumen}:"
# Of all keys together, under the key "version". It goes up when a former Tumen would misread what
# this one writes, or the other way round; Redis is then taught anew from the store (recovery.py).
VERSION = 1
CONNECT_TIMEOUT_S = 5.0
# A batch of 500 offers takes 45 ms of the server; ten seconds is a server in trouble.
ANSWER_TIMEOUT_S = 10.0


def key(*parts: str) -> str:
    """Name of a key; all of them are listed at the top of lua/prelude.lua."""
    return PREFIX + ":".join(parts)


def _script(name: str) -> str:
    folder = importlib.resources.files("crawler.storage") / "lua"
    return (folder / "prelude.lua").read_text("utf-8") + (folder / f"{name}.lua").read_text("utf-8")


@dataclass(slots=True)
class Connection:
    """An open Redis. `hold` keeps the embedded server alive; None with a server of the user's."""

    url: str
    client: Redis
    hold: embedded.Hold | None
    scripts: dict[str, tuple[str, str]]
    batches: Batches

    async def run(self, name: str, *args: str | int | float) -> Any:
        """Run a script of lua/ by its name; raises DependencyDown when Redis cannot answer."""
        if name not in self.scripts:
            source = _script(name)
            digest = hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest()
            self.scripts[name] = (digest, source)
        digest, source = self.scripts[name]
        try:
            try:
                return await self.batches.ask("EVALSHA", digest, 0, *args)
            except NoScriptError:
                return await self.batches.ask("EVAL", source, 0, *args)
        except (RedisError, OSError) as error:
            raise self.down(error) from error

    async def ask(self, *command: str | int | float) -> Any:
        """Send one plain command; raises DependencyDown when Redis cannot answer."""
        try:
            return await self.batches.ask(*command)
        except (RedisError, OSError) as error:
            raise self.down(error) from error

    def down(self, error: Exception) -> DependencyDown:
        """The error of a client call as what it means for the user."""
        place = "the embedded Redis" if self.hold else f"Redis at {redact_url(self.url)}"
        reason = str(error).strip() or type(error).__name__
        return DependencyDown(f"{place} does not serve: {reason}")

    async def revive(self) -> None:
        """Bring the embedded server back after a failure; a server of the user's is waited for."""
        if self.hold is not None:
            await asyncio.to_thread(embedded.ensure, self.hold)

    async def close(self) -> None:
        """Leave the server; the embedded one goes when its last user has left."""
        await self.batches.close()
        await self.client.aclose()
        if self.hold is not None:
            self.hold.close()


async def connect(data_dir: Path, redis_url: str | None) -> Connection:
    """Open the user's Redis, or the embedded one of the data folder; raises DependencyDown."""
    hold = None
    if redis_url is None:
        hold = await asyncio.to_thread(embedded.hold, data_dir)
    url = redis_url or (hold.url if hold else "")
    client = Redis.from_url(
        url,
        decode_responses=True,
        socket_connect_timeout=CONNECT_TIMEOUT_S,
        socket_timeout=ANSWER_TIMEOUT_S,
        retry=Retry(NoBackoff(), 0),
    )
    connection = Connection(url, client, hold, {}, Batches(client))
    try:
        await _check(connection)
    except BaseException:
        await connection.close()
        raise
    return connection


async def _check(connection: Connection) -> None:
    memory = await connection.ask("INFO", "memory")
    policy = memory.get("maxmemory_policy", "noeviction")
    # Also without a limit of memory: one may be set at any time, and hosted servers do not tell it.
    if policy != "noeviction":
        raise DependencyDown(
            f"Redis at {redact_url(connection.url)} evicts keys (maxmemory-policy {policy}): "
            "it would forget URLs and jobs. Set maxmemory-policy to noeviction."
        )
    if (known := await version_of(connection)) > VERSION:
        raise ConfigError(
            f"Redis at {redact_url(connection.url)} was written by a newer Tumen (version {known} "
            f"of its keys, this one knows {VERSION}): install that one again, or give this one an "
            "empty Redis, which it teaches from the store"
        )
    await connection.ask("SET", key("epoch"), secrets.token_hex(4), "NX")


async def version_of(connection: Connection) -> int:
    """Of which version the keys in this Redis are; an empty one is of ours."""
    known = await connection.ask("GET", key("version"))
    if known is not None:
        return int(known)
    # Before versions were written there was only the first.
    return 1 if await connection.ask("EXISTS", key("store")) else VERSION
