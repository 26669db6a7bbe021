"""Where things stand in the text of a catalogue file, or of another with a table for each entry.

TOML readers give no positions, so this reads the text again by its layout. Promise: the line that
is named is that of the key, or of the entry of a list, that has to change; where the layout is
unusual (inline tables), the nearest line above.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_ANY_KEY: Final = re.compile(r"""\s*(?:\[|["']?[A-Za-z0-9_-]+["']?\s*[=.])""")


@dataclass(frozen=True, slots=True)
class Place:
    """The nth card of a catalogue text; `origin` names the text in errors."""

    text: str
    origin: str
    nth: int

    def line(self, key: str = "", entry: str = "") -> int:
        """The line (from 1) of the card, or of a key in it, or of a list's entry."""
        return locate(self.text, self.nth, key, entry)


def locate(text: str, nth: int, key: str = "", entry: str = "", *, table: str = "outlet") -> int:
    """The line (from 1) of the nth card of a text, or of a key in it, or of a list's entry."""
    lines = text.split("\n")
    first, end = span_of(lines, nth, table)
    if not key:
        return first + 1
    named = re.compile(rf"""\s*(?:\[\s*{table}\s*\.\s*)?["']?{re.escape(key)}["']?\s*[=.\]]""")
    at = next((at for at in range(first, end) if named.match(lines[at])), first)
    if entry:
        for below in range(at, end):
            if below > at and _ANY_KEY.match(lines[below]):
                break
            if entry in lines[below]:
                return below + 1
    return at + 1


def locate_stranger(text: str, key: str) -> int:
    """The line (from 1) of a key that stands outside every card."""
    named = re.compile(rf"""\s*\[{{0,2}}\s*["']?{re.escape(key)}["']?\s*[=.\]]""")
    return next((at for at, line in enumerate(text.split("\n"), 1) if named.match(line)), 1)


def span_of(lines: list[str], nth: int, table: str = "outlet") -> tuple[int, int]:
    """From which line (from 0) to before which one the nth card reaches."""
    header = re.compile(rf"""\s*\[\[\s*["']?{table}["']?\s*\]\]""")
    headers = [at for at, line in enumerate(lines) if header.match(line)]
    first = headers[nth] if nth < len(headers) else 0
    end = headers[nth + 1] if nth + 1 < len(headers) else len(lines)
    return first, end
