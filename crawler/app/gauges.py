"""What all workers share, looked at when Prometheus asks: queue, sources, store, disk.

Every worker of a store tells the same here, so rules take the max or min over workers.

Promise: what cannot be looked at (Redis away, disk gone) is absent and said by tumen_redis_up and
tumen_store_writable; the rest is told all the same.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from crawler.app.standing import Standing, standings_of
from crawler.desk import Desk
from crawler.errors import DependencyDown, StoreError
from crawler.news.jsonl import read_time
from crawler.news.outlets import Outlet, sources_of
from crawler.storage import census, source_notes
from crawler.storage.observing import Holdings, ask_redis, take_stock, try_disk

# Prometheus waits 10 s for all of it.
PATIENCE_S = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What was seen at one moment; None is what could not be seen. Troubles are in words."""

    queue: census.Census | None = None
    oldest_s: float | None = None
    sources: Sequence[Standing] = ()
    holdings: Holdings | None = None
    redis_trouble: str | None = None
    disk_trouble: str | None = None


async def look(desk: Desk, outlets: Sequence[Outlet]) -> View:
    """See all there is to see. Never raises for what is away."""
    notes = await asyncio.to_thread(source_notes.read, desk.config.data_dir)
    polled = [source for outlet in outlets for source in sources_of(outlet)]
    view = View(
        holdings=await asyncio.to_thread(_holdings_of, desk),
        disk_trouble=await asyncio.to_thread(_disk_trouble, desk),
        redis_trouble=await _redis_trouble(desk),
    )
    if view.redis_trouble is not None:
        return view
    try:
        async with asyncio.timeout(PATIENCE_S):
            queue = await census.take(desk.redis)
            return replace(
                view,
                queue=queue,
                oldest_s=await census.oldest_s(desk.redis),
                sources=await standings_of(desk.frontier, polled, queue.rests, notes),
            )
    except (DependencyDown, TimeoutError):
        return view  # it went while it was asked; the next scrape says so


async def trouble_of(desk: Desk) -> tuple[str, ...]:
    """Why this worker cannot do its work now, in words; nothing when it can."""
    troubles = (await _redis_trouble(desk), await asyncio.to_thread(_disk_trouble, desk))
    return tuple(trouble for trouble in troubles if trouble)


async def _redis_trouble(desk: Desk) -> str | None:
    try:
        async with asyncio.timeout(PATIENCE_S):
            await ask_redis(desk.redis)
    except DependencyDown as error:
        return str(error)
    except TimeoutError:
        return f"Redis did not answer within {PATIENCE_S:.0f} s"
    return None


def _disk_trouble(desk: Desk) -> str | None:
    try:
        try_disk(desk.config.data_dir)
    except StoreError as error:
        return str(error)
    if not desk.patience.disk_takes_lines:
        return "the disk took no line when it was last tried"
    return None


def _holdings_of(desk: Desk) -> Holdings | None:
    try:
        return take_stock(desk.config.data_dir)
    except (OSError, StoreError):
        return None  # tumen_store_writable, or tumen store verify, tells why


class ViewCollector(Collector):
    """A view as families of gauges."""

    def __init__(self, view: View) -> None:
        self.view = view

    def collect(self) -> Iterable[Metric]:
        view = self.view
        yield _gauge("tumen_redis_up", "Redis takes writes", view.redis_trouble is None)
        yield _gauge("tumen_store_writable", "The store takes lines", view.disk_trouble is None)
        if view.queue is not None:
            yield from _queue(view.queue, view.oldest_s or 0.0)
            yield from _sources(view.sources)
        if view.holdings is not None:
            yield from _holdings(view.holdings)


def _queue(queue: census.Census, oldest_s: float) -> Iterator[Metric]:
    counts = {
        "due": queue.waiting,
        "leased": queue.leased,
        "later": queue.later,
        "dead": queue.dead,
    }
    yield _by("tumen_queue_items", "Jobs by where they are", "state", counts)
    yield _gauge(
        "tumen_queue_oldest_item_age_seconds",
        "For how long the job whose turn came first has been waiting for a worker",
        oldest_s,
    )
    yield _gauge("tumen_hosts_resting", "Hosts that are not visited for now", len(queue.rests))
    yield _gauge("tumen_redis_used_bytes", "Memory that Redis uses", queue.memory_bytes)


def _sources(sources: Sequence[Standing]) -> Iterator[Metric]:
    counted = Counter(_word(one) for one in sources)
    yield _by("tumen_sources", "Sources by their health", "health", counted)
    health = GaugeMetricFamily(
        "tumen_source_health",
        "The health of a source: 1 for the word that is true",
        labels=["source", "health"],
    )
    for one in sources:
        health.add_metric([one.source.id, _word(one)], 1)
    yield health
    yield _by(
        "tumen_source_consecutive_failures",
        "Polls that failed in a row",
        "source",
        {one.source.id: one.state.failures for one in sources},
    )
    yield _by(
        "tumen_source_last_success_timestamp_seconds",
        "When a poll of the source last worked",
        "source",
        {s.source.id: _epoch(s.state.worked_at) for s in sources if s.state.worked_at},
    )
    yield _by(
        "tumen_source_last_new_item_timestamp_seconds",
        "When the source last announced something new",
        "source",
        {s.source.id: _epoch(s.state.news_at) for s in sources if s.state.news_at},
    )


def _word(one: Standing) -> str:
    # Rules that sound the alarm for a word of trouble keep still over what somebody knows of.
    return "acknowledged" if one.is_acknowledged else one.health.word


def _holdings(holdings: Holdings) -> Iterator[Metric]:
    yield _by("tumen_store_bytes", "Size of the data folder", "part", holdings.sizes)
    yield _gauge("tumen_disk_bytes", "Size of the disk of the store", holdings.disk_bytes)
    yield _gauge("tumen_disk_free_bytes", "Room on the disk of the store", holdings.free_bytes)
    if holdings.last_record_at is not None:
        yield _gauge(
            "tumen_store_last_record_timestamp_seconds",
            "When the newest record was fetched; without any, when the store was made",
            _seconds(holdings.last_record_at),
        )


def _gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(name, what, value=float(value))


def _by(name: str, what: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, what, labels=[label])
    for word, value in values.items():
        family.add_metric([word], value)
    return family


def _epoch(stamp: str) -> float:
    return _seconds(read_time(stamp))


def _seconds(at: datetime) -> float:
    return at.timestamp()
