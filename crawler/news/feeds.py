"""Feeds: RSS 0.9x to 2.0, RDF, Atom and JSON Feed, in any charset.

Promise: what comes out was announced by the feed, with absolute http links and clean text; what is
no feed raises SourceError and never passes for a feed with nothing in it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import feedparser

from crawler.errors import SourceError
from crawler.news.announcements import CUT_OFF, OVER_LIMIT, title_of, unpack
from crawler.news.characters import MARKUP_LIMIT
from crawler.news.decoding import charset_of, decode
from crawler.news.feed_items import ENTRY_LIMIT, FeedContext, Item, is_address, read_items
from crawler.news.json_feeds import read_json_feed
from crawler.news.records import SourceReading
from crawler.news.xml_text import close_torn, drop_monsters, mend, root_of, thin_out

LONGEST_PAUSE_S = 31 * 86_400

_ENTRIES = ("item", "entry")
_PERIOD_S = {
    "hourly": 3_600,
    "daily": 86_400,
    "weekly": 7 * 86_400,
    "monthly": 30 * 86_400,
    "yearly": 365 * 86_400,
}
# Channel elements stand before the items; an image and a long description fit in here.
_HEAD_LENGTH = 20_000
_SKIP_HOURS = re.compile(r"<skiphours>(.{0,1500}?)</skiphours>", re.IGNORECASE | re.DOTALL)
_SKIP_DAYS = re.compile(r"<skipdays>(.{0,500}?)</skipdays>", re.IGNORECASE | re.DOTALL)
_INNER = re.compile(r">\s*(\w+)\s*<")
# The specification counts 0 to 23; its predecessor wrote 24 for midnight.
_HOURS = {str(hour): hour % 24 for hour in range(25)} | {f"0{hour}": hour for hour in range(10)}
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAYS = {name: day for day, name in enumerate(_WEEK)}
_NUMBER = re.compile(r"\s*([0-9]{1,6})(?:\.0+)?\s*")


def read_feed(
    body: bytes,
    url: str,
    *,
    content_type: str | None,
    charset_hint: str | None,
    timezone: str | None,
    now: datetime,
) -> SourceReading:
    """Read a feed of any kind; SourceError where the body is none.

    `url` is where the body came from in the end: links are resolved against it. `charset_hint` is
    the outlet's own charset, for feeds that declare none or a wrong one.
    """
    decoded = decode(unpack(body, url), declared=charset_of(content_type), hint=charset_hint)
    text = decoded.text.lstrip()
    if text.startswith(("{", "[")):
        reading = read_json_feed(text, url, timezone=timezone, now=now)
    else:
        reading = _read_xml_feed(text, url, timezone=timezone, now=now)
    return replace(reading, charset=decoded.charset)


def _read_xml_feed(text: str, url: str, *, timezone: str | None, now: datetime) -> SourceReading:
    document, torn, is_whole = _whole_document(text, url)
    document, surplus = thin_out(document, _ENTRIES, ENTRY_LIMIT)
    document, monsters = drop_monsters(document, _ENTRIES, MARKUP_LIMIT)
    feed, raws, shape = _parse(document, url)
    context = FeedContext(
        url=url,
        timezone=timezone,
        now=now,
        language=feed.get("language"),
        built=dict.get(feed, "updated") or feed.get("published"),
    )
    entries, dropped = read_items(_items(raws, shape), context)
    dropped.update({CUT_OFF: torn} if torn else {})
    dropped.update({OVER_LIMIT: surplus + monsters} if surplus or monsters else {})
    return SourceReading(
        shape=shape,
        title=title_of(feed.get("title")),
        entries=entries,
        pause_s=_pause(feed),
        quiet_hours=_quiet(document, _SKIP_HOURS, _HOURS),
        quiet_days=_quiet(document, _SKIP_DAYS, _DAYS),
        dropped=dropped,
        is_whole=is_whole,
    )


def _whole_document(text: str, url: str) -> tuple[str, int, bool]:
    if not text:
        raise SourceError(url, "nothing came in place of a feed: try again later")
    document = mend(text)
    root = root_of(document)
    if root == "html":
        raise SourceError(url, "an HTML page came in place of a feed: see whether the feed moved")
    if not root:
        raise SourceError(url, "this is no feed: see whether the address is right")
    try:
        closed, torn = close_torn(document, _ENTRIES)
        return closed, torn, closed == document
    except ValueError:
        raise SourceError(url, "it breaks off before its first entry: try again later") from None


def _parse(document: str, url: str) -> tuple[dict[str, Any], list[Any], str]:
    """Let feedparser read a document; it gets bytes in a file, for it opens what a str names."""
    declared = {"content-type": "application/xml; charset=utf-8"}
    try:
        parsed = feedparser.parse(
            io.BytesIO(document.encode()),
            response_headers=declared,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # its parser for broken XML lets errors of many kinds through
        raise SourceError(url, f"broken beyond reading ({error!r}): try again later") from error
    if not parsed.version:
        raise SourceError(url, "this is no feed: see whether the address is right")
    return parsed.feed, parsed.entries, parsed.version


def _items(raws: list[Any], shape: str) -> Iterator[Item]:
    for raw in raws:
        contents = [part["value"] for part in raw.get("content", ()) if part.get("value")]
        content = max(contents, key=len, default=None)
        summary = raw.get("summary")
        # dict.get, as feedparser's own falls back from one date to the other, with a warning.
        published = dict.get(raw, "published") or raw.get("created")
        modified = dict.get(raw, "updated")
        if not published and not shape.startswith("atom"):
            published, modified = modified, None  # dc:date, which is the date of an RDF item
        yield Item(
            link=_link(raw),
            guid=raw.get("id"),
            title=raw.get("title"),
            summary=None if summary == content else summary,
            content=content,
            published=published,
            modified=modified,
            language=raw.get("language") or raw.get("title_detail", {}).get("language"),
        )


def _link(raw: Any) -> str | None:
    """Choose the address of an item: FeedBurner's original, its link, or a permanent guid."""
    for name in ("feedburner_origlink", "link"):
        link = raw.get(name)
        # feedparser puts a guid in place of a missing link, whether it is an address or not.
        if link and not (raw.get("guidislink") and not is_address(link)):
            return str(link)
    others = [link.get("href") for link in raw.get("links", ()) if link.get("rel") == "alternate"]
    guid = raw.get("id") if raw.get("guidislink") is not False else None
    return next(filter(None, others), guid if is_address(guid) else None)


def _pause(feed: dict[str, Any]) -> float | None:
    """Tell how long the feed asks to be left alone: ttl (minutes), else sy:updatePeriod."""
    if ttl := _number(feed.get("ttl")):
        return min(ttl * 60.0, LONGEST_PAUSE_S)
    period = _PERIOD_S.get(str(feed.get("sy_updateperiod", "")).strip().lower())
    if not period:
        return None
    return min(period / (_number(feed.get("sy_updatefrequency")) or 1), LONGEST_PAUSE_S)


def _quiet(document: str, block: re.Pattern[str], numbers: dict[str, int]) -> tuple[int, ...]:
    """When the feed asks not to be polled (RSS 0.93 and later); feedparser does not tell."""
    found = block.search(document, 0, _HEAD_LENGTH)
    words = _INNER.findall(found[1].casefold()) if found else ()
    return tuple(sorted({numbers[word] for word in words if word in numbers}))


def _number(raw: object) -> int:
    found = _NUMBER.fullmatch(raw) if isinstance(raw, str) else None
    return int(found[1]) if found else 0
