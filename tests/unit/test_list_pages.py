"""Links of a list page: their words, their frame, and the date in their own row."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from functools import partial

import pytest

from crawler.news.dates import parse_moment
from crawler.news.link_rows import dates_of
from crawler.news.list_pages import PageLink, is_date_line, read_links, width_of
from crawler.news.markup import parse_html

URL = "https://a.example/news/"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
READ = partial(parse_moment, source="html", timezone=None, now=NOW)
HEADLINE = "Second train a week to run over the border"


def links_of(markup: str) -> list[PageLink]:
    tree = parse_html(f"<html><body>{markup}</body></html>")
    assert tree is not None
    return read_links(tree, URL, Counter())


def days_of(markup: str) -> dict[str, str | None]:
    """The days beside the links, by the last part of their addresses."""
    dates = dates_of(links_of(markup), READ)
    return {url.rpartition("/")[2]: moment.local_day for url, moment in dates.items()}


@pytest.mark.parametrize(
    ("anchors", "expected"),
    [
        pytest.param(f"<a href='/1'>{HEADLINE}</a>", HEADLINE, id="plain"),
        pytest.param(
            f"<h3><a href='/1'>{HEADLINE}</a></h3><a href='/1'>{HEADLINE}, two ministers said.</a>",
            HEADLINE,
            id="the heading, not the longer teaser",
        ),
        pytest.param(
            f"<a href='/1'><img alt='A bridge'></a><a href='/1'>{HEADLINE}</a>",
            HEADLINE,
            id="the words, not the picture's",
        ),
        pytest.param(
            f"<a href='/1'><div>{HEADLINE}</div><div>{'Words of the teaser. ' * 9}</div></a>",
            HEADLINE,
            id="the first block of a card",
        ),
        pytest.param(
            f"<a href='/1'><p>World</p><p>{HEADLINE}</p></a>", HEADLINE, id="not the label above"
        ),
        pytest.param(
            f"<a href='/1'>{'A teaser of many words. ' * 9}</a><a href='/1'>{HEADLINE}</a>",
            HEADLINE,
            id="not a whole teaser",
        ),
        pytest.param(
            f"<a href='/1'><time>20.11.2026</time> 14:05 {HEADLINE}</a>", HEADLINE, id="not a time"
        ),
        pytest.param(
            f"<a href='/1'>{HEADLINE} [2026.11.20.]</a>", HEADLINE, id="not the date behind it"
        ),
        pytest.param(f"<a href='/1'>2026-11-20<br>{HEADLINE}</a>", HEADLINE, id="not a date line"),
        pytest.param(
            f"<a href='/1'><svg><title>icon</title></svg>{HEADLINE}</a>", HEADLINE, id="not an icon"
        ),
        pytest.param("<a href='/1'>Rason</a><a href='/1'>more</a>", "Rason", id="short"),
        pytest.param("<a href='/1'><img alt='A bridge'></a>", "A bridge", id="only a picture"),
        pytest.param("<a href='/1' title='A bridge'>더보기</a>", "A bridge", id="leads on"),
        pytest.param("<a href='/1'>Read more</a>", "", id="nothing but words that lead on"),
        pytest.param("<a href='/1'><h3></h3></a>", "", id="an empty heading"),
    ],
)  # fmt: skip
def test_a_link_is_called_by_its_headline(anchors: str, expected: str) -> None:
    assert [expected] == [link.text for link in links_of(f"<div>{anchors}</div>")]


@pytest.mark.parametrize(
    ("markup", "framed"),
    [
        pytest.param("<nav><a href='/1'>x</a></nav>", True, id="nav"),
        pytest.param("<ul class='main_menu'><li><a href='/1'>x</a></ul>", True, id="menu by class"),
        pytest.param("<div id='gnb'><b><a href='/1'>x</a></b></div>", True, id="menu by id"),
        pytest.param("<header><a href='/1'>x</a></header>", True, id="header of the page"),
        pytest.param(
            "<article><header><a href='/1'>x</a></header></article>", False, id="header of a card"
        ),
        pytest.param("<main class='menu-open'><a href='/1'>x</a></main>", False, id="main"),
        pytest.param("<nav><a href='/1'>x</a></nav><p><a href='/1'>x</a>", False, id="both"),
    ],
)  # fmt: skip
def test_the_frame_of_a_page_is_told_from_its_list(markup: str, framed: bool) -> None:
    assert [framed] == [link.is_framed for link in links_of(markup)]


def test_links_are_resolved_against_the_base_of_the_page() -> None:
    markup = "<base href='/en/'><a href='1.html#top'>x</a><a>no address</a>"
    assert [link.url for link in links_of(markup)] == ["https://a.example/en/1.html"]


def test_a_base_that_is_no_address_is_passed_over() -> None:
    assert [link.url for link in links_of("<base href='data:x'><a href='1'>x</a>")] == [f"{URL}1"]


ROWS = ("1", "2026-11-20"), ("2", "2026-11-19"), ("3", "2026-11-17")


@pytest.mark.parametrize(
    ("row", "frame"),
    [
        pytest.param("<li><a href='{}'>x</a> <i>[{}]</i></li>", "<ul>{}</ul>", id="list"),
        pytest.param("<tr><td>{1}<td><a href='{0}'>x</a>", "<table>{}</table>", id="table"),
        pytest.param("<dt><a href='{}'>x</a></dt><dd>{}</dd>", "<dl>{}</dl>", id="definitions"),
        pytest.param("{1} <a href='{0}'>x</a><br>", "<p>{}</p>", id="lines, day before"),
        pytest.param("<a href='{}'>x</a> ({})<br>", "<p>{}</p>", id="lines, day behind"),
        pytest.param("<b>{1}</b><a href='{0}'>x</a>", "<p>{}</p>", id="day before, in an element"),
        pytest.param(
            "<a href='{}'><b>x</b><div class='lead'>y</div><time>{}</time></a>",
            "<p>{}</p>",
            id="in the link",
        ),
        pytest.param(
            "<div><a href='/tag/{0}t'>y</a><h2><a href='{0}'>x</a></h2>"
            "<time datetime='{1}T00:00:00Z'>20 hours ago</time></div>",
            "<div>{}</div>",
            id="time element",
        ),
        pytest.param("<div><a href='{}'>x</a></div><p>{}</p>", "<div>{}</div>", id="day below"),
    ],
)  # fmt: skip
def test_a_date_belongs_to_the_link_of_its_row(row: str, frame: str) -> None:
    markup = frame.format("".join(row.format(*cells) for cells in ROWS))
    links = [link for link in links_of(markup) if "/tag/" not in link.url]
    dates = dates_of(links, READ)
    assert dict(ROWS) == {url[-1]: moment.local_day for url, moment in dates.items()}


def test_a_time_in_the_next_piece_belongs_to_its_day() -> None:
    markup = "<li><a href='/1'>x</a><b>20.11.2026</b><b>14:05</b><li><a href='/2'>y</a>"
    (moment,) = dates_of(links_of(markup), READ).values()
    assert (moment.at.isoformat(), moment.precision) == ("2026-11-20T14:05:00+00:00", "minute")


def test_a_day_before_other_words_stays_a_day() -> None:
    markup = "<li><a href='/1'>x</a><b>20.11.2026</b><b>World</b><li><a href='/2'>y</a>"
    (moment,) = dates_of(links_of(markup), READ).values()
    assert (moment.local_day, moment.precision) == ("2026-11-20", "day")


def test_a_teaser_tells_no_date() -> None:
    teaser = "The talks that began in the river town on November 3, 2025 went on without a break."
    assert {} == days_of(f"<ul><li><a href='/1'>x</a><p>{teaser}</p><li><a href='/2'>y</a></ul>")


def test_a_link_without_a_row_has_no_date() -> None:
    tree = parse_html("<a href='/1'>x</a>")
    assert tree is not None
    anchor = tree.xpath("//a")[0]
    anchor.drop_tree()
    assert {} == dates_of([PageLink(url="https://a.example/1", anchors=[anchor])], READ)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("20 November 2026, 14:05", True),
        ("입력 2026-11-20 14:05", True),
        ("Kim's visit of 20 November 2026", False),
        ("No date", False),
        ("2026-11-20" + "." * 40, False),
    ],
)
def test_a_date_line_has_little_else_in_it(line: str, expected: bool) -> None:
    assert expected == is_date_line(line)


def test_letters_of_east_asia_are_wide() -> None:
    assert (width_of("북러 train"), width_of("поезд")) == (10, 5)
