"""One file of lines that grows at its end: append, sync, retreat, cut.

Promise: after any call, failed or not, the file holds whole lines only; and what `confirm` has not
accepted is taken back by `retreat`, so that a failed sync leaves no line that nobody vouches for.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path

from crawler.errors import StoreError
from crawler.storage.layout import sync_folder

_CHUNK = 1 << 20


class Segment:
    """A file that this process alone writes to. Not for two threads at once."""

    def __init__(self, path: Path) -> None:
        """Open the file at its end, made if it is not there. Raises OSError."""
        self.path = path
        # Whether the file's name, or that a line was cut, may not survive a power cut yet.
        self._is_unsafe = not path.exists()
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
        self._descriptor = os.open(path, flags, 0o644)
        self._inode = os.fstat(self._descriptor).st_ino
        self.end = os.fstat(self._descriptor).st_size
        self._confirmed = self.end
        self._is_torn = False

    @property
    def is_synced(self) -> bool:
        """Nothing was written since the last confirmed sync."""
        return self.end == self._confirmed and not self._is_unsafe

    @property
    def is_in_place(self) -> bool:
        """The name still leads to this file; nobody moved or removed it meanwhile."""
        try:
            return self.path.stat().st_ino == self._inode
        except FileNotFoundError:
            return False

    def append(self, line: bytes) -> int:
        """Write a line in one piece and return its offset; not yet safe from a power cut.

        Raises StoreError when it does not fit, or when somebody else writes here; then none of it
        is there.
        """
        if self._is_torn:
            self._shorten(self.end)
        if os.fstat(self._descriptor).st_size != self.end:
            raise StoreError(
                f"{self.path} was changed by somebody else: stop what writes to it besides Tumen, "
                "then start this worker again"
            )
        offset = self.end
        try:
            written = os.write(self._descriptor, line)
        except OSError as error:
            self._shorten(offset)
            raise StoreError(
                f"{self.path} takes no line ({error.strerror}): make room on its disk, or make it "
                "writable; nothing was lost, the line is written when there is room again"
            ) from error
        if written != len(line):
            self._shorten(offset)
            raise StoreError(
                f"{self.path} took {written} of {len(line)} bytes: make room on its disk; nothing "
                "was lost, the line is written when there is room again"
            )
        self.end = offset + written
        return offset

    def sync(self) -> None:
        """Bring everything to disk, the file's name too when it is new. Raises OSError."""
        os.fsync(self._descriptor)
        if self._is_unsafe:
            sync_folder(self.path.parent)

    def confirm(self) -> None:
        """Accept what the last sync brought to disk."""
        self._confirmed = self.end
        self._is_unsafe = False

    def retreat(self) -> None:
        """Take back what was not confirmed. Raises StoreError when even that fails."""
        if self.end != self._confirmed:
            self._shorten(self._confirmed)

    def cut(self, offset: int, length: int) -> None:
        """Take out one line, for good. Everything must be confirmed. Raises OSError or StoreError.

        Lines behind it are ours and on disk: the rest is written beside and put in place whole, so
        a crash leaves the old file or the new one. `end` tells whether the line went all the same.
        """
        line = os.pread(self._descriptor, length, offset)
        before = os.pread(self._descriptor, 1, offset - 1) if offset else b"\n"
        if before != b"\n" or line.find(b"\n") != length - 1:
            raise StoreError(f"{self.path} has no line of {length} bytes at {offset}: cut nothing")
        self._is_unsafe = True
        if offset + length == self.end:
            self._shorten(offset)
            self.sync()
        else:
            self._replace_without(offset, length)
        self.confirm()

    def close(self) -> None:
        """Let go of the file; again is no harm."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _shorten(self, size: int) -> None:
        try:
            os.ftruncate(self._descriptor, size)
        except OSError as error:
            self._is_torn = True
            raise StoreError(
                f"{self.path} cannot be shortened to {size} bytes ({error.strerror}): check its "
                "disk, then start this worker again; the torn end is then cut off"
            ) from error
        self.end, self._is_torn = size, False
        self._confirmed = min(self._confirmed, size)

    def _replace_without(self, offset: int, length: int) -> None:
        # The name does not end in .jsonl: no reader may take it for lines of the store.
        beside = self.path.with_name(f"{self.path.name}.new")
        spans = [(0, offset), (offset + length, self.end - offset - length)]
        flags = os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_CLOEXEC
        fresh = os.open(beside, flags, 0o644)
        try:
            for start, size in spans:
                _copy(self._descriptor, fresh, start, size)
            os.fsync(fresh)
            beside.replace(self.path)
        except OSError:
            os.close(fresh)
            beside.unlink(missing_ok=True)
            raise
        os.close(self._descriptor)
        self._descriptor = fresh
        self._inode = os.fstat(fresh).st_ino
        self.end -= length
        self._confirmed = self.end
        sync_folder(self.path.parent)


def _copy(source: int, target: int, start: int, size: int) -> None:
    done = 0
    while done < size:
        chunk = os.pread(source, min(_CHUNK, size - done), start + done)
        if not chunk:
            raise OSError(errno.EIO, "the file ended early")
        while chunk:
            written = os.write(target, chunk)
            chunk, done = chunk[written:], done + written
