"""One page in, one article out: bytes are decoded, read, dated and cleaned.

Promise: an Article holds only what its page or its announcement said, in clean characters;
whatever holds no article raises PageUnreadable with the reason, and nothing else is raised.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from lxml.html import HtmlElement

from crawler.errors import PageUnreadable
from crawler.news.characters import clean_line, clean_text, plain_text
from crawler.news.cite_names import CiteNames, gather_names
from crawler.news.cites import Report, find_cites
from crawler.news.dates import date_in_url, weigh
from crawler.news.decoding import charset_of, decode
from crawler.news.extract import Extracted, Known, read_text
from crawler.news.language import detect_language
from crawler.news.markup import parse_html
from crawler.news.metadata import Metadata, read_metadata
from crawler.news.outlets import Outlet
from crawler.news.printed import key_of
from crawler.news.records import Article, Entry
from crawler.news.urls import site
from crawler.news.walls import name_wall

_MAGIC = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a ZIP archive or office document",
    b"\x1f\x8b": "gzip, packed twice or unannounced",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
    b"RIFF": "an image or video",
    b"{": "JSON",
    b"[": "JSON",
}
_XML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(rss|feed|rdf:rdf|urlset|sitemapindex)\b",
    re.IGNORECASE | re.DOTALL,
)
_TEXT_LENGTH = 25  # letters and digits; less is no article in any script
_TITLE_LENGTH = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What is known of a page besides its bytes.

    `recurring` are fingerprints of its outlet's furniture, `names` are of those who can be cited.
    """

    url: str
    now: datetime
    content_type: str | None = None
    outlet: Outlet | None = None
    entry: Entry | None = None
    recurring: frozenset[int] = frozenset()
    names: CiteNames = field(default_factory=lambda: gather_names(()))


class PageReading(NamedTuple):
    """An article and how its text was found."""

    article: Article
    extracted: Extracted
    charset: str


def read_page(
    body: bytes,
    url: str,
    *,
    content_type: str | None,
    outlet: Outlet | None,
    entry: Entry | None,
    now: datetime,
) -> Article:
    """Read the article of one page.

    Where the page yields nothing usable and the entry carries the whole text, that is the
    article's. Raises PageUnreadable when there is no article in either.
    """
    visit = Visit(url=url, now=now, content_type=content_type, outlet=outlet, entry=entry)
    return read_in_full(body, visit).article


def read_in_full(body: bytes, visit: Visit) -> PageReading:
    """Read the article of one page, and tell how; raises PageUnreadable when there is none."""
    tree, problem, charset = _parse(body, visit)
    if tree is None:
        return _from_feed(visit, problem, Metadata(), charset)
    entry = visit.entry
    announced = entry.title if entry else None
    metadata = read_metadata(
        tree, visit.url, outlet=visit.outlet, announced=announced, now=visit.now
    )
    known = Known(
        url=visit.url,
        now=visit.now,
        titles=(announced,),
        outlet=visit.outlet,
        recurring=visit.recurring,
    )
    text = read_text(tree, metadata, known)
    problem = _problem(metadata, text)
    if problem:
        return _from_feed(visit, problem, metadata, charset)
    if text.status == "lead" and _feed_size(entry) > 2 * len(key_of(text.text)):
        return _from_feed(visit, "only its lead is free to read", metadata, charset)
    return PageReading(_compose(visit, metadata, text), text, charset)


def _parse(body: bytes, visit: Visit) -> tuple[HtmlElement | None, str, str]:
    """Parse what HTTP gave; without a tree, the reason. The charset is the one that was used."""
    start = body[:1024].lstrip()
    if not start:
        return None, "the answer is empty", ""
    for magic, kind in _MAGIC.items():
        if start.startswith(magic):
            return None, f"the answer is {kind} and no web page", ""
    decoded = decode(
        body,
        declared=charset_of(visit.content_type),
        hint=visit.outlet.charset if visit.outlet else None,
    )
    if found := _XML.match(decoded.text[:4096]):
        reason = f"the answer is XML ({found[1].lower()}) and no web page"
        return None, reason, decoded.charset
    tree = parse_html(decoded.text) if "<" in decoded.text else None
    return tree, "the answer has no markup of a web page", decoded.charset


def _problem(metadata: Metadata, text: Extracted) -> str:
    """Name why a page that was read gives no article; empty where it does."""
    dated = metadata.published is not None or metadata.body is not None
    wall = None if dated else name_wall((metadata.title, metadata.document), text.text)
    if wall:
        return f"it is {wall}"
    return "no text found" if len(key_of(text.text)) < _TEXT_LENGTH else ""


def _feed_size(entry: Entry | None) -> int:
    return len(key_of(entry.text)) if entry and entry.text else 0


def _from_feed(visit: Visit, problem: str, metadata: Metadata, charset: str) -> PageReading:
    """Make the article of what the feed carries, or raise the page's problem."""
    entry = visit.entry
    if entry is None or not entry.text or not entry.title or _feed_size(entry) < _TEXT_LENGTH:
        raise PageUnreadable(visit.url, f"{problem}; look at the page, or correct the card")
    text = Extracted(
        text=plain_text(entry.text), status="full", source="feed", opinion="the feed's own text"
    )
    return PageReading(_compose(visit, metadata, text), text, charset)


def _compose(visit: Visit, metadata: Metadata, text: Extracted) -> Article:
    """Put the article together, every string of it cleaned."""
    entry = visit.entry or Entry(url=visit.url)
    body = clean_text(text.text)
    title = _line(metadata.title) or _line(entry.title) or body.split("\n", 1)[0][:_TITLE_LENGTH]
    language = detect_language(
        body,
        declared=metadata.language or entry.language,
        fallback=visit.outlet.language if visit.outlet else None,
    )
    report = Report(
        title=title,
        text=body,
        language=language,
        sources=text.sources,
        own=_own_names(visit, metadata),
    )
    return Article(
        title=title,
        text=body,
        text_status=text.status,
        text_source=text.source,
        description=_line(metadata.description) or _line(entry.summary),
        authors=_lines(metadata.authors),
        language=language,
        published=weigh(
            metadata.published or date_in_url(visit.url, now=visit.now), entry.published
        ),
        modified=metadata.modified or entry.modified,
        publisher=_line(metadata.publisher),
        tags=_lines(metadata.tags),
        image=metadata.links.image,
        free_access=metadata.free_access,
        license=metadata.links.license,
        reuse=metadata.reuse,
        canonical=metadata.links.canonical,
        alternates=metadata.links.alternates,
        translations=metadata.links.translations,
        cites=find_cites(report, visit.names),
    )


def _own_names(visit: Visit, metadata: Metadata) -> tuple[str, ...]:
    """Gather what the page's outlet is called: it cites itself by none of these."""
    outlet = visit.outlet
    card = (outlet.name, *outlet.aliases) if outlet else ()
    return tuple(name for name in (*card, metadata.publisher, site(visit.url)) if name)


def _line(text: str | None) -> str | None:
    return clean_line(text) or None if text else None


def _lines(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line for text in texts if (line := _line(text))))
