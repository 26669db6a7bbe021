"""`tumen store`: check the store line by line, and teach a Redis that lost its memory.

Promise: checking changes nothing; what is mended is named.
"""

from __future__ import annotations

import asyncio

import click

from crawler.app import options
from crawler.app.terminal import say, show_table
from crawler.config import Config
from crawler.errors import ConfigError
from crawler.storage.connection import connect
from crawler.storage.frontier import Frontier
from crawler.storage.recovery import reindex as teach
from crawler.storage.verify import verify as check

UNSOUND = 1


@click.group(epilog="Example: tumen store verify --data data")
def store() -> None:
    """Check and mend the store."""


@store.command(epilog="Example: tumen store verify && echo sound")
@options.where
@options.as_json
def verify(data: str | None, redis_url: str | None, json_lines: bool) -> int:
    """Check every line of articles and journal; changes nothing."""
    config = options.config_of(data=data, redis_url=redis_url)
    if not config.data_dir.exists():
        raise ConfigError(f"{config.data_dir} is not there; name the store with --data")
    report = check(config.data_dir)
    rows = [(problem.file, problem.line, problem.kind, problem.what) for problem in report.problems]
    if rows or json_lines:
        show_table(("file", "line", "kind", "what"), rows, json_lines=json_lines)
    say(
        f"{report.files} files, {report.records} records of {report.articles} articles, "
        f"{report.omissions} lines of the journal: "
        + ("all sound" if report.is_sound else f"{report.kinds.total()} problems")
    )
    return 0 if report.is_sound else UNSOUND


@store.command(epilog="Example: tumen store reindex --data data --redis redis://localhost/0")
@options.where
def reindex(data: str | None, redis_url: str | None) -> None:
    """Teach Redis again what is stored and what was left out, from the store alone."""
    config = options.config_of(data=data, redis_url=redis_url)
    records, urls = asyncio.run(_teach(config))
    say(f"{records} records and {urls} URLs taught")


async def _teach(config: Config) -> tuple[int, int]:
    redis = await connect(config.data_dir, config.redis_url)
    try:
        return await teach(config.data_dir, Frontier(redis, config.lease_s, config.host_delay_s))
    finally:
        await redis.close()
