"""List pages: which links stand on them, with what words and in which frame.

Here is what the page shows; `sections.py` decides what of it are articles. Promise: one link per
address of the site, with the best of the words that its anchors carry.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from crawler.news.announcements import OTHER_SITE, OVER_LIMIT, TITLE_LENGTH, shorten
from crawler.news.characters import clean_line
from crawler.news.link_shapes import is_file
from crawler.news.markup import BLOCKS
from crawler.news.printed_dates import read_printed
from crawler.news.urls import absolute_url, same_site

LINK_LIMIT: Final = 2_000

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SILENT = frozenset({"script", "style", "noscript", "template", "svg", "time", "select"})
_HOLDERS = frozenset({"article", "main", "li", "section"})
_PLAIN = frozenset({"html", "body", "main", "article"})
_FRAME = re.compile(
    r"\b(?:nav|navi|navbar|navigation|menu|submenu|gnb|lnb|snb|footer|breadcrumbs?|topbar"
    r"|pagination|paging|pager|copyright)\b",
    re.IGNORECASE,
)
_TITLE_CLASS = re.compile(r"(?<!sub)tit(?:le|re)?\b|headline|heading|subject", re.IGNORECASE)
# Words that lead on and say nothing.
_MORE = re.compile(
    r"(?:read|see|view|learn|load)? ?(?:more|full (?:story|article)|on|details?)\W*"
    r"|(?:continue|keep) reading\W*|\d* ?(?:comments?|replies|views?|share|likes?)\W*"
    r"|подробнее\W*|читать (?:далее|полностью|ещ[её])\W*|(?:ещ[её]|далее)\W*|докладніше\W*"
    r"|читати (?:далі|більше)\W*|더 ?보기\W*|자세히 ?보기\W*|전문 ?보기\W*|댓글 ?\d*"
    r"|続きを読む\W*|もっと(?:見る|読む)\W*|一覧(?:へ|を見る)?\W*|更多\W*|阅读全文\W*|查看(?:详情|更多)\W*"
    r"|mehr(?: lesen| erfahren)?\W*|weiterlesen\W*|lire (?:la suite|plus)\W*|(?:leer|ver) más\W*",
    re.IGNORECASE,
)
_EDGE_DATE = re.compile(
    r"^\W*(?:(?:19|20)\d\d[./-] ?\d\d?[./-] ?\d\d?\b\W*)?(?:\b\d\d?:\d\d\b\W*)?(?=\D)"
    r"|[\s\[(|·,]*(?:19|20)\d\d[./-] ?\d\d?[./-] ?\d\d?\b\W*(?:\b\d\d?:\d\d\b\W*)?$"
)
_HEADLINE_LENGTH = 160  # characters; a longer anchor holds the teaser too
_HEADLINE_WIDTH = 12
_DATE_LENGTH = 40
_DATE_LETTERS = 12


@dataclass(slots=True, kw_only=True)
class PageLink:
    """One address of a list page. `rank` is that of its text: 2 heading, 1 anchor, 0 picture."""

    url: str
    text: str = ""
    rank: int = 0
    is_framed: bool = True  # every anchor stands in a menu, header or footer
    anchors: list[HtmlElement] = field(default_factory=list)


def width_of(text: str) -> int:
    """Tell how long a text looks: a letter of East Asia counts twice."""
    return len(text) + sum(letter >= "\u1100" for letter in text)


def read_links(tree: HtmlElement, url: str, dropped: Counter[str]) -> list[PageLink]:
    """Gather the links of a page to pages of its own site, in their order, each address once.

    What leads elsewhere, and what is more than 2,000, is counted in `dropped`.
    """
    declared = next((base.get("href", "") for base in tree.iter("base")), "")
    base = absolute_url(declared, url) or url
    here = absolute_url(url, url)
    links: dict[str, PageLink] = {}
    for anchor, is_framed in _anchors(tree):
        target = absolute_url(anchor.get("href", ""), base)
        if target is None or target == here or is_file(target):
            continue
        if not same_site(target, url):
            dropped[OTHER_SITE] += 1
            continue
        if target not in links and len(links) == LINK_LIMIT:
            dropped[OVER_LIMIT] += 1
            continue
        link = links.setdefault(target, PageLink(url=target))
        link.anchors.append(anchor)
        link.is_framed = link.is_framed and is_framed
        rank, text = _words_of(anchor)
        if _worth(rank, text) > _worth(link.rank, link.text):
            link.rank, link.text = rank, text
    return list(links.values())


def _anchors(tree: HtmlElement) -> Iterator[tuple[HtmlElement, bool]]:
    """Walk the anchors, each with whether it stands in the frame of the page."""
    framed: dict[HtmlElement | None, bool] = {}
    held: dict[HtmlElement | None, bool] = {}
    for element in tree.iter():  # parents come first
        parent, tag = element.getparent(), element.tag
        held[element] = held.get(parent, False) or tag in _HOLDERS
        framed[element] = framed.get(parent, False) or _is_frame(element, held.get(parent, False))
        if tag == "a" and element.get("href"):
            yield element, framed[element]


def _is_frame(element: HtmlElement, is_held: bool) -> bool:
    """Whether an element is a menu, header or footer of the page, not of an article's card."""
    tag = element.tag
    if tag == "nav" or (tag in ("header", "footer") and not is_held):
        return True
    names = f"{element.get('class', '')} {element.get('id', '')} {element.get('role', '')}"
    return tag not in _PLAIN and _FRAME.search(names.replace("_", " ")) is not None


