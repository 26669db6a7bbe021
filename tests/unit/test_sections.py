"""List pages: articles are told from navigation by address, group, title and change."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import SourceError
from crawler.news.list_pages import LINK_LIMIT
from crawler.news.records import SourceReading
from crawler.news.sections import ENTRY_LIMIT, link_digest, read_section

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://a.example/news/"
NAVIGATION = (
    "<ul><li><a href='/'>Home</a></li><li><a href='/news/'>Latest</a></li>"
    "<li><a href='/politics/'>Politics</a></li>"
    "<li><a href='/about/contact-the-newsroom-team/'>Contact the newsroom of the Harbor Post</a>"
    "</li><li><a href='mailto:desk@a.example'>Write to us</a></li>"
    "<li><a href='javascript:void(0)'>Menu</a></li><li><a href='#top'>Top</a></li>"
    "<li><a href='/tag/harbor-news-2026/'>Harbor news</a></li>"
    "<li><a href='/news/?page=12345'>The next page of the list</a></li>"
    "<li><a href='/files/annual-report-2026.pdf'>The annual report of this newspaper</a></li></ul>"
)
HEADLINES = (
    "Second train a week to run over the border",
    "Ministers open a freight office at the crossing",
    "Harbor counts fewer ships than a year ago",
)


def read(items: str, known: frozenset[str] = frozenset(), url: str = URL) -> SourceReading:
    page = (
        f"<html><head><title>Latest</title></head><body>{NAVIGATION}<ul>{items}</ul></body></html>"
    )
    return read_section(
        page.encode(),
        url,
        content_type="text/html; charset=utf-8",
        charset_hint=None,
        timezone="Asia/Seoul",
        now=NOW,
        known=known,
    )


def links(*paths: str, titles: tuple[str, ...] = HEADLINES) -> str:
    return "".join(
        f"<li><a href='{path}'>{title}</a></li>" for path, title in zip(paths, titles, strict=False)
    )


KOREAN = (
    "두 나라 철도 당국, 주 2회 운행 합의",
    "국경 화물 사무소 문 열어",
    "항만 물동량 작년보다 줄어",
)
JAPANESE = ("国境の貨物列車、週二便に", "両国の閣僚が事務所開設", "港の貨物、前年を下回る")


@pytest.mark.parametrize(
    ("paths", "titles"),
    [
        pytest.param(
            ("/2026/11/22/train/", "/2026/11/21/office/", "/2026/11/20/harbor/"), HEADLINES,
            id="dates in the address",
        ),
        pytest.param(
            ("/news/articleView.html?idxno=20411", "/news/articleView.html?idxno=20412",
             "/news/articleView.html?idxno=20413"), KOREAN, id="Korean, id in the query",
        ),
        pytest.param(
            ("/en/article/q/72b13eb0ad.kcmsf", "/en/article/q/816e539333.kcmsf",
             "/en/article/q/0908b78bd0.kcmsf"), HEADLINES, id="hashes",
        ),
        pytest.param(
            ("/second-train-a-week-to-run/", "/ministers-open-a-freight-office/",
             "/harbor-counts-fewer-ships/"), HEADLINES, id="slugs",
        ),
        pytest.param(
            ("/news/55301.html", "/news/55302.html", "/news/55303.html"), HEADLINES,
            id="numbered files",
        ),
        pytest.param(
            ("/articles/ASX61801.html", "/articles/ASX61802.html", "/articles/ASX61803.html"),
            JAPANESE, id="Japanese, coded files",
        ),
    ],
)  # fmt: skip
def test_the_articles_of_a_list_are_found_and_its_navigation_is_not(
    paths: tuple[str, ...], titles: tuple[str, ...]
) -> None:
    reading = read(links(*paths, titles=titles))
    announced = {(entry.url, entry.title) for entry in reading.entries}
    assert announced == {
        (f"https://a.example{path}", title) for path, title in zip(paths, titles, strict=True)
    }


@pytest.mark.parametrize(
    ("item", "day"),
    [
        pytest.param("<li><a href='/n/55301.html'>{}</a> <span>[2026.11.20.]</span></li>",
                     "2026-11-20", id="behind the link"),
        pytest.param("<tr><td>2026-11-19</td><td><a href='/n/55301.html'>{}</a></td></tr>",
                     "2026-11-19", id="in the row"),
        pytest.param("<div><a href='/n/55301.html'>{}</a> 2026-11-17</div>", "2026-11-17",
                     id="in no item at all"),
        pytest.param("<li><b><a href='/n/55301.html'>{}</a> (2026-11-16)</b><a href='/x'>x</a>",
                     "2026-11-16", id="in an item with other links"),
        pytest.param("<li><a href='/2026/11/18/n/'>{}</a></li>", "2026-11-18",
                     id="in the address"),
    ],
)  # fmt: skip
def test_a_date_printed_beside_a_link_is_its_articles(item: str, day: str) -> None:
    (entry,) = read(item.format(HEADLINES[0])).entries
    assert entry.published is not None
    assert (entry.published.local_day, entry.published.precision) == (day, "day")


def test_a_date_that_articles_share_is_nobody_s() -> None:
    articles = [f"<a href='/n/5530{n}.html'>{title}</a>" for n, title in enumerate(HEADLINES)]
    shared = f"<li>2026-11-17 {' 2026-11-18 '.join(articles)} 2026-11-19</li>"
    assert [entry.published for entry in read(shared).entries] == [None, None, None]


def test_the_first_few_of_many_like_links_are_read() -> None:
    like = "<a href='/n/55301.html'><img src='x.jpg'></a>"
    found = read(f"<div>{like * 4}<a href='/n/55301.html'>{HEADLINES[0]}</a>{like * 50}</div>")
    assert [entry.title for entry in found.entries] == [HEADLINES[0]]


def test_a_number_that_is_no_date_is_passed_over() -> None:
    item = f"<li><a href='/n/55301.html'>{HEADLINES[0]}</a> 99.99.9999 and 2026-11-20</li>"
    (entry,) = read(item).entries
    assert entry.published is not None
    assert entry.published.local_day == "2026-11-20"


def test_a_teaser_takes_its_title_from_the_headline_not_the_image() -> None:
    teaser = (
        "<li><a href='/n/55301.html'><img src='x.jpg'></a>"
        f"<a href='/n/55301.html'><p>Politics</p><h2></h2><h3>{HEADLINES[0]}</h3></a>"
        "<a href='/n/55301.html'>more</a></li>"
    )
    assert [entry.title for entry in read(teaser).entries] == [HEADLINES[0]]


def test_a_picture_alone_is_announced_by_its_title() -> None:
    item = f"<li><a href='/n/55301.html' title='{HEADLINES[0]}'><img src='x.jpg'></a></li>"
    assert [entry.title for entry in read(item).entries] == [HEADLINES[0]]


def test_a_link_that_was_always_there_counts_less_than_a_new_one() -> None:
    paths = ("/special/harbor-1234", "/special/bridge-5678")
    titles = ("Harbor special report", "Bridge special report")
    known = frozenset(link_digest(f"https://a.example{path}") for path in paths[:1])
    announced = [entry.url for entry in read(links(*paths, titles=titles), known).entries]
    assert announced == ["https://a.example/special/bridge-5678"]


def test_every_link_is_remembered_for_the_next_visit() -> None:
    reading = read(links("/news/55301.html"))
    assert link_digest("https://a.example/politics/") in reading.links
    assert link_digest("https://a.example/news/55301.html") in reading.links


def test_links_to_other_sites_are_counted_and_left_out() -> None:
    reading = read(links("/news/55301.html", "https://b.example/news/55302.html"))
    assert [entry.url for entry in reading.entries] == ["https://a.example/news/55301.html"]
    assert reading.dropped == {"other site": 1}


def test_a_list_is_bounded() -> None:
    many = "".join(
        f"<li><a href='/news/{n}.html'>{HEADLINES[0]}</a></li>" for n in range(5000, 8000)
    )
    reading = read(many)
    assert len(reading.entries) == ENTRY_LIMIT
    assert len(reading.links) <= LINK_LIMIT
    assert reading.dropped["over the limit"] > 0


@pytest.mark.parametrize("items", ["", "<li><a href='/economy/'>Economy</a></li>"])
def test_a_page_without_articles_is_no_list(items: str) -> None:
    with pytest.raises(SourceError, match="no article links"):
        read(items)


def test_an_empty_answer_is_no_list() -> None:
    with pytest.raises(SourceError):
        read_section(
            b"",
            URL,
            content_type=None,
            charset_hint=None,
            timezone=None,
            now=NOW,
            known=frozenset(),
        )


@given(st.binary(max_size=300))
def test_any_bytes_give_a_list_or_say_why_not(body: bytes) -> None:
    try:
        reading = read_section(
            body, URL, content_type=None, charset_hint=None, timezone=None, now=NOW,
            known=frozenset(),
        )  # fmt: skip
    except SourceError:
        return
    assert reading.shape == "section"
