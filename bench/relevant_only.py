"""A crawl of which every page is read, beside the parse pool alone: how busy it keeps the cores.

    python -m bench.relevant_only [--pages 400] [--rounds 3]

Invented pages of real size, all relevant. First the pool alone reads them from memory, then `tumen
crawl` fetches, reads, archives and stores them; in turn, bound to one core and to two (the server
of the pages is bound to none). A crawl is timed from its first record to its last.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import platform
import re
import statistics
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.crawl_runs import crawl
from bench.invented_pages import Page, make_page
from bench.sites import Sites, serving
from crawler.news.records import Entry
from crawler.news.verdicts import PageTask
from crawler.parse_pool import ParsePool
from crawler.storage.catalogue import read_topic

RESULTS = Path(__file__).parent / "results" / "relevant_only.json"
HOSTS = 40
KEPT = re.compile(r'^\{"at":"([^"]+)","level":"info","event":"kept"', re.MULTILINE)


def read_alone(pages: Sequence[Page], workers: int) -> float:
    """Pages a second of the pool alone, in a process of its own.

    The server that children are forked from stays on the cores on which it began.
    """
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as fresh:
        return fresh.submit(_read, pages, workers).result()


def _read(pages: Sequence[Page], workers: int) -> float:
    return asyncio.run(_read_alone(pages, workers))


async def _read_alone(pages: Sequence[Page], workers: int) -> float:
    pool = ParsePool(read_topic(), workers)
    waiting = iter([*pages[: 4 * workers], *pages])
    began, read = 0.0, 0

    async def work() -> None:
        nonlocal began, read
        for page in waiting:
            url = f"https://bench.example{page.path}"
            await pool.read_page(
                PageTask(
                    body=page.body,
                    url=url,
                    content_type="text/html; charset=utf-8",
                    outlet=None,
                    entry=Entry(url=url),
                    now=datetime.now(UTC),
                    may_skip=True,
                )
            )
            read += 1
            if read == 4 * workers:  # children are there and warm
                began = time.monotonic()

    await asyncio.gather(*(work() for _ in range(4 * workers)))
    took = time.monotonic() - began
    pool.close()
    return len(pages) / took


def crawl_all(sites: Sites, workers: int) -> float:
    """Pages a second of a crawl, from its first record to its last."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        crawl(sites, folder, parsers=str(workers))
        log = (folder / "stderr").read_text(encoding="utf-8")
    moments = [datetime.fromisoformat(at) for at in KEPT.findall(log)]
    return (len(moments) - 1) / ((moments[-1] - moments[0]) / timedelta(seconds=1))


def measure(sites: Sites, pages: Sequence[Page], rounds: int) -> dict[str, Any]:
    """Both, in turn, on one core and on two."""
    every, figures = sorted(os.sched_getaffinity(0)), {}
    for cores in (1, 2):
        os.sched_setaffinity(0, every[:cores])
        rows = [(read_alone(pages, cores), crawl_all(sites, cores)) for _ in range(rounds)]
        figures[f"{cores} cores"] = {
            "pool_alone_pages_per_s": round(statistics.median(row[0] for row in rows), 1),
            "crawl_pages_per_s": round(statistics.median(row[1] for row in rows), 1),
            "ratio": round(statistics.median(row[1] / row[0] for row in rows), 3),
        }
    os.sched_setaffinity(0, every)
    return figures


def main() -> None:
    """Measure, print, write the JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.relevant_only", description=__doc__)
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    each = options.pages // HOSTS
    pages = [
        make_page(site * each + n, site, "https://bench.example", 1.0)
        for n in range(each)
        for site in range(HOSTS)
    ]
    with serving(HOSTS, each, relevant=1.0) as sites:
        figures = measure(sites, pages, options.rounds)
    for cores, row in figures.items():
        print(
            f"{cores}: pool alone {row['pool_alone_pages_per_s']} pages/s, crawl "
            f"{row['crawl_pages_per_s']}: {row['ratio']:.0%}"
        )
    told = {
        "measured_at": datetime.now(UTC).strftime("%Y-%m-%d"),
        "machine": {"cores": os.cpu_count(), "system": platform.platform()},
        "pages": len(pages),
        **figures,
    }
    options.out.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
