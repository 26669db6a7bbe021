"""What a page declares besides title, authors and dates."""

from datetime import UTC, datetime

import pytest

from crawler.news.markup import parse_html
from crawler.news.metadata import read_metadata
from crawler.news.outlets import Outlet
from crawler.news.records import Translation

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
    ("head", "free"),
    [
        pytest.param(_linked('{"@type":"Article","isAccessibleForFree":"True"}'), True, id="said"),
        pytest.param(
            _linked('{"@type":"Article","isAccessibleForFree":false}'), False, id="denied"
        ),
        pytest.param(
            _linked(
                '{"@type":"Article","isAccessibleForFree":true,"hasPart":[{"isAccessibleForFree":"False"},3]}'
            ),
            False,
            id="a part is not",
        ),
        pytest.param('<meta property="article:content_tier" content="free">', True, id="tier free"),
        pytest.param(
            '<meta property="article:content_tier" content="locked">', False, id="tier locked"
        ),
        pytest.param(
            '<meta property="article:content_tier" content="metered">', None, id="metered"
        ),
        pytest.param("", None, id="not said"),
    ],
)
def test_free_access_is_what_the_page_says(head, free):
    assert _read(head).free_access is free


@pytest.mark.parametrize(
    ("head", "tags"),
    [
        pytest.param(
            _linked('{"@type":"Article","keywords":["a","b, a"]}'), ("a", "b"), id="json-ld"
        ),
        pytest.param(
            '<meta property="article:tag" content="a"><meta name="keywords" content="z">',
            ("a",),
            id="article's before page's",
        ),
        pytest.param('<meta name="keywords" content="a、b；">', ("a", "b"), id="east asian commas"),
        pytest.param(f'<meta name="keywords" content="{"x" * 90}">', (), id="a sentence is no tag"),
    ],
)
def test_tags_are_the_article_s(head, tags):
    assert _read(head).tags == tags


@pytest.mark.parametrize(
    ("page", "language"),
    [
        pytest.param('<html lang="en_US"><p>x</html>', "en-US", id="of the document"),
        pytest.param(
            '<html><meta property="og:locale" content="uk_UA"><p>x</html>', "uk-UA", id="locale"
        ),
        pytest.param('<html lang="none of these"><p>x</html>', None, id="no language"),
    ],
)
def test_the_declared_language_is_a_tag(page, language):
    tree = parse_html(page)
    assert read_metadata(tree, URL, outlet=None, announced=None, now=NOW).language == language


def test_reuse_is_what_the_page_reserves():
    head = (
        '<meta name=robots content="NOARCHIVE, max-snippet:5"><meta name=tdm-reservation content=1>'
    )
    assert _read(head).reuse == ("noarchive", "tdm-reserved")


def test_links_are_absolute_and_only_of_the_web():
    read = _read(
        '<base href="/b/"><link rel="canonical" href="javascript:x"><link rel=canonical href="a">'
        '<link rel="alternate" media="handheld" href="m">'
        '<link rel="amphtml" href="//amp.example/a">'
        '<link rel="alternate" hreflang="ru" href="ru">'
        '<link rel="alternate" hreflang="ru" href="ru">'
        '<link rel="alternate" hreflang="x-default" href="d">'
        '<link rel="alternate" hreflang="en" href="e">'
        '<link rel="alternate" hreflang="de" href="a"><meta property="og:image" content="data:x">'
        '<meta property="og:locale" content="en_GB">'
        + _linked('{"@type":"Article","image":[{"url":"i.png"}],"license":"https://l.example/"}')
    )
    links = read.links
    assert links.canonical == "https://x.example/b/a"
    assert links.alternates == ("https://x.example/b/m", "https://amp.example/a")
    assert links.translations == (Translation(url="https://x.example/b/ru", language="ru"),)
    assert (links.image, links.license) == ("https://x.example/b/i.png", "https://l.example/")


@pytest.mark.parametrize(("body", "kept"), [('"All."', "All."), ('" "', None), ("[1]", None)])
def test_the_text_of_json_ld_is_kept_as_written(body, kept):
    assert _read(_linked(f'{{"@type":"Article","articleBody":{body}}}')).body == kept
