"""Weighing: which words of a title and a text are which ground, for or against."""

from __future__ import annotations

import pytest

from crawler.news.relevance import judge, weigh
from tests.watched import SHIPPED

KCNA = "Pyongyang, May 2 (KCNA) -- The following commentary was released. "


@pytest.mark.parametrize(
    ("language", "title", "text", "amounts"),
    [
        pytest.param(
            "ko",
            "북러, 관계 새 단계",
            "북러 관계가 새 단계에 들었다.",
            {"title_compound": 1, "close_sentence": 1},
            id="one word for both",
        ),
        pytest.param("en", "Moscow and Pyongyang agree", "", {"title_pair": 1}, id="both named"),
        pytest.param(
            "en",
            "Moscow buys shells from Pyongyang",
            "",
            {"title_pair": 1, "title_deal": 1},
            id="what they exchange",
        ),
        pytest.param(
            "en",
            "Chinese aide receives Russian and North Korean envoys",
            "",
            {"title_pair": 1, "title_listed": 1, "title_rival": 1},
            id="merely listed",
        ),
        pytest.param(
            "en",
            "Putin and Kim Jong Un sign papers in Beijing",
            "",
            {"title_pair": 1, "title_rival": 1},
            id="joined, and the title says what they do",
        ),
        pytest.param(
            "en",
            "Trump says he likes both Putin and Kim Jong Un",
            "",
            {"title_pair": 1, "title_idle": 1, "title_rival": 1},
            id="leaders who do nothing with each other",
        ),
        pytest.param(
            "en",
            "Kim and Putin met as Xi watched",
            "",
            {"title_pair": 1, "title_rival": 1},
            id="leaders who meet",
        ),
        pytest.param(
            "en",
            "Pentagon lists Russia and North Korea as threats",
            "",
            {"title_pair": 1, "title_foes": 1, "title_listed": 1, "title_rival": 1},
            id="somebody's foes",
        ),
        pytest.param(
            "en",
            "Russia suspended, North Korea wins World Cup tie",
            "",
            {"title_pair": 1, "title_sport": 1},
            id="sports",
        ),
        pytest.param(
            "en",
            "Cabinet sits",
            "Russia grew. North Korea shrank.",
            {"lead_both": 1, "alone": 0.5},
            id="both in the lead only, half of it on each",
        ),
        pytest.param("en", "Cabinet sits", "It rained.", {}, id="neither"),
        pytest.param(
            "en",
            "Japan protests",
            "Russia met North Korea.",
            {"lead_both": 1, "close_sentence": 1},
            id="another country's title",
        ),
        pytest.param(
            "ko",
            "북중러 정상 한자리에",
            "",
            {"title_three_meet": 1},
            id="the two and a third meet",
        ),
        pytest.param("ko", "김정은 사진 속 북중러", "", {}, id="a token of three alone"),
        pytest.param(
            "en",
            "Troops from North Korea seen near Kharkiv",
            "",
            {"title_theatre": 1, "lead_theatre": 0},
            id="one party's troops at the other's war",
        ),
        pytest.param(
            "en", "North Korea writes to Kyiv", "", {"title_weak": 1}, id="the war without troops"
        ),
        pytest.param(
            "en",
            "North Korean rockets examined",
            "Experts in Kharkiv opened a crate.",
            {"title_weak": 1},
            id="arms in the title, the war in the lead",
        ),
        pytest.param(
            "en",
            "The boy in the ward",
            "The North Korean soldier is 21. Nurses in Kyiv call him by his first name.",
            {"lead_theatre": 1},
            id="a soldier at the war, and no name in the title",
        ),
        pytest.param(
            "en",
            "Workers leave Pyongyang",
            "They fly to Vladivostok.",
            {"title_lead": 1, "alone": 1},
            id="one in the title, the other in the lead",
        ),
        pytest.param(
            "en",
            "Pyongyang calls",
            "Xi and Putin spoke of North Korea.",
            {"title_lead": 1, "crowded_sentence": 1},
            id="crowded",
        ),
        pytest.param(
            "en", "Sino-Russian talks touch on North Korea", "", {"title_third": 1}, id="a third"
        ),
        pytest.param(
            "en",
            "",
            "Moscow told Pyongyang and Tokyo. So it was. It rained.",
            {"opening_pair": 1, "title_bound": 1, "crowded_sentence": 1},
            id="a sentence serves as the title",
        ),
        pytest.param(
            "en",
            "Press review: Moscow waits, Pyongyang votes",
            "",
            {"title_pair": 1, "digest": 1, "digest_apart": 1},
            id="a digest with both apart",
        ),
        pytest.param(
            "en",
            "Press review: Moscow courts Pyongyang; storm in Texas",
            "",
            {"title_pair": 1, "digest": 1},
            id="a digest with both in one item",
        ),
        pytest.param(
            "en",
            "The West's crime",
            KCNA + "Russia defends itself. The army of Russia will win. We say so again. " * 2,
            {"lead_both": 1, "alone": 1 / 7, "spoken": 1},
            id="an organ speaks of the other",
        ),
    ],
)
def test_each_ground_is_found_where_its_words_are_true(
    language: str, title: str, text: str, amounts: dict[str, float]
) -> None:
    found = weigh(SHIPPED, title=title, text=text, language=language)
    assert found == {ground: amount for ground, amount in amounts.items() if amount}


def test_whoever_is_named_oftener_than_the_rarer_of_the_two_outruns_them() -> None:
    text = "Japan voted. Japan paid. Japan won. North Korea watched. Russia slept."
    assert "outrun" in weigh(SHIPPED, title="Vote", text=text, language="en")


def test_a_sentence_below_the_lead_counts_less_in_a_longer_text() -> None:
    lead, pair = "It rained for days. " * 20, "Russia thanked North Korea. "
    near = weigh(SHIPPED, title="Rain", text=lead + pair, language="en")
    far = weigh(SHIPPED, title="Rain", text=lead + pair + "It rained on. " * 300, language="en")
    assert near["close_sentence"] == 1
    assert far["close_sentence"] < 0.3


def test_a_reason_tells_its_points_and_its_words() -> None:
    judged = judge(SHIPPED, title="Moscow and Pyongyang agree", text="", language="en")
    points = SHIPPED.weights["title_pair"]
    assert judged.reasons == (f"{points:+.1f} the title names both",)
