"""Old days: the files of a day, one per slot, become one packed file; an old journal goes.

In a packed file the latest revision of every record comes first, what it replaced behind. It is
written beside, read back and compared, and put in place in one step; only then the originals go.
From then on no slot writes to that day: what comes too late is fetched anew.

Promise: before, meanwhile and afterwards readers see each line once; a day that is not sound is
left as it is, and said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from crawler.errors import BrokenLine, StoreError
from crawler.news.lines import parse_line
from crawler.storage.layout import (
    FOLDERS,
    PACKED_SLOT,
    Folder,
    Place,
    all_files_of,
    is_packed,
    packed_name,
    read_name,
    sync_folder,
)
from crawler.storage.packed import cut_packed, holds, write_packed
from crawler.storage.reading import whole_lines
from crawler.storage.slots import hold_slot, note_packed, shut_gate

JOURNAL_DAYS = 180


@dataclass(frozen=True, slots=True, kw_only=True)
class Compacted:
    """A day that was packed: lines, files that went, and sizes before and after."""

    file: str
    lines: int
    files: int
    before_bytes: int
    after_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftAlone:
    """A day that stays as it is, by one of its files, and why."""

    file: str
    why: str


class _Unfit(Exception):
    """A day cannot be packed as it is now."""


def compact(data_dir: Path, before: date) -> Iterator[Compacted | LeftAlone]:
    """Pack every day before this one, telling each as it is done. Raises StoreError, OSError."""
    return _pack_days(data_dir, lambda day, files: day < before and not all(map(is_packed, files)))


def finish(data_dir: Path) -> None:
    """End what a crash has interrupted: originals beside their packed day. Raises as `compact`."""

    def is_interrupted(_day: date, files: Sequence[str]) -> bool:
        return len(files) > 1 and any(map(is_packed, files))

    if any(is_interrupted(*found) for folder in FOLDERS for found in _days_of(data_dir, folder)):
        for _done in _pack_days(data_dir, is_interrupted):
            pass


def _pack_days(
    data_dir: Path, is_wanted: Callable[[date, Sequence[str]], bool]
) -> Iterator[Compacted | LeftAlone]:
    lock = hold_slot(data_dir, PACKED_SLOT)
    if lock is None:
        raise StoreError("another tumen store compact, repair or forget is at work: wait for it")
    try:
        for folder in FOLDERS:
            for day, files in _days_of(data_dir, folder):
                if is_wanted(day, files):
                    try:
                        yield _pack(data_dir, folder, day, files)
                    except _Unfit as unfit:
                        yield LeftAlone(file=files[-1], why=str(unfit))
    finally:
        lock.release()


def _days_of(data_dir: Path, folder: Folder) -> list[tuple[date, list[str]]]:
    days: dict[date, list[str]] = defaultdict(list)
    for file in all_files_of(data_dir, folder):
        if (named := read_name(Path(file).name)) is not None:
            days[named.day].append(file)
    return sorted(days.items())


def _pack(data_dir: Path, folder: Folder, day: date, files: Sequence[str]) -> Compacted:
    sizes = {file: (data_dir / file).stat().st_size for file in files}
    # The same bytes twice are one line: an interrupted run left both files.
    lines = dict.fromkeys(line for file in files for line in _sound_lines(data_dir, file))
    ordered = _latest_first(lines) if folder == "articles" else list(lines)
    target = packed_name(folder, day)
    note_packed(data_dir)
    beside = write_packed(data_dir / target, ordered)
    try:
        if not holds(beside, ordered):
            raise StoreError(f"{beside} does not hold what was written: check the disk")
        after_bytes = beside.stat().st_size
        with shut_gate(data_dir):
            _put_in_place(data_dir, target, beside, sizes)
    finally:
        beside.unlink(missing_ok=True)
    gone = [file for file in files if file != target]
    before_bytes = sum(sizes[file] for file in gone)
    return Compacted(
        file=target,
        lines=len(ordered),
        files=len(gone),
        before_bytes=before_bytes,
        after_bytes=after_bytes,
    )


def _sound_lines(data_dir: Path, file: str) -> Iterator[bytes]:
    read_bytes = 0
    for place, line in whole_lines(data_dir, file):
        try:
            parse_line(line)
        except BrokenLine as error:
            where = f"byte {place.offset} of {file}"
            raise _Unfit(f"{error.problem} at {where}; first: tumen store repair") from error
        read_bytes += len(line)
        yield line
    if not is_packed(file) and read_bytes != (data_dir / file).stat().st_size:
        raise _Unfit("its last line is torn; the next start of its slot cuts it")


def _latest_first(lines: Iterable[bytes]) -> list[bytes]:
    """The newest revision of each record in the order of the day, then the ones before."""
    revisions: dict[str, dict[int, bytes]] = defaultdict(dict)
    for line in lines:
        said = parse_line(line)
        record_id, revision = str(said["id"]), int(said["revision"])
        if revision in revisions[record_id]:
            twice = f"revision {revision} of {record_id} stands twice"
            raise _Unfit(f"{twice}; first: tumen store repair")
        revisions[record_id][revision] = line
    ranked = [
        (rank, line)
        for of_record in revisions.values()
        for rank, (_revision, line) in enumerate(sorted(of_record.items(), reverse=True))
    ]
    return [line for _rank, line in sorted(ranked, key=lambda pair: pair[0])]


def _put_in_place(data_dir: Path, target: str, beside: Path, sizes: Mapping[str, int]) -> None:
    """Let the packed day stand for its originals, unless somebody wrote to them. Gate is shut."""
    if any((data_dir / file).stat().st_size != size for file, size in sizes.items()):
        raise _Unfit("a worker wrote to it meanwhile; try again")
    beside.replace(data_dir / target)
    sync_folder(beside.parent)
    for file in sizes:
        if file != target:
            (data_dir / file).unlink()
    sync_folder(beside.parent)


def cut_line(data_dir: Path, place: Place, *, is_held: bool) -> None:
    """Take a line out of a packed day; `is_held`: by who holds the packed days already.

    Raises StoreError or OSError.
    """
    lock = None if is_held else hold_slot(data_dir, PACKED_SLOT)
    if lock is None and not is_held:
        raise StoreError(f"{place.file} is being compacted or repaired: the cut is tried again")
    try:
        cut_packed(data_dir / place.file, place.offset, place.length)
    finally:
        if lock is not None:
            lock.release()


def prune_journal(data_dir: Path, now: datetime) -> list[str]:
    """Remove the files of the journal that are older than 180 days; returns their names."""
    oldest = now.date() - timedelta(days=JOURNAL_DAYS)
    pruned = []
    for file in all_files_of(data_dir, "dropped"):
        said = read_name(Path(file).name)
        if said is not None and said.day < oldest:
            (data_dir / file).unlink(missing_ok=True)
            pruned.append(file)
    return pruned
