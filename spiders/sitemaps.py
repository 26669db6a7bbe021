"""Sitemaps and their indexes.

Promise: a sub-sitemap that changed since its last reading becomes a job of its own before the
index is committed; one that its index dates and that did not change is left alone.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from scrapy.http import Response

from crawler.desk import Desk
from crawler.events import facts
from crawler.news.answers import meaning_of
from crawler.news.records import ChildSitemap
from crawler.storage import sources
from crawler.storage.jobs import Job, Lease
from spiders import polls
from spiders.announcing import announce
from spiders.polls import Poll

# The newest first: archives of an outlet reach back for decades, news stands in the last few.
CHILD_LIMIT = 20
# The protocol knows one level of indexes; some sites have two. One that names itself has no end.
DEPTH_LIMIT = 2

log = logging.getLogger(__name__)


async def answer(desk: Desk, lease: Lease, response: Response) -> None:
    """Take what a sitemap announces: articles, or further sitemaps."""
    if meaning_of(response.status) == "unchanged":
        await _ask_undated_children(desk, lease)
    poll = await polls.read(desk, lease, response)
    if poll is None:
        return
    announced = await announce(desk, lease, poll.verdict.entries, poll.now)
    children = await _place_children(desk, poll)
    await polls.commit(desk, poll, announced, children=children)


async def _place_children(desk: Desk, poll: Poll) -> dict[str, str]:
    known = poll.state.children
    remembered: dict[str, str] = {}
    if poll.verdict.reading.children and poll.lease.job.depth >= DEPTH_LIMIT:
        why = f"an index below {DEPTH_LIMIT} others is not followed"
        log.warning("%s", facts(event="sitemap_left", url=poll.lease.job.url, why=why))
        return remembered
    for child in poll.verdict.reading.children[:CHILD_LIMIT]:
        stamp = child.modified.raw if child.modified else ""
        if not stamp or known.get(child.url) != stamp or _may_hide_changes(child, poll.now):
            job = _child_job(child, poll.lease)
            await desk.patiently(
                lambda job=job: desk.frontier.place(job, poll.now, parent=poll.lease.name)  # type: ignore[misc]
            )
        remembered[child.url] = stamp
    return remembered


async def _ask_undated_children(desk: Desk, lease: Lease) -> None:
    # An index that does not date its sitemaps says nothing of them by being unchanged.
    now = datetime.now(UTC)
    state = await desk.patiently(lambda: sources.load_state(desk.frontier, lease.name))
    for url, stamp in state.children.items():
        if not stamp:
            job = _child_job(ChildSitemap(url=url), lease)
            await desk.patiently(
                lambda job=job: desk.frontier.place(job, now, parent=lease.name)  # type: ignore[misc]
            )


def _may_hide_changes(child: ChildSitemap, now: datetime) -> bool:
    # A sitemap dated by the day may have changed again later on that day.
    moment = child.modified
    return (
        moment is not None
        and moment.precision == "day"
        and moment.at.date() >= now.astimezone(UTC).date()
    )


def _child_job(child: ChildSitemap, parent: Lease) -> Job:
    return Job(
        kind="sitemap",
        url=child.url,
        fetch_url=child.url,
        outlet=parent.job.outlet,
        source=parent.job.source,
        source_url=child.url,
        found="sitemap",
        depth=parent.job.depth + 1,
    )
