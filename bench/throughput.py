"""Pages per second of `tumen crawl` with everything on, beside the usual crawlers, same pages.

    python -m bench.throughput [--pages 5000] [--rounds 3] [--only tumen,scrapy] [--slow 1000]

A server in a process of its own offers invented pages of real size on many hosts, one in twenty
relevant. Every system then fetches the same URLs, one after the other, round after round: Tumen
with door, robots.txt, frontier, journal, archive and synced store; Scrapy downloading only; a plain
Scrapy spider with trafilatura; the trafilatura command; news-please; a bare aiohttp downloader.
The slow ones get fewer of the pages (--slow). Peers are installed into an environment of their own,
once. The table shows medians over the rounds; ratios are medians of the rounds' ratios. With 5,000
pages a round takes about two minutes.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import peers, throughput_report
from bench.crawl_runs import crawl, stored_in
from bench.sites import Sites, measured, serving

RESULTS = Path(__file__).parent / "results" / "throughput.json"
CHART = Path(__file__).parents[1] / "docs" / "images" / "throughput.svg"
CONNECTIONS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """One crawler: how many of the pages it gets, and how it is run on them."""

    pages: int
    run: Callable[[Path, Sequence[str]], dict[str, Any]]


def systems(sites: Sites, slow: int) -> dict[str, System]:
    """All that is compared, by the names of the table."""
    total = len(sites.urls)
    few = min(slow, total)
    here = Path(__file__).parent / "peers"

    def peer(*command: str) -> Callable[[Path, Sequence[str]], dict[str, Any]]:
        def run(folder: Path, urls: Sequence[str]) -> dict[str, Any]:
            (folder / "urls").write_text("\n".join(urls), encoding="utf-8")
            (folder / "out").mkdir()
            asked = [part.format(urls=folder / "urls", out=folder / "out") for part in command]
            return measured(asked, folder, env=peers.surroundings(folder))

        return run

    def tumen(folder: Path, _urls: Sequence[str]) -> dict[str, Any]:
        return crawl(sites, folder)

    python = str(peers.python())
    scrapy = (python, str(here / "scrapy_peer.py"))
    trafilatura = (str(peers.python().with_name("trafilatura")), "-i", "{urls}", "-o", "{out}")
    return {
        "tumen": System(pages=total, run=tumen),
        "scrapy": System(
            pages=total, run=peer(*scrapy, "download", "{urls}", str(CONNECTIONS), "{out}/none")
        ),
        "scrapy+trafilatura": System(
            pages=few, run=peer(*scrapy, "extract", "{urls}", str(CONNECTIONS), "{out}/items.jsonl")
        ),
        "trafilatura": System(
            pages=few,
            run=peer(
                *trafilatura, "--parallel", "2", "--config-file", str(here / "trafilatura.cfg")
            ),
        ),
        "news-please": System(
            pages=max(1, few // 2), run=peer(python, str(here / "news_please_peer.py"), "{urls}")
        ),
        "aiohttp": System(
            pages=total, run=peer(python, str(here / "aiohttp_peer.py"), "{urls}", str(CONNECTIONS))
        ),
    }


def measure(sites: Sites, chosen: dict[str, System], rounds: int) -> list[dict[str, Any]]:
    """Run every system in turn, round after round; one row for each run."""
    rows = []
    for turn in range(rounds):
        for name, system in chosen.items():
            with tempfile.TemporaryDirectory(prefix="tumen-bench-") as place:
                folder = Path(place)
                figures = system.run(folder, sites.sample(system.pages))
                if name == "tumen":
                    figures["stored"] = stored_in(folder)
            figures |= {
                "system": name,
                "round": turn,
                "pages": system.pages,
                "pages_per_s": system.pages / figures["wall_s"],
                "cpu_s_per_1000": 1000 * figures["cpu_s"] / system.pages,
            }
            rows.append(figures)
            say(
                f"round {turn + 1}: {name} {figures['pages_per_s']:.1f} pages/s, "
                f"{figures['cpu_s_per_1000']:.2f} CPU s per 1,000"
            )
    return rows


def say(what: str) -> None:
    """Progress, on stderr."""
    print(what, file=sys.stderr, flush=True)


def main() -> None:
    """Measure, print the table, write JSON and chart."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.throughput",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--pages", type=int, default=5000)
    parser.add_argument("--hosts", type=int, default=125)
    parser.add_argument("--relevant", type=float, default=0.05)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--slow", type=int, default=1000, help="pages for the slow ones")
    parser.add_argument("--only", help="systems to run, separated by commas")
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--chart", type=Path, default=CHART)
    options = parser.parse_args()
    with ExitStack() as stack:
        sites = stack.enter_context(
            serving(options.hosts, options.pages // options.hosts, relevant=options.relevant)
        )
        every = systems(sites, options.slow)
        names = options.only.split(",") if options.only else list(every)
        if set(names) != {"tumen"}:
            peers.install(say)
        rows = measure(sites, {name: every[name] for name in names}, options.rounds)
        report = throughput_report.report(rows, sites.described, options.relevant)
    print(throughput_report.table(report))
    if not options.only:
        options.out.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
        options.chart.parent.mkdir(parents=True, exist_ok=True)
        options.chart.write_text(throughput_report.chart(report), encoding="utf-8")


if __name__ == "__main__":
    main()
