"""The blocks of a page: its lines as a reader sees them, each with the signs of what it is.

Promise: one walk over the tree, in reading order, in time linear in the page; no words are left
out but those of scripts, forms and drawings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.news.frames import signs_of
from crawler.news.markup import BLOCKS
from crawler.news.printed import key_of

_UNREAD = frozenset({
    "script", "style", "noscript", "template", "option", "select", "textarea", "button", "svg",
    "iframe", "object", "audio", "video", "head", "title", "canvas", "math", "map", "link", "meta",
    "nav", "menu", "dialog",
})  # fmt: skip
_FRAME_TAGS = frozenset({"aside", "footer", "form"})
_CAPTION_TAGS = frozenset({"figcaption", "figure", "caption"})
_ITEM_TAGS = frozenset({"li", "dd", "dt", "tr"})
_ENDING = BLOCKS - {"td", "th"}
_BREAK = "\u2028"  # stands for a br element; white space to all that follows
_MARKS = {"br": _BREAK, "td": " | ", "th": " | "}
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# Blocks whose parent tells whose text they are; any other block tells it itself.
_PARAGRAPHS = HEADINGS | _ITEM_TAGS | {"p", "blockquote", "pre"}
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
PROSE = 80  # of size, from which a sentence is an article's
_LONG_PROSE = 200
_LINKS = 0.4  # share of links from which a block is no prose
OUTSIDE = "outside the article"
UNDECIDED = "not taken for text"
_SENTENCE_ENDS = tuple(".!?。！？…:;»”\"')]」』")
_POST = re.compile(r"(?:^|\s)(?:hentry|post-\d+|h-entry)(?:\s|$)", re.IGNORECASE)
# Where a line ends within a block: a break after a sentence, or the indent of East Asian print.
_LINE_END = re.compile(
    rf"(?<=[.!?。！？…”»」』])[^\S{_BREAK}]*{_BREAK}\s*|(?<=[。！？”」』])\s*\u3000\u3000+"
)
_NOT_AWAY = ("#", "javascript:", "mailto:", "tel:")


class Place(NamedTuple):
    """What a block inherits from the elements around it."""

    holder: HtmlElement
    frames: tuple[str, ...] = ()
    caption: str | None = None
    is_lead: bool = False
    item: HtmlElement | None = None
    post: HtmlElement | None = None
    is_hidden: bool = False
    in_link: bool = False


class Block:
    """One line of a page. `linked` is the share of it that is links, the first of them `href`.

    `key` are its letters and digits. `size` is its length, in which a character of a wide script
    counts as three: it says as much. `is_prose`: it reads like sentences of an
    article, `is_short_prose`: like one sentence of any length.
    """

    def __init__(self, text: str, place: Place, linked: float, href: str) -> None:
        self.text, self.place, self.linked, self.href = text, place, linked, href
        self.key = key_of(text)
        self.size = len(text) if text.isascii() else len(text) + 2 * len(_WIDE.findall(text))
        self.is_heading = place.holder.tag in HEADINGS
        self.is_sentence = text.endswith(_SENTENCE_ENDS)
        self.is_short_prose = linked < _LINKS and not self.is_heading and self.is_sentence
        self.is_prose = (
            linked < _LINKS
            and not self.is_heading
            and (self.size >= _LONG_PROSE or (self.size >= PROSE and self.is_sentence))
        )

    @cached_property
    def owner(self) -> HtmlElement:
        """The element whose text it is: a paragraph's parent, any other block itself."""
        holder = self.place.holder
        parent = holder.getparent() if holder.tag in _PARAGRAPHS else None
        return holder if parent is None else parent

    @cached_property
    def style(self) -> tuple[str, str, str]:
        """What blocks of one kind share: tag, class, and the class of what they stand in."""
        holder = self.place.holder
        parent = holder.getparent()
        around = "" if parent is None else f"{parent.get('class') or ''} {parent.get('id') or ''}"
        return str(holder.tag), holder.get("class") or "", around.strip()

    @property
    def list_of(self) -> HtmlElement | None:
        """The list or table that it is an item of."""
        return None if self.place.item is None else self.place.item.getparent()

    def leads_away(self, path: str) -> bool:
        """Whether its first link leads to another page than `path`."""
        if not self.href or self.href.startswith(_NOT_AWAY) or not self.key.strip("0123456789"):
            return False
        try:
            target = urlsplit(self.href)
        except ValueError:
            return False
        return bool(target.query) or target.path != path


