"""The concepts of a topic: readable in every language, and the same in all of them."""

from __future__ import annotations

import pytest

from crawler.errors import TopicError
from crawler.news.happenings import (
    LANGUAGES,
    Concepts,
    parse_concepts,
    read_facts,
    verify_concepts,
)
from crawler.storage.catalogue import read_happenings

# One sentence in every language: Putin and Kim spoke by telephone.
CALLS = {
    "en": "Putin and Kim Jong Un spoke by telephone",
    "ko": "푸틴, 김정은과 전화통화",
    "ja": "プーチン大統領と金正恩総書記が電話会談",
    "zh": "普京与金正恩通电话",
    "ru": "Путин поговорил с Ким Чен Ыном по телефону",
    "uk": "Путін поговорив із Кім Чен Ином телефоном",
    "de": "Putin und Kim Jong Un telefonieren",
    "fr": "Poutine et Kim Jong-un se parlent au téléphone",
    "es": "Putin y Kim Jong-un hablan por teléfono",
}


@pytest.fixture(scope="module")
def concepts() -> Concepts:
    return parse_concepts(*read_happenings())


def test_every_pattern_works_in_every_language(concepts: Concepts) -> None:
    verify_concepts(concepts)
    assert set(CALLS) == set(LANGUAGES)


@pytest.mark.parametrize("language", CALLS)
def test_one_happening_is_the_same_in_every_language(concepts: Concepts, language: str) -> None:
    facts = read_facts(concepts, title=CALLS[language], text="", language=language)
    assert {"who.putin", "who.kim", "act.phone"} <= facts.title


def test_a_missing_headline_is_stood_in_for_by_the_first_sentence(concepts: Concepts) -> None:
    facts = read_facts(concepts, title="", text=f"{CALLS['en']}. The shells came.", language="en")
    assert "act.phone" in facts.title
    assert "what.shells" in facts.opening


def test_what_stands_far_down_is_no_fact_of_the_report(concepts: Concepts) -> None:
    text = "\n".join(["Nothing of note was said about it on that day."] * 30 + [CALLS["en"]])
    assert not read_facts(concepts, title="A quiet day", text=text, language="en").opening


def test_an_unknown_language_is_read_by_its_script(concepts: Concepts) -> None:
    facts = read_facts(concepts, title="Putin i Kim Jong Un telefon", text="", language="pl")
    assert "who.putin" in facts.title


WRONG = {
    "no TOML": ("[who.kim\n", "correct that line"),
    "unknown kind": ("[when.noon]\nrate = 0.1\n", "knows no [when]"),
    "no rate": ("[who.kim]\nen = 'kim'\n", "needs rate"),
    "a language lacks": ("[who.kim]\nrate = 0.1\nen = 'kim'\n", "needs a pattern for each of"),
}


@pytest.mark.parametrize(("text", "told"), WRONG.values(), ids=WRONG)
def test_a_wrong_file_is_refused_with_the_fix(text: str, told: str) -> None:
    with pytest.raises(TopicError) as caught:
        parse_concepts(text, "mine.toml")
    assert told in str(caught.value)
    assert str(caught.value).startswith("mine.toml")


def test_a_wrong_pattern_is_named_with_its_concept() -> None:
    lines = "\n".join(f"{language} = 'ok'" for language in LANGUAGES if language != "en")
    text = f"[act.sing]\nrate = 0.1\nen = 'sing('\n{lines}\n"
    with pytest.raises(TopicError, match="act_sing"):
        verify_concepts(parse_concepts(text, "mine.toml"))
