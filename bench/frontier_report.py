"""The figures of `bench.frontier` as JSON and as a table.

Promise: every figure stands beside what it was measured on.
"""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True, kw_only=True)
class Figures:
    """What was measured on one server: microseconds by script, one per round, and bytes."""

    size: int
    micros: dict[str, list[float]] = field(default_factory=dict)
    bytes_per_seen_url: float = 0.0
    bytes_per_waiting_job: float = 0.0


def report(
    benches: Sequence[Figures],
    *,
    measured_at: str,
    server: str,
    hosts: int,
    rounds: int,
    pages: str,
) -> dict[str, Any]:
    """All figures as JSON, with what they were measured on."""
    medians, least = (
        {
            what: {str(b.size): round(of_rounds(b.micros[what]), 1) for b in benches}
            for what in benches[0].micros
        }
        for of_rounds in (statistics.median, min)
    )
    return {
        "measured_at": measured_at,
        "machine": {"cores": os.cpu_count(), "system": platform.platform()},
        "versions": {"server": server, "python": platform.python_version()},
        "hosts": hosts,
        "rounds": rounds,
        "memory_pages": pages,
        "server_microseconds_per_call": medians,
        "server_microseconds_per_call_least": least,
        "bytes_per_seen_url": {str(b.size): round(b.bytes_per_seen_url, 1) for b in benches},
        "bytes_per_waiting_job": {str(b.size): round(b.bytes_per_waiting_job) for b in benches},
    }


def table(figures: Mapping[str, Any]) -> str:
    """The figures as a table, sizes side by side, with the growth from first to last.

    The growth of the quickest round stands beside that of the median: on a machine that does other
    work too, it is the one that the other work touched least.
    """
    least = figures["server_microseconds_per_call_least"]
    sizes = list(figures["bytes_per_seen_url"])
    rows = {
        **figures["server_microseconds_per_call"],
        "bytes per seen URL": figures["bytes_per_seen_url"],
        "bytes per waiting job": figures["bytes_per_waiting_job"],
    }
    head = "".join(f"{int(size):>12,}" for size in sizes)
    lines = [f"{'server microseconds per call':<44}{head}{'growth':>10}{'quickest':>10}"]
    for what, by_size in rows.items():
        cells = "".join(f"{by_size[size]:>12,.1f}" for size in sizes)
        growths = [
            row[sizes[-1]] / row[sizes[0]] - 1 for row in (by_size, least.get(what, by_size))
        ]
        lines.append(f"{what:<44}{cells}" + "".join(f"{growth:>+10.0%}" for growth in growths))
    return "\n".join(lines)
