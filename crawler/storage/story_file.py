"""DATA/stories.jsonl: which record belongs to which story, and why; one JSON object per line.

    {"schema_version": 1, "key": "2026-11-25T12:00:00Z", "id": "...", "story_id": "...",
     "like": "...", "copy_of": null, "because": ["+1.8 both: kim, putin", ...], "united": [],
     "event_day": "2026-11-24"}

A line places one record, in the order of `key` (its first fetch) and id. `united` are records that
the line's story takes over from another story; `event_day` is when the event seems to have been, by
what the report says and when it appeared. The file is the authority on stories; it can be made
anew from the records, by the same decisions.

Promise: a placement is on disk before any reader sees it; a line that a crash tore is left out and
decided again.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.errors import BrokenLine, StoreError
from crawler.news.jsonl import decode, encode
from crawler.news.lines import SCHEMA_VERSION
from crawler.news.stories import Placement
from crawler.storage.layout import sync_folder

FILE = "stories.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A line of the file: when its record was first fetched, and where it was placed."""

    key: str
    placement: Placement
    event_day: str | None


def read_placed(data_dir: Path) -> Iterator[Placed]:
    """Every placement in order. Raises BrokenLine for a whole line that is none."""
    try:
        held = (data_dir / FILE).open("rb")
    except FileNotFoundError:
        return
    with held:
        for line in held:
            if line.endswith(b"\n"):
                yield _placed_of(line)


def append_placed(data_dir: Path, placed: Iterable[Placed]) -> None:
    """Bring placements to disk. Raises StoreError when that is not possible."""
    path = data_dir / FILE
    lines = b"".join(map(_line_of, placed))
    try:
        is_new = not path.exists()
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            # What a crash tore goes: its record is placed again by these lines.
            os.ftruncate(descriptor, _whole_length(descriptor))
            os.lseek(descriptor, 0, os.SEEK_END)
            with open(descriptor, "ab", closefd=False) as held:
                held.write(lines)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if is_new:
            sync_folder(data_dir)
    except OSError as error:
        raise _unwritable(path, error) from error


def cut_placed(data_dir: Path, key: tuple[str, str]) -> None:
    """Take away the placements from a key and id on; the lines stand in that order."""
    path = data_dir / FILE
    try:
        with path.open("rb+") as held:
            offset = 0
            for line in held:
                placed = _placed_of(line)
                if (placed.key, placed.placement.id) >= key:
                    break
                offset += len(line)
            held.truncate(offset)
            os.fsync(held.fileno())
    except FileNotFoundError:
        return
    except OSError as error:
        raise _unwritable(path, error) from error


def size_of(data_dir: Path) -> int:
    """How long the file is; 0 when there is none."""
    try:
        return (data_dir / FILE).stat().st_size
    except FileNotFoundError:
        return 0


def _line_of(placed: Placed) -> bytes:
    placement = placed.placement
    return encode(
        {
            "schema_version": SCHEMA_VERSION,
            "key": placed.key,
            "id": placement.id,
            "story_id": placement.story,
            "like": placement.like,
            "copy_of": placement.copy_of,
            "because": placement.because,
            "united": placement.united,
            "event_day": placed.event_day,
        }
    )


def _placed_of(line: bytes) -> Placed:
    said: dict[str, Any] = decode(line)
    try:
        placement = Placement(
            id=str(said["id"]),
            story=str(said["story_id"]),
            like=said["like"],
            copy_of=said["copy_of"],
            because=tuple(said["because"]),
            united=tuple(said["united"]),
        )
        return Placed(key=str(said["key"]), placement=placement, event_day=said.get("event_day"))
    except (KeyError, TypeError) as error:
        raise BrokenLine(
            line, f"no placement ({error}) in {FILE}; tumen index rebuild --stories makes it anew"
        ) from error


def _whole_length(descriptor: int) -> int:
    """The length of the file up to its last line feed."""
    end = os.lseek(descriptor, 0, os.SEEK_END)
    while end > 0:
        start = max(0, end - 65_536)
        found = os.pread(descriptor, end - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0


def _unwritable(path: Path, error: OSError) -> StoreError:
    return StoreError(
        f"{path} cannot be written ({error.strerror}): make room on its disk, or make it writable"
    )
