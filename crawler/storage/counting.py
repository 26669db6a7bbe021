"""Counting what is stored: by day, topic, outlet, language and country, and how late it was found.

Promise: a count is of the records that a query finds, each once; a topic counts every record that
has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from crawler.news.queries import Query
from crawler.storage.library import Library
from crawler.storage.selecting import tally

By = Literal["day", "topic", "outlet", "language", "country"]

_EXPRESSIONS: dict[By, str] = {
    "day": "substr(docs.moment, 1, 10)",
    "topic": "counted.value",
    "outlet": "coalesce(docs.outlet, docs.domain)",
    "language": "coalesce(docs.language, '?')",
    "country": "coalesce(docs.country, '?')",
}
_DELAY = "(julianday(docs.discovered) - julianday(docs.published)) * 86400"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """How long after their publication records were found, in seconds: half of them, nine in ten.

    Of records whose time of publication is known to the minute; `records` says how many.
    """

    records: int
    median_s: float
    nine_in_ten_s: float


def counts(library: Library, query: Query, by: By) -> list[tuple[str, int]]:
    """How many records a query finds by each value; days in order, the rest by count."""
    expression = _EXPRESSIONS[by]
    sql, values = tally(f"{expression} AS value, count(*) AS records", library.asked(query))
    if by == "topic":
        sql = sql.replace("FROM docs", "FROM docs JOIN json_each(docs.topics) AS counted", 1)
    order = "value" if by == "day" else "records DESC, value"
    rows = library.db.execute(f"{sql} GROUP BY value ORDER BY {order}", values)
    return [(str(row["value"]), int(row["records"])) for row in rows]


def delay_of(library: Library, query: Query) -> Delay | None:
    """How late the records of a query were found; None where no time is known."""
    sql, values = tally(f"{_DELAY} AS late", library.asked(query))
    sql += " AND docs.precision IN ('minute', 'second') AND late >= 0 ORDER BY late"
    late = [float(row["late"]) for row in library.db.execute(sql, values)]
    if not late:
        return None
    return Delay(
        records=len(late),
        median_s=late[len(late) // 2],
        nine_in_ten_s=late[min(len(late) - 1, len(late) * 9 // 10)],
    )
