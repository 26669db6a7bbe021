"""Second looks: today's rules over what earlier ones decided."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crawler.news.second_looks import look_at_omission, look_at_record
from tests.samples import OUTLET, make_line, make_omission
from tests.watched import SHIPPED


def omitted(**changes: Any) -> dict[str, Any]:
    return {**json.loads(make_omission()), **changes}


def stored(**changes: Any) -> dict[str, Any]:
    return {**json.loads(make_line()), **changes}


@pytest.mark.parametrize(
    ("changes", "keeps"),
    [
        pytest.param({}, False, id="a title that names nobody"),
        pytest.param({"title": "Pyongyang rowing club wins"}, True, id="one party named"),
        pytest.param({"summary": "North Korea thanked Russia."}, True, id="the summary names them"),
        pytest.param(
            {"stage": "relevance", "summary": "North Korea thanked Russia for grain and oil."},
            True,
            id="read, and its text begins with both",
        ),
        pytest.param(
            {"stage": "relevance", "title": "Pyongyang rowing club wins"},
            False,
            id="read, and one party is not enough",
        ),
    ],
)
def test_what_was_left_out_is_judged_by_what_is_kept_of_it(
    changes: dict[str, Any], keeps: bool
) -> None:
    look = look_at_omission(SHIPPED, omitted(**changes), OUTLET)
    assert look is not None
    assert (look.kept_then, look.keeps_now) == (False, keeps)
    assert look.reasons or not keeps


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"ruleset": SHIPPED.ruleset}, id="these rules decided it"),
        pytest.param({"stage": "gone"}, id="no rule decided it"),
        pytest.param({"stage": "age"}, id="its age decided it"),
    ],
)
def test_what_no_other_rule_decided_is_passed_over(changes: dict[str, Any]) -> None:
    assert look_at_omission(SHIPPED, omitted(**changes), OUTLET) is None


def test_a_line_of_before_there_were_summaries_is_judged_by_its_title() -> None:
    said = omitted(title="Moscow and Pyongyang agree")
    del said["summary"], said["language"]
    look = look_at_omission(SHIPPED, said, None)
    assert look is not None
    assert look.keeps_now


def test_a_stored_record_that_would_be_left_out_is_told() -> None:
    said = stored(title="Rowing club wins the cup", text="The crew rowed well.")
    look = look_at_record(SHIPPED, said, OUTLET)
    assert look is not None
    assert (look.stage, look.kept_then, look.keeps_now) == ("stored", True, False)


def test_what_a_person_asked_for_and_what_these_rules_kept_is_passed_over() -> None:
    found = {**stored()["found_in"], "kind": "manual"}
    match = {**stored()["match"], "ruleset": SHIPPED.ruleset}
    assert look_at_record(SHIPPED, stored(found_in=found), OUTLET) is None
    assert look_at_record(SHIPPED, stored(match=match), OUTLET) is None
