"""Weighing: which words of a title and a text give which points."""

from __future__ import annotations

import pytest

from crawler.news.relevance import judge
from tests.watched import SHIPPED


@pytest.mark.parametrize(
    ("language", "title", "text", "reasons"),
    [
        pytest.param(
            "ko",
            "북러, 항공편 늘려",
            "북러 항공편이 늘었다.",
            [
                "+3.0 the title names both in one word",
                "+0.8 1 sentence(s) in the lead naming both",
                "+0.4 1 of them in one breath",
                "+0.7 the text names both in one word",
            ],
            id="one word for both",
        ),
        pytest.param(
            "en",
            "Chinese aide receives Russian and North Korean envoys",
            "",
            [
                "+3.0 the title names both",
                "-1.2 the title merely lists the two",
                "-0.4 others in the title: china",
            ],
            id="merely listed",
        ),
        pytest.param(
            "en",
            "Pollsters ask Japan and India about Russia; North Korea follows",
            "The first figures are in. More on Friday.",
            [
                "+3.0 the title names both",
                "-0.8 the title has others too, and no sentence names the two together",
                "-0.8 others in the title: india, japan",
            ],
            id="no sentence supports it",
        ),
        pytest.param(
            "en",
            "Cabinet meets",
            "Russia grew. North Korea shrank.",
            ["+1.0 the lead names both"],
            id="both in the lead only",
        ),
        pytest.param("en", "Cabinet meets", "It rained.", [], id="neither"),
        pytest.param(
            "en",
            "Japan protests",
            "Russia met North Korea.",
            [
                "+1.0 the lead names both",
                "-0.5 others in the title: japan",
                "+0.8 1 sentence(s) in the lead naming both",
                "+0.4 1 of them in one breath",
            ],
            id="another country's title",
        ),
        pytest.param(
            "ko",
            "김정은 사진 속 북중러",
            "",
            ["+1.0 the title names the two and a third"],
            id="one party and a token of three",
        ),
        pytest.param(
            "en",
            "Troops from North Korea seen near Kharkiv",
            "",
            ["+2.4 the DPRK with troops or arms in the title, at the war of Russia"],
            id="one party's troops at the other's war",
        ),
        pytest.param(
            "en",
            "North Korea writes to Kyiv",
            "",
            ["+1.2 the DPRK in the title, Russia by a weak word"],
            id="the war without troops",
        ),
        pytest.param(
            "en",
            "North Korean rockets examined",
            "Experts in Kharkiv opened a crate. Ukraine showed North Korean artillery, too.",
            [
                "+1.2 the DPRK with troops or arms in the title, the war of Russia in the lead",
                "+0.4 1 sentence(s) with troops or arms at the war",
            ],
            id="troops in the title, the war in the lead",
        ),
        pytest.param(
            "en",
            "Pyongyang calls",
            "Xi and Putin spoke of North Korea.",
            [
                "+1.6 the DPRK in the title, Russia in the lead",
                "+0.3 1 sentence(s) naming both beside others",
            ],
            id="crowded",
        ),
        pytest.param(
            "en",
            "Sino-Russian talks touch on North Korea",
            "",
            ["-0.8 the title is about dealings with somebody else"],
            id="dealings with a third",
        ),
        pytest.param(
            "en",
            "",
            "Moscow told Pyongyang and Tokyo. So it was. It rained.",
            [
                "+3.0 the title names both",
                "-0.8 the title has others too, and no sentence names the two together",
                "-1.2 the title joins a party to somebody else",
                "-0.5 others in the title: japan",
            ],
            id="a sentence serves as the title",
        ),
    ],
)
def test_every_point_has_its_reason(
    language: str, title: str, text: str, reasons: list[str]
) -> None:
    judged = judge(SHIPPED, title=title, text=text, language=language)
    assert list(judged.reasons) == reasons
