"""Section pages: lists of links, for outlets that announce in no other way.

An article's link is told from navigation by the shape of its address, by the company it keeps (the
article list is a group of links of one shape with long anchor texts), and by what changed since the
last visit: navigation stays, articles come and go.

Promise: what is announced leads to the section's own site; a page without anything that looks like
an article raises SourceError.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.errors import SourceError
from crawler.news.announcements import OTHER_SITE, OVER_LIMIT, newest_first
from crawler.news.characters import clean_line
from crawler.news.dates import date_in_url, parse_moment
from crawler.news.decoding import charset_of, decode
from crawler.news.markup import parse_html
from crawler.news.records import Entry, Moment, SourceReading
from crawler.news.urls import absolute_url, same_site

LINK_LIMIT = 2_000
ENTRY_LIMIT = 500
# From here a link counts as an article's. A dated address or a long id with a headline reaches it;
# a headline alone does not, nor does an id alone.
_THRESHOLD = 3.0
_GROUP = 3  # links of one shape that make a list
_IN_LIST = 1.5

_LONG_NUMBER = re.compile(r"\d{4,}")
_HASH = re.compile(r"(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,}|[A-Z]{2,}\w*\d{4,}\w*")
_SLUG = re.compile(r"[^\W_]+(?:[-_][^\W_]+){3,}")
_PAGE_FILE = re.compile(r"\.(?:s?html?|kcmsf|php|aspx?|do)$", re.IGNORECASE)
_NAVIGATION = re.compile(
    r"(?:^|[/_-])(?:categor(?:y|ies)|tags?|topics?|authors?|writers?|search|login|signin|join|about|"
    r"contact|privacy|terms|subscribe|newsletters?|rss|feeds?|sitemap|archive|photos?|videos?|"
    r"list|comments?|share|print|page)(?:[/_.-]|$)",
    re.IGNORECASE,
)
_PAGING = re.compile(r"(?:^|[?&])(?:page|p|paged|start|offset)=\d+", re.IGNORECASE)
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|pdf|mp[34]|zip|css|js|xml|json)$", re.IGNORECASE)
_PRINTED_DATE = re.compile(r"\d{1,4}\D{1,3}\d{1,2}\D{1,3}\d{1,4}[일日.]?(?:\D{0,8}\d{1,2}:\d{2})?")
_ITEM_TAGS = frozenset({"li", "article", "tr", "dd", "dt", "section"})


@dataclass(slots=True)
class _Link:
    """All anchors of one page that lead to one address."""

    url: str
    template: str
    anchors: list[HtmlElement] = field(default_factory=list)
    title: str = ""


def read_section(
    body: bytes,
    url: str,
    *,
    content_type: str | None,
    charset_hint: str | None,
    timezone: str | None,
    now: datetime,
    known: frozenset[str],
) -> SourceReading:
    """Read the articles that a list page announces.

    `known` are the `links` of the former visit. Raises SourceError when nothing looks like one.
    """
    text = decode(body, declared=charset_of(content_type), hint=charset_hint).text
    tree = parse_html(text)
    if tree is None:
        raise SourceError(url, "it is no list page; look at the address on the card")
    dropped: Counter[str] = Counter()
    links = _links_of(tree, url, dropped)
    lists = _lists_of(links)
    chosen = [
        link
        for link in links
        if _score(link, known, now) + (_IN_LIST if link.template in lists else 0.0) >= _THRESHOLD
    ]
    if not chosen:
        raise SourceError(url, "no article links; look at the page, or correct the card")
    entries = newest_first(
        [_entry(link, timezone, now) for link in chosen], lambda entry: entry.published
    )
    if len(entries) > ENTRY_LIMIT:
        dropped[OVER_LIMIT] += len(entries) - ENTRY_LIMIT
    return SourceReading(
        shape="section",
        title=_title_of(tree),
        entries=tuple(entries[:ENTRY_LIMIT]),
        dropped=dict(dropped),
        links=tuple(sorted(link_digest(link.url) for link in links)),
    )


def link_digest(url: str) -> str:
    """What is remembered of a link for the next visit: 8 hex digits."""
    return hashlib.sha256(url.encode()).hexdigest()[:8]


def _links_of(tree: HtmlElement, url: str, dropped: Counter[str]) -> list[_Link]:
    found: dict[str, _Link] = {}
    for anchor in tree.iter("a"):
        target = absolute_url(anchor.get("href") or "", url)
        if target is None or _FILE.search(urlsplit(target).path):
            continue
        target = target.partition("#")[0]
        if target == url.partition("#")[0]:
            continue
        if not same_site(target, url):
            dropped[OTHER_SITE] += 1
            continue
        if target not in found:
            if len(found) >= LINK_LIMIT:
                dropped[OVER_LIMIT] += 1
                continue
            found[target] = _Link(target, _template(target))
        found[target].anchors.append(anchor)
    for link in found.values():
        # A teaser links its image and its headline: the longest text is the headline.
        link.title = max((_anchor_text(anchor) for anchor in link.anchors), key=len)
    return list(found.values())


def _anchor_text(anchor: HtmlElement) -> str:
    for heading in anchor.iter("h1", "h2", "h3", "h4", "strong"):
        if text := clean_line(heading.text_content()):
            return text
    return clean_line(anchor.text_content()) or clean_line(anchor.get("title") or "")


def _template(url: str) -> str:
    """The shape of an address: what differs from article to article is left out."""
    parts = urlsplit(url)
    shaped = [_shape(piece) for piece in parts.path.split("/")]
    names = sorted(pair.partition("=")[0] for pair in parts.query.split("&") if pair)
    return "/".join(shaped) + "?" + "&".join(names)


def _shape(piece: str) -> str:
    if _HASH.search(piece) or _SLUG.search(piece):
        return "*"
    return re.sub(r"\d+", "#", piece)


def _lists_of(links: Iterable[_Link]) -> frozenset[str]:
    """The templates of which enough links with headlines stand on the page to make a list."""
    groups: defaultdict[str, list[float]] = defaultdict(list)
    for link in links:
        groups[link.template].append(_title_score(link.title))
    return frozenset(
        template
        for template, scores in groups.items()
        if len(scores) >= _GROUP and sorted(scores)[len(scores) // 2] >= 0.5
    )


def _score(link: _Link, known: frozenset[str], now: datetime) -> float:
    parts = urlsplit(link.url)
    score = _address_score(link.url, now) + _title_score(link.title)
    if _NAVIGATION.search(parts.path) or _PAGING.search(parts.query):
        score -= 2.0
    if parts.path in ("", "/") and not parts.query:
        score -= 5.0
    if known:
        score += -0.5 if link_digest(link.url) in known else 1.0
    return score


def _address_score(url: str, now: datetime) -> float:
    parts = urlsplit(url)
    tail = f"{parts.path}?{parts.query}"
    if date_in_url(url, now=now) is not None:
        return 2.5
    if _LONG_NUMBER.search(tail) or _HASH.search(tail) or _SLUG.search(parts.path):
        return 2.0
    return 0.5 if _PAGE_FILE.search(parts.path) else 0.0


def _title_score(title: str) -> float:
    # A headline has five words or more; where words are not spaced, some ten characters.
    length = len(title) * (2.5 if _UNSPACED.search(title) else 1.0)
    if length >= 25:
        return 1.5
    return 0.5 if length >= 15 else -1.0


def _entry(link: _Link, timezone: str | None, now: datetime) -> Entry:
    return Entry(
        url=link.url,
        title=link.title or None,
        published=_printed_beside(link, timezone, now) or date_in_url(link.url, now=now),
    )


def _printed_beside(link: _Link, timezone: str | None, now: datetime) -> Moment | None:
    """The date printed in the same item of the list."""
    for anchor in link.anchors:
        nearest = next(anchor.iterancestors(), anchor)
        item = next((up for up in anchor.iterancestors() if up.tag in _ITEM_TAGS), nearest)
        if len({other.get("href") for other in item.iter("a")}) > 1:
            item = nearest
        beside = clean_line(item.text_content()).replace(link.title, " ")[:300]
        for printed in _PRINTED_DATE.finditer(beside):
            moment = parse_moment(
                printed[0].strip(" []()"), source="html", timezone=timezone, now=now
            )
            if moment is not None:
                return moment
    return None


def _title_of(tree: HtmlElement) -> str | None:
    return clean_line(tree.findtext(".//title") or "") or None
