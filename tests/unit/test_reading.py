"""What the parse pool's children do: read, judge, sort."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.errors import PageUnreadable, SourceError
from crawler.news.reading import read_and_judge, read_and_sort
from crawler.news.records import Entry
from crawler.news.verdicts import PageTask, SourceTask
from tests.watched import SHIPPED

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BOTH = "Russia and North Korea agree on a second train a week"
TEXT = (
    "<p>Russia and North Korea agreed on Monday to run a second train a week over the Khasan "
    "crossing, the transport ministries of both countries said after a meeting in Vladivostok.</p>"
    "<p>Officials from Moscow and Pyongyang said that timber and flour would make up most of its "
    "freight, and that tariffs would be set in the spring.</p>"
)


def page(body: str, url: str = "https://a.example/1") -> PageTask:
    return PageTask(
        body=body.encode(),
        url=url,
        content_type="text/html; charset=utf-8",
        outlet=None,
        entry=None,
        now=NOW,
    )


def feed(*items: str, max_age_s: float = 3 * 86400) -> SourceTask:
    body = f"<rss version='2.0'><channel>{''.join(items)}</channel></rss>"
    return SourceTask(
        kind="feed",
        body=body.encode(),
        url="https://a.example/feed",
        content_type="application/rss+xml",
        outlet=None,
        known=(),
        max_age_s=max_age_s,
        now=NOW,
    )


def item(title: str, days_ago: float | None = None, path: str = "/1") -> str:
    date = ""
    if days_ago is not None:
        date = f"<pubDate>{NOW - timedelta(days=days_ago):%d %b %Y %H:%M:%S} GMT</pubDate>"
    return f"<item><title>{title}</title><link>https://a.example{path}</link>{date}</item>"


def test_a_page_about_both_is_judged_relevant_under_its_canonical_url() -> None:
    body = (
        f"<html><head><title>{BOTH}</title><link rel=canonical href='https://a.example/one'></head>"
        f"<body><article><h1>{BOTH}</h1>{TEXT}</article></body></html>"
    )
    verdict = read_and_judge(SHIPPED, page(body, "https://a.example/one?print=1"))
    assert (verdict.judgement.relevant, verdict.url) == (True, "https://a.example/one")
    assert verdict.judgement.reasons


def test_a_page_without_an_article_is_unreadable() -> None:
    with pytest.raises(PageUnreadable):
        read_and_judge(SHIPPED, page("<html><body></body></html>"))


def test_no_source_raises_source_error() -> None:
    with pytest.raises(SourceError):
        read_and_sort(SHIPPED, replace(feed(), body=b"not a feed"))


@pytest.mark.parametrize(
    ("entry", "fate"),
    [
        pytest.param(item(BOTH, 1), "fetch", id="names both"),
        pytest.param(item(BOTH), "fetch", id="without a date"),
        pytest.param(item("Seven soups for the winter", 1), "triage", id="names neither"),
        pytest.param(item(BOTH, 4), "age", id="older than wanted"),
        pytest.param(item("Seven soups for the winter", 4), "age", id="older, and about soups"),
    ],
)
def test_an_entry_has_one_fate(entry: str, fate: str) -> None:
    verdict = read_and_sort(SHIPPED, feed(entry))
    assert [sorted_entry.fate for sorted_entry in verdict.entries] == [fate]


def test_an_entry_is_known_by_its_canonical_url() -> None:
    task = feed(item(BOTH, 1, "/1?utm_source=rss"))
    (entry,) = read_and_sort(SHIPPED, task).entries
    assert entry.url == "https://a.example/1"


def test_an_announcement_with_the_whole_text_needs_no_page() -> None:
    """What a card with text_source = "feed" relies on."""
    text = TEXT.replace("<p>", "").replace("</p>", "\n").strip()
    entry = Entry(url="https://a.example/1", title=BOTH, text=text)
    verdict = read_and_judge(SHIPPED, replace(page(""), entry=entry))
    assert (verdict.article.title, verdict.article.text_source) == (BOTH, "feed")
    assert verdict.article.text.split("\n") == text.split("\n")
    assert verdict.judgement.relevant
