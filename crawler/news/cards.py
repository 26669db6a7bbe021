"""What may stand on a card of the catalogue, key by key, and on which line of its file it stands.

Promise: a problem is one sentence that names what is wrong and what to write instead; the line is
that of the key, or of the entry of a list, that has to change.
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
REQUIRED: Final = ("id", "name", "country", "language", "kind", "scope", "homepage")
# What a card may select on a page: its text, what to take out of it, its title and its date.
PLACES: Final = ("text", "drop", "title", "date")
SOURCES: Final = ("feeds", "sitemaps", "sections")

# ISO 639-1, the two-letter languages; the press we know of prints in no other.
_ISO_639_1: Final = """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da
    de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz
    ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln
    lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi
    pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti
    tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
_LANGUAGES: Final = frozenset(_ISO_639_1.split())
_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_LANGUAGE: Final = re.compile(r"([a-z]{2})(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?")
_ZONE: Final = re.compile(r"UTC|[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z0-9_+-]+){1,2}")
_UNFIT_IN_URL: Final = re.compile(r"[\x00-\x20\x7f\\]")
_HEADER: Final = re.compile(r"""\s*\[\[\s*["']?outlet["']?\s*\]\]""")
_ANY_KEY: Final = re.compile(r"""\s*(?:\[|["']?[A-Za-z0-9_-]+["']?\s*[=.])""")

Check = Callable[[object], str | None]


def find_problem(card: Mapping[str, object], zones: Collection[str]) -> tuple[str, str] | None:
    """The first thing wrong with a card as (key, sentence); key is "" where a key is missing."""
    for key, value in card.items():
        check = CHECKS.get(key)
        if check is None:
            return key, f'unknown key "{key}"{suggest(key, CHECKS)}'
        problem = check(value)
        if problem is None and key == "timezone" and zones and value not in zones:
            problem = f'"{value}" is no time zone{suggest(str(value), zones)}'
        if problem is not None:
            return key, f"{key}: {problem}"
    missing = [key for key in REQUIRED if key not in card]
    if missing:
        return "", f'the card has no {missing[0]}; add a line {missing[0]} = "..."'
    if card.get("enabled", True) and not any(card.get(key) for key in SOURCES):
        return "", "the card has no source; add feeds, sitemaps or sections, or enabled = false"
    return None


