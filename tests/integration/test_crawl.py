"""A whole crawl of the sample press, as a user runs it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from crawler.app.press.articles import Expectation
from crawler.app.press.server import Press
from tests.integration.crawls import (
    Outcome,
    journal_of,
    lines_of,
    press_with_catalogue,
    records_of,
    tumen,
    urls_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawled:
    """A crawl of the sample press, and a second one right after."""

    press: Press
    data: Path
    catalogue: Path
    first: Outcome
    visits_of_first: int
    urls_of_first: list[str]
    second: Outcome


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp("crawl")
    data = folder / "data"
    with press_with_catalogue(folder) as (press, catalogue):
        options = ("crawl", "--outlets", str(catalogue), "--data", str(data), "--json")
        first = tumen(*options)
        visits, urls = len(press.visits), urls_of(data)
        second = tumen(*options)
        yield Crawled(
            press=press,
            data=data,
            catalogue=catalogue,
            first=first,
            visits_of_first=visits,
            urls_of_first=urls,
            second=second,
        )


def expected(crawled: Crawled) -> tuple[Expectation, ...]:
    return crawled.press.expect()


def test_everything_relevant_is_stored_once_and_nothing_else(crawled: Crawled) -> None:
    wanted = sorted(article.url for article in expected(crawled) if article.kept)
    assert wanted == crawled.urls_of_first, crawled.first.err


def test_every_announced_page_that_is_not_stored_is_visible(crawled: Crawled) -> None:
    dead = tumen("dead", "list", "--json", "--data", str(crawled.data))
    visible = {line["url"] for line in [*journal_of(crawled.data), *lines_of(dead.out)]}
    left = {article.url for article in expected(crawled) if not article.kept}
    assert left - visible - set(crawled.urls_of_first) == set()


def test_records_hold_the_title_and_date_of_their_article(crawled: Crawled) -> None:
    by_url = {record["url"]: record for record in records_of(crawled.data)}
    wrong = [
        (article.url, by_url[article.url]["title"], by_url[article.url]["date_published"])
        for article in expected(crawled)
        if article.kept
        and (
            by_url[article.url]["title"] != article.title
            or datetime.fromisoformat(by_url[article.url]["date_published"]).replace(second=0)
            != article.published.replace(second=0, microsecond=0)
        )
    ]
    assert wrong == []


def test_records_hold_the_language_of_their_article(crawled: Crawled) -> None:
    by_url = {record["url"]: record for record in records_of(crawled.data)}
    wrong = [
        (article.url, by_url[article.url]["language"])
        for article in expected(crawled)
        if article.kept and by_url[article.url]["language"][:2] != article.language[:2]
    ]
    assert wrong == []


def test_every_record_says_why_it_is_there_and_where_it_came_from(crawled: Crawled) -> None:
    incomplete = [
        record["url"]
        for record in records_of(crawled.data)
        if not (
            record["match"]["reasons"]
            and record["match"]["sentences"]
            and record["match"]["score"] >= record["match"]["threshold"]
            and record["found_in"]["kind"] in ("feed", "sitemap", "section")
            and record["found_in"]["url"]
            and record["http"]["status"] == 200
            and len(record["http"]["body_sha256"]) == 64
        )
    ]
    assert incomplete == []


def test_a_copy_shares_the_story_of_its_first_and_points_to_it(crawled: Crawled) -> None:
    by_url = {record["url"]: record for record in records_of(crawled.data)}
    copies = [article for article in expected(crawled) if article.kept and article.copy_of]
    assert copies
    for article in copies:
        pair = [by_url[article.url], by_url[str(article.copy_of)]]
        assert pair[0]["story_id"] == pair[1]["story_id"]
        # Whichever was stored later points to the other.
        assert {record["duplicate_of"] for record in pair} - {None} <= {
            pair[0]["id"],
            pair[1]["id"],
        }
        assert any(record["duplicate_of"] for record in pair)


def test_the_output_is_the_lines_of_the_store(crawled: Crawled) -> None:
    shown = sorted(record["url"] for record in lines_of(crawled.first.out))
    assert shown == crawled.urls_of_first


def test_a_second_crawl_asks_for_no_article_again(crawled: Crawled) -> None:
    articles = {path for article in expected(crawled) for path in article.announced}
    again = crawled.press.visits[crawled.visits_of_first :]
    pages = [visit.path for visit in again if any(url.endswith(visit.path) for url in articles)]
    assert pages == []


def test_a_second_crawl_gets_304_from_every_source(crawled: Crawled) -> None:
    again = crawled.press.visits[crawled.visits_of_first :]
    assert again
    assert {visit.status for visit in again if visit.path != "/robots.txt"} == {304}


def test_a_second_crawl_stores_nothing_twice(crawled: Crawled) -> None:
    assert urls_of(crawled.data) == crawled.urls_of_first


def test_robots_txt_comes_first_at_every_outlet(crawled: Crawled) -> None:
    first: dict[str, str] = {}
    for visit in crawled.press.visits:
        first.setdefault(visit.outlet, visit.path)
    assert set(first.values()) == {"/robots.txt"}


def test_what_robots_txt_forbids_is_not_asked_for(crawled: Crawled) -> None:
    forbidden = [article for article in expected(crawled) if "robots" in article.reason]
    asked = {visit.path for visit in crawled.press.visits}
    assert forbidden
    assert not any(url.endswith(path) for path in asked for article in forbidden
                   for url in article.announced if path != "/")  # fmt: skip


def test_the_store_is_sound(crawled: Crawled) -> None:
    assert tumen("store", "verify", "--data", str(crawled.data)).code == 0


def test_the_crawler_gives_its_name_and_contact(crawled: Crawled) -> None:
    agents = {visit.agent for visit in crawled.press.visits}
    assert len(agents) == 1
    assert "Tumen/" in str(agents)
    assert "+https://example.org/test" in str(agents)
