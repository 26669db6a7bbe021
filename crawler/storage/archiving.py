"""The way of a worker's tasks to the archive: one response after the other, in a thread.

Promise: `keep` returns when the response is safe on disk; with the archive switched off it keeps
nothing and says so by None.
"""

from __future__ import annotations

import asyncio

from crawler.storage.archive import Archive, ArchivePlace, Response


class Archivist:
    """Keeps responses for the tasks of one event loop; without an archive it keeps none."""

    def __init__(self, archive: Archive | None) -> None:
        self._archive = archive
        self._turn = asyncio.Lock()

    async def keep(self, response: Response) -> ArchivePlace | None:
        """Archive a response; raises StoreError when it cannot be brought to disk."""
        if self._archive is None:
            return None
        async with self._turn:
            return await asyncio.to_thread(_write, self._archive, response)

    def close(self) -> None:
        """Let go of the files."""
        if self._archive is not None:
            self._archive.close()


def _write(archive: Archive, response: Response) -> ArchivePlace:
    place = archive.append(response)
    archive.sync()
    return place
