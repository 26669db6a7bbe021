"""Candidates: what robots.txt names, and the usual places."""

from __future__ import annotations

from crawler.news.candidates import named_in_robots, usual_feeds, usual_lists, usual_sitemaps

ROBOTS = """\
User-agent: *
Disallow: /search
Sitemap: https://quay.example/sitemap.xml
sitemap : /news-sitemap.xml
Sitemap: https://quay.example/sitemap.xml
Sitemap: javascript:alert(1)
Sitemap:
"""


def test_robots_txt_names_sitemaps_and_those_of_news_come_first() -> None:
    found = named_in_robots(ROBOTS, "https://quay.example/robots.txt")
    assert [candidate.url for candidate in found] == [
        "https://quay.example/news-sitemap.xml",
        "https://quay.example/sitemap.xml",
    ]
    assert {(candidate.kind, candidate.how) for candidate in found} == {("sitemap", "robots")}


def test_a_robots_txt_that_names_thousands_is_cut() -> None:
    lines = "".join(f"Sitemap: https://quay.example/{n}.xml\n" for n in range(5_000))
    assert len(named_in_robots(lines, "https://quay.example/")) == 20


def test_feeds_of_an_edition_are_looked_for_below_its_own_address_first() -> None:
    urls = [candidate.url for candidate in usual_feeds("https://quay.example/korean/")]
    assert urls[0] == "https://quay.example/korean/feed/"
    assert urls.index("https://quay.example/feed/") > urls.index("https://quay.example/korean/rss")


def test_the_usual_places_are_on_the_site_and_each_is_named_once() -> None:
    home = "http://127.0.0.1:8080/"
    for usual in (usual_feeds, usual_sitemaps, usual_lists):
        urls = [candidate.url for candidate in usual(home)]
        assert len(set(urls)) == len(urls)
        assert all(url.startswith(home) for url in urls)
