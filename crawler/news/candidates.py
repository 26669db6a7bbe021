"""Where a site may announce: what it says of itself, and where sites of its kind usually do.

Promise: a candidate is an address fit to be asked for, and tells how it was come by; nothing is
asked for here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlsplit

from crawler.news.records import SourceKind
from crawler.news.urls import absolute_url

# How a candidate was come by, most telling first: the address that the user gave; a link element
# of the page; robots.txt; a link to a feed; a link in the menu; a place where others announce.
How = Literal["given", "declared", "robots", "linked", "menu", "guessed"]

_ROBOTS_SITEMAPS: Final = 20
_SITEMAP_LINE: Final = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
# Counted over the built-in catalogue (2026-11-25): what at least two of its outlets use, and what
# the systems behind many small sites use (WordPress, Ghost, Arc, NDSoft, Blogger, Jekyll).
_FEEDS: Final = (
    "/feed/", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/rss/all.xml", "/rss/world.xml",
    "/index.xml", "/feed.json", "/index.rdf", "/rss/news.xml", "/rss/index.xml", "/rss/news",
    "/rss/all", "/rss/allArticle.xml", "/arc/outboundfeeds/rss/?outputType=xml", "/news/last.rss",
    "/export/rss.xml", "/export/rss2/archive/index.xml", "/rss/v2.xml", "/rss2.xml", "/en/rss",
    "/?feed=rss2", "/feeds/posts/default", "/index.rss",
)  # fmt: skip
_NEWS_SITEMAPS: Final = (
    "/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_news.xml", "/sitemap_index.xml",
    "/sitemap.xml", "/sitemap/news.xml", "/sitemaps/news.xml", "/googlenews.xml",
    "/arc/outboundfeeds/news-sitemap/?outputType=xml", "/sitemap-index.xml", "/wp-sitemap.xml",
)  # fmt: skip
_LISTS: Final = (
    "/news/", "/latest", "/en/news", "/category/news", "/category/latest", "/en/latest",
    "/en/category/latest", "/press-releases", "/world/", "/all",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An address at which a site may announce."""

    url: str
    kind: SourceKind
    how: How


def named_in_robots(text: str, robots_url: str) -> tuple[Candidate, ...]:
    """The sitemaps that a robots.txt names, those of news first."""
    found = (absolute_url(raw, robots_url) for raw in _SITEMAP_LINE.findall(text))
    urls = sorted(dict.fromkeys(url for url in found if url), key=_is_not_of_news)
    return tuple(
        Candidate(url=url, kind="sitemap", how="robots") for url in urls[:_ROBOTS_SITEMAPS]
    )


def usual_feeds(home: str) -> Iterator[Candidate]:
    """Where feeds usually are: below the address that was given, then at the root of its host."""
    yield from _guesses("feed", _under(home, ("feed/", "rss", "rss.xml", "feed")), home)
    yield from _guesses("feed", _FEEDS, home)


def usual_sitemaps(home: str) -> Iterator[Candidate]:
    """Where news sitemaps usually are."""
    yield from _guesses("sitemap", _NEWS_SITEMAPS, home)


def usual_lists(home: str) -> Iterator[Candidate]:
    """Where list pages of the latest news usually are."""
    yield from _guesses("section", _LISTS, home)


def _under(home: str, names: Iterable[str]) -> Iterator[str]:
    path = urlsplit(home).path.rstrip("/")
    if path:
        yield from (f"{path}/{name}" for name in names)


def _guesses(kind: SourceKind, paths: Iterable[str], home: str) -> Iterator[Candidate]:
    for path in paths:
        if url := absolute_url(path, home):
            yield Candidate(url=url, kind=kind, how="guessed")


def _is_not_of_news(url: str) -> bool:
    return "news" not in urlsplit(url).path.lower()
