"""Whether a line says what its schema promises, and what no schema can say: ids and hashes.

A schema is compiled once into functions, as a store has millions of lines. Known are the keywords
that `schema.py` uses; any other is refused when compiling, so that no rule is ever left unchecked.

Promise: whatever the value, a check ends with the list of its problems and raises nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Literal

from crawler.news.fields import content_hash
from crawler.news.schema import JOURNAL_SCHEMA, RECORD_SCHEMA, Schema
from crawler.news.urls import URL_RULE, url_id

# What is wrong with a value: where below it (`match.score`, "" for itself), and what.
Complaints = Sequence[tuple[str, str]]
Check = Callable[[Any], Complaints]
Test = Callable[[Any], object]

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,), "integer": (int,), "number": (int, float), "array": (list,),
    "object": (dict,), "boolean": (bool,), "null": (type(None),),
}  # fmt: skip
_ANNOTATIONS = {"$schema", "$id", "title", "description"}
_RULES = {
    "type", "const", "enum", "pattern", "minLength", "format", "minimum", "maximum", "items",
    "properties", "required", "additionalProperties",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """What is wrong with a line: `kind` sorts it, `what` begins with the field."""

    kind: Literal["schema", "id", "url_rule", "hash", "cause", "precision"]
    what: str


def record_flaws(said: Mapping[str, Any]) -> list[Flaw]:
    """What is wrong with a record; empty when nothing is."""
    return _schema_flaws("record", said) or list(_broken_promises(said))


def journal_flaws(said: Mapping[str, Any]) -> list[Flaw]:
    """What is wrong with a line of the journal; empty when nothing is."""
    flaws = _schema_flaws("journal", said)
    if not flaws and said["id"] != url_id(said["url"]):
        flaws.append(Flaw(kind="id", what="id: it is not that of url"))
    return flaws


def _schema_flaws(name: str, said: Mapping[str, Any]) -> list[Flaw]:
    return [
        Flaw(kind="schema", what=f"{path or name}: {complaint}")
        for path, complaint in _check_of(name)(said)
    ]


@cache
def _check_of(name: str) -> Check:
    return compile_schema({"record": RECORD_SCHEMA, "journal": JOURNAL_SCHEMA}[name])


def _broken_promises(said: Mapping[str, Any]) -> Iterator[Flaw]:
    if said["id"] != url_id(said["url"]):
        yield Flaw(kind="id", what="id: it is not that of url")
    if said["url_rule"] > URL_RULE:
        what = f"url_rule: {said['url_rule']} is unknown, the newest is {URL_RULE}"
        yield Flaw(kind="url_rule", what=what)
    if said["content_hash"] != content_hash(said["text"]):
        yield Flaw(kind="hash", what="content_hash: it is not that of text")
    if (said["revision"] == 1) != (said["revision_cause"] is None):
        yield Flaw(kind="cause", what="revision_cause: revisions after the first have one, only")
    if (said["date_published"] is None) != (said["date_precision"] is None):
        yield Flaw(kind="precision", what="date_precision: it does not go with date_published")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """A schema made ready: allowed types, tests of a value itself, and what looks inside it."""

    allowed: frozenset[type]
    tests: tuple[tuple[Test, str], ...]
    inside: Check | None


def compile_schema(schema: Schema) -> Check:
    """A function that tells what is wrong with a value; raises KeyError for an unknown keyword."""
    shape = _shape_of(schema)
    return lambda value: _complain(shape, value)


def _complain(shape: _Shape, value: Any) -> Complaints:
    # By exact type: True is no integer here.
    if type(value) not in shape.allowed:
        expected = " or ".join(sorted(kind.__name__ for kind in shape.allowed))
        return [("", f"{type(value).__name__} instead of {expected}")]
    if value is not None:
        for holds, complaint in shape.tests:
            if not holds(value):
                return [("", f"{str(value)[:60]!r} {complaint}")]
        if shape.inside is not None:
            return shape.inside(value)
    return ()


def _shape_of(schema: Schema) -> _Shape:
    if unknown := set(schema) - _ANNOTATIONS - _RULES:
        raise KeyError(f"checks.py does not know {sorted(unknown)}")
    inside = None
    if "items" in schema:
        inside = _look_into_list(_shape_of(schema["items"]))
    elif "properties" in schema:
        inside = _look_into_object(schema)
    return _Shape(allowed=_types_of(schema), tests=tuple(_tests_of(schema)), inside=inside)


def _types_of(schema: Schema) -> frozenset[type]:
    if "type" not in schema:
        return frozenset(type(value) for value in _choices_of(schema))
    names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return frozenset(kind for name in names for kind in _TYPES[name])


def _choices_of(schema: Schema) -> list[Any]:
    return [schema["const"]] if "const" in schema else schema["enum"]


def _tests_of(schema: Schema) -> Iterator[tuple[Test, str]]:
    if "const" in schema or "enum" in schema:
        choices = _choices_of(schema)
        yield frozenset(choices).__contains__, f"is none of {choices}"
    if "pattern" in schema:
        pattern = schema["pattern"]
        yield re.compile(pattern, re.ASCII).fullmatch, f"does not fit {pattern}"
    if "minLength" in schema:
        least_length = schema["minLength"]
        yield lambda text: len(text) >= least_length, "is too short"
    if schema.get("format") in _FORMATS:
        yield _FORMATS[schema["format"]], f"is no {schema['format']}"
    if "minimum" in schema:
        least = schema["minimum"]
        yield lambda number: number >= least, f"is below {least}"
    if "maximum" in schema:
        most = schema["maximum"]
        yield lambda number: number <= most, f"is above {most}"


def _look_into_list(shape: _Shape) -> Check:
    def check(values: Any) -> Complaints:
        for value in values:
            if complaints := _complain(shape, value):
                return complaints
        return ()

    return check


def _look_into_object(schema: Schema) -> Check:
    shapes = {name: _shape_of(held) for name, held in schema["properties"].items()}
    required, extra = schema["required"], schema["additionalProperties"]
    others = _shape_of(extra) if extra else None

    def check(values: Any) -> Complaints:
        found: list[tuple[str, str]] = []
        for name, value in values.items():
            shape = shapes.get(name, others)
            if shape is None:
                found.append((name, "unknown"))
            elif complaints := _complain(shape, value):
                found += [(f"{name}.{path}".rstrip("."), what) for path, what in complaints]
        names = list(values)
        if names[: len(required)] != required:
            missing = [(name, "missing") for name in required if name not in values]
            found += missing or [("", "its fields are out of order")]
        return found

    return check


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


# Of other formats ("uri") the pattern beside them says what matters.
_FORMATS: dict[str, Test] = {"date-time": _is_time, "date": _is_day}
