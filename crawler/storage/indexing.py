"""Bringing the index up to date: new lines of the store, what was cut or forgotten, marks, stories.

Promise: what the index says afterwards is what the files say, and the same as an index made from
nothing would say; work is proportional to what is new.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from crawler.errors import BrokenLine
from crawler.news.excerpts import excerpt_of
from crawler.news.happenings import Concepts
from crawler.news.lines import parse_line
from crawler.news.reports import moment_of
from crawler.news.words import folded, words_of
from crawler.storage import index, marks, tombstones
from crawler.storage.layout import Place, files_of, is_packed
from crawler.storage.reading import OnBroken, refuse_broken, whole_lines_from
from crawler.storage.storying import place_new

Told = Callable[[int], None]

_INSERT = """
INSERT INTO docs (
    id, revision, is_current, file, offset, length, cause, url, title, excerpt, outlet, publisher,
    domain, country, language, published, precision, discovered, fetched, moment, score, topics,
    cites, is_noarchive, text_status, duplicate_of
) VALUES (?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_BATCH = 2000  # lines between two commits: a rebuild that is stopped goes on from there


def refresh(
    data_dir: Path,
    concepts: Concepts,
    *,
    on_broken: OnBroken = refuse_broken,
    told: Told = lambda _count: None,
) -> sqlite3.Connection:
    """Open the index of a store and bring it up to date. `told` hears how many lines were read.

    Raises StoreError where the index cannot be written, and BrokenLine as `on_broken` does.
    """
    with index.locked(data_dir):
        db = index.connect(data_dir)
        if _holds_forgotten(db, data_dir):
            db.close()
            index.discard(data_dir)
            db = index.connect(data_dir)
        forgotten = {stone.id for stone in tombstones.read(data_dir)}
        # First: what went may have been compacted, and its lines stand in another file.
        _drop_files_that_went(db, data_dir)
        before = 0
        for file in _changed_files(db, data_dir):
            read = 0
            for read in _read_file(db, data_dir, file, forgotten, on_broken):
                told(before + read)
            before += read
        _read_marks(db, data_dir, on_broken)
        place_new(db, data_dir, concepts, told)
        index.write_meta(db, "forgotten", str(tombstones.size_of(data_dir)))
    return db


def _holds_forgotten(db: sqlite3.Connection, data_dir: Path) -> bool:
    # Their words cannot be taken out of the lists of words one by one: the index is made anew.
    if index.read_meta(db, "forgotten") == str(tombstones.size_of(data_dir)):
        return False
    ids = [stone.id for stone in tombstones.read(data_dir)]
    return any(
        db.execute("SELECT 1 FROM docs WHERE id = ?", (forgotten,)).fetchone() for forgotten in ids
    )


def _changed_files(db: sqlite3.Connection, data_dir: Path) -> Iterator[str]:
    """Files with lines that the index has not read; one whose lines moved is taken out first."""
    known = {row["name"]: row for row in db.execute("SELECT * FROM files")}
    for name in files_of(data_dir, "articles"):
        row, found = known.get(name), (data_dir / name).stat()
        if row is not None and _is_read(name, found, row):
            continue
        if row is not None and (is_packed(name) or not _is_as_read(data_dir / name, row)):
            _drop_file(db, row["number"])
            row = None
        if row is None or found.st_size > row["done"]:
            yield name


def _is_read(name: str, found: os.stat_result, row: sqlite3.Row) -> bool:
    """Whether nothing was written since the file was read; a packed one is only replaced whole."""
    is_whole = is_packed(name) or found.st_size == row["done"]
    return is_whole and found.st_mtime_ns == int(row["changed_ns"])


def _is_as_read(path: Path, row: sqlite3.Row) -> bool:
    """Whether the last line that was read still stands where it stood."""
    with path.open("rb") as held:
        held.seek(row["last_offset"])
        line = held.read(row["done"] - row["last_offset"])
    return _digest(line) == str(row["last_digest"])


def _read_file(
    db: sqlite3.Connection,
    data_dir: Path,
    name: str,
    forgotten: set[str],
    on_broken: OnBroken,
) -> Iterator[int]:
    """Read the new lines of a file; tells now and then how many it has read."""
    read = 0
    row = db.execute("SELECT number, done FROM files WHERE name = ?", (name,)).fetchone()
    if row is None:
        # Numbers are not given twice: a reader may still hold that of a file that went.
        most = db.execute("SELECT coalesce(max(number), 0) FROM files").fetchone()[0]
        number, done = most + 1, 0
    else:
        number, done = row["number"], row["done"]
    # Asked before reading: a line that is written meanwhile makes the file a changed one.
    changed_ns = (data_dir / name).stat().st_mtime_ns
    db.execute("BEGIN IMMEDIATE")
    place, line = None, b""
    for place, line in whole_lines_from(data_dir, name, done):
        try:
            said = parse_line(line)
        except BrokenLine as error:
            on_broken(place, error)
        else:
            if said["id"] not in forgotten:
                _add(db, number, place, said)
        read += 1
        if read % _BATCH == 0:
            _note_file(db, number, name, place, line, 0)
            index.write_meta(db, "placing", "due")
            db.execute("COMMIT")
            yield read
            db.execute("BEGIN IMMEDIATE")
    if place is not None:
        _note_file(db, number, name, place, line, changed_ns)
        index.write_meta(db, "placing", "due")
    db.execute("COMMIT")
    yield read


def _note_file(
    db: sqlite3.Connection, number: int, name: str, place: Place, line: bytes, changed_ns: int
) -> None:
    done = place.offset + place.length
    db.execute(
        "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?)",
        (number, name, done, place.offset, _digest(line), changed_ns),
    )


def _digest(line: bytes) -> str:
    return hashlib.blake2b(line, digest_size=8).hexdigest()


def _add(db: sqlite3.Connection, file: int, place: Place, said: Mapping[str, Any]) -> None:
    # The same revision in two files, as after a crash on two volumes: the first counts.
    known = db.execute(
        "SELECT 1 FROM docs WHERE id = ? AND revision = ?", (said["id"], said["revision"])
    )
    if known.fetchone():
        return
    number = db.execute(_INSERT, _values(file, place, said)).lastrowid
    _set_current(db, said["id"])
    db.execute(
        "INSERT INTO words (rowid, title, text) VALUES (?, ?, ?)",
        (number, " ".join(words_of(said["title"])), " ".join(words_of(said.get("text") or ""))),
    )
    db.executemany(
        "INSERT OR IGNORE INTO topics VALUES (?, ?)",
        [(topic, number) for topic in said.get("topics") or ()],
    )
    db.executemany(
        "INSERT OR IGNORE INTO cited VALUES (?, ?)",
        [(name, number) for name in _cited_names(said)],
    )


def _values(file: int, place: Place, said: Mapping[str, Any]) -> tuple[Any, ...]:
    match = said.get("match") or {}
    return (
        said["id"], said["revision"], file, place.offset, place.length, said.get("revision_cause"),
        said["url"], said["title"], excerpt_of(said), said.get("outlet"), said.get("publisher"),
        said["domain"], said.get("country"), said.get("language"), said.get("date_published"),
        said.get("date_precision"), said["date_discovered"], said["date_fetched"],
        moment_of(said), match.get("score"), json.dumps(said.get("topics") or []),
        json.dumps(said.get("cites") or [], ensure_ascii=False),
        "noarchive" in (said.get("reuse") or ()), said.get("text_status") or "full",
        said.get("duplicate_of"),
    )  # fmt: skip


def _cited_names(said: Mapping[str, Any]) -> set[str]:
    cites = said.get("cites") or ()
    return {folded(str(cited[key])) for cited in cites for key in ("name", "outlet") if cited[key]}


def _set_current(db: sqlite3.Connection, record_id: str) -> None:
    db.execute(
        "UPDATE docs SET is_current = (revision = (SELECT max(revision) FROM docs WHERE id = ?1)) "
        "WHERE id = ?1",
        (record_id,),
    )


def _drop_files_that_went(db: sqlite3.Connection, data_dir: Path) -> None:
    here = set(files_of(data_dir, "articles"))
    for row in db.execute("SELECT number, name FROM files").fetchall():
        if row["name"] not in here:
            _drop_file(db, row["number"])


def _drop_file(db: sqlite3.Connection, number: int) -> None:
    """Forget what was read of a file. Its words stay in the lists, where no record has them."""
    db.execute("BEGIN IMMEDIATE")
    ids = [row["id"] for row in db.execute("SELECT id FROM docs WHERE file = ?", (number,))]
    for table in ("topics", "cited"):
        db.execute(
            f"DELETE FROM {table} WHERE number IN (SELECT number FROM docs WHERE file = ?)",
            (number,),
        )
    db.execute("DELETE FROM docs WHERE file = ?", (number,))
    db.execute("DELETE FROM files WHERE number = ?", (number,))
    for record_id in ids:
        _set_current(db, record_id)
    db.execute("COMMIT")


def _read_marks(db: sqlite3.Connection, data_dir: Path, on_broken: OnBroken) -> None:
    size = str(marks.size_of(data_dir))
    if index.read_meta(db, "marks") == size:
        return
    told = marks.read_told(data_dir, on_broken)
    db.execute("BEGIN IMMEDIATE")
    db.execute("DELETE FROM marks")
    db.executemany(
        "INSERT INTO marks VALUES (?, ?, ?, ?, ?, ?)",
        [
            (record_id, one.is_hidden, one.is_seen, one.is_used, one.note, one.event_day)
            for record_id, one in told.items()
        ],
    )
    index.write_meta(db, "marks", size)
    db.execute("COMMIT")
