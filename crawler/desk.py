"""A worker's desk: what it holds open while it works, and the leases it has in hand.

Promise: whatever a worker has claimed lies here until it is settled; a Redis or a disk that goes
away is waited for and said once; closing the desk gives back what was not finished, in time.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TypeVar

from scrapy.signalmanager import SignalManager

from crawler import signals
from crawler.config import Config
from crawler.errors import DependencyDown, StoreError
from crawler.events import facts
from crawler.learning import Learned
from crawler.news.cite_names import cited_outlets
from crawler.news.outlets import Homes, Outlet, homes_of, server_groups
from crawler.parse_pool import ParsePool
from crawler.patience import Patience
from crawler.robots import RobotsMemory
from crawler.storage import passes, proofs, sources, tombstones
from crawler.storage.archive import open_archive
from crawler.storage.archiving import Archivist
from crawler.storage.connection import Connection, connect
from crawler.storage.frontier import Frontier
from crawler.storage.jobs import Lease
from crawler.storage.moves import Reach
from crawler.storage.recovery import is_strange, know_each_other, recover
from crawler.storage.store import Slot, open_slot, prune_journal
from crawler.storage.writer import Writer

log = logging.getLogger(__name__)
Answer = TypeVar("Answer")

# A pass without a heartbeat is given up after 20 s, so it hears of us oftener than a lease needs.
HEARTBEAT_LIMIT_S = 5.0
# A worker ends within 30 s of being told: what is not finished by then is given back.
DRAIN_S = 18.0
DRAIN_LOOK_S = 0.25
# Between two looks at what others may have done: Redis wiped, a record forgotten.
LOOK_S = 5.0


@dataclass(slots=True)
class Desk:
    """What one worker holds open. Made by `open_desk`, ended by `close`.

    `since_ms` is when its work began, by the clock of Redis, where it is to end without network.
    """

    config: Config
    outlets: Mapping[str, Outlet]
    redis: Connection
    frontier: Frontier
    slot: Slot
    writer: Writer
    archivist: Archivist
    pool: ParsePool
    robots: RobotsMemory
    signals: SignalManager
    is_stopping: Callable[[], bool]
    patience: Patience
    learned: Learned
    homes: Homes
    pass_id: str = ""
    since_ms: int = 0
    in_hand: dict[str, Lease] = field(default_factory=dict)
    _beating: asyncio.Task[None] | None = None
    _draining: asyncio.Task[None] | None = None
    _looked_at: float = 0.0
    _pruned_on: date | None = None
    _tombstones: int = 0

    @property
    def room(self) -> int:
        """How many more jobs may be claimed: enough to keep connections and parsers busy.

        None while the disk takes no lines, and one now and then, to see whether it does again.
        """
        if not self.patience.disk_takes_lines:
            return 1 if self.patience.may_try_the_disk and not self.in_hand else 0
        return self.config.connections + 2 * self.config.parsers - len(self.in_hand)

    def take(self, leases: Sequence[Lease]) -> None:
        """Put claimed leases on the desk; the heartbeat extends them from now on."""
        self.in_hand.update((lease.name, lease) for lease in leases)

    def lay_down(self, lease: Lease) -> None:
        """Take a settled lease off the desk."""
        current = self.in_hand.get(lease.name)
        if current is not None and current.token == lease.token:
            del self.in_hand[lease.name]

    async def card(self, outlet: str | None) -> Outlet | None:
        """The card of an outlet: ours, or the one another worker registered."""
        if outlet is None:
            return None
        return self.outlets.get(outlet) or await self.patiently(
            lambda: sources.card_of(self.frontier, outlet)
        )

    async def patiently(self, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        """Ask Redis until it answers; raises DependencyDown only when told to stop meanwhile."""
        return await self.patience.ask(ask)

    async def look_around(self) -> None:
        """Now and then: let seen URLs and the journal age, and cut what was forgotten since."""
        if time.monotonic() - self._looked_at < LOOK_S:
            return
        self._looked_at, now = time.monotonic(), datetime.now(UTC)
        await self.patiently(self.frontier.rotate_seen)
        if now.date() != self._pruned_on:
            self._pruned_on = now.date()
            await asyncio.to_thread(prune_journal, self.config.data_dir, now)
        size = tombstones.size_of(self.config.data_dir)
        if size != self._tombstones:
            try:
                await self._cut_forgotten()
            except StoreError as error:
                self.patience.disk_fails(error)  # tried again at the next look
            else:
                self._tombstones = size

    async def _cut_forgotten(self) -> None:
        for tombstone in await asyncio.to_thread(tombstones.read, self.config.data_dir):
            if cut := await self.writer.remove(tombstone.id):
                log.warning("%s", facts(event="forgotten", id=tombstone.id, lines=cut))

    async def teach_strange(self) -> bool:
        """Teach a Redis that was wiped again; True when it was."""
        if not await self.patiently(lambda: is_strange(self.frontier)):
            return False
        await self.patiently(
            lambda: know_each_other(self.config.data_dir, self.frontier, self.config.revisits)
        )
        await self.patiently(lambda: proofs.share(self.config.data_dir, self.frontier))
        return True

    def start_heartbeat(self) -> None:
        """Keep the leases in hand alive from now on, and end in time when told to."""
        self._beating = asyncio.create_task(self._beat())
        self._beating.add_done_callback(_tell_if_dead)
        self._draining = asyncio.create_task(self._end_in_time())
        self._draining.add_done_callback(_tell_if_dead)

    async def _end_in_time(self) -> None:
        told_at: float | None = None
        while told_at is None or time.monotonic() - told_at < DRAIN_S:
            await asyncio.sleep(DRAIN_LOOK_S)
            if told_at is None and self.is_stopping():
                told_at = time.monotonic()
        log.warning("%s", facts(event="not_finished", jobs=len(self.in_hand)))
        await self._give_all_back()
        self.pool.close()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(min(HEARTBEAT_LIMIT_S, self.config.lease_s / 3))
            if self.pass_id:
                await self.patiently(lambda: passes.beat(self.redis, self.pass_id, self.since_ms))
            held = list(self.in_hand.values())
            deadline = time.monotonic() + self.config.lease_s
            lost = await self.patiently(lambda held=held: self.frontier.extend(held))  # type: ignore[misc]
            for lease in held:
                if lease.name in lost and self.in_hand.get(lease.name) is not lease:
                    continue  # it was settled while the heartbeat was on its way
                if lease.name in lost:
                    log.warning("%s", facts(event="lease_lost", job=lease.name))
                    self.lay_down(lease)
                else:
                    lease.extend_to(deadline)

    async def close(self) -> None:
        """Give back what was not finished, and leave."""
        for task in (self._beating, self._draining):
            if task is not None:
                task.cancel()
        self.pool.close()
        try:
            await self._give_all_back()
        finally:
            await self.writer.close()
            await self.archivist.close()
            self.slot.close()
            await self.redis.close()

    async def _give_all_back(self) -> None:
        try:
            for lease in list(self.in_hand.values()):
                await self.frontier.give_back(lease)
                self.lay_down(lease)
        except DependencyDown as error:
            left = len(self.in_hand)
            log.warning("%s", facts(event="leases_left", jobs=left, message=str(error)))


async def open_desk(
    config: Config,
    outlets: Sequence[Outlet],
    topic: tuple[str, str],
    bus: SignalManager,
    is_stopping: Callable[[], bool],
) -> Desk:
    """Open Redis, a store slot and the parse pool; reconcile what a crash left in the slot.

    Raises DependencyDown, StoreError or ConfigError.
    """
    redis = await connect(config.data_dir, config.redis_url)
    try:
        slot = await asyncio.to_thread(open_slot, config.data_dir)
        for repair in slot.repairs:
            log.warning("%s", facts(event="repaired", message=str(repair)))
        await asyncio.to_thread(prune_journal, config.data_dir, datetime.now(UTC))
        archive = open_archive(config.data_dir, slot.name) if config.archive else None
        for mended in archive.repairs if archive else ():
            log.warning("%s", facts(event="repaired", message=str(mended)))
        frontier = Frontier(redis, config.lease_s, config.host_delay_s, server_groups(outlets))
        await recover(config.data_dir, slot, frontier, config.revisits)
        await frontier.rotate_seen()
    except BaseException:
        await redis.close()
        raise
    patience = Patience(redis, is_stopping)
    return Desk(
        config=config,
        outlets={outlet.id: outlet for outlet in outlets},
        redis=redis,
        frontier=frontier,
        slot=slot,
        writer=Writer(slot, lambda s: bus.send_catch_log(signals.store_synced, duration_s=s)),
        archivist=Archivist(archive),
        pool=ParsePool(topic, config.parsers, cited=cited_outlets(outlets)),
        robots=RobotsMemory(redis),
        signals=bus,
        is_stopping=is_stopping,
        patience=patience,
        learned=Learned(redis, patience.ask),
        homes=homes_of(outlets),
    )


def _tell_if_dead(heartbeat: asyncio.Task[None]) -> None:
    if not heartbeat.cancelled() and (error := heartbeat.exception()):
        log.critical("%s", facts(event="heartbeat_ended", message=repr(error)))


def tell_network(reach: Reach) -> None:
    """Say once, over all workers, that the network went away or came back."""
    if reach.begins:
        why = "hosts cannot be reached and none answers: nothing is held against them"
        log.warning("%s", facts(event="no_network", why=why))
    if reach.tried_again:
        log.warning("%s", facts(event="network_back", tried_again=f"{reach.tried_again} hosts"))
