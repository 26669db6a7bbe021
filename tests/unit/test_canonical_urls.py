"""The canonical form, case by case, and when a page's own word on it is believed."""

from __future__ import annotations

import pytest

from crawler.news.urls import article_url, canonical_url

ASP = "(S(lit3py55t21z5v55vlm25s55))"
TOKEN = "9f86d081884c7d659a2feaa0c55ad015"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param(
            "http://127.0.1.3:8800/news/view.php?no=1001&section=world",
            "http://127.0.1.3:8800/news/view.php?no=1001&section=world",
            id="a plain address stays",
        ),
        pytest.param("HTTP://WWW.A.Example/Path", "http://www.a.example/Path", id="case"),
        pytest.param("https://a.example.:443", "https://a.example/", id="dot, port, path"),
        pytest.param("https://a.example:80/", "https://a.example:80/", id="port of another scheme"),
        pytest.param("https://a.example/x#top", "https://a.example/x", id="fragment"),
        pytest.param("https://a.example/x?", "https://a.example/x", id="empty query"),
        pytest.param("https://a.example/x?&&b=2&a=1", "https://a.example/x?b=2&a=1", id="order"),
        pytest.param("https://a.example/x?a=", "https://a.example/x?a=", id="empty value"),
        pytest.param("https://a.example/x/", "https://a.example/x/", id="final slash"),
        pytest.param("https://a.example/a/../b/./c", "https://a.example/b/c", id="dot segments"),
        pytest.param(
            "https://a.example/%7e%61%2f%c3%a9é",
            "https://a.example/~a%2F%C3%A9%C3%A9",
            id="escapes",
        ),
        pytest.param("https://a.example/100%?q=%z", "https://a.example/100%25?q=%25z", id="lone %"),
        pytest.param("https://a.example/?b[]=1|2", "https://a.example/?b%5B%5D=1%7C2", id="signs"),
        pytest.param("https://a.example/%2541", "https://a.example/%2541", id="escaped twice"),
        pytest.param(
            "http://a.example/ko/index.php?MUBAMUAxQA==",
            "http://a.example/ko/index.php?MUBAMUAxQA==",
            id="a query that is no list",
        ),
        pytest.param(
            "https://a.example/x?utm_source=rss&no=7&UTM_Medium=feed&fbclid=1&yclid=2&_openstat=3",
            "https://a.example/x?no=7",
            id="campaigns and clicks",
        ),
        pytest.param(
            "https://a.example/x?at_medium=RSS&cmpid=1&spm=2&mc_cid=3&ref_src=4&igshid=5",
            "https://a.example/x",
            id="more of them",
        ),
        pytest.param(
            "https://a.example/x?%75tm_source=y", "https://a.example/x", id="escaped name"
        ),
        pytest.param(
            "https://a.example/x?id=1&amp;no=2", "https://a.example/x?id=1&no=2", id="&amp;"
        ),
        pytest.param("https://a.example/x?from=rss&via=tg", "https://a.example/x", id="origin"),
        pytest.param(
            "https://a.example/x?from=2026-01-01",
            "https://a.example/x?from=2026-01-01",
            id="a date",
        ),
        pytest.param(
            "https://a.example/x?ref=blog.example", "https://a.example/x", id="Ghost's ref"
        ),
        pytest.param("https://a.example/x?ref=A123", "https://a.example/x?ref=A123", id="a number"),
        pytest.param(
            f"https://a.example/x?PHPSESSID=1&sid={TOKEN}&ASPSESSIONIDQQ=2&id=3",
            "https://a.example/x?id=3",
            id="sessions",
        ),
        pytest.param(
            "https://a.example/x?sid=123", "https://a.example/x?sid=123", id="sid of a story"
        ),
        pytest.param(
            "https://a.example/x;jsessionid=A1?id=2", "https://a.example/x?id=2", id="Java"
        ),
        pytest.param("https://a.example/x;v=2", "https://a.example/x;v=2", id="another parameter"),
        pytest.param(f"https://a.example/{ASP}/x.aspx", "https://a.example/x.aspx", id="ASP.NET"),
        pytest.param(f"https://a.example/{ASP}", "https://a.example/", id="ASP.NET home"),
        pytest.param(
            "https://a.example/Fall_(film)", "https://a.example/Fall_(film)", id="brackets"
        ),
        pytest.param("https://m.a.example/x-12345", "https://a.example/x-12345", id="m."),
        pytest.param("https://mobile.a.example/x", "https://a.example/x", id="mobile."),
        pytest.param("https://amp.a.example/x", "https://a.example/x", id="amp."),
        pytest.param(
            "https://m-en.yna.co.kr/view/AEN1?section=nk/nk",
            "https://en.yna.co.kr/view/AEN1",
            id="m-en. and a list's name",
        ),
        pytest.param("https://m.kp/x", "https://m.kp/x", id="m.kp is a domain"),
        pytest.param("https://m.co.kr/x", "https://m.co.kr/x", id="m.co.kr is a domain"),
        pytest.param(
            "https://m.github.io/x", "https://m.github.io/x", id="m.github.io is a tenant"
        ),
        pytest.param("https://media.example/x", "https://media.example/x", id="a word with m"),
        pytest.param(
            "https://www.yna.co.kr/amp/view/AKR20260526",
            "https://www.yna.co.kr/view/AKR20260526",
            id="/amp/ first",
        ),
        pytest.param(
            "https://a.example/news/amp/world-12345",
            "https://a.example/news/world-12345",
            id="second",
        ),
        pytest.param(
            "https://a.example/2026/11/20/a-story/amp/",
            "https://a.example/2026/11/20/a-story/",
            id="/amp/ last",
        ),
        pytest.param("https://a.example/a/AMP/amp/12345", "https://a.example/a/12345", id="twice"),
        pytest.param("https://a.example/a-story.amp", "https://a.example/a-story", id=".amp"),
        pytest.param(
            "https://a.example/x-1.amp.html", "https://a.example/x-1.html", id=".amp.html"
        ),
        pytest.param(
            "https://a.example/doc/12345/print", "https://a.example/doc/12345", id="/print"
        ),
        pytest.param(
            "https://a.example/amp/view?no=1", "https://a.example/view?no=1", id="id in query"
        ),
        pytest.param("https://a.example/tag/amp", "https://a.example/tag/amp", id="a tag"),
        pytest.param("https://a.example/2026/amp", "https://a.example/2026/amp", id="a slug"),
        pytest.param("https://a.example/amp/", "https://a.example/amp/", id="the AMP home page"),
        pytest.param(
            "https://a.example/x/y/amp/z-123", "https://a.example/x/y/amp/z-123", id="deep"
        ),
        pytest.param(
            "https://a.example/champs-12345", "https://a.example/champs-12345", id="a word"
        ),
        pytest.param(
            "https://a.example/news/articleViewAmp.html?idxno=9",
            "https://a.example/news/articleView.html?idxno=9",
            id="ND Soft's AMP",
        ),
        pytest.param("https://a.example/x?amp", "https://a.example/x", id="?amp"),
        pytest.param("https://a.example/x/?outputType=amp", "https://a.example/x/", id="Arc's AMP"),
        pytest.param("https://a.example/x?print=1&id=2", "https://a.example/x?id=2", id="?print=1"),
        pytest.param("https://a.example/x?amp=7", "https://a.example/x?amp=7", id="not a switch"),
    ],
)
def test_the_canonical_form(url: str, expected: str) -> None:
    assert canonical_url(url) == expected
    assert canonical_url(expected) == expected


