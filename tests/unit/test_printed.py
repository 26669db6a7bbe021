"""The date that a page prints: the article's own, and never a clock's."""

from datetime import UTC, datetime

import pytest

from crawler.news.markup import parse_html
from crawler.news.metadata import read_metadata

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
QUAY = "<h1>Quay opened</h1>"


def _published(body):
    tree = parse_html(f"<html><body>{body}</body></html>")
    read = read_metadata(tree, "https://x.example/7", outlet=None, announced=None, now=NOW)
    return read.published


@pytest.mark.parametrize(
    ("body", "day"),
    [
        pytest.param(f"{QUAY}<p class='publish-time'>2026.11.20.</p>", "2026-11-20", id="class"),
        pytest.param(f"{QUAY}<time datetime='2026-11-20'>today</time>", "2026-11-20", id="time"),
        pytest.param(
            f"{QUAY}<time>20 November 2026</time>",
            "2026-11-20",
            id="time without attribute",
        ),
        pytest.param(
            f"{QUAY}<p itemprop='datePublished' content='2026-11-20'>x</p>"
            "<time datetime='2026-11-19'>y</time>",
            "2026-11-20",
            id="microdata first",
        ),
        pytest.param(
            f"{QUAY}<time class='updated' datetime='2026-11-20'>x</time>"
            "<time datetime='2026-11-18'>y</time>",
            "2026-11-18",
            id="published before updated",
        ),
        pytest.param(
            f"{QUAY}<p class='date'>Updated: 2026-11-20</p><p class='date'>2026-11-18</p>",
            "2026-11-18",
            id="not an update",
        ),
        pytest.param(
            f"<article><header><p class='date'>2026-11-20</p>{QUAY}</header></article>",
            "2026-11-20",
            id="above the headline",
        ),
        pytest.param(
            f"<article><header><p class='date'>2026-11-22</p>{QUAY}</header></article>",
            None,
            id="a clock above the headline",
        ),
        pytest.param(
            "<div class='td_data_time'>Sunday, November 22, 2026</div>"
            f"<div><div><div><div>{QUAY}</div></div></div></div>",
            None,
            id="a clock in the header",
        ),
        pytest.param(
            f"<header><p class='date'>2026-11-20</p></header><main>{QUAY}</main>",
            None,
            id="in the page's header",
        ),
        pytest.param(
            f"{QUAY}<div class='related'><time datetime='2026-11-20'>x</time></div>",
            None,
            id="of another article",
        ),
        pytest.param(
            f"{QUAY}<footer><time datetime='2026-11-20'>x</time></footer>",
            None,
            id="in the footer",
        ),
        pytest.param("<p class='date'>2026-11-20</p>", "2026-11-20", id="without a headline"),
        pytest.param(f"{QUAY}<p class='date'></p>", None, id="empty"),
    ],
)
def test_the_printed_date_is_taken_from_the_article_only(body, day):
    published = _published(body)
    assert (published and published.local_day) == day
