"""What the store costs: lines a second with every one synced, a check and a reindex of them all.

    python -m bench.store [--lines 100000] [--seconds 5]

Records of real size (4 KB). Appends go through the writer that workers use: one task alone, and 64
that share its syncs. Then so many lines are verified, and a new frontier is taught from them.
Takes about two minutes and half a gigabyte of disk.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.config import Config
from crawler.news.lines import Fetch, Found, build_record, to_line
from crawler.news.records import Article, Judgement, Moment
from crawler.storage.connection import connect
from crawler.storage.frontier import Frontier
from crawler.storage.reindexing import reindex
from crawler.storage.store import open_slot
from crawler.storage.verify import verify
from crawler.storage.writer import Writer

RESULTS = Path(__file__).parent / "results" / "store.json"
NOW = datetime.now(UTC).replace(microsecond=0)
TASKS = 64
BATCH = 2_000
PARAGRAPH = "Officials of both countries met at the border and signed a timetable for the ferry. "


def make_line(number: int, at: datetime = NOW) -> bytes:
    """The line of an invented record of about 4 KB, fetched at a moment."""
    url = f"https://harbor.example/news/{number}"
    article = Article(
        title=f"Ferry line between Rason and Vladivostok to sail {number} times",
        text="\n".join(PARAGRAPH * 3 for _ in range(10)),
        language="en",
        published=Moment(
            at=NOW, precision="minute", source="json-ld", raw="x", local_day="2026-11-22"
        ),
    )
    judgement = Judgement(
        relevant=True,
        score=0.91,
        threshold=0.5,
        ruleset="dprk-russia/2",
        terms={"dprk": ("Rason",), "russia": ("Vladivostok",)},
        reasons=("+7.6 the title names both",),
        sentences=(PARAGRAPH.strip(),),
    )
    fetch = Fetch(
        url_announced=url,
        url_final=url,
        status=200,
        content_type="text/html; charset=utf-8",
        body_sha256="ab" * 32,
        fetched_at=at,
        discovered_at=at - timedelta(minutes=2),
    )
    found = Found(kind="feed", url="https://harbor.example/rss", guid=f"n-{number}")
    record = build_record(
        article=article, judgement=judgement, fetch=fetch, found=found, outlet=None, url=url
    )
    return to_line(record)


async def appends_per_s(folder: Path, tasks: int, seconds: float) -> float:
    """Lines a second, each on disk before its task writes the next."""
    slot = open_slot(folder)
    writer, lines = Writer(slot), (make_line(number) for number in range(10**9))
    ready = [next(lines) for _ in range(BATCH)]
    began, written = time.monotonic(), 0

    async def work(first: int) -> None:
        nonlocal written
        while time.monotonic() - began < seconds:
            await writer.append(ready[(first + written) % BATCH], NOW.date())
            written += 1

    await asyncio.gather(*(work(first) for first in range(tasks)))
    took = time.monotonic() - began
    await writer.close()
    slot.close()
    return written / took


def fill(folder: Path, count: int) -> None:
    """A store of so many records, over as many days as half a year of them would take."""
    slot = open_slot(folder)
    for number in range(count):
        at = NOW - timedelta(days=180 - number * 180 // count)
        slot.append(make_line(number, at), at.date())
    slot.sync()
    slot.close()


async def reindex_s(folder: Path) -> float:
    """Seconds until a new frontier knows the store."""
    redis = await connect(folder, None)
    try:
        began = time.monotonic()
        await reindex(folder, Frontier(redis, 60.0, 0.0), Config().revisits)
        return time.monotonic() - began
    finally:
        await redis.close()


def measure(folder: Path, count: int, seconds: float) -> dict[str, Any]:
    """All figures."""
    alone = asyncio.run(appends_per_s(folder / "alone", 1, seconds))
    shared = asyncio.run(appends_per_s(folder / "shared", TASKS, seconds))
    fill(folder / "full", count)
    began = time.monotonic()
    report = verify(folder / "full")
    verify_s = time.monotonic() - began
    if report.records != count:
        raise AssertionError(f"{report.records} records of {count} were found")
    return {
        "line_bytes": len(make_line(1)),
        "appends_per_s": {"1 task": round(alone), f"{TASKS} tasks": round(shared)},
        "lines": count,
        "verify_s_per_million": round(verify_s * 1e6 / count, 1),
        "reindex_s_per_million": round(asyncio.run(reindex_s(folder / "full")) * 1e6 / count, 1),
    }


def main() -> None:
    """Measure, print, write the JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.store", description=__doc__)
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        for part in ("alone", "shared", "full"):
            (Path(name) / part).mkdir()
        figures = measure(Path(name), options.lines, options.seconds)
    for name, value in figures.items():
        print(f"{name:24}{value}")
    told = {
        "measured_at": NOW.strftime("%Y-%m-%d"),
        "machine": {"cores": os.cpu_count(), "system": platform.platform()},
        **figures,
    }
    options.out.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
