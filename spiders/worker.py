"""The worker: claims jobs, asks for their pages, and hands each answer to the module of its kind.

Promise: every claimed job is settled exactly once, whatever its handler does; what it was doing
when it is stopped is finished within the drain or given back.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler import settling
from crawler.desk import Desk
from crawler.errors import PoolBroken, StoreError
from crawler.parse_pool import ParseDeath
from crawler.pipelines import Draft
from crawler.storage.jobs import Lease
from crawler.storage.moves import Kinds
from spiders import articles, feeds, polls, revisits, robots, sections, sitemaps
from spiders.asking import Silence, leased_request, silence_of

# A URL that another process offers is claimed this soon by a worker that is idle.
LONGEST_WAIT_S = 0.2
FULL_DESK_WAIT_S = 0.02


@dataclass(frozen=True, slots=True)
class Handler:
    """What the module of one kind of page does: headers to ask with, answers, silence."""

    headers: Callable[[Desk, Lease], Awaitable[dict[str, str]]]
    answer: Callable[[Desk, Lease, Response], Awaitable[Draft | None]]
    silent: Callable[[Desk, Lease, Silence], Awaitable[None]]


HANDLERS: dict[str, Handler] = {
    "article": Handler(articles.headers, articles.answer, articles.silent),
    "text": Handler(articles.headers, articles.take_text, articles.silent),
    "feed": Handler(polls.headers, feeds.answer, polls.silent),
    "sitemap": Handler(polls.headers, sitemaps.answer, polls.silent),
    "section": Handler(polls.headers, sections.answer, polls.silent),
    "search": Handler(polls.headers, feeds.answer, polls.silent),
    "revisit": Handler(revisits.headers, revisits.answer, revisits.silent),
    "robots": Handler(articles.headers, robots.answer, robots.silent),
}


class Shift:
    """The work of one spider at one desk."""

    def __init__(self, desk: Desk, kinds: Kinds = "all") -> None:
        self.desk = desk
        self.kinds = kinds

    async def requests(self, is_over: Callable[[], Awaitable[bool]]) -> AsyncIterator[Request]:
        """Claim jobs and make requests of them until the work is over.

        `is_over` is asked whenever there was nothing to claim.
        """
        desk = self.desk
        while True:
            await desk.look_around()
            room = desk.room
            if room <= 0:
                await asyncio.sleep(FULL_DESK_WAIT_S)
                continue
            claim = await desk.patiently(
                lambda room=room: desk.frontier.claim(  # type: ignore[misc]
                    room, of_pass=desk.pass_id, kinds=self.kinds, since_ms=desk.since_ms
                )
            )
            desk.take(claim.leases)
            # Together: one after the other, the last would wait for as many answers of Redis.
            asked = (HANDLERS[lease.job.kind].headers(desk, lease) for lease in claim.leases)
            for lease, headers in zip(claim.leases, await asyncio.gather(*asked), strict=True):
                yield leased_request(lease, headers, self.on_answer, self.on_silence)
            if not claim.leases:
                if await is_over():
                    return
                await asyncio.sleep(min(claim.wait_s, LONGEST_WAIT_S))

    async def on_answer(self, response: Response) -> AsyncIterator[Any]:
        """Callback of every leased request."""
        lease: Lease = response.meta["lease"]
        draft = await self._handle(
            lease, HANDLERS[lease.job.kind].answer(self.desk, lease, response)
        )
        if draft is not None:
            yield draft

    async def on_silence(self, failure: Failure) -> None:
        """Errback of every leased request."""
        meta: dict[str, Any] = failure.request.meta  # type: ignore[attr-defined]
        lease: Lease = meta["lease"]
        silence = silence_of(failure.value or LookupError("no reason was given"))
        if "asked_at" in meta:
            silence = replace(silence, took_s=time.monotonic() - meta["asked_at"])
        if silence.fate == "drop":
            self.desk.lay_down(lease)
            return
        # Without network nothing is held against anybody: the host rests, its job waits there.
        if silence.fate == "back" or meta.get("fault") in ("network", "unsure"):
            await settling.give_back(self.desk, lease)
            return
        await self._handle(lease, HANDLERS[lease.job.kind].silent(self.desk, lease, silence))

    async def _handle(self, lease: Lease, work: Awaitable[Draft | None]) -> Draft | None:
        desk = self.desk
        try:
            return await work
        except ParseDeath as error:
            await settling.blame_death(desk, lease, str(error))
        except PoolBroken as error:
            await settling.wait_for_readers(desk, lease, error)
        except StoreError as error:
            await settling.wait_for_room(desk, lease, error)
        except Exception as error:
            # A mistake of ours must not lose the job: it backs off, and is buried in the end.
            await settling.settle_mistake(desk, lease, error)
        return None
