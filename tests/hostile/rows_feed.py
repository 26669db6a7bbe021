"""Rows of feeds and sitemaps: what is announced in ways that no reader asked for."""

from __future__ import annotations

from collections.abc import Callable

from tests.hostile.row import Pages, Row, Seen, buried, stored
from tests.hostile.rows_http import instead
from tests.hostile.stage import TITLE, article, feed, item, packed, page, reply, rss

SECRET_FILE = "/etc/passwd"
KOREAN = "러시아와 북한, 하산 국경에 화물 사무소 공동 개설"
RUSSIAN = "Россия и КНДР открыли на границе в Хасане совместную грузовую контору"
RUSSIAN_TEXT = (
    "Россия и Северная Корея открыли в понедельник на пограничном переходе Хасан совместную "
    "грузовую контору, сообщили министерства транспорта обеих стран.",
    "Представители Москвы и Пхеньяна сказали, что контора займётся лесом и мукой, а второй поезд "
    "в неделю между Россией и Северной Кореей пойдёт с весны.",
)
KOREAN_TEXT = (
    "러시아와 북한은 월요일 하산 국경에 화물 사무소를 공동으로 열었다고 양국 교통 당국이 밝혔다.",
    "모스크바와 평양 관리들은 사무소가 목재와 밀가루를 다룰 것이라고 말했다.",
)


def good(base: str) -> str:
    """An honest item."""
    return item(f"{base}/good", "Pyongyang and Moscow agree")


def with_items(*items: str, prolog: str = "") -> Callable[[str], Pages]:
    """A feed of these items and an honest one; {base} is where the outlet is."""
    return lambda base: {
        "/source": feed(*(one.replace("{base}", base) for one in items), good(base), prolog=prolog),
        "/bad": article(),
        "/other": article("Moscow and Pyongyang sign a protocol on rail tariffs in Russia"),
        "/good": article(),
    }


def in_bytes(
    title: str, text: tuple[str, ...], charset: str, declared: str
) -> Callable[[str], Pages]:
    """A feed whose titles are in a charset; `declared` stands behind its content type."""

    def pages(base: str) -> Pages:
        body = rss(item(f"{base}/bad", "@"), good(base)).replace(b"@", title.encode(charset))
        return {
            "/source": reply(body, kind=f"application/rss+xml{declared}"),
            "/bad": reply(page(title, *text)),
            "/good": article(),
        }

    return pages


def _title_is(title: str) -> Callable[[Seen], None]:
    def check(seen: Seen) -> None:
        assert seen.record("/bad")["found_in"]["title"] == title

    return check


def _torn(base: str) -> Pages:
    body = rss(good(base), item(f"{base}/bad"), item(f"{base}/lost"))
    cut = body[: body.index(b"/lost")]
    answer = reply(cut, kind="application/rss+xml", headers={"ETag": '"torn"'})
    return {"/source": answer, "/bad": article(), "/good": article(), "/lost": article()}


def _was_asked_for_all_again(seen: Seen) -> None:
    polls = [head for head in seen.outlet.heads if head.startswith("GET /source ")]
    assert len(polls) == 2
    assert "if-none-match" not in polls[1].lower()


def _entity_bomb(base: str) -> Pages:
    layers = "".join(
        f"<!ENTITY l{at} '{f'&l{at - 1};' * 10}'>" if at else "<!ENTITY l0 'lol'>"
        for at in range(10)
    )
    prolog = f"<!DOCTYPE rss [{layers}]>"
    return {
        "/source": feed(item(f"{base}/bad", f"{TITLE} &l9;"), good(base), prolog=prolog),
        "/bad": article(),
        "/good": article(),
    }


