"""The hand-written checks: they find what the published schema finds, and what it cannot."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.news.checks import compile_schema, journal_flaws, record_flaws
from crawler.news.lines import Record, to_line
from crawler.news.schema import JOURNAL_SCHEMA, RECORD_SCHEMA
from tests.samples import DOCS, make_line, make_omission, validator
from tests.strategies import RECORDS

GONE = object()


def altered(line: bytes, path: str, value: Any) -> dict[str, Any]:
    said = json.loads(line)
    *parents, name = path.split(".")
    holder = said
    for parent in parents:
        holder = holder[int(parent) if isinstance(holder, list) else parent]
    if value is GONE:
        del holder[name]
    else:
        holder[name] = value
    return said


@pytest.mark.parametrize("name", ["record", "journal"])
def test_the_published_schema_is_ours(name: str) -> None:
    ours = {"record": RECORD_SCHEMA, "journal": JOURNAL_SCHEMA}[name]
    published = (DOCS / f"{name}.schema.json").read_text(encoding="utf-8")
    assert published == json.dumps(ours, indent=2, ensure_ascii=False) + "\n"


@settings(max_examples=20, deadline=None)
@given(RECORDS)
def test_any_built_record_has_no_flaw(record: Record) -> None:
    assert record_flaws(json.loads(to_line(record))) == []


def test_a_journal_line_has_no_flaw() -> None:
    assert journal_flaws(json.loads(make_omission())) == []


@pytest.mark.parametrize(
    ("path", "value", "kind"),
    [
        pytest.param("title", GONE, "schema", id="field missing"),
        pytest.param("mood", "sunny", "schema", id="field unknown"),
        pytest.param("title", None, "schema", id="null where it must not be"),
        pytest.param("title", 7, "schema", id="wrong type"),
        pytest.param("description", "", "schema", id="empty where null is meant"),
        pytest.param("revision", True, "schema", id="a truth is no number"),
        pytest.param("revision", 0, "schema", id="no revision 0"),
        pytest.param("schema_version", 2, "schema", id="newer version"),
        pytest.param("id", "ab" * 17, "schema", id="id too long"),
        pytest.param("url", "javascript:alert(1)", "schema", id="no web address"),
        pytest.param("date_fetched", "2026-11-22T12:00:00+00:00", "schema", id="not with Z"),
        pytest.param("date_fetched", "2026-02-30T12:00:00Z", "schema", id="a day that never was"),
        pytest.param("date_local", "2026-13-01", "schema", id="a month that never was"),
        pytest.param("date_fetched", "2026-11-22T12:00:00Z\n", "schema", id="line feed behind"),
        pytest.param("text_status", "half", "schema", id="not among the choices"),
        pytest.param("topics", ["weather"], "schema", id="unknown topic"),
        pytest.param("topic_reasons", {"weather": "rain"}, "schema", id="reason of unknown topic"),
        pytest.param("authors", ["", "x"], "schema", id="empty author"),
        pytest.param("match.score", 1.5, "schema", id="score above 1"),
        pytest.param("match.score", -0.1, "schema", id="score below 0"),
        pytest.param("match.terms", {"dprk": []}, "schema", id="a party is missing"),
        pytest.param("match.terms.china", "x", "schema", id="terms of another party no list"),
        pytest.param("http.status", 99, "schema", id="no HTTP status"),
        pytest.param("http.mood", 1, "schema", id="unknown field inside"),
        pytest.param("cites.0.role", "witness", "schema", id="unknown role"),
        pytest.param("archive", {"file": "../../etc/passwd", "offset": 0}, "schema",
                     id="archive outside"),
        pytest.param("id", "00" * 16, "id", id="id of another URL"),
        pytest.param("url_rule", 10_000, "url_rule", id="rule from the future"),
        pytest.param("content_hash", "00" * 32, "hash", id="hash of another text"),
        pytest.param("revision_cause", "outlet", "cause", id="first revision with a cause"),
        pytest.param("date_precision", None, "precision", id="date without precision"),
    ],
)  # fmt: skip
def test_a_flaw_in_a_record_is_found(path: str, value: Any, kind: str) -> None:
    said = altered(make_line(), path, value)
    assert {kind} == {flaw.kind for flaw in record_flaws(said)}
    if not str(value).startswith("2026-02-30") and not str(value).endswith("\n"):
        # The standard validator leaves these two to optional packages.
        assert (kind == "schema") == (not validator("record").is_valid(said))


def test_fields_out_of_order_are_found() -> None:
    said = json.loads(make_line())
    turned = {name: said[name] for name in reversed(said)}
    assert [flaw.what for flaw in record_flaws(turned)] == ["record: its fields are out of order"]


@pytest.mark.parametrize(
    ("path", "value", "kind"),
    [
        pytest.param("stage", "Triage", "schema", id="stage is one lower-case word"),
        pytest.param("reasons", None, "schema", id="reasons are a list"),
        pytest.param("id", "00" * 16, "id", id="id of another URL"),
    ],
)
def test_a_flaw_in_the_journal_is_found(path: str, value: Any, kind: str) -> None:
    said = altered(make_omission(), path, value)
    assert [kind] == [flaw.kind for flaw in journal_flaws(said)]


_ODD = st.sampled_from(
    [None, True, 0, -1, 1.5, "", "x", "2026-11-22T12:00:00Z", [], ["x"], [1], {}]
)


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_the_checks_agree_with_the_published_schema(data: st.DataObject) -> None:
    said = json.loads(make_line())
    name = data.draw(st.sampled_from(sorted(said)))
    holder = said
    if isinstance(said[name], dict) and said[name] and data.draw(st.booleans()):
        holder, name = said[name], data.draw(st.sampled_from(sorted(said[name])))
    holder[name] = copy.deepcopy(data.draw(_ODD))
    found = any(flaw.kind == "schema" for flaw in record_flaws(said))
    assert found == (not validator("record").is_valid(said))


def test_a_keyword_that_nobody_checks_is_refused() -> None:
    with pytest.raises(KeyError, match="uniqueItems"):
        compile_schema({"type": "array", "uniqueItems": True})


def test_an_integer_may_stand_for_a_number() -> None:
    assert record_flaws(altered(make_line(), "match.score", 1)) == []
