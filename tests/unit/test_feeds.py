"""Feeds: every format and charset, what breaks off, what is no feed. Golden ones stand beside."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.errors import SourceError
from crawler.news.feeds import LONGEST_PAUSE_S, read_feed
from crawler.news.records import SourceReading

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://a.example/feeds/all.xml"
WHOLE = "<item><title>Train {0}</title><link>https://a.example/{0}</link></item>"


def read(
    body: str | bytes,
    *,
    content_type: str | None = None,
    charset_hint: str | None = None,
    timezone: str | None = None,
) -> SourceReading:
    return read_feed(
        body if isinstance(body, bytes) else body.encode(),
        URL,
        content_type=content_type,
        charset_hint=charset_hint,
        timezone=timezone,
        now=NOW,
    )


def rss(*items: str, head: str = "") -> str:
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>River Courier</title>{head}{''.join(items)}</channel></rss>"
    )


TITLES = {
    "ko": "두 나라 철도 당국, 국경 화물 열차를 주 2회 운행하기로 합의했다고 항만청이 밝혔다",
    "ru": "Поезд через пограничную реку пойдёт дважды в неделю, сообщили в порту",
    "uk": "Потяг через прикордонну річку їздитиме двічі на тиждень, кажуть у порту",
    "ja": "国境の川を渡る貨物列車、週二便に増える見通しと港湾当局が発表した",
    "zh": "两国铁路部门同意每周开行两班过境货运列车，图们江大桥将于下个月恢复通车，当地官员表示",
    "tw": "兩國鐵路部門同意每週開行兩班過境貨運列車，港口管理局稱",
    "de": "Züge über den Grenzfluß fahren künftig zweimal wöchentlich, heißt es",
}


@pytest.mark.parametrize(
    ("language", "charset"),
    [
        pytest.param("ko", "euc-kr", id="EUC-KR"),
        pytest.param("ko", "cp949", id="CP949"),
        pytest.param("ru", "windows-1251", id="windows-1251"),
        pytest.param("ru", "koi8-r", id="KOI8-R"),
        pytest.param("uk", "koi8-u", id="KOI8-U"),
        pytest.param("ja", "shift_jis", id="Shift_JIS"),
        pytest.param("ja", "euc-jp", id="EUC-JP"),
        pytest.param("zh", "gb18030", id="GB18030"),
        pytest.param("tw", "big5", id="Big5"),
        pytest.param("de", "iso-8859-1", id="Latin-1"),
        pytest.param("ko", "utf-16", id="UTF-16"),
        pytest.param("ru", "utf-8", id="UTF-8"),
    ],
)
@pytest.mark.parametrize("declared", ["in the document", "by the server", "wrong", "nowhere"])
def test_any_charset_is_read_whatever_is_declared(
    language: str, charset: str, declared: str
) -> None:
    title = TITLES[language]
    items = "".join(
        f"<item><title>{title}</title><link>https://a.example/{n}</link></item>" for n in range(8)
    )
    named = {"in the document": charset, "wrong": "utf-8"}.get(declared)
    label = f' encoding="{named}"' if named else ""
    text = f'<?xml version="1.0"{label}?><rss version="2.0"><channel>{items}</channel></rss>'
    reading = read(
        text.encode(charset),
        content_type=f"text/xml; charset={charset}" if declared == "by the server" else None,
        charset_hint=charset if declared == "nowhere" else None,
    )
    assert {entry.title for entry in reading.entries} == {title}
    assert reading.charset is not None


def test_one_broken_byte_costs_one_character() -> None:
    body = rss(
        *(f"<item><title>{TITLES['ru']}</title><link>/{n}</link></item>" for n in range(3))
    ).encode()
    broken = body.replace("реку".encode(), "рек".encode() + b"\xd1", 1)
    titles = [entry.title for entry in read(broken).entries]
    assert titles == [TITLES["ru"].replace("реку", "рек\ufffd"), TITLES["ru"], TITLES["ru"]]


@pytest.mark.parametrize(
    ("body", "shape"),
    [
        pytest.param(f"<rss version='0.91'><channel>{WHOLE}</channel></rss>", "rss091u", id="0.91"),
        pytest.param(f"<rss><channel>{WHOLE}</channel></rss>", "rss", id="no version"),
        pytest.param(rss(WHOLE), "rss20", id="2.0"),
        pytest.param(
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
            f" xmlns='http://purl.org/rss/1.0/'><channel/>{WHOLE}</rdf:RDF>",
            "rss10",
            id="RDF",
        ),
        pytest.param(
            "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>Train {0}</title>"
            "<link href='https://a.example/{0}'/></entry></feed>",
            "atom10",
            id="Atom",
        ),
        pytest.param(
            "<atom:feed xmlns:atom='http://www.w3.org/2005/Atom'><atom:entry><atom:title>Train {0}"
            "</atom:title><atom:link href='https://a.example/{0}'/></atom:entry></atom:feed>",
            "atom10",
            id="Atom with a prefix",
        ),
        pytest.param(
            '{"version": "http://jsonfeed.org/version/1", "items":'
            ' [{"title": "Train {0}", "url": "https://a.example/{0}"}]}',
            "json10",
            id="JSON Feed 1.0",
        ),
        pytest.param(
            '{"version": "https://jsonfeed.org/version/1.1", "items":'
            ' [{"title": "Train {0}", "url": "https://a.example/{0}"}]}',
            "json11",
            id="JSON Feed 1.1",
        ),
    ],
)
@pytest.mark.parametrize(
    "wrap",
    [
        pytest.param(str.encode, id="plain"),
        pytest.param(lambda text: gzip.compress(text.encode()), id="gzip"),
        pytest.param(lambda text: "\ufeff \n".encode() + text.encode(), id="behind a mark"),
    ],
)
def test_every_format_is_read(body: str, shape: str, wrap: Callable[[str], bytes]) -> None:
    reading = read(wrap(body.replace("{0}", "7")))
    assert reading.shape == shape
    assert [(entry.url, entry.title) for entry in reading.entries] == [
        ("https://a.example/7", "Train 7")
    ]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        pytest.param("", "nothing came", id="empty"),
        pytest.param(" \n ", "nothing came", id="blank"),
        pytest.param("<!doctype html><html><p>Log in</html>", "an HTML page came", id="HTML"),
        pytest.param("<HTML><rss></rss></HTML>", "an HTML page came", id="HTML with a feed in it"),
        pytest.param("Not found", "no feed", id="a sentence"),
        pytest.param("\x00\xff\x01", "no feed", id="garbage"),
        pytest.param("<catalogue><book/></catalogue>", "no feed", id="other XML"),
        pytest.param("<rss version='2.0'><channel><item><title>Br", "breaks off", id="torn early"),
        pytest.param(
            "<rss version='2.0'><channel><item><gml:pos>1 2</gml:pos></item></channel></rss>",
            "broken beyond reading",
            id="what feedparser fails at",
        ),
        pytest.param('{"version": "https://jsonfeed', "broken JSON", id="torn JSON"),
        pytest.param("[" * 100_000, "broken JSON", id="deep JSON"),
        pytest.param("[]", "no JSON Feed", id="a list"),
        pytest.param('{"items": []}', "no JSON Feed", id="JSON without a version"),
        pytest.param(
            '{"version": "https://jsonfeed.org/version/1.1", "items": {}}',
            "no JSON Feed",
            id="JSON without a list",
        ),
    ],
)
def test_what_is_no_feed_says_so(body: str, problem: str) -> None:
    with pytest.raises(SourceError, match=problem) as caught:
        read(body)
    assert caught.value.url == URL


def test_a_feed_with_nothing_in_it_is_a_feed() -> None:
    reading = read(rss())
    assert (reading.shape, reading.title, reading.entries) == ("rss20", "River Courier", ())


def test_wherever_a_feed_breaks_off_its_whole_entries_stay() -> None:
    text = rss(*(WHOLE.format(n) for n in range(3)))
    first = text.index("</item>") + len("</item>")
    counts = []
    for end in range(first, len(text), 7):
        reading = read(text[:end])
        counts.append(text[:end].count("</item>"))
        assert [entry.title for entry in reading.entries] == [
            f"Train {n}" for n in range(counts[-1])
        ]
        assert reading.dropped == (
            {"cut off": 1} if "<item>" in text[:end].rpartition("</item>")[2] else {}
        )
    assert counts == sorted(counts)
    assert counts[-1] == 3


def test_entries_come_out_newest_first_and_undated_ones_behind_their_neighbor() -> None:
    days = (18, 20, None, 19, None)
    items = [WHOLE.format(n) + (f"<!--{n}-->" if day is None else "") for n, day in enumerate(days)]
    dated = [
        item.replace("</item>", f"<pubDate>{day} Nov 2026 09:00:00 GMT</pubDate></item>")
        if day
        else item
        for item, day in zip(items, days, strict=True)
    ]
    assert [entry.title for entry in read(rss(*dated)).entries] == [
        f"Train {n}" for n in (1, 2, 3, 4, 0)
    ]


@pytest.mark.parametrize(
    ("head", "pause_s"),
    [
        pytest.param("<ttl>30</ttl>", 1_800.0, id="ttl in minutes"),
        pytest.param("<ttl> 30.0 </ttl>", 1_800.0, id="ttl with a point"),
        pytest.param("<ttl>999999</ttl>", LONGEST_PAUSE_S, id="ttl of two years"),
        pytest.param("<ttl>0</ttl>", None, id="ttl of nothing"),
        pytest.param("<ttl>soon</ttl>", None, id="ttl of words"),
        pytest.param("<sy:updatePeriod>hourly</sy:updatePeriod>", 3_600.0, id="hourly"),
        pytest.param("<sy:updatePeriod> Daily </sy:updatePeriod>", 86_400.0, id="daily"),
        pytest.param(
            "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
            21_600.0,
            id="four times a day",
        ),
        pytest.param("<sy:updatePeriod>yearly</sy:updatePeriod>", LONGEST_PAUSE_S, id="yearly"),
        pytest.param("<sy:updatePeriod>often</sy:updatePeriod>", None, id="often"),
        pytest.param(
            "<ttl>30</ttl><sy:updatePeriod>daily</sy:updatePeriod>", 1_800.0, id="ttl wins"
        ),
        pytest.param("", None, id="nothing said"),
    ],
)
def test_a_feed_says_how_long_it_wants_to_be_left_alone(head: str, pause_s: float | None) -> None:
    syndication = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:dc'
    assert read(rss(head=head).replace("xmlns:dc", syndication)).pause_s == pause_s


def test_an_entity_bomb_goes_off_nowhere() -> None:
    layers = "".join(
        f"<!ENTITY {name} '{f'&{inner};' * 10}'>" for inner, name in pairwise("abcdefghij")
    )
    bomb = f"<?xml version='1.0'?><!DOCTYPE r [<!ENTITY a 'boom'>{layers}]>"
    reading = read(bomb + rss(WHOLE.format("&j;")).partition("?>")[2])
    assert [entry.title for entry in reading.entries] == ["Train &j;"]


def test_a_file_that_a_feed_names_is_not_read() -> None:
    entity = "<?xml version='1.0'?><!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>"
    reading = read(entity + rss(WHOLE.format("&x;")).partition("?>")[2])
    assert [entry.title for entry in reading.entries] == ["Train &x;"]


_PARTS = st.sampled_from(
    [
        b"<rss version='2.0'>", b"<channel>", b"<item>", b"</item>", b"</rss>", b"<feed>",
        b"<entry>", b"</entry>", b"<link>http://a.example/1</link>", b"<title>", b"</title>",
        b"<link href='http://[x'/>", b"<![CDATA[", b"]]>", b"<!--", b"&x;", b"&#x0;", b"<?xml ?>",
        b"{\"version\":", b"\"https://jsonfeed.org/version/1\"", b",\"items\":[{}]}", b"\x1f\x8b",
        b"<html>", b"<textinput>", b"\xff\xfe", b"\x00", b"<pubDate>9999-12-31T24:00:00",
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
    assert all(entry.url.startswith(("http://", "https://")) for entry in reading.entries)


@pytest.mark.parametrize(
    ("head", "hours", "days"),
    [
        pytest.param("", (), (), id="never"),
        pytest.param("<skipHours><hour>0</hour><hour>5</hour></skipHours>", (0, 5), (), id="hours"),
        pytest.param("<skipHours><hour>24</hour><hour> 03 </hour></skipHours>", (0, 3), (),
                     id="odd spellings of hours"),
        pytest.param("<skipHours><hour>99</hour><hour>noon</hour></skipHours>", (), (),
                     id="no hours at all"),
        pytest.param("<skipDays><day>Sunday</day><day>MONDAY</day></skipDays>", (), (0, 6),
                     id="days"),
        pytest.param("<skipDays><day>Someday</day></skipDays>", (), (), id="no day at all"),
        pytest.param("<skipHours>" + "<hour>1</hour>" * 500, (), (), id="never closed"),
    ],
)  # fmt: skip
def test_a_feed_says_when_it_wants_to_be_left_alone(
    head: str, hours: tuple[int, ...], days: tuple[int, ...]
) -> None:
    reading = read(rss(head=head))
    assert (reading.quiet_hours, reading.quiet_days) == (hours, days)
