"""The store: append-only files of lines under DATA, one writer to a slot.

`open_slot` gives a worker its slot; `append` and `drop` write, `sync` makes what was written safe,
`cut` takes back. `writer.py` shares one sync among all who wait; `verify.py` checks every line.

Promise: what `sync` returned from is on disk, whole and once; what raised left nothing behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from crawler.errors import StoreError
from crawler.storage import old_days
from crawler.storage.layout import (
    FOLDERS,
    PACKED_SLOT,
    Folder,
    Place,
    file_name,
    files_of,
    is_packed,
    packed_name,
    sync_folder,
)
from crawler.storage.old_days import prune_journal
from crawler.storage.reading import (
    TailLine,
    count_lines,
    find_record,
    iter_journal,
    iter_lines,
    iter_records,
    lines_of,
    read_line,
    tail_of,
)
from crawler.storage.repair import Repair, remove_leftovers, repair_end, repair_file
from crawler.storage.segments import Segment
from crawler.storage.slots import SlotLock, hold_slot, store_identity, take_slot

__all__ = [
    "Place",
    "Repair",
    "Slot",
    "TailLine",
    "count_lines",
    "find_record",
    "iter_journal",
    "iter_lines",
    "iter_records",
    "lines_of",
    "open_slot",
    "open_slot_of",
    "prune_journal",
    "read_line",
    "store_identity",
]

# Today's articles and journal, and those of a midnight that has just passed.
_OPEN_MOST = 4
# Files that a crash can have left in doubt: those of the last day and of the midnight before.
_DOUBTFUL_FILES = 2


class Slot:
    """A worker's own part of the store. Not for two threads at once; made by `open_slot`."""

    def __init__(self, data_dir: Path, lock: SlotLock, repairs: tuple[Repair, ...]) -> None:
        self.data_dir = data_dir
        self.name = lock.name
        self.repairs = repairs
        self._lock = lock
        self._segments: dict[str, Segment] = {}
        self._cuts: dict[str, list[Place]] = {}
        self._failure: str | None = None

    def append(self, line: bytes, day: date) -> Place:
        """Write the line of a record; `sync` makes it safe. Raises StoreError: it is not there."""
        return self._write("articles", line, day)

    def drop(self, line: bytes, day: date) -> Place:
        """Write a line of the journal, under the same promise."""
        return self._write("dropped", line, day)

    def sync(self) -> None:
        """Bring all that was written to disk.

        Raises StoreError, and takes all of it back, when the disk does not vouch for it: a failed
        fsync is never asked again for the same bytes, as it might then say yes to what is lost.
        The slot goes on, unless the lines cannot even be taken back.
        """
        self._refuse_if_failed()
        try:
            self._sync()
        finally:
            self._lock.leave_gate()

    def _sync(self) -> None:
        written = [segment for segment in self._segments.values() if not segment.is_synced]
        try:
            for segment in written:
                segment.sync()
        except OSError as error:
            problem = (
                f"what was written to {segment.path} did not reach the disk ({error.strerror}): "
                "check the disk; nothing of it counts as stored, and it is written again"
            )
            self._take_back(written, problem)
            raise StoreError(self._failure or problem) from error
        for segment in written:
            segment.confirm()

    def cut(self, place: Place) -> None:
        """Take back a line of this slot, for good; a line that was cut already is no error.

        `place` is as `append` or `tail` told it, whatever was cut since. Raises StoreError when the
        line may still be there after a power cut: then it has to be cut again.
        """
        self.sync()
        now = self._moved(place)
        if now is None:
            return
        if is_packed(place.file):
            old_days.cut_line(self.data_dir, now, is_held=self.name == PACKED_SLOT)
            self._cuts.setdefault(place.file, []).append(now)
            return
        self._lock.enter_gate()
        try:
            self._cut(now)
        finally:
            self._lock.leave_gate()

    def _cut(self, place: Place) -> None:
        if not (self.data_dir / place.file).exists():
            raise StoreError(f"{place.file} was moved or compacted: see tumen store repair")
        segment = self._segment(place.file)
        before = segment.end
        try:
            segment.cut(place.offset, place.length)
        except OSError as error:
            raise StoreError(
                f"a line of {segment.path} could not be taken out ({error.strerror}): check the "
                "disk; it is tried again"
            ) from error
        finally:
            if segment.end < before:
                self._cuts.setdefault(place.file, []).append(place)

    def remove(self, record_id: str) -> int:
        """Cut every line of this slot about a page, records and journal; how many there were."""
        self.sync()
        places = [
            self._told(place)
            for folder in FOLDERS
            for place, _said in lines_of(self.data_dir, folder, record_id, self.name)
        ]
        for place in places:
            self.cut(place)
        return len(places)

    def tail(self, limit: int) -> list[TailLine]:
        """The last records of this slot, newest last, for reconciling with the frontier."""
        self.sync()
        return [
            replace(line, place=self._told(line.place))
            for line in tail_of(self.data_dir, self.name, limit)
        ]

    def close(self) -> None:
        """Give the slot up; what was not synced is left to the next owner. Again is no harm."""
        for segment in self._segments.values():
            segment.close()
        self._segments.clear()
        self._lock.release()
        self._failure = self._failure or f"slot {self.name} of {self.data_dir} is closed"

    def _write(self, folder: Folder, line: bytes, day: date) -> Place:
        self._refuse_if_failed()
        if not line or line.find(b"\n") != len(line) - 1:
            raise ValueError("a line ends with its only line feed")
        file, packed = file_name(folder, day, self.name), packed_name(folder, day)
        self._lock.enter_gate()
        if (self.data_dir / packed).exists():
            raise StoreError(
                f"{packed} is closed, the line comes too late for it; its page is fetched again"
            )
        offset = self._segment(file).append(line)
        return self._told(Place(file=file, offset=offset, length=len(line)))

    def _segment(self, file: str) -> Segment:
        segment = self._segments.get(file)
        if segment is not None and segment.is_in_place:
            return segment
        if segment is not None:
            # Somebody moved the file away: what is in it is theirs now, we begin another.
            self._segments.pop(file).close()
            self._cuts.pop(file, None)
        elif len(self._segments) >= _OPEN_MOST:
            self._sync()  # the gate stays open: a line is about to be written
            self._segments.pop(next(iter(self._segments))).close()
        path = self.data_dir / file
        try:
            if not path.parent.exists():
                path.parent.mkdir(exist_ok=True)
                sync_folder(self.data_dir)
            if path.exists() and (repair := repair_end(self.data_dir, file)):
                self.repairs += (repair,)
            segment = Segment(path)
        except OSError as error:
            raise StoreError(
                f"{path} cannot be opened ({error.strerror}): check that {self.data_dir} belongs "
                "to the user that runs Tumen and that its disk is not read-only or full"
            ) from error
        self._segments[file] = segment
        return segment

    def _take_back(self, written: Sequence[Segment], problem: str) -> None:
        for segment in written:
            try:
                segment.retreat()
            except StoreError as error:
                # The next owner of the slot reconciles what is left there.
                self._failure = f"{self._failure or problem}; {error}"

    def _told(self, place: Place) -> Place:
        return replace(place, cuts=len(self._cuts.get(place.file, ())))

    def _moved(self, place: Place) -> Place | None:
        """Where the line of a place is now; None when it was cut."""
        offset = place.offset
        for gone in self._cuts.get(place.file, ())[place.cuts :]:
            if gone.offset == offset:
                return None
            if gone.offset < offset:
                offset -= gone.length
        return replace(place, offset=offset)

    def _refuse_if_failed(self) -> None:
        if self._failure is not None:
            raise StoreError(self._failure)


