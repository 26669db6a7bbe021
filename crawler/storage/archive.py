"""The evidence: the response of every stored revision, in WARC files under DATA/archive.

    DATA/archive/2026-11-22.w1-1.warc.gz    what slot w1 fetched on that day, its first file

`open_archive` gives the owner of a slot its archive; `append` writes, `sync` makes what was written
safe. `evidence.py` reads and forgets, `warc.py` says what a record holds.

Promise: what `sync` returned from is on disk and any WARC reader reads it; what raised left nothing
behind.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date
from importlib.metadata import version
from pathlib import Path

from crawler.errors import StoreError
from crawler.news.lines import ArchivePlace
from crawler.storage import members, warc
from crawler.storage.archive_files import ArchiveFile, ArchiveRepair, archive_files, mend
from crawler.storage.evidence import find_url, forget, read, verify
from crawler.storage.layout import sync_folder
from crawler.storage.segments import Segment
from crawler.storage.warc import Response

__all__ = [
    "Archive",
    "ArchivePlace",
    "ArchiveRepair",
    "Response",
    "find_url",
    "forget",
    "open_archive",
    "read",
    "verify",
]

SIZE_LIMIT_BYTES = 1 << 30
# Today, and the day of a midnight that has just passed.
_OPEN_MOST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    file: ArchiveFile
    segment: Segment


class Archive:
    """A slot's own part of the archive. Not for two threads at once; made by `open_archive`."""

    def __init__(self, data_dir: Path, slot: str, size_limit_bytes: int) -> None:
        self.data_dir = data_dir
        self.slot = slot
        self.repairs: tuple[ArchiveRepair, ...] = ()
        self._size_limit_bytes = size_limit_bytes
        self._held: dict[date, _Held] = {}
        self._failure: str | None = None

    def append(self, response: Response) -> ArchivePlace:
        """Write a response and its request; `sync` makes them safe.

        Raises StoreError, then none of it is there; ValueError for what is no answer of HTTP.
        """
        self._refuse_if_failed()
        written = b"".join(members.pack(record) for record in warc.write_response(response))
        day = response.fetched_at.astimezone(UTC).date()
        held = self._with_room(day, len(written))
        if held.segment.end == 0:
            # Its own time, so that the same responses make the same files.
            name, software = held.segment.path.name, f"tumen/{version('tumen')}"
            held.segment.append(members.pack(warc.write_info(name, software, response.fetched_at)))
        return ArchivePlace(file=held.file.path, offset=held.segment.append(written))

    def sync(self) -> None:
        """Bring all that was written to disk.

        Raises StoreError, and takes all of it back, when the disk does not vouch for it; the
        archive goes on as `Slot.sync` does and for its reason.
        """
        self._refuse_if_failed()
        written = [held.segment for held in self._held.values() if not held.segment.is_synced]
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

    def close(self) -> None:
        """Let go of the files; what was not synced is left as it is. Again is no harm."""
        for held in self._held.values():
            held.segment.close()
        self._held.clear()
        self._failure = self._failure or f"the archive of slot {self.slot} is closed"

    def open_newest(self, day: date) -> None:
        """Open the newest file of a day, mended; begin another if it cannot be. StoreError."""
        first = ArchiveFile(day=day, slot_number=int(self.slot[1:]), number=1)
        files = [file for file in archive_files(self.data_dir, self.slot) if file.day == day]
        self._open(max(files, default=first))

    def _with_room(self, day: date, size: int) -> _Held:
        """The file that the next response of a day goes to."""
        held = self._held.get(day)
        if held is not None and not held.segment.is_in_place:
            # Somebody moved the file away: what is in it is theirs now, we begin another.
            self._held.pop(day).segment.close()
            held = None
        if held is None:
            self.open_newest(day)
            held = self._held[day]
        if held.segment.end > 0 and held.segment.end + size > self._size_limit_bytes:
            self._open(_next(held.file))
        return self._held[day]

    def _open(self, file: ArchiveFile) -> None:
        if file.day in self._held or len(self._held) >= _OPEN_MOST:
            self.sync()
            self._held.pop(file.day if file.day in self._held else min(self._held)).segment.close()
        folder = self.data_dir / "archive"
        try:
            if not folder.exists():
                folder.mkdir(exist_ok=True)
                sync_folder(self.data_dir)
            file = self._mended(file)
            segment = Segment(self.data_dir / file.path)
        except OSError as error:
            raise StoreError(
                f"{self.data_dir / file.path} cannot be opened ({error.strerror}): check that it "
                "belongs to the user that runs Tumen and that its disk is not read-only or full"
            ) from error
        self._held[file.day] = _Held(file=file, segment=segment)

    def _mended(self, file: ArchiveFile) -> ArchiveFile:
        """The file, or the first after it that is not damaged."""
        while (self.data_dir / file.path).exists():
            repair = mend(self.data_dir, file)
            if repair is None:
                break
            self.repairs += (repair,)
            if repair.damaged_from is None:
                break
            file = _next(file)
        return file

    def _take_back(self, written: list[Segment], problem: str) -> None:
        for segment in written:
            try:
                segment.retreat()
            except StoreError as error:
                self._failure = f"{self._failure or problem}; {error}"

    def _refuse_if_failed(self) -> None:
        if self._failure is not None:
            raise StoreError(self._failure)


def open_archive(data_dir: Path, slot: str, size_limit_bytes: int = SIZE_LIMIT_BYTES) -> Archive:
    """The archive of a slot that the caller holds, its newest files mended.

    `Archive.repairs` tells what was found, to be logged. Raises StoreError.
    """
    archive = Archive(data_dir, slot, size_limit_bytes)
    days = sorted({file.day for file in archive_files(data_dir, slot)})
    # Midnight may have passed since the last sync: two days can be in doubt.
    for day in days[-_OPEN_MOST:]:
        archive.open_newest(day)
    return archive


def _next(file: ArchiveFile) -> ArchiveFile:
    return replace(file, number=file.number + 1)
