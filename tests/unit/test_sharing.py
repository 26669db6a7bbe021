"""What leaves the machine: rows, feeds, citations; bounded, harmless, and readable elsewhere."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import feedparser
import pytest
from hypothesis import given, settings

from crawler.news.bibtex import bibtex_entry
from crawler.news.changes import changes_of
from crawler.news.excerpts import EXCERPT, excerpt_of, shortened, snippet
from crawler.news.lines import Record, parse_line, to_line
from crawler.news.syndication import Feed, json_feed, rss_feed
from crawler.news.table_rows import COLUMNS, TEXT, row_of, safe_cell
from tests.stores import cited, record, revised
from tests.strategies import RECORDS

FEED = Feed(title="Tumen: <b>", description="All & sundry")
LONG = "The barge carried sand and the crew carried on. " * 40

FORMULAS = {
    "equals": ('=HYPERLINK("https://x.example")', '\'=HYPERLINK("https://x.example")'),
    "plus": ("+1", "'+1"),
    "minus": ("-1+cmd", "'-1+cmd"),
    "at": ("@SUM(A1)", "'@SUM(A1)"),
    "tab": ("\t=1", "'\t=1"),
    "wide": ("＝1", "'＝1"),
    "plain": ("Kim = Putin", "Kim = Putin"),
    "list": (["=1", "b"], "'=1; b"),
    "number": (0.5, 0.5),
    "nothing": (None, None),
}


def said(**changes: object) -> dict[str, object]:
    return parse_line(to_line(record(1, "Ferry sails", LONG, **changes)))  # type: ignore[arg-type]


@pytest.mark.parametrize(("value", "cell"), FORMULAS.values(), ids=FORMULAS)
def test_a_cell_is_no_formula(value: object, cell: object) -> None:
    assert safe_cell(value) == cell


def test_without_the_text_at_most_an_excerpt_leaves() -> None:
    told = said()
    row = row_of(told, full_text=False)
    assert list(row) == list(COLUMNS)
    assert len(row["excerpt"]) <= EXCERPT
    for written in (
        json.dumps(row),
        json_feed(FEED, [told], full_text=False),
        rss_feed(FEED, [told], full_text=False).decode(),
        bibtex_entry(told),
    ):
        assert LONG[:EXCERPT] not in written
        assert written.count("The barge carried sand") <= 2 * EXCERPT / 48 + 2


def test_with_the_text_all_of_it_leaves() -> None:
    told = said()
    assert row_of(told, full_text=True)[TEXT] == told["text"]
    assert json.loads(json_feed(FEED, [told], full_text=True))["items"][0]["content_text"] == LONG
    entry = feedparser.parse(rss_feed(FEED, [told], full_text=True)).entries[0]
    assert entry.content[0].value.strip() == LONG.strip()


def test_a_row_names_origins_and_those_who_are_quoted() -> None:
    row = row_of(said(cites=[cited("Ledger"), cited("Gazette", role="quoted")]), full_text=False)
    assert (row["origins"], row["quoted"]) == (["Ledger"], ["Gazette"])


@settings(max_examples=40, deadline=None)
@given(RECORDS)
def test_any_record_makes_feeds_that_are_read_back(made: Record) -> None:
    told = parse_line(to_line(made))
    item = json.loads(json_feed(FEED, [told], full_text=False))["items"][0]
    assert (item["id"], item["url"], item["title"]) == (told["id"], told["url"], told["title"])
    channel = ET.fromstring(rss_feed(FEED, [told], full_text=True)).find("channel")
    assert channel is not None
    assert channel.findtext("item/guid") == told["id"]


@settings(max_examples=40, deadline=None)
@given(RECORDS)
def test_any_record_is_cited_by_an_entry_whose_braces_close(made: Record) -> None:
    entry = bibtex_entry(parse_line(to_line(made)))
    bare = entry.replace("\\{", "").replace("\\}", "")
    assert bare.count("{") == bare.count("}")
    assert entry.endswith("\n}\n")


def test_a_title_is_no_command_of_tex() -> None:
    entry = bibtex_entry(said() | {"title": r"\input{x} 100% of $5 & #1_a ~ ^"})
    assert r"{{\textbackslash{}input\{x\} 100\% of \$5 \& \#1\_a " in entry
    assert r"\textasciitilde{} \textasciicircum{}}}" in entry


def test_an_excerpt_is_one_line_cut_between_words() -> None:
    cut = excerpt_of({"text": LONG})
    assert len(cut) <= EXCERPT
    assert cut.endswith(" carried…") or cut.endswith("…")
    assert shortened("a\n b", 10) == "a b"
    assert excerpt_of({"description": "Short.", "text": LONG}) == "Short."


def test_a_snippet_shows_what_was_sought() -> None:
    text = f"{LONG}Then the Überfahrt began. {LONG}"
    assert "Überfahrt" in snippet(text, ["uberfahrt"])
    assert snippet("nothing of it", ["x"]) == "nothing of it"


def test_changes_name_sentences_and_fields_not_moved_lines() -> None:
    first = record(1, "Ferry sails", "It sails at noon. It carries sand.")
    second = revised(first, "It carries sand.\nIt sails at one.", hours=1, title="Ferry sails late")
    (change,) = changes_of([parse_line(to_line(one)) for one in (first, second)])
    assert change.removed == ("It sails at noon.",)
    assert change.added == ("It sails at one.",)
    assert ("title", "Ferry sails", "Ferry sails late") in change.fields
