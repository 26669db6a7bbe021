"""Items of a feed, whatever its format, on the way to entries.

Promise: an entry has an http link that its feed announced, once per feed; a date that the feed
stamped on everything when it was built is no date.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from crawler.news.announcements import (
    NO_LINK,
    NOT_HTTP,
    OVER_LIMIT,
    SUMMARY_LENGTH,
    TWICE,
    language_of,
    moment_of_entry,
    newest_first,
    shorten,
    summary_of,
    title_of,
)
from crawler.news.characters import clean_line, plain_text
from crawler.news.dates import parse_moment, raw_of
from crawler.news.records import Entry, Moment
from crawler.news.urls import absolute_url

ENTRY_LIMIT: Final = 5_000
WHOLE_TEXT: Final = 400  # characters; what is shorter is a teaser, whatever element it stands in
STAMPED: Final = 3  # items; fewer may well have come out in the same second

_GUID_LENGTH = 500
_AT_ONCE = timedelta(minutes=10)
_ABSOLUTE = re.compile(r"\s*https?://", re.IGNORECASE)
_OPEN_END = re.compile(r"(\.\.\.|…|\b(read|continue|see) (more|reading))\W{0,9}$", re.IGNORECASE)
_SYNDICATION = re.compile(r"The post .{1,400} appeared first on .{1,200}", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What a feed says of one article, as it says it."""

    link: str | None
    guid: str | None = None
    title: str | None = None
    summary: str | None = None
    content: str | None = None  # markup
    published: str | None = None
    modified: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedContext:
    """Against what the items of a feed are read: its address, zone and hour, and its own words."""

    url: str
    timezone: str | None
    now: datetime
    language: str | None = None
    built: str | None = None

    def moment(self, raw: str | None) -> Moment | None:
        """Read a date of this feed."""
        if not raw:
            return None
        return parse_moment(raw, source="feed", timezone=self.timezone, now=self.now)


def read_items(
    items: Iterable[Item], context: FeedContext
) -> tuple[tuple[Entry, ...], Counter[str]]:
    """Turn items into entries, newest first, at most 5,000; count what was left out."""
    dropped: Counter[str] = Counter()
    announced: dict[str, Item] = {}
    drafts = []
    for item in items:
        url = absolute_url(item.link, context.url) if item.link else None
        if url is None:
            dropped[NOT_HTTP if item.link else NO_LINK] += 1
        elif url in announced:
            dropped[TWICE] += 1
        else:
            announced[url] = item
            drafts.append(_draft(url, item, context))
    drafts = newest_first(_without_stamps(drafts, context), moment_of_entry)
    if len(drafts) > ENTRY_LIMIT:
        dropped[OVER_LIMIT] = len(drafts) - ENTRY_LIMIT
    # Texts are cleaned last: that is the costly part, and most of a huge feed is over the limit.
    kept = drafts[:ENTRY_LIMIT]
    return tuple(_with_texts(draft, announced[draft.url]) for draft in kept), dropped


def is_address(guid: str | None) -> bool:
    """Whether an identifier is an absolute http address, and so may serve as a missing link."""
    return guid is not None and _ABSOLUTE.match(guid) is not None


def _draft(url: str, item: Item, context: FeedContext) -> Entry:
    published = context.moment(item.published)
    return Entry(
        url=url,
        guid=clean_line(item.guid)[:_GUID_LENGTH] or None if item.guid else None,
        published=published,
        published_raw=raw_of(item.published) if published is None else None,
        modified=context.moment(item.modified),
        language=language_of(item.language) or language_of(context.language),
    )


def _without_stamps(drafts: list[Entry], context: FeedContext) -> list[Entry]:
    """Take the dates away where all are one second: that in which the feed was built."""
    moments = [draft.published for draft in drafts]
    first = moments[0] if moments else None
    if len(moments) < STAMPED or first is None or first.precision != "second":
        return drafts
    if any(moment is None or moment.at != first.at for moment in moments):
        return drafts
    built = context.moment(context.built)
    if context.now - first.at < _AT_ONCE or (built and abs(built.at - first.at) < _AT_ONCE):
        return [replace(draft, published=None) for draft in drafts]
    return drafts


def _with_texts(draft: Entry, item: Item) -> Entry:
    lines = plain_text(item.content).split("\n") if item.content else []
    if lines and _SYNDICATION.fullmatch(lines[-1]):  # how WordPress signs its feeds
        lines.pop()
    text = "\n".join(lines)
    summary = summary_of(item.summary)
    is_whole = (
        len(text) >= WHOLE_TEXT
        and len(text) > len(summary or "")
        and not _OPEN_END.search(text[-100:])
    )
    if not is_whole and not summary:
        summary = shorten(" ".join(lines), SUMMARY_LENGTH)
    return replace(
        draft, title=title_of(item.title), summary=summary, text=text if is_whole else None
    )
