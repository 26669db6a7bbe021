"""Reading what slots wrote: all of it, the last of it, or one record.

Promise: a reader never needs a lock and never sees half a line: it splits at line feeds only, and
leaves a last line without one to the writer that is at work on it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from io import BufferedIOBase
from pathlib import Path
from typing import Any

from crawler.errors import BrokenLine
from crawler.news.lines import parse_line
from crawler.storage.layout import Folder, Place, file_name, files_of, packed_name
from crawler.storage.packed import open_lines

OnBroken = Callable[[Place, BrokenLine], None]

_FIRST_WINDOW = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class TailLine:
    """One of the last lines of a slot, for the frontier to say whether it counts."""

    place: Place
    id: str
    revision: int
    url: str


def refuse_broken(place: Place, error: BrokenLine) -> None:
    """What readers do with a broken line unless they are told otherwise: stop, and say where."""
    problem = f"{error.problem}, at byte {place.offset} of {place.file}; see tumen store verify"
    raise BrokenLine(error.line, problem) from error


def iter_lines(data_dir: Path, folder: Folder) -> Iterator[tuple[Place, bytes]]:
    """Every whole line of a folder, by day, slot and offset, as it stands there."""
    for file, held in open_files(data_dir, folder):
        yield from _whole(file, held)


def open_files(
    data_dir: Path, folder: Folder, slot: str | None = None
) -> Iterator[tuple[str, BufferedIOBase]]:
    """Every file of a folder, of one slot or of all, open for reading, day by day.

    The files of a day are opened together: one that is compacted meanwhile is read as it was.
    """
    for day in sorted({file.rpartition("/")[2][:10] for file in files_of(data_dir, folder, slot)}):
        with ExitStack() as stack:
            yield from _open_day(data_dir, folder, slot, day, stack)


def _open_day(
    data_dir: Path, folder: Folder, slot: str | None, day: str, stack: ExitStack
) -> list[tuple[str, BufferedIOBase]]:
    while True:
        files = [file for file in files_of(data_dir, folder, slot) if f"/{day}." in file]
        try:
            with ExitStack() as opened:
                held = [(f, opened.enter_context(open_lines(data_dir / f))) for f in files]
                stack.push(opened.pop_all())
                return held
        except FileNotFoundError:  # pruned or compacted since it was listed: look again
            continue


def iter_records(
    data_dir: Path, on_broken: OnBroken = refuse_broken
) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Every record of the store with its place, in order of day, slot and offset.

    `on_broken` hears of lines that are no JSON and may raise; unless given, BrokenLine is raised.
    """
    for place, line in iter_lines(data_dir, "articles"):
        try:
            said = parse_line(line)
        except BrokenLine as error:
            on_broken(place, error)
        else:
            yield place, said


def iter_journal(data_dir: Path, on_broken: OnBroken = refuse_broken) -> Iterator[dict[str, Any]]:
    """Every line of the journal, in order; broken lines as in `iter_records`."""
    for place, line in iter_lines(data_dir, "dropped"):
        try:
            said = parse_line(line)
        except BrokenLine as error:
            on_broken(place, error)
        else:
            yield said


def find_record(
    data_dir: Path, slot: str, record_id: str, revision: int, days: Sequence[date]
) -> Place | None:
    """Where a slot, ours or another's, wrote a revision on one of these days, if it did.

    A line that its writer has not ended yet does not count.
    """
    # Quotes inside of values are escaped, so these bytes are the field and nothing else.
    needle = b'"id":"%s"' % record_id.encode()
    files = [name for day in days for name in _names(day, slot)]
    for file in files:
        for place, line in whole_lines(data_dir, file):
            if needle in line and _is(line, record_id, revision):
                return place
    return None


