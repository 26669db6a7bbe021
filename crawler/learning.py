"""Learning from an outlet's own pages which of its lines are furniture, over all workers.

Promise: what recurs is known to every worker within minutes of being seen, and costs Redis one
question per outlet and some minutes, however many pages are read.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

from crawler.news.recurring import PageLines, find_recurring
from crawler.storage import outlet_lines
from crawler.storage.connection import Connection

FRESH_S = 300.0

Patiently = Callable[[Callable[[], Awaitable[Any]]], Awaitable[Any]]


class Learned:
    """What one worker knows of the furniture of its outlets."""

    def __init__(self, redis: Connection, patiently: Patiently) -> None:
        self._redis = redis
        self._patiently = patiently
        self._known: dict[str, tuple[float, frozenset[int]]] = {}

    async def recurring(self, outlet: str | None) -> frozenset[int]:
        """The lines of an outlet that are furniture; none of a page without an outlet."""
        if outlet is None:
            return frozenset()
        known = self._known.get(outlet)
        if known is not None and time.monotonic() - known[0] < FRESH_S:
            return known[1]
        pages = await self._patiently(lambda: outlet_lines.recall(self._redis, outlet))
        found = find_recurring(pages)
        self._known[outlet] = (time.monotonic(), found)
        return found

    async def learn(self, outlet: str | None, lines: PageLines) -> None:
        """Remember the lines of a page that was read."""
        if outlet is not None:
            await self._patiently(lambda: outlet_lines.remember(self._redis, outlet, lines))
