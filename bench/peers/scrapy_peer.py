"""A plain Scrapy spider over a list of URLs: `download` only, or `extract` with trafilatura.

python scrapy_peer.py download|extract URLS CONNECTIONS OUT
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerProcess


class Downloading(scrapy.Spider):
    """Fetches every URL and counts it."""

    name = "download"
    urls: tuple[str, ...] = ()

    async def start(self) -> AsyncIterator[Any]:
        for url in self.urls:
            yield scrapy.Request(url, dont_filter=True)

    def parse(self, response: Any) -> Any:
        yield {"url": response.url, "size": len(response.body)}


class Extracting(Downloading):
    """Fetches every URL and extracts its text in the callback, as tutorials show it."""

    name = "extract"

    def parse(self, response: Any) -> Any:
        import trafilatura

        yield {"url": response.url, "text": trafilatura.extract(response.text)}


def main() -> None:
    """Crawl what the arguments name."""
    how, urls, connections, out = sys.argv[1:]
    kind = {"download": Downloading, "extract": Extracting}[how]
    kind.urls = tuple(Path(urls).read_text(encoding="utf-8").split())
    feed = {} if how == "download" else {"FEEDS": {out: {"format": "jsonlines"}}}
    settings = {
        "CONCURRENT_REQUESTS": int(connections),
        "LOG_LEVEL": "WARNING",
        "TELNETCONSOLE_ENABLED": False,
        **feed,
    }
    runner = AsyncCrawlerProcess(settings)
    crawler = runner.create_crawler(kind)
    runner.crawl(crawler)
    runner.start()
    print(crawler.stats.get_value("item_scraped_count"))


if __name__ == "__main__":
    main()
