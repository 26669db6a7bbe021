"""Asking: how a lease becomes a request, and what a failure to get an answer means in words.

Promise: every leased request carries its lease and its size limit, and tells of us no more than
our name and contact.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response

from crawler.door import BlockedAddress, BlockedUrl
from crawler.header_limit import HeadersTooLarge
from crawler.middlewares import Forbidden, LeaseRanOut, RulesForgotten
from crawler.news.cadence import FailureKind
from crawler.news.urls import absolute_url
from crawler.storage.jobs import Lease

MEGABYTE = 1024**2
# Common Crawl's news crawler raised its limit to 5 MiB in 2026; feeds with full texts are larger.
PAGE_SIZE_LIMIT = 10 * MEGABYTE
SIZE_LIMITS = {"article": PAGE_SIZE_LIMIT, "revisit": PAGE_SIZE_LIMIT, "robots": 2 * MEGABYTE}
SOURCE_SIZE_LIMIT = 16 * MEGABYTE
NOT_PUBLIC = "its address is not public"


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """No answer came. `fate`: "retry" it, give it "back", "drop" the lease, or it is "final".

    `is_refusal`: nothing was sent, as we do not ask such addresses. `took_s` is how long was waited
    for it.
    """

    fate: str
    kind: FailureKind
    words: str
    is_refusal: bool = False
    took_s: float = 0.0


def leased_request(
    lease: Lease,
    headers: Mapping[str, str],
    callback: Callable[[Response], Any],
    errback: Callable[[Any], Any],
) -> Request:
    """The request of a lease."""
    limit = SIZE_LIMITS.get(lease.job.kind, SOURCE_SIZE_LIMIT)
    return Request(
        lease.job.fetch_url,
        headers=dict(headers),
        callback=callback,
        errback=errback,
        dont_filter=True,
        meta={"lease": lease, "download_maxsize": limit, "handle_httpstatus_all": True},
    )


def target_of_redirect(response: Response) -> str | None:
    """Where a redirect leads, absolute; None when it leads nowhere we would go."""
    location = response.headers.get("Location")
    if not location:
        return None
    target = urljoin(response.url, location.decode("utf-8", "replace").strip())
    return absolute_url(target, response.url)


def header(response: Response, name: str) -> str | None:
    """A response header as text."""
    value = response.headers.get(name)
    return value.decode("latin-1").strip() if value else None


_CAUSES: tuple[tuple[type[Exception], str, FailureKind, str], ...] = (
    (LeaseRanOut, "drop", "no-connection", "the lease ran out"),
    (RulesForgotten, "back", "no-connection", "robots.txt has to be read again"),
    (CannotResolveHostError, "retry", "no-connection", "its name cannot be resolved (DNS)"),
    (DownloadConnectionRefusedError, "retry", "no-connection", "connection refused"),
    (DownloadTimeoutError, "retry", "no-connection", "no answer in time"),
    (ResponseDataLossError, "retry", "no-connection", "the answer broke off"),
    (HeadersTooLarge, "final", "bad-content", "its headers are larger than accepted"),
    (DownloadCancelledError, "final", "bad-content", "larger than accepted"),
    (IgnoreRequest, "final", "bad-content", "larger than accepted, or refused"),
)


def silence_of(error: BaseException) -> Silence:
    """What this failure to get an answer means."""
    if isinstance(error, Forbidden):
        return Silence(fate="final", kind="bad-content", words=str(error))
    if isinstance(error, BlockedUrl):
        words = f"not an address we ask: {error.reason}"
        return Silence(fate="final", kind="bad-content", words=words, is_refusal=True)
    if isinstance(error, BlockedAddress):
        return Silence(fate="final", kind="bad-content", words=NOT_PUBLIC, is_refusal=True)
    for cause, fate, kind, words in _CAUSES:
        if isinstance(error, cause):
            return Silence(fate=fate, kind=kind, words=words)
    text = str(error)
    if isinstance(error, DownloadFailedError) and any(
        mark in text for mark in ("SSL", "TLS", "certificate", "VerificationError")
    ):
        return Silence(
            fate="retry", kind="no-connection", words="TLS: the certificate is not valid"
        )
    first_line = text.strip().splitlines()[0][:120] if text.strip() else type(error).__name__
    return Silence(fate="retry", kind="no-connection", words=f"no answer: {first_line}")
