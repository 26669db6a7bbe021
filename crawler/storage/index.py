"""The index beside the store: a SQLite file that answers what a scan of the lines would.

    DATA/index.sqlite    records, words, stories and marks, made from the files of the store
    DATA/index.lock      held by whoever brings it up to date

It holds nothing of its own: it can be deleted at any time and is made again from the files.

Promise: an index of another version, another store or with a damaged file is thrown away and never
read; readers see one whole state while another process brings it up to date.
"""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crawler.errors import DependencyDown, StoreError

FILE = "index.sqlite"
LOCK = "index.lock"
# Goes up when the tables, the words or the concepts of stories change.
VERSION = 1

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
    done INTEGER NOT NULL, last_offset INTEGER NOT NULL, last_digest TEXT NOT NULL,
    changed_ns INTEGER NOT NULL
);
CREATE TABLE docs (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, revision INTEGER NOT NULL,
    is_current INTEGER NOT NULL, file INTEGER NOT NULL, offset INTEGER NOT NULL,
    length INTEGER NOT NULL, cause TEXT, url TEXT NOT NULL, title TEXT NOT NULL,
    excerpt TEXT NOT NULL, outlet TEXT, publisher TEXT, domain TEXT NOT NULL, country TEXT,
    language TEXT, published TEXT, precision TEXT, discovered TEXT NOT NULL, fetched TEXT NOT NULL,
    moment TEXT NOT NULL, score REAL, topics TEXT NOT NULL, cites TEXT NOT NULL,
    is_noarchive INTEGER NOT NULL, text_status TEXT NOT NULL, duplicate_of TEXT
);
CREATE UNIQUE INDEX docs_by_id ON docs (id, revision);
CREATE INDEX docs_by_moment ON docs (moment, number) WHERE is_current;
CREATE INDEX docs_by_discovered ON docs (discovered, number) WHERE is_current;
CREATE INDEX docs_by_outlet ON docs (outlet, moment) WHERE is_current;
CREATE INDEX docs_by_file ON docs (file);
CREATE TABLE topics (
    topic TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (topic, number)
) WITHOUT ROWID;
CREATE TABLE cited (
    name TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (name, number)
) WITHOUT ROWID;
CREATE TABLE placed (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, story TEXT NOT NULL,
    key TEXT NOT NULL, like TEXT, copy_of TEXT, because TEXT NOT NULL, event_day TEXT
);
CREATE TABLE sketches (id TEXT PRIMARY KEY, sketch TEXT NOT NULL);
CREATE INDEX placed_by_story ON placed (story);
CREATE INDEX placed_by_key ON placed (key);
CREATE TABLE marks (
    id TEXT PRIMARY KEY, is_hidden INTEGER NOT NULL, is_seen INTEGER NOT NULL,
    is_used INTEGER NOT NULL, note TEXT, event_day TEXT
) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5 (
    title, text, content = '', tokenize = "unicode61 remove_diacritics 0"
);
"""


def path_of(data_dir: Path) -> Path:
    """Where the index of a store lies."""
    return data_dir / FILE


def connect(data_dir: Path) -> sqlite3.Connection:
    """Open the index, or make an empty one. Raises StoreError where that is not possible."""
    path = path_of(data_dir)
    try:
        db = _open(path)
        if _version(db) != VERSION:
            db.close()
            discard(data_dir)
            db = _open(path)
            _create(db)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError) and "file is not a database" not in str(
            error
        ):
            raise StoreError(
                f"{path} cannot be opened ({error}): make room, or make the folder writable"
            ) from error
        discard(data_dir)
        db = _open(path)
        _create(db)
    return db


def connect_to_read(data_dir: Path) -> sqlite3.Connection:
    """Open an index that is there, for questions from any thread; writers are not waited for.

    Raises StoreError when there is none of this version: `connect` makes it.
    """
    path = path_of(data_dir).resolve()
    try:
        db = sqlite3.connect(
            f"{path.as_uri()}?mode=ro",
            uri=True, timeout=60, isolation_level=None, check_same_thread=False,
        )  # fmt: skip
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA cache_size = -16384")
        db.execute("PRAGMA temp_store = MEMORY")
        version = _version(db)
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{path} cannot be opened ({error}): tumen index rebuild") from error
    if version != VERSION:
        db.close()
        raise StoreError(f"{path} is of another version: tumen index rebuild")
    return db


def discard(data_dir: Path) -> None:
    """Throw the index away; it is made again by whoever needs it next."""
    for suffix in ("", "-wal", "-shm"):
        path_of(data_dir).with_name(FILE + suffix).unlink(missing_ok=True)


def discard_safely(data_dir: Path) -> None:
    """Throw the index away when nobody is at work on it."""
    with locked(data_dir):
        discard(data_dir)


@contextmanager
def locked(data_dir: Path) -> Iterator[None]:
    """Be the only one who changes the index; waits for whoever does so now."""
    try:
        held = (data_dir / LOCK).open("ab")
    except OSError as error:
        raise StoreError(
            f"{data_dir / LOCK} cannot be written ({error.strerror}): the index beside the store "
            "needs a folder that is writable"
        ) from error
    with held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def read_meta(db: sqlite3.Connection, key: str) -> str | None:
    """One of the things that the index knows of itself."""
    row = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return row[0] if row else None


def write_meta(db: sqlite3.Connection, key: str, value: str) -> None:
    """Remember something about the index."""
    db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


def _open(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=60, isolation_level=None)
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = NORMAL")
    db.execute("PRAGMA cache_size = -65536")
    db.execute("PRAGMA temp_store = MEMORY")
    return db


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _create(db: sqlite3.Connection) -> None:
    try:
        db.executescript(f"BEGIN; {_TABLES} PRAGMA user_version = {VERSION}; COMMIT;")
    except sqlite3.OperationalError as error:
        if "fts5" not in str(error):
            raise
        raise DependencyDown(
            "this Python's SQLite was built without FTS5, which search needs: use another Python"
        ) from error
