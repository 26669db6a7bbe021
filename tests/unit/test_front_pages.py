"""Front pages: who the site is, and where it says that it announces."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.errors import SourceError
from crawler.news.front_pages import FrontPage, read_front

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
HOME = "https://www.quaynews.example/"
ROWS = "".join(
    f'<li><h3><a href="/2026/11/2{n}/ferry-line-opens-for-the-winter-{n}">'
    f"The ferry line number {n} opens for the winter</a></h3></li>"
    for n in range(1, 6)
)
PAGE = f"""<!doctype html><html lang="ko-KR"><head><title>Home | Quay News</title>
<meta property="og:site_name" content="Quay  News"><meta property="og:locale" content="ko_KR">
<link rel="alternate" type="application/rss+xml" href="/feed/" title="Quay">
<link rel="ALTERNATE" type="application/atom+xml" href="https://feeds.quay.example/all">
<link rel="alternate" hreflang="en" href="/en/">
<link rel="alternate" type="application/json+oembed" href="/oembed">
<link rel="sitemap" href="sitemap.xml">
</head><body><nav><ul>
<li><a href="/about">About us</a></li><li><a href="/sport">Sport</a></li>
<li><a href="/news/latest">Latest</a></li><li><a href="/northkorea">북한</a></li>
<li><a href="/culture">Culture</a></li></ul></nav>
<main><ul>{ROWS}</ul></main>
<footer><a href="/rss">RSS</a> <a href="/world/rss.xml">World</a>
<a href="https://reader.example/i/feed/https://www.quaynews.example/feed">Read us elsewhere</a>
<a href="/?format=rss">one more</a></footer></body></html>"""


def read(page: str, url: str = HOME) -> FrontPage:
    return read_front(page.encode(), url, content_type="text/html; charset=utf-8", now=NOW)


def urls_of(front: FrontPage, how: str) -> list[str]:
    return [found.url for found in front.candidates if found.how == how]


def test_declared_feeds_and_sitemaps_come_first() -> None:
    front = read(PAGE)
    assert urls_of(front, "declared") == [
        f"{HOME}feed/",
        "https://feeds.quay.example/all",
        f"{HOME}sitemap.xml",
    ]
    assert front.candidates[0].how == "declared"


def test_a_page_that_declares_thousands_is_cut() -> None:
    links = "".join(
        f"<link rel=alternate type=application/rss+xml href=/{n}>" for n in range(3_000)
    )
    anchors = "".join(f"<a href=/rss/{n}>RSS</a>" for n in range(3_000))
    assert len(read(f"<html>{links}<body>{anchors}</body></html>").candidates) < 50


def test_links_to_feeds_of_the_site_are_found_and_no_reader_of_others() -> None:
    assert urls_of(read(PAGE), "linked") == [
        f"{HOME}rss",
        f"{HOME}world/rss.xml",
        f"{HOME}?format=rss",
    ]


def test_lists_of_the_menu_are_found_the_most_useful_first() -> None:
    assert urls_of(read(PAGE), "menu") == [
        f"{HOME}news/latest",
        f"{HOME}northkorea",
        f"{HOME}culture",
    ]


def test_articles_of_the_page_are_what_a_source_has_to_cover() -> None:
    assert read(PAGE).articles == {
        f"{HOME}2026/11/2{n}/ferry-line-opens-for-the-winter-{n}" for n in range(1, 6)
    }


@pytest.mark.parametrize(
    ("head", "name"),
    [
        pytest.param(
            "<meta property=og:site_name content='The Quay'><title>x</title>", "The Quay",
            id="as it shares itself",
        ),
        pytest.param("<title>Home - Quay News</title>", "Quay News", id="as its host is called"),
        pytest.param("<title>부두일보 | 홈</title>", "홈", id="the last part, for want of better"),
        pytest.param("", None, id="nothing"),
    ],
)  # fmt: skip
def test_the_name_is_found(head: str, name: str | None) -> None:
    assert read(f"<html><head>{head}</head><body><p>x</p></body></html>").name == name


@pytest.mark.parametrize(
    ("html", "language", "country"),
    [
        pytest.param("<html lang='ko-KR'>", "ko-KR", "KR", id="language and country"),
        pytest.param(
            "<html lang='en-US'>", "en-US", None, id="English says nothing of the country"
        ),
        pytest.param(
            "<html><meta property='og:locale' content='ja_JP'>", "ja-JP", "JP", id="a locale"
        ),
        pytest.param("<html lang='x-klingon'>", None, None, id="no language"),
    ],
)
def test_language_and_country_are_as_declared(
    html: str, language: str | None, country: str | None
) -> None:
    front = read(f"{html}<body><p>x</p></body></html>")
    assert (front.language, front.country) == (language, country)


def test_addresses_are_resolved_against_the_base_of_the_page() -> None:
    page = (
        "<html><head><base href='https://cdn.example/a/'>"
        "<link rel=alternate type=application/rss+xml href=f></head></html>"
    )
    assert urls_of(read(page), "declared") == ["https://cdn.example/a/f"]


@pytest.mark.parametrize("body", [b"", b"   ", b"<!-- -->"], ids=["nothing", "blank", "a comment"])
def test_what_is_no_page_is_refused(body: bytes) -> None:
    with pytest.raises(SourceError):
        read_front(body, HOME, content_type=None, now=NOW)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="<>/=\"' abhrefrsslink\n&;#:.?", max_size=300))
def test_any_page_gives_candidates_that_can_be_asked_for(text: str) -> None:
    front = read(f"<html><body>{PAGE[200:600]}{text}</body></html>")
    assert all(found.url.startswith(("http://", "https://")) for found in front.candidates)
