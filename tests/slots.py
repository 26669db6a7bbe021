"""What tests of the store do again and again."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from crawler.storage.store import Place, Slot, iter_records, open_slot
from tests.samples import DAY, make_line

FILE = f"articles/{DAY}.w1.jsonl"
NEXT_DAY = DAY + timedelta(days=1)


def write(slot: Slot, *numbers: int, day: date = DAY) -> list[Place]:
    """Append the articles with these numbers and sync; where they are."""
    places = [slot.append(make_line(number), day) for number in numbers]
    slot.sync()
    return places


def stored(data_dir: Path) -> list[str]:
    """The numbers of the articles that the store holds, in its order."""
    return [record["url"].rsplit("/", 1)[1] for _place, record in iter_records(data_dir)]


def reopen(slot: Slot) -> Slot:
    """Close a slot and open it again."""
    slot.close()
    return open_slot(slot.data_dir)


def fail_with(number: int) -> Callable[..., None]:
    """A system call that always fails with this error."""

    def fail(*_given: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail
