"""One JSON object, one line: how values are cleaned, written and read back.

Promise: what `encode` writes is a single line for every reader, whatever its idea of a line break
is; and what `decode` accepts is one whole JSON object, else it raises BrokenLine. What the fields
mean is in `lines.py` and `schema.py`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn

from crawler.errors import BrokenLine

# Code points that never stand in a line's values: C0 without line feed, DEL, C1 without NEL, and
# halves of surrogate pairs. NEL, U+2028 and U+2029 may stand there, but are written escaped.
_UNCLEAN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")

# Controls that part words (tab, vertical tab, form feed, the four separators) become a space.
_CONTROLS: dict[int, str | None] = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)))
_CONTROLS |= dict.fromkeys(map(ord, "\t\v\f\x1c\x1d\x1e\x1f"), " ")
_CONTROLS |= {ord("\n"): "\n", ord("\r"): "\n", 0x85: "\x85"}
_SURROGATE = re.compile("[\ud800-\udfff]")

# A search costs 8 ns per character, counting bytes 2 ns but more to begin with.
_SEARCHED_MOST = 50
_CONTROL_BYTES = bytes((*range(0x20), 0x7F))

# Legal in JSON, but str.splitlines() and JavaScript take them for the end of a line.
_LINE_BREAKS = tuple((char.encode(), b"\\u%04x" % ord(char)) for char in "\x85\u2028\u2029")


def is_clean(text: str) -> bool:
    """Nothing stands in the text that no line may hold."""
    if len(text) > _SEARCHED_MOST:
        try:
            encoded = text.encode()
        except UnicodeEncodeError:
            return False
        if b"\xc2" not in encoded:  # which C1 begins with
            return not holds_controls(encoded.replace(b"\n", b""))
    return _UNCLEAN.search(text) is None


def holds_controls(encoded: bytes) -> bool:
    """C0 or DEL stand in this UTF-8."""
    return len(encoded) != len(encoded.translate(None, _CONTROL_BYTES))


def clean(text: str) -> str:
    """The text without control characters and lone surrogates; line breaks become line feeds."""
    if is_clean(text):
        return text
    if _SURROGATE.search(text):
        # Two halves that belong together become their character, a lone one becomes U+FFFD.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\r\n", "\n").translate(_CONTROLS)


def clean_value(value: Any) -> Any:
    """The value with every string in it cleaned, keys included; tuples become lists."""
    if isinstance(value, str):
        return clean(value)
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, list | tuple):
        return [clean_value(held) for held in value]
    return {clean(key): clean_value(held) for key, held in value.items()}


def encode(payload: Mapping[str, Any]) -> bytes:
    """One line of UTF-8 JSON with its line feed, keys in the mapping's order.

    Raises ValueError for NaN and the infinities.
    """
    text = json.dumps(
        clean_value(payload), ensure_ascii=False, allow_nan=False, separators=(",", ":")
    )
    line = text.encode()
    for raw, escaped in _LINE_BREAKS:
        line = line.replace(raw, escaped)
    return line + b"\n"


def decode(line: bytes) -> dict[str, Any]:
    """The object that a line holds; its line feed may be there or not.

    Raises BrokenLine for whatever is not one JSON object in UTF-8: a torn line, NaN, nesting
    without end.
    """
    try:
        payload = json.loads(line.decode(), parse_constant=_refuse_constant)
    except RecursionError:
        raise BrokenLine(line, "it is nested too deeply") from None
    except ValueError as error:
        raise BrokenLine(line, str(error)) from error
    if not isinstance(payload, dict):
        raise BrokenLine(line, f"it holds {type(payload).__name__}, not an object")
    return payload


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def write_time(at: datetime) -> str:
    """RFC 3339 in UTC, to the second: 2026-11-22T08:15:00Z. Raises ValueError for a naive time."""
    if at.tzinfo is None:
        raise ValueError(f"{at} names no time zone")
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def read_time(text: str) -> datetime:
    """The aware time that `write_time` wrote; raises ValueError for anything else."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None or not text.endswith("Z"):
        raise ValueError(f"{text} is not RFC 3339 in UTC")
    return at
