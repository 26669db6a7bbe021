"""`tumen healthcheck`: one answer for whoever restarts containers.

Promise: it waits for no worker and no server longer than eight seconds; 0 is healthy, anything else
is not, and why is said.
"""

from __future__ import annotations

import asyncio
import http.client

import click

from crawler.app import options
from crawler.app.terminal import say
from crawler.config import Config
from crawler.errors import DependencyDown
from crawler.notation import LOOPBACK, Listening
from crawler.storage.connection import connect
from crawler.storage.observing import ask_redis, try_disk

UNHEALTHY = 1
LIMIT_S = 8.0
# An address that stands for all of this machine's own.
_ANY = {"0.0.0.0": LOOPBACK, "::": "::1"}


@click.command(epilog="Example: tumen healthcheck && echo healthy")
@options.where
def healthcheck(data: str | None, redis_url: str | None) -> int:
    """Say whether a worker here can do its work: Redis and the store take writes.

    With TUMEN_METRICS the worker itself is asked, so that one that hangs is found out too.
    """
    config = options.config_of(data=data, redis_url=redis_url)
    trouble = _ask_worker(config.metrics) if config.metrics else None
    if trouble is None:
        asyncio.run(_try_all(config))
    elif trouble:
        say(trouble)
        return UNHEALTHY
    say("healthy")
    return 0


def _ask_worker(at: Listening) -> str | None:
    """What its /readyz has against it, "" for nothing; None when no worker listens there."""
    connection = http.client.HTTPConnection(_ANY.get(at.host, at.host), at.port, timeout=LIMIT_S)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        words = answer.read(4096).decode("utf-8", "replace").strip()
        return "" if answer.status == 200 else words
    except ConnectionRefusedError:
        return None
    except OSError as error:
        return f"the worker at {at} does not answer ({error})"
    finally:
        connection.close()


async def _try_all(config: Config) -> None:
    try:
        async with asyncio.timeout(LIMIT_S):
            redis = await connect(config.data_dir, config.redis_url)
            try:
                await ask_redis(redis)
            finally:
                await redis.close()
            await asyncio.to_thread(try_disk, config.data_dir)
    except TimeoutError:
        raise DependencyDown(f"Redis or the disk did not answer within {LIMIT_S:.0f} s") from None
