"""One slot at work: what is written is whole, once, and where its name says."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.errors import ConfigError, StoreError
from crawler.storage import slots
from crawler.storage.store import (
    Place,
    iter_journal,
    open_slot,
    read_line,
    store_identity,
)
from tests.samples import DAY, assert_store_fits, make_line, make_omission
from tests.slots import FILE, NEXT_DAY, stored, write


@pytest.fixture(autouse=True)
def _quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests ask what is in files, not what survives a power cut: a sync costs nothing."""
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)


def test_a_line_is_read_back_from_its_place(tmp_path: Path) -> None:
    slot = open_slot(tmp_path)
    first, second = write(slot, 1, 2)
    assert make_line(2) == read_line(tmp_path, second)
    assert Place(file=FILE, offset=first.length, length=len(make_line(2))) == second
    assert_store_fits(tmp_path)


def test_articles_and_journal_lie_apart_and_by_day(tmp_path: Path) -> None:
    slot = open_slot(tmp_path)
    write(slot, 1)
    write(slot, 2, day=NEXT_DAY)
    slot.drop(make_omission(), DAY)
    files = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.jsonl"))
    assert [FILE, f"articles/{NEXT_DAY}.w1.jsonl", f"dropped/{DAY}.w1.jsonl"] == files
    assert [said["stage"] for said in iter_journal(tmp_path)] == ["triage"]
    assert_store_fits(tmp_path)


def test_two_slots_never_share_a_file(tmp_path: Path) -> None:
    one, two = open_slot(tmp_path), open_slot(tmp_path)
    assert (one.name, two.name) == ("w1", "w2")
    files = {write(one, 1)[0].file, write(two, 2)[0].file}
    assert {FILE, f"articles/{DAY}.w2.jsonl"} == files


def test_the_lowest_slot_that_was_given_up_is_taken(tmp_path: Path) -> None:
    held = [open_slot(tmp_path) for _ in range(3)]
    held[1].close()
    held[1].close()
    assert open_slot(tmp_path).name == "w2"


def test_slots_are_read_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    held = [open_slot(tmp_path) for _ in range(10)]
    for number, slot in enumerate(held, start=1):
        write(slot, number)
    assert [str(number) for number in range(1, 11)] == stored(tmp_path)


def test_a_closed_slot_writes_nothing(tmp_path: Path) -> None:
    slot = open_slot(tmp_path)
    slot.close()
    with pytest.raises(StoreError, match="closed"):
        slot.append(make_line(), DAY)


@pytest.mark.parametrize("line", [b"", b"{}", b"{}\n{}\n", b"{}\n\n"])
def test_only_single_lines_are_written(tmp_path: Path, line: bytes) -> None:
    with pytest.raises(ValueError, match="line feed"):
        open_slot(tmp_path).append(line, DAY)


def test_a_store_keeps_its_identity(tmp_path: Path) -> None:
    first = store_identity(tmp_path)
    assert first == store_identity(tmp_path)
    assert first != store_identity(tmp_path / "other")


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        pytest.param(b"", "backup", id="empty"),
        pytest.param(b"[]", "backup", id="a list"),
        pytest.param(b'{"store_id":"x","schema_version":99}', "newer Tumen", id="newer"),
    ],
)
def test_a_store_that_is_not_understood_is_not_opened(
    tmp_path: Path, content: bytes, advice: str
) -> None:
    (tmp_path / "store.json").write_bytes(content)
    with pytest.raises(ConfigError, match=advice):
        open_slot(tmp_path)


def test_many_days_are_written_with_few_open_files(tmp_path: Path) -> None:
    slot = open_slot(tmp_path)
    before = len(list(Path("/dev/fd").iterdir()))
    for nth in range(30):
        slot.append(make_line(nth), DAY + timedelta(days=nth % 10))
    assert len(list(Path("/dev/fd").iterdir())) <= before + 4
    assert len(stored(tmp_path)) == 30


def test_a_file_that_was_moved_away_is_begun_anew(tmp_path: Path) -> None:
    slot = open_slot(tmp_path)
    write(slot, 1)
    (tmp_path / FILE).rename(tmp_path / "kept.jsonl")
    write(slot, 2)
    assert stored(tmp_path) == ["2"]


def test_a_thousand_workers_are_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "SLOTS_MOST", 1)
    open_slot(tmp_path)
    with pytest.raises(StoreError, match="are that many workers running"):
        open_slot(tmp_path)
