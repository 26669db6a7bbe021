"""Article pages: from an answer to a draft for the store, or to a reason why not.

Promise: every answer ends in exactly one fate: a draft, a redirect followed, a line in the journal,
a retry, or a dead letter.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from scrapy.http import Response

from crawler import settling
from crawler.desk import Desk
from crawler.errors import PageGone, PageUnavailable, PageUnreadable
from crawler.news.answers import meaning_of, words_for
from crawler.news.cadence import retry_after_s
from crawler.news.lines import Found, build_record
from crawler.news.records import Entry
from crawler.news.verdicts import PageTask, PageVerdict
from crawler.pipelines import Draft
from crawler.storage.jobs import REDIRECT_LIMIT, Lease
from spiders.asking import Silence, header, target_of_redirect
from spiders.evidence import archived, fetch_of


async def headers(_desk: Desk, _lease: Lease) -> dict[str, str]:
    """Nothing beyond the usual: an article is asked for once."""
    return {}


async def answer(desk: Desk, lease: Lease, response: Response) -> Draft | None:
    """Read an article page; a Draft when it is to be kept."""
    try:
        if await is_redirected(desk, lease, response):
            return None
        check_status(response)
        return await _read(desk, lease, response)
    except PageGone as error:
        await settling.leave_gone(desk, lease, error)
    except PageUnavailable as error:
        await settling.try_later(desk, lease, error, settling.failure_of(response.status))
    except PageUnreadable as error:
        await settling.bury(desk, lease, error.problem)
    return None


async def silent(desk: Desk, lease: Lease, silence: Silence) -> None:
    """Settle an article job that got no answer."""
    url = lease.job.url
    if silence.fate == "final":
        await settling.leave_gone(desk, lease, PageGone(url, silence.words))
    else:
        error = PageUnavailable(url, silence.words)
        await settling.try_later(desk, lease, error, silence.kind)


async def is_redirected(desk: Desk, lease: Lease, response: Response) -> bool:
    """Follow a redirect; raises PageGone for one that leads nowhere."""
    if meaning_of(response.status) != "moved":
        return False
    target = target_of_redirect(response)
    if target is None:
        raise PageGone(lease.job.url, "redirected to nowhere")
    if len(lease.job.redirects) >= REDIRECT_LIMIT or target in lease.job.redirects:
        raise PageGone(lease.job.url, f"redirected more than {REDIRECT_LIMIT} times or in a loop")
    await settling.follow(desk, lease, target, response.status)
    return True


def check_status(response: Response) -> None:
    """Raise PageGone or PageUnavailable unless the answer is a page to be read."""
    meaning, words = meaning_of(response.status), words_for(response.status)
    if meaning in ("gone", "odd", "unchanged"):
        raise PageGone(response.url, words)
    if meaning != "ok":
        asked_s = retry_after_s(header(response, "Retry-After"), datetime.now(UTC))
        raise PageUnavailable(response.url, words, asked_s)


async def _read(desk: Desk, lease: Lease, response: Response) -> Draft | None:
    job = lease.job
    card = await desk.card(job.outlet)
    fetched_at = datetime.now(UTC)
    verdict = await desk.pool.read_page(
        PageTask(
            body=response.body,
            url=response.url,
            content_type=header(response, "Content-Type"),
            outlet=card,
            entry=job.entry,
            now=fetched_at,
            recurring=await desk.learned.recurring(job.outlet),
            may_skip=job.found != "manual",
        )
    )
    await desk.learned.learn(job.outlet, verdict.lines)
    if not verdict.judgement.relevant and job.found != "manual":
        await _leave_irrelevant(desk, lease, verdict)
        return None
    entry = job.entry
    record = build_record(
        article=verdict.article,
        judgement=verdict.judgement,
        fetch=fetch_of(lease, response, fetched_at),
        found=Found(
            kind=job.found or "manual",
            url=job.source_url,
            guid=entry.guid if entry else None,
            title=entry.title if entry else None,
        ),
        outlet=card,
        url=verdict.url,
        alternates=verdict.article.alternates,
    )
    response_kept = archived(response, fetched_at)
    return Draft(lease=lease, record=record, signature=verdict.signature, response=response_kept)


async def _leave_irrelevant(desk: Desk, lease: Lease, verdict: PageVerdict) -> None:
    entry = lease.job.entry or Entry(url=lease.job.url)
    left_out = settling.omission(
        replace(
            entry,
            title=verdict.article.title,
            summary=verdict.article.text,
            language=verdict.article.language,
        ),
        lease.job.url,
        stage="relevance",
        outlet=lease.job.outlet,
        source=lease.job.source,
        judged=verdict.judgement,
    )
    await settling.leave_out(desk, lease, left_out, event="dropped", also_seen=(verdict.url,))
