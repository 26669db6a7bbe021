"""From bytes to a decision: what the parse pool does with a page and with a source.

Promise: one call tells all that is needed to settle a job, and costs nothing but CPU: no network,
no disk, no clock. What cannot be read is a PageError or SourceError.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from crawler.news.lexicon import Topic
from crawler.news.near_duplicates import signature
from crawler.news.outlets import Outlet
from crawler.news.pages import read_page
from crawler.news.records import Entry
from crawler.news.relevance import judge
from crawler.news.sources import read_source
from crawler.news.triage import triage
from crawler.news.urls import article_url, canonical_url
from crawler.news.verdicts import PageTask, PageVerdict, SortedEntry, SourceTask, SourceVerdict


def read_and_judge(topic: Topic, task: PageTask) -> PageVerdict:
    """Read a page and judge its article; raises PageUnreadable when there is none."""
    outlet = task.outlet
    article = read_page(
        task.body,
        task.url,
        content_type=task.content_type,
        outlet=outlet,
        entry=task.entry,
        now=task.now,
    )
    judgement = judge(
        topic,
        title=article.title,
        text=article.text,
        language=article.language,
        scope=outlet.scope if outlet else None,
    )
    return PageVerdict(
        article=article,
        url=article_url(task.url, article.canonical),
        judgement=judgement,
        signature=signature(article.text),
    )


def read_and_sort(topic: Topic, task: SourceTask) -> SourceVerdict:
    """Read what a source announces and sort its entries; raises SourceError if it is none."""
    outlet = task.outlet
    reading = read_source(
        task.kind,
        task.body,
        task.url,
        content_type=task.content_type,
        charset_hint=outlet.charset if outlet else None,
        timezone=outlet.timezone if outlet else None,
        now=task.now,
        known=frozenset(task.known),
    )
    oldest = task.now - timedelta(seconds=task.max_age_s)
    entries = _sort_entries(topic, reading.entries, outlet, oldest)
    return SourceVerdict(reading=reading, entries=entries)


def _sort_entries(
    topic: Topic, entries: Sequence[Entry], outlet: Outlet | None, oldest: datetime
) -> tuple[SortedEntry, ...]:
    sorted_entries = []
    for entry in entries:
        verdict = triage(
            topic,
            title=entry.title,
            summary=entry.summary,
            language=entry.language or (outlet.language if outlet else None),
            scope=outlet.scope if outlet else None,
        )
        fate = "fetch" if verdict.fetch else "triage"
        if _is_older(entry, oldest):
            fate = "age"
        url = canonical_url(entry.url)
        sorted_entries.append(SortedEntry(entry=entry, url=url, fate=fate, triage=verdict))
    return tuple(sorted_entries)


def _is_older(entry: Entry, oldest: datetime) -> bool:
    moment = entry.published or entry.modified
    if moment is None:
        return False
    # A day is known by its midnight: it counts as old only when the whole day is.
    span = timedelta(days=1) if moment.precision == "day" else timedelta()
    return moment.at + span < oldest
