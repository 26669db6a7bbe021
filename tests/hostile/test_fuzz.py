"""Any bytes, to every reader: only documented errors, and the promises of what comes out.

`make fuzz` goes on from here for as long as it is given, guided by coverage.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hostile.targets import TARGETS, seeds

# What the readers look for, so that chance finds its way into them.
PARTS = [
    b"<rss version='2.0'><channel>", b"<item>", b"</item>", b"<title>", b"</title>", b"<link>",
    b"http://news.example.org/1", b"<feed xmlns='http://www.w3.org/2005/Atom'>", b"<entry>",
    b"<urlset>", b"<url><loc>", b"</loc></url>", b"<sitemapindex><sitemap><loc>", b"<lastmod>",
    b"<![CDATA[", b"]]>", b"<!--", b"-->", b"&#x0;", b"&#xD800;", b"&x;", b"<!DOCTYPE x [",
    b"<html>", b"<p>", b"</p>", b"<div>", b"<a href='/a/1'>", b"<time datetime='2099-01-01'>",
    b"<script type='application/ld+json'>", b'{"@type":"NewsArticle","headline":', b"</script>",
    b'"datePublished":"0000-99-99T99:99:99Z",', b"<meta property='og:title' content='", b"'>",
    b"<meta charset=euc-kr>", b"<title>\xb7\xaf\xbd\xc3\xbe\xc6</title>", b"\x1f\x8b", b"\x00",
    b"\xff\xfe", b"\xed\xa0\x80", b"\xe2\x80\xa8", b"\x1b$B", b"\x1b]0;x\x07", b"\n", b"*", b"$",
    b"User-agent: *\nDisallow: ", b"xn--", b"%2e%2e/", b"?utm_source=", b"&amp;", b"@", b"[::1]",
    "Россия и КНДР подписали".encode(), "러시아와 북한".encode(), b"Russia and North Korea ",
    b"Fri, 30 Feb 2026 25:61:61 +9999", b"9" * 30, b"-1", b"max-age=", b"{", b"[" * 500,
]  # fmt: skip

BYTES = st.binary(max_size=300) | st.lists(
    st.sampled_from(PARTS) | st.binary(max_size=6), max_size=40
).map(b"".join)


@pytest.mark.parametrize("name", TARGETS)
@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(data=BYTES)
def test_any_bytes_end_in_a_documented_way(name: str, data: bytes) -> None:
    TARGETS[name](data)


@st.composite
def wounded(draw: st.DrawFn, name: str) -> bytes:
    """An honest input with pieces cut out, doubled, or overwritten."""
    data = bytearray(draw(st.sampled_from(sorted(seeds(name)))))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        end = min(len(data), at + draw(st.integers(0, 200)))
        data[at:end] = draw(st.sampled_from(PARTS) | st.just(bytes(data[at:end]) * 3))
    return bytes(data)


@pytest.mark.parametrize("name", TARGETS)
@settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_wounded_input_ends_in_a_documented_way(name: str, data: st.DataObject) -> None:
    TARGETS[name](data.draw(wounded(name)))


# Inputs that broke a promise once, by what was wrong.
FOUND: dict[str, tuple[str, bytes]] = {
    "an hour without end": ("headers", b"t/,31 Dec 9999 39999999999999999999999999:9"),
}


@pytest.mark.parametrize(("name", "data"), FOUND.values(), ids=FOUND)
def test_what_was_found_once_stays_mended(name: str, data: bytes) -> None:
    TARGETS[name](data)
