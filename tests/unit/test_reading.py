"""What the parse pool's children do: read, judge, sort."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.errors import PageUnreadable, SourceError
from crawler.news.cite_names import CitedOutlet
from crawler.news.reading import read_and_explain, read_and_judge, read_and_sort
from crawler.news.records import Entry
from crawler.news.recurring import find_recurring, fingerprint
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


SOUPS = (
    "<html><body><article><h1>Seven soups for the winter</h1><p>The first of them is made of beets "
    "and takes an hour.</p><p>The last is made of fish, and the fish has to be fresh.</p></article>"
)
ANNOUNCED = Entry(url="https://a.example/1", title="Seven soups for the winter")


def test_a_page_that_names_no_party_is_not_read_and_the_judgement_says_so() -> None:
    task = replace(page(SOUPS), entry=ANNOUNCED, may_skip=True)
    verdict = read_and_judge(SHIPPED, task)
    assert verdict.judgement.reasons == ("not read: the page names the DPRK nowhere",)
    assert (verdict.judgement.relevant, verdict.judgement.score) == (False, 0.0)
    assert (verdict.article.title, verdict.article.text) == (ANNOUNCED.title, "")


@pytest.mark.parametrize(
    "task",
    [
        pytest.param(replace(page(SOUPS), entry=ANNOUNCED), id="nobody said that it may be"),
        pytest.param(replace(page(SOUPS), may_skip=True), id="a person asked for it"),
    ],
)
def test_a_page_is_read_whatever_it_names(task: PageTask) -> None:
    assert "made of beets" in read_and_judge(SHIPPED, task).article.text


def test_a_wall_is_no_page_to_skip() -> None:
    wall = "<html><title>Just a moment...</title><body><p>Checking your browser</p></body></html>"
    with pytest.raises(PageUnreadable, match="robot check"):
        read_and_judge(SHIPPED, replace(page(wall), entry=ANNOUNCED, may_skip=True))


def test_what_recurs_on_an_outlet_is_dropped_and_still_remembered() -> None:
    label = "Ferry News on your phone and on your desk"
    pages = [
        page(
            f"<html><body><article><h1>Pier {n}</h1><p>Pier {n} was opened on Monday, two years "
            f"after the storm took it away.</p><p>Boat {n} was the first to moor there at noon."
            f"</p><p>{label}</p></article></body></html>",
            f"https://a.example/{n}",
        )
        for n in range(4)
    ]
    verdicts = [read_and_judge(SHIPPED, task) for task in pages[:3]]
    assert all(label in verdict.article.text for verdict in verdicts)
    recurring = find_recurring(verdict.lines for verdict in verdicts)
    assert recurring == {fingerprint(label)}
    learned = read_and_judge(SHIPPED, replace(pages[3], recurring=recurring))
    assert label not in learned.article.text
    assert fingerprint(label) in learned.lines.labels


def test_a_cited_outlet_of_the_catalogue_is_known_by_its_id() -> None:
    cited = (CitedOutlet("ferry-news", ("Ferry News",), "en", "ferry.example"),)
    body = f"<html><body><article><h1>{BOTH}</h1>{TEXT}<p>Ferry News reported it.</p></article>"
    (found,) = read_and_judge(SHIPPED, page(body), cited).article.cites
    assert (found.name, found.outlet, found.role) == ("Ferry News", "ferry-news", "origin")


def test_the_explanation_says_whose_opinion_won_and_what_was_dropped() -> None:
    body = f"<html><body><article><h1>{BOTH}</h1>{TEXT}<p>Photo: Ferry News</p></article>"
    verdict, explanation = read_and_explain(SHIPPED, page(body))
    assert explanation.opinion.startswith("trafilatura")
    assert explanation.charset == "utf-8"
    assert explanation.sizes["blocks"] > 200
    assert ("Photo: Ferry News", "a credit") in explanation.dropped
    assert verdict.article.text.startswith("Russia and North Korea agreed on Monday")
