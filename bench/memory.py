"""What a worker's memory does over many pages: after 5,000 and at every further 5,000.

    python -m bench.memory [--pages 50000]

One `tumen crawl` of invented pages (mean 25 KB, so that it ends in ten minutes; 5 % relevant) on
250 hosts. Lines of store and journal are counted while it runs; resident memory of the worker and
of all its children together is read from /proc, so this runs on Linux.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.crawl_runs import surroundings, write_catalogue
from bench.sites import Sites, serving

RESULTS = Path(__file__).parent / "results" / "memory.json"
HOSTS = 250
MEAN_BYTES = 25_000
EVERY = 5_000


class Counted:
    """How many lines a crawl has written so far."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.read: dict[Path, int] = {}
        self.lines = 0

    def look(self) -> int:
        """Count what came since the last look."""
        for path in (*self.data.glob("articles/*.jsonl"), *self.data.glob("dropped/*.jsonl")):
            with path.open("rb") as file:
                file.seek(self.read.get(path, 0))
                fresh = file.read()
            self.lines += fresh.count(b"\n")
            self.read[path] = self.read.get(path, 0) + len(fresh)
        return self.lines


def sample(worker: subprocess.Popen[bytes], data: Path) -> list[dict[str, Any]]:
    """Memory at every so many pages."""
    counted, rows = Counted(data), []
    while worker.poll() is None:
        pages = counted.look()
        if pages >= EVERY * (len(rows) + 1) - EVERY // 100:  # the last ones come with the end
            children = [pid for pid in _descendants(worker.pid) if pid != worker.pid]
            rows.append(
                {
                    "pages": pages,
                    "worker_mb": round(_memory_mb(worker.pid), 1),
                    "children_mb": round(sum(map(_memory_mb, children)), 1),
                }
            )
            print(rows[-1], file=sys.stderr, flush=True)
        time.sleep(0.25)
    return rows


def _descendants(pid: int) -> list[int]:
    found = [pid]
    for one in found:
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            found += map(int, task.read_text(encoding="ascii").split())
    return found


def _memory_mb(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0  # it has just ended
    return int((status.partition("VmRSS:")[2].split() or ["0"])[0]) / 1024


def measure(sites: Sites, folder: Path) -> list[dict[str, Any]]:
    """Crawl everything once."""
    catalogue, data = write_catalogue(sites, folder), folder / "data"
    command = [sys.executable, "-m", "crawler", "crawl", "--outlets", str(catalogue)]
    with (folder / "log").open("wb") as log:
        worker = subprocess.Popen(
            [*command, "--data", str(data)],
            env=surroundings(log="warning"),
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
    try:
        return sample(worker, data)
    finally:
        worker.terminate()
        worker.wait(timeout=60)


def main() -> None:
    """Measure, print, write the JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.memory", description=__doc__)
    parser.add_argument("--pages", type=int, default=50_000)
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    with (
        serving(HOSTS, options.pages // HOSTS, mean=MEAN_BYTES) as sites,
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
    ):
        rows = measure(sites, Path(folder))
        mean = sites.described["mean_bytes"]
    growth = rows[-1]["worker_mb"] / rows[0]["worker_mb"] - 1
    print(
        f"worker {rows[0]['worker_mb']} MB after {rows[0]['pages']:,} pages, "
        f"{rows[-1]['worker_mb']} MB after {rows[-1]['pages']:,}: {growth:+.1%}"
    )
    told = {
        "measured_at": datetime.now(UTC).strftime("%Y-%m-%d"),
        "machine": {"cores": os.cpu_count(), "system": platform.platform()},
        "mean_bytes": mean,
        "rows": rows,
    }
    options.out.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
