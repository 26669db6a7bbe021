"""What can be seen of a store and its Redis from outside: do they serve, how much is there.

Promise: looking changes nothing that counts, and costs no more than listing folders and reading the
ends of the newest files.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from crawler.errors import BrokenLine, StoreError
from crawler.news.jsonl import read_time
from crawler.news.lines import parse_line
from crawler.storage.connection import Connection, key
from crawler.storage.layout import files_of, read_name
from crawler.storage.reading import last_lines

PARTS = ("articles", "dropped", "archive", "redis", "quarantine")
_PROBE_BYTES = 4096
_WINDOW = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """How much a data folder holds, by its parts, and how much room its disk has."""

    sizes: Mapping[str, int]
    disk_bytes: int
    free_bytes: int
    last_record_at: datetime | None


async def ask_redis(redis: Connection) -> None:
    """See that Redis takes writes; raises DependencyDown when it is away, full or read-only."""
    await redis.ask("SET", key("probe"), "1", "PX", 1000)


def try_disk(data_dir: Path) -> None:
    """See that the data folder takes bytes and keeps them; raises StoreError."""
    probe = data_dir / "slots" / f"probe-{os.getpid()}"
    try:
        probe.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            written = os.write(descriptor, bytes(_PROBE_BYTES))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
            probe.unlink()
    except OSError as error:
        raise StoreError(f"{data_dir} takes no bytes ({error.strerror}): see its disk") from error
    if written < _PROBE_BYTES:
        raise StoreError(f"{data_dir} has no room: make some on its disk")


def take_stock(data_dir: Path) -> Holdings:
    """Look at files and disk. Raises OSError."""
    disk = shutil.disk_usage(data_dir)
    return Holdings(
        sizes={part: sum(_sizes(data_dir / part)) for part in PARTS},
        disk_bytes=disk.total,
        free_bytes=disk.free,
        last_record_at=last_record_at(data_dir),
    )


def last_record_at(data_dir: Path) -> datetime | None:
    """When the newest record was fetched; of a store without one, when the store was made."""
    files = files_of(data_dir, "articles")
    days = {file: named.day for file in files if (named := read_name(Path(file).name))}
    newest = [file for file in files if days[file] == max(days.values())]
    times = [at for file in newest if (at := _last_time(data_dir / file)) is not None]
    identity = data_dir / "store.json"
    if not times and identity.exists():
        return datetime.fromtimestamp(identity.stat().st_mtime, UTC)
    return max(times, default=None)


def _last_time(path: Path) -> datetime | None:
    for _offset, line in reversed(last_lines(path, _WINDOW)):
        try:
            return read_time(str(parse_line(line)["date_fetched"]))
        except (BrokenLine, KeyError, ValueError):
            continue
    return None


def _sizes(folder: Path) -> Iterator[int]:
    for path in folder.rglob("*"):
        try:
            if path.is_file():
                yield path.stat().st_size
        except FileNotFoundError:  # Redis rewrites its files, a day of the journal is pruned
            continue
