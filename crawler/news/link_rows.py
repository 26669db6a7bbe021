"""Rows and cards: which part of a list page belongs to which link, and the date printed there.

Promise: a date is taken from the row, card or line of its own link and from nowhere else; the walk
is linear in the length of the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from lxml.html import HtmlElement

from crawler.news.characters import clean_line
from crawler.news.list_pages import PageLink
from crawler.news.records import Moment

_CARD_LEVELS = 8
_CARD_ENDS = frozenset({"html", "body", "main", "section", "ul", "ol", "dl", "table", "tbody"})
_PIECES = 60
_PIECE_LENGTH = 60  # characters; a date stands alone, what is longer is a teaser

_Owners = dict[HtmlElement, str | None]  # None: several links share the element
_ReadDate = Callable[[str], Moment | None]


def dates_of(links: Sequence[PageLink], read: _ReadDate) -> dict[str, Moment]:
    """Find the date that is printed with each link, by its address; `read` reads one text."""
    owners = _owners(links)
    dates: dict[str, Moment] = {}
    loose: dict[HtmlElement, list[tuple[str, HtmlElement]]] = {}
    for link in links:
        cards = dict.fromkeys(_card(anchor, link.url, owners) for anchor in link.anchors)
        found = (_first_date(_texts(card, link.text), read) for card in cards)
        moment = next(filter(None, found), None)
        if moment:
            dates[link.url] = moment
            continue
        for card in cards:
            if (parent := card.getparent()) is not None:
                loose.setdefault(parent, []).append((link.url, card))
    for rows in loose.values():
        dates.update(_dates_between(rows, owners, read))
    return dates


def _owners(links: Sequence[PageLink]) -> _Owners:
    """Tell of every element above an anchor whose it is.

    An element changes at most twice, from nobody's to one link's to shared, which ends the climb.
    """
    owners: _Owners = {}
    for link in links:
        for anchor in link.anchors:
            owners.setdefault(anchor, link.url)
            for element in anchor.iterancestors():
                if element not in owners:
                    owners[element] = link.url
                elif owners[element] not in (None, link.url):
                    owners[element] = None
                else:
                    break
    return owners


def _card(anchor: HtmlElement, url: str, owners: _Owners) -> HtmlElement:
    """Climb from an anchor as long as the element is this link's alone."""
    card = anchor
    for element in islice(anchor.iterancestors(), _CARD_LEVELS):
        if owners[element] != url or element.tag in _CARD_ENDS:
            break
        card = element
    return card


def _texts(card: HtmlElement, title: str) -> Iterator[str]:
    """Walk the short texts of a card besides its title, machine-readable times first."""
    for element in card.iter("time"):
        if stamp := element.get("datetime"):
            yield stamp
    for text in card.itertext():
        line = clean_line(text[: _PIECE_LENGTH * 2])
        if line and line not in title:
            yield line


def _dates_between(
    rows: Sequence[tuple[str, HtmlElement]], owners: _Owners, read: _ReadDate
) -> Iterator[tuple[str, Moment]]:
    """Read the dates of links that stand in one element, with the dates before or behind them.

    A date before the first link and one behind the last make it anybody's guess, and are none.
    """
    first, last = rows[0][1], rows[-1][1]
    leads = _first_date(_before(first, owners), read) is not None
    if leads and _first_date(_behind(last, owners), read):
        return
    for url, card in rows:
        texts = _before(card, owners) if leads else _behind(card, owners)
        if moment := _first_date(texts, read):
            yield url, moment


def _behind(card: HtmlElement, owners: _Owners) -> Iterator[str]:
    yield card.tail or ""
    for element in card.itersiblings():
        if element in owners:
            return
        yield from element.itertext()
        yield element.tail or ""


def _before(card: HtmlElement, owners: _Owners) -> Iterator[str]:
    """Walk the texts from the previous link's to this one, in reading order."""
    between: list[HtmlElement] = []
    above = card.getparent()
    opening = (above.text if above is not None else None) or ""
    for element in card.itersiblings(preceding=True):
        if element in owners:
            opening = element.tail or ""
            break
        between.append(element)
    yield opening
    for element in reversed(between):
        yield from element.itertext()
        yield element.tail or ""


def _first_date(texts: Iterable[str], read: _ReadDate) -> Moment | None:
    """Read the first date among texts; a time that stands in the next text belongs to it."""
    short = [
        line
        for text in islice(texts, _PIECES)
        if (line := clean_line(text[: _PIECE_LENGTH * 2])) and len(line) <= _PIECE_LENGTH
    ]
    for index, line in enumerate(short):
        if moment := read(line):
            if moment.precision == "day" and index + 1 < len(short):
                finer = read(f"{line} {short[index + 1]}")
                return finer if finer and finer.precision != "day" else moment
            return moment
    return None
