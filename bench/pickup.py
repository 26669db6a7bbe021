"""How soon an idle worker asks for a URL that was offered: from the offer to the request.

    python -m bench.pickup [--samples 60] [--out FILE]

A real `tumen watch` waits on a data folder of its own; URLs of a server on loopback are offered to
its frontier at random moments, and the server notes when the request comes. Takes about a minute.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from crawler.news.records import Entry
from crawler.storage.connection import connect
from crawler.storage.frontier import Frontier
from crawler.storage.jobs import article_job

START_S = 60.0
CARD = """\
[[outlet]]
id = "bench"
name = "Bench"
country = "GB"
language = "en"
kind = "national"
scope = "general"
homepage = "{base}/"
feeds = ["{base}/feed.xml"]
"""
FEED = b"<?xml version='1.0'?><rss version='2.0'><channel><title>B</title></channel></rss>"


class Site:
    """A server on loopback that notes when each path is asked for."""

    def __init__(self) -> None:
        self.asked: dict[str, float] = {}
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.asked.setdefault(self.path, time.monotonic())
                body = FEED if self.path == "/feed.xml" else b""
                self.send_response(200 if body else 404)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing is said."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}"

    async def when(self, path: str) -> float:
        """The moment at which a path was asked for."""
        deadline = time.monotonic() + START_S
        while path not in self.asked:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{path} was not asked for")
            await asyncio.sleep(0.001)
        return self.asked[path]


@contextmanager
def serving() -> Iterator[Site]:
    """The site for as long as the block lasts."""
    site = Site()
    thread = threading.Thread(target=site.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield site
    finally:
        site.server.shutdown()
        thread.join(10)
        site.server.server_close()


@contextmanager
def watching(site: Site, folder: Path) -> Iterator[None]:
    """A worker that watches the site."""
    catalogue = folder / "outlets.toml"
    catalogue.write_text(CARD.format(base=site.base), encoding="utf-8")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TUMEN_")}
    worker = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "crawler",
            "watch",
            "--outlets",
            str(catalogue),
            "--data",
            str(folder),
        ],
        env={**clean, "TUMEN_ALLOW_NETWORKS": "127.0.0.0/8", "TUMEN_HOST_DELAY": "0"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        worker.terminate()
        worker.wait(timeout=40)


async def measure(site: Site, folder: Path, samples: int) -> list[float]:
    """Seconds from offer to request, one after the other."""
    await site.when("/feed.xml")
    redis = await connect(folder, None)
    try:
        frontier, took = Frontier(redis, 60.0, 0.0), []
        for number in range(samples):
            await asyncio.sleep(random.uniform(0.4, 0.8))
            path, now = f"/news/{number}", datetime.now(UTC)
            entry = Entry(url=site.base + path, title="A visit")
            job = article_job(
                entry, outlet="bench", source=None, source_url=None, found="feed", now=now
            )
            offered_at = time.monotonic()
            await frontier.offer([job], now)
            took.append(await site.when(path) - offered_at)
        return took
    finally:
        await redis.close()


def main() -> None:
    """Measure, print, write the JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.pickup", description=__doc__)
    parser.add_argument("--samples", type=int, default=60)
    default = Path(__file__).parent / "results" / "pickup.json"
    parser.add_argument("--out", type=Path, default=default)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name,
        serving() as site,
        watching(site, Path(name)),
    ):
        took = sorted(asyncio.run(measure(site, Path(name), options.samples)))
    figures = {
        "measured_at": datetime.now(UTC).strftime("%Y-%m-%d"),
        "samples": len(took),
        "median_s": round(statistics.median(took), 3),
        "p95_s": round(took[int(0.95 * len(took))], 3),
        "max_s": round(took[-1], 3),
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print(
        f"offer to request over {len(took)} URLs: median {figures['median_s']} s, "
        f"95 % within {figures['p95_s']} s, longest {figures['max_s']} s"
    )


if __name__ == "__main__":
    main()