@pytest.mark.parametrize(
    "url",
    ["", "news", "//a.example/x", "ftp://a.example/", "https://u:p@a.example/", "https://a b/"],
)
def test_what_is_no_web_address_has_no_canonical_form(url: str) -> None:
    with pytest.raises(ValueError, match=r"no absolute http|user name"):
        canonical_url(url)


PAGE = "https://www.post.example/world/2026/11/20/kim-in-vladivostok-55012/"
SCRIPT = "https://www.post.example/news/view.php?no=1001&section=world"


@pytest.mark.parametrize(
    ("page", "declared", "expected"),
    [
        pytest.param(PAGE, None, PAGE, id="nothing declared"),
        pytest.param(PAGE + "?utm_source=x", PAGE, PAGE, id="itself"),
        pytest.param(
            "https://m.post.example/a/55012", "https://www.post.example/a/55012", None, id="desktop"
        ),
        pytest.param("https://post.example/?p=55", PAGE, None, id="short link"),
        pytest.param(PAGE, "/world/55012", "https://www.post.example/world/55012", id="relative"),
        pytest.param(PAGE, "http://post.example/a/55012", None, id="as declared, http"),
        pytest.param(PAGE, "https://wire.example/a/55012", PAGE, id="another site"),
        pytest.param(PAGE, "https://www.post.example/", PAGE, id="the home page"),
        pytest.param(PAGE, "https://www.post.example/world/", PAGE, id="the section above"),
        pytest.param(PAGE, "https://www.post.example/world/2026/11", PAGE, id="the month above"),
        pytest.param(PAGE, "https://www.post.example/tag/north-korea-2", PAGE, id="a tag"),
        pytest.param(PAGE, "https://www.post.example/politics", PAGE, id="another section"),
        pytest.param(PAGE, "javascript:void(0)", PAGE, id="no address"),
        pytest.param(PAGE + "2", PAGE, PAGE, id="a later part of it"),
        pytest.param(SCRIPT, "https://www.post.example/news/view.php", SCRIPT, id="lost its id"),
        pytest.param(
            SCRIPT,
            "https://www.post.example/news/view.php?section=world",
            SCRIPT,
            id="lost its number",
        ),
        pytest.param(
            SCRIPT, "https://www.post.example/news/view.php?no=1001", None, id="kept its id"
        ),
        pytest.param(SCRIPT, "https://www.post.example/news/1001", None, id="its speaking address"),
        pytest.param(
            "https://post.example/topics/summit/kim-and-putin",
            "https://post.example/topics/kim-and-putin",
            None,
            id="articles that live among topics",
        ),
        pytest.param(
            "https://post.example/story/kim", "https://post.example/kim", None, id="words"
        ),
        pytest.param(
            "https://post.example/", "https://www.post.example", None, id="home page itself"
        ),
        pytest.param(
            "http://127.0.0.1:8001/a/55012", "http://127.0.0.1:8001/b/55012", None, id="IP"
        ),
        pytest.param(
            "http://127.0.0.1:8001/a/55012",
            "http://127.0.0.1:8002/a/55012",
            "http://127.0.0.1:8001/a/55012",
            id="another port",
        ),
        pytest.param(
            "http://[::1]:8001/a/55012",
            "http://[::1]:8002/a/55012",
            "http://[::1]:8001/a/55012",
            id="another port of IPv6",
        ),
        pytest.param(
            "http://localhost:1/a/55012",
            "http://localhost:2/a/55012",
            "http://localhost:1/a/55012",
            id="another port of a single label",
        ),
    ],
)
def test_a_declared_address_is_believed_where_it_can_be(
    page: str, declared: str | None, expected: str | None
) -> None:
    assert article_url(page, declared) == (expected or canonical_url(declared or ""))
