"""One round of the alerts: look at the store and the sources, then send what is due.

Promise: what cannot be done now (a receiver, Redis, the store) is told, costs the rest nothing and
is done in a later round.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from crawler.app.delivering import deliver
from crawler.app.standing import look as look_at
from crawler.config import Config
from crawler.errors import BrokenLine, ConfigError, TumenError
from crawler.news.alerts import SourceHealth
from crawler.news.messages import Message, compose
from crawler.news.outlets import Outlet, sources_of
from crawler.news.pacing import Waiting, next_batch
from crawler.news.watches import Watch, Watches
from crawler.storage import deliveries
from crawler.storage.catalogue import load_catalogue
from crawler.storage.gathering import Houses, houses_of
from crawler.storage.layout import Place
from crawler.storage.library import Library, open_library
from crawler.storage.noticing import items_of, notice, notice_health
from crawler.storage.outbox import Outbox
from crawler.storage.watch_files import defined_at, load_watches, path_of, url_of

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """The alerts of one store: its settings, catalogue, file of alerts and what is in it."""

    config: Config
    catalogue: tuple[Outlet, ...]
    path: Path
    watches: Watches
    defined: datetime

    @property
    def houses(self) -> Houses:
        """The houses of the catalogue."""
        return houses_of(self.catalogue)


@dataclass(slots=True)
class Sum:
    """What a round did."""

    noticed: int = 0
    sent: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def now_utc() -> datetime:
    """The time, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def open_post(config: Config) -> Post | None:
    """The alerts that are set up; None where there is no file, ConfigError for a wrong one."""
    path = path_of(config.alerts, config.data_dir)
    if path is None:
        return None
    catalogue = load_catalogue(config.outlets, config.data_dir)
    watches = load_watches(path, [outlet.id for outlet in catalogue])
    return Post(
        config=config, catalogue=catalogue, path=path, watches=watches, defined=defined_at(path)
    )


def look(post: Post, outbox: Outbox, now: datetime) -> int:
    """Note what the store has to tell. Returns how many alerts are new."""
    watches = [watch for watch in post.watches.watches if watch.on != "health"]
    deliveries.drop_strangers(outbox, {watch.name for watch in post.watches.watches}, now)
    if not watches:
        return 0
    houses = post.houses
    with open_library(post.config.data_dir, on_broken=_leave_out) as library:
        return sum(
            notice(
                library, outbox, watch, houses,
                defined=post.defined, now=now, zone=post.watches.zone,
            )
            for watch in watches
        )  # fmt: skip


def look_at_health(post: Post, outbox: Outbox, now: datetime) -> int:
    """Note what there is to tell of sources; asks Redis, when some watch wants it."""
    watches = [watch for watch in post.watches.watches if watch.on == "health"]
    if not watches:
        return 0
    outlets = [outlet for outlet in post.catalogue if outlet.enabled]
    sources = _health_of(post.config, outlets)
    return sum(
        notice_health(outbox, watch, sources, defined=post.defined, now=now, zone=post.watches.zone)
        for watch in watches
    )


def send_due(post: Post, outbox: Outbox, clock: Clock) -> Sum:
    """Send what is due to every target; one that fails is left until its pause is over."""
    done = Sum()
    for name in post.watches.targets:
        try:
            _send_to(post, outbox, name, clock, done)
        except TumenError as error:
            done.problems.append(str(error))
    return done


def _send_to(post: Post, outbox: Outbox, target: str, clock: Clock, done: Sum) -> None:
    rests = deliveries.rests_until(outbox, target)
    if rests is not None and rests > clock():
        return
    digests = {watch.name for watch in post.watches.watches if watch.send != "at once"}
    while waiting := deliveries.due(outbox, target, clock()):
        batch = next_batch(waiting, digests)
        name = deliveries.begin_message(outbox, target, batch, clock())
        with open_library(post.config.data_dir, on_broken=_leave_out) as library:
            message, gone = _message(post, outbox, library, name, batch)
        deliveries.note_dropped(outbox, gone, clock())
        if message is None:
            continue
        why = _try(post, target, message)
        if why is not None:
            deliveries.note_failed(outbox, target, name, why, clock())
            done.failed.append((target, why))
            return
        deliveries.note_sent(outbox, target, name, clock())
        done.sent += 1


def _message(
    post: Post,
    outbox: Outbox,
    library: Library,
    name: str,
    batch: Sequence[Waiting],
) -> tuple[Message | None, list[int]]:
    """What a batch says, and the deliveries of which there is nothing to say any more."""
    watch = post.watches.named(batch[0].watch) or Watch(name=batch[0].watch)
    items = items_of(library, post.houses, watch, deliveries.told_of(outbox, batch))
    gone = [one.number for one, item in zip(batch, items, strict=True) if item is None]
    kept = [item for item in items if item is not None]
    if not kept:
        return None, gone
    return compose(watch, name, kept, full_text=post.config.full_text), gone


def _try(post: Post, target: str, message: Message) -> str | None:
    try:
        url = url_of(post.watches.targets[target], post.path.parent, os.environ)
        return deliver(url, message, post.config.allow_networks)
    except ConfigError as error:
        return str(error)


def _health_of(config: Config, outlets: Sequence[Outlet]) -> list[SourceHealth]:
    owner = {source.id: outlet for outlet in outlets for source in sources_of(outlet)}
    sources = (source for outlet in outlets for source in sources_of(outlet))
    return [
        SourceHealth(
            source=one.source.id,
            outlet=one.source.outlet,
            country=owner[one.source.id].country,
            language=owner[one.source.id].language,
            health=one.health.word,
            since=one.health.since or one.state.polled_at,
            why=one.health.why,
        )
        for one in look_at(config, sources).standings
        if not one.is_acknowledged
    ]


def _leave_out(place: Place, error: BrokenLine) -> None:
    # `tumen store verify` tells of them; an alert is not the place.
    log.debug("%s: %s", place.file, error)
