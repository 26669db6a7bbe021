"""The monitor of a watch: what it counts, what it says of its health, and what it never tells."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from crawler.app.press.server import Press
from crawler.events import EVENTS
from crawler.storage import embedded
from tests.integration.crawls import lines_of, press_with_catalogue, started, tumen, urls_of
from tests.integration.scraping import fetch, free_port, scrape, value_of

ROOT = Path(__file__).resolve().parents[2]
LIMIT_S = 90.0
ROW = re.compile(r"\| `(tumen_\w+)` \| (.*?) \| (.+?) \|")


def until(is_so: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + LIMIT_S
    while not is_so():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@dataclass(frozen=True, slots=True)
class Watch:
    child: subprocess.Popen[str]
    press: Press
    data: Path
    port: int

    def has_kept_all(self) -> bool:
        wanted = sorted(article.url for article in self.press.expect() if article.kept)
        return urls_of(self.data) == wanted


@contextmanager
def watching(folder: Path, **settings: str) -> Iterator[Watch]:
    """A watch of the sample press with its monitor on a port of loopback."""
    data, port = folder / "data", free_port()
    with (
        press_with_catalogue(folder) as (press, catalogue),
        started(
            "watch",
            *("--outlets", str(catalogue), "--data", str(data)),
            TUMEN_METRICS=str(port),
            **settings,
        ) as child,
    ):
        yield Watch(child, press, data, port)


@pytest.fixture(scope="module")
def watch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watch]:
    """A watch that has read the whole press, for all who only look."""
    with watching(tmp_path_factory.mktemp("watch")) as running:
        assert until(running.has_kept_all)
        yield running


@pytest.fixture
def page(watch: Watch) -> str:
    """/metrics of that watch."""
    return fetch(watch.port, "/metrics")[1]


def test_a_prometheus_reads_every_family_with_its_help(page: str) -> None:
    families = list(text_string_to_metric_families(page))
    assert [family.name for family in families if not family.documentation] == []
    names = [family.name for family in families]
    assert len(names) == len(set(names))


def test_the_operators_page_names_every_metric_with_its_labels(page: str) -> None:
    told: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(page):
        if family.name.startswith("tumen_"):
            name = family.name + {"counter": "_total", "info": "_info"}.get(family.type, "")
            labels = {label for sample in family.samples for label in sample.labels}
            told[name] = labels - {"le"}
    documented = {
        name: set(re.findall(r"`(\w+)`", labels))
        for name, labels, _meaning in ROW.findall((ROOT / "docs/operating.md").read_text("utf-8"))
    }
    # Counters without an event yet have no sample to read labels from.
    assert sorted(documented) == sorted(told)
    assert {name: labels for name, labels in told.items() if not labels <= documented[name]} == {}


def test_names_follow_the_conventions(page: str) -> None:
    units = ("_total", "_seconds", "_bytes", "_info", "_items", "_age_seconds")
    counts = ("tumen_redis_up", "tumen_store_writable", "tumen_hosts_resting", "tumen_sources")
    counts += ("tumen_source_health", "tumen_source_consecutive_failures")
    for family in text_string_to_metric_families(page):
        name = family.name + {"counter": "_total", "info": "_info"}.get(family.type, "")
        if name.startswith("tumen_"):
            assert name.endswith(units) or name in counts, name


def test_no_label_holds_an_address_or_words_of_a_stranger(page: str) -> None:
    values = {
        value
        for family in text_string_to_metric_families(page)
        if family.name.startswith("tumen_")
        for sample in family.samples
        for label, value in sample.labels.items()
        if label not in ("version", "python", "le")
    }
    assert {value for value in values if not re.fullmatch(r"[a-z0-9_/-]*", value)} == set()
    assert {value for value in values if "127-0" in value or "http" in value} == set()


def test_what_is_counted_is_what_happened(watch: Watch) -> None:
    seen, samples = watch.press.visits, scrape(watch.port)
    assert value_of(samples, "tumen_fetches_total") == len(seen)
    moved = [visit for visit in seen if visit.status in (301, 302)]
    assert value_of(samples, "tumen_fetches_total", result="moved") == len(moved)
    assert value_of(samples, "tumen_records_written_total") == len(urls_of(watch.data))
    assert value_of(samples, "tumen_fetch_duration_seconds_count") == len(seen)
    assert value_of(samples, "tumen_blocked_requests_total", reason="robots") == 1
    assert value_of(samples, "tumen_duplicates_total", kind="text") >= 1
    assert value_of(samples, "tumen_sources") == len(watch.press.ports)
    assert value_of(samples, "tumen_redis_up") == value_of(samples, "tumen_store_writable") == 1
    held = sum(path.stat().st_size for path in (watch.data / "articles").iterdir())
    assert value_of(samples, "tumen_store_bytes", part="articles") == held
    newest = value_of(samples, "tumen_store_last_record_timestamp_seconds")
    assert abs(time.time() - newest) < 10 * LIMIT_S


def test_a_worker_is_alive_and_not_ready_while_its_redis_is_away(tmp_path: Path) -> None:
    with embedded.hold(tmp_path / "server") as held:
        server = held.url
        with watching(tmp_path, TUMEN_REDIS_URL=server) as watch:
            assert until(lambda: fetch(watch.port, "/readyz")[0] == 200)
            held.close()  # its last user but the watch, which is no user of this folder
            assert until(lambda: fetch(watch.port, "/readyz")[0] == 503)
            assert "does not serve" in fetch(watch.port, "/readyz")[1]
            assert fetch(watch.port, "/livez") == (200, "alive\n")
            samples = scrape(watch.port)
            assert value_of(samples, "tumen_redis_up") == 0
            assert "tumen_queue_items" not in {sample.name for sample in samples}
            with embedded.hold(tmp_path / "server"):
                assert until(lambda: fetch(watch.port, "/readyz")[0] == 200)
                watch.child.terminate()
                assert watch.child.wait(timeout=30) == 0


def test_every_line_of_a_watch_is_an_event_and_the_last_one_counts(tmp_path: Path) -> None:
    with watching(tmp_path) as watch:
        assert until(watch.has_kept_all)
        watch.child.terminate()
        _out, err = watch.child.communicate(timeout=30)
        stored = len(urls_of(watch.data))
    told = lines_of(err)
    assert {line["event"] for line in told} <= set(EVENTS)
    assert {line["level"] for line in told} <= {"info", "warning"}
    assert (told[0]["event"], told[-1]["event"]) == ("watching", "stopped")
    assert told[-1]["kept"] == stored


def test_a_port_that_is_taken_stops_the_start_with_words(watch: Watch, tmp_path: Path) -> None:
    done = tumen("watch", "--data", str(tmp_path), TUMEN_METRICS=str(watch.port))
    assert done.code == 2
    assert f"TUMEN_METRICS=127.0.0.1:{watch.port}: nothing can be served there" in done.err


@pytest.mark.parametrize("is_asked", [pytest.param(True, id="port"), pytest.param(False, id="own")])
def test_the_healthcheck_follows_the_worker(watch: Watch, is_asked: bool) -> None:
    port = {"TUMEN_METRICS": str(watch.port)} if is_asked else {}
    done = tumen("healthcheck", "--data", str(watch.data), **port)
    assert (done.code, done.err) == (0, "healthy\n")


def test_a_worker_that_hangs_is_found_out(watch: Watch) -> None:
    os.kill(watch.child.pid, signal.SIGSTOP)
    try:
        where = f"0.0.0.0:{watch.port}"
        done = tumen("healthcheck", "--data", str(watch.data), TUMEN_METRICS=where)
    finally:
        os.kill(watch.child.pid, signal.SIGCONT)
    assert done.code == 1
    assert "does not answer" in done.err


@pytest.mark.parametrize(
    ("breaks", "code", "words"),
    [
        pytest.param("redis", 4, "does not serve", id="Redis away"),
        pytest.param("disk", 1, "takes no bytes", id="disk"),
    ],
)
def test_the_healthcheck_says_what_is_wrong(
    tmp_path: Path, redis_url: str, breaks: str, code: int, words: str
) -> None:
    data = tmp_path / "data"
    if breaks == "disk":
        data.write_text("no folder")
    url = f"unix://{tmp_path}/none.sock" if breaks == "redis" else redis_url
    done = tumen("healthcheck", "--data", str(data), TUMEN_REDIS_URL=url)
    assert done.code == code
    assert words in done.err


def test_the_healthcheck_needs_nothing_heavy() -> None:
    """It runs every half minute, for months."""
    names = "import json, sys; import crawler.app.health; print(json.dumps(sorted(sys.modules)))"
    loaded = json.loads(subprocess.check_output([sys.executable, "-c", names], text=True))
    heavy = {"scrapy", "twisted", "trafilatura", "numpy", "prometheus_client"}
    assert heavy & set(loaded) == set()
