"""Reading a source, whatever its kind.

Promise: any bytes give what the source announces, or a SourceError that says why not.
"""

from __future__ import annotations

from datetime import datetime

from crawler.news.feeds import read_feed
from crawler.news.records import SourceKind, SourceReading
from crawler.news.sections import read_section
from crawler.news.sitemaps import read_sitemap


def read_source(
    kind: SourceKind,
    body: bytes,
    url: str,
    *,
    content_type: str | None,
    charset_hint: str | None,
    timezone: str | None,
    now: datetime,
    known: frozenset[str] = frozenset(),
) -> SourceReading:
    """Read a feed, sitemap or section page; `known` are a section's links of the former visit."""
    if kind == "feed":
        return read_feed(
            body,
            url,
            content_type=content_type,
            charset_hint=charset_hint,
            timezone=timezone,
            now=now,
        )
    if kind == "sitemap":
        return read_sitemap(body, url, content_type=content_type, timezone=timezone, now=now)
    return read_section(
        body,
        url,
        content_type=content_type,
        charset_hint=charset_hint,
        timezone=timezone,
        now=now,
        known=known,
    )
