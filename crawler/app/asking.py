"""Asking for one page outside a crawl, with the same door and the same manners.

Promise: robots.txt first, one request after the other, and nothing that a crawl would not ask for.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from scrapy.settings import Settings
from twisted.python.failure import Failure

from crawler.app.running import begin_log
from crawler.app.terminal import say
from crawler.config import Config
from crawler.news.answers import meaning_of, words_for
from crawler.news.outlets import Outlet
from crawler.robots import read_rules
from crawler.settings import door_for, from_config
from spiders.asking import header, silence_of, target_of_redirect

REDIRECT_LIMIT = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What HTTP gave for the page."""

    url: str
    body: bytes
    content_type: str | None


class OnePageSpider(Spider):
    """Asks for robots.txt, then for the page."""

    name = "one-page"

    def __init__(self, url: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.url = url
        self.hops = 0
        self.answer: Answer | None = None

    async def start(self) -> AsyncIterator[Request]:
        yield self._robots_of(self.url)

    def _robots_of(self, url: str) -> Request:
        address = url.split("/", 3)
        return Request(
            f"{address[0]}//{address[2]}/robots.txt",
            callback=self.on_robots,
            errback=self.on_silence,
            cb_kwargs={"url": url},
            dont_filter=True,
        )

    def on_robots(self, response: Response, url: str) -> Request | None:
        """Ask for the page when robots.txt lets us."""
        meaning = meaning_of(response.status)
        if meaning in ("throttled", "server-error"):
            say(f"{url}: not asked for, as robots.txt gave {words_for(response.status)}")
            return None
        if meaning == "ok" and not read_rules(response.body.decode("utf-8", "replace")).allow(url):
            say(f"{url}: robots.txt forbids it")
            return None
        return Request(url, callback=self.on_page, errback=self.on_silence, dont_filter=True)

    def on_page(self, response: Response) -> Request | None:
        """Take the page, or follow its redirect."""
        meaning = meaning_of(response.status)
        if meaning == "moved":
            target = target_of_redirect(response)
            self.hops += 1
            if target is None or self.hops > REDIRECT_LIMIT:
                say(f"{response.url}: redirected to nowhere, or too often")
                return None
            return self._robots_of(target)
        if meaning != "ok":
            say(f"{response.url}: {words_for(response.status)}")
            return None
        self.answer = Answer(
            url=response.url, body=response.body, content_type=header(response, "Content-Type")
        )
        return None

    def on_silence(self, failure: Failure) -> None:
        """Say why there is no answer."""
        words = silence_of(failure.value or LookupError("no reason was given")).words
        say(f"{self.url}: {words}")


def ask_once(config: Config, catalogue: Sequence[Outlet], url: str) -> Answer | None:
    """Fetch one page; None when that is not possible (the reason is said)."""
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.setdict(from_config(config), priority="cmdline")
    own: dict[str, Any] = {
        "TUMEN_DOOR": door_for(config, catalogue),
        "DOWNLOADER_MIDDLEWARES": {"crawler.door.DoorMiddleware": 1},
        "EXTENSIONS": {},
        "ITEM_PIPELINES": {},
        "DOWNLOAD_DELAY": config.host_delay_s,
        "LOG_ENABLED": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
    }
    settings.setdict(own, priority="cmdline")
    runner = AsyncCrawlerProcess(settings)
    begin_log("warning")
    crawler = runner.create_crawler(OnePageSpider)
    runner.crawl(crawler, url=url)
    runner.start()
    spider = crawler.spider
    return spider.answer if isinstance(spider, OnePageSpider) else None
