"""Every line of the list of bad inputs has a row, a test elsewhere, or a reason why it has none.

elsewhere.tsv has the lines without a row: the test that shows them, or why they are not ours.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.hostile.test_table import ROWS

TESTS = Path(__file__).parents[1]
LINES = [f"B{number:03}" for number in range(1, 135)]
OF_ROWS = {line for row in ROWS for line in row.lines.split()}


def elsewhere(how: str) -> dict[str, list[str]]:
    """What stands in elsewhere.tsv, by line."""
    found: dict[str, list[str]] = {}
    text = Path(__file__).with_name("elsewhere.tsv").read_text(encoding="utf-8")
    for row in text.splitlines()[1:]:
        line, kind, told = row.split("\t")
        if kind == how:
            found.setdefault(line, []).append(told)
    return found


SHOWN_BY, NOT_OURS = elsewhere("shown by"), elsewhere("not ours")


def test_every_line_stands_somewhere_and_no_other() -> None:
    assert sorted(OF_ROWS | set(SHOWN_BY) | set(NOT_OURS)) == LINES


def test_a_line_that_is_not_ours_is_shown_nowhere() -> None:
    assert set(NOT_OURS) & (OF_ROWS | set(SHOWN_BY)) == set()


@pytest.mark.parametrize("place", sorted({place for told in SHOWN_BY.values() for place in told}))
def test_a_test_that_is_named_is_there(place: str) -> None:
    file, _, name = place.partition("::")
    text = (TESTS / file).read_text(encoding="utf-8")
    assert re.search(rf"^def {name}\(", text, re.MULTILINE)


def test_no_two_rows_share_an_outlet() -> None:
    assert len({row.id for row in ROWS}) == len(ROWS)
