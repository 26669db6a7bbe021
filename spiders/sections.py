"""Section pages: lists of links, for outlets that announce in no other way.

Promise: what the page listed is remembered with its commit, so that the next visit can tell a new
article from navigation that was always there.
"""

from __future__ import annotations

from scrapy.http import Response

from crawler.desk import Desk
from crawler.storage.jobs import Lease
from spiders import polls
from spiders.announcing import announce


async def answer(desk: Desk, lease: Lease, response: Response) -> None:
    """Take the articles that a section page lists."""
    poll = await polls.read(desk, lease, response)
    if poll is not None:
        announced = await announce(desk, lease, poll.verdict.entries, poll.now)
        await polls.commit(desk, poll, announced, links=poll.verdict.reading.links)
