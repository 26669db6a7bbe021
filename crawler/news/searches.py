"""Searches: services that answer a query with a list of links to articles of any outlet.

Two kinds of answers are read: the JSON of GDELT's DOC 2.0 (mode=artlist), and RSS or Atom from any
address that searches. Promise: what comes back leads to an article, not to the service's own pages;
when the service says that it found something is not passed off as a date of publication.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from crawler.errors import SourceError
from crawler.news.announcements import NO_LINK, NOT_HTTP, OVER_LIMIT, TWICE, shorten, title_of
from crawler.news.characters import clean_line
from crawler.news.decoding import charset_of, decode
from crawler.news.feeds import read_feed
from crawler.news.records import Entry, SourceReading
from crawler.news.urls import absolute_url, same_site

# Services list the articles of a day and count requests: eight visits a day miss nothing.
PAUSE_S: Final = 3 * 3_600.0
ENTRY_LIMIT: Final = 500  # GDELT gives 250 at most
OWN_PAGE: Final = "leads to the service itself"

# Under which parameter services carry the article's own address in a link that counts clicks.
_WRAPPED: Final = ("url", "u", "target", "q")
# What GDELT calls the languages of the catalogue.
_LANGUAGES: Final[Mapping[str, str]] = {
    "english": "en", "korean": "ko", "russian": "ru", "ukrainian": "uk", "japanese": "ja",
    "chinese": "zh", "german": "de", "french": "fr", "spanish": "es", "polish": "pl",
    "italian": "it", "portuguese": "pt", "arabic": "ar", "vietnamese": "vi", "turkish": "tr",
}  # fmt: skip


def read_search(
    body: bytes, url: str, *, content_type: str | None, timezone: str | None, now: datetime
) -> SourceReading:
    """Read what a search answered; SourceError, with the service's own words, where it is none."""
    text = decode(body, declared=charset_of(content_type)).text.strip()
    if not text:
        raise SourceError(url, "nothing came in place of results: ask again later")
    if text.startswith("<"):
        reading = read_feed(
            body, url, content_type=content_type, charset_hint=None, timezone=timezone, now=now
        )
        return _with_direct_links(reading, url)
    if text.startswith("{"):
        return _read_gdelt(text, url)
    # GDELT answers a query that it does not like, or one too many, with a sentence and status 200.
    said = shorten(clean_line(text), 120) or "nothing that can be read"
    raise SourceError(url, f'the service says "{said}": correct the query, or ask less often')


def _read_gdelt(text: str, url: str) -> SourceReading:
    try:
        document = json.loads(text, strict=False)  # titles come with raw control characters
    except (ValueError, RecursionError):
        raise SourceError(url, "broken JSON came in place of results: ask again later") from None
    rows = document.get("articles", [])
    if not isinstance(rows, list) or (document and "articles" not in document):
        raise SourceError(url, "this JSON is no list of articles: see whether the address is right")
    dropped: Counter[str] = Counter()
    entries: dict[str, Entry] = {}
    for row in rows:
        entry = _entry(row, url, dropped)
        if entry is None:
            continue
        if entry.url in entries:
            dropped[TWICE] += 1
        elif len(entries) == ENTRY_LIMIT:
            dropped[OVER_LIMIT] += 1
        else:
            entries[entry.url] = entry
    return SourceReading(
        shape="gdelt", entries=tuple(entries.values()), pause_s=PAUSE_S, dropped=dropped
    )


def _entry(row: Any, url: str, dropped: Counter[str]) -> Entry | None:
    values = row if isinstance(row, dict) else {}
    raw = values.get("url")
    link = absolute_url(raw, url) if isinstance(raw, str) else None
    if link is None:
        dropped[NOT_HTTP if raw else NO_LINK] += 1
        return None
    title, language = values.get("title"), values.get("language")
    return Entry(
        url=link,
        title=title_of(title) if isinstance(title, str) else None,
        language=_LANGUAGES.get(language.lower()) if isinstance(language, str) else None,
    )


def _with_direct_links(reading: SourceReading, url: str) -> SourceReading:
    """Undo links that count clicks, and leave out what stays with the service."""
    dropped = Counter(reading.dropped)
    entries: dict[str, Entry] = {}
    for entry in reading.entries:
        direct = _direct(entry.url, url)
        if direct is None:
            dropped[OWN_PAGE] += 1
        elif direct in entries:
            dropped[TWICE] += 1
        else:
            entries[direct] = replace(entry, url=direct)
    kept = tuple(entries.values())[:ENTRY_LIMIT]
    if len(entries) > ENTRY_LIMIT:
        dropped[OVER_LIMIT] += len(entries) - ENTRY_LIMIT
    return replace(reading, entries=kept, dropped=dropped, pause_s=PAUSE_S)


def _direct(link: str, service: str) -> str | None:
    """The article that a result leads to; None where it is a page of the service."""
    if not same_site(link, service):
        return link
    fields = dict(parse_qsl(urlsplit(link).query)[:20])
    found = (absolute_url(fields[name], "") for name in _WRAPPED if name in fields)
    return next((target for target in found if target and not same_site(target, service)), None)
