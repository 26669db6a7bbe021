"""Citing: records as BibTeX entries (@online, as biblatex and Zotero read them).

Promise: an entry parses whatever stands in a title; nothing in it is a command of TeX.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "_": r"\_",
    "%": r"\%",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_ESCAPED = re.compile("|".join(map(re.escape, _SPECIAL)))
_KEY_DIGITS = 12
# An address stands as it is; these would end it, or the entry.
_URL_UNFIT = str.maketrans(
    {"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20", "%": r"\%", "#": r"\#"}
)


def bibtex_entry(said: Mapping[str, Any]) -> str:
    """A record as one entry, with a line feed at its end."""
    published = said.get("date_published")
    fields: list[tuple[str, str | None]] = [
        ("title", f"{{{_tex(said['title'])}}}"),
        ("author", " and ".join(f"{{{_tex(name)}}}" for name in said.get("authors") or ()) or None),
        ("organization", _told(said.get("publisher") or said.get("domain"))),
        ("date", (said.get("date_local") or published[:10]) if published else None),
        ("url", str(said["url"]).translate(_URL_UNFIT)),
        ("urldate", str(said["date_fetched"])[:10]),
        ("langid", said.get("language")),
        ("note", f"Tumen record {said['id']}, revision {said['revision']}"),
    ]
    lines = [f"  {name} = {{{value}}}," for name, value in fields if value]
    key = f"tumen-{said['id'][:_KEY_DIGITS]}"
    return "\n".join([f"@online{{{key},", *lines, "}"]) + "\n"


def _told(text: str | None) -> str | None:
    return _tex(text) if text else None


def _tex(text: str) -> str:
    return _ESCAPED.sub(lambda found: _SPECIAL[found[0]], " ".join(text.split()))
