"""`tumen watch` as a service: works by itself, survives its Redis, stops when it is told to."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from redis import Redis

from crawler.storage import embedded
from tests.integration.crawls import press_with_catalogue, started, urls_of
from tests.integration.test_embedded_redis import server_of

LIMIT_S = 90.0


def until(is_so: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + LIMIT_S
    while not is_so():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_a_watch_keeps_what_is_relevant_and_ends_within_its_drain(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with press_with_catalogue(tmp_path) as (press, catalogue):
        wanted = sorted(article.url for article in press.expect() if article.kept)
        with started("watch", "--outlets", str(catalogue), "--data", str(data)) as watch:
            assert until(lambda: urls_of(data) == wanted), (wanted, urls_of(data))
            began = time.monotonic()
            watch.terminate()
            assert watch.wait(timeout=30) == 0
            assert time.monotonic() - began < 30


def test_a_watch_goes_on_when_its_redis_was_killed(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with press_with_catalogue(tmp_path, latency_s=0.05) as (press, catalogue):
        wanted = sorted(article.url for article in press.expect() if article.kept)
        with started(
            "watch", "--outlets", str(catalogue), "--data", str(data), TUMEN_LEASE="5s"
        ) as watch:
            assert until(lambda: len(press.visits) > 12)
            os.kill(server_of(data), signal.SIGKILL)
            assert until(lambda: urls_of(data) == wanted), (wanted, urls_of(data))
            assert embedded.answers(embedded.socket_path(data.resolve()))
            watch.terminate()
            assert watch.wait(timeout=30) == 0


def test_a_watch_whose_redis_was_wiped_stores_nothing_twice(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with press_with_catalogue(tmp_path) as (press, catalogue):
        wanted = sorted(article.url for article in press.expect() if article.kept)
        with started("watch", "--outlets", str(catalogue), "--data", str(data)) as watch:
            assert until(lambda: urls_of(data) == wanted), (wanted, urls_of(data))
            seen = len(press.visits)
            with Redis(unix_socket_path=str(embedded.socket_path(data.resolve()))) as client:
                client.flushall()
            # Every outlet is asked anew: its robots.txt and its source.
            assert until(lambda: len(press.visits) >= seen + 2 * len(press.ports))
            watch.terminate()
            assert watch.wait(timeout=30) == 0
    assert urls_of(data) == wanted
