"""Sources in whole crawls: what they say of themselves is learned, and shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.news.source_states import BELIEVED_TIMES, SourceState
from crawler.storage.connection import PREFIX
from crawler.storage.sources import state_from_text
from tests.integration.one_source import ago, change, crawl, health_of_all, memory
from tests.integration.outlet_server import OutletServer, Reply, outlet_server, rss

FEED = "/feed.xml"
PLAIN = (("/1", "Seven soups"), ("/2", "Six salads"))


@pytest.fixture
def outlet(tmp_path: Path) -> Iterator[OutletServer]:
    """An outlet whose feed announces nothing of interest, in a catalogue of its own."""
    with outlet_server() as served:
        served.pages = {FEED: rss(served.base, *PLAIN)}
        (tmp_path / "outlets.toml").write_text(served.card(), encoding="utf-8")
        yield served


def state_of(folder: Path) -> SourceState:
    """What is remembered of the only source."""
    with memory(folder) as (redis, name):
        return state_from_text(redis.hget(name, "state"))


def health(folder: Path) -> tuple[str, str]:
    """How the only source is shown."""
    (shown,) = health_of_all(folder).values()
    return shown


def test_a_feed_that_moved_for_good_is_asked_at_its_new_address(
    outlet: OutletServer, tmp_path: Path
) -> None:
    outlet.pages[FEED] = Reply(status=301, headers={"Location": "/new.xml"})
    outlet.pages["/new.xml"] = rss(outlet.base, *PLAIN)
    crawl(tmp_path)
    change(tmp_path, moving_times=2, moving_since=ago(hours=25))
    shown = crawl(tmp_path)
    assert '"event":"source_moved"' in shown
    outlet.asked.clear()
    crawl(tmp_path)
    assert (FEED in outlet.asked, "/new.xml" in outlet.asked) == (False, True)
    assert health(tmp_path) == ("moved", f"asked for at {outlet.base}/new.xml")


def test_a_new_address_that_fails_is_given_up_for_the_one_of_the_card(
    outlet: OutletServer, tmp_path: Path
) -> None:
    outlet.pages[FEED] = Reply(status=301, headers={"Location": "/new.xml"})
    outlet.pages["/new.xml"] = rss(outlet.base, *PLAIN)
    crawl(tmp_path)
    change(tmp_path, moving_times=2, moving_since=ago(hours=25))
    crawl(tmp_path)
    outlet.pages[FEED] = outlet.pages.pop("/new.xml")
    change(tmp_path, failures=2)
    crawl(tmp_path)
    outlet.asked.clear()
    crawl(tmp_path)
    assert (FEED in outlet.asked, "/new.xml" in outlet.asked) == (True, False)
    assert health(tmp_path) == ("working", "")


def test_a_feed_that_is_gone_for_good_is_retired_visibly(
    outlet: OutletServer, tmp_path: Path
) -> None:
    crawl(tmp_path)
    outlet.pages[FEED] = Reply(status=410)
    assert '"from":"working","to":"retired","why":"HTTP 410 (gone)"' in crawl(tmp_path)
    assert health(tmp_path) == ("retired", "HTTP 410 (gone)")
    with memory(tmp_path) as (redis, name):
        due = redis.zscore(f"{PREFIX}later", name.removeprefix(f"{PREFIX}source:"))
        assert due / 1000 > datetime.now(UTC).timestamp() + 6 * 86_400
    outlet.pages[FEED] = rss(outlet.base, *PLAIN)
    crawl(tmp_path)
    assert health(tmp_path) == ("working", "")


def test_a_feed_that_lies_with_304_is_found_out(outlet: OutletServer, tmp_path: Path) -> None:
    tag = {"ETag": '"always"', "Content-Type": "application/rss+xml"}
    outlet.pages[FEED] = Reply(body=outlet.pages[FEED].body, headers=tag)
    crawl(tmp_path)
    more = rss(outlet.base, *PLAIN, ("/3", "Five cakes"))
    outlet.pages[FEED] = Reply(body=more.body, headers=tag)
    crawl(tmp_path)
    assert state_of(tmp_path).unchanged == 1, "so far it is believed"
    change(tmp_path, unchanged=BELIEVED_TIMES)
    assert '"event":"source_lies"' in crawl(tmp_path)
    crawl(tmp_path)
    assert "If-None-Match" not in outlet.headers_of(FEED)[-1]


def test_a_source_over_which_workers_die_is_shown_as_failing(
    outlet: OutletServer, tmp_path: Path
) -> None:
    crawl(tmp_path)
    with memory(tmp_path) as (redis, name):
        redis.hset(name, "stuck", 4)
    assert health(tmp_path) == (
        "failing",
        "its lease ran out 4 times: workers die or hang over it",
    )
    crawl(tmp_path)
    assert health(tmp_path) == ("working", "")


def test_a_feed_is_left_alone_while_its_answer_holds(outlet: OutletServer, tmp_path: Path) -> None:
    reply = outlet.pages[FEED]
    outlet.pages[FEED] = Reply(body=reply.body, headers={"Cache-Control": "max-age=2700"})
    crawl(tmp_path)
    assert state_of(tmp_path).rhythm.due_in_s == 2700
