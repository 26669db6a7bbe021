"""Sitemaps: news sitemaps, plain ones, indexes and lists of addresses, packed or not.

Promise: a sitemap speaks for its own site only; nothing it names is fetched or expanded here; what
is no sitemap raises SourceError, unless it is a feed, which is read as one.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, TypeVar

from lxml import etree

from crawler.errors import SourceError
from crawler.news.announcements import (
    CUT_OFF,
    NO_LINK,
    NOT_HTTP,
    OTHER_SITE,
    OVER_LIMIT,
    TWICE,
    language_of,
    moment_of_entry,
    newest_first,
    title_of,
    unpack,
)
from crawler.news.dates import parse_moment, raw_of
from crawler.news.decoding import charset_of, decode
from crawler.news.feeds import read_feed
from crawler.news.records import ChildSitemap, Entry, Moment, SourceReading
from crawler.news.urls import absolute_url, same_site
from crawler.news.xml_text import close_torn, mend, root_of

ENTRY_LIMIT: Final = 50_000  # as the protocol has it
CHILD_LIMIT: Final = 1_000

_FEED_ROOTS = ("rss", "rdf", "feed", "channel")
_ENTRIES = ("url", "sitemap")
_KIND = "element"
_NEWS = "news"
_T = TypeVar("_T", Entry, ChildSitemap)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Context:
    """Against what a sitemap is read: its address, and zone and hour for its dates."""

    url: str
    timezone: str | None
    now: datetime

    def moment(self, raw: str | None) -> Moment | None:
        if not raw:
            return None
        return parse_moment(raw, source="sitemap", timezone=self.timezone, now=self.now)


def read_sitemap(
    body: bytes, url: str, *, content_type: str | None, timezone: str | None, now: datetime
) -> SourceReading:
    """Read a sitemap, an index of sitemaps or a list of addresses; SourceError where it is none.

    Dates of publication come from the news extension alone; `lastmod` says when a page changed.
    """
    body = unpack(body, url)
    decoded = decode(body, declared=charset_of(content_type))
    text = decoded.text.lstrip()
    context = _Context(url=url, timezone=timezone, now=now)
    if text[:1] == "<":
        document = mend(text)
        root = root_of(document)
    else:
        document, root = "", "feed" if text[:1] == "{" else "text"
    if root in _FEED_ROOTS:
        return read_feed(
            body, url, content_type=content_type, charset_hint=None, timezone=timezone, now=now
        )
    if root == "text":
        reading = _read_lines(text, context)
    elif root in ("urlset", "sitemapindex"):
        reading = _read_document(document, context)
    else:
        kind = "an HTML page" if root == "html" else "something else"
        raise SourceError(url, f"{kind} came in place of a sitemap: see whether it moved")
    return replace(reading, charset=decoded.charset)


def _read_lines(text: str, context: _Context) -> SourceReading:
    lines = [line for line in map(str.strip, text.splitlines()) if line]
    if not any(line.startswith(("http://", "https://")) for line in lines):
        raise SourceError(context.url, "this is no sitemap: see whether the address is right")
    dropped: Counter[str] = Counter()
    entries = [
        Entry(url=url) for line in lines if (url := _own_url(line, context, dropped)) is not None
    ]
    return SourceReading(
        shape="sitemap", entries=_kept(entries, dropped, ENTRY_LIMIT), dropped=dropped
    )


def _read_document(document: str, context: _Context) -> SourceReading:
    try:
        closed, torn = close_torn(document, _ENTRIES)
        is_whole, document = closed == document, closed
        rows = list(_rows(document))
    except (ValueError, etree.XMLSyntaxError):
        raise _broken(context) from None
    if not rows and any(f"</{name}>" in document for name in _ENTRIES):
        raise _broken(context)
    dropped: Counter[str] = Counter({CUT_OFF: torn} if torn else {})
    entries, children = [], []
    for row in rows:
        url = _own_url(row.get("loc"), context, dropped)
        if url and row[_KIND] == "sitemap":
            children.append(ChildSitemap(url=url, modified=context.moment(row.get("lastmod"))))
        elif url:
            entries.append(_entry(url, row, context))
    has_news = any(_NEWS in row for row in rows)
    is_index = root_of(document) == "sitemapindex"
    return SourceReading(
        shape="sitemap-index" if is_index else "news-sitemap" if has_news else "sitemap",
        entries=_kept(entries, dropped, ENTRY_LIMIT),
        children=_kept(children, dropped, CHILD_LIMIT),
        dropped=dropped,
        is_whole=is_whole,
    )


def _broken(context: _Context) -> SourceError:
    return SourceError(context.url, "broken before its first entry: try again later")


def _rows(document: str) -> Iterator[dict[str, str]]:
    """Walk the entries of a document: what each says, by the names of its elements."""
    walk = etree.iterparse(
        io.BytesIO(document.encode()),
        tag=("{*}url", "{*}sitemap"),
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    for _, element in walk:
        row = {_KIND: _name(element)}
        for child in element:
            if _name(child) == _NEWS:
                row[_NEWS] = ""
                row.update((f"{_NEWS}:{_name(part)}", part.text or "") for part in child.iter())
            else:  # image:loc and video:title lie deeper
                row.setdefault(_name(child), child.text or "")
        yield row
        element.clear()  # so that a large sitemap never stands in memory as a whole tree


def _name(element: etree._Element) -> str:
    """Name an element without its namespace, or the prefix that nobody declared."""
    tag = element.tag if isinstance(element.tag, str) else ""
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


def _entry(url: str, row: dict[str, str], context: _Context) -> Entry:
    published = context.moment(row.get("news:publication_date"))
    return Entry(
        url=url,
        title=title_of(row.get("news:title")),
        published=published,
        published_raw=raw_of(row.get("news:publication_date")) if published is None else None,
        modified=context.moment(row.get("lastmod")),
        language=language_of(row.get("news:language")),
    )


def _own_url(raw: str | None, context: _Context, dropped: Counter[str]) -> str | None:
    """Resolve an address if it lies on the sitemap's own site; count it as dropped otherwise."""
    url = absolute_url(raw, context.url) if raw else None
    if url is None:
        dropped[NOT_HTTP if raw else NO_LINK] += 1
    elif not same_site(url, context.url):
        dropped[OTHER_SITE] += 1
        return None
    return url


def _kept(announced: list[_T], dropped: Counter[str], limit: int) -> tuple[_T, ...]:
    """Keep each address once, the newest first, up to the limit; count the others."""
    firsts: dict[str, _T] = {}
    for item in announced:
        firsts.setdefault(item.url, item)
    once = list(firsts.values())
    ordered = newest_first(once, _moment_of)
    left_out = {TWICE: len(announced) - len(once), OVER_LIMIT: len(once) - limit}
    dropped.update({reason: count for reason, count in left_out.items() if count > 0})
    return tuple(ordered[:limit])


def _moment_of(announced: Entry | ChildSitemap) -> Moment | None:
    return announced.modified if isinstance(announced, ChildSitemap) else moment_of_entry(announced)
