"""Golden sources: an answer as it came, and beside it what is to be read from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.source_cases import cases, expectation, read_case


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=f"{case.parent.name}/{case.name}") for case in cases()]
)
def test_a_source_is_read_as_its_golden_file_says(case: Path) -> None:
    golden = expectation(case)
    assert golden["reading"] == read_case(case, golden["given"])


def test_every_answer_has_a_golden_file() -> None:
    folder = cases()[0].parents[1]
    answers = [path for path in folder.glob("*/*") if not path.name.endswith(".expected.json")]
    assert sorted(answers) == cases()
