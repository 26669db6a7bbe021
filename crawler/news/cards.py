"""What may stand on a card of the catalogue, key by key.

Promise: a problem is one sentence that names what is wrong and what to write instead. On which line
it stands is told by `card_places.py`.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime, time
from typing import Final
from urllib.parse import urlsplit

from lxml.cssselect import CSSSelector, SelectorError

from crawler.news.codes import COUNTRIES, LANGUAGES, MISTAKEN_COUNTRIES, MISTAKEN_LANGUAGES
from crawler.news.urls import absolute_url

KINDS: Final = (
    "wire",
    "state media",
    "national",
    "specialist",
    "think tank",
    "government",
    "broadcaster",
    "aggregator",
)
SCOPES: Final = ("general", "world", "asia", "north-korea", "russia", "defense")
# How sure we are that an address is real; "low" is not polled until it has been seen to answer.
CONFIDENCES: Final = ("high", "medium", "low")
# Who is turned away, as others met it: machines in data centers, readers in the EU or outside the
# country, whoever runs no scripts, crawlers by name or by manner.
BLOCKS: Final = ("data-center", "eu", "abroad", "script", "bots")
TEXT_SOURCES: Final = ("page", "feed")
REQUIRED: Final = ("id", "name", "country", "language", "kind", "scope", "homepage")
# What a card may select on a page: its text, what to take out of it, its title and its date.
PLACES: Final = ("text", "drop", "title", "date")
SOURCES: Final = ("feeds", "sitemaps", "sections", "searches")
QUERY: Final = "{query}"

_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LANGUAGE: Final = re.compile(r"([a-z]{2})(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?")
_ZONE: Final = re.compile(r"UTC|[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z0-9_+-]+){1,2}")
_UNFIT_IN_URL: Final = re.compile(r"[\x00-\x20\x7f\\]")

Check = Callable[[object], str | None]


def find_problem(card: Mapping[str, object], zones: Collection[str]) -> tuple[str, str] | None:
    """The first problem of a whole card as (key, sentence); key is "" where a key is missing."""
    wrong = find_wrong_key(card, zones)
    if wrong is not None:
        return wrong
    missing = [key for key in REQUIRED if key not in card]
    if missing:
        return "", f'the card has no {missing[0]}; add a line {missing[0]} = "..."'
    if card.get("enabled", True) and not any(card.get(key) for key in SOURCES):
        return "", "the card has no source; add feeds, sitemaps or sections, or enabled = false"
    templates = [url_of(entry) for entry in as_list(card.get("searches"))]
    if any(QUERY in url for url in templates) and not card.get("queries"):
        return (
            "searches",
            f'searches: {QUERY} wants a list queries = ["..."]; add what is asked for',
        )
    if card.get("text_source") == "feed" and not card.get("feeds"):
        return "text_source", "text_source: there are no feeds to take the text from; add feeds"
    return None


def find_wrong_key(card: Mapping[str, object], zones: Collection[str]) -> tuple[str, str] | None:
    """The first key that must not stand on a card as it does, as (key, sentence)."""
    for key, value in card.items():
        check = CHECKS.get(key)
        if check is None:
            return key, f'unknown key "{key}"{suggest(key, CHECKS)}'
        problem = check(value)
        if problem is None and key == "timezone" and zones and value not in zones:
            problem = f'"{value}" is no time zone{suggest(str(value), zones)}'
        if problem is not None:
            return key, f"{key}: {problem}"
    return None


def suggest(word: str, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown word: what was probably meant, or nothing."""
    near = difflib.get_close_matches(word, list(known), n=3, cutoff=0.6)
    return f"; did you mean {' or '.join(near)}?" if near else ""


def url_of(entry: object) -> str:
    """The address of an entry in a list of sources, which is text or a table with a url."""
    return str(entry.get("url", "")) if isinstance(entry, dict) else str(entry)


def as_list(value: object) -> list[object]:
    """A list of a card as a list; whatever else stands there is none."""
    return value if isinstance(value, list) else []


def name_of(value: object) -> str:
    """What kind of value stands there, in the words of who wrote it."""
    names: tuple[tuple[type | tuple[type, ...], str], ...] = (
        (str, "text"),
        (bool, "true or false"),
        ((int, float), "a number"),
        ((list, tuple), "a list"),
        (dict, "a table"),
        ((datetime, date, time), "a date"),
    )
    return next((name for kind, name in names if isinstance(value, kind)), type(value).__name__)


def text(value: object) -> str | None:
    """A text that is not empty."""
    if not isinstance(value, str):
        return f"write text in quotes, not {name_of(value)}"
    if not value.strip():
        return "the text is empty; fill it or leave the key out"
    if not all(letter.isprintable() or letter == "\n" for letter in value):
        return "there are control characters in it; take them out"
    return None


def _matching(pattern: re.Pattern[str], form: str) -> Check:
    def check(value: object) -> str | None:
        problem = text(value)
        if problem is None and not pattern.fullmatch(str(value)):
            problem = f'"{value}" is not {form}'
        return problem

    return check


