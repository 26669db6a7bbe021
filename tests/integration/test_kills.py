"""kill -9 in mid-crawl: afterwards the store equals that of an undisturbed crawl."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from crawler.app.press.server import Press
from tests.integration import kill_trials
from tests.integration.crawls import press_with_catalogue, started, tumen, urls_of

KILLS = 16
DEADLINE_S = 60


def processes_of(data: Path) -> list[int]:
    """Every process that names the data folder on its command line."""
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            line = (folder / "cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if str(data) in line:
            found.append(int(folder.name))
    return found


def wait_for_visits(press: Press, wanted: int) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while len(press.visits) < wanted and time.monotonic() < deadline:
        time.sleep(0.005)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes in /proc")
def test_kills_at_every_point_lose_nothing_and_store_nothing_twice(tmp_path: Path) -> None:
    """A part of what `make kills` does: 200 of them."""
    tally = kill_trials.run(KILLS, seed=7, folder=tmp_path)
    assert tally.kills.total() >= KILLS


def test_a_killed_crawl_leaves_no_process_behind(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with press_with_catalogue(tmp_path, latency_s=0.05) as (press, catalogue):
        with started("crawl", "--outlets", str(catalogue), "--data", str(data)) as crawl:
            wait_for_visits(press, 5)
            os.kill(crawl.pid, signal.SIGKILL)
            crawl.wait(timeout=10)
        deadline = time.monotonic() + 20
        while processes_of(data) and time.monotonic() < deadline:
            time.sleep(0.05)
    assert processes_of(data) == []


def test_sigterm_drains_and_gives_back_what_is_not_finished(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with press_with_catalogue(tmp_path, latency_s=0.05) as (press, catalogue):
        options = ["crawl", "--outlets", str(catalogue), "--data", str(data)]
        with started(*options) as crawl:
            wait_for_visits(press, 8)
            began = time.monotonic()
            crawl.terminate()
            crawl.wait(timeout=30)
            assert time.monotonic() - began < 30
        # Nothing is held by a lease of 60 s: what was in hand is claimed again at once.
        began = time.monotonic()
        tumen(*options)
        assert time.monotonic() - began < 45
        wanted = sorted(article.url for article in press.expect() if article.kept)
    assert urls_of(data) == wanted
