"""Measuring: what labeled items say."""

from __future__ import annotations

from typing import Any

import pytest

from crawler.news.measuring import (
    Labeled,
    Tally,
    cross_validated,
    read_labeled,
    slices_of,
    tally,
    tally_topics,
    tally_triage,
)
from tests.labeled import invented
from tests.watched import SHIPPED


def item(name: str, relevant: bool, **said: Any) -> Labeled:
    return read_labeled({"id": name, "lang": "en", "title": "", "label": int(relevant), **said})


def test_an_item_is_read_with_what_may_be_missing() -> None:
    said = {"id": 7, "label": 1, "note": "borderline: a parade", "topics": ["arms"], "odd": None}
    assert read_labeled(said) == Labeled(
        id="7",
        language=None,
        title="",
        text="",
        relevant=True,
        topics=frozenset(["arms"]),
        is_clear=False,
    )


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        pytest.param([], "not a JSON object", id="a list"),
        pytest.param({"label": 1}, "id is missing", id="no id"),
        pytest.param({"id": "a"}, "label is missing", id="no label"),
        pytest.param({"id": "a", "label": 2}, "label is 0 or 1", id="odd label"),
        pytest.param({"id": "a", "label": 1, "title": 3}, "title is not text", id="odd title"),
        pytest.param({"id": "a", "label": 1, "topics": "arms"}, "topics a list", id="odd topics"),
    ],
)
def test_what_is_no_labeled_item_is_refused(said: Any, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        read_labeled(said)


def test_precision_recall_and_f1_are_those_of_the_field() -> None:
    counted = Tally(right=6, false=2, missed=4)
    assert (counted.precision, counted.recall) == (0.75, 0.6)
    assert counted.f1 == pytest.approx(2 * 0.75 * 0.6 / (0.75 + 0.6))
    assert (Tally().precision, Tally().recall, Tally().f1) == (1.0, 1.0, 0.0)


def test_rounds_are_averaged_and_only_the_chosen_are_counted() -> None:
    items = [item("a", True), item("b", True), item("c", False)]
    counted = tally(items, [[True, True, True], [True, False, True]], [1, 2])
    assert counted == Tally(right=0.5, false=1, missed=0.5, items=2)


def test_slices_are_languages_clear_cut_long_and_all() -> None:
    items = [
        item("a", True, text="x" * 400),
        item("b", True, note="borderline"),
        item("c", False, lang="ko"),
    ]
    assert dict(slices_of(items)) == {
        "en": [0, 1],
        "ko": [2],
        "clear-cut": [0, 2],
        "long texts": [0],
        "all": [0, 1, 2],
    }


def test_topics_are_counted_on_relevant_items_only() -> None:
    items = [
        item("a", True, title="Moscow buys shells from Pyongyang", topics=["arms", "other"]),
        item("b", False, title="Moscow buys shells from Pyongyang", topics=["troops"]),
    ]
    assert tally_topics(SHIPPED, items) == Tally(right=1, items=1)


def test_triage_shares_leave_out_what_has_nothing_to_show() -> None:
    items = [
        item("a", True, title="Moscow and Pyongyang agree"),
        item("b", True, text="Moscow and Pyongyang agree."),
        item("c", False, title="Storm"),
    ]
    assert tally_triage(SHIPPED, items, scope="world", length=0) == (1.0, 0.0)
    assert tally_triage(SHIPPED, items, scope="world", length=300) == (1.0, 0.0)


def test_weights_learnt_without_an_item_judge_most_of_them_rightly() -> None:
    items = [labeled for labeled, _note in invented("fr")]
    rounds = cross_validated(SHIPPED, items, 5)
    counted = tally(items, rounds, list(range(len(items))))
    assert len(rounds) == 3
    assert counted.f1 >= 0.9
