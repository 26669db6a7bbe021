"""The text of an article, out of the tree of its page.

Promise: what comes back are the paragraphs of one article, one a line, without what the page puts
between and around them, and for every line that was left out the reason; a page that gives none
comes back empty.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from types import MappingProxyType
from typing import NamedTuple

import trafilatura
from lxml.etree import strip_elements
from lxml.html import HtmlElement
from trafilatura.meta import reset_caches

from crawler.news.blocks import Hints, read_blocks
from crawler.news.characters import plain_text
from crawler.news.furniture import find_furniture
from crawler.news.json_ld import path_of
from crawler.news.markup import cut_behind, mend_layout
from crawler.news.metadata import Metadata
from crawler.news.opinions import choose
from crawler.news.outlets import Outlet
from crawler.news.printed import select
from crawler.news.records import TextSource, TextStatus
from crawler.news.recurring import find_known
from crawler.news.source_links import SourceLink, find_sources

TEXT_LIMIT = 200_000
# The largest of the 394 pages of the labeled sets has 4,110.
_ELEMENTS = 50_000
# trafilatura's time grows faster than its input from here on: 40,000 paragraphs take 9 s.
_ELEMENT_LIMIT = 25_000
_CACHES_SERVE = 200  # pages; its caches grow without end otherwise
_LEAD_LENGTH = 1_200
_MORE = 2  # times a text's length that another must have to replace it
_served = count(1)
# Read by no opinion, and a sixth of the extractor's time where they are left in.
_UNREAD = ("script", "style", "noscript", "svg", "template", "iframe", "link", "meta")


class Dropped(NamedTuple):
    """A line that some opinion took for text, and why it is none."""

    line: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """The text of a page, whether it is the whole, and where on the page it stood.

    `opinion` says who found it, `sizes` how much each gave; `lines` are those of the text before
    what recurs was taken out. `sources` are where the page links or names whose news it prints.
    """

    text: str
    status: TextStatus
    source: TextSource
    opinion: str = ""
    lines: tuple[str, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    sources: tuple[SourceLink, ...] = ()
    sizes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a page before its text is read.

    `titles` are its headlines, `recurring` the fingerprints of its outlet's furniture.
    """

    url: str
    now: datetime
    titles: tuple[str | None, ...] = ()
    outlet: Outlet | None = None
    recurring: Collection[int] = field(default_factory=frozenset)


class _Opinion(NamedTuple):
    """Lines that may be the text, in the name of who found them."""

    name: str
    source: TextSource
    lines: Sequence[str]
    dropped: Sequence[Dropped] = ()
    sources: tuple[SourceLink, ...] = ()
    sizes: Mapping[str, int] = MappingProxyType({})


def read_text(tree: HtmlElement, metadata: Metadata, known: Known) -> Extracted:
    """Read the article's text; the tree is used up by it.

    trafilatura favoring precision is the best single reader measured. Our own reading of the blocks
    takes out what it should not have kept and adds where it stopped too early; JSON-LD serves where
    the page shows less than half of it.
    """
    is_cut = _prepare(tree, known.outlet)
    seen = _selected(tree, known.outlet) or _read_page(tree, metadata, known)
    best = _clean(seen, metadata, known)
    linked = plain_text(metadata.body or "").split("\n")
    if _size(best.lines) * _MORE < _size(linked):
        told = _clean(_Opinion("JSON-LD articleBody", "json-ld", linked), metadata, known)
        best = told if _size(best.lines) * _MORE < _size(told.lines) else best
    places = find_known(best.lines, known.recurring)
    recurs = [Dropped(best.lines[place], "recurs on this outlet") for place in sorted(places)]
    kept = [line for place, line in enumerate(best.lines) if place not in places]
    text, status = _cut(kept, metadata)
    return Extracted(
        text=text,
        status="cut" if is_cut else status,
        source=best.source,
        opinion=best.name,
        lines=tuple(best.lines),
        dropped=(*best.dropped, *recurs),
        sources=seen.sources,
        sizes={**seen.sizes, "json-ld": _size(linked)},
    )


def _prepare(tree: HtmlElement, outlet: Outlet | None) -> bool:
    """Take out what no opinion reads, or the outlet's card drops; True where there was too much."""
    for element in select(tree, outlet.selectors.get("drop") if outlet else None):
        element.drop_tree()
    strip_elements(tree, *_UNREAD, with_tail=False)
    is_cut = cut_behind(tree, _ELEMENTS)
    mend_layout(tree)
    return is_cut


def _selected(tree: HtmlElement, outlet: Outlet | None) -> _Opinion | None:
    """Read what the outlet's card selects, where it does."""
    roots = select(tree, outlet.selectors.get("text") if outlet else None)
    lines = [block.text for root in roots for block in read_blocks(root)]
    return _Opinion("the card's selector", "page", lines) if lines else None


def _read_page(tree: HtmlElement, metadata: Metadata, known: Known) -> _Opinion:
    """Hold the extractor's text against the blocks of the page."""
    main_text = _main_text(tree)
    blocks = read_blocks(tree)
    titles = tuple(title for title in (*known.titles, metadata.title) if title)
    hints = Hints(path=path_of(known.url), titles=titles, description=metadata.description or "")
    choices = choose(blocks, main_text, hints)
    kept = [choice.block.text for choice in choices if choice.kept]
    told = [choice.block for choice in choices if choice.told]
    sizes = {"trafilatura": _size(main_text), "blocks": _size(kept)}
    sources = find_sources(blocks, known.url)
    if sum(len(block.text) for block in told) * _MORE < _size(main_text):
        return _Opinion("trafilatura alone", "page", main_text, (), sources, sizes)
    ours = sum(choice.kept and not choice.told for choice in choices)
    name = f"trafilatura and {ours} more blocks of ours" if ours else "trafilatura"
    dropped = [Dropped(c.block.text, c.reason) for c in choices if c.told and not c.kept]
    name = name if main_text else "our own reading"
    return _Opinion(name, "page", kept, dropped, sources, sizes)


def _main_text(tree: HtmlElement) -> list[str]:
    """Read the main text with trafilatura; nothing where the page is too large for it."""
    if sum(1 for _ in tree.iter()) > _ELEMENT_LIMIT:
        return []
    if next(_served) % _CACHES_SERVE == 0:
        reset_caches()
    text = trafilatura.extract(tree, include_comments=False, favor_precision=True)
    return text.split("\n") if text else []


def _clean(opinion: _Opinion, metadata: Metadata, known: Known) -> _Opinion:
    """Take out the lines that are furniture whoever found them."""
    found = find_furniture(
        opinion.lines,
        titles=(*known.titles, metadata.title),
        authors=metadata.authors,
        now=known.now,
    )
    kept = [line for place, line in enumerate(opinion.lines) if place not in found]
    dropped = [Dropped(opinion.lines[place], reason) for place, reason in sorted(found.items())]
    return opinion._replace(lines=kept, dropped=(*opinion.dropped, *dropped))


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
