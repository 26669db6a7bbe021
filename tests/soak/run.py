"""Two hours of a watch in a quarter of an hour: three workers, six outlets, a fault every minute.

    python -m tests.soak.run [--minutes 15] [--factor 8]

Time is hurried in the soak's own Redis: whatever is for later becomes due so many times sooner.
What Prometheus would have scraped is put on the same hurried clock, so that alert rules see two
hours. At the end: nothing lost, nothing twice, polite, memory and files flat, and every alert that
fired was that of the fault of its minute.
"""

from __future__ import annotations

import argparse
import signal
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from prometheus_client.samples import Sample

from tests.integration.crawls import journal_of, lines_of, records_of, tumen
from tests.integration.scraping import samples_in
from tests.promql import Scrapes, read_rules
from tests.soak import stream
from tests.soak.crew import LEASE, Server, Worker, redis_server, small_disk
from tests.soak.stream import Outlet

RULES = read_rules(Path(__file__).resolve().parents[2] / "deploy" / "alerts.yml")
NAMES = ["alder-post", "birch-wire", "cedar-daily", "dune-herald", "elm-review", "fjord-times"]
PERIOD_S = 12.0
SCRAPE_S = 5.0
DISK_MB = 400
END_LIMIT_S = 240.0
# On the hurried clock these last longer than the `for` of their alerts.
LONG_FAULT_S = 50.0
REDIS_FAULT_S = 25.0


@dataclass(slots=True)
class Soak:
    """The whole of it while it runs."""

    minutes: int
    factor: float
    data: Path
    outlets: list[Outlet]
    workers: list[Worker]
    server: Server
    has_disk: bool
    began: float = field(default_factory=time.time)
    scrapes: Scrapes = field(default_factory=Scrapes)
    memory: dict[str, list[float]] = field(default_factory=dict)
    files: dict[str, list[int]] = field(default_factory=dict)
    redis_mb: list[float] = field(default_factory=list)
    fired: dict[str, set[int]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    drains_s: list[float] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)

    def hurried(self, at: float) -> float:
        """A moment on the clock that runs so many times faster."""
        return self.began + (at - self.began) * self.factor

    @property
    def minute(self) -> int:
        """Which minute of the real time this is."""
        return int((time.time() - self.began) / 60)

    def hurry_on(self) -> None:
        """Move time, second by second."""
        while not self.is_over.wait(1.0):
            self.server.hurry(int(1000 * (self.factor - 1)))

    def scrape_on(self) -> None:
        """Scrape every worker now and then, measure it, and evaluate the rules."""
        times: list[float] = []
        while not self.is_over.wait(SCRAPE_S):
            at = self.hurried(time.time())
            for nth, worker in enumerate(self.workers):
                self._scrape(f"w{nth}", worker, at)
            memory = self.server.ask("INFO", "memory")
            if isinstance(memory, dict):
                self.redis_mb.append(int(memory["used_memory"]) / 1e6)
            times.append(at)
            for name in self.scrapes.firing(RULES, times[-120:]):
                self.fired.setdefault(name, set()).add(self.minute)

    def _scrape(self, name: str, worker: Worker, at: float) -> None:
        page = worker.page() if worker.is_running else None
        labels = {"job": "tumen", "instance": name}
        samples = [Sample("up", labels, 0.0 if page is None else 1.0)]
        if page is not None:
            told = (sample for sample in samples_in(page) if sample.name.startswith("tumen_"))
            samples += [self._on_the_hurried_clock(sample, name) for sample in told]
            self.memory.setdefault(name, []).append(worker.memory_mb())
            self.files.setdefault(name, []).append(worker.files())
        self.scrapes.add(at, samples)

    def _on_the_hurried_clock(self, sample: Sample, instance: str) -> Sample:
        value = sample.value
        if sample.name.endswith("_timestamp_seconds"):
            value = self.hurried(value)
        elif sample.name.endswith("_age_seconds"):
            value *= self.factor
        return Sample(sample.name, {**sample.labels, "instance": instance}, value)

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        time.sleep(seconds)


def kill_worker(soak: Soak) -> None:
    """kill -9 of a worker and its children; started again at once."""
    soak.workers[0].kill()
    soak.workers[0].start()


def pause_worker(soak: Soak) -> None:
    """A worker that stands still for longer than its leases."""
    soak.workers[1].signal(signal.SIGSTOP)
    soak.sleep(12)
    soak.workers[1].signal(signal.SIGCONT)


def drain_worker(soak: Soak) -> None:
    """SIGTERM in the middle of work."""
    soak.drains_s.append(soak.workers[0].drain())
    soak.workers[0].start()


def stop_worker(soak: Soak) -> None:
    """A worker that is gone for some time."""
    soak.workers[0].kill()
    soak.sleep(LONG_FAULT_S)
    soak.workers[0].start()


