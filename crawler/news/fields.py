"""What each group of a record's fields says: article, judgement and fetch as plain JSON values.

Promise: what nobody said is None or an empty list, never "" and never a guess; only the text of an
article has lines, every other string is on one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawler.news.jsonl import clean, write_time
from crawler.news.outlets import Outlet
from crawler.news.records import Article, Citation, FoundKind, Judgement, Moment
from crawler.notation import hide_secrets

# DuckDB reads objects of up to 16 MiB. Escaping at worst triples a text, so its line stays below.
TEXT_LIMIT_BYTES = 5_000_000
# Far beyond what an honest page says in one place; the longest URL that is asked for has 2,083.
LINE_LIMIT = 5_000
LIST_LIMIT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """What HTTP gave for a page. `status` is None for what came without HTTP (a file)."""

    url_announced: str
    url_final: str
    status: int | None
    fetched_at: datetime
    discovered_at: datetime
    etag: str | None = None
    last_modified: str | None = None
    content_type: str | None = None
    body_sha256: str | None = None
    redirects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Where a page was announced: `url` is the source's, guid and title are the entry's."""

    kind: FoundKind
    url: str | None = None
    guid: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extractor:
    """What made an article out of a page."""

    name: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivePlace:
    """Where the response lies: a WARC file relative to the data folder, and the record's offset."""

    file: str
    offset: int


def content_hash(text: str) -> str:
    """SHA-256 of a text as it stands in a record, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def article_fields(article: Article, outlet: Outlet | None) -> dict[str, Any]:
    """What the page says, and of which outlet it is."""
    text, is_cut = _bounded(clean(article.text))
    return {
        "translations": [
            {"url": flat(told.url), "language": flat(told.language)}
            for told in article.translations[:LIST_LIMIT]
        ],
        "outlet": outlet.id if outlet else None,
        "publisher": told(article.publisher) or (outlet.name if outlet else None),
        "country": outlet.country if outlet else None,
        "title": flat(article.title),
        "description": told(article.description),
        "text": text,
        "authors": listed(article.authors),
        "language": told(article.language),
        "text_status": "cut" if is_cut else article.text_status,
        "text_source": article.text_source,
        "tags": listed(article.tags),
        "image": told(article.image),
        "free_access": article.free_access,
        "license": told(article.license),
        "reuse": listed(article.reuse),
        "cites": [_cite(cited) for cited in article.cites[:LIST_LIMIT]],
        "content_hash": content_hash(text),
    }


def date_fields(article: Article, fetch: Fetch) -> dict[str, Any]:
    """When it was published, changed, discovered and fetched, and how that is known."""
    published = article.published
    return {
        "date_published": _time_of(published),
        "date_modified": _time_of(article.modified),
        "date_discovered": write_time(fetch.discovered_at),
        "date_fetched": write_time(fetch.fetched_at),
        "date_published_raw": told(published.raw if published else article.published_raw),
        "date_local": published.local_day if published else None,
        "date_precision": published.precision if published else None,
        "date_source": published.source if published else None,
    }


def judgement_fields(judgement: Judgement) -> dict[str, Any]:
    """Why it is kept: the match, and the topics with their reasons."""
    parties = {"dprk": (), "russia": (), **judgement.terms}
    return {
        "match": {
            "score": round(judgement.score, 4),
            "threshold": round(judgement.threshold, 4),
            "ruleset": judgement.ruleset,
            "terms": {party: listed(terms) for party, terms in parties.items()},
            "reasons": listed(judgement.reasons),
            "sentences": listed(judgement.sentences),
        },
        "topics": list(judgement.topics),
        "topic_reasons": {topic: flat(why) for topic, why in judgement.topic_reasons.items()},
    }


def provenance_fields(fetch: Fetch, found: Found) -> dict[str, Any]:
    """Where it came from: the announcement and the HTTP exchange."""
    return {
        "url_announced": flat(fetch.url_announced),
        "url_final": flat(fetch.url_final),
        "found_in": {
            "kind": found.kind,
            "url": told(hide_secrets(found.url)) if found.url else None,
            "guid": told(found.guid),
            "title": told(found.title),
        },
        "http": {
            "status": fetch.status,
            "etag": told(fetch.etag),
            "last_modified": told(fetch.last_modified),
            "content_type": told(fetch.content_type),
            "body_sha256": fetch.body_sha256,
            "redirects": [flat(hop) for hop in fetch.redirects],
        },
    }


def flat(text: str) -> str:
    """A string cleaned, brought onto one line, and no longer than `LINE_LIMIT`."""
    return clean(text[: LINE_LIMIT * 2]).replace("\n", " ").strip()[:LINE_LIMIT].rstrip()


def told(text: str | None) -> str | None:
    """A string on one line, None when there is nothing in it."""
    return (flat(text) or None) if text else None


def listed(texts: Sequence[str]) -> list[str]:
    """Strings on one line each, every one once, empty ones left out, at most `LIST_LIMIT`."""
    return list(dict.fromkeys(text for text in map(flat, texts) if text))[:LIST_LIMIT]


def _bounded(text: str) -> tuple[str, bool]:
    encoded = text.encode()
    if len(encoded) <= TEXT_LIMIT_BYTES:
        return text, False
    return encoded[:TEXT_LIMIT_BYTES].decode(errors="ignore"), True


def _time_of(moment: Moment | None) -> str | None:
    if moment is None:
        return None
    written = write_time(moment.at)
    return f"{written[:10]}T00:00:00Z" if moment.precision == "day" else written


def _cite(cited: Citation) -> dict[str, Any]:
    return {
        "name": flat(cited.name),
        "outlet": cited.outlet,
        "url": told(cited.url),
        "role": cited.role,
        "sentence": flat(cited.sentence),
    }
