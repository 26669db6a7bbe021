"""One door to the readers: the kind of a source says who reads it, and with what."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.errors import SourceError
from crawler.news.records import SourceKind, SourceReading
from crawler.news.sources import read_source

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://a.example/list"
HEADLINE = "Second train a week to run over the border"
KINDS: tuple[SourceKind, ...] = ("feed", "sitemap", "section")


def read(
    kind: SourceKind,
    text: str,
    *,
    charset: str = "utf-8",
    content_type: str | None = None,
    charset_hint: str | None = None,
    known: frozenset[str] = frozenset(),
) -> SourceReading:
    return read_source(
        kind,
        text.encode(charset),
        URL,
        content_type=content_type,
        charset_hint=charset_hint,
        timezone="Asia/Seoul",
        now=NOW,
        known=known,
    )


def feed(title: str = HEADLINE) -> str:
    return (
        f"<rss version='2.0'><channel><item><title>{title}</title><link>/news/55301.html</link>"
        "<pubDate>21 Nov 2026 02:00</pubDate></item></channel></rss>"
    )


SITEMAP = (
    "<urlset xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'><url>"
    f"<loc>/news/55301.html</loc><news:news><news:title>{HEADLINE}</news:title>"
    "<news:publication_date>2026-11-21T02:00</news:publication_date></news:news></url></urlset>"
)


def page(title: str = HEADLINE) -> str:
    return f"<ul><li><a href='/news/55301.html'>{title}</a> 2026-11-21 02:00</li></ul>"


@pytest.mark.parametrize(
    ("kind", "text", "shape"),
    [
        pytest.param("feed", feed(), "rss20", id="feed"),
        pytest.param("sitemap", SITEMAP, "news-sitemap", id="sitemap"),
        pytest.param("section", page(), "section", id="section"),
    ],
)
def test_each_kind_is_read_by_its_reader(kind: SourceKind, text: str, shape: str) -> None:
    reading = read(kind, text)
    (entry,) = reading.entries
    assert (reading.shape, entry.url) == (shape, "https://a.example/news/55301.html")
    assert entry.title == HEADLINE
    assert entry.published is not None
    # The outlet's zone: 02:00 in Seoul is still the day before in UTC.
    assert entry.published.at == datetime(2026, 11, 20, 17, tzinfo=UTC)
    assert entry.published.local_day == "2026-11-21"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        pytest.param("feed", SITEMAP, id="a sitemap is no feed"),
        pytest.param("feed", page(), id="a page is no feed"),
        pytest.param("sitemap", "<html><body></body></html>", id="a page is no sitemap"),
        pytest.param("section", "<p>Nothing here.</p>", id="a text is no list"),
    ],
)
def test_what_is_of_another_kind_says_so(kind: SourceKind, text: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(kind, text)
    assert caught.value.url == URL


RUSSIAN = "Поезд через пограничную реку пойдёт дважды в неделю, сообщили в порту"


@pytest.mark.parametrize("text", [feed(RUSSIAN), page(RUSSIAN)], ids=["feed", "section"])
@pytest.mark.parametrize(
    ("content_type", "charset_hint"),
    [("text/xml; charset=koi8-r", None), (None, "koi8-r")],
    ids=["as the server says", "as the outlet's card says"],
)
def test_the_charset_reaches_the_reader(
    text: str, content_type: str | None, charset_hint: str | None
) -> None:
    kind: SourceKind = "feed" if text.startswith("<rss") else "section"
    reading = read(
        kind, text, charset="koi8-r", content_type=content_type, charset_hint=charset_hint
    )
    assert [entry.title for entry in reading.entries] == [RUSSIAN]


def test_a_section_is_compared_with_the_former_visit() -> None:
    first = read("section", page() + "<a href='/special/harbor-1234'>Harbor special report</a>")
    anew = page() + "<a href='/special/bridge-5678'>Bridge special report</a>"
    second = read("section", anew, known=frozenset(first.links))
    assert "https://a.example/special/harbor-1234" not in [e.url for e in first.entries]
    assert "https://a.example/special/bridge-5678" in [e.url for e in second.entries]


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(KINDS), st.binary(max_size=120))
def test_any_bytes_of_any_kind_give_a_reading_or_say_why_not(kind: SourceKind, body: bytes) -> None:
    try:
        reading = read(kind, body.decode("latin-1"), charset="latin-1")
    except SourceError:
        return
    assert reading.shape
