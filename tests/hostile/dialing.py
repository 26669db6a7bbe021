"""A trial of the door: Scrapy asks for addresses in a process of its own, with the door or without.

    python -m tests.hostile.launch guarded|unguarded tests.hostile.dialing

prints how many connections the private server saw, for every way of `ways_in`, and how many the
public one saw in all, as JSON.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from crawler.config import Config
from crawler.news.addresses import DoorRule
from crawler.notation import parse_networks
from crawler.settings import from_config
from tests.hostile.canary import (
    NAMES,
    PRIVATE,
    PUBLIC,
    Listener,
    free_port,
    http,
    listening,
)
from tests.hostile.ways_in import WAYS, Way, public_page


class Dialer(Spider):
    """Tries every way in, one after the other."""

    name = "dialer"

    def __init__(self, canary: Listener, seen: dict[str, int], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.canary = canary
        self.seen = seen

    async def start(self) -> AsyncIterator[Request]:
        for way in WAYS:
            before = self.canary.connections
            for _ in range(way.times):
                with suppress(Exception):  # refusals of every kind; what counts is the canary
                    await self._ask(way)
            self.seen[way.name] = self.canary.connections - before
        return
        yield  # an async generator, as Scrapy wants one

    async def _ask(self, way: Way) -> None:
        engine = self.crawler.engine
        assert engine is not None
        meta: dict[str, Any] = {"download_timeout": 3, "handle_httpstatus_all": not way.hops}
        if way.proxy:
            meta["proxy"] = way.proxy.format(port=self.canary.port)
        url = way.url.format(port=self.canary.port)
        await engine.download_async(Request(url, meta=meta, dont_filter=True))


def run() -> tuple[dict[str, int], int]:
    """What the canary saw of every way in, and the public server of all."""
    port, seen = free_port(), dict[str, int]()
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    config = Config(allow_networks=parse_networks(PUBLIC))
    settings.setdict(from_config(config), priority="cmdline")
    own: dict[str, Any] = {
        "TUMEN_DOOR": DoorRule(networks=config.allow_networks, ports=_open_everywhere(port)),
        "DOWNLOADER_MIDDLEWARES": {"crawler.door.DoorMiddleware": 1},
        # In place, as nothing of ours does it: the door must hold for whoever switches it on.
        "REDIRECT_ENABLED": True,
        "METAREFRESH_ENABLED": True,
        "METAREFRESH_MAXDELAY": 100,
        "DNSCACHE_ENABLED": False,
        "EXTENSIONS": {},
        "ITEM_PIPELINES": {},
        "LOG_ENABLED": False,
    }
    settings.setdict(own, priority="cmdline")
    with (
        listening((PUBLIC,), port, public_page(port)) as public,
        listening(PRIVATE, port, lambda _line: http("a secret")) as canary,
    ):
        process = AsyncCrawlerProcess(settings)
        process.crawl(Dialer, canary=canary, seen=seen)
        process.start()
    return seen, public.connections


def _open_everywhere(port: int) -> dict[str, frozenset[int]]:
    # The port is no reason to refuse: it is open for every host that a way in names.
    hosts = {way.host.lower() for way in WAYS} | set(NAMES) | {PUBLIC}
    return {host: frozenset({port}) for host in hosts}


if __name__ == "__main__":
    print(json.dumps(run()))
