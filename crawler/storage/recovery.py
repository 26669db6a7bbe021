"""After a crash, or with another Redis: store and frontier are brought to know each other again.

Promise: a line that a dead worker left behind is counted once or cut; a Redis that lost its memory
is taught again from the store; a Redis that belongs to another store is refused, never mixed in.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crawler.errors import BrokenLine, ConfigError
from crawler.news.urls import canonical_url
from crawler.storage.connection import key
from crawler.storage.frontier import BATCH, Frontier
from crawler.storage.store import Place, Slot, iter_journal, iter_records, store_identity

log = logging.getLogger(__name__)

# A worker has at most this many lines that are not settled: its leases in hand.
TAIL_LINES = 256


async def recover(data_dir: Path, slot: Slot, frontier: Frontier) -> None:
    """Make a slot ready: identity checked, memory rebuilt when lost, its tail reconciled."""
    await know_each_other(data_dir, frontier)
    await reconcile_tail(slot, frontier)


async def know_each_other(data_dir: Path, frontier: Frontier) -> None:
    """Check that Redis and data folder belong together; raises ConfigError when they do not."""
    store_id = store_identity(data_dir)
    known = await frontier.redis.ask("GET", key("store"))
    if known is None:
        held, seen = await reindex(data_dir, frontier)
        if held or seen:
            log.warning("Redis knew nothing of this store: %d records, %d URLs taught", held, seen)
        await frontier.redis.ask("SET", key("store"), store_id)
    elif known != store_id:
        raise ConfigError(
            f"Redis belongs to store {known}, the data folder {data_dir} is store {store_id}. "
            "Use the Redis of this folder (or an empty one), or the folder of that store."
        )


async def is_strange(frontier: Frontier) -> bool:
    """Whether this Redis knows of no store: it is new, or it was wiped."""
    return await frontier.redis.ask("GET", key("store")) is None


async def reconcile_tail(slot: Slot, frontier: Frontier) -> None:
    """Settle or cut the lines that this slot's last owner wrote and may not have settled."""
    for line in reversed(slot.tail(TAIL_LINES)):
        verdict = await frontier.adopt(line.id, line.revision, slot.name)
        while verdict == "wait":
            await asyncio.sleep(0.5)
            verdict = await frontier.adopt(line.id, line.revision, slot.name)
        if verdict == "other":
            slot.cut(line.place)
            log.warning("event=cut id=%s slot=%s why=settled elsewhere", line.id, slot.name)


async def reindex(data_dir: Path, frontier: Frontier) -> tuple[int, int]:
    """Rebuild what Redis remembers from articles and journal. Returns (records, URLs)."""
    held, seen, batch = 0, 0, []
    for _place, record in iter_records(data_dir, _tell_broken):
        slot = str(_place.file).rsplit(".", 2)[-2]
        await frontier.adopt(record["id"], record["revision"], slot)
        held += 1
        batch += _urls_of(record)
        if len(batch) >= BATCH:
            seen += await frontier.mark_seen(batch)
            batch = []
    for omission in iter_journal(data_dir, _tell_broken):
        if omission["stage"] not in ("age", "deferred"):
            batch.append(canonical_url(omission["url"]))
        if len(batch) >= BATCH:
            seen += await frontier.mark_seen(batch)
            batch = []
    seen += await frontier.mark_seen(batch)
    return held, seen


def _tell_broken(place: Place, error: BrokenLine) -> None:
    log.warning("event=broken_line file=%s offset=%d %s", place.file, place.offset, error)


def _urls_of(record: Mapping[str, Any]) -> list[str]:
    urls = {record["url"], record["url_announced"], record["url_final"]} - {None}
    return [canonical_url(url) for url in urls]
