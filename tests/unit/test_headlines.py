"""Title, authors and dates: declared by the page, or printed around its headline."""

from datetime import UTC, datetime

import pytest

from crawler.news.bylines import read_names
from crawler.news.markup import parse_html
from crawler.news.metadata import read_metadata
from crawler.news.outlets import Outlet

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
URL = "https://x.example/news/7"


def _outlet(**card):
    given = {"id": "x", "name": "Daily X", "country": "KR", "language": "en", "kind": "national"}
    return Outlet(**{**given, "scope": "world", "homepage": "https://x.example/", **card})


def _read(head="", body="<h1>Quay opened after storm</h1>", *, outlet=None, announced=None):
    tree = parse_html(f"<html><head>{head}</head><body>{body}</body></html>")
    return read_metadata(tree, URL, outlet=outlet, announced=announced, now=NOW)


def _linked(text):
    return f'<script type="application/ld+json">{text}</script>'


@pytest.mark.parametrize(
    ("head", "title"),
    [
        pytest.param(
            "<title>Quay opened after storm</title>", "Quay opened after storm", id="title"
        ),
        pytest.param(
            "<title>Quay opened after storm - Daily X</title>",
            "Quay opened after storm",
            id="site last",
        ),
        pytest.param(
            "<title>Daily X | Quay opened after storm</title>",
            "Quay opened after storm",
            id="site first",
        ),
        pytest.param(
            "<title>Quay opened after storm | Ports | Elsewhere</title>",
            "Quay opened after storm",
            id="as printed",
        ),
        pytest.param(
            "<title>Ports | Quay opened after storm</title>",
            "Quay opened after storm",
            id="as printed, last",
        ),
        pytest.param(
            "<title>Quay – opened at last | Sea | Z</title>",
            "Quay – opened at last | Sea | Z",
            id="not printed",
        ),
        pytest.param(
            "<title>A quay has opened in the north | Sea | Z</title>",
            "A quay has opened in the north",
            id="headline outweighs the rest",
        ),
        pytest.param(
            '<meta property="og:title" content="Quay opens"><title>Daily X</title>',
            "Quay opens",
            id="shared",
        ),
        pytest.param(
            '<meta property="og:title" content="Daily X"><title>Quay opens</title>',
            "Quay opens",
            id="shared is the site's",
        ),
        pytest.param(
            "<title>Quay opened after storm - Y</title><meta name=title content=Y>",
            "Quay opened after storm",
            id="tail of the document's",
        ),
        pytest.param(
            _linked('{"@type":"Article","headline":"Quay news"}'), "Quay news", id="json-ld"
        ),
        pytest.param("<title>Daily X</title>", "Quay opened after storm", id="only the site's"),
        pytest.param(
            "<meta name=title><title>Daily X</title>", "Quay opened after storm", id="empty meta"
        ),
    ],
)
def test_the_title_is_the_article_s_and_not_the_site_s(head, title):
    assert _read(head, outlet=_outlet()).title == title


def test_an_endless_title_costs_little():
    head = f"<title>{'a | b - ' * 50_000}</title>"
    assert len(_read(head).title) <= 500


def test_a_page_without_title_and_headline_has_none():
    assert _read(body="<p>Text.</p>").title is None


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param("<div class='article-main-title'>Quay opened today</div>", id="by its class"),
        pytest.param("<h3>Quay opened today</h3>", id="as announced"),
        pytest.param(
            f"<div class=title>{'<i>word</i> ' * 900}</div><h3>Quay opened today</h3>",
            id="not in a whole column",
        ),
    ],
)
def test_a_headline_without_h1_is_found(markup):
    body = f"<div class=menu><h1>Quays and more</h1></div>{markup}"
    read = _read("<title>Daily X</title>", body, outlet=_outlet(), announced="Quay opened today")
    assert read.title == "Quay opened today"


