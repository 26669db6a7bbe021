"""Discovery on the press world beside the checkout: fourteen outlets that link to no source.

Their home pages are 404s, so that everything has to be found where such sites usually have it.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from crawler.news.catalogues import parse_catalogue
from tests.integration.crawls import tumen
from tests.quality.test_world import free_port


def test_the_sources_of_the_press_world_are_found(shared: Path) -> None:
    world = [sys.executable, str(shared / "world" / "world.py")]
    folder, port = str(shared / "world" / "dev"), str(free_port())
    listed = subprocess.run(
        [*world, "outlets", folder, "--port", port], capture_output=True, text=True, check=True
    )
    served = parse_catalogue(listed.stdout, "world")
    server = subprocess.Popen(
        [*world, "serve", folder, "--port", port], stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        server.stdout.readline()
        found = tumen("outlets", "discover", *(outlet.homepage for outlet in served))
    finally:
        server.terminate()
        server.wait(timeout=10)
        if server.stdout is not None:
            server.stdout.close()
    cards = {urlsplit(outlet.homepage).netloc: outlet for outlet in parse_catalogue(found.out, "o")}
    wrong = [
        outlet.id
        for outlet in served
        if (card := cards.get(urlsplit(outlet.homepage).netloc)) is None
        or (card.feeds, card.sitemaps, card.sections)
        != (outlet.feeds, outlet.sitemaps, outlet.sections)
    ]
    assert wrong == [], re.sub(r"\n +", " ", found.err)
