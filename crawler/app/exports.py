"""`tumen export`: records for other tools, chosen like a search.

Promise: without --full-text (or TUMEN_FULL_TEXT=on) no export holds more of a text than its
excerpt; articles that say noarchive are in none, and it is said how many were left out.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TextIO

import click

from crawler.app.export_files import beside, write_parquet, write_sqlite
from crawler.app.selection import config_of_store, in_store, query_of, reading, selection
from crawler.app.terminal import say, write_text
from crawler.errors import ConfigError
from crawler.news.bibtex import bibtex_entry
from crawler.news.excerpts import EXCERPT
from crawler.news.queries import Query
from crawler.news.syndication import Feed, json_feed, rss_feed
from crawler.news.table_rows import COLUMNS, TEXT, row_of, safe_cell
from crawler.storage.library import Library

_FORMATS = ("csv", "jsonl", "parquet", "sqlite", "jsonfeed", "rss", "bibtex")
_NEED_A_FILE = ("parquet", "sqlite")
# A feed is for what is new; readers do not take thousands of items.
_FEED_MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is exported: which records, how, and whether with their texts."""

    query: Query
    full_text: bool


@click.command(epilog="Example: tumen export --format parquet --out arms --since 2026 --topic arms")
@click.argument("words", nargs=-1)
@click.option("--format", "form", type=click.Choice(_FORMATS), default="csv", show_default=True,
              help="What is written.")  # fmt: skip
@click.option("--out", metavar="PATH", type=click.Path(path_type=Path),
              help="File (parquet: folder) to write; default: standard output.")  # fmt: skip
@click.option("--full-text", is_flag=True, help="With whole texts; they belong to their outlets.")
@selection
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most N records.")
@in_store
def export(
    words: tuple[str, ...],
    form: str,
    out: Path | None,
    full_text: bool,
    limit: int | None,
    data: str | None,
    **chosen: Any,
) -> int:
    """Write records for other tools, oldest first (feeds: newest first).

    Chosen like a search; without WORDS all records. Holds titles, the first 300 characters,
    reasons and links, unless --full-text is given.
    """
    config = config_of_store(data)
    if form in _NEED_A_FILE and out is None:
        raise ConfigError(f"--format {form}: name where it is to be written with --out")
    is_feed = form in ("rss", "jsonfeed")
    query = query_of(
        chosen,
        text=" ".join(words),
        order="discovered" if is_feed else "oldest",
        limit=min(limit or _FEED_MOST, _FEED_MOST) if is_feed else limit,
    )
    wanted = Wanted(query=query, full_text=full_text or config.full_text)
    with reading(config) as library:
        shareable = replace(query, shareable=True)
        left_out = library.count(query) - library.count(shareable)
        count = _write(form, library, replace(wanted, query=shareable), out)
    texts = "whole texts" if wanted.full_text else f"at most {EXCERPT} characters of each text"
    say(f"{count} records{f' to {out}' if out else ''}, {texts}")
    if left_out:
        say(f"{left_out} left out: their outlets do not allow copies (noarchive)")
    return 0


def _write(form: str, library: Library, wanted: Wanted, out: Path | None) -> int:
    rows = (row_of(said, full_text=wanted.full_text) for said in _records(library, wanted.query))
    if form == "sqlite" and out is not None:
        return write_sqlite(out, rows, full_text=wanted.full_text)
    if form == "parquet" and out is not None:
        return write_parquet(out, rows, full_text=wanted.full_text)
    with writing_to(out) as target:
        return _WRITERS[form](target, library, wanted)


def _records(library: Library, query: Query) -> Iterator[dict[str, Any]]:
    return (library.record(hit) for hit in library.find(query))


def _write_csv(target: TextIO, library: Library, wanted: Wanted) -> int:
    names = [*COLUMNS, *([TEXT] if wanted.full_text else [])]
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(names)
    count = 0
    for said in _records(library, wanted.query):
        row = row_of(said, full_text=wanted.full_text)
        writer.writerow([safe_cell(row[name]) for name in names])
        count += 1
    return count


def _write_jsonl(target: TextIO, library: Library, wanted: Wanted) -> int:
    """Whole records with their texts, as the store has them; without, their rows."""
    count = 0
    for said in _records(library, wanted.query):
        told = said if wanted.full_text else row_of(said, full_text=False)
        target.write(json.dumps(told, ensure_ascii=False, allow_nan=False) + "\n")
        count += 1
    return count


def _write_bibtex(target: TextIO, library: Library, wanted: Wanted) -> int:
    count = 0
    for said in _records(library, wanted.query):
        target.write(bibtex_entry(said) + "\n")
        count += 1
    return count


def _write_json_feed(target: TextIO, library: Library, wanted: Wanted) -> int:
    records = list(_records(library, wanted.query))
    target.write(json_feed(_feed(wanted.query), records, full_text=wanted.full_text) + "\n")
    return len(records)


def _write_rss(target: TextIO, library: Library, wanted: Wanted) -> int:
    records = list(_records(library, wanted.query))
    target.write(rss_feed(_feed(wanted.query), records, full_text=wanted.full_text).decode())
    return len(records)


_WRITERS: Mapping[str, Callable[[TextIO, Library, Wanted], int]] = {
    "csv": _write_csv,
    "jsonl": _write_jsonl,
    "bibtex": _write_bibtex,
    "jsonfeed": _write_json_feed,
    "rss": _write_rss,
}


def _feed(query: Query) -> Feed:
    asked = [query.text or "", *query.topics, *query.outlets, *query.countries, *query.languages]
    subject = ", ".join(word for word in asked if word)
    return Feed(
        title=f"Tumen: {subject}" if subject else "Tumen",
        description="Coverage of relations between the DPRK and Russia, newest first.",
    )


@contextmanager
def writing_to(out: Path | None) -> Iterator[TextIO]:
    """A file that is there whole or not at all, or standard output; harmless on a terminal."""
    if out is None and sys.stdout.isatty():
        # What strangers wrote reaches a terminal only when it is made harmless.
        shown = io.StringIO()
        yield shown
        write_text(shown.getvalue())
        return
    if out is None:
        yield sys.stdout
        sys.stdout.flush()
        return
    with beside(out) as new, new.open("w", encoding="utf-8", newline="") as held:
        yield held
