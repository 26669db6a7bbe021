"""Pictures of the page for the docs: make screenshots

    python -m bench.screenshots [--out docs/images] [--data DIR]

Each page at a desk and on a phone, in light or dark, of the sample store (bench/sample_store.py).
"""

from __future__ import annotations

import argparse
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bench.browser import SIZES, browser, served, why_not, widest_story
from bench.sample_store import write_store

RECORDS, DAYS = 2000, 75


def main() -> None:
    """Make the pictures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    parser.add_argument("--data", type=Path, help="a store that is there (default: the sample)")
    asked = parser.parse_args()
    if missing := why_not():
        raise SystemExit(missing)
    asked.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as spare:
        data = asked.data or Path(spare)
        if asked.data is None:
            write_store(data, RECORDS, DAYS, datetime.now(UTC))
        with served(data) as base, browser() as opened:
            story, _article = widest_story(opened.new_page(), base)
            for name, path, theme, size in (
                ("overview", "/", "light", "desk"),
                ("story", story, "dark", "desk"),
                ("timeline-phone", "/timeline", "dark", "phone"),
            ):  # fmt: skip
                width, height = SIZES[size]
                page = opened.new_page(
                    color_scheme=theme, viewport={"width": width, "height": height}
                )
                page.goto(base + path)
                page.screenshot(path=asked.out / f"{name}.png")
                page.close()
                print(asked.out / f"{name}.png")


if __name__ == "__main__":
    main()
