"""What a page declares about its article: JSON-LD first, then meta elements, then what is printed.

Promise: every value was said by the page; what it does not say is None or empty, and a value that
is plainly something else (the site's name for a title, an address for an author) is not taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain

from lxml.html import HtmlElement

from crawler.news.bylines import labeled_names, read_names
from crawler.news.dates import parse_moment
from crawler.news.json_ld import Json, claim_of, find_article, text_of, texts_of
from crawler.news.links import Links, read_links
from crawler.news.outlets import Outlet
from crawler.news.printed import (
    find_headline,
    line_of,
    printed_bylines,
    printed_moments,
    select,
)
from crawler.news.records import DateSource, Moment
from crawler.news.titles import choose_title

_SHARED_TITLES = ("og:title", "twitter:title")
_OTHER_TITLES = ("parsely-title", "sailthru.title", "dc.title", "title")
_PUBLISHED = (
    "article:published_time", "og:published_time", "datepublished", "date", "pubdate",
    "publishdate", "publish_date", "publish-date", "dc.date.issued", "dcterms.created", "dc.date",
    "article:published", "article.published", "parsely-pub-date", "sailthru.date",
    "cxenseparse:recs:publishtime", "originalpublicationdate", "rnews:datepublished",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "og:updated_time", "datemodified", "lastmod", "last-modified",
    "dcterms.modified", "article:modified",
)  # fmt: skip
_AUTHORS = ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "byl")
_DESCRIPTIONS = ("og:description", "description", "twitter:description", "dc.description")
_HEADLINE_LENGTH = 8  # bytes
_TAG_LIMIT = 50
_TAG_LENGTH = 80
_TAG_LINE = 4_000
_TAG_BREAK = re.compile(r"[,;、，；]")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.IGNORECASE)
_RESERVED = ("noarchive", "nosnippet", "noai", "noimageai", "noimageindex")
_SAME_DATE = timedelta(hours=36)

Meta = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """The declarations of one page.

    `document` is the title of the whole document, site's name and all; `body` is JSON-LD's text.
    """

    title: str | None = None
    document: str | None = None
    authors: tuple[str, ...] = ()
    published: Moment | None = None
    modified: Moment | None = None
    description: str | None = None
    publisher: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    free_access: bool | None = None
    reuse: tuple[str, ...] = ()
    links: Links = field(default_factory=Links)
    body: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """One page under reading: its tree, what it declares, and who is known to publish it."""

    tree: HtmlElement
    article: Json
    meta: Meta
    sites: frozenset[str]
    selectors: Mapping[str, str]
    timezone: str | None
    now: datetime


def read_metadata(
    tree: HtmlElement, url: str, *, outlet: Outlet | None, announced: str | None, now: datetime
) -> Metadata:
    """Read what a page declares; `announced` is the title that its source gave it."""
    article, meta = find_article(tree, url), _gather(tree)
    publisher = _first(meta, "og:site_name") or text_of(article.get("publisher"))
    page = _Page(
        tree=tree,
        article=article,
        meta=meta,
        sites=_site_names(publisher, outlet, url),
        selectors=outlet.selectors if outlet else {},
        timezone=outlet.timezone if outlet else None,
        now=now,
    )
    title = _title(page)
    headline = find_headline(tree, (title, announced, text_of(article.get("headline"))))
    language = _language(page)
    image = _first(meta, "og:image", "og:image:url", "twitter:image")
    return Metadata(
        title=_title_as_printed(title, headline) or _printed_title(headline, page),
        document=(tree.findtext(".//title") or "")[: _TAG_LENGTH * 4],
        authors=_authors(page),
        published=_published(page, headline),
        modified=_modified(page),
        description=_first(meta, *_DESCRIPTIONS) or text_of(article.get("description")),
        publisher=publisher,
        language=language,
        tags=_tags(page),
        free_access=_free_access(page),
        reuse=_reuse(meta),
        links=read_links(tree, url, article=article, image=image, language=language),
        body=_body(article),
    )


def _gather(tree: HtmlElement) -> Meta:
    """Gather the meta elements by name or property, in small letters."""
    gathered: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = " ".join((element.get("content") or "").split())
        names = (element.get("property"), element.get("name"), element.get("itemprop"))
        for name in {name.strip().lower() for name in names if name}:
            if content:
                gathered.setdefault(name, []).append(content)
    return gathered


def _all(meta: Meta, *names: str) -> Iterator[str]:
    return chain.from_iterable(meta.get(name, ()) for name in names)


def _first(meta: Meta, *names: str) -> str | None:
    return next(_all(meta, *names), None)


def _site_names(publisher: str | None, outlet: Outlet | None, url: str) -> frozenset[str]:
    """Gather what a site may call itself."""
    host = re.sub(r"^\w+://|[/?#:].*", "", url, flags=re.DOTALL).removeprefix("www.")
    known = (outlet.name, *outlet.aliases) if outlet else ()
    return frozenset(name for name in (publisher, host, host.partition(".")[0], *known) if name)


def _title(page: _Page) -> str | None:
    """Choose the title: the card's, the one made for sharing, JSON-LD's, the document's."""
    for element in select(page.tree, page.selectors.get("title")):
        if line := line_of(element):
            return line
    declared = (
        *_all(page.meta, *_SHARED_TITLES),
        text_of(page.article.get("headline")),
        *_all(page.meta, *_OTHER_TITLES),
    )
    return choose_title(page.tree, declared, page.sites)


