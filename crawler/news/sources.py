"""Reading a source, whatever its kind.

Promise: any bytes give what the source announces, or a SourceError that says why not, in words that
tell a wall in front of the source from a source that moved.
"""

from __future__ import annotations

from datetime import datetime

from lxml import etree

from crawler.errors import SourceError
from crawler.news.announcements import shorten
from crawler.news.decoding import charset_of, decode
from crawler.news.feeds import read_feed
from crawler.news.markup import parse_html
from crawler.news.records import SourceKind, SourceReading
from crawler.news.searches import read_search
from crawler.news.sections import read_section
from crawler.news.sitemaps import read_sitemap
from crawler.news.walls import LOGIN, MISSING, name_wall

# Walls are short pages; of a longer one the beginning tells that it is none.
_WALL_BYTES = 200_000


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
    """Read what a source answered; `known` are a section's links of the former visit."""
    try:
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
        if kind == "search":
            return read_search(body, url, content_type=content_type, timezone=timezone, now=now)
        return read_section(
            body,
            url,
            content_type=content_type,
            charset_hint=charset_hint,
            timezone=timezone,
            now=now,
            known=known,
        )
    except SourceError as error:
        wall = _wall_in_place(body, content_type)
        if wall is None:
            raise
        raise SourceError(url, wall) from error


def _wall_in_place(body: bytes, content_type: str | None) -> str | None:
    """Say which wall stands in front of a source; None where it is no such page."""
    text = decode(body[:_WALL_BYTES], declared=charset_of(content_type)).text
    tree = parse_html(text) if "<" in text else None
    if tree is None:
        return None
    etree.strip_elements(tree, "script", "style", with_tail=False)
    title = shorten(" ".join((tree.findtext(".//title") or "").split()), 300)
    body_element = tree.find(".//body")
    shown = tree if body_element is None else body_element
    lines = (line for part in shown.itertext() if (line := " ".join(part.split())))
    wall = name_wall((title,), "\n".join(lines))
    if wall == LOGIN:  # many lists of news begin with the link to it
        wall = name_wall((title,), "")
    if wall is None or wall == MISSING:
        return wall and f"{wall} came in its place: see whether it moved"
    return f"blocked: {wall} came in its place; see what a browser gets"
