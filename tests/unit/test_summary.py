"""The summary of a pass: one row per outlet, counted over all processes."""

from __future__ import annotations

from crawler.app.passing import summary_rows


def test_an_outlet_without_events_stands_there_with_zeros() -> None:
    assert summary_rows({}, ["a"]) == [("a", "0", "0", "0", "0", "0", "0", "")]


def test_events_are_counted_in_their_columns() -> None:
    tally = {
        ("a", "entries"): 9,
        ("a", "new"): 8,
        ("a", "kept"): 2,
        ("a", "dropped"): 1,
        ("a", "known"): 1,
        ("a", "triaged"): 3,
        ("a", "gone"): 1,
        ("a", "failed"): 1,
        ("a", "why:HTTP 500"): 1,
        ("a", "why:no answer"): 1,
    }
    assert summary_rows(tally, ["a"]) == [
        ("a", "9", "8", "4", "2", "6", "1", "HTTP 500; no answer")
    ]


def test_what_no_selected_outlet_brought_stands_last() -> None:
    rows = summary_rows({("-", "kept"): 1}, ["a"])
    assert [row[0] for row in rows] == ["a", "-"]
