"""Forgetting: a record is removed for good, with its evidence and everything that points to it.

First the tombstone, then the rest: whatever stops it half-way, the tombstone keeps the record from
coming back, and forgetting it again removes what was left.

Promise: afterwards no line of the store or the journal, no response in the archive and no job or
dead letter holds words of the page; lines of a worker that is alive are cut by that worker.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.news.fields import ArchivePlace
from crawler.news.urls import canonical_url, fingerprint
from crawler.storage import old_days, tombstones
from crawler.storage.archive import find_url
from crawler.storage.archive import forget as overwrite
from crawler.storage.frontier import Frontier
from crawler.storage.index import discard_safely as discard_index
from crawler.storage.jobs import article_name, revisit_name
from crawler.storage.layout import FOLDERS, read_name
from crawler.storage.store import lines_of, open_slot_of

# A worker that is alive looks for tombstones every few seconds.
PATIENCE_S = 30.0
_LOOK_S = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Traces:
    """What the store holds of a page: lines, responses, and the addresses they name."""

    record_id: str
    titles: tuple[str, ...]
    lines: int
    places: tuple[ArchivePlace, ...]
    urls: tuple[str, ...]
    slots: tuple[str, ...]


def find_traces(data_dir: Path, record_id: str, url: str | None = None) -> Traces:
    """Everything about a page, by its record's id; `url` is an address of it that is known."""
    old_days.finish(data_dir)
    titles, urls, slots, places, lines = [], [url] if url else [], set(), [], 0
    for folder in FOLDERS:
        for place, said in lines_of(data_dir, folder, record_id):
            lines += 1
            titles += [said["title"]] if said.get("title") else []
            urls += _urls_in(said)
            named = read_name(Path(place.file).name)
            slots.update([named.slot] if named else [])
            if said.get("archive"):
                places.append(ArchivePlace(**said["archive"]))
    known = tuple(dict.fromkeys(urls))
    found = (place for address in known for place in find_url(data_dir, address))
    return Traces(
        record_id=record_id,
        titles=tuple(dict.fromkeys(titles)),
        lines=lines,
        places=tuple(dict.fromkeys([*places, *found])),
        urls=known,
        slots=tuple(sorted(slots)),
    )


async def forget(data_dir: Path, frontier: Frontier, traces: Traces) -> tuple[str, ...]:
    """Remove a record for good. Returns the slots whose living workers have not cut it yet.

    Raises StoreError when the disk does not take it, and DependencyDown.
    """
    canonical = {canonical_url(url) for url in traces.urls}
    marks = [fingerprint(url) for url in canonical]
    await asyncio.to_thread(tombstones.write, data_dir, traces.record_id, marks)
    # The index holds words of it, and is made again without them.
    await asyncio.to_thread(discard_index, data_dir)
    await frontier.forget(traces.record_id, marks, _jobs_of(traces.record_id, canonical))
    for place in traces.places:
        await asyncio.to_thread(overwrite, data_dir, place)
    alive = [slot for slot in traces.slots if not _cut(data_dir, slot, traces.record_id)]
    return await _wait_for(data_dir, traces.record_id, alive)


def _urls_in(said: Mapping[str, Any]) -> Iterable[str]:
    named = (said.get(name) for name in ("url", "url_announced", "url_final"))
    return [url for url in (*named, *said.get("alternate_urls", ())) if url]


def _jobs_of(record_id: str, urls: Iterable[str]) -> list[str]:
    """Jobs that may carry words of the page: its revisit, and its fetch under each address."""
    return [revisit_name(record_id), *map(article_name, urls)]


def _cut(data_dir: Path, name: str, record_id: str) -> bool:
    slot = open_slot_of(data_dir, name)
    if slot is None:
        return False
    try:
        slot.remove(record_id)
    finally:
        slot.close()
    return True


async def _wait_for(data_dir: Path, record_id: str, slots: Sequence[str]) -> tuple[str, ...]:
    left = list(slots)
    for _ in range(int(PATIENCE_S / _LOOK_S)):
        # A worker may also have ended meanwhile: then its slot is free.
        left = [slot for slot in left if _holds(data_dir, record_id, slot)]
        left = [slot for slot in left if not _cut(data_dir, slot, record_id)]
        if not left:
            break
        await asyncio.sleep(_LOOK_S)
    return tuple(left)


def _holds(data_dir: Path, record_id: str, slot: str) -> bool:
    return any(True for folder in FOLDERS for _ in lines_of(data_dir, folder, record_id, slot))
