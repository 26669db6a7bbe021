"""One sync for all who wait: the way to the store for a worker's many tasks.

While one batch is being written and synced in a thread, the next one gathers; so no line waits for
more than two syncs, however many tasks there are.

Promise: `append` and `drop` return after their line is safe on disk; when they raise, or are
cancelled, their line is not in the store (only a crash can leave it there, unsettled, for the
next start to reconcile).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from crawler.errors import StoreError
from crawler.events import facts
from crawler.storage.store import Place, Slot

log = logging.getLogger(__name__)
Result = TypeVar("Result")


@dataclass(slots=True, kw_only=True, eq=False)
class _Waiter:
    """A line that somebody waits for: how it is written, where it went, or why it did not."""

    write: Callable[[], Place]
    done: asyncio.Future[Place]
    place: Place | None = None
    error: StoreError | ValueError | None = None


class Writer:
    """Group commit over one slot, for the tasks of one event loop."""

    def __init__(self, slot: Slot, on_sync: Callable[[float], object] | None = None) -> None:
        """`on_sync` hears of every batch how many seconds its sync took."""
        self._slot = slot
        self._on_sync = on_sync
        self._waiting: list[_Waiter] = []
        self._turn = asyncio.Lock()
        self._flush: asyncio.Task[None] | None = None
        self._is_closed = False
        self._owed: list[Place] = []

    async def append(self, line: bytes, day: date) -> Place:
        """Store the line of a record and return its place. Raises StoreError: it is not stored."""
        return await self._wait_for(lambda: self._slot.append(line, day))

    async def drop(self, line: bytes, day: date) -> Place:
        """Store a line of the journal, under the same promise."""
        return await self._wait_for(lambda: self._slot.drop(line, day))

    async def cut(self, place: Place) -> None:
        """Take a line back, for good; what fails now is tried again with every batch, and told."""
        await asyncio.shield(asyncio.ensure_future(self._in_turn(lambda: self._cut(place))))

    async def remove(self, record_id: str) -> int:
        """Cut every line of the slot about a page; how many there were. Raises StoreError."""
        return await self._in_turn(lambda: self._slot.remove(record_id))

    async def close(self) -> None:
        """Wait until all that was asked for is done; from then on refuse. The slot stays open."""
        self._is_closed = True
        while self._flush is not None:
            await asyncio.shield(self._flush)
        await self._in_turn(self._cut_owed)

    async def _wait_for(self, write: Callable[[], Place]) -> Place:
        if self._is_closed:
            raise StoreError(
                "this worker is stopping: its writer is closed, the line is not stored"
            )
        done: asyncio.Future[Place] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiter(write=write, done=done))
        if self._flush is None:
            self._flush = asyncio.create_task(self._flush_all())
        return await done

    async def _flush_all(self) -> None:
        batch: list[_Waiter] = []
        try:
            while self._waiting:
                # Whoever gave up before it began has nothing to take back.
                batch = [waiter for waiter in self._waiting if not waiter.done.cancelled()]
                self._waiting = []
                took_s = await self._in_turn(lambda batch=batch: self._commit(batch))  # type: ignore[misc]
                _tell(batch)
                if self._on_sync is not None:
                    self._on_sync(took_s)
                await self._take_back(batch)
        except BaseException as error:
            _abandon([*batch, *self._waiting], error)
            self._waiting = []
            raise
        finally:
            self._flush = None

    def _commit(self, batch: Sequence[_Waiter]) -> float:
        """Write and sync a batch, in a thread; how long the sync took, in seconds.

        One line that fails does not hold up others.
        """
        self._cut_owed()
        for waiter in batch:
            try:
                waiter.place = waiter.write()
            except (StoreError, ValueError) as error:
                waiter.error = error
        began = time.perf_counter()
        try:
            self._slot.sync()
        except StoreError as error:
            for waiter in batch:
                waiter.error = waiter.error or error
        return time.perf_counter() - began

    async def _take_back(self, batch: Sequence[_Waiter]) -> None:
        """Cut the lines of those who gave up while they were being written."""
        for waiter in batch:
            place = waiter.place
            if place is not None and waiter.error is None and waiter.done.cancelled():
                await self._in_turn(lambda place=place: self._cut(place))  # type: ignore[misc]

    def _cut(self, place: Place) -> None:
        try:
            self._slot.cut(place)
        except StoreError as error:
            self._owed.append(place)
            log.warning("%s", facts(event="cut_later", message=str(error)))

    def _cut_owed(self) -> None:
        owed, self._owed = self._owed, []
        for place in owed:
            self._cut(place)

    async def _in_turn(self, act: Callable[[], Result]) -> Result:
        """One at a time, in a thread: the slot is not for two."""
        async with self._turn:
            return await asyncio.to_thread(act)


def _tell(batch: Sequence[_Waiter]) -> None:
    for waiter in batch:
        if waiter.done.cancelled():
            continue
        if waiter.error is not None:
            waiter.done.set_exception(waiter.error)
        elif waiter.place is not None:
            waiter.done.set_result(waiter.place)


def _abandon(waiters: Sequence[_Waiter], error: BaseException) -> None:
    """Nobody waits for ever, whatever broke; the next start finds out what became of the lines."""
    for waiter in waiters:
        if waiter.done.done():
            continue
        if isinstance(error, Exception):
            waiter.done.set_exception(StoreError(f"the writer broke: {error!r}; start again"))
        else:
            waiter.done.cancel()
