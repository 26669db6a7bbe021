"""The text of a feed or sitemap, mended before a strict parser sees it.

Promise: what is well-formed keeps its meaning; bare ampersands, HTML's entities and characters that
XML forbids no longer break a document, no entity of its own is left in it, and of a document
that breaks off the whole entries stay.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.entities import html5
from operator import sub

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DECLARATION = re.compile(r"\s*<\?xml\b[^>]{0,300}?\?>", re.IGNORECASE)
_DOCUMENT = re.compile(
    r"<\?xml\b|<(?:[a-z]+:)?(?:rss|feed|rdf|urlset|sitemapindex)[\s>]", re.IGNORECASE
)
_JUNK_LENGTH = 20_000
# A comment, instruction or section that never closes runs to the end, so that no scan is repeated.
_ROOT = re.compile(r"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|<(?P<root>[A-Za-z_][\w:.-]*)", re.DOTALL)
_REFERENCE = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?!(?:amp|lt|gt|quot|apos);)"
    r"(?:#(?P<number>x[0-9a-fA-F]{1,8}|[0-9]{1,8});|(?P<name>\w{1,40});)?",
    re.DOTALL,
)


def root_of(text: str) -> str:
    """Name the first element of a document, without prefix and in small letters; "" if none."""
    return _root_tag(text).rpartition(":")[2].lower()


def _root_tag(text: str) -> str:
    return next((found["root"] for found in _ROOT.finditer(text) if found["root"]), "")


def mend(text: str) -> str:
    """Make a document fit for a strict parser; its declaration goes, as it is text by now."""
    text = _FORBIDDEN.sub("", text)
    if root_of(text) != "html" and (start := _DOCUMENT.search(text[:_JUNK_LENGTH])):
        text = text[start.start() :]  # what a server printed before the document: warnings, blanks
    return _REFERENCE.sub(_mend_reference, _DECLARATION.sub("", text, count=1))


def _mend_reference(found: re.Match[str]) -> str:
    text = found.group()
    if text[0] == "<":
        return text
    if number := found["number"]:
        code = int(number[1:], 16) if number[0] == "x" else int(number)
        return text if _is_allowed(code) else ""
    known = html5.get(f"{found['name']};")
    # A name that HTML does not know is the document's own entity, or no entity: plain text.
    return known if known and known not in "<>&\"'" else f"&amp;{text[1:]}"


def _is_allowed(code: int) -> bool:
    if code < 0x20:
        return code in (0x9, 0xA, 0xD)
    return code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF


def close_torn(text: str, names: Sequence[str]) -> tuple[str, int]:
    """Cut a document that breaks off behind its last whole entry and close it.

    `names` are the elements that are entries. Returns the document and how many entries were cut
    off (0 or 1). ValueError if it breaks off before the first entry is whole.
    """
    root = _root_tag(text)
    closed = max(
        (at + len(name) + 3 for name in names if (at := text.rfind(f"</{name}>")) >= 0), default=-1
    )
    if text.rfind(f"</{root}") >= closed >= 0 or (closed < 0 and _ends(text, root)):
        return text, 0
    if closed < 0:
        raise ValueError("breaks off")
    torn = any(text.find(f"<{name}{mark}", closed) >= 0 for name in names for mark in "> \n\t\r/")
    channel = "<channel" in text and "</channel>" not in text
    return f"{text[:closed]}{'</channel>' * channel}</{root}>", int(torn)


def thin_out(text: str, names: Sequence[str], limit: int) -> tuple[str, int]:
    """Take the middle out of a document with more than twice `limit` entries.

    The newest stand at one end or the other. Returns the document and how many entries went.
    """
    starts = [found.start() for found in re.finditer(rf"<(?:{'|'.join(names)})[\s>]", text)]
    surplus = len(starts) - 2 * limit
    if surplus <= 0:
        return text, 0
    return text[: starts[limit]] + text[starts[-limit] :], surplus


def drop_monsters(text: str, names: Sequence[str], limit: int) -> tuple[str, int]:
    """Take out entries of more than `limit` characters, whose markup is an attack on readers.

    Returns the document and how many entries went.
    """
    starts = [found.start() for found in re.finditer(rf"<(?:{'|'.join(names)})[\s>]", text)]
    if not starts or max(map(sub, [*starts[1:], len(text)], starts)) <= limit:
        return text, 0
    kept, dropped, at = [text[: starts[0]]], 0, starts[0]
    closing = re.compile(rf"</(?:{'|'.join(names)})\s*>")
    for start in starts:
        if start < at:
            continue
        end = closing.search(text, start)
        if end is None:
            break
        kept.append(text[at:start])
        is_monster = end.end() - start > limit
        dropped += is_monster
        kept.append("" if is_monster else text[start : end.end()])
        at = end.end()
    return "".join([*kept, text[at:]]), dropped


def _ends(text: str, root: str) -> bool:
    return f"</{root}" in text or text.rstrip().endswith("/>")
