"""Kills at every named point and at random, until the crawl is done: the store equals a calm one's.

    python -m tests.integration.kill_trials --kills 200 [--seed 1]

A trial crawls the sample press with one worker or four over and over; in every round one or more
of them die at a point, or are paused past their lease, or their server is killed. When nothing is
left to do, a last crawl without faults ends the trial, and the store is compared.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from crawler.app.press.server import Press
from tests.integration.crawls import (
    environment,
    journal_of,
    lines_of,
    press_with_catalogue,
    tumen,
    urls_of,
)
from tests.integration.faulty import MANNERS, POINTS

LEASE_S = 2.0
ROUND_LIMIT_S = 60.0
ROUNDS_MOST = 14
FINISH_LIMIT_S = 600.0


@dataclass(slots=True)
class Tally:
    """What was done over all trials."""

    kills: Counter[str] = field(default_factory=Counter)
    manners: Counter[str] = field(default_factory=Counter)
    trials: int = 0
    records: int = 0

    def note(self, point: str, manner: str) -> None:
        self.kills[point] += 1
        self.manners[manner] += 1


@dataclass(slots=True)
class Calm:
    """What an undisturbed crawl of the press leaves."""

    urls: list[str]
    left_out: set[str]
    dead: set[str]


class Worker:
    """One crawl that runs until its fault, in a process group of its own."""

    def __init__(self, options: tuple[str, ...], fault: str | None, note: Path) -> None:
        module = "tests.integration.faulty" if fault else "crawler"
        named = {"FAULT": fault, "FAULT_NOTE": str(note)} if fault else {}
        self.point, self.manner = (fault or "").partition(":")[0], (fault or "").rpartition(":")[2]
        self.note = note
        self.child = subprocess.Popen(
            [sys.executable, "-m", module, "crawl", *options],
            env=environment(TUMEN_LEASE=f"{LEASE_S}s", TUMEN_PARSERS="1", **named),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait(timeout=10)


def run(kills: int, seed: int, folder: Path) -> Tally:
    """Make trials until there were so many kills; raises AssertionError when one tells."""
    chance, tally = random.Random(seed), Tally()
    with press_with_catalogue(folder, latency_s=0.02) as (press, catalogue):
        calm = _calm(folder / "calm", catalogue)
        while tally.kills.total() < kills:
            tally.trials += 1
            options = ("--outlets", str(catalogue), "--data", str(folder / f"{tally.trials}"))
            before = len(press.visits)
            _disturb(options, 4 if tally.trials % 2 == 0 else 1, chance, tally, kills)
            _compare(Path(options[-1]), calm, _finish(options))
            _be_polite(press, before)
            tally.records += len(calm.urls)
    return tally


def _calm(data: Path, catalogue: Path) -> Calm:
    tumen("crawl", "--outlets", str(catalogue), "--data", str(data))
    return Calm(
        urls=urls_of(data),
        left_out={line["url"] for line in journal_of(data)},
        dead=_dead(data),
    )


def _dead(data: Path) -> set[str]:
    return {
        row["url"] for row in lines_of(tumen("dead", "list", "--json", "--data", str(data)).out)
    }


def _disturb(
    options: tuple[str, ...], workers: int, chance: random.Random, tally: Tally, kills: int
) -> None:
    for _ in range(ROUNDS_MOST):
        if tally.kills.total() >= kills:
            return
        faults = [_fault(chance, tally)]
        while len(faults) < workers:
            faults.append(_fault(chance, tally) if chance.random() < 0.5 else None)
        notes = [Path(f"{options[-1]}.note-{number}") for number in range(workers)]
        for note in notes:
            note.unlink(missing_ok=True)
        running = [Worker(options, *row) for row in zip(faults, notes, strict=True)]
        try:
            is_done = _round(running, chance, tally)
        finally:
            for worker in running:
                worker.kill()
        if is_done:
            return


def _fault(chance: random.Random, tally: Tally) -> str:
    """A point that was struck seldom so far, in any manner, after its first few times."""
    fewest = min(tally.kills[point] for point in POINTS)
    point = chance.choice([point for point in POINTS if tally.kills[point] <= fewest + 1])
    return f"{point}:{chance.randint(1, 3)}:{chance.choice(MANNERS)}"


def _round(running: list[Worker], chance: random.Random, tally: Tally) -> bool:
    """Wait for every fault, or until somebody finds nothing left to do; then kill at random."""
    waiting = [worker for worker in running if worker.point]
    deadline = time.monotonic() + ROUND_LIMIT_S
    while waiting and time.monotonic() < deadline:
        for worker in list(waiting):
            if worker.note.exists():
                tally.note(worker.point, worker.manner)
                waiting.remove(worker)
                if worker.manner == "pause":
                    time.sleep(LEASE_S + 0.5)  # the pause is the fault: longer than the lease
                    worker.child.send_signal(signal.SIGCONT)
            elif worker.child.poll() is not None:
                return True
        time.sleep(0.01)
    # Whoever is left dies at random, a moment later; some of them have lost their server.
    time.sleep(chance.uniform(0.0, 0.5))
    for worker in running:
        if worker.child.poll() is None:
            worker.kill()
            tally.note("random", "group")
    return False


def _finish(options: tuple[str, ...]) -> str:
    """Crawl without faults until nothing is left: whose lease ran out often waits for minutes."""
    deadline = time.monotonic() + FINISH_LIMIT_S
    while True:
        shown = tumen("crawl", *options, TUMEN_LEASE=f"{LEASE_S}s", TUMEN_PARSERS="1").err
        if "could not be done within a minute" not in shown or time.monotonic() > deadline:
            return shown
        time.sleep(5)


def _compare(data: Path, calm: Calm, shown: str) -> None:
    assert urls_of(data) == calm.urls, shown
    visible = {line["url"] for line in journal_of(data)} | _dead(data)
    assert calm.left_out | calm.dead <= visible | set(calm.urls), shown
    verified = tumen("store", "verify", "--data", str(data))
    assert verified.code == 0, verified.out
    (status,) = lines_of(tumen("status", "--json", "--data", str(data)).out)
    assert (status["queue"]["waiting"], status["queue"]["leased"]) == (0, 0), status


def _be_polite(press: Press, before: int) -> None:
    by_outlet: dict[str, list[tuple[float, float, str]]] = {}
    for visit in press.visits[before:]:
        by_outlet.setdefault(visit.outlet, []).append((visit.started, visit.ended, visit.path))
    overlaps = [
        (outlet, first, second)
        for outlet, visits in by_outlet.items()
        for first, second in pairwise(sorted(visits))
        if second[0] < first[1]
    ]
    assert overlaps == []


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="kills-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def main() -> None:
    """Run the trials and print what was done."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = time.monotonic()
    with _folder() as folder:
        tally = run(options.kills, options.seed, folder)
    print(f"{tally.kills.total()} kills in {tally.trials} trials, {time.monotonic() - began:.0f} s")
    print("by point:  " + ", ".join(f"{name} {n}" for name, n in sorted(tally.kills.items())))
    print("by manner: " + ", ".join(f"{name} {n}" for name, n in sorted(tally.manners.items())))
    print(f"{tally.records} records expected, each stored once; the journal complete; polite")


if __name__ == "__main__":
    main()
