"""`tumen outlets discover` on sites that announce in different ways, the right source first."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from crawler.app.press.server import open_press
from crawler.news.catalogues import parse_catalogue
from tests.integration.crawls import Outcome, lines_of, tumen
from tests.integration.outlet_server import (
    ABOUT_BOTH,
    OutletServer,
    Reply,
    article,
    outlet_server,
    rss,
)

TITLES = [f"Russia and North Korea open freight office number {n} at Khasan" for n in range(6)]
PATHS = [f"/2026/11/2{n}/freight-office-number-{n}-opens" for n in range(6)]
NOT_HERE = Reply(status=200, body=b"<html><body><h1>There is no such page</h1></body></html>")


def page(body: str, head: str = "") -> Reply:
    text = (
        f"<!doctype html><html lang=en><head><title>Quay News</title>{head}</head>"
        f"<body>{body}</body></html>"
    )
    return Reply(body=text.encode(), headers={"Content-Type": "text/html; charset=utf-8"})


def news_sitemap(base: str) -> Reply:
    now = datetime.now(UTC)
    rows = "".join(
        f"<url><loc>{base}{path}</loc><news:news><news:publication_date>"
        f"{(now - timedelta(hours=n)).isoformat()}</news:publication_date>"
        f"<news:title>{title}</news:title></news:news></url>"
        for n, (path, title) in enumerate(zip(PATHS, TITLES, strict=True))
    )
    text = (
        '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{rows}</urlset>'
    )
    return Reply(body=text.encode(), headers={"Content-Type": "application/xml"})


LIST = "<main><ul>{}</ul></main>".format(
    "".join(
        f'<li><h3><a href="{path}">{title}</a></h3></li>'
        for path, title in zip(PATHS, TITLES, strict=True)
    )
)
MENU = "<nav><a href=/about>About</a> <a href=/latest>Latest</a> <a href=/sport>Sport</a></nav>"


def furnish(outlet: OutletServer) -> None:
    """Put articles where the lists say that they are."""
    for path, title in zip(PATHS, TITLES, strict=True):
        outlet.pages[path] = article(title, *ABOUT_BOTH)


def linked(outlet: OutletServer) -> str:
    declared = (
        '<link rel=alternate type="application/rss+xml" href="/comments.xml">'
        '<link rel=alternate type="application/rss+xml" href="/news-of-ours.xml">'
    )
    outlet.pages["/"] = page(MENU + LIST, declared)
    outlet.pages["/news-of-ours.xml"] = rss(outlet.base, *zip(PATHS, TITLES, strict=True))
    outlet.pages["/comments.xml"] = rss(
        outlet.base, *((f"/comments{path}", f"Re: {n}") for n, path in enumerate(PATHS))
    )
    return "/news-of-ours.xml"


def listed_on_a_page(outlet: OutletServer) -> str:
    outlet.pages["/"] = page(LIST + "<footer><a href=/rss>RSS</a></footer>")
    outlet.pages["/rss"] = page(
        "<ul><li><a href=/rss/sport.xml>Sport</a><a href=/rss/x1.xml>All</a>"
    )
    outlet.pages["/rss/x1.xml"] = rss(outlet.base, *zip(PATHS, TITLES, strict=True))
    outlet.pages["/rss/sport.xml"] = rss(outlet.base, ("/sport/1", "Rowing club wins the cup"))
    return "/rss/x1.xml"


def unlinked(outlet: OutletServer) -> str:
    outlet.pages["/"] = page(MENU + LIST)
    outlet.pages["/feed/"] = NOT_HERE
    outlet.pages["/rss.xml"] = rss(outlet.base, *zip(PATHS, TITLES, strict=True))
    return "/rss.xml"


def moved(outlet: OutletServer) -> str:
    outlet.pages["/"] = page(MENU + LIST, '<link rel=alternate type="application/rss+xml" href=/a>')
    outlet.pages["/a"] = Reply(status=301, headers={"Location": "/b"})
    outlet.pages["/b"] = rss(outlet.base, *zip(PATHS, TITLES, strict=True))
    return "/b"


def in_robots(outlet: OutletServer) -> str:
    outlet.pages["/"] = page(MENU + LIST)
    outlet.pages["/robots.txt"] = Reply(body=b"User-agent: *\nDisallow: /rss\nSitemap: /n1.xml\n")
    outlet.pages["/n1.xml"] = news_sitemap(outlet.base)
    return "/n1.xml"


def in_an_index(outlet: OutletServer) -> str:
    outlet.pages["/"] = page(MENU + LIST)
    index = (
        "<sitemapindex><sitemap><loc>/pages.xml</loc></sitemap>"
        "<sitemap><loc>/news-1.xml</loc></sitemap></sitemapindex>"
    )
    outlet.pages["/sitemap_index.xml"] = Reply(body=index.encode())
    outlet.pages["/news-1.xml"] = news_sitemap(outlet.base)
    return "/sitemap_index.xml"


def section_only(outlet: OutletServer) -> str:
    outlet.pages["/"] = page(f"{MENU}<p>Welcome</p>")
    outlet.pages["/latest"] = page(MENU + LIST)
    return "/latest"


def hidden_section(outlet: OutletServer) -> str:
    outlet.pages["/category/latest"] = page(LIST)
    return "/category/latest"


SITES = (
    linked, listed_on_a_page, unlinked, moved, in_robots, in_an_index, section_only, hidden_section
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovered:
    """What one run said of all sites, in their order, and who was asked for what."""

    outcome: Outcome
    outlets: tuple[OutletServer, ...]
    wanted: tuple[str, ...]

    def cards(self) -> list[dict[str, Any]]:
        cards: list[dict[str, Any]] = tomllib.loads(self.outcome.out)["outlet"]
        return cards


@pytest.fixture(scope="module")
def discovered() -> Iterator[Discovered]:
    with ExitStack() as stack:
        outlets = tuple(stack.enter_context(outlet_server()) for _ in SITES)
        wanted = []
        for outlet, build in zip(outlets, SITES, strict=True):
            furnish(outlet)
            wanted.append(build(outlet))
        outcome = tumen("outlets", "discover", *(f"{outlet.base}/" for outlet in outlets))
        yield Discovered(outcome=outcome, outlets=outlets, wanted=tuple(wanted))


@pytest.mark.parametrize("nth", range(len(SITES)), ids=[site.__name__ for site in SITES])
def test_the_right_source_is_first_on_the_card(discovered: Discovered, nth: int) -> None:
    card = discovered.cards()[nth]
    lists = [url for key in ("feeds", "sitemaps", "sections") for url in card.get(key, [])]
    assert lists == [discovered.outlets[nth].base + discovered.wanted[nth]], discovered.outcome.err


def test_the_cards_are_valid_and_say_what_was_guessed(discovered: Discovered) -> None:
    outlets = parse_catalogue(discovered.outcome.out, "stdout")
    assert len({outlet.id for outlet in outlets}) == len(SITES)
    assert outlets[0].id == "quay-news"
    assert 'country = "ZZ"  # none is known' in discovered.outcome.out
    assert discovered.outcome.code == 0


def test_an_article_of_the_source_is_read(discovered: Discovered) -> None:
    said = [line for line in discovered.outcome.err.splitlines() if "an article was read" in line]
    assert len(said) == len(SITES)
    assert "Russia and North Korea open freight office" in said[0]


def test_robots_txt_is_asked_for_first_and_obeyed(discovered: Discovered) -> None:
    for outlet in discovered.outlets:
        assert outlet.asked[0] == "/robots.txt"
        assert outlet.asked.count("/robots.txt") == 1
    closed = discovered.outlets[SITES.index(in_robots)]
    assert not [path for path in closed.asked if path.startswith("/rss")]


def test_nothing_is_guessed_where_something_good_is_declared(discovered: Discovered) -> None:
    asked = discovered.outlets[SITES.index(linked)].asked
    assert asked[:4] == ["/robots.txt", "/", "/comments.xml", "/news-of-ours.xml"]
    assert set(asked[4:]) <= set(PATHS)


def test_no_address_is_asked_for_twice(discovered: Discovered) -> None:
    for outlet in discovered.outlets:
        asked = [path for path in outlet.asked if path not in PATHS]
        assert sorted(set(asked)) == sorted(asked)


def test_a_site_without_a_source_is_exit_code_1_and_the_next_step_is_told() -> None:
    with outlet_server() as outlet:
        outlet.pages["/"] = page("<p>Welcome</p>")
        found = tumen("outlets", "discover", f"{outlet.base}/", "--requests", "5")
        assert len(outlet.asked) == 5
    assert (found.code, found.out) == (1, "")
    assert "No source was found. Look on the site for a list of its news" in found.err


def test_an_id_that_is_none_is_refused_before_anything_is_asked() -> None:
    with outlet_server() as outlet:
        refused = tumen("outlets", "discover", f"{outlet.base}/", "--id", "Quay News")
        assert outlet.asked == []
    assert (refused.code, refused.out) == (2, "")
    assert '--id: "Quay News" is not a slug' in refused.err


def test_a_site_that_cannot_be_reached_is_named() -> None:
    found = tumen("outlets", "discover", "http://nosuch.invalid/")
    assert (found.code, found.out) == (1, "")
    assert "its name cannot be resolved (DNS)" in found.err


def test_an_address_inside_is_not_asked_for() -> None:
    with outlet_server() as outlet:
        found = tumen("outlets", "discover", f"{outlet.base}/", TUMEN_ALLOW_NETWORKS="")
        assert outlet.asked == []
    assert found.code == 1
    assert "its address is not public" in found.err


def test_a_card_goes_from_discovery_to_a_crawl(tmp_path: Path) -> None:
    """What docs/adding-an-outlet.md tells to type."""
    data = str(tmp_path / "data")
    with outlet_server() as outlet:
        furnish(outlet)
        linked(outlet)
        found = tumen("outlets", "discover", f"{outlet.base}/", "--id", "quay", "--kind", "wire")
        added = tumen("outlets", "add", "--data", data, stdin=found.out)
        assert added.err.splitlines()[-1] == "try it: tumen crawl --only quay --max-age 30d"
        crawled = tumen("crawl", "--only", "quay", "--max-age", "30d", "--data", data, "--json")
        again = tumen("outlets", "discover", f"{outlet.base}/", "--json", "--data", data)
    assert {record["outlet"] for record in lines_of(crawled.out)} == {"quay"}
    rows = lines_of(again.out)
    assert (rows[0]["chosen"], rows[0]["kind"]) == (True, "feed")
    assert rows[0]["url"].endswith("/news-of-ours.xml")


def test_the_sources_of_the_sample_press_are_found_and_its_manners_kept() -> None:
    delay_s = 0.05
    with open_press() as press:
        homes = [f"http://127.0.0.1:{port}/" for port in press.ports.values()]
        found = tumen("outlets", "discover", *homes, TUMEN_HOST_DELAY=f"{int(delay_s * 1000)}ms")
        served = {outlet.homepage: outlet for outlet in parse_catalogue(press.catalogue, "press")}
        visits = press.visits
    for outlet in parse_catalogue(found.out, "stdout"):
        right = served[outlet.homepage]
        assert (outlet.feeds, outlet.sitemaps) == (right.feeds, right.sitemaps), found.err
        assert len(outlet.sections) == len(right.sections)
    for name in press.ports:
        own = [visit for visit in visits if visit.outlet == name]
        gaps = [after.started - before.ended for before, after in pairwise(own)]
        assert min(gaps) >= delay_s * 0.9


def test_what_a_hostile_site_says_stays_within_its_quotes() -> None:
    name = 'Quay\u202e &#27;[31m" ]\n[[outlet]]\nid = "forged"\u2028# &lt;/title&gt;'
    with outlet_server() as outlet:
        furnish(outlet)
        linked(outlet)
        body = outlet.pages["/"].body.decode()
        named = body.replace("</head>", f"<meta property='og:site_name' content='{name}'></head>")
        outlet.pages["/"] = Reply(body=named.encode(), headers={"Content-Type": "text/html"})
        outlet.pages["/comments.xml"] = Reply(status=302, headers={"Location": "/comments.xml"})
        found = tumen("outlets", "discover", f"{outlet.base}/")
    [card] = parse_catalogue(found.out, "stdout")
    assert card.feeds == (f"{outlet.base}/news-of-ours.xml",)
    assert [mark for mark in ("\x1b", "\u202e", "\u2028") if mark in found.out + found.err] == []


def test_a_site_whose_robots_txt_fails_is_left_alone() -> None:
    with outlet_server() as outlet:
        furnish(outlet)
        linked(outlet)
        outlet.pages["/robots.txt"] = Reply(status=503)
        found = tumen("outlets", "discover", f"{outlet.base}/")
        assert outlet.asked == ["/robots.txt"]
    assert found.code == 1
    assert "not asked for; its robots.txt: HTTP 503" in found.err
