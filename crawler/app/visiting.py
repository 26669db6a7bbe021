"""Visits outside a crawl: pages asked for one after the other, through the one door.

Promise: robots.txt of every host first, redirect hops included; a pause after each request to a
host; and nothing that a crawl would not ask for.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.core.engine import ExecutionEngine
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.http import Response
from scrapy.settings import Settings

from crawler.app.logs import begin_log
from crawler.config import Config
from crawler.news.addresses import DoorRule
from crawler.news.answers import meaning_of, words_for
from crawler.news.outlets import Outlet
from crawler.robots import SIZE_LIMIT, Rules, read_rules
from crawler.settings import door_for, from_config
from spiders.asking import SOURCE_SIZE_LIMIT, header, silence_of, target_of_redirect

REDIRECT_LIMIT = 5
_FOR_GOOD = (301, 308)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What HTTP gave. `lasting_url` is where to ask next time: behind redirects made for good."""

    url: str
    lasting_url: str
    body: bytes
    content_type: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAnswer:
    """Why there is none, in words."""

    url: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Robots:
    text: str
    rules: Rules | None  # None: nothing of the host may be asked for now
    why: str = ""


class Visitor:
    """Asks for pages in turn; `asked` counts the requests."""

    def __init__(self, engine: ExecutionEngine, pause_s: float) -> None:
        self.asked = 0
        self._engine = engine
        self._pause_s = pause_s
        self._robots: dict[str, _Robots] = {}
        self._free_at: dict[str, float] = {}

    async def ask(self, url: str) -> Answer | NoAnswer:
        """Ask for a page and follow where it leads; robots.txt decides at every step."""
        lasting, is_lasting = url, True
        for _ in range(REDIRECT_LIMIT + 1):
            robots = await self._robots_of(url)
            if robots.rules is None:
                return NoAnswer(url=url, why=f"not asked for; its robots.txt: {robots.why}")
            if not robots.rules.allow(url):
                return NoAnswer(url=url, why="robots.txt forbids it")
            got = await self._fetch(url, max(self._pause_s, robots.rules.crawl_delay_s))
            if isinstance(got, NoAnswer):
                return got
            meaning = meaning_of(got.status)
            if meaning == "ok":
                kind = header(got, "Content-Type")
                return Answer(url=url, lasting_url=lasting, body=got.body, content_type=kind)
            target = target_of_redirect(got) if meaning == "moved" else None
            if meaning != "moved":
                return NoAnswer(url=url, why=words_for(got.status))
            if target is None:
                break
            is_lasting = is_lasting and got.status in _FOR_GOOD
            url, lasting = target, target if is_lasting else lasting
        return NoAnswer(url=url, why="redirected to nowhere, or too often")

    async def robots_text(self, url: str) -> str:
        """The robots.txt of the host of this page; empty where there is none."""
        return (await self._robots_of(url)).text

    async def _robots_of(self, url: str) -> _Robots:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._robots:
            self._robots[origin] = await self._read_robots(f"{origin}/robots.txt")
        return self._robots[origin]

    async def _read_robots(self, url: str) -> _Robots:
        for _ in range(REDIRECT_LIMIT + 1):
            got = await self._fetch(url, self._pause_s)
            if isinstance(got, NoAnswer):
                return _Robots(text="", rules=None, why=got.why)
            meaning = meaning_of(got.status)
            target = target_of_redirect(got) if meaning == "moved" else None
            if meaning in ("throttled", "server-error"):
                return _Robots(text="", rules=None, why=words_for(got.status))
            if meaning == "ok":
                text = got.body[:SIZE_LIMIT].decode("utf-8", "replace")
                return _Robots(text=text, rules=read_rules(text))
            if target is None:
                break
            url = target
        return _Robots(text="", rules=Rules(None, 0.0))

    async def _fetch(self, url: str, pause_s: float) -> Response | NoAnswer:
        host = urlsplit(url).netloc
        clock = asyncio.get_running_loop().time
        await asyncio.sleep(max(0.0, self._free_at.get(host, 0.0) - clock()))
        meta = {"download_maxsize": SOURCE_SIZE_LIMIT, "handle_httpstatus_all": True}
        self.asked += 1
        try:
            return await self._engine.download_async(Request(url, meta=meta, dont_filter=True))
        except Exception as error:  # whatever it was, silence_of has words for it
            return NoAnswer(url=url, why=silence_of(error).words)
        finally:
            self._free_at[host] = clock() + pause_s


class VisitingSpider(Spider):
    """Does one piece of work with a visitor, and remembers what came of it."""

    name = "visiting"

    def __init__(self, work: Callable[[Visitor], Awaitable[Any]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.work = work
        self.result: Any = None
        self.problem: BaseException | None = None

    async def start(self) -> AsyncIterator[Request]:
        """Do the work; there is no request that Scrapy would have to schedule."""
        engine = self.crawler.engine
        assert engine is not None  # it is what calls this
        try:
            self.result = await self.work(
                Visitor(engine, self.crawler.settings["TUMEN"].host_delay_s)
            )
        except Exception as error:  # raised to the caller, not into Scrapy's log
            self.problem = error
        return
        yield  # an async generator, as Scrapy wants one


def visit(
    config: Config,
    catalogue: Sequence[Outlet],
    work: Callable[[Visitor], Awaitable[Any]],
    *,
    addresses: Sequence[str] = (),
) -> Any:
    """Run a piece of work that asks for pages; returns what it returns.

    `addresses` are those that a person gave: their ports are open for their hosts.
    """
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.setdict(from_config(config), priority="cmdline")
    own: dict[str, Any] = {
        "TUMEN_DOOR": _door(config, catalogue, addresses),
        "DOWNLOADER_MIDDLEWARES": {"crawler.door.DoorMiddleware": 1},
        "EXTENSIONS": {},
        "ITEM_PIPELINES": {},
        "LOG_ENABLED": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
    }
    settings.setdict(own, priority="cmdline")
    runner = AsyncCrawlerProcess(settings)
    begin_log("warning")
    crawler: Crawler = runner.create_crawler(VisitingSpider)
    runner.crawl(crawler, work=work)
    runner.start()
    spider = crawler.spider
    assert isinstance(spider, VisitingSpider)
    if spider.problem is not None:
        raise spider.problem
    return spider.result


def _door(config: Config, catalogue: Sequence[Outlet], addresses: Sequence[str]) -> DoorRule:
    rule = door_for(config, catalogue)
    ports = {host: set(open_ports) for host, open_ports in rule.ports.items()}
    for parts in map(urlsplit, addresses):
        if parts.hostname and parts.port:
            ports.setdefault(parts.hostname, set()).add(parts.port)
    return replace(rule, ports={host: frozenset(opened) for host, opened in ports.items()})