@pytest.mark.parametrize(
    ("bylines", "names"),
    [
        pytest.param(["By Mara Quill"], ["Mara Quill"], id="by"),
        pytest.param(["Mara Quill and Ole Brand"], ["Mara Quill", "Ole Brand"], id="and"),
        pytest.param(
            ["Mara Quill, Ole Brand; Ida Sund"], ["Mara Quill", "Ole Brand", "Ida Sund"], id="list"
        ),
        pytest.param(["Mara Quill", "MARA QUILL"], ["Mara Quill"], id="once"),
        pytest.param(["김하나 기자"], ["김하나"], id="korean reporter"),
        pytest.param(["记者：王小明"], ["王小明"], id="chinese reporter"),
        pytest.param(["Mara Quill (Vladivostok)"], ["Mara Quill"], id="with a place"),
        pytest.param(["https://x.example/mara", "mara@x.example", "@mara"], [], id="addresses"),
        pytest.param(["Staff", "News Desk", "Редакция", "편집부", "Admin"], [], id="nobody"),
        pytest.param(["Daily X"], [], id="the outlet"),
        pytest.param(["105092", "-", ""], [], id="no letters"),
        pytest.param(["Q" * 500, "Q" * 80], [], id="too long"),
    ],
)
def test_authors_are_people(bylines, names):
    assert list(read_names(bylines, outlets=("Daily X", None))) == names


@pytest.mark.parametrize(
    ("head", "body", "authors"),
    [
        pytest.param(
            _linked('{"@type":"Article","author":{"name":"A B"}}'), "", ("A B",), id="json-ld"
        ),
        pytest.param('<meta name="author" content="A B">', "", ("A B",), id="meta"),
        pytest.param(
            "",
            '<a rel="author" href="/ab">A B</a><a rel="author" href="/cd">C D</a>',
            ("A B", "C D"),
            id="marked",
        ),
        pytest.param(
            "",
            '<p itemprop="author"><span itemprop="name">A B</span>, Seoul</p>',
            ("A B",),
            id="microdata",
        ),
        pytest.param(
            "",
            '<div class="byline">By A B</div><div class="byline">C D</div>',
            ("A B",),
            id="class",
        ),
        pytest.param("", '<aside><div class="author">C D</div></aside>', (), id="in a side column"),
        pytest.param("", f'<div class="author">{"word " * 90}</div>', (), id="a whole biography"),
        pytest.param(
            _linked('{"@type":"Article","author":"Daily X"}'),
            "",
            ("Daily X",),
            id="claimed by the outlet",
        ),
    ],
)
def test_authors_come_from_the_first_place_that_names_somebody(head, body, authors):
    assert _read(head, f"<h1>Quay</h1>{body}", outlet=_outlet()).authors == authors


@pytest.mark.parametrize(
    ("head", "source", "at"),
    [
        pytest.param(
            _linked('{"@type":"Article","datePublished":"2026-11-20T10:00:00Z"}'),
            "json-ld",
            "2026-11-20T10:00",
            id="json-ld",
        ),
        pytest.param(
            '<meta name="pubdate" content="2026-11-20T10:00:00Z">',
            "meta",
            "2026-11-20T10:00",
            id="meta",
        ),
        pytest.param(
            _linked('{"@type":"Article","datePublished":"2026-11-20"}')
            + '<meta name="date" content="2026-11-20T10:00:00Z">',
            "meta",
            "2026-11-20T10:00",
            id="the finer of the same day",
        ),
        pytest.param(
            _linked('{"@type":"Article","datePublished":"2026-11-20"}')
            + '<meta name="date" content="2026-10-02T10:00:00Z">',
            "json-ld",
            "2026-11-20T00:00",
            id="not the finer of another",
        ),
        pytest.param(
            '<meta name="date" content="soon"><meta name="date" content="2026-11-20 10:00">',
            "meta",
            "2026-11-20T10:00",
            id="the first that is one",
        ),
    ],
)
def test_the_declared_date_is_taken(head, source, at):
    published = _read(head).published
    assert (published.source, published.at.isoformat()[:16]) == (source, at)


def test_the_card_s_selectors_come_first():
    body = (
        "<h1>Quay opened</h1><b class=t></b><b class=t>Own title</b><i class=d>2026-11-19 08:00</i>"
    )
    head = '<meta name="date" content="2026-11-20">'
    read = _read(head, body, outlet=_outlet(selectors={"title": ".t", "date": ".d"}))
    assert (read.title, read.published.local_day) == ("Own title", "2026-11-19")


@pytest.mark.parametrize("css", ["", "..", ".absent"])
def test_a_selector_that_finds_nothing_changes_nothing(css):
    read = _read(outlet=_outlet(selectors={"title": css}))
    assert read.title == "Quay opened after storm"


def test_modified_is_read_like_published():
    head = '<meta property="article:modified_time" content="2026-11-21T01:00:00Z">'
    assert _read(head).modified.at == datetime(2026, 11, 21, 1, tzinfo=UTC)
