"""From the store to the outbox: what is an occasion for which watch, and what it says.

Promise: each look takes in all that came since the look before and a day more, so that a line that
came late is noticed; what must not leave the machine is never noticed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from crawler.errors import BrokenLine
from crawler.news.alerts import (
    Report,
    SourceHealth,
    Told,
    burst,
    first_of_story,
    health_told,
)
from crawler.news.messages import Item
from crawler.news.watches import Watch, shareable
from crawler.storage.gathering import Houses, Story, gather
from crawler.storage.library import Hit, Library
from crawler.storage.outbox import Outbox

# Stories that many origins tell are rare: their feed looks at so many of the latest reports.
_LOOKED_AT = 2000
# Reports of a story that are told when its first one was hidden or forgotten meanwhile.
_OTHERS_MOST = 5


def notice(
    library: Library,
    outbox: Outbox,
    watch: Watch,
    houses: Houses,
    *,
    defined: datetime,
    now: datetime,
    zone: tzinfo,
) -> int:
    """Note what a watch has to tell of the store. Returns how many alerts are new."""
    since, arrived = outbox.begin(watch, defined, now)
    hits = list(library.find(shareable(watch, arrived=arrived, order="oldest")))
    told = [*_occasions(library, outbox, watch, houses, hits, since)]
    return outbox.note(watch, told, now, zone)


def notice_health(
    outbox: Outbox,
    watch: Watch,
    sources: Iterable[SourceHealth],
    *,
    defined: datetime,
    now: datetime,
    zone: tzinfo,
) -> int:
    """Note what a watch has to tell of sources. Returns how many alerts are new."""
    since, _arrived = outbox.begin(watch, defined, now)
    told = health_told(watch, sources, outbox.subjects(watch.name), since, now)
    return outbox.note(watch, [*told], now, zone)


def items_of(
    library: Library, houses: Houses, watch: Watch, told: Sequence[Told]
) -> list[Item | None]:
    """What is to be said of each, as the store has it now; None where nothing may be said."""
    return [_item(library, houses, watch, one) for one in told]


def fitting(library: Library, watch: Watch, houses: Houses, most: int) -> Iterator[Hit]:
    """The reports that a watch tells, or would have told, newest first: its feed."""
    count, seen = 0, set()
    looked_at = None if watch.on == "record" else _LOOKED_AT
    for hit in library.find(shareable(watch, order="discovered", limit=looked_at)):
        chosen: Hit | None = hit
        if watch.on != "record":
            story = hit.story or hit.id
            chosen = None if story in seen else _told_of_story(library, watch, houses, story)
            seen.add(story)
        if chosen is not None:
            yield chosen
            count += 1
        if count >= most:
            return


def _occasions(
    library: Library,
    outbox: Outbox,
    watch: Watch,
    houses: Houses,
    hits: Sequence[Hit],
    since: str,
) -> Iterator[Told]:
    if watch.on == "record":
        told = outbox.told(watch.name, [hit.id for hit in hits])
        yield from (Told(subject=hit.id) for hit in hits if hit.id not in told)
        return
    new: dict[str, list[str]] = {}
    for hit in hits:
        new.setdefault(hit.story or hit.id, []).append(hit.id)
    for story, names in new.items():
        # Most were told by a report of today: that is asked first, as it costs little.
        is_told = bool(outbox.told(watch.name, names))
        gathered = None if is_told else gather(library, story, houses)
        if gathered is None:
            continue
        told = outbox.told(watch.name, [hit.id for hit in gathered.reports])
        if watch.on == "origins":
            found = burst(watch, _by_origin(gathered), told, since)
            if found is not None:
                yield found
        elif not told:
            reports = _fitting_reports(library, watch, story)
            first = first_of_story(reports, told)
            if first in names:
                others = tuple(one.id for one in reports if one.id != first)
                yield Told(subject=str(first), others=others[:_OTHERS_MOST])


def _told_of_story(library: Library, watch: Watch, houses: Houses, story: str) -> Hit | None:
    """The report of a story that a watch would have told."""
    if watch.on == "story":
        named = first_of_story(_fitting_reports(library, watch, story), ())
        names: tuple[str, ...] = (named,) if named else ()
    else:
        gathered = gather(library, story, houses)
        found = burst(watch, _by_origin(gathered), (), "") if gathered else None
        names = (found.subject, *found.others) if found else ()
    return next(filter(None, (_hit(library, name) for name in names)), None)


def _fitting_reports(library: Library, watch: Watch, story: str) -> list[Report]:
    found = library.find(shareable(watch, story=story, order="oldest"))
    return [_report(hit) for hit in found]


def _by_origin(story: Story) -> list[list[Report]]:
    reports = {hit.id: _report(hit) for hit in story.reports}
    return [[reports[name] for name in origin.reports] for origin in story.origins]


def _report(hit: Hit) -> Report:
    # A day without a time of day says nothing of hours.
    is_timed = hit.published is not None and hit.precision != "day"
    appeared = hit.published if is_timed and hit.published else hit.discovered
    return Report(id=hit.id, found=hit.discovered, appeared=appeared)


def _hit(library: Library, name: str) -> Hit | None:
    found = library.find(shareable(Watch(name="any"), ids=(name,)))
    return next(iter(found), None)


def _item(library: Library, houses: Houses, watch: Watch, told: Told) -> Item | None:
    if told.words is not None:
        return Item(words=told.words)
    names = (told.subject, *told.others)
    hit = next(filter(None, (_hit(library, name) for name in names)), None)
    if hit is None:
        return None
    story = gather(library, hit.story, houses) if watch.on != "record" and hit.story else None
    return Item(said=_said(library, hit), voices=story.voices if story else None)


def _said(library: Library, hit: Hit) -> Mapping[str, Any]:
    """The record of a hit; what the index knows of it, where its line cannot be read now."""
    try:
        return library.record(hit)
    except BrokenLine:
        # One line must not hold up whatever waits behind it; `tumen store verify` tells of it.
        return {
            "id": hit.id, "url": hit.url, "title": hit.title, "description": hit.excerpt,
            "publisher": hit.publisher, "outlet": hit.outlet, "domain": hit.domain,
            "language": hit.language, "date_published": hit.published,
            "date_precision": hit.precision, "date_discovered": hit.discovered,
            "topics": hit.topics,
        }  # fmt: skip
