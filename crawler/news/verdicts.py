"""What is handed to the parse pool, and what it hands back: plain values, quick to import.

Promise: a verdict holds all that is needed to settle its job. The reading itself is in reading.py,
which only the pool's children load.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crawler.news.near_duplicates import Signature
from crawler.news.outlets import Outlet
from crawler.news.records import Article, Entry, Judgement, SourceKind, SourceReading, Triage


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTask:
    """What HTTP gave for an article job."""

    body: bytes
    url: str
    content_type: str | None
    outlet: Outlet | None
    entry: Entry | None
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PageVerdict:
    """An article with its identity, its judgement, and its text's signature."""

    article: Article
    url: str
    judgement: Judgement
    signature: Signature


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTask:
    """What HTTP gave for a source job; `known` are the links of the former visit (sections)."""

    kind: SourceKind
    body: bytes
    url: str
    content_type: str | None
    outlet: Outlet | None
    known: tuple[str, ...]
    max_age_s: float
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontTask:
    """What HTTP gave for a page of a site that is not known yet."""

    body: bytes
    url: str
    content_type: str | None
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SortedEntry:
    """An entry, its identity, and what is to become of it.

    `fate` is "fetch", or the stage at which it is left out: "triage", or "age" (older than wanted).
    """

    entry: Entry
    url: str
    fate: str
    triage: Triage


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceVerdict:
    """What a poll said, every entry sorted."""

    reading: SourceReading
    entries: tuple[SortedEntry, ...]
