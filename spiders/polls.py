"""Polls: what every kind of source has in common, from the conditional request to the commit.

Promise: what a source announced is offered or journaled before its validators are kept, and a
source that breaks is visible with its reason from this very poll on. A source is never buried.
"""

from __future__ import annotations

import logging
import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from scrapy.http import Response

from crawler import settling, signals
from crawler.desk import Desk
from crawler.errors import SourceError
from crawler.events import facts
from crawler.news import cadence, source_states
from crawler.news.answers import GONE_FOR_GOOD, meaning_of, words_for
from crawler.news.cadence import FailureKind, retry_after_s
from crawler.news.health import dated_rhythm, why_empty
from crawler.news.outlets import doubtful_sources_of, sources_of
from crawler.news.records import SourceReading
from crawler.news.source_states import Answered, SourceState
from crawler.news.verdicts import SourceTask, SourceVerdict
from crawler.parse_pool import ParseDeath
from crawler.settling import tally_name
from crawler.storage import proofs, sources
from crawler.storage.jobs import REDIRECT_LIMIT, Lease
from crawler.storage.sources import Polled
from spiders.announcing import Announced
from spiders.asking import Silence, header, target_of_redirect
from spiders.turns import Turn, tell_stuck, tell_turn

log = logging.getLogger(__name__)

