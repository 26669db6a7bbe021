"""Opening a file of lines after a crash: what is not whole is taken out, and nothing else.

A process that dies leaves at most a torn last line. A power cut can also leave blocks of zeros, or
lines out of order: whatever was written since the last sync is in doubt. So the last lines are read
one by one. What holds nothing but zeros or is torn goes; a broken whole line is kept in
DATA/quarantine, where a person can look at it.

Promise: after `repair_file` every line at the end of the file is whole JSON and on disk.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from crawler.errors import BrokenLine
from crawler.news.lines import parse_line
from crawler.storage.layout import sync_folder, write_whole
from crawler.storage.reading import last_lines
from crawler.storage.segments import Segment

# A sync comes after at most a few hundred lines (leases in hand), so what is in doubt lies in here.
DOUBTFUL_BYTES = 4 << 20
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """What was found at the end of a file, relative to the data folder, and what became of it."""

    file: str
    torn_bytes: int
    broken_lines: int
    quarantine: str | None

    def __str__(self) -> str:
        kept = f", kept in {self.quarantine}" if self.quarantine else ""
        return (
            f"{self.file}: cut {self.torn_bytes} bytes of a torn end, took out "
            f"{self.broken_lines} broken lines{kept}"
        )


def repair_end(data_dir: Path, file: str) -> Repair | None:
    """Cut a torn last line off; None when the last line is whole. Raises OSError."""
    path = data_dir / file
    descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        size = os.fstat(descriptor).st_size
        whole = _end_of_last_line(descriptor, size)
        if whole == size:
            return None
        os.ftruncate(descriptor, whole)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return Repair(file=file, torn_bytes=size - whole, broken_lines=0, quarantine=None)


def repair_file(data_dir: Path, file: str) -> Repair | None:
    """Cut a torn end off and take broken lines out of what is in doubt; bring the rest to disk.

    None when everything was whole. Raises OSError or StoreError.
    """
    torn = repair_end(data_dir, file)
    segment = Segment(data_dir / file)
    try:
        segment.sync()
        segment.confirm()
        broken = [
            found
            for found in last_lines(data_dir / file, DOUBTFUL_BYTES)
            if is_broken(found[1], file)
        ]
        worth = [(offset, line) for offset, line in broken if line.strip(b"\0\r\n ")]
        kept = quarantine(data_dir, file, worth) if worth else None
        # From the end on, so that the offsets before stay true.
        for offset, line in reversed(broken):
            segment.cut(offset, len(line))
    finally:
        segment.close()
    if torn is None and not broken:
        return None
    return Repair(
        file=file,
        torn_bytes=torn.torn_bytes if torn else 0,
        broken_lines=len(broken),
        quarantine=kept,
    )


def remove_leftovers(folder: Path, slot: str) -> None:
    """Remove the half-made files that a crash in `Segment.cut` left behind. Raises OSError."""
    for beside in folder.glob(f"*.{slot}.jsonl.new"):
        beside.unlink(missing_ok=True)


def is_broken(line: bytes, file: str) -> bool:
    """Whether a line is no JSON, or lacks what no record can do without."""
    try:
        said = parse_line(line)
    except BrokenLine:
        return True
    # Without these no record could be reconciled with the frontier.
    return file.startswith("articles/") and not {"id", "revision", "url"} <= said.keys()


def quarantine(data_dir: Path, file: str, broken: list[tuple[int, bytes]]) -> str:
    """Keep lines, (offset, line) each, beside the store; returns the file that holds them."""
    folder = data_dir / "quarantine"
    made = not folder.exists()
    folder.mkdir(exist_ok=True)
    if made:
        sync_folder(data_dir)
    stem = f"{file.replace('/', '.').removesuffix('.jsonl')}.{broken[0][0]}"
    names = (f"quarantine/{stem}.{nth}.broken" for nth in count())
    name = next(name for name in names if not (data_dir / name).exists())
    write_whole(data_dir / name, b"".join(line for _offset, line in broken))
    return name


def _end_of_last_line(descriptor: int, size: int) -> int:
    """Where the last whole line ends; 0 when there is none."""
    end = size
    while end > 0:
        start = max(0, end - _CHUNK)
        chunk = os.pread(descriptor, end - start, start)
        cut = chunk.rfind(b"\n")
        if cut >= 0:
            return start + cut + 1
        end = start
    return 0
