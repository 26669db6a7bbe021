"""robots.txt as we read it."""

from __future__ import annotations

import pytest

from crawler.robots import CRAWL_DELAY_LIMIT_S, Rules, read_rules

FOR_US = "User-agent: tumen\nDisallow: /private/\nCrawl-delay: 7\n\nUser-agent: *\nDisallow: /\n"


@pytest.mark.parametrize(
    ("body", "url", "allowed"),
    [
        pytest.param(FOR_US, "https://a.example/news", True, id="what our group allows"),
        pytest.param(FOR_US, "https://a.example/private/1", False, id="what our group forbids"),
        pytest.param("User-agent: *\nDisallow: /a", "https://a.example/ab", False, id="for all"),
        pytest.param("", "https://a.example/", True, id="empty"),
        pytest.param("<html>not found</html>", "https://a.example/", True, id="a page"),
        pytest.param("\x00\xff garbage \n:::\n", "https://a.example/", True, id="garbage"),
    ],
)
def test_a_url_is_allowed_as_robots_txt_says(body: str, url: str, allowed: bool) -> None:
    assert read_rules(body).allow(url) is allowed


def test_a_crawl_delay_for_us_is_read() -> None:
    assert read_rules(FOR_US).crawl_delay_s == 7.0


def test_a_crawl_delay_is_capped() -> None:
    assert read_rules("User-agent: *\nCrawl-delay: 86400").crawl_delay_s == CRAWL_DELAY_LIMIT_S


def test_a_host_without_robots_txt_allows_all() -> None:
    assert Rules(None, 0.0).allow("https://a.example/anything")


def test_of_a_host_that_must_not_be_dialed_nothing_is_asked() -> None:
    assert not Rules(None, 0.0, refusal="its address is not public").allow("http://a.example/")
