"""The cards of the catalogue: what an outlet is and where it announces.

Promise: what is polled is what a card names and nothing else; a source that nobody has seen answer
is on its card, and is not polled. Cards are read in `catalogues.py`, judged in `cards.py`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal

from crawler.errors import ConfigError
from crawler.news import cards
from crawler.news.records import SourceKind
from crawler.news.urls import canonical_url, host_key, site

Confidence = Literal["high", "medium", "low"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where an outlet announces: one feed, sitemap or section page.

    `confidence` says how sure we are that the address is real, not that it answers today.
    """

    id: str
    outlet: str
    kind: SourceKind
    url: str
    confidence: Confidence = "high"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """One card. `group` is whose voice it is (default: the id); `delay` is in seconds.

    `confidence` holds, by address, what is said of sources of which we are not sure. `blocks` names
    who is turned away. Where `text_source` is "feed", the feed's text is the article. `categories`
    are folders of the user's own, such as "Asia/Wires".
    """

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
    searches: tuple[str, ...] = ()
    queries: tuple[str, ...] = ()
    confidence: Mapping[str, Confidence] = field(default_factory=dict)
    timezone: str | None = None
    group: str = ""
    aliases: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    delay: float | None = None
    charset: str | None = None
    selectors: Mapping[str, str] = field(default_factory=dict)
    same_server: str | None = None
    blocks: tuple[str, ...] = ()
    text_source: Literal["page", "feed"] = "page"
    paywall: bool = False
    enabled: bool = True
    note: str = ""
    evidence: str = ""


def outlet_from(card: Mapping[str, Any]) -> Outlet:
    """The outlet of a card that was found to be valid; lists become tuples."""
    values: dict[str, Any] = {}
    confidence: dict[str, Confidence] = dict(card.get("confidence", {}))
    for key, value in card.items():
        if key in cards.SOURCES:
            marks = {
                cards.url_of(entry): entry["confidence"]
                for entry in value
                if isinstance(entry, dict) and "confidence" in entry
            }
            confidence.update(marks)
            values[key] = tuple(map(cards.url_of, value))
        else:
            values[key] = tuple(value) if isinstance(value, list) else value
    values["confidence"] = confidence
    values.setdefault("group", card["id"])
    return Outlet(**{name: values[name] for name in _FIELDS if name in values})


_FIELDS = tuple(field.name for field in fields(Outlet))


def sources_of(outlet: Outlet) -> tuple[Source, ...]:
    """What is polled for an outlet, feeds first: all its sources but the doubtful ones.

    An id stays the same as long as the address does.
    """
    return tuple(source for source in all_sources_of(outlet) if source.confidence != "low")


def server_groups(outlets: Iterable[Outlet]) -> dict[str, str]:
    """Hosts that are one server to us, as their cards say, each with the name of its group."""
    return {
        host_key(url): outlet.same_server
        for outlet in outlets
        if outlet.same_server
        for url in (outlet.homepage, *(source.url for source in sources_of(outlet)))
    }


def doubtful_sources_of(outlet: Outlet) -> tuple[Source, ...]:
    """The sources that are not polled until they have been seen to answer."""
    return tuple(source for source in all_sources_of(outlet) if source.confidence == "low")


def all_sources_of(outlet: Outlet) -> tuple[Source, ...]:
    """Every source on a card, polled or not, but its searches."""
    listed: tuple[tuple[SourceKind, tuple[str, ...]], ...] = (
        ("feed", outlet.feeds),
        ("sitemap", outlet.sitemaps),
        ("section", outlet.sections),
    )
    return tuple(
        Source(
            id=f"{outlet.id}/{kind}/{_digest(url)}",
            outlet=outlet.id,
            kind=kind,
            url=url,
            confidence=outlet.confidence.get(url, "high"),
        )
        for kind, urls in listed
        for url in urls
    )


def seen_to_answer(outlet: Outlet, source_ids: Collection[str]) -> Outlet:
    """The outlet with these doubtful sources taken for good: a check has seen them answer."""
    proven = {source.url for source in doubtful_sources_of(outlet) if source.id in source_ids}
    kept = {url: mark for url, mark in outlet.confidence.items() if url not in proven}
    return replace(outlet, confidence=kept)


def select(
    outlets: Iterable[Outlet],
    *,
    only: Collection[str] = (),
    countries: Collection[str] = (),
    kinds: Collection[str] = (),
    languages: Collection[str] = (),
    scopes: Collection[str] = (),
) -> tuple[Outlet, ...]:
    """The outlets that fit all that was asked for; an empty collection asks for nothing.

    A disabled outlet is taken only when `only` names it. Raises ConfigError for a word that no
    outlet answers to, and when no outlet fits all of them at once.
    """
    outlets = tuple(outlets)
    countries = [country.upper() for country in countries]
    refuse_unknown("outlet", only, [outlet.id for outlet in outlets])
    refuse_unknown("country", countries, [outlet.country for outlet in outlets])
    refuse_unknown("kind", kinds, cards.KINDS)
    refuse_unknown("language", languages, [outlet.language for outlet in outlets])
    refuse_unknown("scope", scopes, cards.SCOPES)
    chosen = tuple(
        outlet
        for outlet in outlets
        if (outlet.id in only if only else outlet.enabled)
        and (not countries or outlet.country in countries)
        and (not kinds or outlet.kind in kinds)
        and (not languages or outlet.language in languages)
        and (not scopes or outlet.scope in scopes)
    )
    if not chosen:
        asked = (
            ", ".join([*only, *countries, *kinds, *languages, *scopes])
            or "everything that is enabled"
        )
        raise ConfigError(
            f"no outlet of the catalogue fits: {asked}; tumen outlets list shows them"
        )
    return chosen


def source_key(url: str) -> str:
    """By what a source is known as the same, with http or https and with www or without."""
    return canonical_url(url).partition("://")[2].removeprefix("www.").rstrip("/")


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


def refuse_unknown(what: str, asked: Iterable[str], known: Collection[str]) -> None:
    """Raise ConfigError for the first word that is not known, with what was probably meant."""
    for word in asked:
        if word not in known:
            hint = cards.suggest(word, known) or "; tumen outlets list shows what there is"
            raise ConfigError(f'unknown {what} "{word}"{hint}')
