"""How well pages are read, and at what cost: the table of docs/quality.md.

    python -m bench.extraction [SHARED] [--every N]

SHARED is the folder of measuring sets (default: ../shared, beside the checkout); its own scorer
counts. CPU is process time, measured page by page in turn with trafilatura alone.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import trafilatura

from crawler.errors import PageUnreadable
from crawler.news.lexicon import parse_topic
from crawler.news.pages import Visit, read_in_full
from crawler.news.prefilter import Prefilter, build_prefilter
from crawler.news.records import Article
from crawler.storage.catalogue import read_topic

NOW = datetime.now(UTC)
SHARED = Path(__file__).resolve().parents[2] / "shared"
WARM_UP = "<html><body><article>" + "<p>Words to be read once, before it counts.</p>" * 9


@dataclass(slots=True)
class Tally:
    """What was counted over all pages."""

    ours: dict[str, list[Any]] = field(default_factory=dict)
    alone: dict[str, list[Any]] = field(default_factory=dict)
    title: list[bool] = field(default_factory=list)
    date: list[bool] = field(default_factory=list)
    authors: list[bool] = field(default_factory=list)
    empty: int = 0
    cpu_ours: float = 0.0
    cpu_alone: float = 0.0
    skipped: int = 0
    cpu_scan: float = 0.0
    cpu_skipped: float = 0.0


def main() -> int:
    """Measure and print; 2 where the sets are not here."""
    parser = argparse.ArgumentParser(prog="python -m bench.extraction", description=__doc__)
    parser.add_argument("shared", nargs="?", type=Path, default=SHARED)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only each Nth page")
    asked = parser.parse_args()
    folder = asked.shared / "extraction"
    if not folder.is_dir():
        print(f"{folder} is not here: extraction is not measured", file=sys.stderr)
        return 2
    scorer = load_scorer(folder / "evaluate.py")
    _read(WARM_UP.encode(), "https://page.invalid/")
    prefilter = build_prefilter(parse_topic(*read_topic()))
    tally = Tally()
    for gold, body in pages(folder, asked.every):
        _count_page(tally, gold, body, scorer, prefilter)
    _print(tally, scorer)
    return 0


def load_scorer(path: Path) -> ModuleType:
    """Import the set's own scorer from where it lies."""
    spec = importlib.util.spec_from_file_location("extraction_scorer", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no Python file")
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    return scorer


def pages(folder: Path, every: int) -> Iterator[tuple[dict[str, Any], bytes]]:
    """The gold pages, each with its bytes."""
    with (folder / "manifest.jsonl").open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % every == 0:
                gold = json.loads(line)
                yield gold, gzip.decompress((folder / gold["path"]).read_bytes())


def _count_page(
    tally: Tally, gold: dict[str, Any], body: bytes, scorer: ModuleType, prefilter: Prefilter
) -> None:
    side, scan_s = _timed(lambda: prefilter.missing_side(body, implied=None))
    article, ours_s = _timed(lambda: _read(body, gold["url"]))
    alone, alone_s = _timed(
        lambda: trafilatura.extract(body, include_comments=False, favor_precision=True)
    )
    tally.cpu_ours += ours_s
    tally.cpu_alone += alone_s
    if side is not None:
        tally.skipped += 1
        tally.cpu_scan += scan_s
        tally.cpu_skipped += ours_s
    text = article.text if article else ""
    tally.empty += not text
    tally.ours.setdefault(gold["set"], []).append(scorer.page_counts(gold["text"], text))
    tally.alone.setdefault(gold["set"], []).append(scorer.page_counts(gold["text"], alone or ""))
    if article and gold.get("title"):
        _count_declared(tally, gold, article, scorer)


def _count_declared(
    tally: Tally, gold: dict[str, Any], article: Article, scorer: ModuleType
) -> None:
    at = article.published and article.published.at.isoformat().replace("+00:00", "Z")
    tally.title.append(scorer.norm(gold["title"]) == scorer.norm(article.title))
    tally.date.append(scorer.same_date(gold["date_published"], at))
    if gold.get("authors"):
        wanted, got = (set(map(scorer.norm, names)) for names in (gold["authors"], article.authors))
        tally.authors.append(wanted == got)


def _read(body: bytes, url: str) -> Article | None:
    try:
        return read_in_full(body, Visit(url=url, now=NOW)).article
    except PageUnreadable:
        return None


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    began = time.process_time()
    result = work()
    return result, time.process_time() - began


def _print(tally: Tally, scorer: ModuleType) -> None:
    count = sum(map(len, tally.ours.values()))
    print(f"{count} pages  {''.join(f'{name:>19}' for name in sorted(tally.ours))}   mean")
    for name, scored in (("Tumen", tally.ours), ("trafilatura", tally.alone)):
        shares = [scorer.prf(scored[key]) for key in sorted(scored)]
        cells = "".join(f"  {p:.3f} {r:.3f} {f1:.3f}" for p, r, f1 in shares)
        print(f"{name:9}{cells}  {statistics.mean(share[2] for share in shares):.3f}")
    declared = (("title", tally.title), ("date", tally.date), ("authors", tally.authors))
    for name, right in declared:
        if right:
            print(f"{name:11} {statistics.mean(right):.3f} of {len(right)}")
    ratio = tally.cpu_ours / tally.cpu_alone
    print(f"without text {tally.empty}")
    print(f"CPU a page  {tally.cpu_ours / count * 1e3:.1f} ms, {ratio:.2f} times trafilatura alone")
    if tally.skipped:
        share = tally.cpu_scan / tally.cpu_skipped
        print(
            f"prefilter   {tally.skipped} pages need not be read; the scan of one costs "
            f"{share:.1%} of reading it"
        )


if __name__ == "__main__":
    sys.exit(main())
