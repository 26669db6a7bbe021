"""Polls: what every kind of source has in common, from the conditional request to the commit.

Promise: what a source announced is offered or journaled before its validators are kept, and a
source that breaks is visible with its reason from this very poll on. A source is never buried.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from scrapy.http import Response

from crawler import settling, signals
from crawler.desk import Desk, facts
from crawler.errors import SourceError
from crawler.news import cadence
from crawler.news.answers import meaning_of, words_for
from crawler.news.cadence import FailureKind, retry_after_s
from crawler.news.verdicts import SortedEntry, SourceTask, SourceVerdict
from crawler.parse_pool import ParseDeath
from crawler.settling import tally_name
from crawler.storage import sources
from crawler.storage.jobs import REDIRECT_LIMIT, Lease, article_job
from crawler.storage.sources import SourceState, rfc3339
from spiders.asking import Silence, header, target_of_redirect

log = logging.getLogger(__name__)

# Entries without a title are fetched up to this many per source and pass (design.md 4).
UNTITLED_LIMIT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """A poll that was answered with something readable."""

    lease: Lease
    state: SourceState
    verdict: SourceVerdict
    now: datetime


async def headers(desk: Desk, lease: Lease) -> dict[str, str]:
    """The validators of the last poll, so that a source that did not change can say so."""
    state = await desk.patiently(lambda: sources.load_state(desk.frontier, lease.name))
    asks = {}
    if state.etag:
        asks["If-None-Match"] = state.etag
    if state.last_modified:
        asks["If-Modified-Since"] = state.last_modified
    return asks


async def read(desk: Desk, lease: Lease, response: Response) -> Poll | None:
    """Read what a source answered; None when the poll is settled (unchanged, moved, failed)."""
    now = datetime.now(UTC)
    state = await desk.patiently(lambda: sources.load_state(desk.frontier, lease.name))
    meaning = meaning_of(response.status)
    if meaning == "moved":
        target = target_of_redirect(response)
        if target is not None and len(lease.job.redirects) < REDIRECT_LIMIT:
            await settling.follow(desk, lease, target)
        else:
            await fail(desk, lease, "bad-content", "redirected to nowhere or in a loop")
    elif meaning == "unchanged":
        await _commit_unchanged(desk, lease, state, now)
    elif meaning != "ok":
        kind: FailureKind = "throttled" if meaning == "throttled" else "server-error"
        if meaning in ("gone", "refused", "odd"):
            kind = "bad-content"
        asked_s = retry_after_s(header(response, "Retry-After"), now)
        await fail(desk, lease, kind, words_for(response.status), asked_s)
    else:
        return await _read_body(desk, lease, response, state, now)
    return None


async def _read_body(
    desk: Desk, lease: Lease, response: Response, state: SourceState, now: datetime
) -> Poll | None:
    kind = lease.job.kind
    if kind not in ("feed", "sitemap", "section"):
        raise ValueError(f"{kind} is no source")
    card = await desk.card(lease.job.outlet)
    task = SourceTask(
        kind=kind,
        body=response.body,
        url=response.url,
        content_type=header(response, "Content-Type"),
        outlet=card,
        known=state.links,
        max_age_s=desk.config.max_age_s,
        now=now,
    )
    try:
        verdict = await desk.pool.read_source(task)
    except SourceError as error:
        await fail(desk, lease, "bad-content", error.problem)
        return None
    except ParseDeath as error:
        await fail(desk, lease, "bad-content", str(error))
        return None
    state = replace(
        state,
        etag=header(response, "ETag"),
        last_modified=header(response, "Last-Modified"),
        shape=verdict.reading.shape,
    )
    return Poll(lease=lease, state=state, verdict=verdict, now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """How many entries a poll offered for fetching, and how many it left out, all of them new."""

    offered: int = 0
    left: int = 0


async def announce(desk: Desk, poll: Poll) -> Announced:
    """Offer what is worth fetching and journal what is not."""
    entries = poll.verdict.entries
    marks = [_mark(entry) for entry in entries]
    unseen = await desk.patiently(lambda: desk.frontier.unseen(marks))
    fresh = [entry for entry, is_new in zip(entries, unseen, strict=True) if is_new]
    wanted, left = _share_out(fresh)
    left = await _left_anew(desk, left)
    job = poll.lease.job
    omissions = [
        settling.omission(
            entry.entry,
            entry.url,
            stage=entry.fate,
            outlet=job.outlet,
            source=job.source,
            judged=entry.triage if entry.fate == "triage" else None,
            reasons=_why_left(entry),
        )
        for entry in left
    ]
    await settling.journal(desk, omissions)
    await desk.patiently(lambda: desk.frontier.mark_seen([_mark(entry) for entry in left]))
    jobs = [
        article_job(
            entry.entry,
            outlet=job.outlet,
            source=job.source,
            source_url=job.source_url,
            found=job.kind,  # type: ignore[arg-type] # a poll's job is a feed, sitemap or section
            now=poll.now,
        )
        for entry in wanted
    ]
    await desk.patiently(lambda: desk.frontier.offer(jobs, poll.now, parent=poll.lease.name))
    for left_out in omissions:
        settling.tell_dropped(desk, left_out, job.kind)
    return Announced(offered=len(wanted), left=len(left))


async def _left_anew(desk: Desk, left: Sequence[SortedEntry]) -> list[SortedEntry]:
    # A deferred entry stays wanted, so it comes again at each poll; its journal line does not.
    unseen = await desk.patiently(lambda: desk.frontier.unseen([_mark(entry) for entry in left]))
    return [entry for entry, is_new in zip(left, unseen, strict=True) if is_new]


def _share_out(fresh: Sequence[SortedEntry]) -> tuple[list[SortedEntry], list[SortedEntry]]:
    wanted, left, untitled = [], [], 0
    for entry in fresh:
        if entry.fate != "fetch":
            left.append(entry)
            continue
        untitled += entry.entry.title is None
        if entry.entry.title is None and untitled > UNTITLED_LIMIT:
            left.append(replace(entry, fate="deferred"))
        else:
            wanted.append(entry)
    return wanted, left


def _mark(entry: SortedEntry) -> str:
    # What is only left for now is remembered beside its URL: a later pass may want the page itself.
    if entry.fate not in ("age", "deferred"):
        return entry.url
    return f"{entry.url}{'&' if '?' in entry.url else '?'}left-for={entry.fate}"


def _why_left(entry: SortedEntry) -> tuple[str, ...]:
    if entry.fate == "age":
        return ("its source dates it before the wanted age",)
    if entry.fate == "deferred":
        return (f"over {UNTITLED_LIMIT} entries without a title in one poll",)
    return ()


async def commit(desk: Desk, poll: Poll, announced: Announced, **changes: object) -> None:
    """End a poll that worked: validators, rhythm, health, and when to look again."""
    reading, state, lease = poll.verdict.reading, poll.state, poll.lease
    listed, new = len(reading.entries), announced.offered + announced.left
    rhythm = cadence.after_poll(
        state.rhythm, new=new, listed=listed, now=poll.now, asked_pause_s=reading.pause_s
    )
    stamp = rfc3339(poll.now)
    state = replace(
        state,
        rhythm=rhythm,
        polled_at=stamp,
        worked_at=stamp,
        news_at=stamp if new else state.news_at,
        failing_since=None,
        failures=0,
        why=None,
        entries=state.entries + new,
        **changes,  # type: ignore[arg-type] # links or children, by the kind of source
    )
    counts = {"polled": 1, "entries": listed, "new": new, "triaged": announced.left}
    await _commit(desk, lease, state, counts, listed=listed, new=new)


async def _commit_unchanged(desk: Desk, lease: Lease, state: SourceState, now: datetime) -> None:
    stamp = rfc3339(now)
    state = replace(
        state,
        rhythm=cadence.after_unchanged(state.rhythm, now),
        polled_at=stamp,
        worked_at=stamp,
        failing_since=None,
        failures=0,
        why=None,
    )
    await _commit(desk, lease, state, {"polled": 1, "unchanged": 1}, listed=0, new=0)


async def fail(
    desk: Desk, lease: Lease, kind: FailureKind, why: str, asked_s: float | None = None
) -> None:
    """A poll failed: the source is shown as failing, with the reason, and backs off."""
    now = datetime.now(UTC)
    state = await desk.patiently(lambda: sources.load_state(desk.frontier, lease.name))
    rhythm = cadence.after_failure(
        state.rhythm, kind, now, retry_after_s=asked_s, spread=random.random()
    )
    state = replace(
        state,
        rhythm=rhythm,
        polled_at=rfc3339(now),
        failing_since=state.failing_since or rfc3339(now),
        failures=state.failures + 1,
        why=why,
    )
    counts = {"polled": 1, "failed": 1, f"why:{why}": 1}
    await _commit(desk, lease, state, counts, listed=0, new=0)
    log.warning("%s", facts(event="source_failed", url=lease.job.url, why=why))


async def silent(desk: Desk, lease: Lease, silence: Silence) -> None:
    """End a poll that got no answer."""
    await fail(desk, lease, silence.kind, silence.words)


async def _commit(
    desk: Desk, lease: Lease, state: SourceState, counts: dict[str, int], *, listed: int, new: int
) -> None:
    tally = {tally_name(lease, event): n for event, n in counts.items() if n}
    is_child = lease.job.found is not None
    due_s = None if is_child else state.rhythm.due_in_s
    await desk.patiently(lambda: sources.commit(desk.frontier, lease, state, tally, due_s=due_s))
    desk.lay_down(lease)
    desk.signals.send_catch_log(
        signals.source_polled,
        outlet=lease.job.outlet,
        url=lease.job.url,
        listed=listed,
        new=new,
        problem=state.why,
    )
    log.info(
        "%s",
        facts(event="polled", outlet=lease.job.outlet, url=lease.job.url, listed=listed, new=new),
    )
