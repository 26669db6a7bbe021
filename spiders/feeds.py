"""Feeds (RSS, Atom, RDF, JSON Feed) and searches: both announce in one answer.

Promise: a poll's entries are offered before its validators are kept (see polls.py).
"""

from __future__ import annotations

from scrapy.http import Response

from crawler.desk import Desk
from crawler.storage.jobs import Lease
from spiders import polls
from spiders.announcing import announce


async def answer(desk: Desk, lease: Lease, response: Response) -> None:
    """Take what a feed announces, or a search found."""
    poll = await polls.read(desk, lease, response)
    if poll is not None:
        await polls.commit(desk, poll, await announce(desk, lease, poll.verdict.entries, poll.now))
