"""What was left out by a hair, for a page that is looked at again and again.

The journal grows by thousands of lines a day, of which a few hundred are near to the threshold:
those are kept in mind, and of each file only what was added since is read.

Promise: what is remembered is bounded by days and not by lines; the last line about a page counts.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from heapq import nlargest
from pathlib import Path
from typing import Any

from crawler.errors import BrokenLine
from crawler.news.excerpts import shortened
from crawler.news.lines import parse_line
from crawler.news.second_looks import JUDGED_STAGES
from crawler.storage.layout import files_of, read_name
from crawler.storage.reading import whole_lines_from

# Of a file, which is a day of a worker: nobody reviews more, and memory must have a bound.
_OF_A_FILE = 400
_NEEDS = ("id", "url", "at", "stage", "score")
_LONGEST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A page that rules left out: which step did, how near to the threshold, and why."""

    id: str
    url: str
    at: str
    stage: str
    score: float
    title: str | None
    summary: str
    outlet: str | None
    source: str | None
    language: str | None
    reasons: tuple[str, ...]


@dataclass(slots=True)
class _File:
    done: int = 0
    pages: dict[str, LeftOut] = field(default_factory=dict)


@dataclass(slots=True)
class Journal:
    """The journal of a store as far as it is worth a second look."""

    data_dir: Path
    _files: dict[str, _File] = field(default_factory=dict)
    _since: date = date.max
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def nearest(self, since: date, judged: Collection[str]) -> list[LeftOut]:
        """What was left out since a day, the highest score first; without what was judged.

        The longest time that was asked for is kept in mind.
        """
        with self._lock:
            self._since = min(self._since, since)
            self._read()
            last: dict[str, LeftOut] = {}
            for held in self._files.values():
                for page in held.pages.values():
                    known = last.get(page.id)
                    if known is None or known.at < page.at:
                        last[page.id] = page
        first = since.isoformat()
        open_pages = (page for page in last.values() if page.at >= first and page.id not in judged)
        return sorted(open_pages, key=lambda page: (-page.score, page.at, page.id))

    def find(self, page_id: str) -> LeftOut | None:
        """A page that `nearest` has told of, by its id."""
        with self._lock:
            held = [file.pages[page_id] for file in self._files.values() if page_id in file.pages]
        return max(held, key=lambda page: page.at, default=None)

    def _read(self) -> None:
        here = [
            name
            for name in files_of(self.data_dir, "dropped")
            if (told := read_name(Path(name).name)) is not None and told.day >= self._since
        ]
        self._files = {name: self._files.get(name, _File()) for name in here}
        for name, held in self._files.items():
            if (self.data_dir / name).stat().st_size < held.done:
                held.done, held.pages = 0, {}
            for place, line in whole_lines_from(self.data_dir, name, held.done):
                held.done = place.offset + place.length
                self._take(held, line)

    def _take(self, held: _File, line: bytes) -> None:
        try:
            said: Mapping[str, Any] = parse_line(line)
        except BrokenLine:
            return  # `tumen store verify` names it
        page = _page_of(said)
        if page is None:
            for other in self._files.values():
                other.pages.pop(str(said.get("id")), None)
            return
        held.pages[page.id] = page
        if len(held.pages) > 2 * _OF_A_FILE:
            best = nlargest(_OF_A_FILE, held.pages.values(), key=lambda page: page.score)
            held.pages = {page.id: page for page in best}


def _page_of(said: Mapping[str, Any]) -> LeftOut | None:
    """The page of a line that a rule wrote with a score; None for others."""
    if any(not said.get(name) for name in _NEEDS) or said["stage"] not in JUDGED_STAGES:
        return None
    return LeftOut(
        id=str(said["id"]),
        url=str(said["url"]),
        at=str(said["at"]),
        stage=str(said["stage"]),
        score=float(said["score"]),
        title=said.get("title"),
        summary=shortened(said.get("summary") or "", _LONGEST),
        outlet=said.get("outlet"),
        source=said.get("source"),
        language=said.get("language"),
        reasons=tuple(map(str, said.get("reasons") or ())),
    )
