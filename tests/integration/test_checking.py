"""`tumen outlets check` and `ack`: sources polled now, proofs that last, alarms that are known."""

from __future__ import annotations

import shutil
import signal
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from crawler.storage.connection import PREFIX
from tests.integration.crawls import Outcome, lines_of, started, tumen, urls_of
from tests.integration.one_source import ago, opened, where
from tests.integration.outlet_server import (
    ABOUT_BOTH,
    OutletServer,
    Reply,
    article,
    outlet_server,
    rss,
)

TITLE = "Russia and North Korea open a freight office"
LIMIT_S = 60.0


@pytest.fixture
def outlet(tmp_path: Path) -> Iterator[OutletServer]:
    """An outlet with a feed that is sure and one that is doubtful."""
    with outlet_server() as served:
        served.pages = {
            "/feed.xml": rss(served.base, ("/office", TITLE)),
            "/maybe.xml": rss(served.base, ("/soups", "Seven soups")),
            "/office": article(TITLE, *ABOUT_BOTH),
        }
        feeds = (
            f'["{served.base}/feed.xml", {{ url = "{served.base}/maybe.xml", confidence = "low" }}]'
        )
        write_card(tmp_path, served.card(feeds=feeds))
        yield served


def write_card(folder: Path, card: str) -> None:
    (folder / "outlets.toml").write_text(card, encoding="utf-8")


def check(folder: Path, *args: str) -> Outcome:
    return tumen("outlets", "check", *args, *where(folder))


def shown(folder: Path, *args: str) -> dict[str, dict[str, Any]]:
    """What a check says of each source, by the name of its feed."""
    rows = lines_of(check(folder, "--json", *args).out)
    return {row["url"].rpartition("/")[2]: row for row in rows}


def test_a_check_polls_every_source_now_and_shows_the_table(
    outlet: OutletServer, tmp_path: Path
) -> None:
    checked = check(tmp_path)
    assert checked.code == 0, checked.err
    header, *rows = checked.out.splitlines()
    assert header.split() == ["source", "health", "since", "why"]
    assert [row.split()[1] for row in rows] == ["working", "working"]
    assert max(map(len, checked.out.splitlines())) <= 80
    assert "2 working" in checked.err
    assert {"/feed.xml", "/maybe.xml"} <= set(outlet.asked)


def test_what_a_check_finds_waits_for_the_next_crawl(outlet: OutletServer, tmp_path: Path) -> None:
    check(tmp_path)
    assert "/office" not in outlet.asked
    assert urls_of(tmp_path / "data") == []
    tumen("crawl", *where(tmp_path))
    assert urls_of(tmp_path / "data") == [f"{outlet.base}/office"]


def test_a_check_can_be_of_one_source(outlet: OutletServer, tmp_path: Path) -> None:
    name = shown(tmp_path)["feed.xml"]["source"]
    outlet.asked.clear()
    assert list(shown(tmp_path, name)) == ["feed.xml"]
    assert outlet.asked == ["/feed.xml"]


def test_a_doubtful_source_that_answers_is_polled_from_then_on_whatever_redis_forgets(
    outlet: OutletServer, tmp_path: Path
) -> None:
    tumen("crawl", *where(tmp_path))
    assert "/maybe.xml" not in outlet.asked
    checked = check(tmp_path)
    assert "answers: it is polled from now on" in checked.err
    shutil.rmtree(tmp_path / "data" / "redis")
    outlet.asked.clear()
    tumen("crawl", *where(tmp_path))
    assert "/maybe.xml" in outlet.asked


def test_a_doubtful_source_that_does_not_answer_is_no_alarm_and_is_not_polled_again(
    outlet: OutletServer, tmp_path: Path
) -> None:
    del outlet.pages["/maybe.xml"]
    assert check(tmp_path).code == 0
    told = shown(tmp_path)["maybe.xml"]
    assert (told["health"], told["why"]) == ("unproven", "HTTP 404 (not found)")
    outlet.asked.clear()
    tumen("crawl", *where(tmp_path))
    assert "/maybe.xml" not in outlet.asked


