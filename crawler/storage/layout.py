"""How the data folder is laid out: names of files, and places of lines in them.

    DATA/store.json                      who this store is
    DATA/articles/2026-11-22.w1.jsonl    records that slot w1 wrote on that day
    DATA/articles/2026-11-22.jsonl.zst   all records of a day that was packed
    DATA/dropped/2026-11-22.w1.jsonl     its journal of what was left out
    DATA/quarantine/                     what was found broken and taken out of the way
    DATA/forgotten.jsonl                 ids of records that were removed on request
    DATA/sources.jsonl                   which doubtful sources answered, which troubles are known
    DATA/slots/w1.lock                   held by the worker that owns the slot

Promise: a path is made of days and slot numbers only, never of anything from the web.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

Folder = Literal["articles", "dropped"]
FOLDERS: tuple[Folder, ...] = ("articles", "dropped")

_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})\.(?:w([1-9]\d{0,3})\.jsonl|jsonl\.zst)", re.ASCII)
# To whom packed days belong: no worker, but whoever compacts, repairs or forgets.
PACKED_SLOT = "w0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a line stands: `file` relative to the data folder, offset and length in bytes.

    `cuts` is how many lines its slot had cut out of the file when this place was told, so that the
    slot finds the line again after later cuts; a reader has no use for it.
    """

    file: str
    offset: int
    length: int
    cuts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """What the name of a file of lines says: the day and the slot."""

    day: date
    slot: str


def file_name(folder: Folder, day: date, slot: str) -> str:
    """The file, relative to the data folder, in which a slot keeps the lines of a day."""
    return f"{folder}/{day.isoformat()}.{slot}.jsonl"


def packed_name(folder: Folder, day: date) -> str:
    """The packed file, relative to the data folder, that holds the lines of a day."""
    return f"{folder}/{day.isoformat()}.jsonl.zst"


def is_packed(name: str) -> bool:
    """Whether a path is that of a packed day."""
    return name.endswith(".jsonl.zst")


def read_name(name: str) -> Name | None:
    """What the last part of a path says; None when it is no file of ours."""
    told = _NAME.fullmatch(name)
    if told is None:
        return None
    try:
        return Name(day=date.fromisoformat(told[1]), slot=f"w{told[2] or 0}")
    except ValueError:
        return None


def files_of(data_dir: Path, folder: Folder, slot: str | None = None) -> list[str]:
    """The files of a folder that count, of one slot or of all, by day and then by slot.

    What lies beside its packed day (a crash left it) does not count: all of it is in there.
    """
    files = all_files_of(data_dir, folder)
    superseded = set(_superseded(files))
    named = ((file, read_name(Path(file).name)) for file in files if file not in superseded)
    return [file for file, said in named if said is not None and slot in (None, said.slot)]


def superseded_of(data_dir: Path, folder: Folder) -> list[str]:
    """The files that lie beside their packed day."""
    return _superseded(all_files_of(data_dir, folder))


def _superseded(files: Sequence[str]) -> list[str]:
    days = {file: file.rpartition("/")[2][:10] for file in files}
    packed = {days[file] for file in files if is_packed(file)}
    return [file for file in files if days[file] in packed and not is_packed(file)]


def all_files_of(data_dir: Path, folder: Folder) -> list[str]:
    """The files of a folder, by day and then by slot, whether they count or not."""
    found = []
    for name in _entries(data_dir / folder):
        said = read_name(name)
        if said is not None:
            found.append((said.day, int(said.slot[1:]), f"{folder}/{name}"))
    return [file for _day, _number, file in sorted(found)]


def strangers_of(data_dir: Path, folder: Folder) -> list[str]:
    """Files of lines whose names are not ours: readers that take *.jsonl would read them."""
    ends = (".jsonl", ".jsonl.zst")
    names = (name for name in _entries(data_dir / folder) if name.endswith(ends))
    return sorted(f"{folder}/{name}" for name in names if read_name(name) is None)


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to disk: a new or renamed file is only then there for good."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_whole(path: Path, content: bytes) -> None:
    """Put a small file in place at once: readers see all of it or, before, none."""
    beside = path.with_name(f"{path.name}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
    try:
        written = 0
        while written < len(content):
            written += os.write(descriptor, content[written:])
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    beside.replace(path)
    sync_folder(path.parent)


def append_whole(path: Path, lines: bytes) -> None:
    """Bring lines to the end of a small file that several processes write."""
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
    descriptor = os.open(path, flags, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        size = os.fstat(descriptor).st_size
        # A line that a power cut tore must not take the next one with it.
        is_torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        os.write(descriptor, b"\n" + lines if is_torn else lines)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    sync_folder(path.parent)


def _entries(folder: Path) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            yield from (entry.name for entry in entries)
    except FileNotFoundError:
        return