def _external_entities(base: str) -> Pages:
    prolog = (
        f"<!DOCTYPE rss [<!ENTITY f SYSTEM 'file://{SECRET_FILE}'>"
        f"<!ENTITY w SYSTEM '{base}/canary'><!ENTITY % p SYSTEM '{base}/canary.dtd'> %p;]>"
    )
    rows = item(f"{base}/bad", f"{TITLE} &f; &w;")
    return {
        "/source": feed(rows, good(base), prolog=prolog),
        "/bad": reply(b"\x00"),
        "/good": article(),
    }


def _brought_nothing_from_outside(seen: Seen) -> None:
    assert not [path for path in seen.outlet.asked if path.startswith("/canary")]
    assert "root:" not in repr((seen.records, seen.journal, seen.letters))


def _hundred_thousand(base: str) -> Pages:
    rows = "".join(
        f"<item><title>Soup {n}</title><link>{base}/{n}</link></item>" for n in range(10**5)
    )
    return {"/source": feed(good(base), rows), "/good": article()}


def _at_most_five_thousand(seen: Seen) -> None:
    assert 4_000 < len(seen.journal) <= 5_000


def _no_markup_in_titles(seen: Seen) -> None:
    told = [record["found_in"]["title"] for record in seen.records]
    told += [line["title"] for line in seen.journal]
    assert not [title for title in told if title and ("<" in title or "alert" in title)], told


def _no_controls(seen: Seen) -> None:
    told = [record["found_in"]["title"] or "" for record in seen.records]
    assert any("freight" in title for title in told), told
    steering = "\x00\x07\x1b\x9b\u202e\u2066\u200b\ufeff"
    assert not [c for title in told for c in title if c in steering or c < " "]


def _undated(raw: str) -> Callable[[Seen], None]:
    def check(seen: Seen) -> None:
        record = seen.record("/bad")
        told = (record["date_published"], record["date_published_raw"], record["date_precision"])
        assert told == (None, raw, None)

    return check


def _dated(raw: str) -> Callable[[str], Pages]:
    return with_items(item("{base}/bad", TITLE, f"<pubDate>{raw}</pubDate>"))


def _stored_once(seen: Seen) -> None:
    urls = [record["url"] for record in seen.records]
    assert len(urls) == len(set(urls))
    assert seen.outlet.asked.count("/bad") == 1


def _in_turn(*feeds: Callable[[str], bytes]) -> Callable[[str], Pages]:
    return lambda base: {
        "/source": [one(base) for one in feeds],
        "/bad": article(),
        "/other": article("Moscow and Pyongyang sign a protocol on rail tariffs in Russia"),
        "/good": article(),
    }


def _guid(name: str) -> str:
    return f"<guid isPermaLink='false'>{name}</guid>"


def _with_guid(name: str) -> Callable[[str], bytes]:
    return lambda base: feed(item(f"{base}/bad", TITLE, _guid(name)), good(base))


def _sitemap(kind: str, *rows: str) -> bytes:
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return reply(f"<{kind} xmlns='{space}'>{''.join(rows)}</{kind}>".encode(), kind="text/xml")


def _endless_indexes(base: str) -> Pages:
    def index(depth: int) -> bytes:
        below = f"<sitemap><loc>{base}/index-{depth + 1}.xml</loc></sitemap>"
        own = f"<sitemap><loc>{base}/news.xml</loc></sitemap>" if depth == 1 else ""
        return _sitemap("sitemapindex", below, own)

    news = _sitemap(
        "urlset",
        f"<url><loc>{base}/good</loc></url><url><loc>http://elsewhere.test/1</loc></url>"
        "<url><loc>javascript:alert(1)</loc></url><url><loc>file:///etc/passwd</loc></url>",
    )
    levels = {f"/index-{depth}.xml": index(depth) for depth in range(1, 9)}
    return {"/source": index(0), "/news.xml": news, "/good": article(), **levels}


def _two_levels(seen: Seen) -> None:
    assert "/index-2.xml" in seen.outlet.asked
    assert "/index-3.xml" not in seen.outlet.asked


