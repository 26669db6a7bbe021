"""The cards of the catalogue: what an outlet is and where it announces.

Promise: what is polled is what a card names and nothing else; a source that nobody has seen answer
is on its card, and is not polled. Cards are read in `catalogues.py`, judged in `cards.py`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal
from urllib.parse import quote, urlsplit

from crawler.errors import ConfigError
from crawler.news import cards
from crawler.news.records import SourceKind
from crawler.news.urls import canonical_url, host_key, site

Confidence = Literal["high", "medium", "low"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where an outlet announces: one feed, sitemap or section page, or one query at a search.

    `stated` is its address as the card has it: of a search with `{query}` in it. `confidence` says
    how sure we are that the address is real, not that it answers today.
    """

    id: str
    outlet: str
    kind: SourceKind
    url: str
    confidence: Confidence = "high"
    stated: str = field(default="", compare=False)


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
    """Every source on a card, polled or not; of its searches every query at every address."""
    listed: tuple[tuple[SourceKind, tuple[str, ...]], ...] = (
        ("feed", outlet.feeds),
        ("sitemap", outlet.sitemaps),
        ("section", outlet.sections),
    )
    addresses = [(kind, url, url) for kind, urls in listed for url in urls]
    for stated in outlet.searches:
        # An address without {query} stands alone.
        queries = outlet.queries if cards.QUERY in stated else ("",)
        asked = (stated.replace(cards.QUERY, quote(query, safe="")) for query in queries)
        addresses += [("search", url, stated) for url in asked]
    return tuple(
        Source(
            id=f"{outlet.id}/{kind}/{_digest(url)}",
            outlet=outlet.id,
            kind=kind,
            url=url,
            confidence=outlet.confidence.get(stated, "high"),
            stated=stated,
        )
        for kind, url, stated in addresses
    )


def seen_to_answer(outlet: Outlet, source_ids: Collection[str]) -> Outlet:
    """The outlet with these doubtful sources taken for good: a check has seen them answer."""
    proven = {source.stated for source in doubtful_sources_of(outlet) if source.id in source_ids}
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


@dataclass(frozen=True, slots=True)
class Homes:
    """Whose a page is, told by the home pages of a catalogue: by host, else by site."""

    hosts: Mapping[str, Sequence[Outlet]]
    sites: Mapping[str, Outlet]

    def owner_of(self, url: str) -> Outlet | None:
        """The outlet of a page. Where several share a host, the path tells them apart or nobody."""
        sharing = self.hosts.get(host_key(url), ())
        path = f"{urlsplit(url).path.rstrip('/')}/"
        within = [outlet for outlet in sharing if path.startswith(_home_path(outlet))]
        if within:
            return max(within, key=lambda outlet: len(_home_path(outlet)))
        if len(sharing) > 1:
            return None
        return sharing[0] if sharing else self.sites.get(site(url))


def homes_of(outlets: Iterable[Outlet]) -> Homes:
    """The home pages of a catalogue, to look up whose a page is."""
    hosts: dict[str, list[Outlet]] = {}
    sites: dict[str, Outlet] = {}
    for outlet in outlets:
        hosts.setdefault(host_key(outlet.homepage), []).append(outlet)
        whole = site(outlet.homepage)
        # Of editions on hosts of their own, that of the bare domain.
        if host_key(outlet.homepage).removeprefix("www.") == whole:
            sites[whole] = outlet
        sites.setdefault(whole, outlet)
    return Homes(hosts, sites)


def outlet_of(outlets: Iterable[Outlet], url: str) -> Outlet | None:
    """Whose page this is, of one page; many are looked up in `homes_of`."""
    return homes_of(outlets).owner_of(url)


def _home_path(outlet: Outlet) -> str:
    return f"{urlsplit(outlet.homepage).path.rstrip('/')}/"


def _digest(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()[:8]


def refuse_unknown(what: str, asked: Iterable[str], known: Collection[str]) -> None:
    """Raise ConfigError for the first word that is not known, with what was probably meant."""
    for word in asked:
        if word not in known:
            hint = cards.suggest(word, known) or "; tumen outlets list shows what there is"
            raise ConfigError(f'unknown {what} "{word}"{hint}')
