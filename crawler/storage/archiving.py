"""The way of a worker's tasks to the archive: one sync for all who wait, in a thread.

While one batch is being written and synced the next one gathers, as in `writer.py`.

Promise: `keep` returns when the response is safe on disk; with the archive switched off it keeps
nothing and says so by None. When the disk fails, nothing of the batch counts as kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.errors import StoreError
from crawler.storage.archive import Archive, ArchivePlace, Response

_Outcome = ArchivePlace | StoreError | ValueError


@dataclass(frozen=True, slots=True, eq=False)
class _Waiter:
    """A response that somebody waits for."""

    response: Response
    done: asyncio.Future[ArchivePlace]


class Archivist:
    """Keeps responses for the tasks of one event loop; without an archive it keeps none."""

    def __init__(self, archive: Archive | None) -> None:
        self._archive = archive
        self._waiting: list[_Waiter] = []
        self._writing: asyncio.Task[None] | None = None

    async def keep(self, response: Response) -> ArchivePlace | None:
        """Archive a response; raises StoreError when it cannot be brought to disk.

        Raises ValueError for what is no answer of HTTP.
        """
        if self._archive is None:
            return None
        done: asyncio.Future[ArchivePlace] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiter(response, done))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_all(self._archive))
        return await done

    async def close(self) -> None:
        """Wait for what is being written, and let go of the files."""
        while self._writing is not None:
            await asyncio.shield(self._writing)
        if self._archive is not None:
            self._archive.close()

    async def _write_all(self, archive: Archive) -> None:
        batch: list[_Waiter] = []
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                responses = [waiter.response for waiter in batch]
                _tell(batch, await asyncio.to_thread(_write, archive, responses))
        except BaseException as error:
            _abandon([*batch, *self._waiting], error)
            self._waiting = []
            raise
        finally:
            self._writing = None


def _write(archive: Archive, responses: Sequence[Response]) -> Sequence[_Outcome]:
    """Write and sync a batch; for each response where it is, or why it is not there."""
    places: list[_Outcome] = []
    try:
        for response in responses:
            try:
                places.append(archive.append(response))
            except ValueError as error:
                places.append(error)
        archive.sync()
    except StoreError as error:
        # Which of them are safe is not known: a file may have been full, synced and taken back.
        return [error] * len(responses)
    return places


def _tell(batch: Sequence[_Waiter], outcomes: Sequence[_Outcome]) -> None:
    for waiter, outcome in zip(batch, outcomes, strict=True):
        if waiter.done.done():
            continue  # whoever asked has gone
        if isinstance(outcome, ArchivePlace):
            waiter.done.set_result(outcome)
        else:
            waiter.done.set_exception(outcome)


def _abandon(batch: Sequence[_Waiter], error: BaseException) -> None:
    """Nobody waits for ever, whatever broke."""
    for waiter in batch:
        if waiter.done.done():
            continue
        if isinstance(error, Exception):
            waiter.done.set_exception(StoreError(f"the archive broke: {error!r}; start again"))
        else:
            waiter.done.cancel()
