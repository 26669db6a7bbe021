"""A store that is asked many questions by many threads for a long time, as by a web page.

    shelf = open_shelf(data_dir)
    with shelf.look() as library:
        ...

Connections stay open between questions. The index is brought up to date beside them, at most every
two seconds and only when somebody asks; readers see the state before until the new one is whole.

Promise: a question waits a second at most for what is new; an index that was thrown away, as after
a record was forgotten, is asked no more.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from crawler.errors import BrokenLine, TumenError
from crawler.storage import index
from crawler.storage.layout import Place
from crawler.storage.library import Library, open_library
from crawler.storage.reading import OnBroken

_FRESH_S = 2.0
_PATIENCE_S = 1.0
_IDLE_MOST = 4

_Seen = tuple[int, int]


@dataclass(slots=True)
class Shelf:
    """An open store for many readers. Use `open_shelf`."""

    data_dir: Path
    on_broken: OnBroken
    is_for_others: bool
    trouble: str | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _idle: list[tuple[_Seen, Library]] = field(default_factory=list)
    _worker: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "index"))
    _renewal: Future[None] | None = None
    _renewed_at: float = 0.0

    @contextmanager
    def look(self) -> Iterator[Library]:
        """The library for one question; another thread may look at the same time."""
        self._renew_when_due()
        seen = self._seen()
        library = self._take(seen) or Library(
            self.data_dir, index.connect_to_read(self.data_dir), self.is_for_others
        )
        try:
            yield library
        finally:
            self._put_back(seen, library)

    def renew(self) -> None:
        """Bring the index up to date and wait for it, so that what was just written is found."""
        self._worker.submit(self._renew).result()

    def close(self) -> None:
        """Close all connections; nobody may look any more."""
        self._worker.shutdown()
        while self._idle:
            self._idle.pop()[1].db.close()

    def _renew_when_due(self) -> None:
        with self._lock:
            if self._renewal is None or self._renewal.done():
                if time.monotonic() - self._renewed_at < _FRESH_S:
                    return
                self._renewal = self._worker.submit(self._renew)
            renewal = self._renewal
        # Who comes back after a night is to see the news; a long rebuild is not waited for.
        with suppress(TimeoutError):
            renewal.result(timeout=_PATIENCE_S)

    def _renew(self) -> None:
        try:
            with open_library(self.data_dir, on_broken=self.on_broken):
                self.trouble = None
        except (TumenError, OSError, sqlite3.Error) as error:
            # What is there can still be read; whoever shows it says that it is not the newest.
            self.trouble = str(error)
        finally:
            self._renewed_at = time.monotonic()

    def _seen(self) -> _Seen:
        """Which file the index is: another one after it was made anew."""
        try:
            found = index.path_of(self.data_dir).stat()
        except FileNotFoundError:
            self.renew()
            found = index.path_of(self.data_dir).stat()
        return found.st_dev, found.st_ino

    def _take(self, seen: _Seen) -> Library | None:
        with self._lock:
            while self._idle:
                held, library = self._idle.pop()
                if held == seen:
                    return library
                library.db.close()
        return None

    def _put_back(self, seen: _Seen, library: Library) -> None:
        with self._lock:
            if len(self._idle) < _IDLE_MOST:
                self._idle.append((seen, library))
                return
        library.db.close()


@contextmanager
def open_shelf(
    data_dir: Path, *, is_for_others: bool, told: Callable[[int], None] = lambda _count: None
) -> Iterator[Shelf]:
    """Open a store for many readers, with its index up to date. Errors as in `open_library`.

    `is_for_others`: what must not leave the machine is not found (as in `Library`).
    """

    def leave_out(_place: Place, _error: BrokenLine) -> None:
        # `tumen store verify` names them; a page is of no help with that.
        return

    with open_library(data_dir, on_broken=leave_out, told=told):
        pass
    shelf = Shelf(data_dir, leave_out, is_for_others)
    try:
        yield shelf
    finally:
        shelf.close()
