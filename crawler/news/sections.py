"""Sections: list pages of outlets that announce in no other way.

An article is told from navigation by its address, by the words and the frame of its link, by its
like on the page, and by what is new since the last visit. Promise: it errs to the side of an
article, for a page fetched in vain costs one request and an article missed is lost; a page without
any raises SourceError.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from statistics import median
from typing import Final

from crawler.errors import SourceError
from crawler.news.announcements import OVER_LIMIT, moment_of_entry, newest_first, title_of
from crawler.news.dates import date_in_url, parse_moment
from crawler.news.decoding import charset_of, decode
from crawler.news.link_rows import dates_of
from crawler.news.link_shapes import LIKE_ARTICLE, Shape, shape_of
from crawler.news.list_pages import PageLink, read_links, width_of
from crawler.news.markup import parse_html
from crawler.news.records import Entry, SourceReading

ENTRY_LIMIT: Final = 500

_CARD_DATE = 1.0  # a link that lacks no more than this is taken if a date stands beside it
_LIKENESS = 1.0  # stands in a group of links that look alike and read like headlines
_MAIN_LIST = 0.5  # in the largest of them
_IN_FRAME = -2.0
_NEWCOMER = 1.0
_OLD_FURNITURE = -2.0
_GROUP = 3
_GROUP_WIDTH = 24
# (least width of the text, points): "About", "Politics and society", a headline, a long one
_WIDTHS = ((45, 1.5), (30, 1.0), (16, 0.5), (10, 0.0), (1, -1.5))
_NO_TEXT = -0.5  # a picture without words says nothing against it


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
    """Read a list page; SourceError where nothing on it looks like an article.

    `known` are the `links` of the previous reading: what is on the page again and looks like
    furniture is furniture, what is new is likelier an article.
    """
    decoded = decode(body, declared=charset_of(content_type), hint=charset_hint)
    tree = parse_html(decoded.text)
    if tree is None:
        raise SourceError(url, "it is no list page: see whether the address is right")
    dropped: Counter[str] = Counter()
    links = read_links(tree, url, dropped)
    points = _judge(links, known)
    read_date = partial(parse_moment, source="html", timezone=timezone, now=now)
    likely = [link for link in links if points[link.url] >= LIKE_ARTICLE - _CARD_DATE]
    dates = dates_of(likely, read_date)
    articles = [link for link in likely if link.url in dates or points[link.url] >= LIKE_ARTICLE]
    if not articles:
        raise SourceError(url, "no article links: see whether the list moved or needs a script")
    entries = [
        Entry(
            url=link.url,
            title=link.text or None,
            published=dates.get(link.url) or date_in_url(link.url, now=now),
        )
        for link in articles
    ]
    if len(entries) > ENTRY_LIMIT:
        dropped[OVER_LIMIT] += len(entries) - ENTRY_LIMIT
    return SourceReading(
        shape="section",
        title=title_of(tree.findtext(".//title")),
        entries=tuple(newest_first(entries, moment_of_entry)[:ENTRY_LIMIT]),
        dropped=dropped,
        links=tuple(link_digest(link.url) for link in links),
        charset=decoded.charset,
    )


def link_digest(url: str) -> str:
    """Shorten an address to the 8 hex digits by which the next visit knows it."""
    return hashlib.sha256(url.encode()).hexdigest()[:8]


def _judge(links: Sequence[PageLink], known: frozenset[str]) -> dict[str, float]:
    """Give every link its points: above `LIKE_ARTICLE` it is taken for an article."""
    shapes = {link.url: shape_of(link.url) for link in links}
    alike = _likeness(links, shapes)
    points = {}
    for link in links:
        shape = shapes[link.url]
        mine = shape.points + _text_points(link.text)
        mine += _IN_FRAME if link.is_framed else alike[shape.template]
        if known:
            is_known = link_digest(link.url) in known
            looks_old = is_known and shape.points < LIKE_ARTICLE
            mine += _OLD_FURNITURE if looks_old else 0.0 if is_known else _NEWCOMER
        points[link.url] = mine
    return points


def _text_points(text: str) -> float:
    width = width_of(text)
    return next((points for least, points in _WIDTHS if width >= least), _NO_TEXT)


def _likeness(links: Sequence[PageLink], shapes: dict[str, Shape]) -> defaultdict[str, float]:
    """Find the groups of links that share a pattern and read like headlines."""
    groups = defaultdict(list)
    for link in links:
        if not link.is_framed:
            groups[shapes[link.url].template].append(width_of(link.text))
    lists = {
        template: len(widths)
        for template, widths in groups.items()
        if len(widths) >= _GROUP and median(widths) >= _GROUP_WIDTH
    }
    points = defaultdict(float, dict.fromkeys(lists, _LIKENESS))
    if lists:
        points[max(lists, key=lambda template: lists[template])] += _MAIN_LIST
    return points