def one_of(words: Collection[str]) -> Check:
    """One of so many words."""

    def check(value: object) -> str | None:
        problem = text(value)
        if problem is None and value not in words:
            problem = f'"{value}" is none of {", ".join(words)}{suggest(str(value), words)}'
        return problem

    return check


def _language(value: object) -> str | None:
    problem = text(value)
    if problem is not None:
        return problem
    shape = _LANGUAGE.fullmatch(str(value))
    if shape is None or shape[1] not in LANGUAGES:
        meant = MISTAKEN_LANGUAGES.get(str(value).lower())
        hint = f"; did you mean {meant}?" if meant else ""
        return (
            f'"{value}" is no language; write a BCP 47 tag such as "ko", "zh-Hans" or "pt-BR"{hint}'
        )
    return None


def _country(value: object) -> str | None:
    problem = text(value)
    if problem is not None:
        return problem
    if value not in COUNTRIES:
        meant = MISTAKEN_COUNTRIES.get(str(value).upper(), str(value).upper())
        hint = f"; did you mean {meant}?" if meant in COUNTRIES else ""
        return (
            f'"{value}" is not a country; write two capitals of ISO 3166-1, as in "KR" '
            f'("ZZ" for none){hint}'
        )
    return None


def _url(value: object) -> str | None:
    problem = text(value)
    if problem is not None:
        return problem
    url = str(value)
    if _UNFIT_IN_URL.search(url):
        return f'"{url}" has spaces or backslashes in it; percent-encode them'
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        return f'"{url}" is no URL ({error}); write scheme, host and path'
    if parts.scheme not in ("http", "https"):
        return f'"{url}" is not on the web; write a URL that starts with https:// or http://'
    if not host:
        return f'"{url}" names no host; write https://host/path'
    if "@" in parts.netloc:
        return f'"{url}" carries a user name; take it out'
    if absolute_url(url, url) is None:
        return f'"{url}" is no address that can be asked for; look at its host and its length'
    return None


def _source(value: object) -> str | None:
    if not isinstance(value, dict):
        return _url(value)
    stranger = next((key for key in value if key not in ("url", "confidence")), None)
    if stranger is not None or "url" not in value:
        return 'write a source as "https://..." or { url = "https://...", confidence = "low" }'
    return _url(value["url"]) or one_of(CONFIDENCES)(value.get("confidence", "high"))


def list_of(check: Check) -> Check:
    """A list of values that all pass a check."""

    def check_all(value: object) -> str | None:
        if not isinstance(value, list):
            return f'write a list such as ["..."], not {name_of(value)}'
        return next((problem for entry in value if (problem := check(entry))), None)

    return check_all


def _delay(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"write a number of seconds, not {name_of(value)}"
    if not (math.isfinite(value) and value >= 0):
        return f"{value} is no pause; write seconds, 0 or more"
    return None


def _charset(value: object) -> str | None:
    problem = text(value)
    if problem is not None:
        return problem
    try:
        "a".encode(str(value))
    except (LookupError, ValueError):
        return f'"{value}" is no charset; write one such as "utf-8", "euc-kr" or "windows-1251"'
    return None


def _selectors(value: object) -> str | None:
    if not isinstance(value, dict):
        return f'write a table such as {{ text = "div.body" }}, not {name_of(value)}'
    for place, css in value.items():
        if place not in PLACES:
            return f'"{place}" is none of {", ".join(PLACES)}{suggest(place, PLACES)}'
        if problem := text(css):
            return problem
        try:
            CSSSelector(str(css), translator="html")
        except SelectorError:
            return f'"{css}" is no CSS selector; write one such as "div.body"'
    return None


def _switch(value: object) -> str | None:
    return None if isinstance(value, bool) else f"write true or false, not {name_of(value)}"


_slug: Final = _matching(_SLUG, 'a slug; write small letters, digits and hyphens, as in "daily-nk"')

CHECKS: Final[Mapping[str, Check]] = {
    "id": _slug,
    "name": text,
    "country": _country,
    "language": _language,
    "kind": one_of(KINDS),
    "scope": one_of(SCOPES),
    "homepage": _url,
    "feeds": list_of(_source),
    "sitemaps": list_of(_source),
    "sections": list_of(_source),
    "searches": list_of(_source),
    "queries": list_of(text),
    "timezone": _matching(_ZONE, 'a time zone; write one such as "Asia/Seoul" or "UTC"'),
    "group": _slug,
    "aliases": list_of(text),
    "categories": list_of(text),
    "delay": _delay,
    "charset": _charset,
    "selectors": _selectors,
    "same_server": _slug,
    "blocks": list_of(one_of(BLOCKS)),
    "text_source": one_of(TEXT_SOURCES),
    "paywall": _switch,
    "enabled": _switch,
    "note": text,
    "evidence": text,
}
