"""A Query as SQL over the index: which rows, and in which order.

Promise: nothing of a query becomes SQL but the choice of conditions written here; every value is
bound, and what a person typed cannot be read as an operator of the search.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crawler.errors import ConfigError
from crawler.news.jsonl import write_time
from crawler.news.queries import Query
from crawler.news.words import folded, phrases_of

# A word in a headline tells more of what a report is about than one in its text.
_TITLE_WEIGHT, _TEXT_WEIGHT = 6.0, 1.0

_STORIES = "LEFT JOIN placed ON placed.id = docs.id "
_MARKS = "LEFT JOIN marks ON marks.id = docs.id"
FROM = f"""
FROM docs JOIN files ON files.number = docs.file
{_STORIES}{_MARKS}
"""
_ORDERS = {
    "newest": "docs.moment DESC, docs.number DESC",
    "oldest": "docs.moment, docs.number",
    "discovered": "docs.discovered DESC, docs.number DESC",
}
_BEST = f"bm25(words, {_TITLE_WEIGHT}, {_TEXT_WEIGHT})"
_Asked = Iterator[tuple[str, list[Any]]]


def select(columns: str, query: Query) -> tuple[str, list[Any]]:
    """The statement that answers a query in its order, and its values.

    Where there is a limit the rows are chosen first, by number alone: sorting whole ones would
    carry their excerpts along. Without one they come as an index has them, and are not kept.
    """
    where, values = conditions(query)
    is_best = query.order == "best" and bool(query.text)
    order = "rank, docs.number DESC" if is_best else _ORDERS.get(query.order, _ORDERS["newest"])
    asked = f"{_BEST if is_best else 0} AS rank {FROM}{_joined(query)} WHERE {where}"
    if query.limit is None and not query.offset:
        return f"SELECT {columns}, {asked} ORDER BY {order}", values
    chosen = f"SELECT docs.number AS chosen, {asked} ORDER BY {order} LIMIT ? OFFSET ?"
    values += [-1 if query.limit is None else query.limit, query.offset]
    sql = f"SELECT {columns} FROM ({chosen}) JOIN {FROM.strip().removeprefix('FROM ')}"
    return f"{sql} WHERE docs.number = chosen ORDER BY {order}", values


def tally(columns: str, query: Query) -> tuple[str, list[Any]]:
    """The statement that counts what a query finds, without its order and limit.

    Files are not joined, stories where something asks for them: over a year's records that halves
    the time.
    """
    where, values = conditions(query)
    with_stories = _STORIES if "placed." in f"{columns} {where}" else ""
    return (
        f"SELECT {columns} FROM docs {with_stories}{_MARKS}{_joined(query)} WHERE {where}",
        values,
    )


def _joined(query: Query) -> str:
    return " JOIN words ON words.rowid = docs.number" if query.text else ""


def conditions(query: Query) -> tuple[str, list[Any]]:
    """What must be so of a row, and the values of it."""
    asked = [*_asked_of_words(query), *_asked_of_record(query), *_asked_of_marks(query)]
    where = " AND ".join(sql for sql, _values in asked)
    return where, [value for _sql, values in asked for value in values]


def match_of(text: str) -> str:
    """What a person typed, in the language of the index; raises ConfigError where it is nothing."""
    phrases = phrases_of(text)
    if not phrases:
        raise ConfigError(f"{text!r} holds no word to look for; name one, or leave it out")
    return " ".join(_phrase(words) for words in phrases)


def _phrase(words: list[str]) -> str:
    # Words hold letters and digits only, so quotes cannot be closed from within.
    if words[-1].endswith("*"):
        return f'"{" ".join(words)[:-1]}" *'
    return f'"{" ".join(words)}"'


def _asked_of_words(query: Query) -> _Asked:
    if query.text:
        yield "words MATCH ?", [match_of(query.text)]
    if query.cites:
        sql = "docs.number IN (SELECT number FROM cited WHERE name LIKE ? ESCAPE '!')"
        yield sql, [f"%{_escaped(folded(query.cites))}%"]


def _asked_of_record(query: Query) -> _Asked:
    yield "docs.is_current", []
    if query.since:
        yield "docs.moment >= ?", [write_time(query.since)]
    if query.until:
        yield "docs.moment < ?", [write_time(query.until)]
    if query.ids:
        yield f"docs.id IN ({_places(query.ids)})", [*query.ids]
    if query.arrived:
        # What came last is a small part: looked up by id, not found on a walk through all.
        yield "docs.id IN (SELECT id FROM placed WHERE key >= ?)", [write_time(query.arrived)]
    if query.topics:
        topics = f"topic IN ({_places(query.topics)}) AND topics.number = docs.number"
        yield f"EXISTS (SELECT 1 FROM topics WHERE {topics})", [*query.topics]
    if query.outlets:
        yield f"docs.outlet IN ({_places(query.outlets)})", [*query.outlets]
    if query.countries:
        codes = [country.upper() for country in query.countries]
        yield f"docs.country IN ({_places(query.countries)})", codes
    if query.languages:
        # zh also finds zh-Hans and zh-TW.
        either = " OR ".join("docs.language = ? OR docs.language LIKE ?" for _ in query.languages)
        yield f"({either})", [form for tag in query.languages for form in (tag, f"{tag}-%")]
    if query.shareable:
        yield "docs.is_noarchive = 0", []


def _asked_of_marks(query: Query) -> _Asked:
    yield "coalesce(marks.is_hidden, 0) = 0", []
    if query.story:
        # The beginning of an id is enough: ids are hex digits, which all come before a "g".
        yield "placed.story BETWEEN ? AND ?", [query.story, f"{query.story}g"]
    if query.unseen:
        yield "coalesce(marks.is_seen, 0) = 0 AND coalesce(marks.is_used, 0) = 0", []
    if query.used:
        yield "coalesce(marks.is_used, 0) = 1", []


def _places(values: tuple[str, ...]) -> str:
    return ", ".join("?" * len(values))


def _escaped(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
