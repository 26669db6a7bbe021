"""What travels through Tumen: entry, article, judgement, record. Frozen values, no behaviour.

Promise: a value of this module holds only what its source said; what nobody said is None or empty,
never "" and never a guess. How a record becomes a line is in `lines.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Precision = Literal["second", "minute", "day"]
DateSource = Literal["json-ld", "meta", "feed", "sitemap", "html", "url"]
SourceKind = Literal["feed", "sitemap", "section", "search"]
FoundKind = Literal["feed", "sitemap", "section", "search", "manual"]
TextStatus = Literal["full", "lead", "cut"]
TextSource = Literal["page", "feed", "json-ld"]
Role = Literal["origin", "quoted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A date as a source told it.

    `at` is aware and in UTC. Where only a day is known (`precision` "day"), `at` is that day as
    printed at 00:00:00Z. `local_day` is the day in the source's own zone (YYYY-MM-DD).
    """

    at: datetime
    precision: Precision
    source: DateSource
    raw: str
    local_day: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An announcement of one page by a source. `url` is absolute, http or https, as announced."""

    url: str
    title: str | None = None
    summary: str | None = None
    guid: str | None = None
    published: Moment | None = None
    modified: Moment | None = None
    language: str | None = None
    text: str | None = None  # the whole text, where a feed carries it
    published_raw: str | None = None  # what stands in the place of a date and can be none


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildSitemap:
    """A sitemap named by a sitemap index; `modified` as the index says."""

    url: str
    modified: Moment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReading:
    """What one poll of a source said.

    `entries` are newest first where dates are known. `is_whole` is False where it broke off.
    `shape` names what it was ("rss20", "atom10", "json11", "news-sitemap", "sitemap",
    "sitemap-index", "section", "gdelt"). `pause_s` is how long the source asks not to be polled
    (ttl, sy:updatePeriod), `quiet_hours` (UTC) and `quiet_days` (0 is Monday) when it asks for none
    (skipHours, skipDays). `dropped` counts entries that could not be used, by reason. `links`
    (sections only) are digests of every link on the page, for the next visit's comparison.
    """

    shape: str
    title: str | None = None
    entries: tuple[Entry, ...] = ()
    children: tuple[ChildSitemap, ...] = ()
    pause_s: float | None = None
    quiet_hours: tuple[int, ...] = ()
    quiet_days: tuple[int, ...] = ()
    dropped: Mapping[str, int] = field(default_factory=dict)
    links: tuple[str, ...] = ()
    charset: str | None = None
    is_whole: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """The outlet's own edition of an article in another language."""

    url: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """To whom a report owes its news (origin), or whom it quotes besides."""

    name: str
    role: Role
    sentence: str
    outlet: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What was read from one page: clean text and what the page says about itself.

    `canonical` is the page's own declaration, absolute, unjudged. `text` keeps paragraphs as lines
    and holds no headline, byline, date line, caption or furniture.
    """

    title: str
    text: str
    text_status: TextStatus = "full"
    text_source: TextSource = "page"
    description: str | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None
    published: Moment | None = None
    modified: Moment | None = None
    publisher: str | None = None
    tags: tuple[str, ...] = ()
    image: str | None = None
    free_access: bool | None = None
    license: str | None = None
    reuse: tuple[str, ...] = ()
    canonical: str | None = None
    alternates: tuple[str, ...] = ()
    translations: tuple[Translation, ...] = ()
    cites: tuple[Citation, ...] = ()
    published_raw: str | None = None  # what was said in place of a date, where `published` is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Whether the relationship is a subject, with the evidence a reader needs to agree or not."""

    relevant: bool
    score: float
    threshold: float
    ruleset: str
    terms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    topic_reasons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Triage:
    """Whether an entry is worth fetching, judged from what its source says of it."""

    fetch: bool
    score: float
    ruleset: str
    reasons: tuple[str, ...] = ()
