"""DATA/alerts/outbox.sqlite: what was noticed for whom, and what became of it.

    DATA/alerts/outbox.sqlite    watches, alerts (once per watch and subject), a delivery per target
    DATA/alerts/lock             held by the one process that notices and sends

An alert is noted in one transaction with the moment up to which was looked, and marked as sent
after its receiver took it. No text of an article is kept here: a message is made from the store
when it is sent, so that what was forgotten or hidden meanwhile is not told.

Promise: nothing that was noticed is lost by a crash, and nothing is noticed twice.
"""

from __future__ import annotations

import fcntl
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from crawler.errors import StoreError
from crawler.news.alerts import Told
from crawler.news.jsonl import read_time, write_time
from crawler.news.watches import Watch, due_at

FOLDER = "alerts"
FILE = "outbox.sqlite"
LOCK = "lock"
VERSION = 1
# A line may reach the store a while after its page was fetched: a full disk, a volume put back.
OVERLAP = timedelta(days=1)
# A file of alerts may be older than this store; a new watch looks back no further.
LOOKS_BACK = timedelta(days=1)

_TABLES = """
CREATE TABLE watches (
    name TEXT PRIMARY KEY, mark TEXT NOT NULL, since TEXT NOT NULL, looked TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE alerts (
    number INTEGER PRIMARY KEY AUTOINCREMENT, watch TEXT NOT NULL, subject TEXT NOT NULL,
    others TEXT NOT NULL, words TEXT, noticed TEXT NOT NULL, due TEXT NOT NULL,
    UNIQUE (watch, subject)
);
CREATE TABLE deliveries (
    number INTEGER PRIMARY KEY AUTOINCREMENT, alert INTEGER NOT NULL, target TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting', message TEXT, ended TEXT, UNIQUE (alert, target)
);
CREATE INDEX deliveries_waiting ON deliveries (target) WHERE state = 'waiting';
CREATE INDEX deliveries_by_message ON deliveries (message);
CREATE TABLE messages (
    id TEXT NOT NULL, target TEXT NOT NULL, tries INTEGER NOT NULL, first_tried TEXT NOT NULL,
    why TEXT, PRIMARY KEY (id, target)
) WITHOUT ROWID;
CREATE TABLE targets (
    name TEXT PRIMARY KEY, failures INTEGER NOT NULL, failing_since TEXT, next_try TEXT, why TEXT
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Outbox:
    """An open outbox. Use `open_outbox`."""

    db: sqlite3.Connection

    def begin(self, watch: Watch, defined: datetime, now: datetime) -> tuple[str, datetime]:
        """Since when a watch is there, and from when on it has to look.

        A watch that is new, or looks for something else than before, starts when its file was
        `defined`, if that was not long ago.
        """
        row = self.db.execute("SELECT * FROM watches WHERE name = ?", (watch.name,)).fetchone()
        if row is None or row["mark"] != watch.mark:
            since = min(max(defined, now - LOOKS_BACK), now)
            self.db.execute(
                "INSERT OR REPLACE INTO watches VALUES (?, ?, ?, ?)",
                (watch.name, watch.mark, write_time(since), write_time(since)),
            )
            return write_time(since), since
        return row["since"], max(read_time(row["since"]), read_time(row["looked"]) - OVERLAP)

    def told(self, watch: str, subjects: Iterable[str]) -> set[str]:
        """Which of these subjects a watch has told."""
        sql = "SELECT 1 FROM alerts WHERE watch = ? AND subject = ?"
        return {one for one in subjects if self.db.execute(sql, (watch, one)).fetchone()}

    def subjects(self, watch: str) -> set[str]:
        """All subjects that a watch has told."""
        rows = self.db.execute("SELECT subject FROM alerts WHERE watch = ?", (watch,))
        return {row["subject"] for row in rows}

    def note(self, watch: Watch, told: Sequence[Told], now: datetime, zone: tzinfo) -> int:
        """Note what is to be told, and that was looked up to now. Returns how many are new."""
        due, noticed = write_time(due_at(watch, now, zone)), write_time(now)
        new = 0
        with transaction(self.db):
            for one in told:
                done = self.db.execute(
                    "INSERT OR IGNORE INTO alerts (watch, subject, others, words, noticed, due) "
                    "VALUES (?, ?, ?, ?, ?, ?)",
                    (watch.name, one.subject, json.dumps(one.others), one.words, noticed, due),
                )
                if not done.rowcount:
                    continue
                new += 1
                self.db.executemany(
                    "INSERT INTO deliveries (alert, target) VALUES (?, ?)",
                    [(done.lastrowid, target) for target in dict.fromkeys(watch.targets)],
                )
            self.db.execute("UPDATE watches SET looked = ? WHERE name = ?", (noticed, watch.name))
        return new

    def words(self, watch: str, most: int) -> list[tuple[str, str, str]]:
        """The last words that a watch told of sources, newest first: (subject, words, when)."""
        rows = self.db.execute(
            "SELECT subject, words, noticed FROM alerts WHERE watch = ? AND words IS NOT NULL "
            "ORDER BY number DESC LIMIT ?",
            (watch, most),
        )
        return [(row["subject"], row["words"], row["noticed"]) for row in rows]


@contextmanager
def open_outbox(data_dir: Path) -> Iterator[Outbox]:
    """Open the outbox of a store, or make one. Raises StoreError where that is not possible."""
    path = data_dir / FOLDER / FILE
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(path, timeout=60, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise _unusable(path, error) from error
    try:
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")  # what is noted is on disk
        with transaction(db):
            version = db.execute("PRAGMA user_version").fetchone()[0]
            if version == 0:
                for statement in filter(str.strip, _TABLES.split(";")):
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {VERSION}")
        if version not in (0, VERSION):
            raise StoreError(f"{path} is of version {version}: use that Tumen, or move it away")
        yield Outbox(db)
    except sqlite3.Error as error:
        raise _unusable(path, error) from error
    finally:
        db.close()


@contextmanager
def only_sender(data_dir: Path) -> Iterator[bool]:
    """Be the one process that notices and sends; False when another one is."""
    path = data_dir / FOLDER / LOCK
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        held = path.open("ab")
    except OSError as error:
        raise _unusable(path, error) from error
    with held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def _unusable(path: Path, error: Exception) -> StoreError:
    reason = getattr(error, "strerror", None) or str(error)
    return StoreError(
        f"{path} cannot be used ({reason}): make room, make the folder writable, or move a file "
        "that is damaged away (the last day is told again then)"
    )
