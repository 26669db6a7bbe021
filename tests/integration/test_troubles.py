"""A Redis or a disk in trouble in mid-crawl: work waits, says so once, and goes on by itself."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from crawler.app.press.server import Press
from crawler.storage import embedded
from tests.integration.crawls import journal_of, press_with_catalogue, started, tumen, urls_of
from tests.integration.outlet_server import Reply, article, outlet_server, rss
from tests.integration.test_embedded_redis import server_of

LIMIT_S = 90.0


def until(is_so: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + LIMIT_S
    while not is_so():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@dataclass(slots=True)
class Trial:
    """A server Redis of the test's own, the sample press, and a data folder."""

    press: Press
    catalogue: Path
    data: Path
    home: Path
    held: embedded.Hold

    @property
    def wanted(self) -> list[str]:
        return sorted(article.url for article in self.press.expect() if article.kept)

    @contextmanager
    def admin(self) -> Iterator[Any]:
        with Redis.from_url(self.held.url, decode_responses=True) as client:
            yield client

    @contextmanager
    def crawling(self) -> Iterator[subprocess.Popen[str]]:
        """A crawl that has asked for some pages."""
        options = ("--outlets", str(self.catalogue), "--data", str(self.data))
        with started("crawl", *options, "--redis", self.held.url, TUMEN_LEASE="5s") as crawl:
            assert until(lambda: len(self.press.visits) > 12)
            yield crawl


@pytest.fixture
def trial(tmp_path: Path) -> Iterator[Trial]:
    home = tmp_path / "server"
    with (
        embedded.hold(home) as held,
        press_with_catalogue(tmp_path, latency_s=0.05) as (press, catalogue),
    ):
        yield Trial(press, catalogue, tmp_path / "data", home.resolve(), held)


def refuse_writes(trial: Trial) -> None:
    with trial.admin() as client:
        client.replicaof("127.0.0.1", 1)


def take_writes(trial: Trial) -> None:
    with trial.admin() as client:
        client.replicaof("NO", "ONE")


def fill_memory(trial: Trial) -> None:
    with trial.admin() as client:
        client.config_set("maxmemory", "1mb")


def free_memory(trial: Trial) -> None:
    with trial.admin() as client:
        client.config_set("maxmemory", "0")


def pause(trial: Trial) -> None:
    with trial.admin() as client:
        client.client_pause(11_000)


def kill(trial: Trial) -> None:
    os.kill(server_of(trial.home), signal.SIGKILL)


def start(trial: Trial) -> None:
    embedded.ensure(trial.held)


def nothing(_trial: Trial) -> None:
    """It passes by itself."""


@pytest.mark.parametrize(
    ("trouble", "end"),
    [
        pytest.param(refuse_writes, take_writes, id="READONLY, as after a failover"),
        pytest.param(fill_memory, free_memory, id="out of memory"),
        pytest.param(pause, nothing, id="no answer for eleven seconds"),
        pytest.param(kill, start, id="killed and started again"),
    ],
)
def test_a_redis_in_trouble_is_waited_for_and_told_once(
    trial: Trial, trouble: Callable[[Trial], None], end: Callable[[Trial], None]
) -> None:
    with trial.crawling() as crawl:
        trouble(trial)
        # No answer of the press after its pages in flight: the worker waits.
        seen = [0]

        def is_quiet() -> bool:
            before, seen[0] = seen[0], len(trial.press.visits)
            time.sleep(0.5)
            return before == len(trial.press.visits)

        assert until(is_quiet)
        end(trial)
        _out, shown = crawl.communicate(timeout=LIMIT_S)
    assert urls_of(trial.data) == trial.wanted, shown
    told = (shown.count("does not serve"), shown.count("serves again"))
    assert told == (1, 1), shown
    assert tumen("store", "verify", "--data", str(trial.data)).code == 0


