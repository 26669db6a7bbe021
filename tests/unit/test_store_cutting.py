"""Cutting lines and asking for the tail: places stay good whatever was cut before."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from crawler.errors import BrokenLine, StoreError
from crawler.storage import reading
from crawler.storage.store import (
    Place,
    open_slot,
    read_line,
)
from tests.samples import DAY, make_line, make_record
from tests.slots import FILE, NEXT_DAY, reopen, stored, write


@pytest.fixture(autouse=True)
def _quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests ask what is in files, not what survives a power cut: a sync costs nothing."""
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)


@pytest.mark.parametrize("cut", range(4), ids=["first", "second", "third", "last"])
def test_a_line_is_cut_wherever_it_stands(tmp_path: Path, cut: int) -> None:
    slot = open_slot(tmp_path)
    places = write(slot, 0, 1, 2, 3)
    slot.cut(places[cut])
    write(slot, 4)
    assert [number for number in "01234" if number != str(cut)] == stored(tmp_path)
    assert not list(tmp_path.rglob("*.new"))


def test_places_stay_good_whatever_was_cut_before(tmp_path: Path) -> None:
    slot = open_slot(tmp_path)
    places = write(slot, 0, 11, 222, 3333)
    slot.cut(places[1])
    places += write(slot, 44444)
    slot.cut(places[0])
    slot.cut(places[4])
    slot.cut(places[2])
    assert stored(tmp_path) == ["3333"]


def test_a_line_cut_twice_is_cut_once(tmp_path: Path) -> None:
    slot = open_slot(tmp_path)
    places = write(slot, 1, 2, 3)
    for _ in range(2):
        slot.cut(places[0])
        slot.cut(places[2])
    assert stored(tmp_path) == ["2"]


def test_nothing_is_cut_where_no_line_is(tmp_path: Path) -> None:
    slot = open_slot(tmp_path)
    (place,) = write(slot, 1)
    with pytest.raises(StoreError, match="cut nothing"):
        slot.cut(Place(file=place.file, offset=3, length=place.length - 3))
    assert stored(tmp_path) == ["1"]


def test_a_cut_that_a_crash_interrupted_is_as_if_not_begun(tmp_path: Path) -> None:
    slot = open_slot(tmp_path)
    write(slot, 1, 2)
    half = tmp_path / f"{FILE}.new"
    half.write_bytes(b'{"half')
    slot = reopen(slot)
    assert stored(tmp_path) == ["1", "2"]
    assert not half.exists()


def test_the_tail_is_the_last_lines_over_midnight(tmp_path: Path) -> None:
    slot = open_slot(tmp_path)
    write(slot, 1, 2, 3)
    write(slot, 4, 5, day=NEXT_DAY)
    other = open_slot(tmp_path)
    write(other, 6)
    slot = reopen(slot)
    tail = slot.tail(4)
    assert [line.url.rsplit("/", 1)[1] for line in tail] == ["2", "3", "4", "5"]
    assert [make_line(5)] == [read_line(tmp_path, line.place) for line in tail[-1:]]
    assert (make_record(5).id, 1) == (tail[-1].id, tail[-1].revision)
    assert slot.tail(0) == []


def test_the_tail_can_be_cut_from_either_end(tmp_path: Path) -> None:
    slot = open_slot(tmp_path)
    write(slot, 1, 2, 3, 4)
    tail = slot.tail(10)
    slot.cut(tail[0].place)
    slot.cut(tail[3].place)
    slot.cut(tail[1].place)
    assert [line.url.rsplit("/", 1)[1] for line in slot.tail(10)] == ["3"]


def test_the_tail_says_where_a_line_is_no_record(tmp_path: Path) -> None:
    slot = open_slot(tmp_path)
    slot.append(b"{}\n", DAY)
    with pytest.raises(BrokenLine, match="lacks 'id' at byte 0"):
        slot.tail(1)


def test_a_long_tail_is_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_FIRST_WINDOW", 64)
    slot = open_slot(tmp_path)
    write(slot, *range(20))
    tail = slot.tail(15)
    assert [str(number) for number in range(5, 20)] == [line.url.rsplit("/", 1)[1] for line in tail]


def test_a_file_that_shrank_is_not_rewritten(tmp_path: Path) -> None:
    slot = open_slot(tmp_path)
    places = write(slot, 1, 2, 3)
    os.truncate(tmp_path / FILE, places[2].offset)
    with pytest.raises(StoreError, match="could not be taken out"):
        slot.cut(places[0])
    assert stored(tmp_path) == ["1", "2"]
    assert not list(tmp_path.rglob("*.new"))
