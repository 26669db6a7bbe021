"""Group commit: many wait, one sync; who raises or gives up leaves no line."""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.errors import StoreError
from crawler.storage.segments import Segment
from crawler.storage.store import Slot, iter_journal, iter_records, open_slot
from crawler.storage.writer import Writer
from tests.disks import Disk
from tests.samples import DAY, make_line, make_omission
from tests.slots import fail_with


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    disk = Disk()
    monkeypatch.setattr(os, "fsync", disk.fsync)
    return disk


@pytest.fixture
def slot(tmp_path: Path, disk: Disk) -> Iterator[Slot]:
    slot = open_slot(tmp_path)
    slot.append(make_line(0), DAY)
    slot.sync()
    disk.syncs = 0
    disk.began.clear()
    yield slot
    slot.close()


def stored(slot: Slot) -> list[str]:
    return [record["url"].rsplit("/", 1)[1] for _place, record in iter_records(slot.data_dir)]


def test_all_who_wait_share_one_sync(slot: Slot, disk: Disk) -> None:
    async def write() -> None:
        writer = Writer(slot)
        await asyncio.gather(*(writer.append(make_line(number), DAY) for number in range(1, 50)))

    asyncio.run(write())
    assert disk.syncs == 1
    assert [str(number) for number in range(50)] == stored(slot)


def test_nobody_is_told_before_the_sync_has_ended(slot: Slot, disk: Disk) -> None:
    async def write() -> None:
        writer = Writer(slot)
        disk.may_end.clear()
        waiting = asyncio.create_task(writer.append(make_line(1), DAY))
        await asyncio.to_thread(disk.began.wait, 10)
        assert not waiting.done()
        late = [asyncio.create_task(writer.append(make_line(n), DAY)) for n in (2, 3)]
        disk.may_end.set()
        await asyncio.gather(waiting, *late)

    asyncio.run(write())
    assert stored(slot) == ["0", "1", "2", "3"]
    assert disk.syncs == 2


def test_articles_and_journal_go_together(slot: Slot) -> None:
    async def write() -> None:
        writer = Writer(slot)
        await asyncio.gather(writer.append(make_line(1), DAY), writer.drop(make_omission(), DAY))

    asyncio.run(write())
    assert (stored(slot), len(list(iter_journal(slot.data_dir)))) == (["0", "1"], 1)


def test_a_failed_sync_is_told_to_everybody_and_leaves_nothing(slot: Slot, disk: Disk) -> None:
    async def write() -> list[object]:
        writer = Writer(slot)
        disk.fails = True
        lines = [writer.append(make_line(number), DAY) for number in (1, 2, 3)]
        return list(await asyncio.gather(*lines, return_exceptions=True))

    told = asyncio.run(write())
    assert [StoreError] * 3 == [type(answer) for answer in told]
    assert stored(slot) == ["0"]


def test_a_line_that_fails_does_not_hold_up_others(slot: Slot) -> None:
    async def write() -> list[object]:
        writer = Writer(slot)
        lines = [writer.append(line, DAY) for line in (make_line(1), b"{}", make_line(2))]
        return list(await asyncio.gather(*lines, return_exceptions=True))

    told = asyncio.run(write())
    assert isinstance(told[1], ValueError)
    assert stored(slot) == ["0", "1", "2"]


def test_who_gives_up_while_it_is_written_leaves_no_line(slot: Slot, disk: Disk) -> None:
    async def write() -> None:
        writer = Writer(slot)
        disk.may_end.clear()
        lines = [asyncio.create_task(writer.append(make_line(n), DAY)) for n in (1, 2)]
        await asyncio.to_thread(disk.began.wait, 10)
        lines[0].cancel()
        disk.may_end.set()
        await lines[1]
        await writer.close()
        assert lines[0].cancelled()

    asyncio.run(write())
    assert stored(slot) == ["0", "2"]


def test_who_gives_up_before_it_is_written_leaves_no_line(slot: Slot, disk: Disk) -> None:
    async def write() -> None:
        writer = Writer(slot)
        disk.may_end.clear()
        first = asyncio.create_task(writer.append(make_line(1), DAY))
        await asyncio.to_thread(disk.began.wait, 10)
        second = asyncio.create_task(writer.append(make_line(2), DAY))
        await asyncio.sleep(0)
        second.cancel()
        disk.may_end.set()
        await first
        await writer.close()

    asyncio.run(write())
    assert stored(slot) == ["0", "1"]


def test_a_line_is_cut_while_others_are_written(slot: Slot) -> None:
    async def write() -> None:
        writer = Writer(slot)
        place = await writer.append(make_line(1), DAY)
        await asyncio.gather(
            writer.append(make_line(2), DAY), writer.cut(place), writer.append(make_line(3), DAY)
        )

    asyncio.run(write())
    assert stored(slot) == ["0", "2", "3"]


def test_closing_waits_for_what_was_asked_and_refuses_more(slot: Slot) -> None:
    async def write() -> None:
        writer = Writer(slot)
        waiting = asyncio.create_task(writer.append(make_line(1), DAY))
        await asyncio.sleep(0)
        await writer.close()
        assert waiting.done()
        with pytest.raises(StoreError, match="stopping"):
            await writer.append(make_line(2), DAY)

    asyncio.run(write())
    assert stored(slot) == ["0", "1"]


def test_a_writer_that_breaks_lets_nobody_wait_for_ever(
    slot: Slot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(_slot: Slot) -> None:
        raise RuntimeError("boom")

    async def write() -> list[object]:
        writer = Writer(slot)
        monkeypatch.setattr(Slot, "sync", break_down)
        lines = [writer.append(make_line(number), DAY) for number in (1, 2)]
        return list(await asyncio.gather(*lines, return_exceptions=True))

    told = asyncio.run(write())
    assert [StoreError] * 2 == [type(answer) for answer in told]


def test_a_line_that_cannot_be_taken_back_is_told_and_taken_back_later(
    slot: Slot, disk: Disk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def write() -> None:
        writer = Writer(slot)
        place = await writer.append(make_line(1), DAY)
        with monkeypatch.context() as broken:
            broken.setattr(Segment, "cut", fail_with(errno.EIO))
            await writer.cut(place)
        assert stored(slot) == ["0", "1"]
        await writer.append(make_line(2), DAY)

    asyncio.run(write())
    assert "event=cut_later" in caplog.text
    assert stored(slot) == ["0", "2"]


def test_whoever_waits_when_all_is_cancelled_is_cancelled_too(slot: Slot, disk: Disk) -> None:
    async def write() -> None:
        writer = Writer(slot)
        disk.may_end.clear()
        waiting = asyncio.create_task(writer.append(make_line(1), DAY))
        await asyncio.to_thread(disk.began.wait, 10)
        (flush,) = asyncio.all_tasks() - {asyncio.current_task(), waiting}
        flush.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        disk.may_end.set()

    asyncio.run(write())