def open_slot(data_dir: Path) -> Slot:
    """Hold the lowest free slot of a store and repair what its last owner left.

    `Slot.repairs` tells what was repaired, to be logged. Raises StoreError when the folder cannot
    be written, ConfigError when a newer Tumen made the store.
    """
    store_identity(data_dir)
    return _opened(data_dir, take_slot(data_dir))


def open_slot_of(data_dir: Path, name: str) -> Slot | None:
    """Hold the slot of this name; None while its worker is alive. Raises as `open_slot`."""
    lock = hold_slot(data_dir, name)
    return None if lock is None else _opened(data_dir, lock)


def _opened(data_dir: Path, lock: SlotLock) -> Slot:
    try:
        repairs = tuple(repair for folder in FOLDERS for repair in _repair(data_dir, folder, lock))
    except OSError as error:
        lock.release()
        raise StoreError(
            f"slot {lock.name} of {data_dir} cannot be repaired ({error.strerror}): check its disk"
        ) from error
    except StoreError:
        lock.release()
        raise
    return Slot(data_dir, lock, repairs)


def _repair(data_dir: Path, folder: Folder, lock: SlotLock) -> list[Repair]:
    if lock.name == PACKED_SLOT:
        return []  # packed days are replaced whole
    remove_leftovers(data_dir / folder, lock.name)
    files = files_of(data_dir, folder, lock.name)
    older = [repair_end(data_dir, file) for file in files[:-_DOUBTFUL_FILES]]
    newest = [repair_file(data_dir, file) for file in files[-_DOUBTFUL_FILES:]]
    if files:
        # The last owner may have died before the name of its newest file was safe.
        sync_folder(data_dir / folder)
        sync_folder(data_dir)
    return [repair for repair in (*older, *newest) if repair is not None]
