"""Reading beside a writer: whole lines only, each from its place."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.errors import BrokenLine
from crawler.storage.store import (
    Place,
    find_record,
    iter_journal,
    iter_records,
    open_slot,
    prune_journal,
    read_line,
)
from tests.samples import DAY, NOON, make_line, make_omission, make_record
from tests.slots import FILE, NEXT_DAY, stored, write


@pytest.fixture(autouse=True)
def _quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests ask what is in files, not what survives a power cut: a sync costs nothing."""
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)


def test_a_record_of_another_slot_is_found(tmp_path: Path) -> None:
    slot = open_slot(tmp_path)
    write(slot, 1, 2)
    slot.append(make_line(1, revision=2, revision_cause="outlet"), DAY)
    place = find_record(tmp_path, "w1", make_record(1).id, 2, [NEXT_DAY, DAY])
    assert place is not None
    assert read_line(tmp_path, place) == make_line(1, revision=2, revision_cause="outlet")
    assert find_record(tmp_path, "w1", make_record(1).id, 3, [DAY]) is None
    assert find_record(tmp_path, "w2", make_record(1).id, 1, [DAY]) is None
    assert find_record(tmp_path, "w1", make_record(3).id, 1, [DAY]) is None


def test_an_id_that_is_only_mentioned_is_not_found(tmp_path: Path) -> None:
    slot = open_slot(tmp_path)
    slot.append(make_line(1, duplicate_of=make_record(2).id, story_id=make_record(2).id), DAY)
    assert find_record(tmp_path, "w1", make_record(2).id, 1, [DAY]) is None


def test_a_line_that_is_not_ended_is_not_found(tmp_path: Path) -> None:
    write(open_slot(tmp_path), 1)
    path = tmp_path / FILE
    path.write_bytes(path.read_bytes()[:-1])
    assert find_record(tmp_path, "w1", make_record(1).id, 1, [DAY]) is None
    assert stored(tmp_path) == []


def test_readers_are_told_of_broken_lines(tmp_path: Path) -> None:
    write(open_slot(tmp_path), 1)
    (tmp_path / "articles" / f"{NEXT_DAY}.w1.jsonl").write_bytes(b"{]\n" + make_line(2))
    with pytest.raises(BrokenLine, match=rf"byte 0 of articles/{NEXT_DAY}\.w1"):
        list(iter_records(tmp_path))
    told: list[str] = []
    read = list(iter_records(tmp_path, lambda place, _error: told.append(place.file)))
    assert (2, [f"articles/{NEXT_DAY}.w1.jsonl"]) == (len(read), told)


def test_files_of_other_names_are_not_read(tmp_path: Path) -> None:
    write(open_slot(tmp_path), 1)
    for name in ("notes.jsonl", "2026-13-01.w1.jsonl", f"{DAY}.w01.jsonl", f"{DAY}.w1.jsonl.new"):
        (tmp_path / "articles" / name).write_bytes(make_line(2))
    assert stored(tmp_path) == ["1"]


def test_a_line_is_not_read_from_the_middle(tmp_path: Path) -> None:
    (place,) = write(open_slot(tmp_path), 1)
    with pytest.raises(BrokenLine, match="no line of"):
        read_line(tmp_path, Place(file=place.file, offset=place.offset, length=place.length - 2))


def test_the_journal_is_kept_for_180_days(tmp_path: Path) -> None:
    slot = open_slot(tmp_path)
    for back in (179, 180, 181, 400):
        slot.drop(make_omission(), DAY - timedelta(days=back))
        slot.append(make_line(back), DAY - timedelta(days=back))
    pruned = prune_journal(tmp_path, NOON)
    days = [DAY - timedelta(days=back) for back in (400, 181)]
    assert [f"dropped/{day}.w1.jsonl" for day in days] == pruned
    assert (len(list(iter_journal(tmp_path))), len(stored(tmp_path))) == (2, 4)


def test_a_file_that_is_pruned_while_others_are_read_is_passed_over(tmp_path: Path) -> None:
    slot = open_slot(tmp_path)
    for nth in range(3):
        write(slot, nth, day=DAY + timedelta(days=nth))
    read = iter_records(tmp_path)
    next(read)
    (tmp_path / f"articles/{NEXT_DAY}.w1.jsonl").unlink()
    assert [make_record(2).url] == [record["url"] for _place, record in read]


def test_readers_of_the_journal_are_told_of_broken_lines(tmp_path: Path) -> None:
    slot = open_slot(tmp_path)
    slot.drop(b"?\n", DAY)
    slot.drop(make_omission(), DAY)
    with pytest.raises(BrokenLine, match="byte 0 of dropped/"):
        list(iter_journal(tmp_path))
    assert len(list(iter_journal(tmp_path, lambda _place, _error: None))) == 1


def test_a_broken_line_is_not_found(tmp_path: Path) -> None:
    slot = open_slot(tmp_path)
    slot.append(make_line(1)[:60] + b"\n", DAY)
    assert find_record(tmp_path, "w1", make_record(1).id, 1, [DAY]) is None