def lines_of(
    data_dir: Path, folder: Folder, record_id: str, slot: str | None = None
) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Every line about a page, by the id of its URL, in the files of one slot or of all."""
    needle = b'"id":"%s"' % record_id.encode()
    for file, held in open_files(data_dir, folder, slot):
        for place, line in _whole(file, held):
            if needle in line:
                said = parse_line(line)
                if said.get("id") == record_id:
                    yield place, said


def read_line(data_dir: Path, place: Place) -> bytes:
    """The line at a place. Raises BrokenLine when no line begins and ends there."""
    with open_lines(data_dir / place.file) as held:
        held.seek(place.offset)
        line = held.read(place.length)
    if line.find(b"\n") != place.length - 1:
        raise BrokenLine(line, f"no line of {place.length} bytes at {place.offset} of {place.file}")
    return line


def tail_of(data_dir: Path, slot: str, limit: int) -> list[TailLine]:
    """The last records that a slot wrote, at most `limit`, newest last.

    Raises BrokenLine for one that is none; `repair_file` has taken those out before.
    """
    tail: list[TailLine] = []
    for file in reversed(files_of(data_dir, "articles", slot)):
        wanted = limit - len(tail)
        if wanted <= 0:
            break
        tail = [_tail_line(file, *found) for found in _last(data_dir / file, wanted)] + tail
    return tail


def last_lines(path: Path, window: int) -> list[tuple[int, bytes]]:
    """The whole lines in the last `window` bytes of a file, each with its offset, in order.

    A last line that is longer than the window is given all the same.
    """
    with open_lines(path) as held:
        size = held.seek(0, os.SEEK_END)
        found: list[tuple[int, bytes]] = []
        while not found:
            start = max(0, size - window)
            if start:
                # The line that the window begins in is not whole, unless it begins right there.
                held.seek(start - 1)
                start += len(held.readline()) - 1
            held.seek(start)
            for line in held:
                if line.endswith(b"\n"):
                    found.append((start, line))
                start += len(line)
            if window >= size:
                break
            window *= 4
    return found


def whole_lines(data_dir: Path, file: str) -> Iterator[tuple[Place, bytes]]:
    """Every whole line of a file with its place; none when the file is not there."""
    return whole_lines_from(data_dir, file, 0)


def whole_lines_from(data_dir: Path, file: str, offset: int) -> Iterator[tuple[Place, bytes]]:
    """The whole lines of a file from an offset on, at which one begins."""
    try:
        with open_lines(data_dir / file) as held:
            yield from _whole(file, held, offset)
    except FileNotFoundError:  # pruned or compacted since the folder was listed
        return


def _whole(file: str, held: BufferedIOBase, offset: int = 0) -> Iterator[tuple[Place, bytes]]:
    held.seek(offset)
    for line in held:
        if line.endswith(b"\n"):
            yield Place(file=file, offset=offset, length=len(line)), line
        offset += len(line)


def count_lines(data_dir: Path, folder: Folder) -> int:
    """How many lines a folder holds."""
    return sum(_count(held) for _file, held in open_files(data_dir, folder))


def _count(held: BufferedIOBase) -> int:
    return sum(chunk.count(b"\n") for chunk in iter(lambda: held.read(_FIRST_WINDOW), b""))


def _names(day: date, slot: str) -> tuple[str, str]:
    return file_name("articles", day, slot), packed_name("articles", day)


def _last(path: Path, limit: int) -> list[tuple[int, bytes]]:
    window, size = _FIRST_WINDOW, path.stat().st_size
    found = last_lines(path, window)
    while len(found) < limit and window < size:
        window *= 4
        found = last_lines(path, window)
    return found[-limit:]


def _tail_line(file: str, offset: int, line: bytes) -> TailLine:
    said = parse_line(line)
    try:
        return TailLine(
            place=Place(file=file, offset=offset, length=len(line)),
            id=said["id"],
            revision=said["revision"],
            url=said["url"],
        )
    except KeyError as error:
        raise BrokenLine(line, f"it lacks {error} at byte {offset} of {file}") from error


def _is(line: bytes, record_id: str, revision: int) -> bool:
    try:
        said = parse_line(line)
    except BrokenLine:
        return False
    return said.get("id") == record_id and said.get("revision") == revision
