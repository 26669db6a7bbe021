"""How soon `tumen` answers: its help, one page read, the first host that a crawl asks.

    python -m bench.startup [--rounds 7]

Each in turn, round after round, in new processes; the table shows medians, the least and the most.
Takes under a minute.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from bench.crawl_runs import CARD, surroundings
from bench.invented_pages import make_page

RESULTS = Path(__file__).parent / "results" / "startup.json"
WANTED_S = {"tumen --help": 0.25, "tumen extract FILE": 1.5, "tumen crawl, first host asked": 2.0}
TUMEN = (sys.executable, "-m", "crawler")


class FirstAsked(BaseHTTPRequestHandler):
    """Notes when the first request comes; nothing is here."""

    asked_at = 0.0

    def do_GET(self) -> None:
        FirstAsked.asked_at = FirstAsked.asked_at or time.monotonic()
        self.send_error(404)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is said."""


def time_help(_folder: Path) -> float:
    """Seconds until the help has been shown."""
    return _run(*TUMEN, "--help")


def time_extract(folder: Path) -> float:
    """Seconds until a page of real size has been read."""
    page = folder / "page.html"
    page.write_bytes(make_page(2, 2, "https://bench.example", 0.05).body)
    return _run(*TUMEN, "extract", str(page))


def time_first_asked(folder: Path) -> float:
    """Seconds until a crawl on an empty data folder asks its first host."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), FirstAsked)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_address[1]}"
    catalogue = folder / "outlets.toml"
    catalogue.write_text(CARD.format(number=1, base=base), encoding="utf-8")
    FirstAsked.asked_at, began = 0.0, time.monotonic()
    _run(*TUMEN, "crawl", "--outlets", str(catalogue), "--data", str(folder / "data"))
    server.shutdown()
    server.server_close()
    return FirstAsked.asked_at - began


def _run(*command: str) -> float:
    began = time.monotonic()
    subprocess.run(
        command,
        env=surroundings(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )
    return time.monotonic() - began


def main() -> None:
    """Measure, print the table, write the JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.startup", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    measures: tuple[Callable[[Path], float], ...] = (time_help, time_extract, time_first_asked)
    took: dict[str, list[float]] = {name: [] for name in WANTED_S}
    for _ in range(options.rounds):
        for name, measure in zip(WANTED_S, measures, strict=True):
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
                took[name].append(round(measure(Path(folder)), 3))
    print(f"{'':32}{'median':>9}{'least':>9}{'most':>9}{'wanted':>9}")
    for name, seconds in took.items():
        cells = (statistics.median(seconds), min(seconds), max(seconds), WANTED_S[name])
        print(f"{name:32}" + "".join(f"{cell:7.2f} s" for cell in cells))
    figures = {
        "measured_at": datetime.now(UTC).strftime("%Y-%m-%d"),
        "machine": {"cores": os.cpu_count(), "system": platform.platform()},
        "python": platform.python_version(),
        "seconds": took,
        "medians": {name: statistics.median(seconds) for name, seconds in took.items()},
    }
    options.out.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
