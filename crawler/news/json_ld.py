"""What a page says about itself in JSON-LD: the object of its article, and values out of it.

Promise: whatever a site put into its script elements, the answer is an object with an article's
type or an empty one; values come out as plain stripped text.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from lxml.html import HtmlElement

Json = Mapping[str, object]

_SCRIPT_LIMIT = 1_000_000
_OBJECT_LIMIT = 5_000
# schema.org's articles; Report and Review only where they are an article's.
_ARTICLE = re.compile(
    r"(?:https?://schema\.org/)?(\w*NewsArticle|Article|\w*BlogPosting|SocialMediaPosting|Report)"
)
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_WRAPPING = re.compile(r"^\s*(?://)?\s*(?:<!\[CDATA\[|<!--)|(?://)?\s*(?:\]\]>|-->)\s*$")


def find_article(tree: HtmlElement, url: str) -> Json:
    """Find the article object: one of this address, else one with a date, else the first."""
    found = [thing for thing in _objects(tree) if is_article(thing)]
    path = path_of(url)
    own = [thing for thing in found if path.strip("/") and path in _paths(thing)]
    dated = [thing for thing in own or found if thing.get("datePublished")]
    return next(iter(dated or own or found), {})


def is_article(thing: Json) -> bool:
    """Whether schema.org's type of an object is some kind of article."""
    kinds = thing.get("@type")
    named = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(kind, str) and _ARTICLE.fullmatch(kind) for kind in named)


def text_of(value: object) -> str | None:
    """Read text, the name of an object, or the first of a list that has either."""
    return next(texts_of(value), None)


def texts_of(value: object) -> Iterator[str]:
    """Read every text of a value: strings, and names of objects, flat."""
    if isinstance(value, str):
        # Sites escape twice, once for HTML that no script element needs.
        text = " ".join(html.unescape(html.unescape(value)).split())
        if text:
            yield text
    elif isinstance(value, list):
        for item in value:
            yield from texts_of(item)
    elif isinstance(value, dict):
        yield from texts_of(value.get("name") or value.get("@value"))


def address_of(value: object) -> str | None:
    """Read the URL of an image or license: a string, an object's url, or the first of a list."""
    if isinstance(value, list):
        return next((found for item in value if (found := address_of(item))), None)
    if isinstance(value, dict):
        return address_of(value.get("url") or value.get("contentUrl") or value.get("@id"))
    return value.strip() or None if isinstance(value, str) else None


def claim_of(value: object) -> bool | None:
    """Read true or false, written as such or as a word."""
    if isinstance(value, bool):
        return value
    word = value.strip().lower() if isinstance(value, str) else ""
    return {"true": True, "http://schema.org/true": True, "false": False}.get(word)


def _paths(thing: Json) -> set[str]:
    values = (thing.get("mainEntityOfPage"), thing.get("url"), thing.get("@id"))
    return {path_of(address) for value in values if (address := address_of(value))}


def path_of(address: str) -> str:
    """Cut the path out of an address; empty where it is no address at all."""
    try:
        return urlsplit(address).path
    except ValueError:
        return ""


def _objects(tree: HtmlElement) -> Iterator[Json]:
    """Walk all objects of all scripts in the order written, to a depth that Python bears."""
    waiting: list[object] = []
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            waiting.append(_load(script.text or ""))
    waiting.reverse()
    for _ in range(_OBJECT_LIMIT):
        if not waiting:
            return
        thing = waiting.pop()
        if isinstance(thing, list):
            waiting.extend(reversed(thing))
        elif isinstance(thing, dict):
            yield thing
            inner = [value for value in thing.values() if isinstance(value, list | dict)]
            waiting.extend(reversed(inner))


def _load(text: str) -> object:
    """Parse one script, forgiving what sites get wrong: wrappers, raw controls, trailing commas."""
    text = _WRAPPING.sub("", text[:_SCRIPT_LIMIT]).strip().rstrip(";")
    for attempt in (text, _TRAILING_COMMA.sub("", text)):
        try:
            return json.loads(attempt, strict=False, parse_constant=lambda _: None)
        except (ValueError, RecursionError):
            continue  # a page without readable JSON-LD still has its meta elements
    return None
