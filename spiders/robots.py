"""robots.txt: asked for like any other page, once per host and day over all workers.

Promise: nothing of a host is asked for before its robots.txt answered; 4xx means all is allowed,
5xx or silence that nothing is yet, and an address that must not be dialed that nothing is.
"""

from __future__ import annotations

import logging
from typing import Any

from scrapy.http import Response

from crawler import settling
from crawler.desk import Desk, tell_network
from crawler.events import facts
from crawler.news.answers import meaning_of, words_for
from crawler.robots import SIZE_LIMIT, Learned, read_rules
from crawler.storage.jobs import REDIRECT_LIMIT, Lease
from spiders.asking import Silence, target_of_redirect
from spiders.turns import tell_host

log = logging.getLogger(__name__)


async def answer(desk: Desk, lease: Lease, response: Response) -> None:
    """Learn what a host's robots.txt says, for all workers."""
    meaning = meaning_of(response.status)
    if meaning == "moved":
        target = target_of_redirect(response)
        if target is not None and len(lease.job.redirects) < REDIRECT_LIMIT:
            await settling.follow(desk, lease, target, response.status)
            return
        meaning = "gone"
    if meaning == "ok":
        body = response.body[:SIZE_LIMIT].decode("utf-8", "replace")
        pause_s = max(desk.config.host_delay_s, read_rules(body).crawl_delay_s)
        await _learn(desk, lease, state="rules", body=body, pause_s=pause_s)
    elif meaning in ("gone", "refused", "odd", "unchanged"):
        await _learn(desk, lease, state="none")
    else:
        await unreachable(desk, lease, f"robots.txt: {words_for(response.status)}")


async def silent(desk: Desk, lease: Lease, silence: Silence) -> None:
    """No answer came: not yet, or never from a host that must not be dialed."""
    if silence.fate == "final" and silence.is_refusal and not lease.job.redirects:
        # Its pages would be refused one by one; where only a redirect leads there, the host waits.
        await _learn(desk, lease, state="refused", body=silence.words)
    else:
        await unreachable(desk, lease, f"robots.txt: {silence.words}", silence.took_s)


async def unreachable(desk: Desk, lease: Lease, reason: str, took_s: float | None = None) -> None:
    """Nothing of the host is fetched until it answers; `took_s`: how long was waited in vain."""
    learned = await _learn(desk, lease, state="unreachable", reason=reason, took_s=took_s)
    if learned.reach.fault == "host":
        level = logging.WARNING if learned.turn else logging.INFO
        told = facts(event="robots_unreachable", host=lease.job.of_host, why=reason)
        log.log(level, "%s", told)


async def _learn(desk: Desk, lease: Lease, *, pause_s: float = 0.0, **lesson: Any) -> Learned:
    learned = await desk.patiently(lambda: desk.robots.learn(lease, pause_s=pause_s, **lesson))
    desk.lay_down(lease)
    tell_network(learned.reach)
    if learned.turn:
        await tell_host(desk, lease.job.of_host or lease.host, learned.turn, lesson.get("reason"))
    return learned
