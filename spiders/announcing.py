"""Announcing: what a source lists is offered for fetching, or journaled with the reason why not.

Promise: every entry of an answer that is new is in the frontier or in the journal when `announce`
returns, so that the poll may be committed; an entry that is known costs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from crawler import settling
from crawler.desk import Desk
from crawler.news.lines import Omission
from crawler.news.verdicts import SortedEntry
from crawler.storage.jobs import Lease, article_job

# Entries without a title are fetched up to this many per source and pass (design.md 4).
UNTITLED_LIMIT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """How many entries a poll offered for fetching, and how many it left out, all of them new.

    `oldest` is the earliest date among them, where their source tells dates.
    """

    offered: int = 0
    left: int = 0
    oldest: datetime | None = None


async def announce(
    desk: Desk, lease: Lease, entries: Sequence[SortedEntry], now: datetime
) -> Announced:
    """Offer what is worth fetching and journal what is not."""
    found = lease.job.kind
    unseen = await _unseen(desk, entries, found)
    fresh = [entry for entry, is_new in zip(entries, unseen, strict=True) if is_new]
    if desk.pass_id:
        # Left by a watch, or by a Redis that was wiped: no pass would come to it by itself.
        known = [entry.url for entry, is_new in zip(entries, unseen, strict=True) if not is_new]
        await desk.patiently(lambda: desk.frontier.take_up(known, lease.name))
    wanted, left = _share_out(fresh)
    left = await _left_anew(desk, left, found)
    omissions = [_omission(desk, lease, entry) for entry in left]
    await settling.journal(desk, omissions)
    await desk.patiently(lambda: desk.frontier.mark_seen([_mark(entry, found) for entry in left]))
    card = await desk.card(lease.job.outlet)
    takes_texts = card is not None and card.text_source == "feed"
    jobs = [
        article_job(
            entry.entry,
            outlet=_outlet_of(desk, lease, entry),
            source=lease.job.source,
            source_url=lease.job.source_url,
            found=found,  # type: ignore[arg-type] # a poll's job is a source
            now=now,
            kind="text" if takes_texts and entry.entry.text and entry.entry.title else "article",
        )
        for entry in wanted
    ]
    await desk.patiently(lambda: desk.frontier.offer(jobs, now, parent=lease.name))
    for left_out in omissions:
        settling.tell_dropped(desk, left_out, found)
    dated = [entry.entry.published.at for entry in (*wanted, *left) if entry.entry.published]
    return Announced(offered=len(wanted), left=len(left), oldest=min(dated, default=None))


async def _unseen(desk: Desk, entries: Sequence[SortedEntry], found: str) -> list[bool]:
    marks = [_mark(entry, found) for entry in entries]
    unseen = await desk.patiently(lambda: desk.frontier.unseen(marks))
    if found != "search":
        return unseen
    # What a search passed over may be known by its outlet's own feed.
    plain = await desk.patiently(lambda: desk.frontier.unseen([entry.url for entry in entries]))
    return [is_new and is_unknown for is_new, is_unknown in zip(unseen, plain, strict=True)]


def _omission(desk: Desk, lease: Lease, entry: SortedEntry) -> Omission:
    return settling.omission(
        entry.entry,
        entry.url,
        stage=entry.fate,
        outlet=_outlet_of(desk, lease, entry),
        source=lease.job.source,
        judged=entry.triage if entry.fate == "triage" else None,
        reasons=_why_left(entry),
    )


def _outlet_of(desk: Desk, lease: Lease, entry: SortedEntry) -> str | None:
    """Whose an entry is: the source's own outlet; of what a search found, whoever has the card."""
    if lease.job.kind != "search":
        return lease.job.outlet
    owner = desk.homes.owner_of(entry.url)
    return owner.id if owner else None


async def _left_anew(desk: Desk, left: Sequence[SortedEntry], found: str) -> list[SortedEntry]:
    # A deferred entry stays wanted, so it comes again at each poll; its journal line does not.
    marks = [_mark(entry, found) for entry in left]
    unseen = await desk.patiently(lambda: desk.frontier.unseen(marks))
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


def _mark(entry: SortedEntry, found: str) -> str:
    # What is only left for now is remembered beside its URL: a later pass may want the page itself.
    # So may the outlet's own feed, which tells more of it than a search that passed it over.
    left_by = "search" if found == "search" and entry.fate == "triage" else entry.fate
    if left_by not in ("age", "deferred", "search"):
        return entry.url
    return f"{entry.url}{'&' if '?' in entry.url else '?'}left-for={left_by}"


def _why_left(entry: SortedEntry) -> tuple[str, ...]:
    if entry.fate == "age":
        return ("its source dates it before the wanted age",)
    if entry.fate == "deferred":
        return (f"over {UNTITLED_LIMIT} entries without a title in one poll",)
    return ()
