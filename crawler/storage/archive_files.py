"""The files of the archive: their names, how one is opened, and how its end is mended.

Promise: a path is made of days, slots and numbers only, and never leads out of DATA/archive through
a link; a file that is mended loses nothing but what one broken-off write left.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from crawler.errors import StoreError
from crawler.news.lines import ArchivePlace
from crawler.storage import members

# How far back from its end a file is read, member by member, when it is opened again.
DOUBTFUL_BYTES = 8 << 20

_FILE = re.compile(
    r"archive/(\d{4}-\d{2}-\d{2})\.w([1-9]\d{0,3})-([1-9]\d{0,8})\.warc\.gz", re.ASCII
)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class ArchiveFile:
    """A file by what its name says: the day of fetch, the slot that wrote it, its number."""

    day: date
    slot_number: int
    number: int

    @property
    def slot(self) -> str:
        return f"w{self.slot_number}"

    @property
    def path(self) -> str:
        """Where it lies, relative to the data folder."""
        return f"archive/{self.day.isoformat()}.{self.slot}-{self.number}.warc.gz"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveRepair:
    """What was found at the end of a file: torn bytes, cut off; or damage, left as it is."""

    file: str
    torn_bytes: int
    damaged_from: int | None

    def __str__(self) -> str:
        if self.damaged_from is None:
            return f"{self.file}: cut {self.torn_bytes} bytes of a torn end"
        return (
            f"{self.file}: damaged from byte {self.damaged_from} on; it is left as it is, another "
            "file is begun: check the disk, and see tumen store verify for what is lost"
        )


def parse_path(path: str) -> ArchiveFile | None:
    """What a path relative to the data folder says; None when it is no file of the archive."""
    told = _FILE.fullmatch(path)
    if told is None:
        return None
    try:
        day = date.fromisoformat(told[1])
    except ValueError:
        return None
    return ArchiveFile(day=day, slot_number=int(told[2]), number=int(told[3]))


def archive_files(data_dir: Path, slot: str | None = None) -> list[ArchiveFile]:
    """The files of a slot, or of all, by day, slot and number."""
    paths = (data_dir / "archive").glob("*.warc.gz")
    found = (parse_path(f"archive/{path.name}") for path in paths)
    return sorted(file for file in found if file is not None and slot in (None, file.slot))


@contextmanager
def opened(data_dir: Path, place: ArchivePlace, access: int) -> Iterator[int]:
    """The file of a place. What goes wrong with it, here or in the caller, becomes a StoreError."""
    where = f"{place.file!r}, byte {place.offset}"
    if parse_path(place.file) is None or place.offset < 0:
        raise StoreError(f"{where}: no place in an archive of Tumen; nothing was opened")
    try:
        descriptor = os.open(data_dir / place.file, access | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            yield descriptor
        finally:
            os.close(descriptor)
    except OSError as error:
        raise StoreError(f"{where}: {error.strerror}: is {data_dir} complete?") from error
    except ValueError as error:
        raise StoreError(f"{where}: {error}") from error


def mend(data_dir: Path, file: ArchiveFile) -> ArchiveRepair | None:
    """Cut off a torn end; tell of damage, but touch nothing that may have been safe once."""
    end, damaged = 0, None
    descriptor = os.open(data_dir / file.path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        size = os.fstat(descriptor).st_size
        for offset, length in members.walk(descriptor):
            end = offset + length
            if end > size - DOUBTFUL_BYTES and not members.is_whole(descriptor, offset, length):
                damaged = offset
                break
        if damaged is None and end < size and not members.is_torn(descriptor, end):
            damaged = end
        if damaged is not None:
            return ArchiveRepair(file=file.path, torn_bytes=0, damaged_from=damaged)
        if end == size:
            return None
        os.ftruncate(descriptor, end)
        os.fsync(descriptor)
        return ArchiveRepair(file=file.path, torn_bytes=size - end, damaged_from=None)
    finally:
        os.close(descriptor)
