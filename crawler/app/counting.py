"""`tumen stats`: how much was stored, by day, topic, outlet and language, and how soon.

Promise: the figures are those of the records that the same options find.
"""

from __future__ import annotations

import json
from typing import Any

import click

from crawler.app import options
from crawler.app.selection import config_of_store, in_store, query_of, reading, selection
from crawler.app.terminal import say, show_table, write_line
from crawler.notation import format_duration
from crawler.storage.counting import By, counts, delay_of

_ALL: tuple[By, ...] = ("day", "topic", "outlet", "language", "country")
_MOST = 15
_BAR = 20


@click.command(epilog="Example: tumen stats --since 30d --by topic")
@click.option("--by", type=click.Choice(_ALL), help="Only these figures, and all of them.")
@selection
@in_store
@options.as_json
def stats(by: By | None, data: str | None, json_lines: bool, **chosen: Any) -> int:
    """Count records by day, topic, outlet, language and country; tell how soon they were found."""
    query = query_of(chosen, order="newest")
    with reading(config_of_store(data)) as library:
        figures = {one: counts(library, query, one) for one in ([by] if by else _ALL)}
        late = delay_of(library, query)
        records = library.count(query)
    if json_lines:
        told: dict[str, Any] = {one: dict(rows) for one, rows in figures.items()}
        told["records"] = records
        told["delay_s"] = (
            {"median": round(late.median_s), "nine_in_ten": round(late.nine_in_ten_s)}
            if late
            else None
        )
        write_line(json.dumps(told, ensure_ascii=False))
        return 0
    for one, rows in figures.items():
        _show(one, rows if by else rows[-_MOST:] if one == "day" else rows[:_MOST])
    say(f"{records} records")
    if late:
        say(
            f"found {_spoken(late.median_s)} after publication (median of {late.records}), "
            f"nine in ten within {_spoken(late.nine_in_ten_s)}"
        )
    return 0


def _show(name: str, rows: list[tuple[str, int]]) -> None:
    most = max((count for _value, count in rows), default=1)
    bars = [(value, count, "█" * round(_BAR * count / most)) for value, count in rows]
    show_table((name, "records", ""), bars, json_lines=False)


def _spoken(seconds: float) -> str:
    # To the minute: nobody is served by more.
    return format_duration(60.0 * round(seconds / 60)) if seconds >= 60 else f"{seconds:.0f}s"
