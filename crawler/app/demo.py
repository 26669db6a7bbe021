"""`tumen demo`: the bundled sample outlets, crawled before the user's eyes.

Promise: it needs no internet, leaves nothing behind unless it is asked to, and does exactly what a
crawl of the real catalogue does.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

import click

from crawler.app import options
from crawler.app.crawls import assign, run_pass
from crawler.app.press.server import open_press
from crawler.app.terminal import say, show_table, write_line
from crawler.config import Config
from crawler.storage.store import iter_journal, iter_records

DELAY_S = 0.1
LATENCY_S = 0.02


@click.command(epilog="Example: tumen demo --data demo-data")
@click.option("--data", metavar="DIR", help="Keep the store in this folder (default: discard it).")
def demo(data: str | None) -> int:
    """Serve the bundled sample outlets on loopback, crawl them, and show what came of it.

    All of it is invented and needs no internet: outlets in six languages that announce in every way
    Tumen reads, with articles to keep, articles to leave out, copies, redirects and errors.
    """
    if data is not None:
        return _show(Path(data))
    with tempfile.TemporaryDirectory(prefix="tumen-demo-") as folder:
        return _show(Path(folder))


def _show(folder: Path) -> int:
    with open_press(latency_s=LATENCY_S) as press:
        folder.mkdir(parents=True, exist_ok=True)
        catalogue = folder / "outlets.toml"
        catalogue.write_text(press.catalogue, encoding="utf-8")
        config = _demo_config(folder, catalogue)
        say(f"{len(press.ports)} sample outlets on loopback; crawling them")
        run_pass(config, assign(config), json_lines=False)
    _show_left_out(folder)
    return _show_first_record(folder)


def _demo_config(folder: Path, catalogue: Path) -> Config:
    return replace(
        options.config_of(),
        data_dir=folder,
        redis_url=None,
        outlets=(catalogue,),
        contact="https://example.org/tumen-demo",
        host_delay_s=DELAY_S,
        allow_networks=(ip_network("127.0.0.0/8"),),
    )


def _show_left_out(folder: Path) -> None:
    write_line("")
    write_line("What was left out, and why")
    rows = [
        (line["outlet"] or "", line["stage"], line["title"] or line["url"], _why(line["reasons"]))
        for line in iter_journal(folder)
    ]
    show_table(("outlet", "stage", "title", "why"), rows, json_lines=False)


def _why(reasons: list[str]) -> str:
    return "; ".join(reasons[:2])


def _show_first_record(folder: Path) -> int:
    for _place, record in iter_records(folder):
        write_line("")
        write_line("The first record, as it stands in the store")
        write_line(json.dumps(record, ensure_ascii=False, indent=2))
        return 0
    say("nothing was kept, which is not what should happen")
    return 1
