"""Relevance: what decides, and how the judgement shows it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.news.lexicon import parse_topic
from crawler.news.relevance import judge, score_of
from tests.watched import SHIPPED, SMALL


def test_the_reasons_add_up_to_the_decision_and_say_what_was_found() -> None:
    title = "Pyongyang opens consulate in Vladivostok"
    text = "North Korea and Russia signed the papers on Monday.\nRain is expected. Flags went up."
    judged = judge(SHIPPED, title=title, text=text, language="en")
    assert [reason.split(" ", 1)[1] for reason in judged.reasons] == [
        "the title names both",
        "1 sentence(s) naming both in one breath",
    ]
    assert judged.terms == {
        "dprk": ("pyongyang", "north korea"),
        "russia": ("vladivostok", "russia"),
    }
    assert judged.sentences == ("North Korea and Russia signed the papers on Monday.",)
    assert (judged.ruleset, judged.threshold) == ("dprk-russia/2", 0.5)
    points = SHIPPED.weights["title_pair"] + SHIPPED.weights["close_sentence"]
    assert judged.score == score_of(points, SHIPPED.rules.threshold)


def test_at_most_three_sentences_decide_and_they_keep_their_order() -> None:
    text = " ".join(f"Russia thanked North Korea for gift {n}." for n in "12345")
    judged = judge(SHIPPED, title="", text=text, language="en")
    assert judged.sentences == (
        "Russia thanked North Korea for gift 1.",
        "Russia thanked North Korea for gift 2.",
        "Russia thanked North Korea for gift 3.",
    )


def test_soldiers_at_the_war_decide_where_no_sentence_names_both() -> None:
    text = "Weather was fair. Ukrainian guards showed two North Korean soldiers to the press."
    judged = judge(SHIPPED, title="Two prisoners", text=text, language="en")
    assert judged.sentences == ("Ukrainian guards showed two North Korean soldiers to the press.",)


def test_a_sentence_longer_than_a_reader_wants_is_not_quoted() -> None:
    text = "Russia met North Korea " + "and talked on " * 100
    assert judge(SHIPPED, title="", text=text + ".\nEnd.", language="en").sentences == ()


def test_a_long_text_about_one_party_with_one_mention_of_the_other_is_left_out() -> None:
    filler = "Pyongyang opened a new theatre and its director spoke of the repertoire. " * 30
    text = filler + "A Russian troupe was among the guests of North Korea."
    judged = judge(SHIPPED, title="New theatre in Pyongyang", text=text, language="en")
    assert not judged.relevant


def test_an_organ_of_one_party_that_speaks_of_the_other_at_length_is_kept() -> None:
    text = (
        "Pyongyang, May 2 (KCNA) -- The following commentary was released. "
        "The West arms its puppets against Russia. Russia defends its sovereignty. "
        "No sanctions will break Russia. The army and people of Russia will win. We say so again."
    )
    judged = judge(
        SHIPPED, title="The West's crime will not go unpunished", text=text, language="en"
    )
    assert any(reason.endswith("the DPRK speaks of Russia") for reason in judged.reasons)
    assert judged.relevant


def test_an_outlet_about_one_party_takes_it_for_granted() -> None:
    title, text = "Delegation back from Moscow", "It was met at the station."
    with_scope = judge(SHIPPED, title=title, text=text, language="en", scope="north-korea")
    without = judge(SHIPPED, title=title, text=text, language="en")
    assert [r.split(" ", 1)[1] for r in with_scope.reasons] == [
        "the outlet takes the DPRK for granted"
    ]
    assert without.reasons == ()


def test_an_outlet_about_a_party_is_no_organ_of_it() -> None:
    text = "Russia votes. Russia counts. Russia argues. The polls close at eight."
    judged = judge(SHIPPED, title="Votes", text=text, language="en", scope="north-korea")
    assert not any("speaks of" in reason for reason in judged.reasons)


def test_three_who_meet_weigh_more_than_three_who_are_listed() -> None:
    text = "More in the evening."
    meet = judge(
        SHIPPED,
        title="Leaders of China, Russia and North Korea at summit",
        text=text,
        language="en",
    )
    listed = judge(
        SHIPPED, title="China, Russia and North Korea on new list", text=text, language="en"
    )
    assert (meet.relevant, listed.relevant) == (True, False)


def test_nothing_gives_nothing() -> None:
    judged = judge(SHIPPED, title="", text="", language=None)
    assert (judged.relevant, judged.score, judged.reasons) == (False, 0.0, ())


def test_two_other_parties_need_only_another_file() -> None:
    topic = parse_topic(SMALL, "small.toml")
    judged = judge(
        topic, title="Tehran buys jets from Moscow", text="Iran and Russia agreed.", language="en"
    )
    assert judged.relevant
    assert judged.terms == {"iran": ("tehran", "iran"), "russia": ("moscow", "russia")}


@settings(max_examples=60, deadline=None)
@given(st.text(), st.text(), st.sampled_from([None, "en", "ko", "ru", "xx"]))
def test_any_text_is_judged_and_quotes_only_itself(
    title: str, text: str, language: str | None
) -> None:
    judged = judge(SHIPPED, title=title, text=text, language=language)
    assert 0.0 <= judged.score <= 1.0
    assert judged.relevant == (judged.score >= judged.threshold)
    assert all(sentence in text for sentence in judged.sentences)


@given(st.floats(-5, 20), st.floats(-5, 20))
def test_more_points_never_score_less(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert score_of(low, 2.2) <= score_of(high, 2.2)
    assert score_of(2.2, 2.2) == 0.5
    assert score_of(2.2 - 1e-9, 2.2) < 0.5
