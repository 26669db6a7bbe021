"""The tree of a page, mended where old habits hide its paragraphs.

Promise: any text becomes a tree or None, in time linear in its length; the words stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml.etree import ElementDefaultClassLookup, ParserError
from lxml.html import HtmlElement, HTMLParser, document_fromstring

BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "ul",
))  # fmt: skip
# What XML cannot hold: lxml reads it (from &#1; too), but raises where it is moved.
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CELLS = ("table", "tbody", "thead", "tfoot", "tr", "td", "th")
_ONE_CLASS = ElementDefaultClassLookup(element=HtmlElement)
_LAYOUT_CELL = 400  # characters; no cell of figures is as long


def parse_html(text: str) -> HtmlElement | None:
    """Parse a page; None where there is no element in it."""
    # As UTF-8 bytes, since lxml refuses str that carries an XML declaration.
    raw = _UNFIT.sub("", text).encode("utf-8", "replace")
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    # lxml.html asks Python for the class of each element it touches; one class for all is known
    # in advance, and saves a tenth of all that is done with the tree.
    parser.set_element_class_lookup(_ONE_CLASS)
    try:
        return document_fromstring(raw, parser=parser)
    except ParserError:  # "Document is empty"
        return None


def mend_layout(tree: HtmlElement) -> None:
    """Turn tables that lay out the page into plain blocks, and double breaks into paragraphs."""
    for table in list(tree.iter("table")):
        if _lays_out(table):
            _make_block(table)
            for cell in table.iter(*_CELLS[1:]):
                if next(cell.iterancestors("table"), None) is None:
                    cell.tag = "div"
    breaks = (br for br in tree.iter("br") if _is_double(br))
    for element in dict.fromkeys(ancestor for br in breaks for ancestor in _parents(br)):
        _split_paragraphs(element)


def _make_block(table: HtmlElement) -> None:
    """Make a layout table a block, and the loose text that follows it a paragraph."""
    table.tag = "div"
    if table.tail and table.tail.strip():
        paragraph = table.makeelement("p", {})
        paragraph.text, table.tail = _fit(table.tail), None
        following = table.getnext()
        while following is not None and following.tag not in BLOCKS and following.tag != "br":
            paragraph.append(following)
            following = table.getnext()
        table.addnext(paragraph)


def _lays_out(table: HtmlElement) -> bool:
    """Whether a table holds a page and not figures."""
    for cell in table.iter("td"):
        if any(child.tag in BLOCKS and child.tag != "p" for child in cell):
            return True
        if any(_is_double(br) for br in cell.iter("br")) or len(_own_text(cell)) > _LAYOUT_CELL:
            return True
    return False


def _own_text(element: HtmlElement) -> str:
    return (element.text or "") + "".join(child.tail or "" for child in element)


def _is_double(br: HtmlElement) -> bool:
    following = br.getnext()
    return following is not None and following.tag == "br" and not (br.tail or "").strip()


def _parents(element: HtmlElement) -> Iterator[HtmlElement]:
    return islice(element.iterancestors(), 1)


def _fit(text: str | None) -> str | None:
    return _UNFIT.sub("", text) if text else text


def _split_paragraphs(element: HtmlElement) -> None:
    """Make a paragraph of each line of an element that breaks its lines by hand."""
    children = list(element)
    lines = [element.makeelement("p", {})]
    lines[0].text, element.text = _fit(element.text), None
    for child in children:
        element.remove(child)
        tail, child.tail = _fit(child.tail), None
        if child.tag == "br" or child.tag in BLOCKS:
            if child.tag != "br":
                lines.append(child)
            lines.append(element.makeelement("p", {}))
            lines[-1].text = tail
        else:
            child.tail = tail
            lines[-1].append(child)
    element.extend(line for line in lines if len(line) or (line.text or "").strip())
    if element.tag == "p" or element.tag not in BLOCKS:
        element.tag = "div"  # no paragraph may hold paragraphs
