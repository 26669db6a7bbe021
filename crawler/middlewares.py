"""Manners at the wire: the last look before a request goes out, and the host freed when it is done.

Promise: a worker whose lease has run out does not dial, what robots.txt forbids is not asked for,
and a host is free again when its response has ended, not when the page has been parsed. For a text
that came with its announcement nobody is asked at all.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    DownloadCancelledError,
    DownloadFailedError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response

from crawler import signals
from crawler.desk import Desk, tell_network
from crawler.door import BlockedAddress, BlockedUrl
from crawler.extensions import desk_of
from crawler.header_limit import HeadersTooLarge, is_too_large, limit_headers
from crawler.news.answers import meaning_of, words_for
from crawler.news.cadence import backoff_s, retry_after_s
from crawler.storage.jobs import Lease
from crawler.storage.moves import Mood, Reach

# A slow server is under load: it gets as long a pause as it took to answer, up to half a minute.
SLOWNESS_FACTOR = 1.0
SLOWNESS_LIMIT_S = 30.0


class LeaseRanOut(IgnoreRequest):
    """The lease ended before the request went out: somebody else may be at it."""


class RulesForgotten(IgnoreRequest):
    """What robots.txt says ran out since the claim: it is asked for before the page is."""


class Forbidden(IgnoreRequest):
    """robots.txt does not allow this URL."""


class LeasedHandler:
    """Scrapy's own HTTP handler behind a last look at the lease: after it, the request goes out.

    Between the middlewares and here a request may have waited for a free connection.
    """

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        self.http = HTTP11DownloadHandler.from_crawler(crawler)
        limit_headers(self.http)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> LeasedHandler:
        return cls(crawler)

    async def download_request(self, request: Request) -> Response:
        lease = request.meta.get("lease")
        if lease is not None:
            if lease.has_run_out:
                raise LeaseRanOut(f"the lease of {lease.name} ran out before the request")
            request.meta["asked_at"] = time.monotonic()
        try:
            response = await self.http.download_request(request)
            return response if lease is None else _unread(response)
        except DownloadFailedError as error:
            if is_too_large(error):
                raise HeadersTooLarge("its headers are larger than accepted") from error
            raise

    async def close(self) -> None:
        await self.http.close()


class MannersMiddleware:
    """Ties every leased request to its lease, its host's rules and its host's pause."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> MannersMiddleware:
        return cls(crawler)

    @property
    def desk(self) -> Desk:
        """The desk of the worker."""
        return desk_of(self.crawler)

    async def process_request(self, request: Request) -> Response | None:
        lease = request.meta.get("lease")
        if lease is None or lease.job.kind == "robots":
            return None
        if lease.job.kind == "text":
            return Response(request.url, request=request)  # nobody is asked for it
        desk = self.desk
        rules = await desk.patiently(lambda: desk.robots.rules_for(lease))
        if rules is None:
            raise RulesForgotten("robots.txt has to be read again")
        if not rules.allow(request.url):
            await self._release(lease, mood="none")
            raise Forbidden(rules.refusal or "robots.txt forbids it")
        return None

    async def process_response(self, request: Request, response: Response) -> Response:
        lease = request.meta.get("lease")
        if lease is not None and lease.job.kind == "text":
            await self._release(lease, mood="none")
        elif lease is not None:
            self._tell(request, meaning_of(response.status), len(response.body))
            pause_s = await self._pause_s(request)
            if lease.job.kind == "robots" and meaning_of(response.status) != "throttled":
                await self._release(lease, pause_s, mood="heard")
            elif meaning_of(response.status) == "throttled":
                asked_s = retry_after_s(_header(response, "Retry-After"), datetime.now(UTC))
                asked_s = asked_s or backoff_s("throttled", lease.failures, 0.5)
                # Of a robots.txt that is learned with the reason why its host rests.
                words = "" if lease.job.kind == "robots" else words_for(response.status)
                await self._release(lease, pause_s, mood="throttled", asked_s=asked_s, rest=words)
            else:
                await self._release(lease, pause_s, mood="ok")
        return response

    async def process_exception(self, request: Request, exception: Exception) -> None:
        lease = request.meta.get("lease")
        if lease is not None:
            self._tell(request, _result_of(exception))
        if lease is None or "asked_at" not in request.meta:
            return
        if isinstance(exception, BlockedAddress):
            await self._release(lease, mood="none")  # nothing was sent
        elif isinstance(
            exception, DownloadCancelledError | HeadersTooLarge | ResponseDataLossError
        ):
            mood: Mood = "heard" if lease.job.kind == "robots" else "ok"  # it did answer
            await self._release(lease, await self._pause_s(request), mood=mood)
        elif lease.job.kind == "robots":
            # How long its host rests is decided when that is learned.
            await self._release(lease, await self._pause_s(request), mood="none")
        else:
            reach = await self._release(
                lease,
                await self._pause_s(request),
                mood="unreachable",
                rest="cannot be reached",
                took_s=time.monotonic() - request.meta["asked_at"],
            )
            request.meta["fault"] = reach.fault

    def _tell(self, request: Request, result: str, size_bytes: int = 0) -> None:
        asked_at = request.meta.get("asked_at")
        self.crawler.signals.send_catch_log(
            signals.request_ended,
            outlet=request.meta["lease"].job.outlet,
            result=result,
            duration_s=None if asked_at is None else time.monotonic() - asked_at,
            size_bytes=size_bytes,
        )

    async def _release(
        self,
        lease: Lease,
        pause_s: float = 0.0,
        *,
        mood: Mood,
        asked_s: float = 0.0,
        rest: str = "",
        took_s: float = 0.0,
    ) -> Reach:
        desk = self.desk
        reach = await desk.patiently(
            lambda: desk.frontier.release_host(
                lease, pause_s, mood=mood, asked_s=asked_s, rest=rest, took_s=took_s
            )
        )
        tell_network(reach)
        return reach

    async def _pause_s(self, request: Request) -> float:
        """The largest of our delay, the card's, Crawl-delay, and the host's own slowness."""
        desk = self.desk
        lease: Lease = request.meta["lease"]
        took_s: float = time.monotonic() - request.meta["asked_at"]
        card = await desk.card(lease.job.outlet)
        crawl_delay_s, card_delay_s = 0.0, (card.delay or 0.0) if card else 0.0
        if lease.job.kind != "robots":  # its own Crawl-delay is obeyed when it has been learned
            rules = await desk.patiently(lambda: desk.robots.rules_for(lease))
            crawl_delay_s = rules.crawl_delay_s if rules else 0.0
        return max(
            desk.config.host_delay_s,
            card_delay_s,
            crawl_delay_s,
            min(SLOWNESS_LIMIT_S, SLOWNESS_FACTOR * took_s),
        )


# What a request ended in that got no whole answer, or was not made.
_RESULTS: tuple[tuple[type[Exception], str], ...] = (
    (Forbidden, "blocked_robots"),
    (BlockedUrl, "blocked_url"),
    (BlockedAddress, "blocked_address"),
    (LeaseRanOut, "not_asked"),
    (RulesForgotten, "not_asked"),
    (DownloadCancelledError, "too_large"),
    (ResponseDataLossError, "broken_off"),
)


def _unread(response: Response) -> Response:
    """The response as bytes: Scrapy guesses the charset of a text to copy it, packed as it is."""
    return Response(
        response.url,
        status=response.status,
        headers=response.headers,
        body=response.body,
        flags=response.flags,
        request=response.request,
        certificate=response.certificate,
        ip_address=response.ip_address,
        protocol=response.protocol,
    )


def _result_of(exception: Exception) -> str:
    return next((word for kind, word in _RESULTS if isinstance(exception, kind)), "no_answer")


def _header(response: Response, name: str) -> str | None:
    value: bytes | None = response.headers.get(name)
    return value.decode("latin-1") if value else None
