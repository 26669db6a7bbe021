"""Sitemaps: plain ones, of news, indexes and lists; for their own site, bounded, never expanded."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.errors import SourceError
from crawler.news.announcements import UNPACKED_LIMIT
from crawler.news.records import Entry, Moment, SourceReading
from crawler.news.sitemaps import CHILD_LIMIT, read_sitemap

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://www.a.example/sitemap.xml"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
NEWS_ENTRY = """
  <url><loc>https://www.a.example/news/7</loc><lastmod>2026-11-21</lastmod>
    <news:news><news:publication><news:name>Harbor Post</news:name>
      <news:language>zh-cn</news:language></news:publication>
      <news:publication_date>2026-11-20T14:05:00+09:00</news:publication_date>
      <news:title>Ferry &amp;amp; <![CDATA[<b>freight</b>]]></news:title></news:news>
    <image:image><image:loc>https://img.example/7.jpg</image:loc>
      <image:title>A ferry</image:title></image:image></url>
"""


def read(body: str | bytes, content_type: str | None = None) -> SourceReading:
    return read_sitemap(
        body if isinstance(body, bytes) else body.encode(),
        URL,
        content_type=content_type,
        timezone="Asia/Seoul",
        now=NOW,
    )


def url(loc: str, lastmod: str = "") -> str:
    said = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    return f"<url><loc>{loc}</loc>{said}</url>"


def urlset(*entries: str) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="{SITEMAP}" xmlns:news="{NEWS}"'
        ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
        f"{''.join(entries)}</urlset>"
    )


def urls(reading: SourceReading) -> list[str]:
    return [entry.url for entry in reading.entries]


def test_a_plain_sitemap_says_when_pages_changed() -> None:
    reading = read(urlset(url("https://www.a.example/1", "2026-11-20"), url("/2")))
    assert reading.shape == "sitemap"
    assert urls(reading) == ["https://www.a.example/1", "https://www.a.example/2"]
    changed = reading.entries[0].modified
    assert changed is not None
    assert (changed.local_day, changed.source) == ("2026-11-20", "sitemap")
    assert reading.entries[0].published is None
    assert reading.entries[1].modified is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(urlset(NEWS_ENTRY), id="as ruled"),
        pytest.param(urlset(NEWS_ENTRY).replace(f' xmlns:news="{NEWS}"', ""), id="not declared"),
        pytest.param(urlset(NEWS_ENTRY).replace(f' xmlns="{SITEMAP}"', ""), id="no namespace"),
        pytest.param(
            urlset(NEWS_ENTRY).replace("<news:", "<n:").replace("</news:", "</n:")
            .replace("xmlns:news", "xmlns:n").replace("<n:news", "<n:News")
            .replace("</n:news", "</n:News"),
            id="another prefix, a capital",
        ),
        pytest.param(urlset(NEWS_ENTRY).replace("<url>", "<url><!-- 7 --><?php ?>"), id="remarks"),
        pytest.param("\n\n" + urlset(NEWS_ENTRY), id="blank lines before it"),
    ],
)  # fmt: skip
def test_a_news_sitemap_says_what_was_published_and_when(text: str) -> None:
    reading = read(text)
    assert reading.shape == "news-sitemap"
    assert reading.entries == (
        Entry(
            url="https://www.a.example/news/7",
            title="Ferry & freight",
            published=Moment(
                at=datetime(2026, 11, 20, 5, 5, tzinfo=UTC),
                precision="second",
                source="sitemap",
                raw="2026-11-20T14:05:00+09:00",
                local_day="2026-11-20",
            ),
            modified=Moment(
                at=datetime(2026, 11, 21, tzinfo=UTC),
                precision="day",
                source="sitemap",
                raw="2026-11-21",
                local_day="2026-11-21",
            ),
            language="zh-CN",
        ),
    )


def index(*children: str) -> str:
    return f'<sitemapindex xmlns="{SITEMAP}">{"".join(children)}</sitemapindex>'


def child(loc: str, lastmod: str) -> str:
    return f"<sitemap><loc>{loc}</loc><lastmod>{lastmod}</lastmod></sitemap>"


def test_an_index_names_its_children_the_newest_first() -> None:
    reading = read(
        index(
            child("https://www.a.example/2025.xml", "2025-12-31"),
            child("https://files.a.example/2026.xml.gz", "2026-11-20"),
            child("https://cdn.example/2027.xml", "2026-11-21"),
        )
    )
    assert reading.shape == "sitemap-index"
    assert [kid.url for kid in reading.children] == [
        "https://files.a.example/2026.xml.gz",
        "https://www.a.example/2025.xml",
    ]
    assert reading.entries == ()
    assert reading.dropped == {"other site": 1}


def test_an_index_is_bounded() -> None:
    day = "2026-11-10"
    many = (child(f"/{n}.xml", day) for n in range(CHILD_LIMIT + 2))
    reading = read(index(*many, child("/newest.xml", "2026-11-20")))
    assert len(reading.children) == CHILD_LIMIT
    assert reading.children[0].url == "https://www.a.example/newest.xml"
    assert reading.dropped == {"over the limit": 3}


@pytest.mark.parametrize(
    ("body", "count"),
    [
        pytest.param(gzip.compress(urlset(url("/1")).encode()), 1, id="gzip"),
        pytest.param(gzip.compress(gzip.compress(urlset(url("/1")).encode())), 1, id="gzip twice"),
        pytest.param(gzip.compress(b"https://www.a.example/1\n"), 1, id="a packed list"),
        pytest.param(urlset(url("/1")).encode("utf-16"), 1, id="UTF-16"),
        pytest.param(b"\xef\xbb\xbf" + urlset(url("/1")).encode(), 1, id="behind a mark"),
        pytest.param(urlset().encode(), 0, id="nothing in it"),
        pytest.param(b"<urlset/>", 0, id="one tag"),
    ],
)
def test_sitemaps_come_packed_and_in_any_charset(body: bytes, count: int) -> None:
    reading = read(body, content_type="application/x-gzip")
    assert urls(reading) == ["https://www.a.example/1"][:count]


def test_a_bomb_is_not_unpacked() -> None:
    megabyte = bytes(1_000_000)
    with pytest.raises(SourceError, match="more than 50 MB"):
        read(gzip.compress(megabyte) * (UNPACKED_LIMIT // len(megabyte) + 1))


def test_a_list_of_addresses_is_a_sitemap() -> None:
    reading = read(
        "\ufeffhttps://www.a.example/1\r\n\r\n  https://www.a.example/2  \n# a remark of one\n"
        "ftp://www.a.example/3\nhttps://b.example/4\nhttps://www.a.example/1\n"
    )
    assert reading.shape == "sitemap"
    assert urls(reading)[:2] == ["https://www.a.example/1", "https://www.a.example/2"]
    assert "https://b.example/4" not in urls(reading)


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        pytest.param(url("https://b.example/1"), "other site", id="other site"),
        pytest.param(url("https://a.example.b.example/1"), "other site", id="a name in front"),
        pytest.param(url("javascript:alert(1)"), "link is not http", id="script"),
        pytest.param(url(""), "no link", id="empty"),
        pytest.param("<url><lastmod>2026-11-20</lastmod></url>", "no link", id="none"),
        pytest.param(url("https://www.a.example/1"), "twice", id="twice"),
    ],
)
def test_what_cannot_be_used_is_counted(entry: str, reason: str) -> None:
    reading = read(urlset(url("https://www.a.example/1", "2026-11-20"), entry))
    assert urls(reading) == ["https://www.a.example/1"]
    assert reading.entries[0].modified is not None
    assert reading.dropped == {reason: 1}


def test_the_newest_comes_first() -> None:
    days = ("2026-11-18", "2026-11-20", "", "2026-11-19")
    reading = read(urlset(*(url(f"/{n}", day) for n, day in enumerate(days))))
    assert [address[-1] for address in urls(reading)] == ["1", "2", "3", "0"]


@pytest.mark.parametrize(
    ("text", "expected", "dropped"),
    [
        pytest.param(urlset(url("/1"), url("/2"))[:-15], ["/1"], {"cut off": 1}, id="torn entry"),
        pytest.param(urlset(url("/1")).removesuffix("</urlset>"), ["/1"], {}, id="end missing"),
        pytest.param(urlset(url("/1?a=1&b=2")), ["/1?a=1&b=2"], {}, id="a bare ampersand"),
        pytest.param(urlset(url("/1"), "<b>", url("/2")), ["/1", "/2"], {}, id="an open tag"),
        pytest.param(urlset(url("/1\x00"), url("/2")), ["/1", "/2"], {}, id="a NUL"),
    ],
)
def test_a_broken_sitemap_gives_what_is_whole(
    text: str, expected: list[str], dropped: dict[str, int]
) -> None:
    reading = read(text)
    assert urls(reading) == [f"https://www.a.example{path}" for path in expected]
    assert reading.dropped == dropped


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "<rss version='2.0'><channel><item><link>/1</link></item></channel></rss>", id="RSS"
        ),
        pytest.param(
            "<feed xmlns='http://www.w3.org/2005/Atom'><entry><link href='/1'/></entry></feed>",
            id="Atom",
        ),
        pytest.param(
            '{"version": "https://jsonfeed.org/version/1.1", "items": [{"url": "/1"}]}', id="JSON"
        ),
    ],
)
def test_a_feed_in_place_of_a_sitemap_is_read_as_one(text: str) -> None:
    reading = read(text)
    assert reading.shape in ("rss20", "atom10", "json11")
    assert urls(reading) == ["https://www.a.example/1"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("", "no sitemap", id="empty"),
        pytest.param("Not found", "no sitemap", id="a sentence"),
        pytest.param("<!doctype html><html><p>Log in</html>", "an HTML page came", id="HTML"),
        pytest.param("<catalogue/>", "something else came", id="other XML"),
        pytest.param("<!-- nothing else", "something else came", id="a remark"),
        pytest.param("<urlset><url><loc>https://www.a.ex", "broken before", id="torn early"),
        pytest.param("<urlset><![CDATA[</url>]]></urlset>", "broken before", id="ends, no starts"),
        pytest.param('{"items": []}', "no JSON Feed", id="JSON"),
    ],
)
def test_what_is_no_sitemap_says_so(text: str, problem: str) -> None:
    with pytest.raises(SourceError, match=problem) as caught:
        read(text)
    assert caught.value.url == URL


def test_what_a_sitemap_declares_is_neither_read_nor_expanded() -> None:
    declared = (
        "<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/hostname'>"
        "<!ENTITY a 'boom'><!ENTITY b '&a;&a;'>]>"
    )
    text = urlset(url("https://www.a.example/1"), url("/&b;"), url("/&f;"))
    addresses = " ".join(urls(read(text.replace("?>", f"?>{declared}", 1))))
    assert "https://www.a.example/1" in addresses
    assert "boom" not in addresses


_PARTS = st.sampled_from(
    [
        b"<urlset>", b"</urlset>", b"<url>", b"</url>", b"<sitemapindex>", b"<sitemap>",
        b"</sitemap>", b"<loc>", b"</loc>", b"https://www.a.example/1", b"<news:news>",
        b"<news:title>", b"<lastmod>9999-12-31T24:00:00", b"&x;", b"&#0;", b"<![CDATA[", b"]]>",
        b"<!--", b"<!DOCTYPE", b"\x1f\x8b", b"\x00", b"\xff\xfe", b"{", b"<rss>", b"<item>",
    ]
)  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(
    st.binary(max_size=200) | st.lists(_PARTS | st.binary(max_size=4), max_size=20).map(b"".join)
)
def test_any_bytes_give_a_reading_or_say_why_not(body: bytes) -> None:
    try:
        reading = read(body)
    except SourceError:
        return
    assert reading.shape
    assert all(address.startswith(("http://", "https://")) for address in urls(reading))
