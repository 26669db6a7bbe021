"""The record and the journal's omission: what one line of the store says, and how it is written.

`Record` holds what stands in the line, as it stands there; its fields are in the order of the line.
`schema.py` says which values a field may have, docs/records.md what they mean.

Promise: a record that was built here reads back equal from its line, and its content_hash is that
of the text in the line.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from crawler.errors import BrokenLine
from crawler.news.fields import (
    ArchivePlace,
    Extractor,
    Fetch,
    Found,
    article_fields,
    content_hash,
    date_fields,
    flat,
    judgement_fields,
    listed,
    provenance_fields,
    told,
)
from crawler.news.jsonl import decode, encode, write_time
from crawler.news.outlets import Outlet
from crawler.news.records import Article, Judgement
from crawler.news.urls import URL_RULE, site, url_id

__all__ = [
    "EXTRACTOR",
    "RECORD_KEYS",
    "SCHEMA_VERSION",
    "SUMMARY_KEPT",
    "ArchivePlace",
    "Extractor",
    "Fetch",
    "Found",
    "Omission",
    "Record",
    "RevisionCause",
    "build_record",
    "content_hash",
    "fields_of",
    "journal_line",
    "parse_line",
    "read_record",
    "to_line",
]

SCHEMA_VERSION = 1
SUMMARY_KEPT = 500

RevisionCause = Literal["outlet", "extractor", "gone", "restored"]

# The version goes up when the same page would give another text, title or date than before.
EXTRACTOR = Extractor(name="tumen", version="2")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One line of DATA/articles. Every value is as JSON has it: times are text, tuples lists."""

    schema_version: int
    id: str
    url_rule: int
    revision: int
    revision_cause: RevisionCause | None
    url: str
    url_announced: str
    url_final: str
    alternate_urls: Sequence[str]
    translations: Sequence[Mapping[str, Any]]
    outlet: str | None
    publisher: str | None
    domain: str
    country: str | None
    title: str
    description: str | None
    text: str
    authors: Sequence[str]
    language: str | None
    text_status: str
    text_source: str
    date_published: str | None
    date_modified: str | None
    date_discovered: str
    date_fetched: str
    date_published_raw: str | None
    date_local: str | None
    date_precision: str | None
    date_source: str | None
    tags: Sequence[str]
    image: str | None
    free_access: bool | None
    license: str | None
    reuse: Sequence[str]
    match: Mapping[str, Any]
    topics: Sequence[str]
    topic_reasons: Mapping[str, str]
    cites: Sequence[Mapping[str, Any]]
    found_in: Mapping[str, Any]
    http: Mapping[str, Any]
    content_hash: str
    story_id: str | None
    duplicate_of: str | None
    extractor: Mapping[str, str]
    archive: Mapping[str, Any] | None


RECORD_KEYS = tuple(part.name for part in dataclasses.fields(Record))


@dataclass(frozen=True, slots=True, kw_only=True)
class Omission:
    """A page that was left out, and why.

    `url` is canonical. `stage` names the step that decided: triage, age, relevance, gone, known,
    duplicate, deferred; one word, lower case. `summary` is what was told beside the title, or how
    the text begins; its line keeps the first `SUMMARY_KEPT` characters, so that other rules can
    judge it again.
    """

    url: str
    stage: str
    at: datetime
    title: str | None = None
    outlet: str | None = None
    source: str | None = None
    score: float | None = None
    threshold: float | None = None
    reasons: tuple[str, ...] = ()
    ruleset: str | None = None
    summary: str | None = None
    language: str | None = None


def build_record(
    *,
    article: Article,
    judgement: Judgement,
    fetch: Fetch,
    found: Found,
    outlet: Outlet | None,
    url: str,
    alternates: Sequence[str] = (),
    revision: int = 1,
    revision_cause: RevisionCause | None = None,
    story_id: str | None = None,
    duplicate_of: str | None = None,
    extractor: Extractor = EXTRACTOR,
    archive: ArchivePlace | None = None,
) -> Record:
    """The record of an article under its canonical `url`.

    Raises ValueError for a time without a zone, and unless exactly later revisions have a cause.
    """
    if (revision == 1) != (revision_cause is None):
        raise ValueError(f"revision {revision} cannot have the cause {revision_cause}")
    return Record(
        schema_version=SCHEMA_VERSION,
        id=url_id(url),
        url_rule=URL_RULE,
        revision=revision,
        revision_cause=revision_cause,
        url=url,
        alternate_urls=[other for other in listed(alternates) if other != url],
        domain=site(url),
        story_id=story_id,
        duplicate_of=duplicate_of,
        extractor=dataclasses.asdict(extractor),
        archive=dataclasses.asdict(archive) if archive else None,
        **provenance_fields(fetch, found),
        **article_fields(article, outlet),
        **date_fields(article, fetch),
        **judgement_fields(judgement),
    )


def fields_of(record: Record) -> dict[str, Any]:
    """The record's values by their names, in the order of the line."""
    return {name: getattr(record, name) for name in RECORD_KEYS}


def to_line(record: Record) -> bytes:
    """The record as one line with its line feed; raises ValueError for a score that is NaN."""
    return encode(fields_of(record))


def parse_line(line: bytes) -> dict[str, Any]:
    """What a line says, whatever version wrote it; raises BrokenLine if it is no JSON object."""
    return decode(line)


def read_record(line: bytes) -> Record:
    """The record of a line of our own version, to be written again.

    Raises BrokenLine for a line that lacks a field, or that a newer Tumen wrote: what this one does
    not know would be lost on the way.
    """
    said = decode(line)
    if said.get("schema_version") != SCHEMA_VERSION:
        problem = f"its schema_version is {said.get('schema_version')}, ours is {SCHEMA_VERSION}"
        raise BrokenLine(line, problem)
    if unlike := set(RECORD_KEYS) ^ set(said):
        raise BrokenLine(line, f"missing or unknown: {', '.join(sorted(unlike))}")
    return Record(**said)


def journal_line(omission: Omission) -> bytes:
    """The line of the journal that tells what was left out and why."""
    return encode(
        {
            "schema_version": SCHEMA_VERSION,
            "at": write_time(omission.at),
            "stage": omission.stage,
            "id": url_id(omission.url),
            "url": omission.url,
            "title": told(omission.title),
            "outlet": omission.outlet,
            "source": omission.source,
            "score": None if omission.score is None else round(omission.score, 4),
            "threshold": None if omission.threshold is None else round(omission.threshold, 4),
            "reasons": [flat(reason) for reason in omission.reasons],
            "ruleset": omission.ruleset,
            "summary": told((omission.summary or "")[:SUMMARY_KEPT]),
            "language": told(omission.language),
        }
    )
