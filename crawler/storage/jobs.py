"""Jobs and leases: what waits in the frontier, and what a worker holds while it works on it.

Promise: a job's name says which page or source it is, however it was spelled, so that the frontier
holds it once. How a job is written down is in payloads.py.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Literal

from crawler.news.records import Entry, FoundKind
from crawler.news.urls import canonical_url, fingerprint

JobKind = Literal["article", "text", "feed", "sitemap", "section", "search", "robots", "revisit"]
# What becomes of an announced page: it is asked for, or its text came with the announcement.
PageKind = Literal["article", "text"]
PAGES: tuple[JobKind, ...] = ("article", "text")

# Lower goes first: sources and what a person asked for, then fresh news, old pages, and at last
# what is stored already and looked at again.
SOURCE_PRIORITY = 0
FRESH_PRIORITY = 1
OLD_PRIORITY = 2
REVISIT_PRIORITY = 3
FRESH_S = 48 * 3600.0

REDIRECT_LIMIT = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Revisit:
    """Which record is looked at again: its newest revision and where that line is.

    `stored_at` is when the article was first fetched; `missing_since` when its page was first
    found gone, None while it is there; `etag` and `last_modified` make the request conditional.
    """

    record_id: str
    revision: int
    slot: str
    day: date
    stored_at: datetime
    missing_since: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One page or source to ask for.

    `url` is the identity (canonical for articles), `fetch_url` what is requested now: after a
    redirect it is the new address, `redirects` holds the former ones, and `is_for_good` tells
    that all of them were permanent. `source` is the id of the source that announced an article,
    or of the source itself. `depth` is how many indexes led to a sitemap.
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
    is_for_good: bool = False
    of_host: str | None = None
    revisit: Revisit | None = None
    depth: int = 0

    @property
    def name(self) -> str:
        """The job's key in the frontier: the same for the same page, however it was spelled."""
        if self.kind in PAGES:
            return article_name(self.url)
        if self.kind == "robots":
            return f"r:{self.of_host}"
        if self.revisit is not None:
            return revisit_name(self.revisit.record_id)
        if self.found is None:
            return f"s:{self.source}"
        digest = hashlib.sha256(self.url.encode()).hexdigest()[:20]
        return f"c:{digest}"

    @property
    def queue(self) -> str | None:
        """In whose queue it waits; None: in that of the host that it asks."""
        return f"text:{self.outlet or '-'}" if self.kind == "text" else None

    def at_home(self) -> Job:
        """The same job at the address where its redirects began."""
        if not self.redirects:
            return self
        return replace(self, fetch_url=self.redirects[0], redirects=(), is_for_good=False)

    def moved_to(self, url: str, *, is_for_good: bool = False) -> Job:
        """The same job after a redirect to `url`."""
        return replace(
            self,
            fetch_url=url,
            redirects=(*self.redirects, self.fetch_url),
            is_for_good=is_for_good and (self.is_for_good or not self.redirects),
        )


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


def article_name(url: str) -> str:
    """The name of the job that fetches the page of a canonical URL."""
    mark = fingerprint(url)
    return f"a:{mark.bucket:04x}{mark.value:016x}"


def revisit_name(record_id: str) -> str:
    """The name of the job that looks at a record again."""
    return f"v:{record_id}"


def article_job(
    entry: Entry,
    *,
    outlet: str | None,
    source: str | None,
    source_url: str | None,
    found: FoundKind,
    now: datetime,
    kind: PageKind = "article",
) -> Job:
    """The job that fetches the page of an entry, or takes the text that came with it."""
    return Job(
        kind=kind,
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
    if job.kind == "revisit":
        return REVISIT_PRIORITY
    if job.kind not in PAGES or job.found == "manual":
        return SOURCE_PRIORITY
    moment = job.entry.published if job.entry else None
    if moment is not None and (now - moment.at).total_seconds() > FRESH_S:
        return OLD_PRIORITY
    return FRESH_PRIORITY
