"""Items of feeds: which link counts, what is text, and which dates are none."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from crawler.news.feed_items import ENTRY_LIMIT, STAMPED, WHOLE_TEXT
from crawler.news.feeds import read_feed
from crawler.news.records import Entry, SourceReading

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://a.example/feeds/all.xml"
LINK = "<link>https://a.example/7</link>"


def read(text: str, now: datetime = NOW) -> SourceReading:
    return read_feed(
        text.encode(), URL, content_type=None, charset_hint=None, timezone="Asia/Seoul", now=now
    )


def rss(*items: str, head: str = "") -> str:
    return (
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0">'
        f"<channel>{head}{''.join(f'<item>{item}</item>' for item in items)}</channel></rss>"
    )


def atom(entry: str, attributes: str = "") -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}><entry>{entry}</entry></feed>'


def only(reading: SourceReading) -> Entry:
    (entry,) = reading.entries
    return entry


@pytest.mark.parametrize(
    ("text", "url"),
    [
        pytest.param(rss("<link>https://a.example/1</link>"), "https://a.example/1", id="link"),
        pytest.param(rss("<link>\n /1 \n</link>"), "https://a.example/1", id="relative"),
        pytest.param(rss("<link>../1?a=b&c=d#top</link>"), "https://a.example/1?a=b&c=d",
                     id="relative, bare ampersand"),
        pytest.param(rss("<guid>https://a.example/2</guid>"), "https://a.example/2",
                     id="guid for a link"),
        pytest.param(
            rss("<link>https://a.example/1</link><guid>https://a.example/2</guid>"),
            "https://a.example/1", id="link before guid",
        ),
        pytest.param(
            rss("<link>https://count.example/1</link>"
                "<feedburner:origLink>https://a.example/1</feedburner:origLink>"),
            "https://a.example/1", id="the original before the counter",
        ),
        pytest.param(atom('<link href="1"/>', 'xml:base="https://b.example/x/"'),
                     "https://b.example/x/1", id="xml:base"),
        pytest.param(atom('<link href="1"/>', 'xml:base="/x/"'), "https://a.example/x/1",
                     id="relative xml:base"),
        pytest.param(
            atom('<link rel="enclosure" href="https://a.example/1.mp3"/>'
                 '<link rel="alternate" href="https://a.example/1"/>'),
            "https://a.example/1", id="page before sound",
        ),
        pytest.param(atom("<id>https://a.example/3</id>"), "https://a.example/3",
                     id="id of Atom for a link"),
        pytest.param(
            atom("<id>tag:a.example,2026:3</id>"
                 '<link rel="alternate" type="text/plain" href="https://a.example/4"/>'),
            "https://a.example/4", id="an alternate beside a tag",
        ),
    ],
)  # fmt: skip
def test_the_link_of_an_item_is_the_one_that_a_reader_would_follow(text: str, url: str) -> None:
    assert only(read(text)).url == url


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        pytest.param("<title>Nowhere</title>", "no link", id="none"),
        pytest.param("<guid>12345</guid>", "no link", id="a guid that is a number"),
        pytest.param('<guid isPermaLink="false">https://a.example/2</guid>', "no link",
                     id="a guid that is no address, by its own word"),
        pytest.param("<link>javascript:alert(1)</link>", "link is not http", id="script"),
        pytest.param("<link>data:text/html,x</link>", "link is not http", id="a document"),
        pytest.param("<link>mailto:desk@a.example</link>", "link is not http", id="mail"),
        pytest.param("<link>file:///etc/hosts</link>", "link is not http", id="file"),
        pytest.param("<link>https://me:word@a.example/</link>", "link is not http", id="user"),
        pytest.param("<link>http://[x</link>", "link is not http", id="no host"),
    ],
)  # fmt: skip
def test_an_item_without_a_web_link_is_counted_and_left_out(item: str, reason: str) -> None:
    reading = read(rss(item))
    assert (reading.entries, reading.dropped) == ((), {reason: 1})


def test_an_address_comes_once_as_it_was_first_announced() -> None:
    reading = read(rss(f"{LINK}<title>First</title>", f"{LINK}<title>Again</title>", LINK))
    assert only(reading).title == "First"
    assert reading.dropped == {"twice": 2}


@pytest.mark.parametrize(
    ("markup", "title"),
    [
        pytest.param("Ferry &amp; freight", "Ferry & freight", id="escaped once"),
        pytest.param("Ferry &amp;amp; freight", "Ferry & freight", id="escaped twice"),
        pytest.param("Ferry & freight", "Ferry & freight", id="not escaped at all"),
        pytest.param("Caf&eacute;&nbsp;&ndash; closed", "Café – closed", id="entities of HTML"),
        pytest.param("<![CDATA[Bridge <b>closed</b>]]>", "Bridge closed", id="markup"),
        pytest.param("<![CDATA[<script>alert(1)</script>Bridge]]>", "Bridge", id="script"),
        pytest.param("&lt;script&gt;alert(1)&lt;/script&gt;Bridge", "Bridge", id="hidden script"),
        pytest.param("&lt;svg/onload=alert(1)&gt;Bridge", "Bridge", id="svg"),
        pytest.param("&lt;img src=x onerror=alert(1)&gt;Bridge", "Bridge", id="image"),
        pytest.param("1 &lt; 2, he says", "1 < 2, he says", id="a sign is a sign"),
        pytest.param("Two\n   lines", "Two lines", id="line end"),
        pytest.param("Bell\x07 and \u202eoverride", "Bell and override", id="controls"),
        pytest.param(" ", None, id="blank"),
    ],
)
def test_titles_become_plain_lines(markup: str, title: str | None) -> None:
    assert only(read(rss(f"{LINK}<title>{markup}</title>"))).title == title


def test_a_title_of_atom_may_be_markup_of_its_own() -> None:
    title = (
        '<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">An <i>old</i> bridge</div>'
        '</title><link href="https://a.example/7"/>'
    )
    assert only(read(atom(title))).title == "An old bridge"


SENTENCE = "The pilot counted nine barges below the bridge and wrote them down. "
WHOLE = SENTENCE * (WHOLE_TEXT // len(SENTENCE) + 1)
TEASER = "Nine barges wait."


def content(markup: str, summary: str = "") -> str:
    said = f"<description>{summary}</description>" if summary else ""
    return f"{LINK}{said}<content:encoded><![CDATA[{markup}]]></content:encoded>"


@pytest.mark.parametrize(
    ("item", "summary", "text"),
    [
        pytest.param(content(f"<p>{WHOLE}</p><p>End.</p>", TEASER), TEASER,
                     f"{WHOLE.strip()}\nEnd.", id="whole text"),
        pytest.param(content(f"<p>{WHOLE}</p>"), None, WHOLE.strip(), id="no summary beside it"),
        pytest.param(
            content(f"<p>{WHOLE}</p><p>The post Barges appeared first on River Courier.</p>"),
            None, WHOLE.strip(), id="signed by WordPress",
        ),
        pytest.param(content(f"<p>{SENTENCE}</p>"), SENTENCE.strip(), None, id="too short"),
        pytest.param(content(f"<p>{WHOLE}</p><a href='/7'>Read more</a>", TEASER), TEASER, None,
                     id="it goes on elsewhere"),
        pytest.param(content(f"<p>{WHOLE}…</p>", TEASER), TEASER, None, id="it breaks off"),
        pytest.param(content(f"<p>{WHOLE} [...]</p>", TEASER), TEASER, None, id="in brackets"),
        pytest.param(content(f"<p>{WHOLE}</p>", WHOLE), WHOLE.strip(), None,
                     id="no longer than its summary"),
        pytest.param(f"{LINK}<description>{WHOLE}</description>", WHOLE.strip(), None,
                     id="a long description is a summary"),
        pytest.param(f"{LINK}<description>&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;"
                     "</description>", "One. Two.", None, id="blocks of a summary"),
        pytest.param(LINK, None, None, id="nothing"),
    ],
)  # fmt: skip
def test_a_text_is_taken_for_whole_only_if_it_looks_whole(
    item: str, summary: str | None, text: str | None
) -> None:
    entry = only(read(rss(item)))
    assert (entry.summary, entry.text) == (summary, text)


@pytest.mark.parametrize(
    ("text", "published", "modified"),
    [
        pytest.param(rss(f"{LINK}<pubDate>20 Nov 2026 14:05 +0900</pubDate>"),
                     "2026-11-20 05:05", None, id="pubDate"),
        pytest.param(rss(f"{LINK}<dc:date>2026-11-20T14:05+09:00</dc:date>"),
                     "2026-11-20 05:05", None, id="dc:date"),
        pytest.param(rss(f"{LINK}<pubDate>20 Nov 2026 14:05</pubDate>"), "2026-11-20 05:05", None,
                     id="the outlet's zone"),
        pytest.param(rss(f"{LINK}<pubDate>30 Feb 2026 14:05</pubDate>"), None, None,
                     id="impossible"),
        pytest.param(rss(f"{LINK}<pubDate>1 Jan 2099 14:05</pubDate>"), None, None, id="to come"),
        pytest.param(rss(LINK), None, None, id="none"),
        pytest.param(
            atom('<link href="/7"/><published>2026-11-20T05:05Z</published>'
                 "<updated>2026-11-21T06:06Z</updated>"),
            "2026-11-20 05:05", "2026-11-21 06:06", id="Atom",
        ),
        pytest.param(atom('<link href="/7"/><updated>2026-11-21T06:06Z</updated>'), None,
                     "2026-11-21 06:06", id="Atom, changed only"),
        pytest.param(
            '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><link href="/7"/>'
            "<created>2026-11-20T05:05Z</created><modified>2026-11-21T06:06Z</modified>"
            "</entry></feed>",
            "2026-11-20 05:05", "2026-11-21 06:06", id="Atom of old",
        ),
    ],
)  # fmt: skip
def test_publication_and_change_are_told_apart(
    text: str, published: str | None, modified: str | None
) -> None:
    entry = only(read(text))
    moments = [
        moment and moment.at.isoformat(" ")[:16] for moment in (entry.published, entry.modified)
    ]
    assert moments == [published, modified]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        pytest.param(rss(LINK, head="<language>en_gb</language>"), "en-GB", id="of the feed"),
        pytest.param(rss(f"{LINK}<dc:language>uk</dc:language>",
                         head="<language>ru</language>"), "uk", id="of the item"),
        pytest.param(atom('<title xml:lang="de">x</title><link href="/7"/>'), "de",
                     id="of the title"),
        pytest.param(rss(LINK, head="<language>English</language>"), None, id="no tag"),
    ],
)  # fmt: skip
def test_the_language_is_that_of_the_item_else_of_the_feed(text: str, language: str | None) -> None:
    assert only(read(text)).language == language


def test_a_guid_is_one_line_of_bounded_length() -> None:
    guid = f'<guid isPermaLink="false"> a\n{"x" * 900}</guid>'
    assert only(read(rss(LINK + guid))).guid == f"a {'x' * 498}"
    assert only(read(rss(f'{LINK}<guid isPermaLink="false">\u200b</guid>'))).guid is None


def stamped(count: int, stamp: str, head: str = "", first: str = "") -> str:
    items = [f"<link>/{n}</link><pubDate>{stamp}</pubDate>" for n in range(count)]
    return rss(*([f"<link>/first</link>{first}"] if first else []), *items, head=head)


AT_NINE = "Fri, 20 Nov 2026 09:00:00 GMT"
BUILT_AT_NINE = "<lastBuildDate>Fri, 20 Nov 2026 09:00:02 GMT</lastBuildDate>"
NINE = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "now", "are_dated"),
    [
        pytest.param(stamped(STAMPED, AT_NINE, BUILT_AT_NINE), NOW, False, id="when it was built"),
        pytest.param(stamped(STAMPED, AT_NINE), NINE, False, id="when it was asked for"),
        pytest.param(stamped(STAMPED, AT_NINE), NOW, True, id="neither"),
        pytest.param(
            stamped(STAMPED, AT_NINE, BUILT_AT_NINE.replace("09:00", "15:00")), NOW, True,
            id="long before it was built",
        ),
        pytest.param(stamped(STAMPED - 1, AT_NINE, BUILT_AT_NINE), NOW, True, id="a few"),
        pytest.param(stamped(STAMPED, "20 Nov 2026 09:00 GMT", BUILT_AT_NINE), NOW, True,
                     id="a minute may be shared"),
        pytest.param(
            stamped(STAMPED, AT_NINE, BUILT_AT_NINE,
                    "<pubDate>Fri, 20 Nov 2026 09:00:01 GMT</pubDate>"),
            NOW, True, id="one of another second",
        ),
        pytest.param(stamped(STAMPED, AT_NINE, BUILT_AT_NINE, "<title>x</title>"), NOW, True,
                     id="one of none"),
    ],
)  # fmt: skip
def test_a_date_stamped_on_everything_is_no_date(text: str, now: datetime, are_dated: bool) -> None:
    assert any(entry.published for entry in read(text, now).entries) == are_dated


def test_of_an_endless_feed_the_newest_are_kept() -> None:
    items = [
        {"url": f"/{n}", "date_published": f"2026-11-{20 if n == ENTRY_LIMIT + 2 else 10}"}
        for n in range(ENTRY_LIMIT + 3)
    ]
    document = {"version": "https://jsonfeed.org/version/1.1", "items": items}
    reading = read(json.dumps(document))
    assert reading.entries[0].url == f"https://a.example/{ENTRY_LIMIT + 2}"
    assert len(reading.entries) == ENTRY_LIMIT
    assert reading.dropped == {"over the limit": 3}


def test_an_endless_document_is_read_at_both_ends() -> None:
    middle = [""] * (2 * ENTRY_LIMIT - 1)
    reading = read(rss("<link>/first</link>", *middle, "<link>/last</link>"))
    assert [entry.url[17:] for entry in reading.entries] == ["/first", "/last"]
    assert reading.dropped == {"no link": 2 * ENTRY_LIMIT - 2, "over the limit": 1}