_BROKE_OFF = "it broke off: its whole entries were read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """A poll that was answered with something readable. `answered` counts no entries yet."""

    lease: Lease
    state: SourceState
    verdict: SourceVerdict
    answered: Answered

    @property
    def now(self) -> datetime:
        """When it was answered."""
        return self.answered.now


async def headers(desk: Desk, lease: Lease) -> dict[str, str]:
    """The validators of the last poll, so that a source that did not change can say so."""
    state = await desk.patiently(lambda: sources.load_state(desk.frontier, lease.name))
    tell_stuck(lease, state, datetime.now(UTC))
    return source_states.validators(state, datetime.now(UTC))


async def read(desk: Desk, lease: Lease, response: Response) -> Poll | None:
    """Read what a source answered; None when the poll is settled (unchanged, moved, failed)."""
    meaning = meaning_of(response.status)
    if meaning == "ok":
        return await _read_body(desk, lease, response)
    if meaning == "moved":
        target = target_of_redirect(response)
        if target is not None and len(lease.job.redirects) < REDIRECT_LIMIT:
            await settling.follow(desk, lease, target, response.status)
        else:
            await fail(desk, lease, "bad-content", "redirected to nowhere or in a loop")
    elif meaning == "unchanged":
        await _commit_unchanged(desk, lease)
    elif response.status == GONE_FOR_GOOD:
        await _retire(desk, lease, words_for(response.status))
    else:
        kind: FailureKind = "throttled" if meaning == "throttled" else "server-error"
        if meaning in ("gone", "refused", "odd"):
            kind = "bad-content"
        asked_s = retry_after_s(header(response, "Retry-After"), datetime.now(UTC))
        await fail(desk, lease, kind, words_for(response.status), asked_s)
    return None


async def _read_body(desk: Desk, lease: Lease, response: Response) -> Poll | None:
    kind, now = lease.job.kind, datetime.now(UTC)
    if kind not in ("feed", "sitemap", "section", "search"):
        raise ValueError(f"{kind} is no source")
    state = await desk.patiently(lambda: sources.load_state(desk.frontier, lease.name))
    task = SourceTask(
        kind=kind,
        body=response.body,
        url=response.url,
        content_type=header(response, "Content-Type"),
        outlet=await desk.card(lease.job.outlet),
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
    empty = why_empty(kind, verdict.reading, state.entries)
    if empty is not None:
        await fail(desk, lease, "bad-content", empty)
        return None
    answered = _answered(lease, response, verdict.reading, now)
    return Poll(lease=lease, state=state, verdict=verdict, answered=answered)


def _answered(lease: Lease, response: Response, reading: SourceReading, now: datetime) -> Answered:
    request = response.request
    newest, gap_s = dated_rhythm(reading.entries, now)
    return Answered(
        now=now,
        listed=len(reading.entries),
        new=0,
        shape=reading.shape,
        address=response.url,
        # What broke off is asked for again as if it had never come: the rest of it is not here.
        etag=header(response, "ETag") if reading.is_whole else None,
        last_modified=header(response, "Last-Modified") if reading.is_whole else None,
        pause_s=reading.pause_s,
        cached_s=cadence.fresh_for_s(header(response, "Cache-Control"), header(response, "Age")),
        quiet_hours=reading.quiet_hours,
        quiet_days=reading.quiet_days,
        newest=newest,
        dated_gap_s=gap_s,
        was_conditional=request is not None
        and any(name in request.headers for name in ("If-None-Match", "If-Modified-Since")),
        was_redirected=bool(lease.job.redirects),
        is_for_good=lease.job.is_for_good,
    )


async def commit(desk: Desk, poll: Poll, announced: Announced, **changes: object) -> None:
    """End a poll that worked: validators, rhythm, health, and when to look again."""
    listed, new = poll.answered.listed, announced.offered + announced.left
    answered = replace(poll.answered, new=new, oldest_new=announced.oldest)
    state = replace(
        source_states.worked(poll.state, answered),
        **changes,  # type: ignore[arg-type] # links or children, by the kind of source
    )
    counts = {"polled": 1, "entries": listed, "new": new, "triaged": announced.left}
    if not poll.verdict.reading.is_whole:
        counts[f"why:{_BROKE_OFF}"] = 1
        log.warning("%s", facts(event="source_broke_off", url=poll.lease.job.url, why=_BROKE_OFF))
    turn = Turn(former=poll.state, state=state, at=poll.now)
    await _commit(desk, poll.lease, turn, counts)


async def _commit_unchanged(desk: Desk, lease: Lease) -> None:
    former = await desk.patiently(lambda: sources.load_state(desk.frontier, lease.name))
    now = datetime.now(UTC)
    turn = Turn(former=former, state=source_states.unchanged(former, now), at=now)
    await _commit(desk, lease, turn, {"polled": 1, "unchanged": 1})


async def fail(
    desk: Desk, lease: Lease, kind: FailureKind, why: str, asked_s: float | None = None
) -> None:
    """A poll failed: the source is shown as failing, with the reason, and backs off."""
    former = await desk.patiently(lambda: sources.load_state(desk.frontier, lease.name))
    now, spread = datetime.now(UTC), random.random()
    state = source_states.failed(former, kind, why, now, spread=spread, retry_after_s=asked_s)
    await _commit_failure(desk, lease, Turn(former=former, state=state, at=now))


async def _retire(desk: Desk, lease: Lease, why: str) -> None:
    former = await desk.patiently(lambda: sources.load_state(desk.frontier, lease.name))
    now = datetime.now(UTC)
    turn = Turn(former=former, state=source_states.retired(former, why, now), at=now)
    await _commit_failure(desk, lease, turn)


async def _commit_failure(desk: Desk, lease: Lease, turn: Turn) -> None:
    await _commit(desk, lease, turn, {"polled": 1, "failed": 1, f"why:{turn.state.why}": 1})


async def silent(desk: Desk, lease: Lease, silence: Silence) -> None:
    """End a poll that got no answer."""
    await fail(desk, lease, silence.kind, silence.words)


async def _comes_back(desk: Desk, lease: Lease, state: SourceState) -> bool:
    """Whether a source is polled again: not a sub-sitemap, nor one of an outlet that is off.

    A doubtful one is, once it has answered: that is noted here, before the poll ends.
    """
    job, frontier = lease.job, desk.frontier
    if job.found is not None or job.source is None:
        return False
    card = desk.outlets.get(job.outlet or "")
    if card is None:
        return True  # of another worker's catalogue
    if any(source.id == job.source for source in sources_of(card)):
        return card.enabled
    if all(source.id != job.source for source in doubtful_sources_of(card)):
        return False
    is_known = await desk.patiently(lambda: proofs.is_proven(frontier, lease.job.source or ""))
    if not is_known and state.worked_at == state.polled_at:
        await desk.patiently(
            lambda: proofs.prove(desk.config.data_dir, frontier, lease.job.source or "")
        )
        log.info("%s", facts(event="source_proven", source=job.source, url=job.url))
        is_known = True
    return is_known and card.enabled


async def _commit(desk: Desk, lease: Lease, turn: Turn, counts: dict[str, int]) -> None:
    job, state = lease.job, turn.state
    tally = {tally_name(lease, event): n for event, n in counts.items() if n}
    listed, new = counts.get("entries", 0), counts.get("new", 0)
    due_s = state.rhythm.due_in_s if await _comes_back(desk, lease, state) else None
    consumed = turn.former.brought - state.brought
    polled = Polled(state=state, due_s=due_s, new=new, consumed=consumed)
    done = await desk.patiently(lambda: sources.commit(desk.frontier, lease, polled, tally))
    desk.lay_down(lease)
    # What nobody has seen to work, and is not polled again, breaks nothing by not working.
    is_guess = due_s is None and job.found is None and not state.worked_at
    if done and not is_guess:
        tell_turn(lease, turn)
    about = {"outlet": job.outlet, "url": job.url, "listed": listed, "new": new}
    desk.signals.send_catch_log(signals.source_polled, **about, problem=state.why)
    log.info("%s", facts(event="polled", **about, why=state.why))
