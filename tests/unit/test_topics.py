"""Topics: which are tagged, and why."""

from __future__ import annotations

import pytest

from crawler.news.topics import topics_of
from tests.watched import SHIPPED


@pytest.mark.parametrize(
    ("language", "title", "text", "expected"),
    [
        pytest.param(
            "en",
            "Kim and Putin hold summit on missiles",
            "",
            {"summit": "title: kim and putin hold", "arms": "title: missiles"},
            id="a summit about arms has both",
        ),
        pytest.param(
            "en",
            "Moscow and Pyongyang agree",
            "Russia will hire North Korean loggers. Grain is sown.",
            {"labour": "text: loggers"},
            id="only sentences that name the parties",
        ),
        pytest.param(
            "ko",
            "국정원 “북한 노동자 러시아 추가 파견”",
            "",
            {"labour": "title: 노동자", "intelligence": "title: 국정원"},
            id="what a service discloses",
        ),
        pytest.param(
            "de",
            "Manöver mit Nordkorea",
            "Der Zug fährt.",
            {"exercises": "title: manöver"},
            id="a text that does not insist adds nothing to a title",
        ),
        pytest.param(
            "de",
            "Neues aus Nordkorea",
            "Der Zug fährt. Es regnet.",
            {"transport": "text: zug"},
            id="all sentences where none names both",
        ),
        pytest.param(
            "en",
            "Moscow buys shells from Pyongyang",
            "Russia pays North Korea in oil. Oil for North Korea goes by Russia's rail.",
            {"arms": "title: shells", "trade": "text: oil"},
            id="a text that insists adds to a title",
        ),
        pytest.param(
            "en",
            "Party Hall Opens",
            "The Workers' Party of Korea thanked Russia.",
            {},
            id="no word of a name is a cue",
        ),
        pytest.param(
            "en",
            "Peskov: pressure is useless",
            "Russia and North Korea smile.",
            {"statement": "title: somebody is quoted"},
            id="somebody is quoted, and nothing else is told",
        ),
        pytest.param("en", "Nothing", "", {}, id="nothing"),
    ],
)
def test_topics_are_tagged_with_their_cue(
    language: str, title: str, text: str, expected: dict[str, str]
) -> None:
    assert topics_of(SHIPPED, title=title, text=text, language=language) == expected


def test_a_topic_of_titles_is_not_tagged_from_a_text() -> None:
    text = "Russia and North Korea issued a statement."
    assert topics_of(SHIPPED, title="Brief", text=text, language="en") == {}