def _title_as_printed(title: str | None, headline: HtmlElement | None) -> str | None:
    """Cut what a title has beyond the headline that the page prints: its section, its outlet."""
    line = line_of(headline) if headline is not None else ""
    if not title or len(line.encode()) < _HEADLINE_LENGTH or not title.startswith(line):
        return title
    return line if re.match(r"\s*[-–—|｜:·_<«]", title[len(line) :]) else title


def _printed_title(headline: HtmlElement | None, page: _Page) -> str | None:
    line = line_of(headline) if headline is not None else ""
    return line if line and line not in page.sites else None


def _authors(page: _Page) -> tuple[str, ...]:
    """Read who wrote the article; the outlet itself only where it claims that and names nobody."""
    return (
        read_names(texts_of(page.article.get("author")), outlets=page.sites)
        or read_names(_all(page.meta, *_AUTHORS), outlets=page.sites)
        or read_names(labeled_names(page.meta), outlets=page.sites)
        or read_names(texts_of(page.article.get("creator")), outlets=page.sites)
        or read_names(printed_bylines(page.tree), outlets=page.sites)
        or read_names(texts_of(page.article.get("author")))
    )


def _published(page: _Page, headline: HtmlElement | None) -> Moment | None:
    linked = (page.article.get("datePublished"), page.article.get("dateCreated"))
    return _choose(
        chain(
            _moments(map(line_of, select(page.tree, page.selectors.get("date"))), "html", page),
            _moments(chain.from_iterable(map(texts_of, linked)), "json-ld", page),
            _moments(_all(page.meta, *_PUBLISHED), "meta", page),
            printed_moments(page.tree, headline, timezone=page.timezone, now=page.now),
        )
    )


def _modified(page: _Page) -> Moment | None:
    linked = texts_of(page.article.get("dateModified"))
    return _choose(
        chain(
            _moments(linked, "json-ld", page), _moments(_all(page.meta, *_MODIFIED), "meta", page)
        )
    )


def _moments(raws: Iterable[str], source: DateSource, page: _Page) -> Iterator[Moment]:
    for raw in raws:
        moment = parse_moment(raw, source=source, timezone=page.timezone, now=page.now)
        if moment is not None:
            yield moment


def _choose(moments: Iterator[Moment]) -> Moment | None:
    """Take the first moment; where it tells a day only, one that tells that day's time."""
    first = next(moments, None)
    if first is None or first.precision != "day":
        return first
    finer = (moment for moment in moments if moment.precision != "day")
    return next((moment for moment in finer if abs(moment.at - first.at) < _SAME_DATE), first)


def _language(page: _Page) -> str | None:
    """Read the language the page declares, as BCP 47; the first that is one."""
    declared = (
        page.tree.get("lang"),
        page.tree.get("xml:lang"),
        text_of(page.article.get("inLanguage")),
        *_all(page.meta, "content-language", "og:locale", "language", "dc.language"),
    )
    tags = (tag.strip().replace("_", "-") for tag in declared if tag)
    return next((tag for tag in tags if _LANGUAGE.fullmatch(tag)), None)


def _tags(page: _Page) -> tuple[str, ...]:
    """Read the article's tags; the page's keywords serve where it has none."""
    for lines in (
        texts_of(page.article.get("keywords")),
        _all(page.meta, "article:tag", "og:article:tag", "parsely-tags", "sailthru.tags"),
        _all(page.meta, "news_keywords", "keywords"),
    ):
        parts = (part.strip() for line in lines for part in _TAG_BREAK.split(line[:_TAG_LINE]))
        tags = {part.casefold(): part for part in parts if 0 < len(part) <= _TAG_LENGTH}
        if tags:
            return tuple(tags.values())[:_TAG_LIMIT]
    return ()


def _free_access(page: _Page) -> bool | None:
    """Tell whether the whole article is free to read; None where the page does not say."""
    parts = page.article.get("hasPart")
    claims = [page.article, *(parts if isinstance(parts, list) else [parts])]
    said = [
        claim_of(claim.get("isAccessibleForFree")) for claim in claims if isinstance(claim, dict)
    ]
    if False in said or True in said:
        return False not in said
    tier = (_first(page.meta, "article:content_tier") or "").lower()
    return {"free": True, "locked": False}.get(tier)


def _reuse(meta: Meta) -> tuple[str, ...]:
    """Read what the page reserves: its directives to robots and to text and data mining."""
    directives = re.split(r"[,\s]+", " ".join(_all(meta, "robots", "googlebot")).lower())
    found = [word for word in _RESERVED if word in directives]
    if _first(meta, "tdm-reservation") == "1":
        found.append("tdm-reserved")
    return tuple(found)


def _body(article: Json) -> str | None:
    """Read the text that JSON-LD carries, its lines kept."""
    body = article.get("articleBody")
    return body if isinstance(body, str) and body.strip() else None
