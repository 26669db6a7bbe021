"""The way to the archive: many wait, one sync; whoever is told it is kept finds it on disk."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.errors import StoreError
from crawler.storage.archive import ArchivePlace, Response, open_archive, read
from crawler.storage.archiving import Archivist
from tests.disks import Disk

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    disk = Disk()
    monkeypatch.setattr(os, "fsync", disk.fsync)
    return disk


def make_response(number: int) -> Response:
    return Response(
        url=f"https://harbor.example/{number}",
        status=200,
        body=f"<p>Page {number}.</p>".encode(),
        fetched_at=NOON,
    )


async def with_first(data_dir: Path, disk: Disk) -> Archivist:
    """An archivist whose file is there, so that only responses are synced from now on."""
    archivist = Archivist(open_archive(data_dir, "w1"))
    await archivist.keep(make_response(0))
    disk.syncs = 0
    disk.began.clear()
    return archivist


def bodies(data_dir: Path, places: list[ArchivePlace | None]) -> list[bytes]:
    return [read(data_dir, place).body for place in places if place is not None]


def test_all_who_wait_share_one_sync(tmp_path: Path, disk: Disk) -> None:
    async def write() -> list[ArchivePlace | None]:
        archivist = await with_first(tmp_path, disk)
        kept = await asyncio.gather(*(archivist.keep(make_response(n)) for n in range(1, 40)))
        await archivist.close()
        return kept

    kept = asyncio.run(write())
    assert disk.syncs == 1
    assert bodies(tmp_path, kept) == [make_response(n).body for n in range(1, 40)]


def test_nobody_is_told_before_the_sync_has_ended(tmp_path: Path, disk: Disk) -> None:
    async def write() -> None:
        archivist = await with_first(tmp_path, disk)
        disk.may_end.clear()
        waiting = asyncio.create_task(archivist.keep(make_response(1)))
        await asyncio.to_thread(disk.began.wait, 10)
        assert not waiting.done()
        late = [asyncio.create_task(archivist.keep(make_response(n))) for n in (2, 3)]
        disk.may_end.set()
        await asyncio.gather(waiting, *late)
        await archivist.close()

    asyncio.run(write())
    assert disk.syncs == 2


def test_a_sync_that_fails_is_told_to_all_and_the_next_one_works(
    tmp_path: Path, disk: Disk
) -> None:
    async def write() -> list[ArchivePlace | None]:
        archivist = await with_first(tmp_path, disk)
        disk.fails = True
        asked = (archivist.keep(make_response(n)) for n in range(1, 4))
        outcomes = await asyncio.gather(*asked, return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [StoreError] * 3
        disk.fails = False
        kept = [await archivist.keep(make_response(9))]
        await archivist.close()
        return kept

    kept = asyncio.run(write())
    assert bodies(tmp_path, kept) == [make_response(9).body]


def test_what_is_no_answer_of_http_fails_alone(tmp_path: Path) -> None:
    async def write() -> list[ArchivePlace | BaseException | None]:
        archivist = Archivist(open_archive(tmp_path, "w1"))
        odd = replace(make_response(2), status=7)
        asked = (archivist.keep(response) for response in (make_response(1), odd, make_response(3)))
        outcomes = await asyncio.gather(*asked, return_exceptions=True)
        await archivist.close()
        return outcomes

    first, second, third = asyncio.run(write())
    assert isinstance(first, ArchivePlace)
    assert isinstance(second, ValueError)
    assert isinstance(third, ArchivePlace)
    assert bodies(tmp_path, [first, third]) == [make_response(n).body for n in (1, 3)]


def test_closing_waits_for_what_is_being_written(tmp_path: Path, disk: Disk) -> None:
    async def write() -> ArchivePlace | None:
        archivist = await with_first(tmp_path, disk)
        disk.may_end.clear()
        waiting = asyncio.create_task(archivist.keep(make_response(1)))
        await asyncio.to_thread(disk.began.wait, 10)
        closing = asyncio.create_task(archivist.close())
        disk.may_end.set()
        await closing
        return await waiting

    kept = asyncio.run(write())
    assert bodies(tmp_path, [kept]) == [make_response(1).body]


def test_whoever_gives_up_holds_nobody_up(tmp_path: Path, disk: Disk) -> None:
    async def write() -> ArchivePlace | None:
        archivist = await with_first(tmp_path, disk)
        disk.may_end.clear()
        waiting = asyncio.create_task(archivist.keep(make_response(1)))
        await asyncio.to_thread(disk.began.wait, 10)
        waiting.cancel()
        other = asyncio.create_task(archivist.keep(make_response(2)))
        disk.may_end.set()
        kept = await other
        await archivist.close()
        return kept

    kept = asyncio.run(write())
    assert bodies(tmp_path, [kept]) == [make_response(2).body]


def test_without_an_archive_nothing_is_kept() -> None:
    async def write() -> ArchivePlace | None:
        archivist = Archivist(None)
        kept = await archivist.keep(make_response(1))
        await archivist.close()
        return kept

    assert asyncio.run(write()) is None
