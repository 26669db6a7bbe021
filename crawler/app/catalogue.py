"""`tumen outlets`: the catalogue and the health of its sources.

Promise: it lists what a crawl would poll, and says of every source whether it worked here.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict

import click

from crawler.app import options
from crawler.app.discover import discover
from crawler.app.exchange import export_outlets, import_outlets
from crawler.app.own_cards import add_outlets, disable, enable
from crawler.app.status import look_at_sources
from crawler.app.terminal import say, show_table, write_line
from crawler.app.unlearning import unlearn
from crawler.news.outlets import (
    Outlet,
    all_sources_of,
    doubtful_sources_of,
    select,
    sources_of,
)
from crawler.storage.catalogue import load_catalogue


@click.group(epilog="Example: tumen outlets list --country KR")
def outlets() -> None:
    """The catalogue and the health of its sources."""


for command in (add_outlets, enable, disable, discover, import_outlets, export_outlets, unlearn):
    outlets.add_command(command)


@outlets.command("list", epilog="Example: tumen outlets list --language ko --kind wire --health")
@click.option("--country", metavar="CC", multiple=True, help="Only outlets of this country.")
@click.option("--language", metavar="TAG", multiple=True, help="Only outlets in this language.")
@click.option("--kind", metavar="KIND", multiple=True, help="Only outlets of this kind.")
@click.option("--scope", metavar="SCOPE", multiple=True, help="Only outlets about this.")
@click.option("--only", metavar="ID", multiple=True, help="Only this outlet (repeatable).")
@click.option("--all", "with_disabled", is_flag=True, help="Those that are switched off, too.")
@click.option("--health", is_flag=True, help="One row per source, with its health.")
@options.catalogue
@options.where
@options.as_json
def list_outlets(
    country: tuple[str, ...],
    language: tuple[str, ...],
    kind: tuple[str, ...],
    scope: tuple[str, ...],
    only: tuple[str, ...],
    with_disabled: bool,
    health: bool,
    outlet_paths: tuple[str, ...],
    data: str | None,
    redis_url: str | None,
    json_lines: bool,
) -> None:
    """List the outlets that a crawl would poll, and count them.

    A source that is marked with ? is doubtful: it is not polled until it has been seen to answer.
    """
    config = options.config_of(data=data, redis_url=redis_url, outlet_paths=outlet_paths)
    catalogue = load_catalogue(config.outlets, config.data_dir)
    chosen = select(
        catalogue,
        only=only or [outlet.id for outlet in catalogue if with_disabled],
        countries=country,
        kinds=kind,
        languages=language,
        scopes=scope,
    )
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
            f"{outlet.country} {outlet.language}",
            f"{outlet.kind}, {outlet.scope}",
            _sources(outlet),
        )
        for outlet in chosen
    ]
    columns = ("id", "name", "where", "kind, scope", "sources")
    show_table(columns, rows, json_lines=False)
    polled = sum(len(sources_of(outlet)) for outlet in chosen if outlet.enabled)
    say(f"{len(chosen)} outlets, {polled} sources to poll")
    show_table(("by", "count"), _counts(chosen), json_lines=False, on_stderr=True)


def _sources(outlet: Outlet) -> str:
    counted = Counter(source.kind for source in sources_of(outlet))
    shown = [_counted(kind, n) for kind, n in counted.items()]
    doubtful = Counter(source.kind for source in doubtful_sources_of(outlet))
    shown += [f"{_counted(kind, n)}?" for kind, n in doubtful.items()]
    if outlet.searches:
        shown.append(_counted("search", len(outlet.searches)))
    return ", ".join(shown if outlet.enabled else ["off", *shown])


def _counted(word: str, n: int) -> str:
    return word if n == 1 else f"{n} {word}{'es' if word == 'search' else 's'}"


def _counts(chosen: Iterable[Outlet]) -> list[tuple[str, str]]:
    """How many outlets there are of each country, language ..., and sources of each confidence."""
    outlets = list(chosen)
    counted: dict[str, Counter[str]] = {
        "country": Counter(outlet.country for outlet in outlets),
        "language": Counter(outlet.language for outlet in outlets),
        "kind": Counter(outlet.kind for outlet in outlets),
        "scope": Counter(outlet.scope for outlet in outlets),
        "confidence": Counter(
            source.confidence for outlet in outlets for source in all_sources_of(outlet)
        ),
    }
    return [
        (by, ", ".join(f"{word} {n}" for word, n in count.most_common()))
        for by, count in counted.items()
    ]
