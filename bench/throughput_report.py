"""The figures of `bench.throughput` as JSON, as a table and as a chart.

Promise: every figure stands beside what it was measured on; ratios are medians of ratios, each of
two runs of the same round.
"""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from importlib.metadata import version
from typing import Any

from bench import peers

NAMES = {
    "tumen": "tumen crawl, everything on",
    "scrapy": "Scrapy, downloading only",
    "scrapy+trafilatura": "Scrapy with trafilatura",
    "trafilatura": "trafilatura command",
    "news-please": "news-please",
    "aiohttp": "aiohttp, downloading only",
}


def report(
    rows: Sequence[Mapping[str, Any]], described: Mapping[str, Any], relevant: float
) -> dict[str, Any]:
    """All runs, medians by system, and how often Tumen is as fast as each."""
    systems = list(dict.fromkeys(row["system"] for row in rows))
    by = {name: [row for row in rows if row["system"] == name] for name in systems}
    medians = {
        name: {
            figure: round(statistics.median(row[figure] for row in by[name]), 2)
            for figure in ("pages", "wall_s", "pages_per_s", "cpu_s_per_1000")
        }
        for name in systems
    }
    ratios = {
        name: round(
            statistics.median(
                ours["pages_per_s"] / theirs["pages_per_s"]
                for ours, theirs in zip(by["tumen"], by[name], strict=True)
            ),
            2,
        )
        for name in systems
        if name != "tumen" and "tumen" in by
    }
    return {
        "measured_at": datetime.now(UTC).strftime("%Y-%m-%d"),
        "machine": {"cores": os.cpu_count(), "system": platform.platform()},
        "versions": {
            "python": platform.python_version(),
            "scrapy": version("scrapy"),
            "peers": dict(peers.versions()) if peers.python().exists() else {},
        },
        "pages": {**described, "relevant_share": relevant},
        "medians": medians,
        "tumen_against": ratios,
        "runs": list(rows),
    }


def table(figures: Mapping[str, Any]) -> str:
    """The medians as a table."""
    lines = [f"{'':28}{'pages':>7}{'pages/s':>10}{'CPU s/1000':>12}{'Tumen is':>12}"]
    for name, row in figures["medians"].items():
        ratio = figures["tumen_against"].get(name)
        beside = f"{ratio:.2f} times" if ratio else ""
        lines.append(
            f"{NAMES[name]:28}{row['pages']:7.0f}{row['pages_per_s']:10.1f}"
            f"{row['cpu_s_per_1000']:12.2f}{beside:>12}"
        )
    return "\n".join(lines)


def chart(figures: Mapping[str, Any]) -> str:
    """Bars of pages per second, longest first; readable on light and dark ground."""
    rows = [
        (NAMES[name], row["pages_per_s"], name == "tumen")
        for name, row in figures["medians"].items()
        if name != "aiohttp"  # the limit would flatten all that is compared
    ]
    rows.sort(key=lambda row: -row[1])
    most, height = rows[0][1], 30
    parts = []
    for place, (name, rate, is_ours) in enumerate(rows):
        y, length = 36 + place * height, max(2.0, 330 * rate / most)
        color = "#c2410c" if is_ours else "#64748b"
        parts.append(
            f'<text x="200" y="{y + 14}" text-anchor="end">{escape(name)}</text>'
            f'<rect x="208" y="{y}" width="{length:.1f}" height="20" rx="2" fill="{color}"/>'
            f'<text x="{214 + length:.1f}" y="{y + 14}">{rate:.0f}</text>'
        )
    pages, machine = figures["pages"], figures["machine"]
    told = (
        f"Pages per second: {pages['pages']:,} pages of {pages['mean_bytes'] / 1000:.0f} KB, "
        f"{pages['relevant_share']:.0%} relevant, {machine['cores']} cores, "
        f"{figures['measured_at']}"
    )
    size = 36 + len(rows) * height + 8
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 {size}" role="img" '
        f'aria-label="{escape(told)}">'
        "<style>text{font:13px system-ui,sans-serif;fill:#475569}"
        "@media(prefers-color-scheme:dark){text{fill:#cbd5e1}}</style>"
        f'<text x="8" y="18">{escape(told)}</text>{"".join(parts)}</svg>\n'
    )
