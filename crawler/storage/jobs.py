"""Jobs and leases: what waits in the frontier, and what a worker holds while it works on it.

Promise: a payload is plain JSON of our own making; what cannot be read back is an error, never
guessed at.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Literal

from crawler.news.records import Entry, FoundKind, Moment
from crawler.news.urls import canonical_url, fingerprint

JobKind = Literal["article", "feed", "sitemap", "section", "robots"]

# Lower goes first: sources and what a person asked for, then fresh news, then old pages.
SOURCE_PRIORITY = 0
FRESH_PRIORITY = 1
OLD_PRIORITY = 2
FRESH_S = 48 * 3600.0

REDIRECT_LIMIT = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One page or source to ask for.

    `url` is the identity (canonical for articles), `fetch_url` what is requested now: after a
    redirect it is the new address, and `redirects` holds the former ones. `source` is the id of
    the source that announced an article, or of the source itself.
    """

    kind: JobKind
    url: str
    fetch_url: str
    outlet: str | None = None
    source: str | None = None
    source_url: str | None = None
    found: FoundKind | None = None
    entry: Entry | None = None
    discovered_at: datetime | None = None
    redirects: tuple[str, ...] = ()
    of_host: str | None = None

    @property
    def name(self) -> str:
        """The job's key in the frontier: the same for the same page, however it was spelled."""
        if self.kind == "article":
            mark = fingerprint(self.url)
            return f"a:{mark.bucket:04x}{mark.value:016x}"
        if self.kind == "robots":
            return f"r:{self.of_host}"
        if self.found is None:
            return f"s:{self.source}"
        digest = hashlib.sha256(self.url.encode()).hexdigest()[:20]
        return f"c:{digest}"

    def moved_to(self, url: str) -> Job:
        """The same job after a redirect to `url`."""
        return replace(self, fetch_url=url, redirects=(*self.redirects, self.fetch_url))


@dataclass(slots=True, kw_only=True)
class Lease:
    """A claimed job. `deadline` is on this worker's monotonic clock: past it, it must not dial.

    The heartbeat moves the deadline; nothing else of a lease ever changes.
    """

    name: str
    token: str
    job: Job
    host: str
    failures: int = 0
    deaths: int = 0
    robots_at: str = ""
    deadline: float = field(default=0.0, compare=False)

    @property
    def has_run_out(self) -> bool:
        """Whether the lease has ended by our own clock."""
        return time.monotonic() >= self.deadline

    def extend_to(self, deadline: float) -> None:
        """The heartbeat was answered: the lease lasts until then."""
        self.deadline = deadline


def moment_to_json(moment: Moment | None) -> dict[str, Any] | None:
    """A moment as JSON, for payloads."""
    if moment is None:
        return None
    return {
        "at": moment.at.isoformat(),
        "precision": moment.precision,
        "source": moment.source,
        "raw": moment.raw,
        "local_day": moment.local_day,
    }


def moment_from_json(value: dict[str, Any] | None) -> Moment | None:
    """Back from `moment_to_json`."""
    if value is None:
        return None
    return Moment(
        at=datetime.fromisoformat(value["at"]),
        precision=value["precision"],
        source=value["source"],
        raw=value["raw"],
        local_day=value["local_day"],
    )


def _entry_to_json(entry: Entry) -> dict[str, Any]:
    return {
        "url": entry.url,
        "title": entry.title,
        "summary": entry.summary,
        "guid": entry.guid,
        "published": moment_to_json(entry.published),
        "modified": moment_to_json(entry.modified),
        "language": entry.language,
        "text": entry.text,
    }


def _entry_from_json(value: dict[str, Any]) -> Entry:
    dates = {name: moment_from_json(value[name]) for name in ("published", "modified")}
    return Entry(**{**value, **dates})


def to_payload(job: Job) -> str:
    """A job as the JSON text that Redis keeps."""
    found = job.discovered_at
    return json.dumps(
        {
            "kind": job.kind,
            "url": job.url,
            "fetch_url": job.fetch_url,
            "outlet": job.outlet,
            "source": job.source,
            "source_url": job.source_url,
            "found": job.found,
            "entry": _entry_to_json(job.entry) if job.entry else None,
            "discovered_at": found.isoformat() if found else None,
            "redirects": job.redirects,
            "of_host": job.of_host,
        },
        ensure_ascii=True,
        separators=(",", ":"),
    )


def from_payload(payload: str) -> Job:
    """Back from `to_payload`; robots jobs are made by the claim script and carry less."""
    value = json.loads(payload)
    if value["kind"] == "robots" and "of" in value:
        url = value["url"]
        return Job(kind="robots", url=url, fetch_url=url, of_host=value["of"])
    value["entry"] = _entry_from_json(value["entry"]) if value["entry"] else None
    value["redirects"] = tuple(value["redirects"])
    found = value["discovered_at"]
    value["discovered_at"] = datetime.fromisoformat(found) if found else None
    return Job(**value)


def article_job(
    entry: Entry,
    *,
    outlet: str | None,
    source: str | None,
    source_url: str | None,
    found: FoundKind,
    now: datetime,
) -> Job:
    """The job that fetches the page of an entry."""
    return Job(
        kind="article",
        url=canonical_url(entry.url),
        fetch_url=entry.url,
        outlet=outlet,
        source=source,
        source_url=source_url,
        found=found,
        entry=entry,
        discovered_at=now.astimezone(UTC),
    )


def priority_of(job: Job, now: datetime) -> int:
    """Where a job stands in its host's queue."""
    if job.kind != "article" or job.found == "manual":
        return SOURCE_PRIORITY
    moment = job.entry.published if job.entry else None
    if moment is not None and (now - moment.at).total_seconds() > FRESH_S:
        return OLD_PRIORITY
    return FRESH_PRIORITY
