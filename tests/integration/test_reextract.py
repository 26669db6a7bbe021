"""Archived pages read again by a better extractor; and what is learned from an outlet's pages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from crawler.news.fields import content_hash
from tests.integration.crawls import Outcome, lines_of, records_of, tumen
from tests.integration.outlet_server import ABOUT_BOTH, OutletServer, article, outlet_server, rss
from tests.samples import assert_store_fits

TITLE = "Russia and North Korea open a freight office"
LABEL = "Ferry News on your phone and on your desk"


@dataclass(slots=True)
class Place:
    """An outlet with articles, and the store of its crawls."""

    outlet: OutletServer
    catalogue: Path
    data: Path

    def announce(self, first: int, last: int, *more: str) -> None:
        """Publish articles with these numbers, each with the same lines at its end."""
        paths = [f"/news/freight-office-{n}" for n in range(first, last + 1)]
        self.outlet.pages["/feed.xml"] = rss(
            self.outlet.base, *((path, f"{TITLE} {path[-2:]}") for path in paths)
        )
        for path in paths:
            own = f"The {path[-2:]}th office was opened on pier {path[-2:]} by the harbor master."
            self.outlet.pages[path] = article(f"{TITLE} {path[-2:]}", own, *ABOUT_BOTH, *more)

    def crawl(self) -> Outcome:
        return self.run("crawl", "--outlets", str(self.catalogue))

    def run(self, *args: str) -> Outcome:
        return tumen(*args, "--data", str(self.data))


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with outlet_server() as outlet:
        catalogue = tmp_path / "outlets.toml"
        catalogue.write_text(outlet.card(), encoding="utf-8")
        yield Place(outlet, catalogue, tmp_path / "data")


def make_older(place: Place, was: str) -> None:
    """Let the stored record be one that an older extractor read, with a line of furniture."""
    (file,) = (place.data / "articles").glob("*.jsonl")
    record = json.loads(file.read_bytes())
    text = f"{record['text']}\n{was}"
    record |= {"text": text, "content_hash": content_hash(text)}
    record["extractor"] = {"name": "tumen", "version": "1"}
    file.write_text(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")


def test_what_reads_better_is_a_revision_and_a_dry_run_only_shows_it(place: Place) -> None:
    place.announce(11, 11, "Photo: The Sample")
    place.crawl()
    make_older(place, "Photo: The Sample")
    shown = place.run("store", "reextract", "--dry-run", "--json")
    (found,) = lines_of(shown.out)
    assert list(found["changes"]) == ["text"], shown.err
    assert len(records_of(place.data)) == 1
    assert place.run("store", "reextract").code == 0
    former, better = records_of(place.data)
    assert (better["revision"], better["revision_cause"]) == (2, "extractor")
    assert (better["id"], better["archive"]) == (former["id"], former["archive"])
    assert "Photo:" not in better["text"]
    assert "0 are better" in place.run("store", "reextract").err
    assert_store_fits(place.data)
    assert place.run("store", "verify").code == 0


def test_what_reads_no_better_stays_as_it_is(place: Place) -> None:
    place.announce(11, 11)
    place.crawl()
    make_older(place, "The mayor of the town spoke of a new era in the trade of both countries.")
    shown = place.run("store", "reextract")
    assert "1 articles read again, 0 are better" in shown.err
    assert len(records_of(place.data)) == 1


def test_a_line_that_recurs_is_learned_by_all_workers_and_can_be_unlearned(place: Place) -> None:
    place.announce(11, 14, LABEL)
    place.crawl()
    assert all(LABEL in record["text"] for record in records_of(place.data))
    place.announce(15, 15, LABEL)
    place.crawl()
    assert LABEL not in records_of(place.data)[-1]["text"]
    assert place.run("outlets", "unlearn", "sample").code == 0
    place.announce(16, 16, LABEL)
    place.crawl()
    assert LABEL in records_of(place.data)[-1]["text"]
