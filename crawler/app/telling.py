"""`tumen story` and `tumen timeline`: one event with all who report it, and the row of events.

Promise: every report says why it is in its story; a story is counted by independent origins.
"""

from __future__ import annotations

import csv
import json
import math
import sys
from collections.abc import Sequence
from typing import Any

import click

from crawler.app import options
from crawler.app.hits import SHORT, origins_of, story_as_json, when, who
from crawler.app.selection import config_of_store, in_store, limited, query_of, reading, selection
from crawler.app.terminal import say, show_table, write_line, write_text
from crawler.errors import ConfigError
from crawler.news.table_rows import safe_cell
from crawler.storage.catalogue import load_catalogue
from crawler.storage.gathering import Story, find_stories, gather, houses_of
from crawler.storage.library import Hit
from crawler.storage.lookup import find_id

NOT_FOUND = 1
_WHY_MOST = 4
TIMELINE = (
    "event_day", "headline", "origin", "link", "independent_origins", "outlets", "reports",
    "topics", "story_id",
)  # fmt: skip


@click.command(epilog="Example: tumen story 3f2a9c")
@click.argument("record", metavar="ID|URL")
@in_store
@options.as_json
def story(record: str, data: str | None, json_lines: bool) -> int:
    """Show the story that a record (or story) belongs to: who reports it, and why each is in."""
    config = config_of_store(data)
    houses = houses_of(load_catalogue(config.outlets, config.data_dir))
    with reading(config) as library:
        record_id = find_id(config.data_dir, record)
        named = library.story_of(record_id) if record_id else None
        found = gather(library, named, houses) if named else None
    if found is None:
        say(f"there is no record of {record} in {config.data_dir}")
        return NOT_FOUND
    if json_lines:
        write_line(json.dumps(story_as_json(found), ensure_ascii=False))
    else:
        _show(found)
    return 0


@click.command(epilog="Example: tumen timeline --since 2026-11 --csv > events.csv")
@click.option("--csv", "as_csv", is_flag=True, help="As CSV, for a spreadsheet.")
@selection
@limited(50)
@in_store
@options.as_json
def timeline(
    as_csv: bool,
    limit: int,
    data: str | None,
    json_lines: bool,
    **chosen: Any,
) -> int:
    """Show one row for each story: day of the event, headline, origin, link, how many report it.

    The day is guessed from the reports; tumen mark ID event 2026-11-20 sets it.
    """
    if as_csv and json_lines:
        raise ConfigError("--csv and --json: give one of them")
    config = config_of_store(data)
    houses = houses_of(load_catalogue(config.outlets, config.data_dir))
    with reading(config) as library:
        query = query_of(chosen, order="newest", limit=limit)
        stories = list(find_stories(library, query, houses))
    stories.sort(key=lambda one: (one.event_day, one.id))
    rows = [_row(one) for one in stories]
    if as_csv:
        _write_csv(rows)
    elif json_lines:
        for row in rows:
            pairs = dict(zip(TIMELINE, row, strict=True))
            pairs["topics"] = pairs["topics"].split("; ") if pairs["topics"] else []
            write_line(json.dumps(pairs, ensure_ascii=False))
    else:
        shown = [(one.event_day, one.headline, one.voices, one.id[:SHORT]) for one in stories]
        show_table(("day", "story", "told by", "id"), shown, json_lines=False)
    return 0


def _why(hit: Hit) -> str:
    """What weighed most; --json has all of it."""
    owed = origins_of(hit.cites)
    if not hit.because:
        return f"the first, after {', '.join(owed)}" if owed else "the first"
    weightiest = sorted(hit.because, key=lambda reason: -abs(_points(reason)))[:_WHY_MOST]
    return "; ".join(reason for reason in hit.because if reason in weightiest)


def _points(reason: str) -> float:
    try:
        return float(reason.partition(" ")[0])
    except ValueError:
        return math.inf  # "the same text"


def _row(story: Story) -> tuple[Any, ...]:
    return (
        story.event_day, story.headline, story.origin, story.best.url, len(story.origins),
        story.outlets, len(story.reports), "; ".join(story.topics), story.id,
    )  # fmt: skip


def _write_csv(rows: Sequence[Sequence[Any]]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(TIMELINE)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    sys.stdout.flush()


def _show(story: Story) -> None:
    day = story.event_day + (" (as you said)" if story.is_event_day_told else "")
    write_text(f"{story.headline}\n{day} · {', '.join(story.topics)}\n{story.voices}")
    rows = [
        (when(hit), who(hit), hit.language or "", hit.title, _why(hit)) for hit in story.reports
    ]
    show_table(("appeared", "outlet", "in", "headline", "why it is in"), rows, json_lines=False)
    held = [(o.name, "yes" if o.is_held else "no", len(o.reports)) for o in story.origins]
    show_table(("origin", "held", "reports"), held, json_lines=False)
