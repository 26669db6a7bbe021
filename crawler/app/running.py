"""Running a spider in this process, from configuration to what became of it.

Promise: a run ends with a report, or with the problem that kept it from its work.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from crawler.app.logs import begin_log
from crawler.config import Config
from crawler.extensions import Assignment, DeskKeeper, keeper_of
from crawler.settings import door_for, from_config

# Before the collector looks at them; Python's own 700 are reached several times a page.
_YOUNG_OBJECTS = 10_000


def run_spider(
    name: str,
    config: Config,
    assignment: Assignment,
    level: str,
    listen: Callable[[Crawler], None] | None = None,
) -> DeskKeeper:
    """Run the spider of this name until it ends; `listen` may connect to its signals.

    Raises what kept it from its work.
    """
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.setdict(from_config(config), priority="cmdline")
    own: dict[str, Any] = {
        "TUMEN_ASSIGNMENT": assignment,
        "TUMEN_DOOR": door_for(config, assignment.catalogue),
        "LOG_ENABLED": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
    }
    settings.setdict(own, priority="cmdline")
    runner = AsyncCrawlerProcess(settings)
    begin_log(level)  # Scrapy has set up its own by now
    crawler = runner.create_crawler(name)
    if listen is not None:
        listen(crawler)
    runner.crawl(crawler)
    _spare_the_collector()
    runner.start()
    keeper = keeper_of(crawler)
    if keeper.problem is not None:
        raise keeper.problem
    return keeper


def _spare_the_collector() -> None:
    # What the program is made of is never garbage: walked again and again, it would stop the loop
    # for a tenth of a second at a time. Most of the thousands of objects of a page live shortly.
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS)
