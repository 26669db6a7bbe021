"""Searches: direct links only, no invented dates, and the service's own words when it refuses."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.errors import SourceError
from crawler.news.outlets import all_sources_of, seen_to_answer
from crawler.news.records import SourceReading
from crawler.news.searches import OWN_PAGE, PAUSE_S, read_search
from crawler.storage.catalogue import load_catalogue
from tests.samples import OUTLET

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
SERVICE = "https://api.finder.example/doc?query=x&mode=artlist&format=json"


def read(body: str | bytes, url: str = SERVICE) -> SourceReading:
    raw = body.encode() if isinstance(body, str) else body
    return read_search(raw, url, content_type=None, timezone="UTC", now=NOW)


def row(n: int, **changes: object) -> dict[str, object]:
    return {
        "url": f"https://paper{n}.example/news/{n}",
        "url_mobile": "",
        "title": f"Ferry number {n} sails",
        "seendate": "20261125T101500Z",
        "domain": f"paper{n}.example",
        "language": "Korean",
        "sourcecountry": "South Korea",
        **changes,
    }


def test_articles_of_any_outlet_are_announced_with_title_and_language() -> None:
    reading = read(json.dumps({"articles": [row(1), row(2, language="Klingon")]}))
    assert [(entry.url, entry.title, entry.language) for entry in reading.entries] == [
        ("https://paper1.example/news/1", "Ferry number 1 sails", "ko"),
        ("https://paper2.example/news/2", "Ferry number 2 sails", None),
    ]
    assert (reading.shape, reading.pause_s) == ("gdelt", PAUSE_S)


def test_when_a_service_saw_a_page_is_not_when_it_came_out() -> None:
    [entry] = read(json.dumps({"articles": [row(1)]})).entries
    assert (entry.published, entry.modified) == (None, None)


def test_a_day_without_results_is_no_failure() -> None:
    assert read("{}").entries == ()
    assert read('{"articles": []}').entries == ()


def test_what_cannot_be_used_is_left_out_and_counted() -> None:
    odd = [row(1), row(1), row(2, url="ftp://a/"), row(3, url=None), "row", row(4, title=["x"])]
    reading = read(json.dumps({"articles": odd}))
    assert [entry.title for entry in reading.entries] == ["Ferry number 1 sails", None]
    assert reading.dropped == {"twice": 1, "link is not http": 1, "no link": 2}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        pytest.param("", "nothing came", id="nothing"),
        pytest.param(
            "Please limit requests to one every 5 seconds.", 'says "Please limit requests',
            id="asked too often",
        ),
        pytest.param("The specified phrase is too short.\n", "too short", id="a bad query"),
        pytest.param('{"articles": [', "broken JSON", id="cut off"),
        pytest.param('{"error": 1}', "no list of articles", id="other JSON"),
        pytest.param('{"articles": 3}', "no list of articles", id="no list"),
        pytest.param("<html><body>Are you a robot?</body></html>", "HTML page", id="a page"),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_told_in_words(body: str, says: str) -> None:
    with pytest.raises(SourceError, match=says):
        read(body)


def feed(*links: str) -> str:
    rows = "".join(
        f"<item><title>Ferry {n}</title><link>{link.replace('&', '&amp;')}</link>"
        f"<pubDate>Wed, 25 Nov 2026 10:0{n}:00 GMT</pubDate></item>"
        for n, link in enumerate(links)
    )
    return (
        f"<?xml version='1.0'?><rss version='2.0'><channel><title>x</title>{rows}</channel></rss>"
    )


FINDER = "https://www.finder.example/news/search?q=x&format=rss"
ARTICLE = "https://paper.example/news/7?id=1"


@pytest.mark.parametrize(
    ("link", "leads_to"),
    [
        pytest.param(ARTICLE, ARTICLE, id="a direct link"),
        pytest.param(
            f"http://www.finder.example/click.aspx?ref=a&url={quote(ARTICLE, safe='')}&c=1",
            ARTICLE, id="a link that counts clicks",
        ),
        pytest.param("https://news.finder.example/rss/articles/CBMi", None, id="one that does not"),
        pytest.param("https://finder.example/?url=https://finder.example/a", None, id="to itself"),
        pytest.param("https://finder.example/?url=javascript:alert(1)", None, id="to no address"),
    ],
)  # fmt: skip
def test_a_result_leads_to_the_article_or_is_left_out(link: str, leads_to: str | None) -> None:
    reading = read(feed(link), FINDER)
    assert [entry.url for entry in reading.entries] == ([leads_to] if leads_to else [])
    assert reading.dropped.get(OWN_PAGE, 0) == (leads_to is None)
    assert reading.pause_s == PAUSE_S


def test_dates_of_a_feed_of_results_are_kept() -> None:
    [entry] = read(feed(ARTICLE), FINDER).entries
    assert entry.published is not None
    assert entry.published.at == datetime(2026, 11, 25, 10, 0, tzinfo=UTC)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with suppress(SourceError):
        assert read(body).entries == ()


def test_every_query_is_asked_at_every_address() -> None:
    outlet = replace(
        OUTLET,
        searches=("https://a.example/?q={query}&n=1", "https://b.example/all"),
        queries=("북한 러시아", '"a b" OR c&d'),
        confidence={"https://b.example/all": "low"},
    )
    found = [source for source in all_sources_of(outlet) if source.kind == "search"]
    assert [search.confidence for search in found] == ["high", "high", "low"]
    for search, query in zip(found[:2], outlet.queries, strict=True):
        assert parse_qs(urlsplit(search.url).query) == {"q": [query], "n": ["1"]}
    assert found[2].url == "https://b.example/all"
    assert len({search.id for search in found}) == 3


def test_a_doubtful_search_is_proven_by_any_of_its_queries() -> None:
    template = "https://a.example/?q={query}"
    outlet = replace(OUTLET, searches=(template,), queries=("a", "b"), confidence={template: "low"})
    first = next(source for source in all_sources_of(outlet) if source.kind == "search")
    assert seen_to_answer(outlet, {first.id}).confidence == {}


def test_the_built_in_searches_are_off_and_slow() -> None:
    outlets = {outlet.id: outlet for outlet in load_catalogue() if outlet.searches}
    assert set(outlets) == {"gdelt", "bing-news"}
    for outlet in outlets.values():
        assert not outlet.enabled
        assert outlet.delay
        assert outlet.delay >= 6
        assert {source.kind for source in all_sources_of(outlet)} == {"search"}
