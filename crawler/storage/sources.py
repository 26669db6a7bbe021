"""What is remembered of a source: validators, rhythm, health; and its place in the frontier.

Promise: validators are kept only by COMMIT_FEED, after the offers of the same poll, so no ETag is
ever kept without its URLs.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from crawler.news.cadence import Rhythm
from crawler.news.outlets import Outlet, Source, outlet_from, sources_of
from crawler.news.source_states import SourceState
from crawler.storage.connection import key
from crawler.storage.frontier import BATCH, Frontier, origin_of
from crawler.storage.jobs import Job, Lease
from crawler.storage.moves import Tally
from crawler.storage.payloads import to_payload
from crawler.storage.proofs import with_proofs

# A sub-sitemap that its index no longer names is forgotten after this time.
CHILD_STATE_S = 60 * 86400


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What a poll ends with. `due_s` is when the next one is due; None: the job is done.

    `new` are the new entries that it brought, `consumed` those of its sub-sitemaps that its state
    counts by now.
    """

    state: SourceState
    due_s: float | None
    new: int = 0
    consumed: int = 0


def state_to_text(state: SourceState) -> str:
    """A state as the JSON text that Redis keeps, without what is empty."""
    told = {name: value for name, value in asdict(state).items() if value not in (None, (), {}, 0)}
    return json.dumps(told, separators=(",", ":"))


def state_from_text(text: str | None) -> SourceState:
    """Back from `state_to_text`; nothing remembered gives a fresh state."""
    if not text:
        return SourceState()
    value: dict[str, Any] = json.loads(text)
    value["rhythm"] = Rhythm(**value["rhythm"])
    value["links"] = tuple(value.get("links", ()))
    return SourceState(**value)


def source_job(source: Source, moved_to: str | None = None) -> Job:
    """The job that polls a source, again and again; at another address when it moved for good."""
    return Job(
        kind=source.kind,
        url=source.url,
        fetch_url=moved_to or source.url,
        outlet=source.outlet,
        source=source.id,
        source_url=source.url,
    )


async def register(
    frontier: Frontier,
    outlets: Sequence[Outlet],
    *,
    of_pass: str = "",
    spread_s: float = 0.0,
    wanted: Sequence[Source] | None = None,
) -> int:
    """Make every source of the outlets a job, and keep their cards. Returns how many are new.

    With `of_pass` the sources are due now; else new ones are spread over `spread_s`. `wanted` are
    the sources instead of all that are polled.
    """
    rows: list[tuple[str | int, ...]] = []
    sources = await _polled(frontier, outlets) if wanted is None else wanted
    moved = await frontier.redis.ask("HGETALL", key("moved"))
    for place, source in enumerate(sources):
        job = source_job(source, moved.get(source_job(source).name))
        due_ms = int(1000 * spread_s * place / len(sources))
        host, origin = frontier.host_of(job.fetch_url), origin_of(job.fetch_url)
        rows.append((job.name, job.kind, host, origin, to_payload(job), due_ms))
    new = 0
    for first in range(0, len(rows), BATCH):
        args = [part for row in rows[first : first + BATCH] for part in row]
        new += int(await frontier.redis.run("register", of_pass and "1", *args))
    cards = [part for outlet in outlets for part in (outlet.id, json.dumps(asdict(outlet)))]
    if cards:
        await frontier.redis.ask("HSET", key("cards"), *cards)
    return new


async def poll_now(frontier: Frontier, names: Sequence[str]) -> None:
    """Make sources due now, by the names of their jobs; whoever crawls may poll them."""
    await frontier.redis.run("poll_now", *names)


async def keep_only(frontier: Frontier, outlets: Sequence[Outlet]) -> int:
    """Drop the sources that the catalogue no longer names. Returns how many went."""
    names = [source_job(source).name for source in await _polled(frontier, outlets)]
    return int(await frontier.redis.run("drop_sources", *names))


async def _polled(frontier: Frontier, outlets: Sequence[Outlet]) -> list[Source]:
    proven = await with_proofs(frontier, outlets)
    return [source for outlet in proven for source in sources_of(outlet)]


async def card_of(frontier: Frontier, outlet: str) -> Outlet | None:
    """The card that another worker registered, for an outlet that is not in our catalogue."""
    text = await frontier.redis.ask("HGET", key("cards"), outlet)
    if text is None:
        return None
    return outlet_from(json.loads(text))


async def load_state(frontier: Frontier, name: str) -> SourceState:
    """What is remembered of a source or sub-sitemap, by the name of its job."""
    counted = ("state", "stuck", "brought")
    text, stuck, brought = await frontier.redis.ask("HMGET", key("source", name), *counted)
    return replace(state_from_text(text), stuck=int(stuck or 0), brought=int(brought or 0))


async def where_it_waits(frontier: Frontier, source: Source) -> str:
    """The host at which a source is asked for next: its own, or that to which it redirects."""
    host = await frontier.redis.ask("HGET", key("job", source_job(source).name), "h")
    return host or frontier.host_of(source.url)


async def commit(frontier: Frontier, lease: Lease, polled: Polled, tally: Tally) -> bool:
    """End a poll: keep its state and say when it is due again.

    The source is asked for at `state.moved_to` from then on, when that is set. What a sub-sitemap
    brought is counted at its index. False when the lease is not ours any more.
    """
    job, due_s, moved_to = lease.job.at_home(), polled.due_s, polled.state.moved_to
    home = replace(job, fetch_url=moved_to or job.url)
    moves = due_s is not None and home.fetch_url != job.fetch_url
    address = (to_payload(home), frontier.host_of(home.fetch_url), origin_of(home.fetch_url))
    is_child = job.found is not None and job.source
    done = await frontier.redis.run(
        "commit",
        lease.name,
        lease.token,
        int(frontier.pause_s * 1000),
        json.dumps(dict(tally)) if tally else "",
        lease.name,
        -1 if due_s is None else int(due_s * 1000),
        CHILD_STATE_S if due_s is None else 0,
        *(address if moves else ("", "", "")),
        moved_to or "",
        f"s:{job.source}" if is_child else "",
        polled.new,
        polled.consumed,
        "state",
        state_to_text(polled.state),
    )
    return bool(done)
