"""Feeds of what was found: JSON Feed 1.1 and RSS 2.0, for readers and other programs.

Promise: both are valid whatever stands in a title, and hold no text beyond the excerpt unless it is
given; an item's id is its record's and stays the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.utils import format_datetime
from typing import Any

from lxml import etree

from crawler.news.excerpts import excerpt_of
from crawler.news.jsonl import clean, read_time

_DC = "http://purl.org/dc/elements/1.1/"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_JSON_FEED = "https://jsonfeed.org/version/1.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What a feed says of itself."""

    title: str
    description: str
    home: str = "https://example.org/"


def json_feed(feed: Feed, records: Iterable[Mapping[str, Any]], *, full_text: bool) -> str:
    """A JSON Feed of records, in their order."""
    return json.dumps(
        {
            "version": _JSON_FEED,
            "title": feed.title,
            "home_page_url": feed.home,
            "description": feed.description,
            "items": [_json_item(said, full_text) for said in records],
        },
        ensure_ascii=False,
        indent=1,
    )


def rss_feed(feed: Feed, records: Iterable[Mapping[str, Any]], *, full_text: bool) -> bytes:
    """An RSS feed of records, in their order, as UTF-8 XML."""
    rss = etree.Element("rss", version="2.0", nsmap={"dc": _DC, "content": _CONTENT})
    channel = etree.SubElement(rss, "channel")
    for name, value in (
        ("title", feed.title),
        ("link", feed.home),
        ("description", feed.description),
    ):
        etree.SubElement(channel, name).text = _xml(value)
    for said in records:
        _add_rss_item(channel, said, full_text)
    return bytes(etree.tostring(rss, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _json_item(said: Mapping[str, Any], full_text: bool) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": said["id"],
        "url": said["url"],
        "title": said["title"],
        "summary": excerpt_of(said),
        # An item needs some content; without the text it is the excerpt again.
        "content_text": said.get("text") or "" if full_text else excerpt_of(said),
        "date_published": said.get("date_published") or said["date_discovered"],
        "tags": list(said.get("topics") or ()),
        "_tumen": {
            "reasons": list((said.get("match") or {}).get("reasons") or ()),
            "story_id": said.get("story_id"),
            "publisher": said.get("publisher"),
            "date_discovered": said["date_discovered"],
        },
    }
    optional = {
        "date_modified": said.get("date_modified"),
        "language": said.get("language"),
        "authors": [{"name": name} for name in said.get("authors") or ()],
    }
    return item | {name: value for name, value in optional.items() if value}


def _add_rss_item(channel: etree._Element, said: Mapping[str, Any], full_text: bool) -> None:
    item = etree.SubElement(channel, "item")
    at = read_time(said.get("date_published") or said["date_discovered"])
    told: list[tuple[str, str | None]] = [
        ("title", said["title"]),
        ("link", said["url"]),
        ("description", excerpt_of(said)),
        ("pubDate", format_datetime(at, usegmt=False)),
        (f"{{{_DC}}}publisher", said.get("publisher")),
        (f"{{{_DC}}}language", said.get("language")),
        *((f"{{{_DC}}}creator", name) for name in said.get("authors") or ()),
        *(("category", topic) for topic in said.get("topics") or ()),
        (f"{{{_CONTENT}}}encoded", said.get("text") if full_text else None),
    ]
    etree.SubElement(item, "guid", isPermaLink="false").text = said["id"]
    for name, value in told:
        if value:
            etree.SubElement(item, name).text = _xml(value)


def _xml(text: str) -> str:
    # What XML cannot hold at all; lxml refuses it.
    return clean(text).replace("\ufffe", "").replace("\uffff", "")
