"""The evidence of an answer: what a record says of the fetch, and what the archive keeps of it.

Promise: both are made of the same response, so that the record's hash is that of the archived body.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from scrapy.http import Headers, Response

from crawler.news.lines import Fetch
from crawler.news.urls import canonical_url
from crawler.storage.archive import Response as ArchivedResponse
from crawler.storage.jobs import Lease
from spiders.asking import header


def fetch_of(lease: Lease, response: Response, fetched_at: datetime) -> Fetch:
    """What a record says of how its page was had."""
    job = lease.job
    return Fetch(
        url_announced=job.entry.url if job.entry else canonical_url(job.url),
        url_final=response.url,
        status=response.status,
        etag=header(response, "ETag"),
        last_modified=header(response, "Last-Modified"),
        content_type=header(response, "Content-Type"),
        body_sha256=hashlib.sha256(response.body).hexdigest(),
        redirects=job.redirects,
        fetched_at=fetched_at,
        discovered_at=job.discovered_at or fetched_at,
    )


def announced(lease: Lease, at: datetime) -> Fetch:
    """The same of a text that came with its announcement: there was no response."""
    job = lease.job
    return Fetch(
        url_announced=job.entry.url if job.entry else canonical_url(job.url),
        url_final=job.fetch_url,
        status=None,
        fetched_at=at,
        discovered_at=job.discovered_at or at,
    )


def archived(response: Response, fetched_at: datetime) -> ArchivedResponse:
    """Request and response as the archive keeps them."""
    request = response.request
    return ArchivedResponse(
        url=response.url,
        status=response.status,
        request_headers=_pairs(request.headers) if request is not None else (),
        response_headers=_pairs(response.headers),
        body=response.body,
        fetched_at=fetched_at,
    )


def _pairs(headers: Headers) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in headers.items()
        if name.lower() != b"proxy-authorization"  # a secret of ours, told to the proxy alone
        for value in values
    )
