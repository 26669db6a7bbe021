"""Rows of pages: what stands in an article's place, or comes with one; and of names and TLS."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.hostile.row import Row, Seen, buried, journaled, stored
from tests.hostile.rows_http import MEGABYTE, TOO_LARGE, beside
from tests.hostile.stage import TITLE, article, feed, item, reply
from tests.integration.outlet_server import ABOUT_BOTH

TABLE_ROW = "<tr><td>1</td><td>2</td></tr>"
PARAGRAPH = "Russia and North Korea open a freight office at Khasan. "


def _wall(title: str, *lines: str) -> bytes:
    text = "".join(f"<p>{line}</p>" for line in lines)
    return reply(f"<html><head><title>{title}</title></head><body>{text}</body></html>".encode())


NO_ARTICLE = (
    ("not found, with 200", "B084",
     _wall("Page not found", "We could not find the page that you asked for.",
           "Try the search, or go to the front page."), "says there is none"),
    ("not found in Russian", "B084",
     _wall("Страница не найдена", "Возможно, она была удалена.", "Вернитесь на главную страницу."),
     "says there is none"),
    ("not found in Korean", "B084",
     _wall("오류", "요청하신 페이지를 찾을 수 없습니다.", "주소를 다시 확인해 주십시오."),
     "says there is none"),
    ("not found in Chinese", "B084", _wall("提示", "您访问的页面不存在或已被删除，请返回首页。"),
     "says there is none"),
    ("a consent wall", "B085",
     _wall("We value your privacy", "We and our 812 partners store and access information on your "
           "device. Choose what you allow.", "Accept all", "Manage settings"), "a consent wall"),
    ("a consent wall in German", "B085",
     _wall("Privatsphäre-Einstellungen", "Mit Werbung weiterlesen",
           "Besuchen Sie uns wie gewohnt mit Werbung und Tracking."), "a consent wall"),
    ("a robot check", "B085",
     _wall("Just a moment...", "Checking if the site connection is secure.",
           "Enable JavaScript and cookies to continue"), "a robot check"),
    ("a robot check in Russian", "B085",
     _wall("Проверка браузера", "Подтвердите, что вы не робот."), "a robot check"),
    ("a shell for scripts", "B085",
     reply(b"<html><head><title>S</title></head><body><div id=root></div>"
           b"<noscript>You need to enable JavaScript to run this app.</noscript></body></html>"),
     "no text found"),
    ("a login in place of the article", "B086",
     _wall("Sign in", "Sign in to continue reading.", "Forgot your password?"), "a login wall"),
    ("an empty answer", "B057", reply(b""), "the answer is empty"),
    ("NUL and nothing else", "B078", reply(b"\x00" * 50_000), ""),
    ("an archive", "B057", reply(b"PK\x03\x04" + bytes(20_000), kind="application/zip"), "a ZIP"),
    ("a feed in place of a page", "B057", feed(item("http://a.example/1")), "is XML"),
    ("a hundred thousand boxes in boxes", "B075", reply(b"<div>" * 100_000 + b"x"), ""),
)  # fmt: skip


def _record_has(**wanted: object) -> Callable[[Seen], None]:
    def check(seen: Seen) -> None:
        record = seen.record("/bad")
        assert {name: record[name] for name in wanted} == wanted

    return check


def _text_is_bounded(seen: Seen) -> None:
    record = seen.record("/bad")
    assert (record["text_status"], 100_000 < len(record["text"]) <= 200_000) == ("cut", True)


def _nothing_harmful(seen: Seen) -> None:
    record = seen.record("/bad")
    told = record["title"] + record["text"] + (record["description"] or "")
    harmful = [
        c for c in told if c in "\x00\x07\x1b\x85\u202e\u2066\ufeff" or "\ud800" <= c <= "\udfff"
    ]
    assert (harmful, "<script" in told, "freight" in record["text"]) == ([], False, True)


def _own_identity(seen: Seen) -> None:
    record = seen.record("/bad")
    assert (record["url"], record["domain"]) == (f"{seen.outlet.base}/bad", "127.0.0.1")


LOCKED = (
    '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "'
    + TITLE
    + '", "isAccessibleForFree": false}</script>'
)
HARMFUL = (
    "&#27;]0;owned&#7; \x1b[31mred &#x202e;gnp &#xD800; &#0; \u2028 \u2029 \x85 &#x200b; "
    "<script>alert(1)</script><svg onload=alert(1)></svg>"
)

ROWS: tuple[Row, ...] = (
    *(Row(name=name, lines=lines, pages=beside(answer), outcomes=(buried("/bad", words), stored()))
      for name, lines, answer, words in NO_ARTICLE),
    Row(name="fifty megabytes", lines="B076", outcomes=(journaled("/bad", TOO_LARGE), stored()),
        pages=beside(reply(b"<p>" + PARAGRAPH.encode() * 10, length=50 * MEGABYTE))),
    Row(name="nine megabytes of text", lines="B076 B121", check=_text_is_bounded,
        pages=beside(article(TITLE, text=f"<p>{PARAGRAPH * 170_000}</p>")),
        outcomes=(stored("/bad"), stored())),
    Row(name="two hundred thousand paragraphs", lines="B077",
        pages=beside(article(TITLE, text="<p>Russia, North Korea" * 200_000)),
        outcomes=(stored("/bad"), stored())),
    Row(name="fifty thousand rows of a table", lines="B077",
        pages=beside(article(TITLE, text=f"<table>{TABLE_ROW * 50_000}</table>")),
        outcomes=(stored("/bad"), stored())),
    Row(name="everything that steers", lines="B078 B079 B080 B081 B082", check=_nothing_harmful,
        pages=beside(article(f"{TITLE} {HARMFUL}",
                             head=f"<meta name=description content='{HARMFUL}'>",
                             text=f"<p>{PARAGRAPH} {HARMFUL} {PARAGRAPH}</p>")),
        outcomes=(stored("/bad"), stored())),
    Row(name="a lead that is free and a rest that is not", lines="B086",
        pages=beside(article(TITLE, ABOUT_BOTH[0], head=LOCKED,
                             text="<p>Subscribe to read the full story.</p>")),
        outcomes=(stored("/bad"), stored()),
        check=_record_has(text_status="lead", free_access=False)),
    Row(name="a canonical address at another's", lines="B087", check=_own_identity,
        pages=beside(article(head="<link rel=canonical href='http://elsewhere.test/x'>")),
        outcomes=(stored("/bad"), stored())),
    Row(name="a canonical address that is the front page", lines="B087", check=_own_identity,
        pages=beside(article(head="<link rel=canonical href='/'>")),
        outcomes=(stored("/bad"), stored())),
    Row(name="another title than announced", lines="B088",
        pages=beside(article("Khasan gets its freight office, say Moscow and Pyongyang")),
        outcomes=(stored("/bad"), stored()),
        check=_record_has(title="Khasan gets its freight office, say Moscow and Pyongyang")),
    Row(name="a date to come in the page", lines="B021",
        pages=beside(article(head="<meta property='article:published_time' content='2099-05-01'>")),
        outcomes=(stored("/bad"), stored()),
        check=_record_has(date_published=None, date_published_raw="2099-05-01")),
    Row(name="a section of calendars", lines="B097", source="sections", works=False,
        trouble="no article links",
        pages=lambda base: {"/source": reply("".join(
            f"<a href='/calendar?month={at}&day={at}'>{at}</a>" for at in range(2_000)).encode())}),
)  # fmt: skip


def _tls(name: str, *, works: bool, trouble: str = "") -> Row:
    return Row(
        name=f"TLS, {name}", lines="B053", pages=beside(article()), secure=name, works=works,
        trouble=trouble, outcomes=(stored("/bad"), stored()) if works else (),
    )  # fmt: skip


def _nowhere(name: str, host: str) -> Row:
    return Row(
        name=f"a name that is {name}", lines="B052", pages=lambda _base: {}, works=False,
        source_path=f"http://{host}/source", trouble="its name cannot be resolved",
    )  # fmt: skip


def _network() -> Iterator[Row]:
    yield _tls("good", works=True)
    yield _tls("expired", works=False, trouble="TLS: the certificate is not valid")
    yield _tls("wrong host", works=False, trouble="TLS: the certificate is not valid")
    yield _tls("self-signed", works=False, trouble="TLS: the certificate is not valid")
    yield _nowhere("nowhere", "nxdomain.test")
    yield _nowhere("not told now", "servfail.test")


NETWORK_ROWS: tuple[Row, ...] = tuple(_network())
