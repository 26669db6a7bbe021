"""Article pages: from an answer to a draft for the store, or to a reason why not.

Promise: every answer ends in exactly one fate: a draft, a redirect followed, a line in the journal,
a retry, or a dead letter. Where an outlet turns us away and its feed carried the text, or its card
says that the feed's text is the article, that text is what is kept.
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
from crawler.news.lines import Fetch, Found, build_record
from crawler.news.records import Entry
from crawler.news.verdicts import PageTask, PageVerdict
from crawler.pipelines import Draft
from crawler.storage.archive import Response as ArchivedResponse
from crawler.storage.jobs import REDIRECT_LIMIT, Lease
from spiders.asking import Silence, header, target_of_redirect
from spiders.evidence import announced, archived, fetch_of


async def headers(_desk: Desk, _lease: Lease) -> dict[str, str]:
    """Nothing beyond the usual: an article is asked for once."""
    return {}


async def answer(desk: Desk, lease: Lease, response: Response) -> Draft | None:
    """Read an article page; a Draft when it is to be kept."""
    try:
        if await is_redirected(desk, lease, response):
            return None
        fetched_at = datetime.now(UTC)
        if meaning_of(response.status) == "refused" and _carries_text(lease):
            task = _page_task(lease, fetched_at)
        else:
            check_status(response)
            task = _page_task(lease, fetched_at, response)
        verdict = await _read(desk, lease, task)
        if verdict is None:
            return None
        fetch, kept = fetch_of(lease, response, fetched_at), archived(response, fetched_at)
        return await _draft(desk, lease, verdict, fetch, kept)
    except PageGone as error:
        await settling.leave_gone(desk, lease, error)
    except PageUnavailable as error:
        await settling.try_later(desk, lease, error, settling.failure_of(response.status))
    except PageUnreadable as error:
        await settling.bury(desk, lease, error.problem)
    return None


async def take_text(desk: Desk, lease: Lease, _response: Response) -> Draft | None:
    """Take the text that came with the announcement: its page is not asked for."""
    now = datetime.now(UTC)
    try:
        verdict = await _read(desk, lease, _page_task(lease, now))
        return await _draft(desk, lease, verdict, announced(lease, now), None) if verdict else None
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


def _carries_text(lease: Lease) -> bool:
    entry = lease.job.entry
    return entry is not None and bool(entry.text and entry.title)


def _page_task(lease: Lease, now: datetime, response: Response | None = None) -> PageTask:
    """What is to be read: a page, or without one the text that was announced."""
    return PageTask(
        body=response.body if response else b"",
        url=response.url if response else lease.job.fetch_url,
        content_type=header(response, "Content-Type") if response else None,
        outlet=None,
        entry=lease.job.entry,
        now=now,
        may_skip=response is not None and lease.job.found != "manual",
    )


async def _read(desk: Desk, lease: Lease, task: PageTask) -> PageVerdict | None:
    """Read and judge; None when the page is not kept, and settled."""
    job = lease.job
    card = await desk.card(job.outlet)
    recurring = await desk.learned.recurring(job.outlet)
    verdict = await desk.pool.read_page(replace(task, outlet=card, recurring=recurring))
    if task.body:
        await desk.learned.learn(job.outlet, verdict.lines)
    if not verdict.judgement.relevant and job.found != "manual":
        await _leave_irrelevant(desk, lease, verdict)
        return None
    return verdict


async def _draft(
    desk: Desk, lease: Lease, verdict: PageVerdict, fetch: Fetch, response: ArchivedResponse | None
) -> Draft:
    job = lease.job
    entry = job.entry
    record = build_record(
        article=verdict.article,
        judgement=verdict.judgement,
        fetch=fetch,
        found=Found(
            kind=job.found or "manual",
            url=job.source_url,
            guid=entry.guid if entry else None,
            title=entry.title if entry else None,
        ),
        outlet=await desk.card(job.outlet),
        url=verdict.url,
        alternates=verdict.article.alternates,
    )
    return Draft(lease=lease, record=record, signature=verdict.signature, response=response)


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
