"""What of a stranger's text may be shown where it is not read: a beginning of bounded length.

Promise: what leaves the machine without being asked for in full is at most EXCERPT characters of a
record's description or text; a record that says noarchive never leaves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from crawler.news.words import folded

EXCERPT = 300
_AROUND = 120
_SPACES = re.compile(r"\s+")


def excerpt_of(said: Mapping[str, Any]) -> str:
    """The beginning of what a record says of itself: its description, or else its text."""
    return shortened(said.get("description") or said.get("text") or "", EXCERPT)


def shortened(text: str, most: int) -> str:
    """A text on one line, of at most so many characters, cut between two words where there are."""
    line = _SPACES.sub(" ", text[: 4 * most]).strip()
    if len(line) <= most and len(text) <= 4 * most:
        return line
    cut = line[: most - 1]
    space = cut.rfind(" ")
    return f"{cut[:space] if space > most // 2 else cut}…"


def is_shareable(said: Mapping[str, Any]) -> bool:
    """Whether a record may leave the machine at all."""
    return "noarchive" not in (said.get("reuse") or ())


def snippet(text: str, sought: Sequence[str]) -> str:
    """The piece of a text around the first of the words that are sought."""
    line = _SPACES.sub(" ", text)
    low = folded(line) if len(folded(line)) == len(line) else line.casefold()
    places = [at for word in sought if (at := low.find(folded(word))) >= 0]
    if not places:
        return shortened(line, 2 * _AROUND)
    start = max(0, min(places) - _AROUND)
    piece = line[start : start + 2 * _AROUND]
    before = "…" if start else ""
    after = "…" if start + 2 * _AROUND < len(line) else ""
    return f"{before}{piece.strip()}{after}"
