"""`tumen outlets`: the catalogue and the health of its sources.

Promise: it lists what a crawl would poll, and says of every source whether it worked here.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict

import click

from crawler.app import options
from crawler.app.status import look_at_sources
from crawler.app.terminal import say, show_table, write_line
from crawler.news.outlets import Outlet, select, sources_of
from crawler.storage.catalogue import load_catalogue


@click.group(epilog="Example: tumen outlets list --country KR")
def outlets() -> None:
    """The catalogue and the health of its sources."""


@outlets.command("list", epilog="Example: tumen outlets list --kind wire --health")
@click.option("--country", metavar="CC", multiple=True, help="Only outlets of this country.")
@click.option("--kind", metavar="KIND", multiple=True, help="Only outlets of this kind.")
@click.option("--only", metavar="ID", multiple=True, help="Only this outlet (repeatable).")
@click.option("--health", is_flag=True, help="One row per source, with its health.")
@options.catalogue
@options.where
@options.as_json
def list_outlets(
    country: tuple[str, ...],
    kind: tuple[str, ...],
    only: tuple[str, ...],
    health: bool,
    outlet_paths: tuple[str, ...],
    data: str | None,
    redis_url: str | None,
    json_lines: bool,
) -> None:
    """List the outlets that a crawl would poll."""
    config = options.config_of(data=data, redis_url=redis_url, outlet_paths=outlet_paths)
    chosen = select(load_catalogue(config.outlets), only=only, countries=country, kinds=kind)
    if health:
        states = asyncio.run(look_at_sources(config, chosen))
        rows = [
            (name, state.health, state.news_at or "", state.trouble or "") for name, state in states
        ]
        show_table(("source", "health", "last news", "why"), rows, json_lines=json_lines)
    elif json_lines:
        for outlet in chosen:
            write_line(json.dumps(asdict(outlet), ensure_ascii=False))
    else:
        _show(chosen)


def _show(chosen: Sequence[Outlet]) -> None:
    rows = [
        (
            outlet.id,
            outlet.name,
            outlet.country,
            outlet.language,
            outlet.kind,
            outlet.scope,
            " ".join(source.kind for source in sources_of(outlet)),
        )
        for outlet in chosen
    ]
    columns = ("id", "name", "country", "language", "kind", "scope", "sources")
    show_table(columns, rows, json_lines=False)
    sources = sum(len(sources_of(outlet)) for outlet in chosen)
    say(f"{len(chosen)} outlets, {sources} sources")
