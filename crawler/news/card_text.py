"""Cards as text: writing one, and changing a file of cards without touching the rest of it.

Promise: what is written is read back as it was meant; comments, order and layout of a file that a
person wrote stay as they are.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from crawler.news.card_places import span_of

_WIDTH: Final = 100
_SWITCH: Final = re.compile(r"""(\s*)["']?enabled["']?\s*=\s*(?:true|false)""")
_ID: Final = re.compile(r"""\s*["']?id["']?\s*=""")
_SUBTABLE: Final = re.compile(r"\s*\[")
# TOML wants it escaped, JSON does not.
_DELETE: Final = "\x7f"


def write_card(card: Mapping[str, Any], comments: Mapping[str, str] | None = None) -> str:
    """A card as TOML, its keys in their order; `comments` stand behind the lines of their keys."""
    notes = comments or {}
    lines = ["[[outlet]]"]
    for key, value in card.items():
        remark = f"  # {_one_line(notes[key])}" if notes.get(key) else ""
        lines += _assignment(key, value, remark)
    return "\n".join(lines) + "\n"


def with_cards(text: str, cards: Sequence[str]) -> str:
    """The text of a file with more cards at its end."""
    parts = [text.rstrip("\n")] if text.strip() else []
    return "\n\n".join([*parts, *(card.strip("\n") for card in cards)]) + "\n"


def with_switch(text: str, outlet: str, enabled: bool) -> str:
    """The text of a file in which an outlet is switched on or off, and nothing else is changed.

    Its card gets the line, or a card of two lines is added that changes the one below.
    """
    line = f"enabled = {'true' if enabled else 'false'}"
    ids = [card.get("id") for card in tomllib.loads(text).get("outlet", [])]
    if outlet not in ids:
        return with_cards(text, [f"[[outlet]]\nid = {_value(outlet)}\n{line}"])
    lines = text.split("\n")
    first, end = span_of(lines, ids.index(outlet))
    own = range(first + 1, _own_end(lines, first, end))
    for at in own:
        if found := _SWITCH.match(lines[at]):
            lines[at] = found[1] + line + lines[at][found.end() :]
            return "\n".join(lines)
    at = next((at for at in own if _ID.match(lines[at])), first)
    return "\n".join([*lines[: at + 1], line, *lines[at + 1 :]])


def _own_end(lines: Sequence[str], first: int, end: int) -> int:
    """Where the keys of a card end and a table inside of it begins, such as its selectors."""
    depth = 0
    for at in range(first + 1, end):
        if depth == 0 and _SUBTABLE.match(lines[at]):
            return at
        bare = re.sub(r"\"[^\"]*\"|'[^']*'|#.*", "", lines[at])
        depth += bare.count("[") - bare.count("]")
    return end


def _assignment(key: str, value: Any, remark: str) -> list[str]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        items = [_value(item) for item in value]
        whole = f"{key} = [{', '.join(items)}]"
        if len(whole) <= _WIDTH:
            return [whole + remark]
        return [f"{key} = [{remark}", *(f"    {item}," for item in items), "]"]
    return [f"{key} = {_value(value)}{remark}"]


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{key} = {_value(item)}' for key, item in value.items())} }}"
    # JSON's texts, numbers and switches are TOML's, too.
    return json.dumps(value, ensure_ascii=False).replace(_DELETE, "\\u007f")


def _one_line(text: str) -> str:
    return " ".join(text.split())
