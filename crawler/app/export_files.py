"""Writing exports that are files or folders of their own: SQLite and Parquet.

Promise: an export is there whole or not at all; rows are written as they come, so that the size of
a store is no matter of memory.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from crawler.errors import ConfigError
from crawler.news.jsonl import read_time
from crawler.news.table_rows import COLUMNS, TEXT

_SQL_TYPES = {"whole": "INTEGER", "flag": "INTEGER", "number": "REAL"}
_BATCH = 1000
_UNDATED = "unknown"


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """A path to write to, that takes the place of another one when all went well."""
    new = path.with_name(f"{path.name}.new")
    _remove(new)
    try:
        yield new
        _remove(path)
        new.replace(path)
    finally:
        _remove(new)


def write_sqlite(path: Path, rows: Iterable[Mapping[str, Any]], *, full_text: bool) -> int:
    """Write rows to the table "records" of a new SQLite file; lists are JSON. Returns how many."""
    columns = dict(COLUMNS) | ({TEXT: "text"} if full_text else {})
    defined = ", ".join(f"{name} {_SQL_TYPES.get(kind, 'TEXT')}" for name, kind in columns.items())
    count = 0
    with beside(path) as new:
        db = sqlite3.connect(new)
        try:
            db.execute(f"CREATE TABLE records ({defined}, PRIMARY KEY (id, revision))")
            db.execute("CREATE INDEX records_by_story ON records (story_id)")
            places = ", ".join("?" * len(columns))
            iterator = iter(rows)
            while batch := list(islice(iterator, _BATCH)):
                db.executemany(
                    f"INSERT INTO records VALUES ({places})",
                    [[_plain(row[name]) for name in columns] for row in batch],
                )
                count += len(batch)
            db.commit()
        finally:
            db.close()
    return count


def write_parquet(folder: Path, rows: Iterable[Mapping[str, Any]], *, full_text: bool) -> int:
    """Write rows, given by day, to folder/date=YYYY-MM-DD/part-0.parquet. Returns how many.

    Raises ConfigError where pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise ConfigError(
            'Parquet is written by pyarrow, which is not installed: pip install "tumen[parquet]"'
        ) from error
    schema = pa.schema([(name, _arrow_type(pa, kind)) for name, kind in _columns(full_text)])
    count = 0
    with beside(folder) as new:
        new.mkdir(parents=True)
        for day, of_day in groupby(rows, key=_day_of):
            part = new / f"date={day}"
            part.mkdir(exist_ok=True)
            number = sum(1 for _ in part.iterdir())
            with parquet.ParquetWriter(part / f"part-{number}.parquet", schema) as writer:
                while batch := list(islice(of_day, _BATCH)):
                    told = [{name: _moment(row[name], kind) for name, kind in _columns(full_text)}
                            for row in batch]  # fmt: skip
                    writer.write_table(pa.Table.from_pylist(told, schema=schema))
                    count += len(batch)
    return count


def _columns(full_text: bool) -> list[tuple[str, str]]:
    return [*COLUMNS.items(), *([(TEXT, "text")] if full_text else [])]


def _arrow_type(pa: Any, kind: str) -> Any:
    return {
        "text": pa.string(),
        "whole": pa.int32(),
        "number": pa.float64(),
        "flag": pa.bool_(),
        "list": pa.list_(pa.string()),
        "time": pa.timestamp("s", tz="UTC"),
    }[kind]


def _moment(value: Any, kind: str) -> Any:
    return read_time(value) if kind == "time" and value is not None else value


def _day_of(row: Mapping[str, Any]) -> str:
    return str(row["date_published"] or row["date_discovered"] or _UNDATED)[:10]


def _plain(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
