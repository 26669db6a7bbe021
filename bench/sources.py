"""How many sources one worker polls a second when nearly all answer "not modified".

    python -m bench.sources [--sources 50000] [--seconds 60]

All sources are due at once and have been polled before: their validators and their hosts'
robots.txt are put into the frontier by its own functions. Then `tumen watch` runs on them; of
twenty polls nineteen are answered 304, one by a feed. The server counts. Takes about three minutes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.crawl_runs import CARD, surroundings
from crawler.news.outlets import Outlet, sources_of
from crawler.news.source_states import SourceState
from crawler.storage import sources
from crawler.storage.catalogue import load_catalogue
from crawler.storage.connection import connect, key
from crawler.storage.frontier import Frontier

RESULTS = Path(__file__).parent / "results" / "sources.json"
HOSTS = 500
START_S = 120.0
FEED = (
    b"<?xml version='1.0'?><rss version='2.0'><channel><title>B</title><item><title>The harbor "
    b"board met</title><link>http://127.0.0.1/a/1</link></item></channel></rss>"
)
WHOLE = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nETag: b\r\n"
    b"Content-Length: %d\r\n\r\n" % len(FEED)
) + FEED
UNCHANGED = b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n'


class Feeds(asyncio.Protocol):
    """One connection; of twenty feeds one has something new."""

    answered = 0
    unchanged = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport

    def data_received(self, received: bytes) -> None:
        number = int(received.split(b"/", 2)[1].split(b" ", 1)[0] or 0)
        is_unchanged = b"\r\nif-none-match:" in received.lower() and number % 20 != 0
        Feeds.answered += 1
        Feeds.unchanged += is_unchanged
        self.transport.write(UNCHANGED if is_unchanged else WHOLE)


async def serve(folder: Path, count: int) -> Path:
    """Start all hosts; returns a catalogue of their feeds."""
    cards = []
    for number in range(HOSTS):
        server = await asyncio.get_running_loop().create_server(Feeds, "127.0.0.1", 0)
        base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        feeds = json.dumps([f"{base}/{n}" for n in range(number, count, HOSTS)])
        card = CARD.format(number=number, base=base).splitlines()
        cards += [line for line in card if not line.startswith("sitemaps")] + [f"feeds = {feeds}"]
    catalogue = folder / "outlets.toml"
    catalogue.write_text("\n".join(cards), encoding="utf-8")
    return catalogue


async def make_due(frontier: Frontier, outlets: tuple[Outlet, ...]) -> None:
    """All sources due now, as if each had been polled once."""
    await sources.register(frontier, outlets)
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    text = sources.state_to_text(
        SourceState(etag='"a"', polled_at=now, worked_at=now, whole_at=now, entries=20)
    )
    for outlet in outlets:
        host = frontier.host_of(outlet.homepage)
        await frontier.redis.ask("HSET", key("robots", host), "state", "none", "at", 1)
        names = [sources.source_job(source).name for source in sources_of(outlet)]
        await asyncio.gather(
            *(frontier.redis.ask("HSET", key("source", name), "state", text) for name in names)
        )


async def measure(folder: Path, count: int, seconds: float) -> dict[str, Any]:
    """Watch all sources for so long; polls, CPU and memory of the worker."""
    catalogue, data = await serve(folder, count), folder / "data"
    outlets = await asyncio.to_thread(load_catalogue, (catalogue,), data)
    redis = await connect(data, None)
    try:
        await make_due(Frontier(redis, 60.0, 0.0), outlets)
        command = [sys.executable, "-m", "crawler", "watch", "--outlets", str(catalogue)]
        with (folder / "log").open("wb") as log:
            worker = await asyncio.create_subprocess_exec(
                *command,
                "--data",
                str(data),
                env=surroundings(log="warning", parsers="1"),
                stdout=log,
                stderr=log,
            )
        try:
            return await _sample(worker.pid, seconds)
        finally:
            worker.terminate()
            await worker.wait()
    finally:
        await redis.close()


async def _sample(pid: int, seconds: float) -> dict[str, Any]:
    deadline = time.monotonic() + START_S
    while Feeds.answered < 500:  # its start is not measured
        if time.monotonic() > deadline:
            raise TimeoutError("the worker did not poll")
        await asyncio.sleep(0.05)
    began, answered, unchanged, cpu = time.monotonic(), Feeds.answered, Feeds.unchanged, _cpu_s(pid)
    await asyncio.sleep(seconds)
    polls, took, used_s = Feeds.answered - answered, time.monotonic() - began, _cpu_s(pid) - cpu
    return {
        "polls": polls,
        "unchanged_share": round((Feeds.unchanged - unchanged) / polls, 3),
        "polls_per_s": round(polls / took, 1),
        "polls_per_cpu_s": round(polls / used_s, 1),
        "worker_mb": round(_memory_mb(pid), 1),
    }


def _cpu_s(pid: int) -> float:
    """CPU seconds of the worker's own process, as Linux tells them."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def main() -> None:
    """Measure, print, write the JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.sources", description=__doc__)
    parser.add_argument("--sources", type=int, default=50_000)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 4096), most))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        figures = asyncio.run(measure(Path(folder), options.sources, options.seconds))
    print(
        f"{options.sources:,} sources due: {figures['polls_per_s']} polls a second "
        f"({figures['unchanged_share']:.0%} answered 304), {figures['polls_per_cpu_s']} for each "
        f"second of the worker's CPU; the worker has {figures['worker_mb']} MB"
    )
    told = {
        "measured_at": datetime.now(UTC).strftime("%Y-%m-%d"),
        "machine": {"cores": os.cpu_count(), "system": platform.platform()},
        "sources": options.sources,
        "hosts": HOSTS,
        **figures,
    }
    options.out.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
