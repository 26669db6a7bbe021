"""Any pair of parties: the shipped example of Iran and Russia."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.news.lexicon import parse_topic, verify_topic
from crawler.news.relevance import judge
from crawler.news.triage import triage
from crawler.storage.catalogue import read_topic

TOPIC = parse_topic(*read_topic(Path("iran-russia")))


def test_every_pattern_of_it_works() -> None:
    verify_topic(TOPIC)
    assert TOPIC.ruleset == "iran-russia/1"


@pytest.mark.parametrize(
    ("language", "title", "text", "relevant"),
    [
        pytest.param(
            "en",
            "Tehran to buy jets from Moscow",
            "Iran and Russia signed for 24 aircraft.",
            True,
            id="both named",
        ),
        pytest.param(
            "en",
            "Shahed drones hit market in Odesa",
            "Ukrainian rescuers work at the site. The drones carried new warheads.",
            True,
            id="one's arms at the other's war",
        ),
        pytest.param(
            "en",
            "Pezeshkian meets Putin on the Caspian shore",
            "The two spoke of the rail corridor.",
            True,
            id="leaders",
        ),
        pytest.param(
            "en",
            "Hackers from Russia, China, Iran and North Korea target banks",
            "The report counts four hundred cases.",
            False,
            id="a list",
        ),
        pytest.param(
            "en",
            "Israel strikes Natanz",
            "Iran said that centrifuges were damaged.",
            False,
            id="one party",
        ),
        pytest.param(
            "ru",
            "Москва и Тегеран построят дорогу Решт — Астара",
            "Работы начнутся весной, сообщил Минтранс.",
            True,
            id="Russian: both named",
        ),
        pytest.param(
            "ru",
            "Израиль ударил по Бушеру",
            "В Иране сообщили о разрушениях.",
            False,
            id="Russian: one party",
        ),
        pytest.param(
            "en", "Pyongyang thanks Moscow", "North Korea and Russia agreed.", False, id="another"
        ),
    ],
)
def test_another_pair_needs_only_another_file(
    language: str, title: str, text: str, relevant: bool
) -> None:
    judged = judge(TOPIC, title=title, text=text, language=language)
    assert judged.relevant == relevant
    assert set(judged.terms) == {"iran", "russia"}


def test_topics_and_triage_are_of_the_file() -> None:
    judged = judge(TOPIC, title="Iran ships drones to Russia", text="", language="en")
    assert judged.topics == ("arms",)
    decided = triage(
        TOPIC, title="Bushehr plant restarts", summary=None, language="en", scope="world"
    )
    assert (decided.fetch, decided.reasons) == (True, ("Iran is named",))
