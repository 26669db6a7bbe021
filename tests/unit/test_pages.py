"""Whole pages, read as the crawl reads them. Adding a case is adding a page and what it says."""

import dataclasses
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.errors import PageUnreadable
from crawler.news.dates import parse_moment
from crawler.news.outlets import Outlet
from crawler.news.pages import read_page
from crawler.news.records import Article, Entry

PAGES = Path(__file__).resolve().parents[1] / "fixtures" / "pages"
NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
STORY = "The harbor master opened the northern quay on Friday, two years after the storm. "


def _outlet(**card):
    given = {"id": "x", "name": "X", "country": "KR", "language": "en", "kind": "national"}
    return Outlet(**{**given, "scope": "world", "homepage": "https://x.example/", **card})


def _read(body, url="https://x.example/a", *, content_type="text/html", outlet=None, entry=None):
    if isinstance(body, str):
        body = body.encode()
    return read_page(body, url, content_type=content_type, outlet=outlet, entry=entry, now=NOW)


def _page(body, head=""):
    return f"<html><head><title>Quay opened</title>{head}</head><body>{body}</body></html>"


def _told(article: Article) -> dict:
    told = dataclasses.asdict(article)
    for name in ("published", "modified"):
        moment = getattr(article, name)
        told[name] = moment and moment.at.isoformat()
    told["date_source"] = article.published and article.published.source
    told["translations"] = [[other.url, other.language] for other in article.translations]
    return json.loads(json.dumps(told))


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.html")), ids=lambda path: path.stem)
def test_a_page_is_read_as_it_stands_beside(path):
    case = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    outlet = _outlet(**case["outlet"]) if "outlet" in case else None
    entry = Entry(url=case["url"], **case["entry"]) if "entry" in case else None
    told = _told(_read(path.read_bytes(), case["url"], outlet=outlet, entry=entry))
    assert {name: told[name] for name in case["article"]} == case["article"]


@pytest.mark.parametrize("charset", ["euc-kr", "cp949", "utf-16"])
def test_a_page_reads_the_same_in_every_charset(charset):
    path = PAGES / "ko-layout-table.html"
    text = path.read_text(encoding="utf-8")
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["article"]
    assert _read(text.encode(charset)).text == expected["text"]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        pytest.param(b"", "empty", id="nothing"),
        pytest.param(b" \n\t ", "empty", id="white space"),
        pytest.param(b"%PDF-1.7 ...", "PDF", id="pdf"),
        pytest.param(b"\x89PNG\r\n", "image", id="png"),
        pytest.param(b"\x1f\x8b\x08", "gzip", id="gzip"),
        pytest.param(b'{"a": "<p>"}', "JSON", id="json"),
        pytest.param(b"<?xml version='1.0'?><rss><channel/></rss>", "XML (rss)", id="feed"),
        pytest.param(b"just words", "no markup", id="plain text"),
        pytest.param(b"<!-- -->", "no markup", id="only a comment"),
        pytest.param(b"<html><body><p>Hm.</p></body></html>", "no text", id="too little"),
    ],
)
def test_what_is_no_article_is_refused_with_the_reason(body, problem):
    with pytest.raises(PageUnreadable) as caught:
        _read(body)
    assert problem in caught.value.problem
    assert caught.value.url == "https://x.example/a"


@pytest.mark.parametrize(
    "title",
    [
        "Just a moment...",
        "Access denied | X",
        "404 - Page not found",
        "Page not found - X",
        "Страница не найдена",
        "페이지를 찾을 수 없습니다",
        "ページが見つかりません",
        "页面不存在",
        "Before you continue to X",
        "Seite nicht gefunden",
    ],
)
def test_a_wall_is_no_article(title):
    page = f"<html><head><title>{title}</title></head><body><p>{STORY}</p></body></html>"
    with pytest.raises(PageUnreadable, match="it is a"):
        _read(page)


def test_a_wall_may_speak_in_its_first_line():
    page = _page(f"<p>Checking your browser before you can read this page.</p><p>{STORY}</p>")
    with pytest.raises(PageUnreadable, match="a robot check"):
        _read(page)


def test_a_page_of_some_length_is_not_judged_by_its_first_line():
    page = _page(f"<p>404 boats moored at the quay.</p><p>{STORY * 8}</p>")
    assert _read(page).text.startswith("404 boats")


def test_a_dated_article_about_a_wall_is_an_article():
    head = '<meta property="article:published_time" content="2026-11-20T10:00:00Z">'
    page = _page(f"<h1>Access denied</h1><p>{STORY * 3}</p>", head).replace("Quay", "Access")
    assert _read(page).text


def test_a_long_article_about_a_wall_is_an_article():
    page = _page("".join(f"<p>{STORY * 3} No. {n}</p>" for n in range(9)))
    assert _read(page.replace("Quay opened", "Access denied")).title == "Access denied"


def test_the_feed_serves_where_the_page_yields_nothing():
    entry = Entry(url="https://x.example/a", title="Quay opened", text=f"<p>{STORY}</p><p>End.</p>")
    article = _read(b"%PDF-1.7", entry=entry)
    assert (article.title, article.text, article.text_source) == (
        "Quay opened",
        f"{STORY.strip()}\nEnd.",
        "feed",
    )


def test_the_feed_serves_where_the_page_gives_a_lead_only():
    head = '<meta property="article:content_tier" content="locked">'
    entry = Entry(url="https://x.example/a", title="Quay opened", text=STORY * 9)
    article = _read(_page(f"<h1>Quay opened</h1><p>{STORY}</p>", head), entry=entry)
    assert (article.text_source, article.text_status) == ("feed", "full")


def test_a_feed_without_text_does_not_save_a_page():
    entry = Entry(url="https://x.example/a", title="Quay opened", text="Short.")
    with pytest.raises(PageUnreadable, match="PDF"):
        _read(b"%PDF-1.7", entry=entry)


def test_an_article_without_any_title_is_called_by_its_first_line():
    article = _read(f"<html><body><p>{STORY}</p><p>{STORY[::-1]}</p></body></html>")
    assert article.title == STORY.strip()


def test_the_announcement_fills_what_the_page_leaves_open():
    moment = parse_moment("2026-11-20T10:00:00Z", source="feed", timezone=None, now=NOW)
    entry = Entry(url="https://x.example/a", summary="In short.", published=moment, modified=moment)
    article = _read(_page(f"<h1>Quay opened</h1><p>{STORY}</p>"), entry=entry)
    assert (article.description, article.published, article.modified) == (
        "In short.",
        moment,
        moment,
    )


def test_the_address_dates_an_article_that_nothing_else_dates():
    page = _page(f"<h1>Quay opened</h1><p>{STORY}</p>")
    article = _read(page, "https://x.example/2026/11/19/quay")
    assert (article.published.source, article.published.local_day) == ("url", "2026-11-19")


def test_every_string_is_clean():
    page = _page(
        f"<h1>Quay\u202e opened&#1;</h1><div>one<br><br>{STORY}\u200b<br><br>two</div>",
        '<meta property="og:title" content="Quay\u202e opened&#7;">'
        '<meta name="author" content="Mara\u200f Quill">',
    )
    article = _read(page)
    assert (article.title, article.authors) == ("Quay opened", ("Mara Quill",))
    assert article.text == f"one\n{STORY.strip()}\ntwo"
