"""The cards of the catalogue: what an outlet is and where it announces.

Promise: a card that reaches the crawl is whole and valid; anything else is refused with file, line
and the fix. What each key may hold is in `cards.py`; files are read in `crawler/storage`.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crawler.errors import ConfigError, OutletError
from crawler.news import cards
from crawler.news.records import SourceKind
from crawler.news.urls import host_key, site


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where an outlet announces: one feed, sitemap or section page."""

    id: str
    outlet: str
    kind: SourceKind
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """One card. `group` is whose voice it is (default: the id); `delay` is in seconds."""

    id: str
    name: str
    country: str
    language: str
    kind: str
    scope: str
    homepage: str
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    timezone: str | None = None
    group: str = ""
    aliases: tuple[str, ...] = ()
    delay: float | None = None
    charset: str | None = None
    selectors: Mapping[str, str] = field(default_factory=dict)
    same_server: str | None = None
    paywall: bool = False
    enabled: bool = True
    note: str = ""
    evidence: str = ""


def parse_catalogue(text: str, origin: str, *, zones: Collection[str] = ()) -> tuple[Outlet, ...]:
    """The outlets of one catalogue text (TOML, one [[outlet]] table per card).

    `origin` names the text in errors. `zones` are the time zones that exist; without them only the
    shape of a zone is checked. Raises OutletError for the first card that is wrong.
    """
    return join_catalogues((text, origin), zones=zones)


def join_catalogues(*parts: tuple[str, str], zones: Collection[str] = ()) -> tuple[Outlet, ...]:
    """The outlets of several catalogue texts, each given as (text, origin), as one catalogue.

    An id or a source that two cards claim is refused, whichever files they stand in: one address
    polled for two outlets would give every article two homes.
    """
    outlets: list[Outlet] = []
    claims: dict[str, str] = {}
    for text, origin in parts:
        for nth, card in enumerate(_read_cards(text, origin)):
            outlet = _read_card(card, text, origin, nth, zones)
            _claim(outlet, text, origin, nth, claims)
            outlets.append(outlet)
    return tuple(outlets)


def sources_of(outlet: Outlet) -> tuple[Source, ...]:
    """Every source of an outlet, feeds first; an id stays the same as long as the URL does."""
    listed: tuple[tuple[SourceKind, tuple[str, ...]], ...] = (
        ("feed", outlet.feeds),
        ("sitemap", outlet.sitemaps),
        ("section", outlet.sections),
    )
    return tuple(
        Source(id=f"{outlet.id}/{kind}/{_digest(url)}", outlet=outlet.id, kind=kind, url=url)
        for kind, urls in listed
        for url in urls
    )


def select(
    outlets: Iterable[Outlet],
    *,
    only: Collection[str] = (),
    countries: Collection[str] = (),
    kinds: Collection[str] = (),
) -> tuple[Outlet, ...]:
    """The outlets that fit all that was asked for; an empty collection asks for nothing.

    A disabled outlet is taken only when `only` names it. Raises ConfigError for a word that no
    outlet answers to, and when no outlet fits all of them at once.
    """
    outlets = tuple(outlets)
    countries = [country.upper() for country in countries]
    _refuse_unknown("outlet", only, [outlet.id for outlet in outlets])
    _refuse_unknown("country", countries, [outlet.country for outlet in outlets])
    _refuse_unknown("kind", kinds, cards.KINDS)
    chosen = tuple(
        outlet
        for outlet in outlets
        if (outlet.id in only if only else outlet.enabled)
        and (not countries or outlet.country in countries)
        and (not kinds or outlet.kind in kinds)
    )
    if not chosen:
        asked = ", ".join([*only, *countries, *kinds]) or "everything that is enabled"
        raise ConfigError(
            f"no outlet of the catalogue fits: {asked}; tumen outlets list shows them"
        )
    return chosen


def outlet_of(outlets: Iterable[Outlet], url: str) -> Outlet | None:
    """Whose page this is: the outlet of the same host, else one of the same site."""
    same_site = None
    for outlet in outlets:
        if host_key(outlet.homepage) == host_key(url):
            return outlet
        if same_site is None and site(outlet.homepage) == site(url):
            same_site = outlet
    return same_site


def _digest(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()[:8]


def _read_cards(text: str, origin: str) -> list[dict[str, Any]]:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        # Python 3.14 has error.lineno; before, the message is the only place that tells.
        told = re.search(r"\(at line (\d+)", str(error))
        line = int(told[1]) if told else text.rstrip("\n").count("\n") + 1
        raise OutletError(origin, line, f"this is no TOML: {error}") from error
    for key in table:
        if key != "outlet":
            problem = f'unknown key "{key}" outside of a card; every card begins with [[outlet]]'
            raise OutletError(origin, cards.locate_stranger(text, key), problem)
    found = table.get("outlet", [])
    if not isinstance(found, list) or not all(isinstance(card, dict) for card in found):
        problem = "a card begins with [[outlet]], in double brackets"
        raise OutletError(origin, cards.locate_stranger(text, "outlet"), problem)
    return found


def _read_card(
    card: Mapping[str, Any], text: str, origin: str, nth: int, zones: Collection[str]
) -> Outlet:
    wrong = cards.find_problem(card, zones)
    if wrong is not None:
        key, problem = wrong
        quoted = re.search(r'"([^"]+)"', problem)
        line = cards.locate(text, nth, key, quoted[1] if quoted else "")
        raise OutletError(origin, line, problem)
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in card.items()
    }
    values.setdefault("group", card["id"])
    return Outlet(**values)


def _claim(outlet: Outlet, text: str, origin: str, nth: int, claims: dict[str, str]) -> None:
    """Note the id and sources of a card as taken, or refuse it for one that already is."""
    wanted = [("id", outlet.id)]
    wanted += [(f"{source.kind}s", source.url) for source in sources_of(outlet)]
    for key, value in wanted:
        line = cards.locate(text, nth, key, value)
        claim = f"id {value}" if key == "id" else value
        if claim in claims:
            problem = (
                f'{key}: "{value}" already stands in {claims[claim]}; '
                f"{'give this card an id of its own' if key == 'id' else 'list a source once'}"
            )
            raise OutletError(origin, line, problem)
        claims[claim] = f"{origin}, line {line}"


def _refuse_unknown(what: str, asked: Iterable[str], known: Collection[str]) -> None:
    for word in asked:
        if word not in known:
            hint = cards.suggest(word, known) or "; tumen outlets list shows what there is"
            raise ConfigError(f'unknown {what} "{word}"{hint}')
