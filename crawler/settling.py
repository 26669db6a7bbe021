"""Settling: the only place where a lease is acknowledged, retried, buried or given back.

Promise: a job leaves the frontier only after what became of it is on disk (a record or a line of
the journal), or as a dead letter that everybody can see.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Sequence
from datetime import UTC, datetime

from crawler import signals
from crawler.desk import Desk
from crawler.errors import PageGone, PageUnavailable, PoolBroken, StoreError
from crawler.events import facts
from crawler.news.answers import PERMANENT, meaning_of
from crawler.news.cadence import FailureKind, backoff_s
from crawler.news.lines import Omission, journal_line
from crawler.news.records import Entry, Judgement, Triage
from crawler.patience import FULL_DISK_PAUSE_S
from crawler.storage import revisits
from crawler.storage.jobs import PAGES, Job, Lease

log = logging.getLogger(__name__)

# A page that fails this often is a dead letter; by then about half a day has passed.
FAILURE_LIMIT = 6
# Deaths of a parse child over the same job: the third is proof enough (Sidekiq's rule).
DEATH_LIMIT = 3
MISTAKE_PAUSE_S = 300.0
BROKEN_POOL_PAUSE_S = 30.0
KNOWN_PAUSE_S = 3600.0


def failure_of(status: int) -> FailureKind:
    """What kind of failure an answer with this status is for a page."""
    return "throttled" if meaning_of(status) == "throttled" else "server-error"


def tally_name(lease: Lease, event: str) -> str:
    """Under which name an event of a job is counted in the pass."""
    return f"{lease.job.outlet or '-'}|{event}"


def omission(
    entry: Entry,
    url: str,
    *,
    stage: str,
    outlet: str | None,
    source: str | None,
    judged: Judgement | Triage | None = None,
    reasons: Sequence[str] = (),
) -> Omission:
    """What the journal keeps of a page that was left out."""
    return Omission(
        url=url,
        title=entry.title,
        outlet=outlet,
        source=source,
        stage=stage,
        score=judged.score if judged else None,
        threshold=judged.threshold if isinstance(judged, Judgement) else None,
        reasons=tuple(judged.reasons or _unsaid(judged) if judged else reasons),
        ruleset=judged.ruleset if judged else None,
        summary=entry.summary,
        language=entry.language,
        at=datetime.now(UTC),
    )


def _unsaid(judged: Judgement | Triage) -> tuple[str, ...]:
    # A judgement gives points for what it found; finding nothing is a reason too.
    if isinstance(judged, Triage):
        return ()
    named = [party for party, found in judged.terms.items() if found]
    if len(named) == len(judged.terms):
        return ("names both, but not together",)
    return (f"names only {named[0]}" if named else "names neither party",)


async def journal(desk: Desk, omissions: Sequence[Omission]) -> None:
    """Bring lines of the journal to disk; raises StoreError when that is not possible."""
    today = datetime.now(UTC).date()
    lines = (desk.writer.drop(journal_line(left_out), today) for left_out in omissions)
    if await asyncio.gather(*lines):
        desk.patience.disk_works()


def tell_dropped(desk: Desk, left_out: Omission, found: str | None) -> None:
    """Let displays hear of a page that was left out; `found` is how it was found."""
    desk.signals.send_catch_log(
        signals.entry_dropped,
        outlet=left_out.outlet,
        stage=left_out.stage,
        found=found,
        title=left_out.title or left_out.url,
        reasons=left_out.reasons,
    )


async def leave_out(
    desk: Desk, lease: Lease, left_out: Omission, *, event: str, also_seen: Sequence[str] = ()
) -> None:
    """Settle an article that is not kept: journal first, then acknowledge."""
    await journal(desk, [left_out])
    counts = {tally_name(lease, event): 1}
    await desk.patiently(lambda: desk.frontier.ack(lease, counts, seen=also_seen))
    desk.lay_down(lease)
    log.info("%s", facts(event=event, outlet=left_out.outlet, url=left_out.url))
    tell_dropped(desk, left_out, lease.job.found)


async def leave_gone(desk: Desk, lease: Lease, error: PageGone) -> None:
    """Settle a page that is not there or must not be read."""
    entry = lease.job.entry or Entry(url=lease.job.url)
    left_out = omission(
        entry,
        lease.job.url,
        stage="gone",
        outlet=lease.job.outlet,
        source=lease.job.source,
        reasons=(error.problem,),
    )
    await leave_out(desk, lease, left_out, event="gone")


async def try_later(desk: Desk, lease: Lease, error: PageUnavailable, kind: FailureKind) -> None:
    """Settle a page that may come later, or bury it when it failed too often."""
    if lease.failures + 1 >= FAILURE_LIMIT:
        reason = f"gave up after {lease.failures + 1} tries: {error.problem}"
        await bury(desk, lease, reason)
        return
    pause_s = error.pause_s or 0
    # What is asked for is believed once; from then on our own pause grows beside it.
    if not pause_s or lease.failures:
        pause_s = max(backoff_s(kind, lease.failures, random.random()), pause_s)
    counts = {tally_name(lease, f"why:{error.problem}"): 1, tally_name(lease, "retried"): 1}
    await desk.patiently(
        lambda: desk.frontier.retry(lease, counts, pause_s=pause_s, reason=error.problem)
    )
    desk.lay_down(lease)
    told = {"why": error.problem, "attempt": lease.failures + 1, "in_s": int(pause_s)}
    log.info("%s", facts(event="retry", outlet=lease.job.outlet, url=lease.job.url, **told))


async def blame_death(desk: Desk, lease: Lease, reason: str) -> None:
    """Settle a job over which a parse child died: once more, or buried as poison."""
    if lease.deaths + 1 >= DEATH_LIMIT:
        await bury(desk, lease, f"poison: {reason}")
        return
    await desk.patiently(
        lambda: desk.frontier.retry(lease, {}, pause_s=5.0, reason=reason, blame="death")
    )
    desk.lay_down(lease)
    log.warning(
        "%s", facts(event="parse_death", outlet=lease.job.outlet, url=lease.job.url, why=reason)
    )


async def bury(desk: Desk, lease: Lease, reason: str) -> None:
    """Make a job a dead letter."""
    why = reason.partition(";")[0]  # what to do about it is for the dead letter
    counts = {tally_name(lease, "failed"): 1, tally_name(lease, f"why:{why}"): 1}
    await desk.patiently(lambda: desk.frontier.bury(lease, counts, reason))
    desk.lay_down(lease)
    log.warning("%s", facts(event="buried", outlet=lease.job.outlet, url=lease.job.url, why=reason))


async def give_back(desk: Desk, lease: Lease) -> None:
    """Return a job untouched."""
    await desk.patiently(lambda: desk.frontier.give_back(lease))
    desk.lay_down(lease)


async def look_again(desk: Desk, lease: Lease, job: Job, *, event: str, why: str = "") -> None:
    """End a revisit that stores nothing; the next one is planned in the same step."""
    then = revisits.plan(job, desk.config.revisits, datetime.now(UTC))
    await desk.patiently(lambda: desk.frontier.ack(lease, {tally_name(lease, event): 1}, then=then))
    desk.lay_down(lease)
    log.info("%s", facts(event=event, url=lease.job.url, why=why or None))


async def forget_visit(desk: Desk, lease: Lease) -> None:
    """End the revisits of a record that is in the store no more."""
    await desk.patiently(lambda: desk.frontier.ack(lease, {}))
    desk.lay_down(lease)
    log.info("%s", facts(event="revisit_ended", url=lease.job.url, why="not in the store"))


async def wait_for_news(desk: Desk, lease: Lease) -> None:
    """The next revision is written already, and the visit that follows it is planned."""
    await desk.patiently(
        lambda: desk.frontier.retry(
            lease, {}, pause_s=KNOWN_PAUSE_S, reason="its next revision is stored", blame="none"
        )
    )
    desk.lay_down(lease)


async def follow(desk: Desk, lease: Lease, url: str, status: int) -> None:
    """Send a job after a redirect with this status."""
    is_for_good = status in PERMANENT
    await desk.patiently(lambda: desk.frontier.follow(lease, url, is_for_good=is_for_good))
    desk.lay_down(lease)
    log.info("%s", facts(event="moved", url=lease.job.fetch_url, to=url))


async def wait_for_room(desk: Desk, lease: Lease, error: StoreError) -> None:
    """The line is not on disk: nothing is settled but a later try, and the user is told."""
    desk.patience.disk_fails(error)
    await desk.patiently(
        lambda: desk.frontier.retry(
            lease, {}, pause_s=FULL_DISK_PAUSE_S, reason=str(error), blame="none"
        )
    )
    desk.lay_down(lease)


async def wait_for_readers(desk: Desk, lease: Lease, error: PoolBroken) -> None:
    """No process read the page: it is asked for again, and nothing is held against it."""
    message = f"{error}: is there memory, and room in the folder for temporary files?"
    log.error("%s", facts(event="readers_broken", message=message))
    await desk.patiently(
        lambda: desk.frontier.retry(
            lease, {}, pause_s=BROKEN_POOL_PAUSE_S, reason=str(error), blame="none"
        )
    )
    desk.lay_down(lease)


async def settle_mistake(desk: Desk, lease: Lease, mistake: Exception) -> None:
    """A mistake of ours: an article backs off and is buried in the end, a source only backs off."""
    log.error("%s", facts(event="mistake", job=lease.name, url=lease.job.url), exc_info=mistake)
    error = PageUnavailable(lease.job.url, f"{type(mistake).__name__}: {mistake}"[:200])
    if lease.job.kind in PAGES:
        await try_later(desk, lease, error, "server-error")
        return
    await desk.patiently(
        lambda: desk.frontier.retry(
            lease, {}, pause_s=MISTAKE_PAUSE_S, reason=error.problem, blame="none"
        )
    )
    desk.lay_down(lease)
