"""Independent origins: voices are counted, not copies."""

from __future__ import annotations

import pytest

from crawler.news.origins import Origin, Voice, independent_origins, told

GROUPS = {"wire-en": "wire", "wire-ko": "wire", "ledger": "ledger"}
NAMES = {"wire": "The Wire", "ledger": "The Ledger"}
LEDGER = ("ledger", "The Ledger")


def voice(name: str, group: str | None = None, **told: object) -> Voice:
    return Voice(id=name, group=group or name, name=name.title(), **told)  # type: ignore[arg-type]


def origins(*voices: Voice) -> list[tuple[str, bool, tuple[str, ...]]]:
    found = independent_origins(voices, GROUPS, NAMES)
    return [(origin.name, origin.is_held, origin.reports) for origin in found]


CASES = {
    "each its own": (
        [voice("a"), voice("b")],
        [("A", True, ("a",)), ("B", True, ("b",))],
    ),
    "editions of one house": (
        [voice("a", "wire"), voice("b", "wire")],
        [("A", True, ("a", "b"))],
    ),
    "a copy": (
        [voice("a"), voice("b", copy_of="a")],
        [("A", True, ("a", "b"))],
    ),
    "one cited origin, not held": (
        [voice("a", cited=(LEDGER,)), voice("b", cited=(LEDGER,)), voice("c")],
        [("The Ledger", False, ("a", "b")), ("C", True, ("c",))],
    ),
    "one that is cited by its name alone, held": (
        [voice("ember"), voice("a", cited=((None, "EMBER"),)), voice("b", cited=((None, "Ash"),))],
        [("EMBER", True, ("ember", "a")), ("Ash", False, ("b",))],
    ),
    "one cited origin, held": (
        [voice("x", "ledger"), voice("a", cited=(LEDGER,))],
        [("The Ledger", True, ("x", "a"))],
    ),
    "who is in no catalogue, however written": (
        [voice("a", cited=((None, "Harbor Radio"),)), voice("b", cited=((None, "HARBOR RADIO"),))],
        [("Harbor Radio", False, ("a", "b"))],
    ),
    "over another report": (
        [voice("a", cited=(LEDGER,)), voice("b", copy_of="a"), voice("c", "b")],
        [("The Ledger", False, ("a", "b", "c"))],
    ),
}


@pytest.mark.parametrize(("voices", "expected"), CASES.values(), ids=CASES)
def test_reports_that_owe_it_to_one_count_once(
    voices: list[Voice], expected: list[tuple[str, bool, tuple[str, ...]]]
) -> None:
    assert origins(*voices) == expected


def test_the_count_is_told_in_words() -> None:
    found = independent_origins(
        [voice("a", cited=(LEDGER,)), voice("b", cited=(LEDGER,))], {}, NAMES
    )
    assert told(2, found) == "2 outlets, 1 origin: The Ledger, not held"
    one = Origin(name="A", is_held=True, reports=("a",), first="a")
    assert told(1, [one]) == "1 outlet, 1 origin: A"
    assert told(9, [one] * 4).endswith("; …")
