"""Stories as readers see them: their reports in time order, their origins, their day.

Promise: a story is counted by independent voices; whatever was hidden or replaced is not in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from crawler.news.origins import Origin, Voice, independent_origins, told
from crawler.news.outlets import Outlet
from crawler.news.queries import Query
from crawler.storage.library import Hit, Library


@dataclass(frozen=True, slots=True, kw_only=True)
class Houses:
    """Whose voice an outlet is, by the cards of the catalogue."""

    group_of: Mapping[str, str] = field(default_factory=dict)
    name_of: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Reports of one event, in the order in which they appeared.

    `headline` is that of `best`, the report to read first: whole, free and of an independent
    origin where there is one. `event_day` is a user's word, or else what most reports seem to say.
    """

    id: str
    reports: tuple[Hit, ...]
    best: Hit
    origins: tuple[Origin, ...]
    event_day: str
    is_event_day_told: bool
    topics: tuple[str, ...]

    @property
    def headline(self) -> str:
        """The headline of the report to read first."""
        return self.best.title

    @property
    def outlets(self) -> int:
        """How many outlets report it."""
        return len({_outlet_of(hit) for hit in self.reports})

    @property
    def voices(self) -> str:
        """How many outlets and origins, in words."""
        return told(self.outlets, self.origins)

    @property
    def origin(self) -> str:
        """The origin that most of its reports go back to."""
        return self.origins[0].name


def houses_of(outlets: Sequence[Outlet]) -> Houses:
    """The houses of a catalogue; a house bears the name of its first outlet."""
    names: dict[str, str] = {}
    for outlet in outlets:
        names.setdefault(outlet.group, outlet.name)
    return Houses(group_of={o.id: o.group for o in outlets}, name_of=names)


def find_stories(library: Library, query: Query, houses: Houses) -> Iterator[Story]:
    """The stories of the records that a query asks for, in the order of their first such record.

    A story comes whole, with reports that the query would not have found. `limit` counts stories.
    """
    seen: set[str] = set()
    for hit in library.find(replace(query, limit=None, offset=0)):
        story = hit.story or hit.id
        if story in seen:
            continue
        seen.add(story)
        if len(seen) > query.offset:
            yield gather(library, story, houses) or _alone(hit, houses)
        if query.limit is not None and len(seen) >= query.limit + query.offset:
            return


def gather(library: Library, story: str, houses: Houses) -> Story | None:
    """A story with all its reports; None when there are none."""
    reports = tuple(library.find(Query(story=story, order="oldest")))
    return _story(story, reports, houses) if reports else None


def _alone(hit: Hit, houses: Houses) -> Story:
    return _story(hit.id, (hit,), houses)


def _story(name: str, reports: tuple[Hit, ...], houses: Houses) -> Story:
    origins = independent_origins(
        [_voice(hit, houses) for hit in reports], houses.group_of, houses.name_of
    )
    said = [hit.event_day for hit in reports if hit.event_day]
    guessed = Counter(hit.event_guess for hit in reports if hit.event_guess)
    day = said[-1] if said else (guessed.most_common(1)[0][0] if guessed else None)
    return Story(
        id=name,
        reports=reports,
        best=min(reports, key=lambda hit: _rank(hit, origins)),
        origins=origins,
        event_day=day or reports[0].moment[:10],
        is_event_day_told=bool(said),
        topics=tuple(dict.fromkeys(topic for hit in reports for topic in hit.topics)),
    )


def _rank(hit: Hit, origins: Sequence[Origin]) -> tuple[bool, bool, bool, str]:
    """What to read first: a whole text, no copy, the first of its origin, the earliest."""
    is_first = any(hit.id == origin.first for origin in origins)
    return (hit.text_status != "full", hit.copy_of is not None, not is_first, hit.moment)


def _voice(hit: Hit, houses: Houses) -> Voice:
    outlet = _outlet_of(hit)
    group = houses.group_of.get(outlet, outlet)
    cited = tuple(
        (cite.get("outlet"), str(cite["name"]))
        for cite in hit.cites
        if cite.get("role") == "origin" and cite.get("name")
    )
    return Voice(
        id=hit.id,
        group=group,
        name=houses.name_of.get(group) or hit.publisher or outlet,
        copy_of=hit.copy_of,
        cited=cited,
    )


def _outlet_of(hit: Hit) -> str:
    return hit.outlet or hit.domain
