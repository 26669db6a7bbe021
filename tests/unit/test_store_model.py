"""A slot against a plain model: whatever is done and wherever it crashes, the lines are right."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from crawler.storage.store import Place, Slot, iter_lines, open_slot
from tests.samples import DAY

FILE = f"articles/{DAY}.w1.jsonl"


class StoreMachine(RuleBasedStateMachine):
    """`safe` are the lines that a sync vouched for, `written` those behind them."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.data_dir = Path(self.folder.name)
        self.slot: Slot = open_slot(self.data_dir)
        self.safe: list[bytes] = []
        self.written: list[bytes] = []
        self.places: dict[bytes, Place] = {}
        self.number = 0

    def teardown(self) -> None:
        self.slot.close()
        self.folder.cleanup()

    @rule(padding=st.integers(0, 60))
    def append(self, padding: int) -> None:
        self.number += 1
        line = b'{"id":"%d","revision":1,"url":"%s"}\n' % (self.number, b"u" * padding)
        self.places[line] = self.slot.append(line, DAY)
        self.written.append(line)

    @rule()
    def sync(self) -> None:
        self.slot.sync()
        self.safe, self.written = self.safe + self.written, []

    @precondition(lambda self: self.places)
    @rule(data=st.data())
    def cut(self, data: Any) -> None:
        line = data.draw(st.sampled_from(sorted(self.places)))
        self.slot.cut(self.places[line])
        self.safe = [kept for kept in self.safe + self.written if kept != line]
        self.written = []

    @rule()
    def ask_for_the_tail(self) -> None:
        tail = self.slot.tail(4)
        self.safe, self.written = self.safe + self.written, []
        assert [int(line.id) for line in tail] == [_number(line) for line in self.safe[-4:]]
        self.places |= dict(zip(self.safe[-4:], [line.place for line in tail], strict=True))

    @precondition(lambda self: (self.data_dir / FILE).exists())
    @rule(data=st.data())
    def crash_and_open(self, data: Any) -> None:
        """What no sync vouched for may be torn anywhere; then the slot is opened again."""
        self.slot.close()
        vouched = len(b"".join(self.safe))
        size = vouched + data.draw(st.integers(0, len(b"".join(self.written))))
        with (self.data_dir / FILE).open("r+b") as held:
            held.truncate(size)
        self.slot = open_slot(self.data_dir)
        for line in self.written:
            vouched += len(line)
            if vouched > size:
                break
            self.safe.append(line)
        self.written, self.places = [], {}

    @invariant()
    def every_line_is_there_once_and_whole(self) -> None:
        stored = [line for _place, line in iter_lines(self.data_dir, "articles")]
        assert stored == self.safe + self.written


def _number(line: bytes) -> int:
    return int(line.split(b'"')[3])


@pytest.fixture(autouse=True, scope="module")
def _quick_disk() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _descriptor: None)
        yield


TestStore = StoreMachine.TestCase
TestStore.settings = settings(max_examples=15, stateful_step_count=20, deadline=None)
