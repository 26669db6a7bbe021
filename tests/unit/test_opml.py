"""OPML: folders come and go, and a hostile list gives no more than its feeds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.errors import ConfigError
from crawler.news.opml import SIZE_LIMIT, ListedFeed, by_outlet, read_opml, write_opml
from tests.samples import OUTLET

LIST = """<?xml version="1.0"?>
<opml version="2.0"><head><title>Mine</title></head><body>
  <outline text="Asia"><outline text="Wires &amp; more">
    <outline type="rss" text="Quay News" xmlUrl="https://quay.example/feed"
      htmlUrl="https://quay.example/" language="ko" category="/Ports,/Trade/Sea"/>
    <outline text="Quay, sport" xmlUrl="https://quay.example/sport" htmlUrl="https://quay.example/"
      category="/Ports,/Trade/Sea"/>
  </outline></outline>
  <outline title="Lone" text="x" xmlurl="http://lone.example/rss?a=1&b=2"/>
  <outline text="Broken" xmlUrl="ftp://a/b"/>
  <outline text="Again" xmlUrl="https://quay.example/feed"/>
</body></opml>
"""
QUAY = ListedFeed(
    url="https://quay.example/feed",
    name="Quay News",
    homepage="https://quay.example/",
    language="ko",
    categories=("Asia/Wires & more", "Ports", "Trade/Sea"),
)
SPORT = replace(QUAY, url="https://quay.example/sport", name="Quay, sport", language=None)
LONE = ListedFeed(url="http://lone.example/rss?a=1&b=2", name="Lone")


def feeds_of(text: str) -> tuple[ListedFeed, ...]:
    return read_opml(text.encode(), "list.opml")[0]


def test_feeds_are_read_with_their_folders_and_their_own_categories() -> None:
    feeds, left = read_opml(LIST.encode(), "list.opml")
    assert feeds == (QUAY, SPORT, LONE)
    assert left == {"no http address": 1, "twice": 1}


def test_feeds_of_one_home_page_and_folder_are_one_outlet() -> None:
    elsewhere = replace(QUAY, categories=("Europe",))
    assert by_outlet([QUAY, LONE, SPORT, elsewhere]) == [[QUAY, SPORT], [LONE], [elsewhere]]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"<rss><channel/></rss>", id="a feed"),
        pytest.param(b"<html><body>Sign in</body></html>", id="a page"),
        pytest.param(b"\x00\xff\xfe", id="no text"),
        pytest.param(b"<opml>" + b" " * SIZE_LIMIT, id="too large"),
    ],
)
def test_what_is_no_list_is_refused(body: bytes) -> None:
    with pytest.raises(ConfigError, match=r"list\.opml: "):
        read_opml(body, "list.opml")


BOMB = "".join(f"<!ENTITY b{n} '{f'&b{n - 1};' * 10}'>" for n in range(1, 9))
HOSTILE = {
    "entities that grow": f"<!DOCTYPE opml [<!ENTITY b0 'x'>{BOMB}]>",
    "an entity of a file": "<!DOCTYPE opml [<!ENTITY b8 SYSTEM 'file:///etc/passwd'>]>",
    "a definition elsewhere": "<!DOCTYPE opml SYSTEM 'http://127.0.0.1:9/x.dtd'>",
}


@pytest.mark.parametrize("prolog", HOSTILE.values(), ids=HOSTILE.keys())
def test_nothing_that_a_list_defines_is_expanded_or_fetched(prolog: str) -> None:
    line = '<outline text="&b8;" xmlUrl="https://quay.example/feed"/>'
    [feed] = feeds_of(f"{prolog}<opml><body>{line}</body></opml>")
    assert len(feed.name or "") < 20
    assert "root" not in (feed.name or "")


def test_folders_in_folders_without_end_cost_no_feed() -> None:
    deep = "<outline text='f'>" * 5_000
    line = "<outline text='Lone' xmlUrl='https://lone.example/rss'/>"
    feeds = feeds_of(f"<opml><body>{line}{deep}{line}</body></opml>")
    assert feeds[0].url == "https://lone.example/rss"


def test_a_list_that_breaks_off_gives_what_is_whole_of_it() -> None:
    assert feeds_of(LIST[: LIST.index("<outline title")]) == (QUAY, SPORT)


_FOLDER = st.text("abc 강&<\"',", max_size=8).map(lambda text: " ".join(text.split())).filter(bool)
_PATH = st.lists(_FOLDER, min_size=1, max_size=3).map("/".join)


@settings(max_examples=100, deadline=None)
@given(st.lists(_PATH, min_size=1, max_size=4, unique=True))
def test_folders_come_back_as_they_went(paths: list[str]) -> None:
    outlets = [
        replace(
            OUTLET, id=f"o{n}", name=f"Name & {n}", categories=(path, "Trade/Sea"),
            feeds=(f"https://harbor.example/{n}",),
        )
        for n, path in enumerate(paths)
    ]  # fmt: skip
    back = {feed.url: feed for feed in feeds_of(write_opml(outlets))}
    for outlet in outlets:
        feed = back[outlet.feeds[0]]
        assert (feed.name, feed.categories) == (outlet.name, outlet.categories)
        assert (feed.homepage, feed.language) == (outlet.homepage, outlet.language)


def test_what_is_not_polled_and_what_is_no_feed_is_not_exported() -> None:
    outlet = replace(
        OUTLET,
        feeds=("https://harbor.example/a", "https://harbor.example/b"),
        sitemaps=("https://harbor.example/s",),
        confidence={"https://harbor.example/b": "low"},
    )
    [feed] = feeds_of(write_opml([outlet]))
    assert (feed.url, feed.categories) == ("https://harbor.example/a", ("NO",))
