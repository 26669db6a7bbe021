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
            "Kim writes to Kyiv",
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
            "Storm hits Vladivostok",
            "Roofs were torn off and the port closed for the night, the governor of the region "
            "said on Monday; nobody was hurt, and schools are to open again on Tuesday morning.",
            "en",
            "world",
            False,
            "enough is told, and only Russia is named",
            id="enough of the party that is in the news every day",
        ),
        pytest.param(
            "Russia strikes Kyiv",
            None,
            "en",
            "world",
            False,
            "Russia and its war, and no word of the other",
            id="the everyday war",
        ),
        pytest.param(
            "Storm hits Pyongyang",
            "Roofs were torn off and the market closed for the night, a resident said on Monday; "
            "nobody was hurt, and schools are to open again on Tuesday morning, he added.",
            "en",
            "world",
            True,
            "the DPRK is named",
            id="the rarer party is always worth it",
        ),
        pytest.param(
            "Experts return home",
            "The Russian group had spent nine days here to give advice on the repair of turbines, "
            "and was seen off at the airport by officials of the ministry and by the embassy.",
            "en",
            "north-korea",
            True,
            "Russia is named",
            id="an outlet about the rarer party means it",
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
    assert decided.ruleset == "dprk-russia/2"
