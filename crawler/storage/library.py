"""The reading side of the store: a Query goes in, records come out. Every reader asks here.

    with open_library(data_dir) as library:
        for hit in library.find(Query(text="포탄", since=...)):
            ...

Promise: what is hidden by a verdict, replaced by a later revision or forgotten is not found; every
record comes with its story as DATA/stories.jsonl has it and with what users said of it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from crawler.errors import BrokenLine, ConfigError
from crawler.news.happenings import parse_concepts
from crawler.news.lines import parse_line
from crawler.news.queries import Query
from crawler.storage.catalogue import read_happenings
from crawler.storage.indexing import refresh
from crawler.storage.layout import Place
from crawler.storage.reading import OnBroken, read_line, refuse_broken
from crawler.storage.selecting import FROM, select, tally

_COLUMNS = """
docs.*, files.name AS file_name, placed.story, placed.copy_of, placed.like AS like_id,
placed.because, placed.event_day AS event_guess, placed.key AS placed_key,
coalesce(marks.is_seen, 0) AS is_seen, coalesce(marks.is_used, 0) AS is_used,
marks.note, marks.event_day
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A record that was found: what lists show of it, its story, and what users said of it.

    `moment` is when it appeared, or was discovered where it has no date. `event_day` is a user's
    word on when the event was, `event_guess` what the report seems to say.
    """

    number: int
    id: str
    revision: int
    cause: str | None
    place: Place
    url: str
    title: str
    excerpt: str
    outlet: str | None
    publisher: str | None
    domain: str
    country: str | None
    language: str | None
    published: str | None
    precision: str | None
    discovered: str
    fetched: str
    moment: str
    score: float | None
    topics: tuple[str, ...]
    cites: tuple[Mapping[str, Any], ...]
    is_shareable: bool
    text_status: str
    story: str | None
    copy_of: str | None
    like: str | None
    because: tuple[str, ...]
    event_guess: str | None
    is_seen: bool
    is_used: bool
    note: str | None
    event_day: str | None


@dataclass(frozen=True, slots=True)
class Library:
    """An open store with its index. Use `open_library`.

    `is_for_others`: whoever asks is not the owner of the machine, so nothing that must not leave it
    is found, whatever the query says.
    """

    data_dir: Path
    db: sqlite3.Connection
    is_for_others: bool = False

    def asked(self, query: Query) -> Query:
        """The query as it is answered here."""
        return replace(query, shareable=True) if self.is_for_others else query

    def find(self, query: Query) -> Iterator[Hit]:
        """The records that a query asks for, one after the other."""
        sql, values = select(_COLUMNS, self.asked(query))
        for row in self.db.execute(sql, values):
            yield _hit(row)

    def count(self, query: Query) -> int:
        """How many records a query would find, had it no limit."""
        sql, values = tally("count(*)", self.asked(query))
        return int(self.db.execute(sql, values).fetchone()[0])

    def record(self, hit: Hit) -> dict[str, Any]:
        """The whole record of a hit, with its story as it is known today."""
        rewritten = f"{hit.place.file} was rewritten while it was read; ask again"
        try:
            said = parse_line(read_line(self.data_dir, hit.place))
        except FileNotFoundError as error:  # compacted
            raise BrokenLine(b"", rewritten) from error
        if said.get("id") != hit.id or said.get("revision") != hit.revision:
            raise BrokenLine(b"", rewritten)
        if hit.story is not None:
            said["story_id"] = hit.story
        said["duplicate_of"] = hit.copy_of or said.get("duplicate_of")
        return said

    def hit(self, record_id: str) -> Hit | None:
        """The last revision of a record, by its whole id; None for one that is not to be found."""
        where = "docs.is_current AND coalesce(marks.is_hidden, 0) = 0 AND docs.id = ?"
        row = self.db.execute(f"SELECT {_COLUMNS} {FROM} WHERE {where}", (record_id,)).fetchone()
        if row is None or (self.is_for_others and row["is_noarchive"]):
            return None
        return _hit(row)

    def revisions(self, record_id: str) -> list[dict[str, Any]]:
        """Every revision of a record, in order, by its whole id."""
        sql = (
            "SELECT files.name, docs.offset, docs.length FROM docs "
            "JOIN files ON files.number = docs.file WHERE docs.id = ? ORDER BY docs.revision"
        )
        rows = self.db.execute(sql, (record_id,)).fetchall()
        places = [Place(file=row[0], offset=row[1], length=row[2]) for row in rows]
        said = [parse_line(read_line(self.data_dir, place)) for place in places]
        if any(one.get("id") != record_id for one in said):
            raise BrokenLine(b"", f"{places[0].file} was rewritten while it was read; ask again")
        return said

    def ids_that_begin(self, beginning: str, most: int) -> list[str]:
        """The ids of records that begin like this, at most so many."""
        # Ids are hex digits, which all come before a "g".
        sql = "SELECT DISTINCT id FROM docs WHERE id BETWEEN ? AND ? LIMIT ?"
        rows = self.db.execute(sql, (beginning, f"{beginning}g", most))
        return [str(row["id"]) for row in rows]

    def knows(self, record_id: str) -> bool:
        """Whether a record is stored, be it hidden by a verdict or not."""
        found = self.db.execute("SELECT 1 FROM docs WHERE id = ? LIMIT 1", (record_id,))
        return found.fetchone() is not None

    def story_of(self, record_id: str) -> str | None:
        """The story of a record; None for one that is not there."""
        row = self.db.execute("SELECT story FROM placed WHERE id = ?", (record_id,)).fetchone()
        return row["story"] if row else None


@contextmanager
def open_library(
    data_dir: Path,
    *,
    on_broken: OnBroken = refuse_broken,
    told: Callable[[int], None] = lambda _count: None,
) -> Iterator[Library]:
    """Open a store for reading and bring its index up to date first.

    Raises ConfigError when there is no such folder, StoreError when the index cannot be written.
    """
    if not data_dir.is_dir():
        raise ConfigError(f"{data_dir} is not there; name the store with --data")
    concepts = parse_concepts(*read_happenings())
    db = refresh(data_dir, concepts, on_broken=on_broken, told=told)
    try:
        yield Library(data_dir, db)
    finally:
        db.close()


def _hit(row: sqlite3.Row) -> Hit:
    return Hit(
        place=Place(file=row["file_name"], offset=row["offset"], length=row["length"]),
        topics=tuple(json.loads(row["topics"])),
        cites=tuple(json.loads(row["cites"])),
        is_shareable=not row["is_noarchive"],
        because=tuple(json.loads(row["because"])) if row["because"] else (),
        like=row["like_id"],
        is_seen=bool(row["is_seen"]),
        is_used=bool(row["is_used"]),
        copy_of=row["copy_of"] or row["duplicate_of"],
        **{name: row[name] for name in _PLAIN},
    )


_PLAIN = (
    "number", "id", "revision", "cause", "url", "title", "excerpt", "outlet", "publisher",
    "domain", "country", "language", "published", "precision", "discovered", "fetched", "moment",
    "score", "text_status", "story", "event_guess", "note", "event_day",
)  # fmt: skip
