"""DATA/marks.jsonl: what users said of pages, one JSON object per line, appended and never changed.

    {"schema_version": 1, "at": "2026-11-25T12:00:00Z", "id": "...", "url": "...",
     "verdict": "yes", "note": null}

The last line of an id counts. A "no" hides a stored article from readers; the store itself is never
touched. Whoever else keeps marks here adds lines with fields of their own and no verdict.

Promise: a mark is on disk when `append_mark` returns, writers wait for each other, and a line that
a crash tore costs nobody else's.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A user's verdict on a page: whether it is about the pair. `id` is that of `url`."""

    at: datetime
    id: str
    url: str
    verdict: Verdict
    note: str | None = None


def append_mark(data_dir: Path, mark: Mark) -> None:
    """Bring a mark to disk. Raises StoreError when that is not possible."""
    line = encode(
        {
            "schema_version": SCHEMA_VERSION,
            "at": write_time(mark.at),
            "id": mark.id,
            "url": mark.url,
            "verdict": mark.verdict,
            "note": mark.note,
        }
    )
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
            f"{path} cannot be written ({error.strerror}): check the disk and judge again"
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


def hidden_ids(data_dir: Path, on_broken: OnBroken = refuse_broken) -> frozenset[str]:
    """The ids that readers leave out, as a user said that they are not about the pair."""
    marks = read_marks(data_dir, on_broken)
    return frozenset(mark.id for mark in marks.values() if mark.verdict == "no")


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
