"""The server of a benchmark, and commands run beside it with their cost measured.

Promise: server and command are processes of their own and end with the block.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LIMIT_S = 900.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sites:
    """What the server offers: addresses of its hosts, URLs of all pages, what was told of them."""

    bases: tuple[str, ...]
    urls: tuple[str, ...]
    described: Mapping[str, Any]

    def sample(self, count: int) -> tuple[str, ...]:
        """So many of the URLs, spread over all hosts, hosts in turn."""
        step = len(self.urls) / count
        return tuple(self.urls[int(n * step)] for n in range(count))


@contextmanager
def serving(
    hosts: int, pages: int, *, relevant: float = 0.05, mean: int = 85_000
) -> Iterator[Sites]:
    """A server of invented outlets that lives as long as the block."""
    command = [sys.executable, "-m", "bench.page_server", "--hosts", str(hosts)]
    command += ["--pages", str(pages), "--relevant", str(relevant), "--mean", str(mean)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        if server.stdin is None or server.stdout is None:
            raise RuntimeError("the server has no pipes")
        told = json.loads(server.stdout.readline())
        listed = [[host["base"] + path for path in host["paths"]] for host in told["hosts"]]
        # Hosts in turn, as a crawl of many outlets would have them.
        urls = tuple(url for row in zip(*listed, strict=True) for url in row)
        described = {
            "hosts": hosts,
            "pages": len(urls),
            "mean_bytes": told["mean_bytes"],
            "kinds": told["kinds"],
        }
        try:
            yield Sites(
                bases=tuple(host["base"] for host in told["hosts"]), urls=urls, described=described
            )
        finally:
            server.stdin.close()
            server.wait(timeout=30)


def measured(
    command: Sequence[str], folder: Path, *, env: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Run a command to its end: seconds, CPU seconds with all its children, what it printed."""
    result = folder / "measured.json"
    with (folder / "stdout").open("wb") as out, (folder / "stderr").open("wb") as errors:
        subprocess.run(
            [sys.executable, "-m", "bench.measured_run", str(result), *command],
            cwd=ROOT,
            env=dict(env) if env is not None else None,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=errors,
            timeout=LIMIT_S,
            check=False,
        )
    figures: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
    return figures
