"""First letters: with which characters a match of a pattern can begin.

Knowing them, a matcher tries only the few patterns that can fit at a place instead of hundreds.
Promise: no match begins with a character that is not in the set.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ASIDE = re.compile(r"\(\?(?:=|!|<=|<!)")
_REPEAT = re.compile(r"[?*+]\??|\{(\d+)[,\d]*\}\??")
_RANGE_MOST = 1000
_SHORTHANDS = {"d": frozenset("0123456789"), "s": frozenset(" ")}


class OpenBeginning(ValueError):
    """The pattern can begin with anything, or with nothing."""


@dataclass(slots=True)
class _Reader:
    """A pattern and how far it was read."""

    pattern: str
    at: int = 0

    def peek(self, length: int = 1) -> str:
        return self.pattern[self.at : self.at + length]

    def take(self) -> str:
        self.at += 1
        return self.pattern[self.at - 1]


def first_letters(pattern: str) -> frozenset[str]:
    """The characters with which a match can begin. Raises OpenBeginning where that is any or none.

    Reads what topic files use: literals, classes, (?:...), looks ahead and behind, repeats.
    """
    letters, is_optional = _read_choice(_Reader(pattern))
    if is_optional or letters is None:
        raise OpenBeginning(pattern)
    return letters


def _read_choice(reader: _Reader) -> tuple[frozenset[str] | None, bool]:
    """Alternatives up to a closing bracket or the end; None stands for any character."""
    letters, is_optional = _read_sequence(reader)
    while reader.peek() == "|":
        reader.take()
        others, is_other_optional = _read_sequence(reader)
        letters = _joined(letters, others)
        is_optional = is_optional or is_other_optional
    return letters, is_optional


def _read_sequence(reader: _Reader) -> tuple[frozenset[str] | None, bool]:
    letters: frozenset[str] | None = frozenset()
    is_optional = True
    while reader.peek() not in ("", "|", ")"):
        here, may_be_absent = _read_part(reader)
        if repeat := _REPEAT.match(reader.pattern, reader.at):
            reader.at = repeat.end()
            may_be_absent = may_be_absent or repeat[0][0] in "?*" or repeat[1] == "0"
        if is_optional:
            letters = _joined(letters, here)
            is_optional = may_be_absent
    return letters, is_optional


def _read_part(reader: _Reader) -> tuple[frozenset[str] | None, bool]:
    sign = reader.peek()
    if sign == "(":
        aside = _ASIDE.match(reader.pattern, reader.at)
        reader.at = aside.end() if aside else reader.at + len("(?:")
        found = _read_choice(reader)
        reader.take()
        return (frozenset(), True) if aside else found
    reader.take()
    if sign == "[":
        return _read_class(reader), False
    if sign == "\\":
        return _escaped(reader.take()), False
    if sign in "^$":
        return frozenset(), True
    return (None if sign == "." else frozenset(sign)), False


def _read_class(reader: _Reader) -> frozenset[str] | None:
    letters: frozenset[str] | None = frozenset()
    is_negated = reader.peek() == "^"
    while (sign := reader.take()) != "]":
        here = _escaped(reader.take()) if sign == "\\" else frozenset(sign)
        if reader.peek() == "-" and reader.peek(2) != "-]":
            reader.take()
            last = ord(reader.take())
            here = frozenset(map(chr, range(ord(sign), min(last, ord(sign) + _RANGE_MOST) + 1)))
        letters = _joined(letters, here)
    return None if is_negated else letters


def _escaped(letter: str) -> frozenset[str] | None:
    if letter.isalpha():
        return _SHORTHANDS.get(letter)
    return frozenset(letter)


def _joined(left: frozenset[str] | None, right: frozenset[str] | None) -> frozenset[str] | None:
    return None if left is None or right is None else left | right
