"""How the sources of a catalogue stand: what `status`, `outlets list --health` and `check` show.

Promise: all of them say the same of a source at the same moment, and sound the alarm by one rule:
for trouble that nobody has acknowledged, and never for what has only not been proven yet.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from crawler.app.terminal import say, show_table, write_json
from crawler.config import Config
from crawler.news.health import TROUBLES, WORDS, Health, health_of, is_acknowledged
from crawler.news.jsonl import write_time
from crawler.news.outlets import Outlet, Source, all_sources_of
from crawler.news.source_states import SourceState
from crawler.storage import census, source_notes
from crawler.storage.connection import connect
from crawler.storage.frontier import Frontier
from crawler.storage.sources import load_state, source_job, where_it_waits

DOUBTFUL = "doubtful: not polled until it has answered a check"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One source: what is remembered of it, how it does, and whether somebody knows already."""

    source: Source
    state: SourceState
    health: Health
    is_acknowledged: bool

    @property
    def is_alarming(self) -> bool:
        """Whether somebody has to look at it."""
        return self.health.word in TROUBLES and not self.is_acknowledged


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Everything at one moment. `outage` is there while there is no network."""

    counted: census.Census
    outage: census.Outage | None
    standings: Sequence[Standing]

    @property
    def is_alarming(self) -> bool:
        """Whether somebody has to look at the sources, or at the network."""
        return self.outage is not None or any(one.is_alarming for one in self.standings)

    def counts(self) -> dict[str, int]:
        """How many sources there are of each word, the best first."""
        found = Counter(one.health.word for one in self.standings)
        return {word: found[word] for word in reversed(WORDS) if found[word]}


def look(config: Config, sources: Iterable[Source]) -> Look:
    """See how these sources stand."""
    return asyncio.run(ask(config, list(sources)))


def sources_known(outlets: Iterable[Outlet]) -> list[Source]:
    """All sources of these outlets, the doubtful ones too."""
    return [source for outlet in outlets for source in all_sources_of(outlet)]


async def standings_of(
    frontier: Frontier,
    sources: Iterable[Source],
    rests: Mapping[str, census.Rest],
    notes: source_notes.Notes,
) -> list[Standing]:
    """How these sources stand, given the hosts that rest and what users noted."""
    now, standings = datetime.now(UTC), []
    for source in sources:
        state = await load_state(frontier, source_job(source).name)
        rest = rests.get(await where_it_waits(frontier, source))
        health = _health(source, state, rest, now)
        known = _is_known(notes, source, health, state, now)
        standings.append(Standing(source=source, state=state, health=health, is_acknowledged=known))
    return standings


async def ask(config: Config, sources: Sequence[Source]) -> Look:
    """The same for who runs a loop already. Raises DependencyDown without Redis."""
    notes = source_notes.read(config.data_dir)
    redis = await connect(config.data_dir, config.redis_url)
    try:
        frontier = Frontier(redis, config.lease_s, config.host_delay_s)
        counted = await census.take(redis)
        standings = await standings_of(frontier, sources, counted.rests, notes)
        return Look(counted=counted, outage=await census.outage(redis), standings=standings)
    finally:
        await redis.close()


def _health(source: Source, state: SourceState, rest: census.Rest | None, now: datetime) -> Health:
    health = health_of(state, now)
    if rest is not None and rest.is_for_robots and health.word not in ("retired", "failing"):
        # It is not even asked while its host rests: it fails for its host's reason.
        health = Health(word="failing", since=write_time(rest.since), times=1, why=rest.why)
    if source.confidence == "low" and not state.worked_at:
        why = health.why if health.word != "unproven" else DOUBTFUL
        return replace(health, word="unproven", why=why)
    return health


def _is_known(
    notes: source_notes.Notes, source: Source, health: Health, state: SourceState, now: datetime
) -> bool:
    noted = notes.acknowledged.get(source.id)
    return (
        noted is not None and health.word in TROUBLES and is_acknowledged(noted, health, state, now)
    )


def show_standings(standings: Iterable[Standing]) -> None:
    """One row per source, the gravest last, where the eye is when a command has ended."""
    ordered = sorted(standings, key=lambda one: -WORDS.index(one.health.word))
    rows = [
        (
            one.source.id,
            _word(one),
            (one.health.since or one.state.news_at or "")[:10],
            one.health.why or "",
        )
        for one in ordered
    ]
    show_table(("source", "health", "since", "why"), rows, json_lines=False)


def write_standings(standings: Iterable[Standing]) -> None:
    """The same as JSON, one object per source."""
    for one in standings:
        write_json(as_json(one))


def as_json(one: Standing) -> Mapping[str, Any]:
    """A standing as plain values."""
    return {
        "source": one.source.id,
        "outlet": one.source.outlet,
        "kind": one.source.kind,
        "url": one.source.url,
        "health": one.health.word,
        "since": one.health.since,
        "times": one.health.times,
        "why": one.health.why,
        "acknowledged": one.is_acknowledged,
        "last_news": one.state.news_at,
        "last_poll": one.state.polled_at,
        "last_worked": one.state.worked_at,
        "entries": one.state.entries,
    }


def say_outage(outage: census.Outage) -> None:
    """Say that there is no network, and what that means."""
    since = f" since {outage.since:%Y-%m-%d %H:%M}" if outage.since else ""
    say(
        f"no network: nobody has answered{since}, {outage.hosts} hosts were asked. Nothing is held "
        "against the sources; they are asked again by themselves when one answers"
    )


def _word(one: Standing) -> str:
    return f"{one.health.word}, known" if one.is_acknowledged else one.health.word