def kill_redis(soak: Soak) -> None:
    """kill -9 of Redis; back after a second."""
    soak.server.kill()
    soak.sleep(1)
    soak.server.revive()


def freeze_redis(soak: Soak) -> None:
    """Redis takes no writes for some time, as a replica would not."""
    soak.server.ask("REPLICAOF", "127.0.0.1", "1")
    soak.sleep(REDIS_FAULT_S)
    soak.server.ask("REPLICAOF", "NO", "ONE")


def fill_redis(soak: Soak) -> None:
    """Redis has no memory left for a moment."""
    soak.server.ask("CONFIG", "SET", "maxmemory", "1")
    soak.sleep(4)
    soak.server.ask("CONFIG", "SET", "maxmemory", "0")


def break_outlet(soak: Soak) -> None:
    """An outlet that answers with errors."""
    soak.outlets[0].fault = "500"
    soak.sleep(15)
    soak.outlets[0].fault = ""


def hang_outlet(soak: Soak) -> None:
    """An outlet that takes requests and does not answer."""
    soak.outlets[1].fault = "hang"
    soak.sleep(25)
    soak.outlets[1].fault = ""


def riddle_outlet(soak: Soak) -> None:
    """An outlet announces a page that holds no article."""
    soak.outlets[2].has_riddle = True


