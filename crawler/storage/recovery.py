"""After a crash, or with another Redis: store and frontier are brought to know each other again.

Promise: a line that a dead worker left behind is counted once or cut; a Redis that lost its memory
is taught again from the store, one that remembers a store that is gone forgets it, and what was
done is said; a Redis that belongs to another store is refused, never mixed in.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

from crawler.errors import ConfigError
from crawler.events import facts
from crawler.storage import proofs
from crawler.storage.connection import PREFIX, VERSION, key, version_of
from crawler.storage.frontier import BATCH, Frontier
from crawler.storage.layout import FOLDERS, PACKED_SLOT, files_of, read_name
from crawler.storage.reindexing import Taught, plan_visit, reindex
from crawler.storage.store import Slot, iter_lines, open_slot_of, read_line, store_identity

log = logging.getLogger(__name__)

# At most this many lines of a worker are not settled: the leases in hand of the largest allowed
# setting (1,000 connections and 256 parsers).
TAIL_LINES = 1600


async def recover(
    data_dir: Path, slot: Slot, frontier: Frontier, revisits: Sequence[float]
) -> None:
    """Make a slot ready: identity checked, memory rebuilt when lost, its tail reconciled."""
    await know_each_other(data_dir, frontier, revisits)
    await proofs.share(data_dir, frontier)
    await reconcile_tail(slot, frontier, revisits)


async def know_each_other(data_dir: Path, frontier: Frontier, revisits: Sequence[float]) -> None:
    """Check that Redis and data folder belong together; raises ConfigError when they do not.

    A Redis that knows no store is taught. The embedded one belongs to its folder: when the store in
    there is another, the former is gone, and so is one of which not a line is left.
    """
    store_id = store_identity(data_dir)
    known = await frontier.redis.ask("GET", key("store"))
    if known not in (None, store_id) and frontier.redis.hold is None:
        raise ConfigError(
            f"Redis belongs to store {known}, the data folder {data_dir} is store {store_id}. "
            "Use the Redis of this folder (or an empty one), or the folder of that store. When "
            "that store is gone: tumen store reindex --take-over"
        )
    if known not in (None, store_id):
        _say_forgets("Redis remembers a store that was in this folder before: it forgets that one")
        await wipe(frontier)
    elif known and (version := await version_of(frontier.redis)) < VERSION:
        _say_forgets(
            f"Redis is of version {version} of its keys, this Tumen writes {VERSION}: it is taught "
            "anew from the store"
        )
        await wipe(frontier)
    elif known and await _is_hollow(data_dir, frontier):
        _say_forgets(
            "the store is empty, but Redis remembers records of it: it forgets them, and what the "
            "sources still list is fetched again"
        )
        await wipe(frontier)
    elif known:
        return
    taught = await reindex(data_dir, frontier, revisits)
    if taught != Taught():
        message = (
            f"Redis knew nothing of this store; taught: {taught}. What had only waited (pages, "
            "retries, dead letters, the rhythm of the sources) is announced anew by the sources"
        )
        log.warning("%s", facts(event="redis_taught", message=message))
    await _sign(frontier, store_id)


async def take_over(data_dir: Path, frontier: Frontier, revisits: Sequence[float]) -> Taught:
    """Let Redis forget whatever store it knows, and teach it this one."""
    await wipe(frontier)
    taught = await reindex(data_dir, frontier, revisits)
    await _sign(frontier, store_identity(data_dir))
    return taught


async def _sign(frontier: Frontier, store_id: str) -> None:
    """Write down whose Redis this is and how it is to be read."""
    await frontier.redis.ask("MSET", key("store"), store_id, key("version"), VERSION)


async def is_strange(frontier: Frontier) -> bool:
    """Whether this Redis knows of no store: it is new, or it was wiped."""
    return await frontier.redis.ask("GET", key("store")) is None


async def wipe(frontier: Frontier) -> None:
    """Remove all that Tumen keeps in this Redis; tokens given out before never match again."""
    cursor = "0"
    while True:
        cursor, names = await frontier.redis.ask(
            "SCAN", cursor, "MATCH", f"{PREFIX}*", "COUNT", BATCH
        )
        if names:
            await frontier.redis.ask("UNLINK", *names)
        if str(cursor) == "0":
            return


async def settle_left_slots(data_dir: Path, frontier: Frontier, revisits: Sequence[float]) -> None:
    """Reconcile every slot whose worker is not running, as its next start would."""
    await know_each_other(data_dir, frontier, revisits)
    names = (read_name(Path(file).name) for file in files_of(data_dir, "articles"))
    for name in sorted({named.slot for named in names if named} - {PACKED_SLOT}):
        slot = open_slot_of(data_dir, name)
        if slot is not None:
            try:
                await reconcile_tail(slot, frontier, revisits)
            finally:
                slot.close()


async def reconcile_tail(slot: Slot, frontier: Frontier, revisits: Sequence[float]) -> None:
    """Settle or cut the lines that this slot's last owner wrote and may not have settled."""
    # From the end on, so that a cut moves no line that is still to be looked at.
    waiting = slot.tail(TAIL_LINES)[::-1]
    while waiting:
        verdicts = await frontier.adopt([(line.id, line.revision) for line in waiting], slot.name)
        told = list(zip(waiting, verdicts, strict=True))
        for line in [line for line, verdict in told if verdict == "ours"]:
            await plan_visit(read_line(slot.data_dir, line.place), slot.name, frontier, revisits)
        for line in [line for line, verdict in told if verdict == "other"]:
            slot.cut(line.place)
            why = "settled elsewhere"
            log.warning("%s", facts(event="cut", id=line.id, slot=slot.name, why=why))
        waiting = [line for line, verdict in told if verdict == "wait"]
        if waiting:
            await asyncio.sleep(0.5)


def _say_forgets(message: str) -> None:
    log.warning("%s", facts(event="redis_forgets", message=message))


async def _is_hollow(data_dir: Path, frontier: Frontier) -> bool:
    """Whether Redis knows of a stored record, and the folder holds no line of anything."""
    if any(True for folder in FOLDERS for _ in iter_lines(data_dir, folder)):
        return False
    cursor = "0"
    while True:
        cursor, rows = await frontier.redis.ask("HSCAN", key("held"), cursor, "COUNT", BATCH)
        texts = rows.values() if isinstance(rows, Mapping) else rows[1::2]
        if any(json.loads(text)["state"] == "stored" for text in texts):
            return True
        if str(cursor) == "0":
            return False
