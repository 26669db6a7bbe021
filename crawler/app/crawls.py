"""`tumen crawl`, `tumen watch` and `tumen add`: the commands that run a spider.

Promise: results go to stdout, progress and logs to stderr; the summary counts the whole pass, over
all processes that took part in it.
"""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime

import click
from scrapy.crawler import Crawler

from crawler.app import options
from crawler.app.alert_following import following
from crawler.app.metrics import WorkerMetrics
from crawler.app.monitor import Monitor, open_socket
from crawler.app.passing import PassDisplay, pass_log_level, show_summary
from crawler.app.running import run_spider
from crawler.app.terminal import plain, say
from crawler.config import Config
from crawler.events import facts
from crawler.extensions import Assignment
from crawler.news.outlets import Outlet, outlet_of, select
from crawler.news.records import Entry
from crawler.news.urls import absolute_url
from crawler.storage.catalogue import load_catalogue, read_topic
from crawler.storage.jobs import Job, article_job

log = logging.getLogger(__name__)

NO_CONTACT = (
    "TUMEN_CONTACT is not set: outlets cannot see whom to ask about this crawler. "
    "Set it to a URL or mail address of yours."
)


@click.command(epilog="Example: tumen crawl --only yonhap-en --only nk-news --max-age 7d")
@options.catalogue
@click.option("--only", metavar="ID", multiple=True, help="Only this outlet (repeatable).")
@click.option("--country", metavar="CC", multiple=True, help="Only outlets of this country.")
@click.option("--kind", metavar="KIND", multiple=True, help="Only outlets of this kind.")
@options.where
@click.option("--max-age", metavar="AGE", help="Leave alone what is dated before (default: 3d).")
@options.as_json
def crawl(
    outlet_paths: tuple[str, ...],
    only: tuple[str, ...],
    country: tuple[str, ...],
    kind: tuple[str, ...],
    data: str | None,
    redis_url: str | None,
    max_age: str | None,
    json_lines: bool,
) -> int:
    """One pass: poll every selected source once and keep what is relevant.

    Records are shown as they come, a summary last. A second crawl right after fetches no article
    again; crawls that run at the same time on one data folder share one pass.
    """
    config = options.config_of(
        data=data, redis_url=redis_url, outlet_paths=outlet_paths, max_age=max_age
    )
    assignment = assign(config, only=only, countries=country, kinds=kind)
    return run_pass(config, assignment, json_lines=json_lines)


@click.command(epilog="Example: TUMEN_CONTACT=https://example.org/crawler tumen watch --data data")
@options.catalogue
@options.where
@click.option("--max-age", metavar="AGE", help="Leave alone what is dated before (default: 3d).")
def watch(
    outlet_paths: tuple[str, ...], data: str | None, redis_url: str | None, max_age: str | None
) -> None:
    """Watch for ever: poll each source when it is due.

    SIGTERM or Ctrl-C drains: what is in hand is finished or given back within 30 s; a second one
    stops at once. Either way nothing is lost.
    """
    config = options.config_of(
        data=data, redis_url=redis_url, outlet_paths=outlet_paths, max_age=max_age
    )
    run_watch(config, assign(config))


def run_watch(config: Config, assignment: Assignment) -> None:
    """Watch until told to stop, counted from the start and served to whoever monitors it.

    Everything that it says is an event of the log.
    """
    metrics, began = WorkerMetrics(), time.monotonic()
    monitor = Monitor(metrics, open_socket(config.metrics)) if config.metrics else None

    def listen(crawler: Crawler) -> None:
        if config.contact is None:
            log.warning("%s", facts(event="no_contact", message=NO_CONTACT))
        outlets, data_dir = len(assignment.selected), str(config.data_dir)
        log.info("%s", facts(event="watching", outlets=outlets, data=data_dir))
        metrics.listen(crawler)
        if monitor is not None:  # signals hold whom they call only weakly: it lives here
            monitor.listen(crawler)

    with following(config):
        run_spider("watch", config, assignment, config.log, listen)
    lived_s = round(time.monotonic() - began)
    log.info("%s", facts(event="stopped", lived_s=lived_s, **metrics.totals()))


@click.command(epilog="Example: tumen add https://www.example.org/2026/11/22/visit")
@click.argument("urls", metavar="URL...", nargs=-1, required=True)
@options.catalogue
@options.where
@options.as_json
def add(
    urls: tuple[str, ...],
    outlet_paths: tuple[str, ...],
    data: str | None,
    redis_url: str | None,
    json_lines: bool,
) -> int:
    """Fetch and store pages that you name, relevant or not."""
    config = options.config_of(data=data, redis_url=redis_url, outlet_paths=outlet_paths)
    catalogue = load_catalogue(config.outlets, config.data_dir)
    pages = tuple(_page(catalogue, url) for url in urls)
    assignment = Assignment(
        catalogue=catalogue, selected=(), topic=read_topic(config.topic), pages=pages
    )
    return run_pass(config, assignment, json_lines=json_lines)


def _page(catalogue: tuple[Outlet, ...], url: str) -> Job:
    clean = absolute_url(url, url)
    if clean is None:
        raise click.BadParameter(f"{plain(url)} is no http or https address", param_hint="URL")
    outlet = outlet_of(catalogue, clean)
    return article_job(
        Entry(url=clean),
        outlet=outlet.id if outlet else None,
        source=None,
        source_url=None,
        found="manual",
        now=datetime.now(UTC),
    )


def assign(
    config: Config,
    *,
    only: tuple[str, ...] = (),
    countries: tuple[str, ...] = (),
    kinds: tuple[str, ...] = (),
) -> Assignment:
    """The catalogue, and what of it is to be polled; raises ConfigError for an unknown choice."""
    catalogue = load_catalogue(config.outlets, config.data_dir)
    chosen = select(catalogue, only=only, countries=countries, kinds=kinds)
    return Assignment(catalogue=catalogue, selected=chosen, topic=read_topic(config.topic))


def run_pass(config: Config, assignment: Assignment, *, json_lines: bool) -> int:
    """Make one pass and show it; returns the exit code."""
    _say_contact(config)
    with PassDisplay(json_lines=json_lines) as display:
        level = pass_log_level(config.log)
        keeper = run_spider("crawl", config, assignment, level, display.listen)
    if keeper.report is None:
        return 0
    return show_summary(keeper.report, assignment, config, json_lines=json_lines)


def _say_contact(config: Config) -> None:
    if config.contact is None:
        say(NO_CONTACT)
