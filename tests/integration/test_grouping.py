"""`tumen stories --batch`: any items grouped by the event that they report."""

from __future__ import annotations

import json

import pytest

from tests.integration.crawls import lines_of, tumen

ITEMS = [
    {"id": "a", "title": "Road bridge between Russia and North Korea opens", "text": "",
     "language": "en", "date_published": "2026-11-20"},
    {"id": 7, "title": "Kim Jong Un sends Putin a letter on his birthday", "text": "Warm words.",
     "date_published": "2026-11-20T08:00:00Z", "outlet": "halden-wire"},
    {"id": "c", "title": "북러 잇는 첫 자동차 다리 개통", "text": "두만강 다리가 열렸다.",
     "language": "ko", "date_published": "2026-11-21"},
    {"id": "a", "title": "", "text": "Nothing of this sort was known.", "lang": "en"},
]  # fmt: skip


def batch(*lines: object) -> str:
    return "\n".join(one if isinstance(one, str) else json.dumps(one) for one in lines)


def test_items_are_answered_in_order_with_the_first_of_their_story() -> None:
    done = tumen("stories", "--batch", "-", stdin=batch(*ITEMS))
    assert done.code == 0
    assert lines_of(done.out) == [
        {"id": "a", "story_id": "a"},
        {"id": 7, "story_id": 7},
        {"id": "c", "story_id": "a"},
        {"id": "a", "story_id": "a"},
    ]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        pytest.param("no json", "line 2: not an item", id="no JSON"),
        pytest.param("[1]", "not an object", id="a list"),
        pytest.param({"title": "x"}, "'id' is missing", id="no id"),
        pytest.param({"id": "x"}, "'title' is missing", id="no words"),
        pytest.param({"id": "x", "title": 5}, "title is not text", id="a number for a title"),
        pytest.param(
            {"id": "x", "title": "x", "date_published": "soon"}, "Invalid isoformat", id="no date"
        ),
    ],
)
def test_a_line_that_is_no_item_costs_its_own_answer_only(line: object, told: str) -> None:
    done = tumen("stories", "--batch", "-", stdin=batch(ITEMS[0], line, ITEMS[1]))
    assert done.code == 1
    assert told in done.err
    assert [one["id"] for one in lines_of(done.out)] == ["a", 7]


def test_the_same_items_give_the_same_stories() -> None:
    asked = batch(*ITEMS)
    first, again = (tumen("stories", "--batch", "-", stdin=asked).out for _ in range(2))
    assert first == again
