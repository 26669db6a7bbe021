"""The keeper of the desk: opens it for the spider, closes it when the spider has ended.

Promise: `scrapy crawl` and `tumen crawl` open the same desk from the same settings; a start that
fails leaves its reason in `problem`, and whatever was open is closed.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from scrapy import signals
from scrapy.crawler import Crawler

from crawler.config import Config
from crawler.desk import Desk, open_desk
from crawler.door import install_door
from crawler.errors import DependencyDown, TumenError
from crawler.news.outlets import Outlet
from crawler.settings import door_for
from crawler.storage import passes
from crawler.storage.catalogue import load_catalogue, read_topic
from crawler.storage.census import Rest, resting
from crawler.storage.jobs import Job

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """What a spider is to do: the outlets it polls, all it knows, and pages a person asked for."""

    catalogue: tuple[Outlet, ...]
    selected: tuple[Outlet, ...]
    topic: tuple[str, str]
    pages: tuple[Job, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PassReport:
    """What became of a pass when this process left it, counted over all its processes.

    `tally` is (outlet, event) -> n; `open_jobs` names what was left to the next pass; `rests` says
    of each host that rests why.
    """

    tally: Mapping[tuple[str, str], int]
    open_jobs: tuple[str, ...]
    rests: Mapping[str, Rest]


def whole_catalogue(config: Config) -> Assignment:
    """Everything that is enabled in the operator's catalogue."""
    catalogue = load_catalogue(config.outlets, config.data_dir)
    enabled = tuple(outlet for outlet in catalogue if outlet.enabled)
    return Assignment(catalogue=catalogue, selected=enabled, topic=read_topic(config.topic))


class DeskKeeper:
    """One per crawl; spiders and middlewares find it by `crawler.get_extension`."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.desk: Desk | None = None
        self.problem: TumenError | None = None
        self.report: PassReport | None = None
        config: Config = crawler.settings["TUMEN"]
        self.assignment: Assignment = crawler.settings["TUMEN_ASSIGNMENT"] or whole_catalogue(
            config
        )
        self.door = door_for(config, self.assignment.catalogue)
        crawler.settings.set("TUMEN_DOOR", self.door, "cmdline")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> DeskKeeper:
        keeper = cls(crawler)
        crawler.signals.connect(keeper.close, signal=signals.spider_closed)
        return keeper

    async def open(self) -> Desk | None:
        """Open the desk; None, and the reason in `problem`, when that is not possible."""
        from twisted.internet import reactor  # exists only once Scrapy chose it

        # Scrapy installs its resolver, and so the door, before any catalogue is known.
        install_door(reactor, self.door)
        config: Config = self.crawler.settings["TUMEN"]
        try:
            self.desk = await open_desk(
                config,
                self.assignment.catalogue,
                self.assignment.topic,
                self.crawler.signals,
                self._is_stopping,
            )
        except TumenError as error:
            self.problem = error
            return None
        self.desk.start_heartbeat()
        return self.desk

    def _is_stopping(self) -> bool:
        engine = self.crawler.engine
        return engine is not None and not engine.running

    async def close(self) -> None:
        """Give back what was not finished."""
        desk = self.desk
        if desk is None:
            return
        try:
            if desk.pass_id:
                self.report = await _report(desk)
        except DependencyDown as error:
            self.problem = error
        finally:
            await desk.close()


async def _report(desk: Desk) -> PassReport:
    return PassReport(
        tally=await passes.tally(desk.redis),
        open_jobs=tuple(await passes.left_open(desk.redis)),
        rests=await resting(desk.redis),
    )


def keeper_of(crawler: Crawler) -> DeskKeeper:
    """The keeper of this crawl."""
    keeper = crawler.get_extension(DeskKeeper)
    if keeper is None:
        raise RuntimeError("crawler.extensions.DeskKeeper is not among EXTENSIONS")
    return keeper


def desk_of(crawler: Crawler) -> Desk:
    """The open desk of this crawl."""
    desk = keeper_of(crawler).desk
    if desk is None:
        raise RuntimeError("a leased request outside a worker")
    return desk
