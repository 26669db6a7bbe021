"""Tombstones: which records were removed on request, so that nothing brings them back.

    DATA/forgotten.jsonl    one line per record: its id, when, and the marks of its URLs

A line tells neither address nor words: an id is a hash, a mark the fingerprint by which the
frontier knows a URL.

Promise: a record whose tombstone was written is not stored again, whatever is restored, reindexed
or announced anew.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from crawler.errors import StoreError
from crawler.news.jsonl import encode, read_time, write_time
from crawler.news.urls import Fingerprint
from crawler.storage.layout import append_whole

FILE = "forgotten.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """One record that was removed."""

    id: str
    at: datetime
    marks: tuple[Fingerprint, ...]


def write(data_dir: Path, record_id: str, marks: Sequence[Fingerprint]) -> None:
    """Bring a tombstone to disk; raises StoreError when that is not possible."""
    line = encode(
        {
            "id": record_id,
            "at": write_time(datetime.now(UTC)),
            "marks": [[mark.bucket, mark.value] for mark in marks],
        }
    )
    path = data_dir / FILE
    try:
        append_whole(path, line)
    except OSError as error:
        raise StoreError(
            f"{path} takes no line ({error.strerror}): make room on its disk, or make it writable; "
            "nothing was forgotten"
        ) from error


def read(data_dir: Path) -> list[Tombstone]:
    """All tombstones. One that a power cut tore was not promised yet, and is passed over."""
    try:
        lines = (data_dir / FILE).read_bytes().splitlines(keepends=True)
    except FileNotFoundError:
        return []
    return [tombstone for line in lines if (tombstone := _parse(line)) is not None]


def size_of(data_dir: Path) -> int:
    """How long the file is: it only grows, so a worker sees by this that there is more."""
    try:
        return (data_dir / FILE).stat().st_size
    except FileNotFoundError:
        return 0


def _parse(line: bytes) -> Tombstone | None:
    try:
        told = json.loads(line)
        marks = tuple(Fingerprint(bucket=bucket, value=value) for bucket, value in told["marks"])
        return Tombstone(id=told["id"], at=read_time(told["at"]), marks=marks)
    except (ValueError, KeyError, TypeError):
        return None