def test_a_known_trouble_is_off_the_alarm_until_the_source_works_again(
    outlet: OutletServer, tmp_path: Path
) -> None:
    feed = outlet.pages["/feed.xml"]
    outlet.pages["/feed.xml"] = Reply(status=500)
    assert check(tmp_path).code == 1
    known = tumen("outlets", "ack", "sample", "--json", *where(tmp_path))
    (told,) = lines_of(known.out)
    assert (known.code, told["health"], told["until"]) == (0, "failing", None)
    assert check(tmp_path).code == 0, "it still fails, and that is known"
    assert tumen("status", *where(tmp_path)).code == 0
    assert shown(tmp_path)["feed.xml"]["acknowledged"] is True
    outlet.pages["/feed.xml"] = feed
    change_all(tmp_path, at=ago(seconds=5))
    assert check(tmp_path).code == 0
    outlet.pages["/feed.xml"] = Reply(status=500)
    assert check(tmp_path).code == 1, "it worked since: this is news"
    assert tumen("status", *where(tmp_path)).code == 1


def change_all(folder: Path, at: str) -> None:
    """Let what was noted have been noted at this time."""
    notes = folder / "data" / "sources.jsonl"
    lines = [line.split('"at":"') for line in notes.read_text(encoding="utf-8").splitlines()]
    notes.write_text(
        "".join(f'{head}"at":"{at}{tail[20:]}\n' for head, tail in lines), encoding="utf-8"
    )


def test_an_acknowledgement_can_be_listed_ended_and_has_a_date(
    outlet: OutletServer, tmp_path: Path
) -> None:
    outlet.pages["/feed.xml"] = Reply(status=500)
    check(tmp_path)
    assert tumen("outlets", "ack", "sample", "--until", "2020-01-01", *where(tmp_path)).code == 2
    tumen("outlets", "ack", "sample", "--until", "2999-01-01", *where(tmp_path))
    (told,) = lines_of(tumen("outlets", "ack", "--json", *where(tmp_path)).out)
    assert told["until"] == "2999-01-01T00:00:00Z"
    assert tumen("status", *where(tmp_path)).code == 0
    tumen("outlets", "ack", "sample", "--end", *where(tmp_path))
    assert tumen("status", *where(tmp_path)).code == 1
    assert tumen("outlets", "ack", *where(tmp_path)).err == "nothing is acknowledged\n"


def test_what_works_cannot_be_acknowledged(outlet: OutletServer, tmp_path: Path) -> None:
    check(tmp_path)
    refused = tumen("outlets", "ack", "sample", *where(tmp_path))
    assert (refused.code, refused.err) == (1, "there is no trouble of sample to acknowledge\n")


def test_a_check_beside_a_watch_is_polite_and_what_it_proves_is_watched(
    outlet: OutletServer, tmp_path: Path
) -> None:
    pause = {"TUMEN_HOST_DELAY": "300ms"}
    with started("watch", *where(tmp_path), **pause) as watch:
        deadline = time.monotonic() + LIMIT_S
        while "/feed.xml" not in outlet.asked and time.monotonic() < deadline:
            time.sleep(0.05)
        for _ in range(2):
            assert tumen("outlets", "check", *where(tmp_path), **pause).code == 0
        with opened(tmp_path) as redis:
            sources = redis.smembers(f"{PREFIX}sources")
            assert len(sources) == 2
            assert all(redis.zscore(f"{PREFIX}later", name) for name in sources)
        watch.send_signal(signal.SIGTERM)
        assert watch.wait(timeout=40) == 0
    visits = sorted(outlet.visits, key=lambda visit: visit.began)
    assert min(after.began - before.ended for before, after in pairwise(visits)) >= 0.295


def test_an_outlet_that_is_off_is_asked_when_it_is_named_and_not_polled_on(
    outlet: OutletServer, tmp_path: Path
) -> None:
    write_card(tmp_path, outlet.card(enabled="false"))
    assert shown(tmp_path, "sample")["feed.xml"]["health"] == "working"
    with opened(tmp_path) as redis:
        assert redis.zrange(f"{PREFIX}later", 0, -1) == []
