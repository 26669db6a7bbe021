"""Opening after a crash: what is whole stays, what is not is taken out."""

from __future__ import annotations

import errno
import os
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.errors import StoreError
from crawler.storage.reading import last_lines
from crawler.storage.store import (
    open_slot,
)
from tests.samples import DAY, make_line, make_omission
from tests.slots import FILE, fail_with, reopen, stored, write


@pytest.fixture(autouse=True)
def _quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests ask what is in files, not what survives a power cut: a sync costs nothing."""
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)


@pytest.mark.parametrize("folder", ["articles", "dropped"])
def test_a_torn_end_is_cut_and_told(tmp_path: Path, folder: str) -> None:
    slot = open_slot(tmp_path)
    write(slot, 1)
    slot.drop(make_omission(), DAY)
    file = f"{folder}/{DAY}.w1.jsonl"
    whole = (tmp_path / file).read_bytes()
    (tmp_path / file).write_bytes(whole + whole[:-1])
    slot = reopen(slot)
    assert [(file, len(whole) - 1)] == [(told.file, told.torn_bytes) for told in slot.repairs]
    assert whole == (tmp_path / file).read_bytes()


def test_files_of_long_ago_are_repaired_too(tmp_path: Path) -> None:
    slot = open_slot(tmp_path)
    for back in range(5):
        write(slot, back, day=DAY - timedelta(days=back))
    oldest = tmp_path / f"articles/{DAY - timedelta(days=4)}.w1.jsonl"
    with oldest.open("ab") as held:
        held.write(b'{"half')
    slot = reopen(slot)
    assert [told.torn_bytes for told in slot.repairs] == [6]
    assert sorted("01234") == sorted(stored(tmp_path))


def test_a_sound_store_is_opened_without_repairs(tmp_path: Path) -> None:
    slot = open_slot(tmp_path)
    write(slot, 1, 2)
    slot = reopen(slot)
    assert slot.repairs == ()


@pytest.mark.parametrize(
    ("content", "kept", "quarantined"),
    [
        pytest.param([1, b"\0" * 5000], "1", b"", id="zeros behind"),
        pytest.param([1, b"\0" * 5000 + b"\n"], "1", b"", id="a line of zeros"),
        pytest.param([1, b"\0" * 50 + b"\n", 2], "12", b"", id="zeros between"),
        pytest.param([b"\0" * 50 + b"\n", 2], "2", b"", id="zeros before"),
        pytest.param([1, b'{"half":\n'], "1", b'{"half":\n', id="broken line at the end"),
        pytest.param([1, b'\0\0"x"}\n', 2, b"?\n", 3], "123", b'\0\0"x"}\n?\n',
                     id="broken lines between"),
        pytest.param([b"?"], "", b"", id="nothing whole"),
        pytest.param([], "", b"", id="an empty file"),
    ],
)  # fmt: skip
def test_what_a_power_cut_left_is_taken_out(
    tmp_path: Path, content: list[int | bytes], kept: str, quarantined: bytes
) -> None:
    slot = open_slot(tmp_path)
    write(slot, 9)
    parts = [make_line(part) if isinstance(part, int) else part for part in content]
    (tmp_path / FILE).write_bytes(b"".join(parts))
    slot = reopen(slot)
    assert list(kept) == stored(tmp_path)
    names = [told.quarantine for told in slot.repairs if told.quarantine]
    assert quarantined == b"".join((tmp_path / name).read_bytes() for name in names)
    assert reopen(slot).repairs == ()


def test_a_quarantined_line_never_replaces_another(tmp_path: Path) -> None:
    slot = open_slot(tmp_path)
    for nth in range(2):
        write(slot, 1)
        (tmp_path / FILE).write_bytes(b"?%d\n" % nth)
        slot = reopen(slot)
    kept = sorted(path.read_bytes() for path in (tmp_path / "quarantine").iterdir())
    assert kept == [b"?0\n", b"?1\n"]


def test_a_line_larger_than_the_window_is_checked_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    path.write_bytes(b"first\n" + b"x" * 100 + b"\n")
    assert last_lines(path, 101) == [(6, b"x" * 100 + b"\n")]
    assert last_lines(path, 10) == [(0, b"first\n"), (6, b"x" * 100 + b"\n")]


def test_a_line_that_no_record_is_goes_to_quarantine(tmp_path: Path) -> None:
    slot = open_slot(tmp_path)
    write(slot, 1)
    slot.append(b"{}\n", DAY)
    slot.drop(b"{}\n", DAY)
    slot.sync()
    slot = reopen(slot)
    assert [line.url.rsplit("/", 1)[1] for line in slot.tail(9)] == ["1"]
    assert f"articles/{DAY}.w1.jsonl: cut 0 bytes of a torn end, took out 1 broken" in str(
        slot.repairs[0]
    )
    assert len(slot.repairs) == 1


def test_a_file_that_comes_back_torn_is_repaired_before_it_is_written_to(tmp_path: Path) -> None:
    slot = open_slot(tmp_path)
    (tmp_path / "articles").mkdir()
    (tmp_path / FILE).write_bytes(make_line(1) + b"{")
    write(slot, 2)
    assert stored(tmp_path) == ["1", "2"]
    assert [told.torn_bytes for told in slot.repairs] == [1]


@pytest.mark.parametrize("end", [b"{torn", b"broken\n"])
def test_a_slot_that_cannot_be_repaired_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: bytes
) -> None:
    write(open_slot(tmp_path), 1)
    path = tmp_path / FILE.replace("w1", "w2")
    path.write_bytes(make_line(2) + end)
    with monkeypatch.context() as patch:
        patch.setattr(os, "ftruncate", fail_with(errno.EIO))
        with pytest.raises(StoreError, match="disk"):
            open_slot(tmp_path)
    assert open_slot(tmp_path).name == "w2"
