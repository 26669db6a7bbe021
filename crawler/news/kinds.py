"""What bytes are that are no web page, told by how they begin.

Promise: text in any charset is none of these, UTF-16 included; whatever else is, is named.
"""

from __future__ import annotations

_BEGINNINGS = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a ZIP archive or office document",
    b"\x1f\x8b": "gzip, packed twice or unannounced",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
    b"RIFF": "an image or video",
    b"{": "JSON",
    b"[": "JSON",
}
_BOMS = (b"\xff\xfe", b"\xfe\xff")
_READ = 1024
# No charset of text has these, but for ESC (ISO-2022) and the white space among them.
_CONTROLS = bytes(byte for byte in range(0x20) if byte not in b"\t\n\v\f\r\x1b")
_MOST_CONTROLS = 0.05


def name_of_kind(body: bytes) -> str | None:
    """Name what stands in the place of a page; None where it may be one."""
    for beginning, kind in _BEGINNINGS.items():
        if body.startswith(beginning):
            return kind
    start = body[:_READ]
    if start.startswith(_BOMS) or _is_wide(start):
        return None
    controls = len(start) - len(start.translate(None, _CONTROLS))
    return "a program or other binary" if controls > len(start) * _MOST_CONTROLS else None


def _is_wide(start: bytes) -> bool:
    """Whether one of each two bytes is mostly NUL and the other never, as markup is in UTF-16."""
    start = start[:200]
    even, odd = start[0::2].count(0), start[1::2].count(0)
    return max(even, odd) * 4 > len(start) and min(even, odd) * 32 <= len(start)