class Choice(NamedTuple):
    """A block, why it is kept or dropped, and whether the extractor gave it."""

    block: Block
    kept: bool
    reason: str
    told: bool = False


class Hints(NamedTuple):
    """What else is known of a page: its path, its titles and its description."""

    path: str
    titles: tuple[str, ...] = ()
    description: str = ""


class _Line:
    """The line under way: its words, how many of them are links, and the first link."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.linked = 0
        self.href = ""

    def add(self, text: str | None, place: Place) -> None:
        if text and (self.parts or not text.isspace()):
            self.parts.append(text)
            if place.in_link:
                self.linked += len(text.strip())

    def blocks(self, place: Place) -> Iterator[Block]:
        """Give the line as one block, or as several where it holds the ends of lines."""
        text = "".join(self.parts)
        length = len(" ".join(text.split()))
        linked = min(1.0, self.linked / length) if length else 0.0
        for piece in _LINE_END.split(text) if _BREAK in text or "\u3000" in text else (text,):
            if words := " ".join(piece.split()).strip("| "):
                yield Block(words, place, linked, self.href)


def read_blocks(tree: HtmlElement) -> list[Block]:
    """Walk a page and gather its lines."""
    body = tree.find("body")
    root = tree if body is None else body
    found: list[Block] = []
    line, place = _Line(), Place(root)
    line.add(root.text, place)
    waiting = [(iter(root), root, place)]
    while waiting:
        children, parent, place = waiting[-1]
        element = next(children, None)
        if element is None:
            waiting.pop()
            line = _end_line(line, str(parent.tag), place, found)
            if waiting:
                line.add(parent.tail, waiting[-1][2])
            continue
        tag = str(element.tag)
        if tag in _UNREAD:
            line.add(element.tail, place)
            continue
        line = _end_line(line, tag, place, found)
        if tag in _MARKS:
            line.add(_MARKS[tag], place)
        inside = _enter(element, tag, place)
        line.add(element.text, inside)
        if tag == "a":
            line.href = line.href or element.get("href") or ""
        if len(element):
            waiting.append((iter(element), element, inside))
        else:
            line = _end_line(line, tag, inside, found)
            line.add(element.tail, place)
    found.extend(line.blocks(place))
    return found


def _end_line(line: _Line, tag: str, place: Place, found: list[Block]) -> _Line:
    """Put the line under way with the others, where a block begins or ends."""
    if tag not in _ENDING or not line.parts:
        return line
    found.extend(line.blocks(place))
    return _Line()


def _enter(element: HtmlElement, tag: str, place: Place) -> Place:
    """Name the place inside an element; the one it stands in where it changes nothing."""
    if tag == "a":
        return place if place.in_link else place._replace(in_link=True)
    if tag not in BLOCKS:
        return place
    names = f"{element.get('class') or ''} {element.get('id') or ''}".strip()
    frame, caption, is_lead = signs_of(names) if names else (None, None, False)
    if tag in _FRAME_TAGS:
        frame = f"<{tag}>"
    style = element.get("style")
    return Place(
        holder=element,
        frames=(*place.frames, frame) if frame else place.frames,
        caption=f"<{tag}>" if tag in _CAPTION_TAGS else place.caption or caption,
        is_lead=is_lead or (place.is_lead and tag in _PARAGRAPHS),
        item=element if tag in _ITEM_TAGS else place.item,
        post=element if tag == "article" or (names and _POST.search(names)) else place.post,
        is_hidden=place.is_hidden
        or element.get("hidden") is not None
        or bool(style and _HIDDEN_STYLE.search(style)),
        in_link=place.in_link,
    )