def test_a_crawl_whose_redis_was_wiped_begins_another_pass(trial: Trial) -> None:
    with trial.crawling() as crawl:
        assert until(lambda: len(urls_of(trial.data)) > 1)
        with trial.admin() as client:
            client.flushall()
        _out, shown = crawl.communicate(timeout=LIMIT_S)
    assert "Redis knew nothing of this store" in shown
    assert urls_of(trial.data) == trial.wanted, shown


def test_a_redis_that_evicts_is_refused_with_the_reason(trial: Trial) -> None:
    with trial.admin() as client:
        client.config_set("maxmemory-policy", "allkeys-lru")
    options = ("--outlets", str(trial.catalogue), "--data", str(trial.data))
    shown = tumen("crawl", *options, "--redis", trial.held.url)
    assert (shown.code, "maxmemory-policy allkeys-lru" in shown.err) == (4, True)


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="limits of a process: Linux only")
def test_a_disk_without_room_is_waited_for_told_once_and_used_again(trial: Trial) -> None:
    with trial.crawling() as crawl:
        resource.prlimit(crawl.pid, resource.RLIMIT_FSIZE, (3000, resource.RLIM_INFINITY))
        lines: list[str] = []
        assert crawl.stderr is not None
        for line in crawl.stderr:
            lines.append(line)
            if "make room on its disk" in line:
                break
        resource.prlimit(crawl.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        _out, shown = crawl.communicate(timeout=LIMIT_S)
    shown = "".join(lines) + shown
    assert urls_of(trial.data) == trial.wanted, shown
    assert shown.count("make room") == 1, shown
    assert shown.count("the disk takes lines again") == 1
    left = {line["url"] for line in journal_of(trial.data)}
    assert left & set(trial.wanted) == set()
    assert tumen("store", "verify", "--data", str(trial.data)).code == 0


HANGS = b"<?xml version='1.0'?><rss version='2.0'><channel>" + b"<title><b>" * 700_000


@pytest.mark.parametrize("signals", [1, 2])
def test_a_worker_ends_in_time_whatever_its_outlets_do(tmp_path: Path, signals: int) -> None:
    """One outlet never answers, another gives what takes a reader for ever."""
    with outlet_server() as slow, outlet_server() as hostile:
        slow.pages["/robots.txt"] = Reply(status=404)
        slow.pages["/feed.xml"] = Reply(after_s=40.0)
        hostile.pages["/feed.xml"] = Reply(body=HANGS, headers={"Content-Type": "text/xml"})
        catalogue = tmp_path / "outlets.toml"
        catalogue.write_text(slow.card("slow") + hostile.card("hostile"), encoding="utf-8")
        options = ("--outlets", str(catalogue), "--data", str(tmp_path / "data"))
        with started("watch", *options) as watch:
            assert until(lambda: "/feed.xml" in slow.asked and "/feed.xml" in hostile.asked)
            began = time.monotonic()
            for _ in range(signals):
                watch.terminate()
                time.sleep(0.5)
            watch.wait(timeout=60)
            took_s = time.monotonic() - began
        assert took_s < (30 if signals == 1 else 5)
        # What was in hand was given back or runs out: nothing of it is lost.
        shown = tumen("status", "--json", *options)
        assert '"leased": 0' in shown.out or signals == 2


def test_what_is_given_back_is_done_by_the_next_worker_at_once(tmp_path: Path) -> None:
    with outlet_server() as outlet:
        title = "Russia and North Korea open a freight office"
        outlet.pages = {
            "/feed.xml": rss(outlet.base, ("/1", title)),
            "/1": [Reply(after_s=25.0), article(title, title * 3, title * 3)],
        }
        catalogue = tmp_path / "outlets.toml"
        catalogue.write_text(outlet.card(), encoding="utf-8")
        options = ("--outlets", str(catalogue), "--data", str(tmp_path / "data"))
        with started("crawl", *options) as crawl:
            assert until(lambda: "/1" in outlet.asked)
            crawl.terminate()
            crawl.wait(timeout=30)
        began = time.monotonic()
        tumen("crawl", *options)
        assert time.monotonic() - began < 30, "a lease of a minute would have held it"
        assert outlet.asked.count("/1") == 2
