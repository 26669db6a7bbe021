"""Revisits: a stored article is read again, and what it says otherwise is its next revision.

Promise: what the outlet changed, withdrew or put back is a revision of the same id; a page that
cannot be had or read this time changes nothing, and no revisit ends as a dead letter for that.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta

from scrapy.http import Response

from crawler import settling
from crawler.desk import Desk, facts
from crawler.errors import PageGone, PageUnavailable, PageUnreadable
from crawler.news.cadence import FailureKind
from crawler.news.lines import Found, Record, build_record
from crawler.news.revisions import MISSING_S, announced_by, differences, revise, withdraw
from crawler.news.urls import url_id
from crawler.news.verdicts import PageTask, PageVerdict
from crawler.pipelines import Draft
from crawler.storage import revisits
from crawler.storage.jobs import Lease, Revisit
from spiders.articles import check_status, is_redirected
from spiders.asking import Silence, header
from spiders.evidence import archived, fetch_of

log = logging.getLogger(__name__)

# The second look at a missing page may come a little early; the day is meant, not the second.
_REFUSED, _FAILED = "revisit_refused", "revisit_failed"
_NEARLY = timedelta(seconds=0.98 * MISSING_S)


async def headers(_desk: Desk, lease: Lease) -> dict[str, str]:
    """The validators of the revision that is held, so that a page can say that nothing changed."""
    revisit = _revisit_of(lease)
    asks = {}
    if revisit.etag:
        asks["If-None-Match"] = revisit.etag
    if revisit.last_modified:
        asks["If-Modified-Since"] = revisit.last_modified
    return asks


async def answer(desk: Desk, lease: Lease, response: Response) -> Draft | None:
    """Compare what the page says now with what is stored; a Draft when that is a revision."""
    former = await asyncio.to_thread(revisits.find_former, desk.config.data_dir, _revisit_of(lease))
    if former is None:
        await settling.forget_visit(desk, lease)
        return None
    try:
        if response.status == 304:
            await _leave(desk, lease, "unchanged")
        elif not await is_redirected(desk, lease, response):
            check_status(response)
            return await _read(desk, lease, former, response)
    except PageGone as error:
        return await _miss(desk, lease, former, response, error)
    except PageUnavailable as error:
        await _try_later(desk, lease, error, settling.failure_of(response.status))
    except PageUnreadable as error:
        await _leave(desk, lease, "revisit_unread", error.problem)
    return None


async def silent(desk: Desk, lease: Lease, silence: Silence) -> None:
    """A revisit that got no answer: later, or at the next time."""
    if silence.fate == "final":
        await _leave(desk, lease, _REFUSED, silence.words)
    else:
        await _try_later(desk, lease, PageUnavailable(lease.job.url, silence.words), silence.kind)


def _revisit_of(lease: Lease) -> Revisit:
    if lease.job.revisit is None:
        raise ValueError(f"{lease.name} is no revisit")
    return lease.job.revisit


async def _leave(desk: Desk, lease: Lease, event: str, why: str = "") -> None:
    """Nothing is stored; only a page that was there ends the wait for a missing one."""
    since = _revisit_of(lease).missing_since if event in (_FAILED, _REFUSED) else None
    job = revisits.missing_since(lease.job.at_home(), since)
    await settling.look_again(desk, lease, job, event=event, why=why)


async def _try_later(desk: Desk, lease: Lease, error: PageUnavailable, kind: FailureKind) -> None:
    if lease.failures + 1 >= settling.FAILURE_LIMIT:
        await _leave(desk, lease, _FAILED, error.problem)
    else:
        await settling.try_later(desk, lease, error, kind)


async def _miss(
    desk: Desk, lease: Lease, former: Record, response: Response, error: PageGone
) -> Draft | None:
    """The page is not there: noted the first time, a revision when it still is not a day later."""
    now, since = datetime.now(UTC), _revisit_of(lease).missing_since
    if response.status not in (404, 410):
        await _leave(desk, lease, _REFUSED, error.problem)
    elif former.revision_cause == "gone":
        await _leave(desk, lease, "still_gone", error.problem)
    elif since is not None and now - since >= _NEARLY:
        gone = withdraw(former, fetch_of(lease, response, now))
        return Draft(lease=lease, record=gone, signature=None, response=archived(response, now))
    else:
        job = revisits.missing_since(lease.job.at_home(), since or now)
        await settling.look_again(desk, lease, job, event="missing", why=error.problem)
    return None


async def _read(desk: Desk, lease: Lease, former: Record, response: Response) -> Draft | None:
    card, now = await desk.card(lease.job.outlet), datetime.now(UTC)
    verdict = await desk.pool.read_page(
        PageTask(
            body=response.body,
            url=response.url,
            content_type=header(response, "Content-Type"),
            outlet=card,
            entry=announced_by(former),
            now=now,
            recurring=await desk.learned.recurring(lease.job.outlet),
        )
    )
    if _is_elsewhere(former, verdict, lease):
        await _leave(desk, lease, "revisit_unread", f"leads to {response.url}")
        return None
    fresh = build_record(
        article=verdict.article,
        judgement=verdict.judgement,
        fetch=fetch_of(lease, response, now),
        found=Found(kind="manual"),  # a revision keeps what the first was found in
        outlet=card,
        url=former.url,
        alternates=verdict.article.alternates,
    )
    changed = differences(former, fresh)
    was_gone = former.revision_cause == "gone"
    if not changed and not was_gone:
        await _leave(desk, lease, "unchanged")
        return None
    log.info("%s", facts(event="changed", url=former.url, what=",".join(changed) or "restored"))
    record = revise(former, fresh, "restored" if was_gone else "outlet")
    return Draft(lease=lease, record=record, signature=None, response=archived(response, now))


def _is_elsewhere(former: Record, verdict: PageVerdict, lease: Lease) -> bool:
    """A redirect led to another page, such as the front page: that is no change of this one."""
    if not lease.job.redirects or url_id(verdict.url) == former.id:
        return False
    return verdict.article.title.casefold() != former.title.casefold()
