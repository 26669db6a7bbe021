"""Addresses: what may be asked for, what is the same page, and what must stay apart."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.news.urls import (
    URL_LIMIT,
    URL_RULE,
    Fingerprint,
    absolute_url,
    article_url,
    canonical_url,
    fingerprint,
    host_key,
    redact,
    same_site,
    site,
    url_id,
)

BASE = "https://post.example/world/list.html?page=2"
PINNED_ID = "3fc54147b73ced445b9731e8a2e0f336"
PINNED_MARK = Fingerprint(bucket=987, value=1943229352494846194)


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        pytest.param("https://a.example/x", "https://a.example/x", id="absolute"),
        pytest.param("story-1", "https://post.example/world/story-1", id="relative"),
        pytest.param("../story-1", "https://post.example/story-1", id="upwards"),
        pytest.param("//cdn.example/x", "https://cdn.example/x", id="without scheme"),
        pytest.param("?no=1", "https://post.example/world/list.html?no=1", id="query only"),
        pytest.param(
            "\n HTTPS://A.Example:443/x \t", "https://a.example/x", id="spaces, case, default port"
        ),
        pytest.param("\ufeffhttps://a.example\u200b", "https://a.example/", id="marks around"),
        pytest.param("https://a.example/x?a=1&amp;b=2", "https://a.example/x?a=1&b=2", id="&amp;"),
        pytest.param("https://a.example/x#a b", "https://a.example/x", id="fragment"),
        pytest.param("/a/./b/%2e%2e/c", "https://post.example/a/c", id="dot segments"),
        pytest.param("/a/..", "https://post.example/", id="dots to the root"),
        pytest.param("/a/b/..", "https://post.example/a/", id="dots at the end"),
        pytest.param(
            "https://сайт.рф/путь?q=я",
            "https://xn--80aswg.xn--p1ai/%D0%BF%D1%83%D1%82%D1%8C?q=%D1%8F",
            id="other letters",
        ),
        pytest.param(
            "https://BÜCHER.example./x", "https://xn--bcher-kva.example/x", id="dot after the host"
        ),
        pytest.param("https://a.example/%E4?b=%zz", "https://a.example/%E4?b=%zz", id="bytes kept"),
        pytest.param("http://１２７.0.0.1/", "http://127.0.0.1/", id="full-width digits show"),
        pytest.param("http://[::1]:8000/x", "http://[::1]:8000/x", id="IPv6"),
        pytest.param("http://localhost:8000", "http://localhost:8000/", id="single label"),
        pytest.param("http://a.example:0080/", "http://a.example/", id="port with zeros"),
        pytest.param("http://a.example:/", "http://a.example/", id="empty port"),
        pytest.param("", None, id="empty"),
        pytest.param("#top", None, id="a place on the page"),
        pytest.param("javascript:alert(1)", None, id="javascript"),
        pytest.param("mailto:desk@post.example", None, id="mailto"),
        pytest.param("ftp://a.example/x", None, id="ftp"),
        pytest.param("data:text/html,x", None, id="data"),
        pytest.param("file:///etc/passwd", None, id="file"),
        pytest.param("http://", None, id="no host"),
        pytest.param("http:///x", None, id="empty host"),
        pytest.param("https://user:pass@a.example/", None, id="user name"),
        pytest.param("https://a.example\\@b.example/", None, id="backslash"),
        pytest.param("https://a.example/x y", None, id="space within"),
        pytest.param("/x\ny", None, id="line end within"),
        pytest.param("https://a.example/\x00x", None, id="NUL within"),
        pytest.param("https://a.example/\ud800", None, id="lone surrogate"),
        pytest.param("https://a.example:0/", None, id="port 0"),
        pytest.param("https://a.example:65536/", None, id="port too high"),
        pytest.param("https://a.example:8x/", None, id="port of letters"),
        pytest.param("https://a..example/", None, id="empty label"),
        pytest.param("https://-a.example/", None, id="label with a leading hyphen"),
        pytest.param(f"https://{'a' * 64}.example/", None, id="label too long"),
        pytest.param(f"https://{'я' * 300}.example/", None, id="foreign host too long"),
        pytest.param("https://a%62.example/", None, id="escaped host"),
        pytest.param("https://\u0300a.example/", None, id="no IDN"),
        pytest.param("http://127.1/", None, id="short IPv4"),
        pytest.param("http://2130706433/", None, id="decimal IPv4"),
        pytest.param("http://0x7f.0.0.1/", None, id="hexadecimal IPv4"),
        pytest.param("http://0177.0.0.1/", None, id="octal IPv4"),
        pytest.param("http://[::1/", None, id="open bracket"),
        pytest.param("http://[1.2.3.4]/", None, id="IPv4 in brackets"),
        pytest.param("https://a.example/" + "x" * URL_LIMIT, None, id="too long"),
        pytest.param("https://a.example/" + "я" * 400, None, id="too long when escaped"),
    ],
)
def test_a_link_becomes_an_address_that_may_be_asked_for(link: str, expected: str | None) -> None:
    assert absolute_url(link, BASE) == expected


def test_an_error_does_not_tell_passwords() -> None:
    with pytest.raises(ValueError, match="user name") as caught:
        canonical_url("https://user:secret@a.example/")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("a", "b", "is_same"),
    [
        pytest.param(
            "http://a.example/x", "https://www.a.example/x/", True, id="scheme, www, slash"
        ),
        pytest.param(
            "https://a.example/x?b=2&a=1", "https://a.example/x?a=1&b=2", True, id="order"
        ),
        pytest.param("https://m.a.example/x", "https://www.a.example/x", True, id="mobile"),
        pytest.param("https://a.example/", "https://a.example", True, id="home page"),
        pytest.param(
            "https://a.example/x?a=1&a=2", "https://a.example/x?a=2&a=1", False, id="a list"
        ),
        pytest.param("https://a.example/x?no=1", "https://a.example/x?no=2", False, id="two ids"),
        pytest.param("https://a.example/X", "https://a.example/x", False, id="case of the path"),
        pytest.param("http://127.0.0.1:8001/", "http://127.0.0.1:8002/", False, id="two ports"),
    ],
)
def test_a_fingerprint_sees_one_page_in_its_spellings(a: str, b: str, is_same: bool) -> None:
    assert (fingerprint(a) == fingerprint(b)) is is_same


def test_identities_are_pinned_to_the_rule() -> None:
    # Another value means that every stored id and seen URL is lost: raise URL_RULE first.
    assert URL_RULE == 1
    url = "https://www.post.example/news/view.php?no=1001&section=world"
    assert url_id(canonical_url(url)) == PINNED_ID
    assert fingerprint(url) == PINNED_MARK


def test_buckets_and_values_spread_over_their_range() -> None:
    marks = [fingerprint(f"https://a.example/{number}") for number in range(400)]
    assert len({mark.bucket for mark in marks}) > 390
    assert max(mark.bucket for mark in marks) > 60_000
    assert all(0 <= mark.value < 2**63 for mark in marks)
    assert max(mark.value for mark in marks) > 2**62


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("https://www.news.post.co.kr/x", "post.co.kr", id="two-part suffix"),
        pytest.param("https://сайт.рф/", "xn--80aswg.xn--p1ai", id="IDN"),
        pytest.param("https://a.github.io/", "a.github.io", id="tenant of a shared domain"),
        pytest.param("http://127.0.0.1:8001/", "127.0.0.1", id="IPv4"),
        pytest.param("http://[::1]:80/", "[::1]", id="IPv6"),
        pytest.param("http://localhost/", "localhost", id="single label"),
        pytest.param("http://co.kr/", "co.kr", id="a suffix alone"),
    ],
)
def test_the_site_is_the_registrable_domain(url: str, expected: str) -> None:
    assert site(url) == expected


def test_editions_of_one_domain_are_one_site() -> None:
    assert same_site("https://en.post.co.kr/", "http://www.post.co.kr/x")
    assert not same_site("https://a.co.kr/", "https://b.co.kr/")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("http://A.Example/x", "a.example", id="http"),
        pytest.param("https://a.example:443/", "a.example", id="https"),
        pytest.param("http://127.0.0.1:8001/", "127.0.0.1:8001", id="port"),
        pytest.param("https://a.example:80/", "a.example:80", id="port of the other scheme"),
        pytest.param("https://m.a.example/", "m.a.example", id="a mobile host is its own server"),
    ],
)
def test_the_host_key_is_the_server(url: str, expected: str) -> None:
    assert host_key(url) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("https://a.example/x", "https://a.example/x", id="nothing to hide"),
        pytest.param(
            "redis://:pass@db:6379/0?key=1&flag#t",
            "redis://***@db:6379/0?key=***&***#***",
            id="all",
        ),
        pytest.param("https://a@b@c/?", "https://***@c/?", id="two names"),
        pytest.param("no url\x1b", "no url␛", id="anything"),
    ],
)
def test_logs_hide_names_and_values(url: str, expected: str) -> None:
    assert redact(url) == expected


HOSTS = """
    example.com m.example.com www.m.amp.example.co.kr m.co.kr m.kp M-EN.yna.co.kr. 127.0.0.1:8001
    [::1]:8080 mobile.mobile.x.github.io сайт.рф amp.amp.com localhost:80 wap.m a..b x.y:443
