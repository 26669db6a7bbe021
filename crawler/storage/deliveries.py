"""What waits in the outbox for each target, what was sent, what failed and why.

Promise: what is sent has a message's id before it is tried; a failure costs its target a pause and
its message nothing; what is given up is kept and can be put back.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from crawler.news.alerts import Told, message_id
from crawler.news.jsonl import read_time, write_time
from crawler.news.pacing import Waiting, is_hopeless, pause_after
from crawler.storage.outbox import Outbox, transaction

_OF_MESSAGE = "message = ? AND target = ? AND state = 'waiting'"


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetState:
    """How a target does, and what waits for it."""

    name: str
    waiting: int = 0
    sent: int = 0
    dead: int = 0
    failures: int = 0
    failing_since: str | None = None
    next_try: str | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadMessage:
    """A message that its target refused for days."""

    id: str
    target: str
    watch: str
    alerts: int
    tries: int
    since: str
    why: str | None


def due(outbox: Outbox, target: str, now: datetime) -> list[Waiting]:
    """What is due at a target, in the order in which it is sent."""
    rows = outbox.db.execute(
        "SELECT deliveries.number, watch, subject, due, message FROM deliveries "
        "JOIN alerts ON alerts.number = deliveries.alert "
        "WHERE target = ? AND state = 'waiting' AND due <= ? ORDER BY due, deliveries.number",
        (target, write_time(now)),
    )
    return [Waiting(**dict(row)) for row in rows]


def told_of(outbox: Outbox, batch: Sequence[Waiting]) -> list[Told]:
    """What the alerts of a batch tell."""
    sql = "SELECT subject, others, words FROM alerts WHERE watch = ? AND subject = ?"
    rows = (outbox.db.execute(sql, (one.watch, one.subject)).fetchone() for one in batch)
    return [
        Told(subject=row["subject"], others=tuple(json.loads(row["others"])), words=row["words"])
        for row in rows
    ]


def begin_message(outbox: Outbox, target: str, batch: Sequence[Waiting], now: datetime) -> str:
    """Give a batch the id of its message, on disk before it is tried, and count the try."""
    name = batch[0].message or message_id(batch[0].watch, [one.subject for one in batch])
    with transaction(outbox.db):
        outbox.db.executemany(
            "UPDATE deliveries SET message = ? WHERE number = ?",
            [(name, one.number) for one in batch],
        )
        outbox.db.execute(
            "INSERT INTO messages VALUES (?, ?, 1, ?, NULL) "
            "ON CONFLICT DO UPDATE SET tries = tries + 1",
            (name, target, write_time(now)),
        )
    return name


def note_sent(outbox: Outbox, target: str, message: str, now: datetime) -> None:
    """A target took a message: it is done, and the target works."""
    with transaction(outbox.db):
        _end(outbox, target, message, "sent", now)
        outbox.db.execute("DELETE FROM targets WHERE name = ?", (target,))


def note_dropped(outbox: Outbox, numbers: Iterable[int], now: datetime) -> None:
    """There is nothing to tell any more: forgotten, hidden, or nobody asks for it."""
    with transaction(outbox.db):
        outbox.db.executemany(
            "UPDATE deliveries SET state = 'dropped', ended = ? WHERE number = ?",
            [(write_time(now), number) for number in numbers],
        )


def note_failed(outbox: Outbox, target: str, message: str, why: str, now: datetime) -> None:
    """A target did not take a message: it rests, and a message without hope is given up."""
    stamp = write_time(now)
    with transaction(outbox.db):
        outbox.db.execute(
            "INSERT INTO targets VALUES (?, 1, ?, ?, ?) ON CONFLICT DO UPDATE SET "
            "failures = failures + 1, why = excluded.why",
            (target, stamp, stamp, why),
        )
        failures = outbox.db.execute(
            "SELECT failures FROM targets WHERE name = ?", (target,)
        ).fetchone()[0]
        outbox.db.execute(
            "UPDATE targets SET next_try = ? WHERE name = ?",
            (write_time(now + pause_after(failures)), target),
        )
        outbox.db.execute(
            "UPDATE messages SET why = ? WHERE id = ? AND target = ?", (why, message, target)
        )
        row = outbox.db.execute(
            "SELECT * FROM messages WHERE id = ? AND target = ?", (message, target)
        ).fetchone()
        if row is not None and is_hopeless(row["tries"], read_time(row["first_tried"]), now):
            _end(outbox, target, message, "dead", now)


def rests_until(outbox: Outbox, target: str) -> datetime | None:
    """Until when a target that failed is left alone."""
    row = outbox.db.execute("SELECT next_try FROM targets WHERE name = ?", (target,)).fetchone()
    return read_time(row["next_try"]) if row else None


def wake(outbox: Outbox, now: datetime) -> None:
    """Let no target rest any longer."""
    outbox.db.execute("UPDATE targets SET next_try = ?", (write_time(now),))


def drop_strangers(outbox: Outbox, watches: Collection[str], now: datetime) -> None:
    """Drop what waits of watches that are gone from the file."""
    rows = outbox.db.execute(
        "SELECT deliveries.number, watch FROM deliveries "
        "JOIN alerts ON alerts.number = deliveries.alert WHERE state = 'waiting'"
    )
    note_dropped(outbox, [row["number"] for row in rows if row["watch"] not in watches], now)


def target_states(outbox: Outbox, names: Iterable[str]) -> list[TargetState]:
    """How each target does: those that are named, then others for which something waits."""
    counted: dict[str, dict[str, int]] = {name: {} for name in names}
    for row in outbox.db.execute(
        "SELECT target, state, count(*) AS n FROM deliveries GROUP BY target, state"
    ):
        counted.setdefault(row["target"], {})[row["state"]] = row["n"]
    states = []
    for name, counts in counted.items():
        row = outbox.db.execute("SELECT * FROM targets WHERE name = ?", (name,)).fetchone()
        counts.pop("dropped", None)
        states.append(TargetState(**{**(dict(row) if row else {"name": name}), **counts}))
    return states


def watch_counts(outbox: Outbox) -> dict[str, dict[str, int]]:
    """How many deliveries of each watch are in which state."""
    counted: dict[str, dict[str, int]] = {}
    for row in outbox.db.execute(
        "SELECT watch, state, count(*) AS n FROM deliveries "
        "JOIN alerts ON alerts.number = deliveries.alert GROUP BY watch, state"
    ):
        counted.setdefault(row["watch"], {})[row["state"]] = row["n"]
    return counted


def dead_messages(outbox: Outbox) -> list[DeadMessage]:
    """What was given up, oldest first."""
    rows = outbox.db.execute(
        "SELECT messages.id, messages.target, watch, count(*) AS alerts, tries, "
        "first_tried AS since, why FROM messages "
        "JOIN deliveries ON message = messages.id AND deliveries.target = messages.target "
        "JOIN alerts ON alerts.number = deliveries.alert "
        "WHERE state = 'dead' GROUP BY messages.id, messages.target ORDER BY since"
    )
    return [DeadMessage(**dict(row)) for row in rows]


def put_back(outbox: Outbox, message: str) -> bool:
    """Let a message that was given up be tried again. Returns whether there was one."""
    with transaction(outbox.db):
        outbox.db.execute("DELETE FROM messages WHERE id = ?", (message,))
        done = outbox.db.execute(
            "UPDATE deliveries SET state = 'waiting', ended = NULL "
            "WHERE message = ? AND state = 'dead'",
            (message,),
        )
    return bool(done.rowcount)


def _end(outbox: Outbox, target: str, message: str, state: str, now: datetime) -> None:
    outbox.db.execute(
        f"UPDATE deliveries SET state = ?, ended = ? WHERE {_OF_MESSAGE}",
        (state, write_time(now), message, target),
    )
