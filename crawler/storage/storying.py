"""Placing records in stories, and bringing what DATA/stories.jsonl says into the index.

Records are placed in the order in which they were first fetched. One that comes to light later than
another that is placed already (a slow worker's) has those after it placed again.

Promise: stories are the same whether records came one by one or all at once; a record is placed
once, on disk first.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

from crawler.news.happenings import Concepts
from crawler.news.lines import parse_line
from crawler.news.reports import event_day_of, from_sketch, report_of_record, to_sketch
from crawler.news.same_event import Report
from crawler.news.stories import WINDOW_DAYS, Window
from crawler.storage import index
from crawler.storage.layout import Place
from crawler.storage.reading import read_line
from crawler.storage.story_file import (
    Placed,
    append_placed,
    cut_placed,
    read_placed,
    size_of,
)

# Placements that share one write to disk.
_BATCH = 500
_UNPLACED = """
SELECT docs.id, min(docs.fetched) AS key FROM docs LEFT JOIN placed ON placed.id = docs.id
WHERE docs.revision = 1 AND placed.id IS NULL GROUP BY docs.id ORDER BY key, docs.id
"""


def place_new(
    db: sqlite3.Connection, data_dir: Path, concepts: Concepts, told: Callable[[int], None]
) -> None:
    """Read what stories.jsonl says, and place the records that it does not know yet."""
    if index.read_meta(db, "placed") != str(size_of(data_dir)):
        # This index has not read it, or somebody else wrote it anew.
        _read_again(db, data_dir)
    elif index.read_meta(db, "placing") == "done":
        return
    first = db.execute(f"{_UNPLACED} LIMIT 1").fetchone()
    if first is not None:
        _take_back_from(db, data_dir, (first["key"], first["id"]))
        _place_waiting(db, data_dir, concepts, told)
        _forget_sketches(db)
    index.write_meta(db, "placing", "done")


def _place_waiting(
    db: sqlite3.Connection, data_dir: Path, concepts: Concepts, told: Callable[[int], None]
) -> None:
    window = _window_at(db, data_dir, concepts)
    waiting = db.execute(_UNPLACED).fetchall()
    for start in range(0, len(waiting), _BATCH):
        batch = [
            _place(db, data_dir, concepts, window, row) for row in waiting[start : start + _BATCH]
        ]
        append_placed(data_dir, [placed for placed, _report in batch])
        db.execute("BEGIN IMMEDIATE")
        for placed, report in batch:
            _keep(db, placed, report)
        _note_size(db, data_dir)
        db.execute("COMMIT")
        told(start + len(batch))


def _place(
    db: sqlite3.Connection, data_dir: Path, concepts: Concepts, window: Window, row: sqlite3.Row
) -> tuple[Placed, Report]:
    report = _report(db, data_dir, concepts, row["id"])
    event = event_day_of(report)
    placed = Placed(
        key=row["key"],
        placement=window.place(report),
        event_day=event.isoformat() if event else None,
    )
    return placed, report


def _report(db: sqlite3.Connection, data_dir: Path, concepts: Concepts, record_id: str) -> Report:
    row = db.execute(
        "SELECT files.name, offset, length FROM docs JOIN files ON files.number = docs.file "
        "WHERE id = ? AND revision = 1",
        (record_id,),
    ).fetchone()
    place = Place(file=row["name"], offset=row["offset"], length=row["length"])
    return report_of_record(concepts, parse_line(read_line(data_dir, place)))


def _keep(db: sqlite3.Connection, placed: Placed, report: Report | None) -> None:
    found = placed.placement
    db.execute(
        "INSERT INTO placed (id, story, key, like, copy_of, because, event_day) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            found.id, found.story, placed.key, found.like, found.copy_of,
            json.dumps(found.because, ensure_ascii=False), placed.event_day,
        ),
    )  # fmt: skip
    db.executemany(
        "UPDATE placed SET story = ? WHERE id = ?",
        [(found.story, moved) for moved in found.united],
    )
    if report is not None:
        sketch = json.dumps(to_sketch(report), ensure_ascii=False)
        db.execute("INSERT OR REPLACE INTO sketches VALUES (?, ?)", (found.id, sketch))


def _read_again(db: sqlite3.Connection, data_dir: Path) -> None:
    db.execute("BEGIN IMMEDIATE")
    db.execute("DELETE FROM placed")
    for placed in read_placed(data_dir):
        _keep(db, placed, None)
    _note_size(db, data_dir)
    db.execute("COMMIT")


def _take_back_from(db: sqlite3.Connection, data_dir: Path, key: tuple[str, str]) -> None:
    """Take back the placements that a record from before them could have changed."""
    last = db.execute("SELECT key, id FROM placed ORDER BY key DESC, id DESC LIMIT 1").fetchone()
    if last is not None and (last["key"], last["id"]) > key:
        cut_placed(data_dir, key)
        _read_again(db, data_dir)


def _window_at(db: sqlite3.Connection, data_dir: Path, concepts: Concepts) -> Window:
    """The window as it was when the last record was placed."""
    window = Window.over(concepts)
    for report, story, began in _recent(db, data_dir, concepts):
        window.keep(report, story, began)
    return window


def _recent(
    db: sqlite3.Connection, data_dir: Path, concepts: Concepts
) -> Iterator[tuple[Report, str, tuple[str, str]]]:
    last = db.execute("SELECT max(key) FROM placed").fetchone()[0]
    if last is None:
        return
    since = date.fromisoformat(last[:10]) - timedelta(days=WINDOW_DAYS)
    rows = db.execute(
        "SELECT placed.id, placed.story, sketches.sketch, first.key AS began FROM placed "
        "JOIN placed AS first ON first.id = placed.story "
        "LEFT JOIN sketches ON sketches.id = placed.id WHERE placed.key >= ? "
        "AND EXISTS (SELECT 1 FROM docs WHERE docs.id = placed.id AND revision = 1) "
        "ORDER BY placed.key, placed.id",
        (since.isoformat(),),
    ).fetchall()
    for row in rows:
        if row["sketch"]:
            report = from_sketch(row["id"], json.loads(row["sketch"]))
        else:
            report = _report(db, data_dir, concepts, row["id"])
        yield report, row["story"], (row["began"], row["story"])


def _forget_sketches(db: sqlite3.Connection) -> None:
    last = db.execute("SELECT max(key) FROM placed").fetchone()[0]
    since = date.fromisoformat(last[:10]) - timedelta(days=WINDOW_DAYS)
    db.execute(
        "DELETE FROM sketches WHERE id NOT IN (SELECT id FROM placed WHERE key >= ?)",
        (since.isoformat(),),
    )


def _note_size(db: sqlite3.Connection, data_dir: Path) -> None:
    index.write_meta(db, "placed", str(size_of(data_dir)))
