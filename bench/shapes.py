"""Whether the invented pages of the benchmarks are like real ones: what is in them, side by side.

    python -m bench.shapes [--pages 125] [--shared FOLDER]

Of every third real page of 30 to 200 KB of the measuring sets (default: ../shared, beside the
checkout) and of as many invented ones: medians of what can be counted, and the milliseconds of CPU
that trafilatura takes for one. Without the sets only the invented pages are shown.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import lxml.html
import trafilatura

from bench.extraction import SHARED, pages
from bench.invented_pages import SIZES, make_page
from crawler.news.decoding import decode

RESULTS = Path(__file__).parent / "results" / "shapes.json"
UNSEEN = ("script", "style", "noscript")


def shape_of(text: str) -> dict[str, float]:
    """What is in a page, counted."""
    tree = lxml.html.fromstring(text.encode(), parser=lxml.html.HTMLParser(encoding="utf-8"))
    every = list(tree.iter())
    elements = [each for each in every if isinstance(each.tag, str)]
    tags = Counter(each.tag for each in elements)
    shown = (each.text or "" for each in elements if each.tag not in UNSEEN)
    hidden = sum(len(each.text or "") for each in elements if each.tag in UNSEEN)
    return {
        "bytes": len(text.encode()),
        "of these scripts and styles": hidden,
        "elements": len(elements),
        "attributes": sum(len(each.attrib) for each in elements),
        "links": tags["a"],
        "scripts": tags["script"],
        "comments": len(every) - len(elements),
        "gaps of white space": sum(1 for each in every if (each.tail or "x").isspace()),
        "parents of an element, mean": statistics.mean(
            sum(1 for _ in each.iterancestors()) for each in elements
        ),
        "characters shown": sum(map(len, shown)),
    }


def cost_of(text: str) -> dict[str, float]:
    """What trafilatura makes of a page, and its milliseconds, the better of two."""
    took, found = [], ""
    for _ in range(2):
        began = time.process_time()
        found = trafilatura.extract(text) or ""
        took.append(1000 * (time.process_time() - began))
    return {"characters extracted": len(found), "ms of trafilatura": min(took)}


def medians(texts: Sequence[str]) -> dict[str, float]:
    """Medians over pages, and the mean of the milliseconds, which is what a crawl pays."""
    rows = [shape_of(text) | cost_of(text) for text in texts]
    told = {name: statistics.median(row[name] for row in rows) for name in rows[0]}
    mean = statistics.mean(row["ms of trafilatura"] for row in rows)
    return {name: round(value, 1) for name, value in (told | {"the same, mean": mean}).items()}


def main() -> None:
    """Measure, print, write the JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.shapes", description=__doc__)
    parser.add_argument("--pages", type=int, default=125)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    sets = options.shared / "extraction"
    found = pages(sets, 1) if sets.is_dir() else ()
    real = [decode(body, declared=None).text for _, body in found if len(body) in SIZES][::3]
    made = [make_page(n * 40, n, "https://bench.example", 0.05).body for n in range(options.pages)]
    shapes = {"invented": medians([body.decode() for body in made])}
    if real:
        shapes["real"] = medians(real)
    for name, value in shapes["invented"].items():
        print(f"{name:28}{value:>10}" + (f"{shapes['real'][name]:>10} real" if real else ""))
    told = {
        "measured_at": datetime.now(UTC).strftime("%Y-%m-%d"),
        "machine": platform.platform(),
        "pages": {"invented": len(made), "real": len(real)},
        **shapes,
    }
    options.out.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