def fill_disk(soak: Soak) -> None:
    """The disk of the store is full for some time."""
    if soak.has_disk:
        filler = soak.data.parent / "filler"
        with filler.open("wb") as held:
            try:
                while True:
                    held.write(bytes(1 << 20))
                    held.flush()
            except OSError:
                pass
        soak.sleep(REDIS_FAULT_S)
        filler.unlink()


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens in a minute, and the alert that it has to raise, if any."""

    act: Callable[[Soak], None]
    raises: str | None = None


FAULTS = (
    Fault(kill_worker),
    Fault(kill_redis),
    Fault(break_outlet),
    Fault(riddle_outlet, "TumenDeadLetters"),
    Fault(pause_worker),
    Fault(freeze_redis, "TumenRedisDown"),
    Fault(drain_worker),
    Fault(stop_worker, "TumenWorkerDown"),
    Fault(hang_outlet),
    Fault(fill_redis),
    Fault(fill_disk, "TumenStoreNotWritable"),
    Fault(kill_redis),
    Fault(kill_worker),
)
# An alert may begin in the minute after that of its fault; dead letters stay.
LINGERS = {"TumenDeadLetters": 10_000}
LINGER_MINUTES = 1


def live_through(soak: Soak) -> None:
    """A fault every minute, but for the last two."""
    for minute in range(soak.minutes):
        if minute < soak.minutes - 2:
            fault = FAULTS[minute % len(FAULTS)]
            name = fault.act.__name__
            soak.faults.append(name)
            print(f"minute {minute}: {name.replace('_', ' ')}", flush=True)
            fault.act(soak)
        rest_s = soak.began + 60 * (minute + 1) - time.time()
        soak.sleep(max(0.0, rest_s))
    for outlet in soak.outlets:
        outlet.until = time.time()


def wanted(outlets: list[Outlet]) -> list[str]:
    """Addresses that must be stored."""
    return sorted(url for outlet in outlets for url in outlet.urls("kept", "moved", "edited"))


def left_out(outlets: list[Outlet]) -> set[str]:
    """Addresses that must stand in the journal."""
    return {url for outlet in outlets for url in outlet.urls("dropped", "gone")}


def until_done(soak: Soak) -> None:
    """Wait until everything that was announced is somewhere."""
    deadline = time.time() + END_LIMIT_S
    while time.time() < deadline:
        stored = {record["url"] for record in records_of(soak.data)}
        if stored >= set(wanted(soak.outlets)) and (
            {line["url"] for line in journal_of(soak.data)} >= left_out(soak.outlets)
        ):
            return
        time.sleep(2)
    missing = set(wanted(soak.outlets)) - {record["url"] for record in records_of(soak.data)}
    raise AssertionError(f"lost after {END_LIMIT_S:.0f} s: {sorted(missing)[:5]}")


def judge(soak: Soak) -> Iterator[str]:
    """What came of it, in figures; raises AssertionError for what is not as promised."""
    records = records_of(soak.data)
    first = sorted(record["url"] for record in records if record["revision"] == 1)
    assert first == wanted(soak.outlets)
    verified = tumen("store", "verify", "--data", str(soak.data))
    assert verified.code == 0, verified.out
    dead = lines_of(_ask(soak, "dead", "list", "--json"))
    assert [row["url"] for row in dead] == [f"{soak.outlets[2].base}/riddle"], dead
    yield (
        f"{len(first)} articles stored once each, {len(records) - len(first)} later revisions, "
        f"{len(left_out(soak.outlets))} left out in the journal, 1 dead letter"
    )
    yield f"polite: {polite(soak.outlets)} visits, one at a time to each outlet"
    yield from _flat(soak)
    yield f"drains: {', '.join(f'{took:.1f} s' for took in soak.drains_s)}"
    yield from _alerts(soak)


def polite(outlets: list[Outlet]) -> int:
    """No visit to an outlet began before the former had ended; how many there were."""
    for outlet in outlets:
        spans = sorted((visit.started, visit.ended) for visit in outlet.visits)
        overlaps = [pair for pair in pairwise(spans) if pair[1][0] < pair[0][1]]
        assert overlaps == [], (outlet.name, overlaps[:3])
    return sum(len(outlet.visits) for outlet in outlets)


def _flat(soak: Soak) -> Iterator[str]:
    """Memory and files of the worker that no fault strikes itself."""
    steady = "w2"
    thirds = [_thirds(soak.memory[steady]), _thirds([float(n) for n in soak.files[steady]])]
    (memory_before, memory_after), (files_before, files_after) = thirds
    assert memory_after <= 1.1 * memory_before + 30, thirds
    assert files_after <= files_before + 8, thirds
    yield f"memory of a worker with its parsers: {memory_before:.0f} MB, then {memory_after:.0f} MB"
    yield f"open files of a worker: {files_before:.0f}, then {files_after:.0f}"
    redis_before, redis_after = _thirds(soak.redis_mb)
    yield f"memory of Redis: {redis_before:.1f} MB, then {redis_after:.1f} MB"


def _thirds(values: list[float]) -> tuple[float, float]:
    third = len(values) // 3
    return statistics.median(values[third : 2 * third]), statistics.median(values[2 * third :])


def _alerts(soak: Soak) -> Iterator[str]:
    allowed: dict[str, set[int]] = {}
    for minute, name in enumerate(soak.faults):
        fault = next(fault for fault in FAULTS if fault.act.__name__ == name)
        if fault.raises is not None and (soak.has_disk or name != "fill_disk"):
            last = minute + LINGERS.get(fault.raises, LINGER_MINUTES)
            allowed.setdefault(fault.raises, set()).update(range(minute, last + 1))
    assert set(soak.fired) == set(allowed), (soak.fired, allowed)
    for name, minutes in soak.fired.items():
        assert minutes <= allowed[name], (name, minutes, allowed[name])
        yield f"{name} fired from minute {min(minutes)} on, by its fault"


def _ask(soak: Soak, *args: str) -> str:
    return tumen(*args, "--data", str(soak.data), "--redis", soak.server.hold.url).out


@contextmanager
def prepared(minutes: int, factor: float) -> Iterator[Soak]:
    """Outlets, Redis and workers, all running; everything is gone afterwards."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tumen-soak-")))
        disk = folder / "disk"
        has_disk = stack.enter_context(small_disk(disk, DISK_MB))
        outlets = stack.enter_context(stream.serving(NAMES, PERIOD_S))
        for outlet in outlets:
            outlet.edited_from = time.time() + 60 * minutes / 2
        cards = folder / "outlets.toml"
        cards.write_text(stream.catalogue(outlets), encoding="utf-8")
        server = stack.enter_context(redis_server(folder / "server"))
        settings = {
            "TUMEN_OUTLETS": str(cards),
            "TUMEN_REDIS_URL": server.hold.url,
            "TUMEN_HOST_DELAY": "200ms",
            "TUMEN_LEASE": LEASE,
            "TUMEN_PARSERS": "1",
        }
        data = disk / "data"
        workers = [Worker(data, folder / f"w{nth}.log", settings) for nth in range(3)]
        for worker in workers:
            worker.start()
            stack.callback(worker.kill)
        yield Soak(minutes, factor, data, outlets, workers, server, has_disk)


def run(minutes: int, factor: float) -> None:
    """Live through it and judge it."""
    with prepared(minutes, factor) as soak:
        threads = [
            threading.Thread(target=work, daemon=True) for work in (soak.hurry_on, soak.scrape_on)
        ]
        for thread in threads:
            thread.start()
        try:
            live_through(soak)
            until_done(soak)
        finally:
            soak.is_over.set()
            for thread in threads:
                thread.join(timeout=30)
        soak.drains_s += [worker.drain() for worker in soak.workers]
        hours = minutes * factor / 60
        print(f"{hours:.1f} hours of watching, {len(soak.faults)} faults, 3 workers, 6 outlets")
        for figure in judge(soak):
            print(figure, flush=True)


def main() -> None:
    """Run the soak."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=int, default=15, help="of real time")
    parser.add_argument("--factor", type=float, default=8.0, help="how much faster time goes")
    options = parser.parse_args()
    run(options.minutes, options.factor)


if __name__ == "__main__":
    main()
