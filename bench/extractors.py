"""CPU a page of Tumen's reading beside trafilatura, readability-lxml and newspaper4k.

    python -m bench.extractors [--pages 60] [--rounds 3] [--shared FOLDER]

On every nth of the real pages of the measuring sets (default: ../shared, beside the checkout), on
invented ones without them. Each extractor in a process of its own, in turn, round after round;
ratios are medians of the rounds. Tumen's reading includes metadata, language and citations, which
the others leave out; how well each reads is in bench.extraction.
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
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import peers
from bench.invented_pages import make_page

RESULTS = Path(__file__).parent / "results" / "extractors.json"
SHARED = Path(__file__).resolve().parents[2] / "shared"
OTHERS = ("trafilatura", "readability-lxml", "newspaper4k")


def write_pages(folder: Path, count: int, shared: Path) -> str:
    """Pages as files of UTF-8; tells which."""
    sets = shared / "extraction"
    if not sets.is_dir():
        for number in range(count):
            page = make_page(number, number % 40, "https://bench.example", 0.5)
            (folder / f"{number:04}.html").write_bytes(page.body)
        return "invented pages"
    from bench.extraction import pages
    from crawler.news.decoding import decode

    for number, (_, body) in enumerate(pages(sets, max(1, 394 // count))):
        (folder / f"{number:04}.html").write_text(
            decode(body, declared=None).text, "utf-8", "replace"
        )
    return "real pages"


def read_ours(folder: Path) -> list[float]:
    """CPU seconds of our own reading of every page."""
    from crawler.errors import PageUnreadable
    from crawler.news.pages import Visit, read_in_full

    now, took = datetime.now(UTC), []
    bodies = [path.read_bytes() for path in sorted(folder.glob("*.html"))]
    for body in [bodies[0], *bodies]:
        began = time.process_time()
        try:
            read_in_full(body, Visit(url="https://bench.example/a", now=now))
        except PageUnreadable as error:
            print(error, file=sys.stderr)
        took.append(time.process_time() - began)
    return took[1:]


def run(name: str, folder: Path) -> list[float]:
    """The times of one extractor, from a process of its own."""
    ours = [sys.executable, "-m", "bench.extractors", "--inside", str(folder)]
    theirs = [str(peers.python()), str(Path(peers.__file__).with_name("extract_peer.py"))]
    command = ours if name == "tumen" else [*theirs, name, str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=600)
    times: list[float] = json.loads(done.stdout.splitlines()[-1])
    return times


def measure(folder: Path, rounds: int) -> dict[str, Any]:
    """Every extractor in every round; medians of means, and of the ratios to trafilatura."""
    means: dict[str, list[float]] = {name: [] for name in ("tumen", *OTHERS)}
    for _ in range(rounds):
        for name in means:
            means[name].append(statistics.mean(run(name, folder)))
    return {
        name: {
            "ms_a_page": round(1000 * statistics.median(times), 1),
            "times_trafilatura": round(
                statistics.median(
                    mine / alone for mine, alone in zip(times, means["trafilatura"], strict=True)
                ),
                2,
            ),
        }
        for name, times in means.items()
    }


def main() -> None:
    """Measure, print the table, write the JSON."""
    if sys.argv[1:2] == ["--inside"]:
        print(json.dumps(read_ours(Path(sys.argv[2]))))
        return
    parser = argparse.ArgumentParser(prog="python -m bench.extractors", description=__doc__)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    peers.install(lambda what: print(what, file=sys.stderr, flush=True))
    with tempfile.TemporaryDirectory() as name:
        which = write_pages(Path(name), options.pages, options.shared)
        count = len(list(Path(name).iterdir()))
        figures = measure(Path(name), options.rounds)
    print(f"{f'{count} {which}':24}{'CPU ms a page':>16}{'times trafilatura':>20}")
    for name, row in figures.items():
        print(f"{name:24}{row['ms_a_page']:16.1f}{row['times_trafilatura']:20.2f}")
    told = {
        "measured_at": datetime.now(UTC).strftime("%Y-%m-%d"),
        "machine": {"cores": os.cpu_count(), "system": platform.platform()},
        "versions": dict(peers.versions()),
        "pages": f"{count} {which}",
        **figures,
    }
    options.out.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
