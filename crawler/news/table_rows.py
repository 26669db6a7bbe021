"""A record as one flat row, for spreadsheets, databases and data frames.

Promise: a cell holds what the record says and no formula; without its text a row holds at most the
excerpt of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crawler.news.excerpts import excerpt_of

# Column -> what it holds: text, number, whole, flag, list of texts, time.
COLUMNS: Mapping[str, str] = {
    "id": "text",
    "revision": "whole",
    "url": "text",
    "title": "text",
    "excerpt": "text",
    "outlet": "text",
    "publisher": "text",
    "domain": "text",
    "country": "text",
    "language": "text",
    "authors": "list",
    "date_published": "time",
    "date_precision": "text",
    "date_modified": "time",
    "date_discovered": "time",
    "date_fetched": "time",
    "topics": "list",
    "score": "number",
    "reasons": "list",
    "origins": "list",
    "quoted": "list",
    "story_id": "text",
    "duplicate_of": "text",
    "withdrawn": "flag",
    "text_status": "text",
    "free_access": "flag",
    "license": "text",
    "content_hash": "text",
}
TEXT = "text"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def row_of(said: Mapping[str, Any], *, full_text: bool) -> dict[str, Any]:
    """The row of a record, in the order of COLUMNS; with its text as the last cell if wanted."""
    match = said.get("match") or {}
    cites = said.get("cites") or ()
    row = {name: said.get(name) for name in COLUMNS}
    row |= {
        "excerpt": excerpt_of(said),
        "authors": list(said.get("authors") or ()),
        "topics": list(said.get("topics") or ()),
        "score": match.get("score"),
        "reasons": list(match.get("reasons") or ()),
        "origins": [cite["name"] for cite in cites if cite.get("role") == "origin"],
        "quoted": [cite["name"] for cite in cites if cite.get("role") == "quoted"],
        "withdrawn": said.get("revision_cause") == "gone",
    }
    return {**row, TEXT: said.get("text") or ""} if full_text else row


def safe_cell(value: Any) -> Any:
    """A cell of a spreadsheet that will not be run as a formula: an apostrophe stands before it."""
    if isinstance(value, list | tuple):
        value = "; ".join(map(str, value))
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
