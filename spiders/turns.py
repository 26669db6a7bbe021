"""Turns: what a poll turned out about a source is said once, when it begins and when it ends.

Promise: the log tells every change of a source's health with the reason, however it came about, and
says nothing of what goes on as it was.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from crawler.desk import Desk
from crawler.events import facts
from crawler.news.health import STUCK_TIMES, TROUBLES, Health, health_of
from crawler.news.jsonl import read_time
from crawler.news.outlets import sources_of
from crawler.news.source_states import SourceState
from crawler.storage.jobs import Lease
from crawler.storage.sources import load_state, source_job

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What was remembered of a source before and after a poll."""

    former: SourceState
    state: SourceState
    at: datetime


def tell_turn(lease: Lease, turn: Turn) -> None:
    """Say what a poll changed; silence, which only time brings, at the first poll that sees it."""
    former, state, url = turn.former, turn.state, lease.job.url
    polled_at = read_time(former.polled_at) if former.polled_at else turn.at
    tell_health(name_of(lease), health_of(former, polled_at), health_of(state, turn.at))
    if state.lies_since and not former.lies_since:
        why = "it answered 304 while it had new entries; asked for the whole from now on"
        log.warning("%s", facts(event="source_lies", url=url, why=why))
    if state.moved_to and not former.moved_to:
        log.warning("%s", facts(event="source_moved", url=url, to=state.moved_to))
    if former.moved_to and not state.moved_to:
        log.warning("%s", facts(event="source_moved_back", url=url))


def tell_stuck(lease: Lease, state: SourceState, now: datetime) -> None:
    """Say that workers die over a source, at the first claim that sees it."""
    if state.stuck == STUCK_TIMES and not state.failures:
        word = health_of(state, now)
        tell_health(name_of(lease), Health(word="working"), word)


def tell_health(source: str, before: Health, after: Health) -> None:
    """Say that the health of a source changed, unless it did not."""
    if before.word == after.word:
        return
    is_bad = after.word in TROUBLES or after.word == "overrun"
    told = {"source": source, "from": before.word, "to": after.word, "why": after.why}
    log.log(logging.WARNING if is_bad else logging.INFO, "%s", facts(event="health", **told))


async def tell_host(desk: Desk, host: str, turn: int, why: str | None) -> None:
    """Say of every source of a host that it fails for its robots.txt (1), or does no more (-1)."""
    now = datetime.now(UTC)
    for source in (source for card in desk.outlets.values() for source in sources_of(card)):
        if not desk.outlets[source.outlet].enabled or desk.frontier.host_of(source.url) != host:
            continue
        name = source_job(source).name
        state = await desk.patiently(lambda name=name: load_state(desk.frontier, name))  # type: ignore[misc]
        own, held_up = health_of(state, now), Health(word="failing", why=why)
        tell_health(source.id, *((own, held_up) if turn > 0 else (held_up, own)))


def name_of(lease: Lease) -> str:
    """A source by its id, a sub-sitemap by its address."""
    job = lease.job
    return job.source if job.source and job.found is None else job.url
