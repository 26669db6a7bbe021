"""What is handed to the parse pool, and what it hands back: plain values, quick to import.

Promise: a verdict holds all that is needed to settle its job. The reading itself is in reading.py,
which only the pool's children load.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from crawler.news.near_duplicates import Signature
from crawler.news.outlets import Outlet
from crawler.news.records import Article, Entry, Judgement, SourceKind, SourceReading, Triage
from crawler.news.recurring import PageLines


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTask:
    """What HTTP gave for an article job.

    `recurring` are fingerprints of its outlet's furniture (see recurring.py). With `may_skip` a
    page that does not name the parties is not read: for what a source announced, never for what a
    person asked for.
    """

    body: bytes
    url: str
    content_type: str | None
    outlet: Outlet | None
    entry: Entry | None
    now: datetime
    recurring: frozenset[int] = frozenset()
    may_skip: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PageVerdict:
    """An article with its identity, its judgement, and its text's signature.

    `lines` is what its outlet's furniture is learned from. A page that was skipped has an article
    without text, and a judgement that says why.
    """

    article: Article
    url: str
    judgement: Judgement
    signature: Signature
    lines: PageLines


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """How a page's text was found: by whose opinion, what each gave, what was dropped and why."""

    opinion: str
    sizes: Mapping[str, int]
    charset: str
    dropped: tuple[tuple[str, str], ...]


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
