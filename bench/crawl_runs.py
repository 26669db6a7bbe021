"""`tumen crawl` on the outlets of a benchmark, with everything on that a user has on.

Promise: only the pause between two requests to a host is taken out, as the hosts are one machine.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.sites import Sites, measured

CARD = """\
[[outlet]]
id = "bench-{number}"
name = "Bench {number}"
country = "GB"
language = "en"
kind = "national"
scope = "general"
homepage = "{base}/"
sitemaps = ["{base}/sitemap.xml"]
"""


def write_catalogue(sites: Sites, folder: Path) -> Path:
    """The cards of all hosts."""
    path = folder / "outlets.toml"
    cards = [CARD.format(number=n, base=base) for n, base in enumerate(sites.bases)]
    path.write_text("\n".join(cards), encoding="utf-8")
    return path


def surroundings(**settings: str) -> dict[str, str]:
    """The environment of a crawl on loopback; `settings` are TUMEN_ variables without prefix."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TUMEN_")}
    own = {f"TUMEN_{name.upper()}": value for name, value in settings.items()}
    return clean | {"TUMEN_ALLOW_NETWORKS": "127.0.0.0/8", "TUMEN_HOST_DELAY": "0"} | own


def crawl(sites: Sites, folder: Path, **settings: str) -> dict[str, Any]:
    """One pass over all hosts; what it cost."""
    catalogue = write_catalogue(sites, folder)
    command = [sys.executable, "-m", "crawler", "crawl", "--outlets", str(catalogue)]
    command += ["--data", str(folder / "data")]
    return measured(command, folder, env=surroundings(**settings))


def stored_in(folder: Path) -> Mapping[str, int]:
    """How many lines a crawl left, by store and by the journal's stages."""
    data = folder / "data"
    counts: Counter[str] = Counter()
    for path in data.glob("articles/*.jsonl"):
        counts["articles"] += len(path.read_bytes().splitlines())
    for path in data.glob("dropped/*.jsonl"):
        counts.update(json.loads(line)["stage"] for line in path.read_bytes().splitlines())
    return dict(counts)
