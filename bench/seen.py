"""What ten million remembered URLs cost: bytes of each, and the server's time beside ten thousand.

    python -m bench.seen [--sizes 10000,10000000] [--rounds 15]

As `bench.frontier`, for the set of seen URLs alone: it needs no jobs, so that ten million take some
140 MB and minutes. Fingerprints are made up, not computed: what they cost is the client's.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import random
import statistics
import sys
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.servers import serving
from crawler.storage.connection import Connection, connect
from crawler.storage.frontier import BATCH, SEEN_BUCKETS

RESULTS = Path(__file__).parent / "results" / "seen.json"
CALLS = 8
FILL = 5_000
MEASURES = ("unseen", "offer, known", "offer, new")


def mark_of(number: int) -> tuple[int, int]:
    """A bucket and a value as evenly spread as fingerprints are."""
    return number * 0x9E3779B1 % SEEN_BUCKETS, number * 0x9E3779B97F4A7C15 % 2**63


async def fill(redis: Connection, size: int) -> float:
    """Remember so many; bytes of each."""
    before = int((await redis.ask("INFO", "memory"))["used_memory"])
    for first in range(0, size, FILL):
        await remember(redis, range(first, min(first + FILL, size)))
    return (int((await redis.ask("INFO", "memory"))["used_memory"]) - before) / size


async def remember(redis: Connection, numbers: range | list[int]) -> None:
    """What `Frontier.mark_seen` sends."""
    rows = ((*mark_of(number), "", "") for number in numbers)
    await redis.run("offer", "", 4, *(part for row in rows for part in row))


async def micros(redis: Connection, size: int, turn: int) -> dict[str, float]:
    """The server's microseconds per call of 500 URLs, one round."""
    known = [random.sample(range(size), BATCH) for _ in range(CALLS)]
    fresh = 10**9 + turn * BATCH * CALLS
    told = {}
    for what in MEASURES:
        before = await _server_time(redis)
        for call in range(CALLS):
            if what == "unseen":
                await redis.run("unseen", *(part for n in known[call] for part in mark_of(n)))
            elif what == "offer, known":
                await remember(redis, known[call])
            else:
                await remember(redis, range(fresh + call * BATCH, fresh + (call + 1) * BATCH))
        told[what] = (await _server_time(redis) - before) / CALLS
    return told


async def _server_time(redis: Connection) -> int:
    row = (await redis.ask("INFO", "commandstats")).get("cmdstat_evalsha")
    return int(row["usec"]) if row else 0


async def measure(urls: dict[int, str], rounds: int) -> dict[str, Any]:
    """Fill a server of each size, then take rounds in turn."""
    servers = {size: await connect(Path(), url) for size, url in urls.items()}
    try:
        bytes_each = {}
        for size, redis in servers.items():
            print(f"filling {size:,}", file=sys.stderr, flush=True)
            bytes_each[str(size)] = round(await fill(redis, size), 1)
        took: dict[str, dict[str, list[float]]] = {
            what: {str(size): [] for size in servers} for what in MEASURES
        }
        for turn in range(rounds):
            for size, redis in servers.items():
                for what, micro in (await micros(redis, size, turn)).items():
                    took[what][str(size)].append(micro)
    finally:
        for redis in servers.values():
            await redis.close()
    medians = {
        what: {size: round(statistics.median(all_), 1) for size, all_ in row.items()}
        for what, row in took.items()
    }
    return {"bytes_per_seen_url": bytes_each, "server_microseconds_per_500": medians}


def main() -> None:
    """Measure, print the table, write the JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.seen", description=__doc__)
    parser.add_argument("--sizes", default="10000,10000000")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        urls = {
            size: stack.enter_context(serving(folder / str(size), "small"))
            for size in map(int, options.sizes.split(","))
        }
        figures = asyncio.run(measure(urls, options.rounds))
    rows = {**figures["server_microseconds_per_500"], "bytes": figures["bytes_per_seen_url"]}
    for what, row in rows.items():
        first, *_, last = row.values()
        cells = "".join(f"{int(size):>12,}: {value:>8}" for size, value in row.items())
        print(f"{what:14}{cells}{last / first - 1:>+8.0%}")
    told = {
        "measured_at": datetime.now(UTC).strftime("%Y-%m-%d"),
        "machine": {"cores": os.cpu_count(), "system": platform.platform()},
        "rounds": options.rounds,
        **figures,
    }
    options.out.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
