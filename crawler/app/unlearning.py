"""`tumen outlets unlearn`: forget which lines of an outlet were taken for furniture.

Promise: what was learned wrongly is forgotten by every worker within minutes, and learned anew from
the pages to come.
"""

from __future__ import annotations

import asyncio

import click

from crawler.app import options
from crawler.app.terminal import say
from crawler.config import Config
from crawler.storage import outlet_lines
from crawler.storage.connection import connect

NOT_FOUND = 1


@click.command("unlearn", epilog="Example: tumen outlets unlearn yonhap-en")
@click.argument("outlets", metavar="ID...", nargs=-1, required=True)
@options.where
def unlearn(outlets: tuple[str, ...], data: str | None, redis_url: str | None) -> int:
    """Forget which lines of an outlet recur on its pages, when real text went with them."""
    config = options.config_of(data=data, redis_url=redis_url)
    known = asyncio.run(_unlearn(config, outlets))
    for outlet, was_known in known.items():
        say(f"{outlet}: {'forgotten' if was_known else 'nothing was learned of it'}")
    return 0 if all(known.values()) else NOT_FOUND


async def _unlearn(config: Config, outlets: tuple[str, ...]) -> dict[str, bool]:
    redis = await connect(config.data_dir, config.redis_url)
    try:
        return {outlet: await outlet_lines.unlearn(redis, outlet) for outlet in outlets}
    finally:
        await redis.close()