def _worth(rank: int, text: str) -> tuple[int, int]:
    return (rank if text else -1), (len(text) if len(text) <= _HEADLINE_LENGTH else 0)


def _words_of(anchor: HtmlElement) -> tuple[int, str]:
    """Read the words of one anchor and rank them."""
    for part in anchor.iterdescendants():
        if _is_heading(part) and (text := _headline(part)):
            return 2, text
    if text := _headline(anchor):
        return (2 if any(map(_is_heading, islice(anchor.iterancestors(), 2))) else 1), text
    pictures = [picture.get("alt", "") for picture in anchor.iter("img")]
    for text in (*pictures, anchor.get("title", ""), anchor.get("aria-label", "")):
        if (line := clean_line(text)) and not _MORE.fullmatch(line):
            return 0, shorten(line, TITLE_LENGTH) or ""
    return 0, ""


def _is_heading(element: HtmlElement) -> bool:
    return element.tag in _HEADINGS or bool(_TITLE_CLASS.search(element.get("class", "")))


def _headline(element: HtmlElement) -> str:
    """Take the first line of an element that is long enough for a headline, else its longest."""
    lines = []
    for line in "".join(_pieces(element)).split("\n"):
        clean = clean_line(line)
        if clean and not is_date_line(clean) and not _MORE.fullmatch(clean):
            lines.append(_EDGE_DATE.sub("", clean))
    long_lines = (line for line in lines if width_of(line) >= _HEADLINE_WIDTH)
    line = next(long_lines, max(lines, key=len, default=""))
    return shorten(line, TITLE_LENGTH) or ""


def _pieces(element: HtmlElement) -> Iterator[str]:
    """Walk the visible text of an element, with a line end at the edges of every block."""
    silent = 0
    for event, part in iterwalk(element, events=("start", "end")):
        silent += (part.tag in _SILENT) * (1 if event == "start" else -1)
        if part.tag in BLOCKS or part.tag == "br":
            yield "\n"
        text = part.text if event == "start" else part.tail if part is not element else None
        if text and not silent:
            yield text


def is_date_line(line: str) -> bool:
    """Whether a line is a date with little around it, such as "Posted 20 November 2026"."""
    if len(line) > _DATE_LENGTH or sum(map(str.isalpha, line)) > _DATE_LETTERS:
        return False
    try:
        read_printed(line, None)
    except ValueError:
        return False
    return True
