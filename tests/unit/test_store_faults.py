"""Disks that are full, broken or not ours: nothing half-written, and told clearly."""

from __future__ import annotations

import errno
import fcntl
import os
from pathlib import Path

import pytest

from crawler.errors import StoreError
from crawler.storage.segments import Segment
from crawler.storage.store import (
    open_slot,
    store_identity,
)
from tests.samples import DAY, make_line
from tests.slots import FILE, NEXT_DAY, fail_with, reopen, stored, write


@pytest.fixture(autouse=True)
def _quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests ask what is in files, not what survives a power cut: a sync costs nothing."""
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)


def test_a_file_that_somebody_else_writes_to_is_refused(tmp_path: Path) -> None:
    slot = open_slot(tmp_path)
    write(slot, 1)
    with (tmp_path / FILE).open("ab") as held:
        held.write(b"{}\n")
    with pytest.raises(StoreError, match="somebody else"):
        slot.append(make_line(2), DAY)


@pytest.mark.parametrize("short", [0, 1, 700], ids=["no room", "one byte", "half a line"])
def test_a_full_disk_leaves_no_half_line_and_later_room_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, short: int
) -> None:
    slot = open_slot(tmp_path)
    write(slot, 1)
    write_some = os.write

    def full(descriptor: int, content: bytes) -> int:
        if not short:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write_some(descriptor, content[:short])

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(StoreError, match="make room"):
            slot.append(make_line(2), DAY)
    assert make_line(1) == (tmp_path / FILE).read_bytes()
    write(slot, 3)
    assert stored(tmp_path) == ["1", "3"]


def test_a_torn_line_that_cannot_be_taken_back_is_taken_back_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slot = open_slot(tmp_path)
    write(slot, 1)
    write_some = os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda held, content: write_some(held, content[:9]))
        patch.setattr(os, "ftruncate", fail_with(errno.EIO))
        with pytest.raises(StoreError, match="cannot be shortened"):
            slot.append(make_line(2), DAY)
    write(slot, 3)
    assert stored(tmp_path) == ["1", "3"]


def test_a_failed_sync_takes_everything_back_and_later_lines_are_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slot = open_slot(tmp_path)
    write(slot, 1)
    slot.append(make_line(2), DAY)
    slot.append(make_line(3), NEXT_DAY)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail_with(errno.EIO))
        with pytest.raises(StoreError, match="did not reach the disk"):
            slot.sync()
    assert stored(tmp_path) == ["1"]
    write(slot, 4)
    write(reopen(slot), 5)
    assert stored(tmp_path) == ["1", "4", "5"]


def test_a_cut_that_fails_can_be_made_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slot = open_slot(tmp_path)
    places = write(slot, 1, 2, 3)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail_with(errno.EIO))
        with pytest.raises(StoreError, match="could not be taken out"):
            slot.cut(places[0])
    assert stored(tmp_path) == ["1", "2", "3"]
    for place in places[:2]:
        slot.cut(place)
    assert stored(tmp_path) == ["3"]


def test_a_cut_whose_end_is_in_doubt_moves_the_lines_behind_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slot = open_slot(tmp_path)
    places = write(slot, 1, 2, 3)
    with monkeypatch.context() as patch:
        patch.setattr("crawler.storage.segments.sync_folder", fail_with(errno.EIO))
        with pytest.raises(StoreError, match="could not be taken out"):
            slot.cut(places[0])
    slot.cut(places[1])
    assert stored(tmp_path) == ["3"]


def test_a_sync_that_fails_after_a_cut_leaves_no_hole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slot = open_slot(tmp_path)
    places = write(slot, 1, 2)
    with monkeypatch.context() as patch:
        patch.setattr(Segment, "sync", fail_with(errno.EIO))
        with pytest.raises(StoreError, match="could not be taken out"):
            slot.cut(places[1])
        with pytest.raises(StoreError, match="did not reach the disk"):
            slot.sync()
    assert make_line(1) == (tmp_path / FILE).read_bytes()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "articles").write_bytes(b"a file stands in the way")
    with pytest.raises(StoreError, match="cannot be"):
        open_slot(tmp_path).append(make_line(), DAY)


def test_a_data_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(b"")
    with pytest.raises(StoreError, match="cannot be written"):
        open_slot(tmp_path / "data")


def test_a_disk_that_fails_altogether_is_told_in_full_and_ends_the_slot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slot = open_slot(tmp_path)
    slot.append(make_line(1), DAY)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail_with(errno.EIO))
        patch.setattr(os, "ftruncate", fail_with(errno.EIO))
        with pytest.raises(StoreError, match=r"did not reach the disk.*cannot be shortened"):
            slot.sync()
    for act in (slot.sync, lambda: slot.append(make_line(4), DAY)):
        with pytest.raises(StoreError, match="did not reach the disk"):
            act()


def test_a_folder_without_locks_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store_identity(tmp_path)
    monkeypatch.setattr(fcntl, "flock", fail_with(errno.ENOLCK))
    with pytest.raises(StoreError, match="No locks available"):
        open_slot(tmp_path)
