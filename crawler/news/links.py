"""Addresses that a page declares: itself, its copies, its translations, its picture, its license.

Promise: every address is absolute, http or https; none is judged or followed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from crawler.news.json_ld import Json, address_of
from crawler.news.records import Translation

_LIMIT = 50
_LENGTH = 2048
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """What the link elements of a page's head say."""

    canonical: str | None = None
    alternates: tuple[str, ...] = ()
    translations: tuple[Translation, ...] = ()
    image: str | None = None
    license: str | None = None


def read_links(
    tree: HtmlElement, url: str, *, article: Json, image: str | None, language: str | None
) -> Links:
    """Read the declared addresses; `language` is the page's, in which it has no translation."""
    base = _base(tree, url)
    links = [
        (set((link.get("rel") or "").lower().split()), link)
        for link in tree.iter("link", "a")
        if link.get("rel") and link.get("href")
    ]
    heads = [(rels, link) for rels, link in links if link.tag == "link"]
    canonical = _pick("canonical", heads, base)
    return Links(
        canonical=canonical,
        alternates=_alternates(heads, base),
        translations=_translations(heads, base, own={url, canonical}, language=language),
        image=absolute(base, image) or absolute(base, address_of(article.get("image"))),
        license=_pick("license", links, base) or absolute(base, address_of(article.get("license"))),
    )


def absolute(base: str, address: str | None) -> str | None:
    """Resolve an address against a base; None where no usable web address comes out."""
    try:
        resolved = urljoin(base, (address or "").strip())
        parts = urlsplit(resolved)
    except ValueError:
        return None
    usable = address and parts.scheme in ("http", "https") and parts.netloc
    return resolved if usable and len(resolved) <= _LENGTH else None


def _base(tree: HtmlElement, url: str) -> str:
    declared = next((element.get("href") for element in tree.iter("base")), None)
    return absolute(url, declared) or url


def _pick(rel: str, links: Iterable[tuple[set[str], HtmlElement]], base: str) -> str | None:
    found = (absolute(base, link.get("href")) for rels, link in links if rel in rels)
    return next(filter(None, found), None)


def _alternates(links: Iterable[tuple[set[str], HtmlElement]], base: str) -> tuple[str, ...]:
    """Find copies of the same text: AMP, and versions for handhelds or print."""
    found = [
        absolute(base, link.get("href"))
        for rels, link in links
        if "amphtml" in rels or ("alternate" in rels and link.get("media"))
    ]
    return tuple(dict.fromkeys(address for address in found if address))[:_LIMIT]


def _translations(
    links: Iterable[tuple[set[str], HtmlElement]],
    base: str,
    *,
    own: set[str | None],
    language: str | None,
) -> tuple[Translation, ...]:
    found: dict[str, Translation] = {}
    spoken = (language or "").lower().partition("-")[0]
    for rels, link in links:
        told = (link.get("hreflang") or "").strip().replace("_", "-")
        address = absolute(base, link.get("href"))
        if "alternate" not in rels or not _LANGUAGE.fullmatch(told) or not address:
            continue
        if told.lower().partition("-")[0] != spoken and address not in own:
            found.setdefault(address, Translation(url=address, language=told))
    return tuple(found.values())[:_LIMIT]