"""
SEGMENTS = """
    amp AMP print .. . %2e%2e %2E a.amp.html ...amp x.amp.amp articleViewAmp.html ampNews %zz
    ;jsessionid=q a;JSESSIONID=1;b (S(lit3py55t21z5v55vlm25s55)) view.html 2026 abc-12345 %41%4d%50
    % %25 %2561 новость [x] |^` %e4 amp; 世界 : @ // ~ \u0301 \u2028
"""
PARAMETERS = """
    utm_source=x %75tm_source amp amp=1 amp;amp;no=1 no=1001 section=world sid=5 PHPSESSID=1 & = ==
    ? a=1&a=2 sid=0123456789abcdef ref=ghost.org from=rss outputType=AMP b[]=%zz x=%26amp%3B
    amp%3B q=я MUBA==
"""


def words(text: str) -> st.SearchStrategy[str]:
    return st.sampled_from(text.split())


@st.composite
def nasty_urls(draw: st.DrawFn) -> str:
    path = "".join("/" + segment for segment in draw(st.lists(words(SEGMENTS), max_size=5)))
    query = "&".join(draw(st.lists(words(PARAMETERS), max_size=4)))
    scheme = draw(st.sampled_from(["http", "https", "HTTP"]))
    end = draw(st.sampled_from(["", "/", f"?{query}", f"/?{query}#x"]))
    return f"{scheme}://{draw(words(HOSTS))}{path}{end}"


@settings(max_examples=70, deadline=None)
@given(nasty_urls())
def test_the_canonical_form_is_stable_and_stays_on_its_site(url: str) -> None:
    try:
        canonical = canonical_url(url)
    except ValueError:
        assert absolute_url(url, url) is None or "#" in url or "&amp;" in url
        return
    assert canonical_url(canonical) == canonical
    assert canonical.isascii()
    assert site(canonical) == site(url)
    assert fingerprint(canonical) == fingerprint(url)


@settings(max_examples=70, deadline=None)
@given(st.one_of(nasty_urls(), st.text(max_size=30)), nasty_urls())
def test_whatever_may_be_asked_for_has_every_form(link: str, base: str) -> None:
    url = absolute_url(link, base)
    if url is not None:
        assert absolute_url(url, "") in (url, url.replace("&amp;", "&"))
        assert url.isascii()
        assert isinstance(fingerprint(url), Fingerprint)
        assert canonical_url(article_url(url, link)) == article_url(url, link)
        assert host_key(url)
    assert redact(link).isprintable() or not link.isprintable()
