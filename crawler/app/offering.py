"""Offering pages outside a crawl: what a verdict or a second look wants to be fetched.

Promise: a page that is offered here is fetched by the next crawl or by a watch that runs, whether
or not its address was seen before, under the manners of its host.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from crawler.config import Config
from crawler.news.outlets import Outlet, server_groups, sources_of
from crawler.news.records import Entry, FoundKind
from crawler.storage.connection import connect
from crawler.storage.frontier import Frontier
from crawler.storage.jobs import Job, article_job

# Any name lets a job join the pass that lives, or else the next one, which takes over what is open.
_NEXT_PASS = "next"


def page_job(
    *,
    url: str,
    title: str | None,
    outlet: str | None,
    source: str | None,
    found: FoundKind,
    source_url: str | None = None,
) -> Job:
    """The job that fetches a page again; "manual" stores it whatever the rules say."""
    return article_job(
        Entry(url=url, title=title),
        outlet=outlet,
        source=source,
        source_url=source_url,
        found=found,
        now=datetime.now(UTC),
    )


def how_found(catalogue: Sequence[Outlet]) -> Mapping[str, tuple[FoundKind, str]]:
    """Kind and address of every source of the catalogue, by its id."""
    return {
        source.id: (source.kind, source.url)
        for outlet in catalogue
        for source in sources_of(outlet)
    }


def offer(config: Config, catalogue: Sequence[Outlet], jobs: Sequence[Job]) -> int:
    """Put the jobs into the frontier; returns how many were not in it already."""
    return asyncio.run(_offer(config, catalogue, jobs))


async def _offer(config: Config, catalogue: Sequence[Outlet], jobs: Sequence[Job]) -> int:
    redis = await connect(config.data_dir, config.redis_url)
    try:
        frontier = Frontier(redis, config.lease_s, config.host_delay_s, server_groups(catalogue))
        now = datetime.now(UTC)
        return sum([await frontier.place(job, now, of_pass=_NEXT_PASS) for job in jobs])
    finally:
        await redis.close()
