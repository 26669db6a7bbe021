"""The title of an article, told from the site's name that pages hang on it.

Promise: a title is what the page calls its article; the bare name of the site is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml.html import HtmlElement

from crawler.news.printed import key_of, line_of

_LENGTH = 500  # an unclosed title element holds the whole page
_SEPARATOR = re.compile(
    r"\s+[-–—―«<>·•]+\s+|\s*(?:[|｜»＿_：]|::|--|――)\s*|\s:\s"  # "Headline - Outlet"
)


def choose_title(
    tree: HtmlElement, declared: Iterable[str | None], sites: Iterable[str]
) -> str | None:
    """Choose the first declared title that is not the site's name, else the document's own."""
    headings = (line_of(heading) for heading in tree.iter("h1"))
    shown = {key for heading in headings if (key := key_of(heading))}
    names = {key_of(site) for site in sites}
    document = " ".join((tree.findtext(".//title") or "")[:_LENGTH].split())
    pieces = _SEPARATOR.split(document)
    if len(pieces) > 1 and key_of(pieces[0]) in shown:
        names.add(key_of(pieces[-1]))
    for title in (*declared, document):
        part = _shown_part(strip_site((title or "")[:_LENGTH], names), shown)
        if title == document and key_of(part) not in shown:
            part = _leading_part(part)
        if key_of(part) and key_of(part) not in names:
            return part
    return None


def _leading_part(document: str) -> str:
    """Cut "Headline | Section | Outlet" to the headline, where it outweighs the rest."""
    pieces = _SEPARATOR.split(document)
    leads = len(pieces) > 2 and len(pieces[0]) * 2 >= len(document)
    return pieces[0].strip() if leads else document


def first_part(title: str) -> str:
    """Cut a title at its first separator."""
    return next((part.strip() for part in _SEPARATOR.split(title) if part.strip()), title)


def strip_site(title: str, names: Iterable[str]) -> str:
    """Cut a site's name off a title's end or beginning; `names` are keys (see key_of)."""
    keys = set(names)
    breaks = list(_SEPARATOR.finditer(title))
    for found in breaks:
        if found.start() and key_of(title[found.end() :]) in keys:
            return title[: found.start()].strip()
    if breaks and key_of(title[: breaks[0].start()]) in keys:
        return title[breaks[0].end() :].strip()
    return title


def _shown_part(title: str, shown: set[str]) -> str:
    """Cut a title to the larger part of it that the page prints as its headline."""
    if key_of(title) in shown:
        return title
    for found in _SEPARATOR.finditer(title):
        before, after = title[: found.start()].strip(), title[found.end() :].strip()
        part = max(before, after, key=len)
        if key_of(part) in shown:
            return part
    return title
