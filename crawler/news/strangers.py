"""Strangers: domains without a card from which relevant articles keep coming, by way of searches.

Promise: an article counts once, however many revisions it has, and only where the catalogue knows
nobody of its site.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crawler.news.outlets import Homes

EXAMPLES = 3


@dataclass(slots=True, kw_only=True)
class Stranger:
    """What came from one domain. `examples` are (title, url), the newest first."""

    domain: str
    publisher: str | None = None
    articles: int = 0
    days: set[str] = field(default_factory=set)
    languages: set[str] = field(default_factory=set)
    examples: list[tuple[str, str]] = field(default_factory=list)

    @property
    def first(self) -> str:
        """The day of the first article, YYYY-MM-DD."""
        return min(self.days)

    @property
    def last(self) -> str:
        """The day of the newest."""
        return max(self.days)


def gather(records: Iterable[Mapping[str, Any]], homes: Homes, least: int) -> list[Stranger]:
    """The domains that brought at least so many relevant articles, the busiest first.

    `records` come in the order in which they were stored.
    """
    found: dict[str, Stranger] = {}
    counted: set[str] = set()
    for said in records:
        if said["outlet"] is not None or said["id"] in counted or homes.owner_of(said["url"]):
            continue
        if said["match"]["score"] < said["match"]["threshold"]:
            continue  # a person added it
        counted.add(said["id"])
        stranger = found.setdefault(said["domain"], Stranger(domain=said["domain"]))
        stranger.articles += 1
        stranger.days.add(said["date_discovered"][:10])
        stranger.publisher = said["publisher"] or stranger.publisher
        if said["language"]:
            stranger.languages.add(said["language"])
        stranger.examples = [(said["title"], said["url"]), *stranger.examples][:EXAMPLES]
    busy = (stranger for stranger in found.values() if stranger.articles >= least)
    return sorted(busy, key=lambda one: (-one.articles, -len(one.days), one.domain))
