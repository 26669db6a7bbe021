"""`tumen status`: queue, sources and store at a glance.

Promise: what does not work is shown first, with the reason and since when.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace

import click

from crawler.app import options
from crawler.app.terminal import say, show_table, write_line
from crawler.config import Config
from crawler.news.jsonl import write_time
from crawler.news.outlets import Outlet, sources_of
from crawler.news.source_states import SourceState
from crawler.storage import census
from crawler.storage.catalogue import load_catalogue
from crawler.storage.connection import connect
from crawler.storage.frontier import Frontier
from crawler.storage.sources import load_state, source_job
from crawler.storage.store import count_lines

PARTLY_FAILED = 1
_TROUBLE = ("failing", "retired")
# Words are shown in this order; the last two only when there is something to say.
_ALWAYS, _SOMETIMES = ("working", "failing", "unproven"), ("moved", "retired")


@click.command(epilog="Example: tumen status --data data")
@options.catalogue
@options.where
@options.as_json
def status(
    outlet_paths: tuple[str, ...], data: str | None, redis_url: str | None, json_lines: bool
) -> int:
    """Show what waits, what works, what does not and since when."""
    config = options.config_of(data=data, redis_url=redis_url, outlet_paths=outlet_paths)
    outlets = [
        outlet for outlet in load_catalogue(config.outlets, config.data_dir) if outlet.enabled
    ]
    counted, states = asyncio.run(_look(config, outlets))
    health = Counter(state.health for _source, state in states)
    stored = {
        "records": count_lines(config.data_dir, "articles"),
        "left_out": count_lines(config.data_dir, "dropped"),
    }
    if json_lines:
        whole = {"queue": asdict(counted), "sources": dict(health), "store": stored}
        write_line(json.dumps(whole, ensure_ascii=False, default=write_time))
    else:
        _show(counted, states, health, stored)
    return PARTLY_FAILED if any(health[word] for word in _TROUBLE) or counted.dead else 0


def _show(
    counted: census.Census,
    states: list[tuple[str, SourceState]],
    health: Counter[str],
    stored: dict[str, int],
) -> None:
    failing = [
        (name, state.failing_since or "", str(state.failures or state.stuck), state.trouble or "")
        for name, state in states
        if state.health in _TROUBLE
    ]
    if failing:
        show_table(("source", "failing since", "times", "why"), failing, json_lines=False)
    for host, rest in sorted(counted.rests.items()):
        say(f"host {host} rests since {rest.since:%Y-%m-%d %H:%M}: {rest.why}")
    words = [*_ALWAYS, *(word for word in _SOMETIMES if health[word])]
    rows = [
        ("sources", ", ".join(f"{health[word]} {word}" for word in words)),
        ("queue", f"{counted.waiting} waiting, {counted.leased} in hand, "
                  f"{counted.later} for later, {counted.dead} dead letters"),
        ("store", f"{stored['records']} records, {stored['left_out']} left out"),
        ("Redis", f"{counted.memory_bytes / 1e6:.1f} MB"),
    ]  # fmt: skip
    show_table(("what", "state"), rows, json_lines=False)


async def _look(
    config: Config, outlets: Sequence[Outlet]
) -> tuple[census.Census, list[tuple[str, SourceState]]]:
    redis = await connect(config.data_dir, config.redis_url)
    try:
        frontier = Frontier(redis, config.lease_s, config.host_delay_s)
        counted = await census.take(redis)
        return counted, await states_of(frontier, outlets, counted.rests)
    finally:
        await redis.close()


async def look_at_sources(
    config: Config, outlets: Sequence[Outlet]
) -> list[tuple[str, SourceState]]:
    """What is remembered of every source of these outlets: (source id, state)."""
    return (await _look(config, outlets))[1]


async def states_of(
    frontier: Frontier, outlets: Sequence[Outlet], rests: Mapping[str, census.Rest]
) -> list[tuple[str, SourceState]]:
    """What is remembered of every source of these outlets, given the hosts that rest."""
    states = []
    for source in (source for outlet in outlets for source in sources_of(outlet)):
        state = await load_state(frontier, source_job(source).name)
        rest = rests.get(frontier.host_of(source.url))
        states.append((source.id, _held_up(state, rest) if rest else state))
    return states


def _held_up(state: SourceState, rest: census.Rest) -> SourceState:
    # A source is not even asked while its host rests: it fails for its host's reason.
    return replace(
        state,
        failures=max(1, state.failures),
        failing_since=state.failing_since or write_time(rest.since),
        why=state.why or rest.why,
    )
