"""Passing over: the verdict on a page that need not be read, as its bytes do not name the parties.

Promise: only pages that a source announced are passed over. What is told at a glance is told from
bytes alone, nothing of them being decoded, parsed or unpacked, within about a millisecond.
"""

from __future__ import annotations

from crawler.news.decoding import charset_of
from crawler.news.lexicon import Topic
from crawler.news.near_duplicates import signature
from crawler.news.prefilter import build_prefilter
from crawler.news.records import Article, Entry
from crawler.news.recurring import remember
from crawler.news.relevance import unread
from crawler.news.urls import canonical_url, url_id
from crawler.news.verdicts import PageTask, PageVerdict


def pass_over(topic: Topic, task: PageTask) -> PageVerdict | None:
    """The verdict on a page whose bytes do not name a party; None where it must be read."""
    entry = task.entry
    if not task.may_skip or entry is None:
        return None
    hint = task.outlet.charset if task.outlet else None
    side = build_prefilter(topic).missing_side(
        task.body,
        implied=_implied(topic, task),
        known=(entry.title, entry.summary, entry.text),
        charsets=(charset_of(task.content_type), hint),
    )
    return None if side is None else _passed(topic, task, entry, side)


def pass_over_at_a_glance(topic: Topic, task: PageTask) -> PageVerdict | None:
    """The same for what a glance tells; None where it takes a closer look."""
    entry = task.entry
    if not task.may_skip or entry is None:
        return None
    side = build_prefilter(topic).missing_at_a_glance(
        task.body,
        implied=_implied(topic, task),
        known=(entry.title, entry.summary, entry.text),
    )
    return None if side is None else _passed(topic, task, entry, side)


def _implied(topic: Topic, task: PageTask) -> str | None:
    return topic.implied_side(task.outlet.scope if task.outlet else None)


def _passed(topic: Topic, task: PageTask, entry: Entry, side: str) -> PageVerdict:
    url = canonical_url(task.url)
    return PageVerdict(
        article=Article(title=entry.title or "", text=""),
        url=url,
        judgement=unread(topic, f"not read: the page names {topic.name_of(side)} nowhere"),
        signature=signature(""),
        lines=remember(url_id(url), ()),
    )
