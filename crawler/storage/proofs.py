"""Proofs: which doubtful sources were seen to answer, so that they are polled from then on.

Promise: a proof is on disk (DATA/sources.jsonl) before it counts, and in Redis for the workers that
run; whichever of the two is lost is taught again by the other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from crawler.news.outlets import Outlet, seen_to_answer
from crawler.storage import source_notes
from crawler.storage.connection import key
from crawler.storage.frontier import Frontier


async def share(data_dir: Path, frontier: Frontier) -> None:
    """Let the data folder and Redis know the same proofs."""
    noted = (await asyncio.to_thread(source_notes.read, data_dir)).proven
    known = await _known(frontier)
    if noted - known:
        await frontier.redis.ask("SADD", key("proven"), *sorted(noted - known))
    if known - noted:
        await _note(data_dir, sorted(known - noted))


async def prove(data_dir: Path, frontier: Frontier, source: str) -> None:
    """Keep that a source answered; raises StoreError when it cannot be brought to disk."""
    await _note(data_dir, [source])
    await frontier.redis.ask("SADD", key("proven"), source)


async def is_proven(frontier: Frontier, source: str) -> bool:
    """Whether a doubtful source was seen to answer, by whichever worker."""
    return bool(await frontier.redis.ask("SISMEMBER", key("proven"), source))


async def with_proofs(frontier: Frontier, outlets: Sequence[Outlet]) -> list[Outlet]:
    """The outlets, with the doubtful sources taken for good that have been seen to answer."""
    known = await _known(frontier)
    return [seen_to_answer(outlet, known) for outlet in outlets]


async def _known(frontier: Frontier) -> frozenset[str]:
    return frozenset(await frontier.redis.ask("SMEMBERS", key("proven")))


async def _note(data_dir: Path, names: Sequence[str]) -> None:
    await asyncio.to_thread(source_notes.note_proven, data_dir, names, datetime.now(UTC))
