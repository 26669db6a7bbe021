"""DATA/marks.jsonl: what users said of pages, one JSON object per line, appended and never changed.

    {"schema_version": 1, "at": "2026-11-25T12:00:00Z", "id": "...", "url": "...",
     "verdict": "yes", "note": null}

    {"schema_version": 1, "at": "...", "id": "...", "url": "...", "used": true}
    {"schema_version": 1, "at": "...", "id": "...", "url": "...", "seen": true}
    {"schema_version": 1, "at": "...", "id": "...", "url": "...", "note": "asked the ministry"}
    {"schema_version": 1, "at": "...", "id": "...", "url": "...", "event_day": "2026-11-20"}

The last line of an id counts, for each of the fields by itself. A "no" hides a stored article from
readers; the store itself is never touched. Whoever else keeps marks here adds lines with fields of
their own and no verdict.

Promise: a mark is on disk when `append_mark` returns, writers wait for each other, and a line that
a crash tore costs nobody else's.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from crawler.errors import BrokenLine, StoreError
from crawler.news.jsonl import decode, encode, read_time, write_time
from crawler.news.lines import SCHEMA_VERSION
from crawler.storage.layout import Place, sync_folder
from crawler.storage.reading import OnBroken, refuse_broken

FILE = "marks.jsonl"

Verdict = Literal["yes", "no"]
_THINGS = ("used", "seen", "note", "event_day")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A user's verdict on a page: whether it is about the pair. `id` is that of `url`."""

    at: datetime
    id: str
    url: str
    verdict: Verdict
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What else a user said of a page: one thing, None for the others.

    `event_day` (YYYY-MM-DD) is the day of the event that the page tells of. An empty note takes
    away the one before.
    """

    at: datetime
    id: str
    url: str
    used: bool | None = None
    seen: bool | None = None
    note: str | None = None
    event_day: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """All that users said of a page, the last word on each thing."""

    is_hidden: bool = False
    is_seen: bool = False
    is_used: bool = False
    note: str | None = None
    event_day: str | None = None


def append_mark(data_dir: Path, mark: Mark) -> None:
    """Bring a mark to disk. Raises StoreError when that is not possible."""
    said = {"id": mark.id, "url": mark.url, "verdict": mark.verdict, "note": mark.note}
    _append(data_dir, mark.at, said, "judge again")


def append_remark(data_dir: Path, remark: Remark) -> None:
    """Bring a remark to disk. Raises StoreError when that is not possible."""
    things = {name: getattr(remark, name) for name in _THINGS}
    said = {name: thing for name, thing in things.items() if thing is not None}
    said = {"id": remark.id, "url": remark.url, **said}
    _append(data_dir, remark.at, said, "mark it again")


def _append(data_dir: Path, at: datetime, said: Mapping[str, Any], next_step: str) -> None:
    line = encode({"schema_version": SCHEMA_VERSION, "at": write_time(at), **said})
    path = data_dir / FILE
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        is_new = not path.exists()
        with path.open("ab+") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            if _is_torn(held.fileno()):
                line = b"\n" + line
            held.write(line)
            held.flush()
            os.fsync(held.fileno())
        if is_new:
            sync_folder(data_dir)
    except OSError as error:
        raise StoreError(
            f"{path} cannot be written ({error.strerror}): check the disk and {next_step}"
        ) from error


def read_marks(data_dir: Path, on_broken: OnBroken = refuse_broken) -> dict[str, Mark]:
    """The latest verdict on each id. `on_broken` hears of lines that are none and may raise."""
    latest: dict[str, Mark] = {}
    for place, line in _lines(data_dir):
        try:
            mark = _mark_of(line)
        except BrokenLine as error:
            on_broken(place, error)
            continue
        if mark is not None:
            latest[mark.id] = mark
    return latest


def read_told(data_dir: Path, on_broken: OnBroken = refuse_broken) -> dict[str, Standing]:
    """What stands of each id: verdicts and remarks together."""
    standing: dict[str, Standing] = {}
    for place, line in _lines(data_dir):
        try:
            said = decode(line)
            record_id = str(said["id"])
        except (BrokenLine, KeyError) as error:
            on_broken(place, BrokenLine(line, f"no mark: {error}"))
            continue
        held = standing.get(record_id, Standing())
        standing[record_id] = replace(
            held,
            is_hidden=said["verdict"] == "no" if said.get("verdict") else held.is_hidden,
            is_seen=bool(said.get("seen", held.is_seen)),
            is_used=bool(said.get("used", held.is_used)),
            note=held.note if said.get("note") is None else (str(said["note"]) or None),
            event_day=said.get("event_day", held.event_day) or None,
        )
    return standing


def size_of(data_dir: Path) -> int:
    """How long the file is: it only grows, so a reader sees by this that there is more."""
    try:
        return (data_dir / FILE).stat().st_size
    except FileNotFoundError:
        return 0


def _lines(data_dir: Path) -> Iterator[tuple[Place, bytes]]:
    """Every whole line; a last one without its line feed is left to the writer that is at work."""
    try:
        held = (data_dir / FILE).open("rb")
    except FileNotFoundError:
        return
    with held:
        offset = 0
        for line in held:
            if line.endswith(b"\n"):
                yield Place(file=FILE, offset=offset, length=len(line)), line
            offset += len(line)


def _mark_of(line: bytes) -> Mark | None:
    """The verdict of a line; None for a line that holds another kind of mark."""
    said: dict[str, Any] = decode(line)
    if said.get("verdict") is None:
        return None
    try:
        if said["verdict"] not in ("yes", "no"):
            raise ValueError(f"verdict {said['verdict']!r} is neither yes nor no")
        return Mark(
            at=read_time(said["at"]),
            id=str(said["id"]),
            url=str(said["url"]),
            verdict=said["verdict"],
            note=said.get("note"),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise BrokenLine(line, f"no mark: {error}") from error


def _is_torn(descriptor: int) -> bool:
    size = os.fstat(descriptor).st_size
    return size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
