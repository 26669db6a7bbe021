"""What feeds, sitemaps and list pages have in common: order, limits, packing and short texts.

Promise: however long and odd a source is, what it announces comes out newest first and bounded,
with a count of what was left out and why.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Final, TypeVar

from crawler.errors import SourceError
from crawler.news.characters import clean_line, plain_text
from crawler.news.records import Entry, Moment

UNPACKED_LIMIT: Final = 50_000_000  # bytes, as the sitemap protocol has it
TITLE_LENGTH: Final = 500
SUMMARY_LENGTH: Final = 2_000

# Why an announcement is left out: the keys of SourceReading.dropped.
CUT_OFF: Final = "cut off"
NO_LINK: Final = "no link"
NOT_HTTP: Final = "link is not http"
OTHER_SITE: Final = "other site"
OVER_LIMIT: Final = "over the limit"
TWICE: Final = "twice"

_T = TypeVar("_T")
_GZIP = b"\x1f\x8b"
_GZIP_LAYERS = 3
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|[0-9]{3}))?")
_UNDATED = datetime.max.replace(tzinfo=UTC)


def newest_first(items: Iterable[_T], moment_of: Callable[[_T], Moment | None]) -> list[_T]:
    """Order by date, newest first; one without a date stays behind its predecessor."""
    dated = []
    at = _UNDATED
    for item in items:
        moment = moment_of(item)
        at = moment.at if moment else at
        dated.append((at, item))
    dated.sort(key=lambda pair: pair[0], reverse=True)
    return [item for _, item in dated]


def moment_of_entry(entry: Entry) -> Moment | None:
    """Tell by which date an entry takes its place: publication, else the last change."""
    return entry.published or entry.modified


def unpack(body: bytes, url: str) -> bytes:
    """Undo gzip, told by its first bytes; SourceError if it is broken or grows beyond 50 MB.

    A cut-off archive gives what is whole of it.
    """
    for _ in range(_GZIP_LAYERS):
        if not body.startswith(_GZIP):
            break
        body = _inflate(body, url)
    return body


def _inflate(body: bytes, url: str) -> bytes:
    parts: list[bytes] = []
    room = UNPACKED_LIMIT
    while body.startswith(_GZIP):  # an archive may have several members
        member = zlib.decompressobj(wbits=31)
        try:
            part = member.decompress(body, room + 1)
        except zlib.error:
            raise SourceError(url, "the gzip archive is damaged: try again later") from None
        if len(part) > room:
            raise SourceError(url, "it unpacks to more than 50 MB: name its parts as sources")
        parts.append(part)
        room -= len(part)
        body = member.unused_data
    return b"".join(parts)


def title_of(markup: str | None) -> str | None:
    """Make one clean line of a title as announced; None where nothing is left."""
    return shorten(clean_line(plain_text(markup or "")), TITLE_LENGTH)


def summary_of(markup: str | None) -> str | None:
    """Make one clean line of a summary as announced; None where nothing is left."""
    return shorten(clean_line(plain_text(markup or "")), SUMMARY_LENGTH)


def shorten(line: str, length: int) -> str | None:
    """Cut a line to a number of characters, between words where it has them."""
    if len(line) <= length:
        return line or None
    cut = line[:length]
    return cut[: cut.rfind(" ", length // 2) + 1].rstrip() or cut


def language_of(tag: object) -> str | None:
    """Write a language as BCP 47 does (ko-KR, zh-Hans); None if it is no language."""
    found = _LANGUAGE.fullmatch(tag.strip()) if isinstance(tag, str) else None
    if not found:
        return None
    language, script, region = found.groups()
    parts = (language.lower(), script and script.title(), region and region.upper())
    return "-".join(part for part in parts if part)
