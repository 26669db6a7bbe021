"""Revisits in whole crawls: changed, unchanged, gone, restored; and what survives a lost Redis."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from redis import Redis

from crawler.storage import embedded
from crawler.storage.connection import PREFIX
from crawler.storage.payloads import from_payload, to_payload
from tests.integration.crawls import Outcome, records_of, tumen
from tests.integration.outlet_server import (
    ABOUT_BOTH,
    OutletServer,
    Reply,
    article,
    outlet_server,
    rss,
)
from tests.samples import assert_store_fits

PAGE = "/news/freight-office"
TITLE = "Russia and North Korea open a freight office"
ETAGGED = {"Content-Type": "text/html; charset=utf-8", "ETag": '"v1"'}
CORRECTED = (ABOUT_BOTH[0], ABOUT_BOTH[1].replace("a second train", "a third train"), ABOUT_BOTH[2])


@dataclass(slots=True)
class Desk:
    """An outlet with one article, and the data folder of the crawls that watch it."""

    outlet: OutletServer
    catalogue: Path
    data: Path

    def crawl(self, **settings: str) -> Outcome:
        """One pass."""
        where = ("--outlets", str(self.catalogue), "--data", str(self.data))
        return tumen("crawl", *where, **settings)

    def revisit(self, missing_for: timedelta | None = None) -> Outcome:
        """Let the next visit come due, as if its page had been missing for so long, and crawl."""
        with visits(self.data) as (redis, names):
            for name in names:
                if missing_for is not None:
                    job = from_payload(str(redis.hget(name, "p")))
                    assert job.revisit is not None
                    since = datetime.now(UTC) - missing_for
                    aged = replace(job, revisit=replace(job.revisit, missing_since=since))
                    redis.hset(name, "p", to_payload(aged))
                redis.zadd(f"{PREFIX}later", {name.removeprefix(f"{PREFIX}job:"): 1}, xx=True)
        return self.crawl()


@contextmanager
def visits(data: Path) -> Iterator[tuple[Any, list[str]]]:
    """Redis with the keys of all planned visits."""
    with embedded.hold(data) as held, Redis.from_url(held.url, decode_responses=True) as redis:
        yield redis, list(redis.scan_iter(f"{PREFIX}job:v:*"))


@contextmanager
def watched(folder: Path) -> Iterator[Desk]:
    """An outlet whose article has been stored."""
    with outlet_server() as outlet:
        outlet.pages = {
            "/feed.xml": rss(outlet.base, (PAGE, TITLE)),
            PAGE: replace(article(TITLE, *ABOUT_BOTH), headers=ETAGGED),
        }
        catalogue = folder / "outlets.toml"
        catalogue.write_text(outlet.card(), encoding="utf-8")
        desk = Desk(outlet, catalogue, folder / "data")
        shown = desk.crawl()
        assert told(desk) == [(1, None)], shown.err
        yield desk
        assert_store_fits(desk.data)
        assert tumen("store", "verify", "--data", str(desk.data)).code == 0


def told(desk: Desk) -> list[tuple[int, str | None]]:
    """Revision and cause of every line, in order."""
    return [(record["revision"], record["revision_cause"]) for record in records_of(desk.data)]


def test_a_changed_article_is_the_next_revision_of_the_same_id(tmp_path: Path) -> None:
    with watched(tmp_path) as desk:
        desk.outlet.pages[PAGE] = article(TITLE, *CORRECTED)
        shown = desk.revisit()
        first, second = records_of(desk.data)
        assert told(desk) == [(1, None), (2, "outlet")], shown.err
        assert (second["id"], second["url"]) == (first["id"], first["url"])
        assert "a third train" in second["text"]
        assert second["found_in"] == first["found_in"]
        assert second["archive"] != first["archive"]


def test_a_page_that_says_304_or_only_looks_otherwise_is_no_revision(tmp_path: Path) -> None:
    with watched(tmp_path) as desk:
        desk.revisit()
        assert desk.outlet.headers_of(PAGE)[-1]["If-None-Match"] == '"v1"'
        body = desk.outlet.pages[PAGE].body.replace(b"</article>", b"</article><p>1,204 views</p>")
        desk.outlet.pages[PAGE] = Reply(body=body, headers=ETAGGED)
        desk.revisit()
        assert told(desk) == [(1, None)]
        assert desk.outlet.asked.count(PAGE) == 3


def test_a_page_is_gone_when_it_is_missing_twice_a_day_apart(tmp_path: Path) -> None:
    with watched(tmp_path) as desk:
        page = desk.outlet.pages.pop(PAGE)
        desk.revisit()
        assert told(desk) == [(1, None)], "once is not enough"
        desk.revisit(timedelta(hours=12))
        assert told(desk) == [(1, None)], "nor twice on one day"
        desk.revisit(timedelta(hours=25))
        assert told(desk) == [(1, None), (2, "gone")]
        first, gone = records_of(desk.data)
        assert (gone["text"], gone["title"]) == (first["text"], first["title"])
        assert (gone["http"]["status"], first["http"]["status"]) == (404, 200)
        desk.revisit()
        assert told(desk) == [(1, None), (2, "gone")], "gone is told once"
        desk.outlet.pages[PAGE] = page
        desk.revisit()
        assert told(desk) == [(1, None), (2, "gone"), (3, "restored")]


def test_a_page_that_is_back_the_next_day_was_never_gone(tmp_path: Path) -> None:
    with watched(tmp_path) as desk:
        page = desk.outlet.pages.pop(PAGE)
        desk.revisit()
        desk.outlet.pages[PAGE] = page
        desk.revisit(timedelta(hours=25))
        desk.outlet.pages.pop(PAGE)
        desk.revisit()
        assert told(desk) == [(1, None)], "the day begins anew"


def test_a_page_that_cannot_be_had_or_read_changes_nothing(tmp_path: Path) -> None:
    with watched(tmp_path) as desk:
        for reply in (
            Reply(status=403),
            article("Subscribe to read", "Please log in to go on."),
            Reply(status=301, headers={"Location": "/"}),
            Reply(body=b"\x89PNG....", headers={"Content-Type": "image/png"}),
        ):
            desk.outlet.pages[PAGE] = reply
            desk.revisit()
        assert told(desk) == [(1, None)]
        with visits(desk.data) as (_redis, names):
            assert len(names) == 1, "it is looked at again"
        assert tumen("dead", "list", "--json", "--data", str(desk.data)).out == ""


def test_switched_off_nothing_is_read_again(tmp_path: Path) -> None:
    with outlet_server() as outlet:
        outlet.pages = {
            "/feed.xml": rss(outlet.base, (PAGE, TITLE)),
            PAGE: article(TITLE, *ABOUT_BOTH),
        }
        catalogue = tmp_path / "outlets.toml"
        catalogue.write_text(outlet.card(), encoding="utf-8")
        desk = Desk(outlet, catalogue, tmp_path / "data")
        desk.crawl(TUMEN_REVISITS="off")
        assert told(desk) == [(1, None)]
        with visits(desk.data) as (_redis, names):
            assert names == []


def test_a_lost_redis_learns_the_revisits_again_and_the_newest_revision(tmp_path: Path) -> None:
    with watched(tmp_path) as desk:
        desk.outlet.pages[PAGE] = article(TITLE, *CORRECTED)
        desk.revisit()
        with visits(desk.data) as (redis, _names):
            redis.flushall()
        shown = desk.crawl()
        assert "2 records (none of them is stored again)" in shown.err
        with visits(desk.data) as (redis, names):
            jobs = [from_payload(str(redis.hget(name, "p"))) for name in names]
        assert [job.revisit.revision for job in jobs if job.revisit] == [2]
        assert told(desk) == [(1, None), (2, "outlet")]
        desk.outlet.pages[PAGE] = article(TITLE, *ABOUT_BOTH)
        desk.revisit()
        assert told(desk) == [(1, None), (2, "outlet"), (3, "outlet")]
