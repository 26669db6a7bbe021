"""Cards as text: what is written is read back, and a person's file keeps its layout."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.news.card_text import with_cards, with_switch, write_card
from tests.unit.test_outlets import GOOD, SECOND

CARD = {
    "id": "river-post",
    "name": 'The "River" Post \\ 강',
    "feeds": ["https://river.example/a", {"url": "https://river.example/b", "confidence": "low"}],
    "aliases": [f"River number {n} with a long name" for n in range(9)],
    "delay": 2.5,
    "enabled": False,
}


def cards_of(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(text).get("outlet", [])
    return found


def test_a_card_is_read_back_as_it_was_written() -> None:
    text = write_card(CARD, {"id": "choose\nanother", "aliases": "as others cite it"})
    assert cards_of(text) == [CARD]
    assert 'id = "river-post"  # choose another\n' in text
    assert "aliases = [  # as others cite it\n" in text
    assert max(map(len, text.splitlines())) <= 100


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(blacklist_categories=("Cs",))))
def test_any_text_is_read_back_and_stays_in_its_quotes(text: str) -> None:
    assert cards_of(write_card({"name": text, "aliases": [text]})) == [
        {"name": text, "aliases": [text]}
    ]


def test_cards_are_added_at_the_end_of_what_is_there() -> None:
    text = with_cards("", [GOOD])
    assert text == GOOD
    assert with_cards(text, [SECOND]) == f"{GOOD}\n{SECOND}"


SWITCHED = GOOD + "enabled = true  # for now\n[outlet.selectors]\nenabled = 'p'\n"


@pytest.mark.parametrize(
    ("text", "outlet", "wanted"),
    [
        pytest.param("", "a", '[[outlet]]\nid = "a"\nenabled = false\n', id="no file"),
        pytest.param(
            GOOD, "river-post",
            GOOD.replace('"river-post"\n', '"river-post"\nenabled = false\n'), id="no line yet",
        ),
        pytest.param(
            SWITCHED, "river-post", SWITCHED.replace("true", "false"), id="the line is there"
        ),
        pytest.param(
            GOOD + SECOND, "hill-post",
            GOOD + SECOND.replace('"hill-post"\n', '"hill-post"\nenabled = false\n'),
            id="the second card",
        ),
        pytest.param(
            GOOD, "a", GOOD + '\n[[outlet]]\nid = "a"\nenabled = false\n', id="a card below"
        ),
    ],
)  # fmt: skip
def test_an_outlet_is_switched_off_by_one_line(text: str, outlet: str, wanted: str) -> None:
    assert with_switch(text, outlet, enabled=False) == wanted


def test_a_selector_of_that_name_is_no_switch() -> None:
    text = GOOD + "[outlet.selectors]\nenabled = 'p'\n"
    [card] = cards_of(with_switch(text, "river-post", enabled=False))
    assert (card["enabled"], card["selectors"]) == (False, {"enabled": "p"})


def test_what_was_switched_off_is_switched_on_again() -> None:
    for text in ("", GOOD, SWITCHED):
        off = with_switch(text, "river-post", enabled=False)
        [card] = cards_of(with_switch(off, "river-post", enabled=True))
        assert card["enabled"] is True
