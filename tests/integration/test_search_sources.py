"""Search sources: what they find of outlets without a card is stored, and candidates are shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.integration.crawls import journal_of, lines_of, records_of, tumen
from tests.integration.one_source import health_of_all, memory, where
from tests.integration.outlet_server import (
    ABOUT_BOTH,
    OutletServer,
    Reply,
    article,
    outlet_server,
    rss,
)
from tests.samples import assert_store_fits

ASKED = "/find?q=north%20korea%20russia"
TITLE = "Russia and North Korea open a freight office"
SECOND = "Second North Korea train for Russia is announced"


@dataclass(slots=True)
class Place:
    """A search service, an outlet that it knows, and the folder of a test."""

    service: OutletServer
    paper: OutletServer
    folder: Path

    def write_cards(self, **paper: str) -> None:
        """The card of the service, and one that at least opens the paper's port."""
        card = {
            "feeds": "[]", "homepage": '"https://finder.example/"', "enabled": "false",
            "searches": f'["{self.service.base}/find?q={{query}}"]',
            "queries": '["north korea russia"]',
        }  # fmt: skip
        opener = {"homepage": '"https://else.example/"', "enabled": "false", **paper}
        cards = self.service.card("finder", **card), self.paper.card("paper", **opener)
        (self.folder / "outlets.toml").write_text("\n".join(cards), encoding="utf-8")

    def find(self, *found: tuple[str, str]) -> None:
        """What the service finds: path and title."""
        rows = [
            {"url": self.paper.base + path, "title": title, "language": "English"}
            for path, title in found
        ]
        kind = {"Content-Type": "application/json"}
        body = json.dumps({"articles": rows}).encode()
        self.service.pages[ASKED] = Reply(body=body, headers=kind)

    def crawl(self, outlet: str = "finder") -> str:
        return tumen("crawl", "--only", outlet, *where(self.folder)).err


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with outlet_server() as service, outlet_server() as paper:
        paper.pages = {
            "/office": article(TITLE, *ABOUT_BOTH),
            "/train": article(SECOND, *ABOUT_BOTH[1:], "The second train is to run in April."),
        }
        here = Place(service, paper, tmp_path)
        here.write_cards()
        here.find(("/office", TITLE), ("/soups", "Seven soups"))
        yield here


def test_what_a_search_finds_of_an_unknown_outlet_is_stored_without_one(place: Place) -> None:
    shown = place.crawl()
    (record,) = records_of(place.folder / "data")
    assert (record["outlet"], record["country"], record["domain"]) == (None, None, "127.0.0.1")
    assert (record["url"], record["title"]) == (f"{place.paper.base}/office", TITLE)
    assert record["found_in"]["kind"] == "search", shown
    assert record["found_in"]["url"] == place.service.base + ASKED
    (left,) = journal_of(place.folder / "data")
    assert (left["stage"], left["outlet"]) == ("triage", None)
    assert_store_fits(place.folder / "data")


def test_what_it_finds_of_an_outlet_with_a_card_is_that_outlets(place: Place) -> None:
    place.write_cards(homepage=f'"{place.paper.base}/"')
    place.crawl()
    (record,) = records_of(place.folder / "data")
    assert (record["outlet"], record["country"]) == ("paper", "GB")


def test_what_a_search_passed_over_is_not_lost_to_the_outlets_own_feed(place: Place) -> None:
    place.find(("/office", "Seven soups"))
    place.crawl()
    assert records_of(place.folder / "data") == []
    place.paper.pages["/feed.xml"] = rss(place.paper.base, ("/office", TITLE))
    place.crawl("paper")
    assert [record["title"] for record in records_of(place.folder / "data")] == [TITLE]
    place.crawl()
    assert len(journal_of(place.folder / "data")) == 1, "what is known is not journaled again"


def test_a_search_is_off_until_it_is_named_and_asked_eight_times_a_day(place: Place) -> None:
    place.write_cards(enabled="true", feeds=f'["{place.paper.base}/feed.xml"]')
    place.paper.pages["/feed.xml"] = rss(place.paper.base, ("/soups", "Seven soups"))
    tumen("crawl", *where(place.folder))
    assert place.service.asked == []
    place.crawl()
    with memory(place.folder, "finder") as (redis, name):
        told = json.loads(redis.hget(name, "state"))
    assert told["rhythm"]["due_in_s"] == 3 * 3_600.0


def test_a_refusal_is_told_in_the_services_own_words(place: Place) -> None:
    place.service.pages[ASKED] = Reply(body=b"Please limit requests to one every 5 seconds.")
    place.crawl()
    word, why = health_of_all(place.folder, "--only", "finder")["finder"]
    assert word == "failing"
    assert why.startswith('the service says "Please limit requests to one every 5 seconds."')


def test_domains_without_a_card_that_keep_bringing_articles_are_candidates(place: Place) -> None:
    place.find(("/office", TITLE), ("/train", SECOND))
    place.crawl()
    asked = ("outlets", "candidates", *where(place.folder))
    (told,) = lines_of(tumen(*asked, "--json").out)
    assert (told["domain"], told["articles"], told["days"]) == ("127.0.0.1", 2, 1)
    assert sorted(example["title"] for example in told["examples"]) == [TITLE, SECOND]
    shown = tumen(*asked)
    assert shown.code == 0
    assert shown.out.splitlines()[1].startswith("127.0.0.1         2     1  20")
    assert tumen(*asked, "--least", "3").out == ""
    place.write_cards(homepage=f'"{place.paper.base}/"')
    assert tumen(*asked).out == "", "it has a card by now"
