"""What ten million remembered URLs cost: bytes of each, and the server's time beside ten thousand.

    python -m bench.seen [--sizes 10000,10000000] [--rounds 15] [--pages huge] [--plain]

As `bench.frontier`, for the set of seen URLs alone: it needs no jobs, so that ten million take some
140 MB and minutes. Fingerprints are made up, not computed: what they cost is the client's. With
--plain a measuring rod beside it: as many keys of their own, of which a script reads 500 at random,
which is the least that 500 look-ups cost; at ten million they take a gigabyte. With --pages huge
the server may use large pages of memory.
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

RESULTS = Path(__file__).parent / "results"
CALLS = 8
FILL = 5_000
MEASURES = ("unseen", "offer, known", "offer, new")
PLAIN = "plain keys, GET"
SETS = "for i = 1, #ARGV do redis.call('SET', 'plain:' .. ARGV[i], i) end"
GETS = "for i = 1, #ARGV do redis.call('GET', 'plain:' .. ARGV[i]) end"


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


async def lay_out(redis: Connection, size: int) -> None:
    """A key of its own for every number."""
    sets = await redis.ask("SCRIPT", "LOAD", SETS)
    for first in range(0, size, FILL):
        await redis.ask("EVALSHA", sets, 0, *range(first, min(first + FILL, size)))


async def micros(redis: Connection, size: int, turn: int, is_plain: bool) -> dict[str, float]:
    """The server's microseconds per call of 500 URLs, one round."""
    gets = await redis.ask("SCRIPT", "LOAD", GETS)
    known = [random.sample(range(size), BATCH) for _ in range(CALLS)]
    fresh = 10**9 + turn * BATCH * CALLS
    told = {}
    for what in (*MEASURES, PLAIN) if is_plain else MEASURES:
        before = await _server_time(redis)
        for call in range(CALLS):
            if what == PLAIN:
                await redis.ask("EVALSHA", gets, 0, *known[call])
            elif what == "unseen":
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


async def measure(urls: dict[int, str], rounds: int, is_plain: bool) -> dict[str, Any]:
    """Fill a server of each size, then take rounds in turn."""
    servers = {size: await connect(Path(), url) for size, url in urls.items()}
    try:
        bytes_each = {}
        for size, redis in servers.items():
            print(f"filling {size:,}", file=sys.stderr, flush=True)
            bytes_each[str(size)] = round(await fill(redis, size), 1)
            if is_plain:
                await lay_out(redis, size)
        took: dict[str, dict[str, list[float]]] = {
            what: {str(size): [] for size in servers}
            for what in ((*MEASURES, PLAIN) if is_plain else MEASURES)
        }
        for turn in range(rounds):
            for size, redis in servers.items():
                for what, micro in (await micros(redis, size, turn, is_plain)).items():
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
    parser.add_argument("--pages", choices=("small", "huge"), default="small")
    parser.add_argument("--plain", action="store_true", help="with keys of their own beside it")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    name = "seen.json" if options.pages == "small" else "seen-huge-pages.json"
    options.out = options.out or RESULTS / name
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        urls = {
            size: stack.enter_context(serving(folder / str(size), options.pages))
            for size in map(int, options.sizes.split(","))
        }
        figures = asyncio.run(measure(urls, options.rounds, options.plain))
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
