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
            {"summit": "title: summit", "arms": "title: missiles"},
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
            {"exercises": "title: manöver", "transport": "text: zug"},
            id="all sentences where none names both",
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
