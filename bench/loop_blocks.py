"""How long the event loop of a worker is held up at a time while it crawls as fast as it can.

    python -m bench.loop_blocks [--pages 2500]

`tumen crawl` on the pages of `bench.throughput`, with a selector that notes how long the loop was
away from it: by the clock, and by the thread's CPU time, which leaves out what other programs on
the machine took. Start and end of the crawl are left out (the first and the last twentieth).
"""

from __future__ import annotations

import argparse
import atexit
import json
import os
import platform
import selectors
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from bench.crawl_runs import surroundings, write_catalogue
from bench.sites import measured, serving

RESULTS = Path(__file__).parent / "results" / "loop_blocks.json"
HOSTS = 100


class TimedSelector(selectors.DefaultSelector):  # type: ignore[valid-type,misc]
    """Notes how long its loop was busy between two looks at it."""

    busy: ClassVar[list[tuple[float, float]]] = []
    _since = (0.0, 0.0)

    def select(self, timeout: float | None = None) -> Any:
        now = (time.perf_counter(), time.thread_time())
        if self._since[0]:
            self.busy.append((now[0] - self._since[0], now[1] - self._since[1]))
        ready = super().select(timeout)
        self._since = (time.perf_counter(), time.thread_time())
        return ready


def run_inside(result: Path, arguments: list[str]) -> None:
    """Run the command line with the selector in place, and write what it noted."""
    selectors.DefaultSelector = TimedSelector  # type: ignore[misc,assignment]
    atexit.register(lambda: result.write_text(json.dumps(TimedSelector.busy), encoding="utf-8"))
    from crawler.app.cli import main as tumen

    sys.argv = ["tumen", *arguments]
    tumen()


def quantiles(milliseconds: list[float]) -> dict[str, float]:
    """The middle and the end of a distribution."""
    ordered = sorted(milliseconds)
    at = {"median": 0.5, "p99": 0.99, "p99.9": 0.999}
    told = {name: round(ordered[int(share * len(ordered))], 2) for name, share in at.items()}
    return told | {"longest": round(ordered[-1], 2)}


def main() -> None:
    """Measure, print, write the JSON."""
    if sys.argv[1:2] == ["--inside"]:
        run_inside(Path(sys.argv[2]), sys.argv[3:])
        return
    parser = argparse.ArgumentParser(prog="python -m bench.loop_blocks", description=__doc__)
    parser.add_argument("--pages", type=int, default=2500)
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    with (
        serving(HOSTS, options.pages // HOSTS) as sites,
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name,
    ):
        folder = Path(name)
        inside = [sys.executable, "-m", "bench.loop_blocks", "--inside", str(folder / "busy")]
        crawl = ["crawl", "--outlets", str(write_catalogue(sites, folder))]
        measured([*inside, *crawl, "--data", str(folder / "data")], folder, env=surroundings())
        turns = json.loads((folder / "busy").read_text(encoding="utf-8"))
    edge = len(turns) // 20
    turns = turns[edge:-edge]
    figures = {
        "turns": len(turns),
        "clock_ms": quantiles([clock * 1000 for clock, _ in turns]),
        "cpu_ms": quantiles([cpu * 1000 for _, cpu in turns]),
    }
    for name, value in figures.items():
        print(f"{name:10}{value}")
    told = {
        "measured_at": datetime.now(UTC).strftime("%Y-%m-%d"),
        "machine": {"cores": os.cpu_count(), "system": platform.platform()},
        "pages": options.pages,
        **figures,
    }
    options.out.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