def _many_children(base: str) -> Pages:
    rows = [f"<sitemap><loc>{base}/s{at}.xml</loc></sitemap>" for at in range(3_000)]
    return {"/source": _sitemap("sitemapindex", *rows)}


def _at_most_twenty(seen: Seen) -> None:
    assert len([path for path in seen.outlet.asked if path.startswith("/s")]) <= 21


LOGIN_PAGE = b"<!doctype html><html><title>Sign in</title><body><form><input></form></body></html>"
TAGS = "<b><i><u>" * 230_000
NESTED = "&lt;b&gt;" * 40_000
STEERING = "\x1b]0;owned\x07 &#27;[2J &#x9b;31m &#x202e;gnp.exe &#8203; [bold]x[/bold] \x00"
BOMB = packed(packed(bytes(60 * 10**6)))

ROWS: tuple[Row, ...] = (
    Row(name="a feed that breaks off", lines="B001", pages=_torn, passes=2,
        outcomes=(stored(), stored("/bad")), check=_was_asked_for_all_again),
    Row(name="a login page in place of a feed", lines="B002", works=False,
        trouble="blocked: a login wall came in its place", pages=instead(reply(LOGIN_PAGE))),
    Row(name="a feed that turns into a page", lines="B002", works=False, passes=2,
        trouble="blocked: a login wall came in its place", outcomes=(stored(), stored("/bad")),
        pages=_in_turn(lambda base: feed(item(f"{base}/bad"), good(base)),
                       lambda _base: reply(LOGIN_PAGE))),
    Row(name="cp1251 that claims to be utf-8", lines="B003", check=_title_is(RUSSIAN),
        pages=in_bytes(RUSSIAN, RUSSIAN_TEXT, "cp1251", "; charset=utf-8"),
        outcomes=(stored("/bad"), stored())),
    Row(name="cp949 that declares nothing", lines="B004", check=_title_is(KOREAN),
        pages=in_bytes(KOREAN, KOREAN_TEXT, "cp949", ""), outcomes=(stored("/bad"), stored())),
    Row(name="an entity bomb", lines="B005", pages=_entity_bomb,
        outcomes=(stored("/bad"), stored())),
    Row(name="entities from outside", lines="B006", pages=_external_entities,
        outcomes=(buried("/bad", ""), stored()), check=_brought_nothing_from_outside),
    Row(name="a hundred thousand items", lines="B007", pages=_hundred_thousand,
        outcomes=(stored(),), check=_at_most_five_thousand),
    Row(name="two megabytes of open tags in a title", lines="B008",
        pages=with_items(item("{base}/bad", f"{TITLE} {TAGS}")), outcomes=(stored(),)),
    Row(name="markup nested forty thousand deep", lines="B009",
        pages=with_items(item("{base}/bad", TITLE, f"<description>{NESTED}</description>")),
        outcomes=(stored("/bad"), stored())),
    Row(name="scripts in titles", lines="B010 B011",
        pages=with_items(
            item("{base}/bad", f"{TITLE} &lt;script&gt;alert(1)&lt;/script&gt;"),
            item("{base}/other", f"<![CDATA[{TITLE} <svg/onload=alert(1)> <img onerror=x>]]>"),
        ), outcomes=(stored("/bad"), stored("/other"), stored()), check=_no_markup_in_titles),
    Row(name="links that are no links", lines="B012 B014",
        pages=with_items(item("javascript:alert(1)"), item("data:text/html,x"), item(None),
                         item("file:///etc/passwd"), item("http://u:p@127.0.0.1/x"), item("http://[::1")),
        outcomes=(stored(),)),
    Row(name="relative links and a base of its own", lines="B013",
        pages=with_items(item("/bad"), item("other", TITLE).replace(
            "<item>", "<item xml:base='{base}/'>")),
        outcomes=(stored("/bad"), stored("/other"), stored())),
    Row(name="no guid at all", lines="B015", pages=with_items(item("{base}/bad")),
        outcomes=(stored("/bad"), stored())),
    Row(name="one guid for two stories", lines="B016 B017",
        pages=with_items(item("{base}/bad", TITLE, _guid("1")),
                         item("{base}/other", TITLE, _guid("1"))),
        outcomes=(stored("/bad"), stored("/other"), stored())),
    Row(name="a new guid at every poll", lines="B018", passes=3, check=_stored_once,
        pages=_in_turn(*map(_with_guid, "123")), outcomes=(stored("/bad"), stored())),
    Row(name="items in another order", lines="B019", passes=2, check=_stored_once,
        pages=_in_turn(lambda base: feed(item(f"{base}/bad"), good(base)),
                       lambda base: feed(good(base), item(f"{base}/bad"))),
        outcomes=(stored("/bad"), stored())),
    Row(name="a feed that empties and comes back", lines="B020", passes=3, check=_stored_once,
        pages=_in_turn(lambda base: feed(item(f"{base}/bad"), good(base)), lambda _base: feed(),
                       lambda base: feed(item(f"{base}/bad"), good(base))),
        outcomes=(stored("/bad"), stored())),
    Row(name="a date of 9999", lines="B021", pages=_dated("Fri, 31 Dec 9999 23:59:59 GMT"),
        outcomes=(stored("/bad"),), check=_undated("Fri, 31 Dec 9999 23:59:59 GMT")),
    Row(name="a date of 2099", lines="B021", pages=_dated("2099-01-01T00:00:00Z"),
        outcomes=(stored("/bad"),), check=_undated("2099-01-01T00:00:00Z")),
    Row(name="a date of the year one", lines="B022", pages=_dated("Mon, 01 Jan 0001 00:00:00 GMT"),
        outcomes=(stored("/bad"),), check=_undated("Mon, 01 Jan 0001 00:00:00 GMT")),
    Row(name="a date of 1970", lines="B022", pages=_dated("Thu, 01 Jan 1970 00:00:00 GMT"),
        outcomes=(stored("/bad"),), check=_undated("Thu, 01 Jan 1970 00:00:00 GMT")),
    Row(name="the thirtieth of February", lines="B023",
        pages=_dated("Mon, 30 Feb 2026 10:00:00 GMT"),
        outcomes=(stored("/bad"),), check=_undated("Mon, 30 Feb 2026 10:00:00 GMT")),
    Row(name="titles that steer a terminal", lines="B078 B081 B082 B083",
        pages=with_items(item("{base}/bad", f"{TITLE} {STEERING}")),
        outcomes=(stored("/bad"), stored()), check=_no_controls),
    Row(name="a URL of a hundred kilobytes", lines="B096",
        pages=with_items(item("{base}/bad?" + "a" * 100_000)), outcomes=(stored(),)),
    Row(name="sitemaps in sitemaps without end", lines="B097", source="sitemaps",
        pages=_endless_indexes, outcomes=(stored(),), check=_two_levels),
    Row(name="three thousand sitemaps in one", lines="B097", source="sitemaps",
        pages=_many_children, check=_at_most_twenty),
    Row(name="a sitemap that is a bomb", lines="B027", source="sitemaps", works=False,
        trouble="50 MB", source_path="/source.xml.gz",
        pages=lambda _base: {"/source.xml.gz": reply(BOMB, kind="application/gzip")}),
    Row(name="a source that is packed unasked", lines="B057",
        pages=lambda base: {"/source": reply(packed(rss(good(base))), kind="application/rss+xml"),
                            "/good": article()}, outcomes=(stored(),)),
    Row(name="a feed that calls itself a page", lines="B057",
        pages=lambda base: {"/source": reply(rss(good(base)), kind="text/html"),
                            "/good": article()},
        outcomes=(stored(),)),
    Row(name="JSON nested a hundred thousand deep", lines="B123", works=False, trouble="",
        pages=instead(reply(b'{"items":' + b"[" * 100_000, kind="application/feed+json"))),
)  # fmt: skip
