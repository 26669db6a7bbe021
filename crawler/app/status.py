"""`tumen status`: queue, sources and store at a glance.

Promise: what does not work is shown first, with the reason and since when.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict

import click

from crawler.app import options
from crawler.app.standing import Look, as_json, look, say_outage
from crawler.app.terminal import say, show_table, write_line
from crawler.news.health import TROUBLES
from crawler.news.jsonl import write_time
from crawler.news.outlets import sources_of
from crawler.storage.catalogue import load_catalogue
from crawler.storage.store import count_lines

PARTLY_FAILED = 1
# Words that are shown whatever their count.
_ALWAYS = ("working", "failing", "unproven")


@click.command(epilog="Example: tumen status --data data")
@options.catalogue
@options.where
@options.as_json
def status(
    outlet_paths: tuple[str, ...], data: str | None, redis_url: str | None, json_lines: bool
) -> int:
    """Show what waits, what works, what does not and since when.

    Ends with 1 for dead letters, without network, and for sources in trouble that nobody has
    acknowledged (tumen outlets ack).
    """
    config = options.config_of(data=data, redis_url=redis_url, outlet_paths=outlet_paths)
    outlets = [
        outlet for outlet in load_catalogue(config.outlets, config.data_dir) if outlet.enabled
    ]
    seen = look(config, (source for outlet in outlets for source in sources_of(outlet)))
    stored = {
        "records": count_lines(config.data_dir, "articles"),
        "left_out": count_lines(config.data_dir, "dropped"),
    }
    if json_lines:
        whole = {
            "queue": asdict(seen.counted),
            "sources": seen.counts(),
            "troubles": [as_json(one) for one in seen.standings if one.health.word in TROUBLES],
            "no_network": asdict(seen.outage) if seen.outage else None,
            "store": stored,
        }
        write_line(json.dumps(whole, ensure_ascii=False, default=write_time))
    else:
        _show(seen, stored)
    return PARTLY_FAILED if seen.is_alarming or seen.counted.dead else 0


def _show(seen: Look, stored: Mapping[str, int]) -> None:
    troubles = [one for one in seen.standings if one.health.word in TROUBLES]
    rows = [
        (one.source.id, (one.health.since or "")[:16], str(one.health.times or ""),
         f"{'' if one.health.word == 'failing' else f'{one.health.word}: '}{one.health.why or ''}")
        for one in troubles if not one.is_acknowledged
    ]  # fmt: skip
    if rows:
        show_table(("source", "in trouble since", "times", "why"), rows, json_lines=False)
    if seen.outage:
        say_outage(seen.outage)
    for host, rest in sorted(seen.counted.rests.items()):
        say(f"host {host} rests since {rest.since:%Y-%m-%d %H:%M}: {rest.why}")
    counts, counted = seen.counts(), seen.counted
    words = [word for word in (*_ALWAYS, *counts) if word in counts or word in _ALWAYS]
    shown = [f"{counts.get(word, 0)} {word}" for word in dict.fromkeys(words)]
    if known := sum(one.is_acknowledged for one in troubles):
        shown.append(f"trouble of {known} is acknowledged")
    summary = [
        ("sources", ", ".join(shown)),
        ("queue", f"{counted.waiting} waiting, {counted.leased} in hand, "
                  f"{counted.later} for later, {counted.dead} dead letters"),
        ("store", f"{stored['records']} records, {stored['left_out']} left out"),
        ("Redis", f"{counted.memory_bytes / 1e6:.1f} MB"),
    ]  # fmt: skip
    show_table(("what", "state"), summary, json_lines=False)
