"""Triage: what is fetched, from title, summary and the outlet's scope."""

from __future__ import annotations

import pytest

from crawler.news.triage import triage
from tests.watched import SHIPPED


@pytest.mark.parametrize(
    ("title", "summary", "language", "scope", "fetch", "reason"),
    [
        pytest.param(None, None, "en", "world", True, "nothing is told of it", id="nothing told"),
        pytest.param(" ", "", None, None, True, "nothing is told of it", id="only spaces"),
        pytest.param(
            "Moscow and Pyongyang sign", None, "en", None, True, "both parties are named", id="both"
        ),
        pytest.param("Storm hits Pyongyang", None, "en", None, True, "the DPRK is named", id="one"),
        pytest.param(
            "Storm hits coast",
            "The port of Vladivostok closed.",
            "en",
            "world",
            True,
            "Russia is named",
            id="one in the summary",
        ),
        pytest.param(
            "Storm hits Lisbon", None, "en", "world", False, "neither party is named", id="neither"
        ),
        pytest.param(
            "Kim arrives in Kyiv",
            None,
            "en",
            None,
            True,
            "both parties are named by weak words",
            id="two weak words",
        ),
        pytest.param(
            "Troops leave Kyiv", None, "en", None, False, "a weak word alone", id="one weak word"
        ),
        pytest.param(
            "Weekly digest",
            None,
            "en",
            None,
            True,
            "a digest, and nothing is told of what it holds",
            id="a digest",
        ),
        pytest.param(
            "Delegation leaves",
            None,
            "en",
            "north-korea",
            True,
            "the outlet takes the DPRK for granted",
            id="the scope implies one",
        ),
        pytest.param(
            "Пхеньян ответил",
            None,
            "ru",
            "russia",
            True,
            "the DPRK is named",
            id="scope and the other",
        ),
        pytest.param(
            "Chinese minister received",
            None,
            "en",
            "north-korea",
            False,
            "a third is named, and Russia is not",
            id="plainly something else",
        ),
        pytest.param(
            "Chinese minister speaks of Ukraine",
            None,
            "en",
            "north-korea",
            True,
            "the outlet takes the DPRK for granted",
            id="a weak word for the other",
        ),
    ],
)
def test_what_is_told_decides(
    title: str | None,
    summary: str | None,
    language: str | None,
    scope: str | None,
    fetch: bool,
    reason: str,
) -> None:
    decided = triage(SHIPPED, title=title, summary=summary, language=language, scope=scope)
    assert (decided.fetch, decided.reasons) == (fetch, (reason,))
    assert decided.fetch == (decided.score >= 0.5)
    assert decided.ruleset == "dprk-russia/1"