def suggest(word: str, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown word: what was probably meant, or nothing."""
    near = difflib.get_close_matches(word, list(known), n=3, cutoff=0.6)
    return f"; did you mean {' or '.join(near)}?" if near else ""


def locate(text: str, nth: int, key: str = "", entry: str = "") -> int:
    """The line (from 1) of the nth card in its TOML text, or of a key in it, or of a list's entry.

    TOML readers give no positions, so this reads the text again by its layout; where that is
    unusual (inline tables), the answer is the nearest line above.
    """
    lines = text.split("\n")
    headers = [at for at, line in enumerate(lines) if _HEADER.match(line)]
    first = headers[nth] if nth < len(headers) else 0
    end = headers[nth + 1] if nth + 1 < len(headers) else len(lines)
    if not key:
        return first + 1
    named = re.compile(rf"""\s*(?:\[\s*outlet\s*\.\s*)?["']?{re.escape(key)}["']?\s*[=.\]]""")
    at = next((at for at in range(first, end) if named.match(lines[at])), first)
    if entry:
        for below in range(at, end):
            if below > at and _ANY_KEY.match(lines[below]):
                break
            if entry in lines[below]:
                return below + 1
    return at + 1


def locate_stranger(text: str, key: str) -> int:
    """The line (from 1) of a key that stands outside every card."""
    named = re.compile(rf"""\s*\[{{0,2}}\s*["']?{re.escape(key)}["']?\s*[=.\]]""")
    return next((at for at, line in enumerate(text.split("\n"), 1) if named.match(line)), 1)


def _name_of(value: object) -> str:
    names: tuple[tuple[type | tuple[type, ...], str], ...] = (
        (str, "text"),
        (bool, "true or false"),
        ((int, float), "a number"),
        ((list, tuple), "a list"),
        (dict, "a table"),
        ((datetime, date, time), "a date"),
    )
    return next((name for kind, name in names if isinstance(value, kind)), type(value).__name__)


def _text(value: object) -> str | None:
    if not isinstance(value, str):
        return f"write text in quotes, not {_name_of(value)}"
    if not value.strip():
        return "the text is empty; fill it or leave the key out"
    if not all(letter.isprintable() or letter == "\n" for letter in value):
        return "there are control characters in it; take them out"
    return None


def _matching(pattern: re.Pattern[str], form: str) -> Check:
    def check(value: object) -> str | None:
        problem = _text(value)
        if problem is None and not pattern.fullmatch(str(value)):
            problem = f'"{value}" is not {form}'
        return problem

    return check


def _one_of(words: Collection[str]) -> Check:
    def check(value: object) -> str | None:
        problem = _text(value)
        if problem is None and value not in words:
            problem = f'"{value}" is none of {", ".join(words)}{suggest(str(value), words)}'
        return problem

    return check


def _language(value: object) -> str | None:
    problem = _text(value)
    if problem is not None:
        return problem
    shape = _LANGUAGE.fullmatch(str(value))
    if shape is None or shape[1] not in _LANGUAGES:
        return f'"{value}" is no language; write a BCP 47 tag such as "ko", "zh-Hans" or "pt-BR"'
    return None


def _url(value: object) -> str | None:
    problem = _text(value)
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
    return None


def _list_of(check: Check) -> Check:
    def check_all(value: object) -> str | None:
        if not isinstance(value, list):
            return f'write a list such as ["..."], not {_name_of(value)}'
        return next((problem for entry in value if (problem := check(entry))), None)

    return check_all


def _delay(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"write a number of seconds, not {_name_of(value)}"
    if not (math.isfinite(value) and value >= 0):
        return f"{value} is no pause; write seconds, 0 or more"
    return None


def _charset(value: object) -> str | None:
    problem = _text(value)
    if problem is not None:
        return problem
    try:
        "a".encode(str(value))
    except (LookupError, ValueError):
        return f'"{value}" is no charset; write one such as "utf-8", "euc-kr" or "windows-1251"'
    return None


def _selectors(value: object) -> str | None:
    if not isinstance(value, dict):
        return f'write a table such as {{ text = "div.body" }}, not {_name_of(value)}'
    for place, css in value.items():
        if place not in PLACES:
            return f'"{place}" is none of {", ".join(PLACES)}{suggest(place, PLACES)}'
        if problem := _text(css):
            return problem
        try:
            CSSSelector(str(css), translator="html")
        except SelectorError:
            return f'"{css}" is no CSS selector; write one such as "div.body"'
    return None


def _switch(value: object) -> str | None:
    return None if isinstance(value, bool) else f"write true or false, not {_name_of(value)}"


_slug: Final = _matching(_SLUG, 'a slug; write small letters, digits and hyphens, as in "daily-nk"')

CHECKS: Final[Mapping[str, Check]] = {
    "id": _slug,
    "name": _text,
    "country": _matching(
        _COUNTRY, 'a country; write two capitals of ISO 3166-1, as in "KR" ("ZZ" for none)'
    ),
    "language": _language,
    "kind": _one_of(KINDS),
    "scope": _one_of(SCOPES),
    "homepage": _url,
    "feeds": _list_of(_url),
    "sitemaps": _list_of(_url),
    "sections": _list_of(_url),
    "timezone": _matching(_ZONE, 'a time zone; write one such as "Asia/Seoul" or "UTC"'),
    "group": _slug,
    "aliases": _list_of(_text),
    "delay": _delay,
    "charset": _charset,
    "selectors": _selectors,
    "same_server": _slug,
    "paywall": _switch,
    "enabled": _switch,
    "note": _text,
    "evidence": _text,
}
