"""JSON Feed, versions 1.0 and 1.1.

Promise: JSON that is no JSON Feed raises SourceError; an item whose fields have odd types gives
what is sound of it.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from datetime import datetime

from crawler.errors import SourceError
from crawler.news.announcements import title_of
from crawler.news.feed_items import FeedContext, Item, is_address, read_items
from crawler.news.records import SourceReading

_VERSIONS = {
    "https://jsonfeed.org/version/1": "json10",
    "https://jsonfeed.org/version/1.1": "json11",
}


def read_json_feed(text: str, url: str, *, timezone: str | None, now: datetime) -> SourceReading:
    """Read a JSON Feed; SourceError where the text is none."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise SourceError(url, "broken JSON came in place of a feed: try again later") from None
    version = _text(document, "version") or ""
    shape = _VERSIONS.get(version.replace("http://", "https://").rstrip("/"))
    items = document.get("items") if isinstance(document, dict) else None
    if shape is None or not isinstance(items, list):
        raise SourceError(url, "this JSON is no JSON Feed: look for the outlet's feed elsewhere")
    context = FeedContext(url=url, timezone=timezone, now=now, language=_text(document, "language"))
    entries, dropped = read_items(_items(items), context)
    return SourceReading(
        shape=shape, title=title_of(_text(document, "title")), entries=entries, dropped=dropped
    )


def _items(raws: list[object]) -> Iterator[Item]:
    for raw in raws:
        guid = _text(raw, "id")
        plain = _text(raw, "content_text")
        yield Item(
            link=_text(raw, "url") or (guid if is_address(guid) else None),
            guid=guid,
            title=_text(raw, "title"),
            summary=_text(raw, "summary"),
            content=_text(raw, "content_html") or (plain and _markup(plain)),
            published=_text(raw, "date_published"),
            modified=_text(raw, "date_modified"),
            language=_text(raw, "language"),
        )


def _text(raw: object, field: str) -> str | None:
    """Take a field that should be a string; ids are numbers in many feeds."""
    value = raw.get(field) if isinstance(raw, dict) else None
    if isinstance(value, int | float):
        return str(value) if field == "id" else None
    return value if isinstance(value, str) else None


def _markup(plain: str) -> str:
    return "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in plain.splitlines())
