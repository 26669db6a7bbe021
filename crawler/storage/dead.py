"""Dead letters: jobs that were buried, with the reason, for a person to look at.

Promise: a dead letter stays until somebody retries or drops it, and its URL is not offered anew.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from crawler.storage.connection import Connection, key
from crawler.storage.jobs import Job
from crawler.storage.payloads import from_payload


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A buried job. `history` holds its last reasons, newest first: (when, reason)."""

    name: str
    job: Job
    reason: str
    buried_at: datetime
    failures: int
    deaths: int
    expiries: int
    history: tuple[tuple[datetime, str], ...]


async def load(redis: Connection) -> list[DeadLetter]:
    """All dead letters, newest first."""
    rows = await redis.ask("HGETALL", key("dead"))
    letters = [_letter(name, json.loads(text)) for name, text in rows.items()]
    return sorted(letters, key=lambda letter: letter.buried_at, reverse=True)


def _letter(name: str, row: dict[str, object]) -> DeadLetter:
    lines = [line.partition(" ") for line in str(row["log"]).splitlines()]
    return DeadLetter(
        name=name,
        job=from_payload(str(row["payload"])),
        reason=str(row["reason"]),
        buried_at=_when(row["at_ms"]),
        failures=int(str(row["failures"])),
        deaths=int(str(row["deaths"])),
        expiries=int(str(row["expiries"])),
        history=tuple((_when(ms), reason) for ms, _, reason in lines if ms.isdigit()),
    )


def _when(ms: object) -> datetime:
    return datetime.fromtimestamp(float(str(ms)) / 1000, UTC)


async def retry(redis: Connection, name: str) -> bool:
    """Put a dead letter back into the frontier; False when there is none of this name."""
    return bool(await redis.run("resurrect", name))


async def drop(redis: Connection, name: str) -> bool:
    """Forget a dead letter; its URL stays seen. False when there is none of this name."""
    return bool(await redis.ask("HDEL", key("dead"), name))
