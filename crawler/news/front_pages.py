"""A page of a site that is not known yet: who it is, and where it says that it announces.

Promise: what comes back stands on the page; a page that is none raises SourceError.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.errors import SourceError
from crawler.news.announcements import language_of, title_of
from crawler.news.candidates import Candidate
from crawler.news.codes import COUNTRIES
from crawler.news.decoding import charset_of, decode
from crawler.news.link_shapes import LIKE_ARTICLE, shape_of
from crawler.news.list_pages import read_links
from crawler.news.markup import parse_html
from crawler.news.records import SourceKind
from crawler.news.sections import read_section
from crawler.news.urls import absolute_url, canonical_url, same_site, site

_DECLARED: Final = 20
_LINKED: Final = 12  # feeds that anchors lead to
_LISTS: Final = 8
_FEED_TYPES: Final = ("rss+xml", "atom+xml", "rdf+xml", "feed+json")
_FEED_PATH: Final = re.compile(
    r"(?:^|/)(?:rss|feeds?|atom|rdf|xml)[-_\w]*/?$|\.(?:rss|atom|rdf)$"
    r"|(?:rss|feed|atom)[^/]*\.(?:xml|json|php|aspx?|htm)$|(?:^|/)(?:rss|feeds?)/",
    re.IGNORECASE,
)
_FEED_QUERY: Final = re.compile(
    r"(?:^|&)(?:format|outputtype|feed|type)=(?:rss2?|xml|atom)", re.IGNORECASE
)
_FEED_HOST: Final = re.compile(r"(?:rss|feeds?|xml)[\w-]*\.", re.IGNORECASE)
_NO_LIST: Final = re.compile(
    r"about|account|contact|login|sign|subscri|privacy|terms|cookie|advert|career|help|shop|search"
    r"|photo|video|podcast|sport|member|policy",
    re.IGNORECASE,
)
# Names of lists, the most useful first: all that is new, then the parties, then foreign news.
_WORTH: Final = tuple(
    (re.compile(words, re.IGNORECASE), points)
    for words, points in (
        (r"\b(?:latest|all|newest|headlines)\b|최신|전체|속보|лента|новости|новини|нов[ыі]е|新着|最新"
         r"|neueste|dernières|en continu", 3.0),
        (r"north.?korea|dprk|\bnk\b|북한|조선|кндр|北朝鮮|朝鮮|朝鲜|nordkorea|corée", 2.5),
        (r"\bnews\b|world|international|global|foreign|politic|asia|russia|국제|정치|세계|в мире"
         r"|политика|світ|політика|国際|政治|国际|要闻|ausland|politik|monde|нов", 1.5),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontPage:
    """What a page tells of its site. `articles` are the canonical addresses that look like some.

    `country` is that of the page's locale, where it has one.
    """

    url: str
    name: str | None = None
    language: str | None = None
    country: str | None = None
    candidates: tuple[Candidate, ...] = ()
    articles: frozenset[str] = frozenset()


def read_front(body: bytes, url: str, *, content_type: str | None, now: datetime) -> FrontPage:
    """Read a page for what it tells of its site; SourceError where it is no page."""
    tree = parse_html(decode(body, declared=charset_of(content_type)).text)
    if tree is None:
        raise SourceError(url, "this is no web page: see whether the address is right")
    locale = next(iter(_metas(tree, "og:locale")), "") or tree.get("lang") or ""
    spoken = language_of((tree.get("lang") or locale).strip())
    region = re.search(r"[-_]([A-Za-z]{2})$", locale.strip())
    country = region[1].upper() if region else None
    candidates: dict[str, Candidate] = {}
    base = _base(tree, url)
    declared = islice(_declared(tree, base), _DECLARED)
    for found in (*declared, *_linked(tree, base, url), *_lists(tree, url)):
        candidates.setdefault(found.url, found)
    return FrontPage(
        url=url,
        name=_name(tree, url),
        language=spoken,
        # English pages say en-US everywhere: that tells nothing.
        country=country if country in COUNTRIES and (spoken or "en")[:2] != "en" else None,
        candidates=tuple(candidates.values()),
        articles=_articles(body, url, content_type, now),
    )


def _articles(body: bytes, url: str, content_type: str | None, now: datetime) -> frozenset[str]:
    with suppress(SourceError):  # a page without articles is a page all the same
        reading = read_section(
            body, url, content_type=content_type, charset_hint=None, timezone=None, now=now,
            known=frozenset(),
        )  # fmt: skip
        return frozenset(canonical_url(entry.url) for entry in reading.entries)
    return frozenset()


def _declared(tree: HtmlElement, base: str) -> Iterator[Candidate]:
    for link in tree.iter("link"):
        rels = (link.get("rel") or "").lower().split()
        kind = (link.get("type") or "").lower()
        is_feed = "alternate" in rels and any(name in kind for name in _FEED_TYPES)
        if is_feed or "feed" in rels:
            yield from _candidate(link, base, "feed")
        elif "sitemap" in rels:
            yield from _candidate(link, base, "sitemap")


def _candidate(link: HtmlElement, base: str, kind: SourceKind) -> Iterator[Candidate]:
    if target := absolute_url(link.get("href", ""), base):
        yield Candidate(url=target, kind=kind, how="declared")


def _linked(tree: HtmlElement, base: str, url: str) -> list[Candidate]:
    """Find anchors to feeds, and to pages that list feeds."""
    found: dict[str, Candidate] = {}
    for anchor in tree.iter("a"):
        target = absolute_url(anchor.get("href", ""), base)
        if target is None or len(found) == _LINKED:
            continue
        web = urlsplit(target)
        looks_like = _FEED_PATH.search(web.path) or _FEED_QUERY.search(web.query)
        is_own = same_site(target, url) or _FEED_HOST.match(web.netloc)
        if looks_like and is_own:
            found.setdefault(target, Candidate(url=target, kind="feed", how="linked"))
    return list(found.values())


def _lists(tree: HtmlElement, url: str) -> list[Candidate]:
    """Find links of the menu that lead to lists of articles, the most useful first."""
    worth = {
        link.url: _list_points(link.url, link.text)
        for link in read_links(tree, url, dropped=Counter())
        if shape_of(link.url).points < LIKE_ARTICLE
    }
    best = sorted((link for link in worth if worth[link] > 0), key=lambda link: -worth[link])
    return [Candidate(url=link, kind="section", how="menu") for link in best[:_LISTS]]


def _list_points(url: str, text: str) -> float:
    path = urlsplit(url).path.strip("/")
    if not path or _NO_LIST.search(path) or path.count("/") > 3:
        return 0.0
    words = f"{text} {path.replace('/', ' ')}"
    return max((points for name, points in _WORTH if name.search(words)), default=0.5)


def _name(tree: HtmlElement, url: str) -> str | None:
    """Choose the name for sharing, else the part of the title that the host is called after."""
    named = _metas(tree, "og:site_name", "application-name")
    if named:
        return title_of(named[0])
    parts = re.split(r"\s[|–—:-]\s", " ".join((tree.findtext(".//title") or "").split()))
    label = site(url).partition(".")[0]
    own = (part for part in parts if label in re.sub(r"\W", "", part).lower())
    return title_of(next(own, parts[-1]))


def _metas(tree: HtmlElement, *names: str) -> Sequence[str]:
    values = {
        (meta.get("property") or meta.get("name") or "").lower(): meta.get("content") or ""
        for meta in tree.iter("meta")
    }
    return [values[name].strip() for name in names if values.get(name, "").strip()]


def _base(tree: HtmlElement, url: str) -> str:
    declared = next(iter(tree.iter("base")), None)
    target = absolute_url(declared.get("href", ""), url) if declared is not None else None
    return target or url
