"""`tumen mark`: say that a record was used or seen, note something, or set the day of its event.

Promise: a mark is on disk when the command ends, in DATA/marks.jsonl; the store is not touched.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import click

from crawler.app.selection import config_of_store, in_store
from crawler.app.terminal import say
from crawler.errors import ConfigError
from crawler.news.spoken_times import read_span
from crawler.storage.lookup import find_id, records_of
from crawler.storage.marks import Remark, append_remark

NOT_FOUND = 1
_WHAT = ("seen", "used", "note", "event")


@click.command(epilog='Example: tumen mark 3f2a9c note "asked the ministry"')
@click.argument("record", metavar="ID|URL")
@click.argument("what", type=click.Choice(_WHAT), metavar="seen|used|note|event")
@click.argument("words", nargs=-1, metavar="[TEXT|DAY]")
@click.option("--undo", is_flag=True, help="Take the mark away.")
@in_store
def mark(record: str, what: str, words: tuple[str, ...], undo: bool, data: str | None) -> int:
    """Mark a record as seen or used, add a note, or say when its event was.

    A later mark of the same kind takes the place of the one before.
    """
    config = config_of_store(data)
    if not config.data_dir.is_dir():
        raise ConfigError(f"{config.data_dir} is not there; name the store with --data")
    record_id = find_id(config.data_dir, record)
    revisions = records_of(config.data_dir, record_id) if record_id else []
    if not revisions:
        say(f"there is no record of {record} in {config.data_dir}")
        return NOT_FOUND
    bare = Remark(at=datetime.now(UTC), id=str(record_id), url=revisions[-1]["url"])
    append_remark(config.data_dir, remark_of(bare, what, " ".join(words), undo))
    say(f"{'no longer ' * undo}{what}: {revisions[-1]['title']}")
    return 0


def remark_of(bare: Remark, what: str, words: str, undo: bool) -> Remark:
    """The remark that says it. Raises ConfigError for words that are missing or mean nothing."""
    if what in ("seen", "used"):
        if words:
            raise ConfigError(f"{what} takes no words; to note something: tumen mark ID note TEXT")
        return replace(bare, seen=not undo) if what == "seen" else replace(bare, used=not undo)
    if not undo and not words:
        expected = "what is to be noted" if what == "note" else "the day of the event"
        raise ConfigError(f"{what}: say {expected} behind it")
    if what == "note":
        return replace(bare, note="" if undo else words)
    return replace(bare, event_day="" if undo else _day(words))


def _day(words: str) -> str:
    try:
        span = read_span(words, datetime.now(UTC))
    except ValueError as error:
        raise ConfigError(f"event {words}: {error}.") from error
    return f"{span.start:%Y-%m-%d}"
