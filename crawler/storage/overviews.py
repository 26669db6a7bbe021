"""Figures for a page that shows a whole period at once: days by topic, wide stories, outlets.

Promise: each is one pass over the records of its query, however many stories they belong to; what
is not found by the query is not counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from crawler.news.queries import Query
from crawler.storage.library import Library
from crawler.storage.selecting import tally

_WEEK = "CAST((julianday(?) - julianday(docs.moment)) / 7 AS INTEGER)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """What an outlet brought: records in all, by week (the last one last), and the newest."""

    outlet: str
    records: int
    weeks: tuple[int, ...]
    newest: str


def count_up_to(library: Library, query: Query, most: int) -> int:
    """How many records a query finds, counted no further than `most`."""
    sql, values = tally("1", library.asked(query))
    counted = f"SELECT count(*) FROM ({sql} LIMIT ?)"
    return int(library.db.execute(counted, [*values, most]).fetchone()[0])


def days_by_topic(library: Library, query: Query) -> Iterator[tuple[str, str, int]]:
    """(day, topic, records): every record once, with the first of its topics or none ("")."""
    columns = (
        "substr(docs.moment, 1, 10) AS day, "
        "coalesce(json_extract(docs.topics, '$[0]'), '') AS topic, count(*) AS records"
    )
    sql, values = tally(columns, library.asked(query))
    for row in library.db.execute(f"{sql} GROUP BY day, topic ORDER BY day, topic", values):
        yield str(row["day"]), str(row["topic"]), int(row["records"])


def widest_stories(library: Library, query: Query, most: int) -> list[str]:
    """The ids of stories that most outlets tell, among the records of a query; widest first."""
    columns = (
        "placed.story AS story, count(DISTINCT coalesce(docs.outlet, docs.domain)) AS outlets, "
        "max(docs.moment) AS newest"
    )
    sql, values = tally(columns, library.asked(query))
    sql += " AND placed.story IS NOT NULL GROUP BY story ORDER BY outlets DESC, newest DESC LIMIT ?"
    return [str(row["story"]) for row in library.db.execute(sql, [*values, most])]


def activity(library: Library, query: Query, until: str, weeks: int) -> dict[str, Activity]:
    """What each outlet brought in the weeks before a day (YYYY-MM-DD), by its id or its site."""
    columns = (
        f"coalesce(docs.outlet, docs.domain) AS outlet, {_WEEK} AS back, "
        "count(*) AS records, max(docs.moment) AS newest"
    )
    sql, values = tally(columns, library.asked(query))
    found: dict[str, Activity] = {}
    for row in library.db.execute(f"{sql} GROUP BY outlet, back", [until, *values]):
        name, back = str(row["outlet"]), min(max(int(row["back"]), 0), weeks - 1)
        known = found.get(name)
        counts = list(known.weeks) if known else [0] * weeks
        counts[weeks - 1 - back] += int(row["records"])
        found[name] = Activity(
            outlet=name,
            records=sum(counts),
            weeks=tuple(counts),
            newest=max(str(row["newest"]), known.newest if known else ""),
        )
    return found
