"""The text of an article, out of the tree of its page.

Promise: what comes back are the paragraphs of one article, one a line, without what the page puts
between and around them; a page that gives none comes back empty.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from itertools import count, islice

import trafilatura
from lxml.html import HtmlElement
from trafilatura.meta import reset_caches

from crawler.news.characters import plain_text
from crawler.news.furniture import drop_furniture
from crawler.news.markup import block_lines, mend_layout
from crawler.news.metadata import Metadata
from crawler.news.printed import key_of, select
from crawler.news.records import TextSource, TextStatus

TEXT_LIMIT = 200_000
# trafilatura's time grows faster than its input from here on: 40,000 paragraphs take 9 s.
_ELEMENT_LIMIT = 25_000
_CACHES_SERVE = 200  # pages; its caches grow without end otherwise
_PARAGRAPHS = ("p", "blockquote", "pre", "h2", "h3", "h4")
_COMPARED = 50  # lines; enough to know a text by
_LEAD_LENGTH = 1_200
_served = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """The text of a page, whether it is the whole, and where on the page it stood."""

    text: str
    status: TextStatus
    source: TextSource


def read_text(
    tree: HtmlElement,
    metadata: Metadata,
    *,
    titles: Iterable[str | None],
    selectors: Mapping[str, str],
    now: datetime,
) -> Extracted:
    """Read the article's text; `titles` are its headlines, `selectors` its outlet's own.

    trafilatura favoring precision is the best single reader measured; it gives way where it found
    less than half of what the densest block of the page holds, or JSON-LD.
    """
    titles = (*titles, metadata.title)
    tree = deepcopy(tree)
    for element in select(tree, selectors.get("drop")):
        element.drop_tree()
    mend_layout(tree)

    def clean(lines: Iterable[str]) -> list[str]:
        return drop_furniture(list(lines), titles=titles, authors=metadata.authors, now=now)

    source: TextSource = "page"
    lines = clean(_selected(tree, selectors.get("text")))
    if not lines:
        lines = clean(_main_text(tree))
        dense = clean(_densest(tree))
        if _size(lines) * 2 < _size(dense) and _holds(dense, lines):
            lines = dense
        linked = clean(plain_text(metadata.body or "").split("\n"))
        if _size(lines) * 2 < _size(linked):
            lines, source = linked, "json-ld"
    text, status = _cut(lines, metadata)
    return Extracted(text=text, status=status, source=source)


def _selected(tree: HtmlElement, css: str | None) -> list[str]:
    return [line for root in select(tree, css) for _, line in block_lines(root)]


def _main_text(tree: HtmlElement) -> list[str]:
    """Read the main text with trafilatura; nothing where the page is too large for it."""
    if sum(1 for _ in tree.iter()) > _ELEMENT_LIMIT:
        return []
    if next(_served) % _CACHES_SERVE == 0:
        reset_caches()
    text = trafilatura.extract(tree, include_comments=False, favor_precision=True)
    return text.split("\n") if text else []


def _densest(tree: HtmlElement) -> list[str]:
    """Read the paragraphs that share the parent with most text outside links."""
    shared: defaultdict[HtmlElement, list[str]] = defaultdict(list)
    for element, line in block_lines(tree):
        linked = sum(len("".join(link.itertext())) for link in element.iter("a"))
        if element.tag not in ("li", "td", "th", "dd", "dt", "footer") and linked * 2 < len(line):
            shared[_holder(element)].append(line)
    return max(shared.values(), key=_size, default=[])


def _holder(element: HtmlElement) -> HtmlElement:
    """Name the element whose text a block is: a paragraph's parent, any other block itself."""
    parent = element.getparent() if element.tag in _PARAGRAPHS else None
    return element if parent is None else parent


def _holds(whole: Iterable[str], part: Iterable[str]) -> bool:
    """Whether most of one text stands in another, so that the other may replace it."""
    held = key_of("".join(whole))
    keys = [key_of(line) for line in islice(part, _COMPARED)]
    return sum(len(key) for key in keys if key in held) * 2 >= sum(map(len, keys))


def _size(lines: Iterable[str]) -> int:
    return sum(map(len, lines))


def _cut(lines: list[str], metadata: Metadata) -> tuple[str, TextStatus]:
    """Join the lines up to the limit, and tell whether this is the whole."""
    text = "\n".join(lines)
    if len(text) > TEXT_LIMIT:
        whole = text[:TEXT_LIMIT].rpartition("\n")[0]  # unless one line has most of it
        return whole if len(whole) > TEXT_LIMIT // 2 else text[:TEXT_LIMIT], "cut"
    told_short = metadata.free_access is False and len(text) < _LEAD_LENGTH
    return text, "lead" if told_short else "full"
