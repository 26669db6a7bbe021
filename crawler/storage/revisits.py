"""Revisits: which stored record is looked at again, and when. The record itself is in the store.

Promise: whatever crashes, a stored article is looked at again at its times: the visit is planned in
the step that settles its line, and anew when a slot is taken over or a Redis is taught.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from crawler.news.answers import meaning_of
from crawler.news.jsonl import read_time
from crawler.news.lines import Record, read_record
from crawler.news.revisions import MISSING_S, next_visit_s
from crawler.storage.jobs import Job, Revisit
from crawler.storage.moves import Planned
from crawler.storage.reading import find_record, read_line


def visit_of(record: Record, slot: str, former: Revisit | None = None) -> Job:
    """The job that looks at a record again; `slot` wrote its line, `former` led to it."""
    fetched_at = read_time(record.date_fetched)
    first_at = fetched_at if record.revision == 1 else read_time(record.date_discovered)
    is_there = record.revision_cause != "gone"
    return Job(
        kind="revisit",
        url=record.url,
        fetch_url=record.url_final,
        outlet=record.outlet,
        source=None,
        source_url=record.found_in["url"],
        found=record.found_in["kind"],
        revisit=Revisit(
            record_id=record.id,
            revision=record.revision,
            slot=slot,
            day=fetched_at.date(),
            stored_at=former.stored_at if former else first_at,
            etag=record.http["etag"] if is_there else None,
            last_modified=record.http["last_modified"] if is_there else None,
        ),
    )


def plan(job: Job, steps: Sequence[float], now: datetime) -> Planned | None:
    """When a record is looked at next; None when that was often enough.

    A page that was found missing is looked at a day later, whatever the steps say.
    """
    revisit = job.revisit
    if revisit is None:
        raise ValueError(f"{job.name} is no revisit")
    spread = random.random()
    pause_s = next_visit_s(steps, revisit.stored_at, now, spread=spread)
    if revisit.missing_since is not None:
        waited_s = (now - revisit.missing_since).total_seconds()
        pause_s = max(0.0, MISSING_S - waited_s) * (1.0 + 0.05 * spread)
    if pause_s is None:
        return None
    return Planned(job=job, revision=revisit.revision, pause_s=pause_s)


def missing_since(job: Job, since: datetime | None) -> Job:
    """The same visit, with or without the note that the page was found gone."""
    return replace(job, revisit=replace(job.revisit, missing_since=since)) if job.revisit else job


def find_former(data_dir: Path, revisit: Revisit) -> Record | None:
    """The record that is looked at again; None when it is in the store no more."""
    days: tuple[date, ...] = (revisit.day,)
    place = find_record(data_dir, revisit.slot, revisit.record_id, revisit.revision, days)
    return read_record(read_line(data_dir, place)) if place else None


def plan_first(
    record: Record, slot: str, steps: Sequence[float], former: Revisit | None = None
) -> Planned | None:
    """The next visit to a record whose line has just been written, or was found after a crash.

    None for a page that was never asked for, or that turned us away: its text came with its
    announcement, and nothing would be had from it.
    """
    status = record.http["status"]
    if record.revision_cause != "gone" and (status is None or meaning_of(status) == "refused"):
        return None
    return plan(visit_of(record, slot, former), steps, datetime.now(UTC))
