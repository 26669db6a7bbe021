"""What a person types and what a text says become the same words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.news.words import phrases_of, words_of

SAME = {
    "ru-cases": ("Путин", "Путина"),
    "ru-country": ("Россия", "Россией"),
    "ru-yo": ("поставка", "поставки"),
    "uk-cases": ("Росія", "Росії"),
    "en-plural": ("missile", "missiles"),
    "en-ies": ("ally", "allies"),
    "en-possessive": ("Putin", "Putin’s"),
    "en-leader": ("leader", "leaders"),
    "de-plural": ("Soldat", "Soldaten"),
    "de-umlaut": ("Überläufer", "überlaufer"),
    "fr-accents": ("Corée", "coree"),
    "es-plural": ("misil", "misiles"),
    "wide-latin": ("KCNA", "ＫＣＮＡ"),
    "sharp-s": ("Straße", "STRASSE"),
}

FOUND = {
    "ko-particle": ("김정은", "김정은이 러시아를 방문했다"),
    "ko-two-signs": ("북한", "북한군 병사"),
    "ja-compound": ("会談", "首脳会談の日程"),
    "ja-katakana": ("ミサイル", "弾道ミサイルを発射"),
    "zh": ("普京", "俄罗斯总统普京抵达平壤"),
    "zh-three": ("金正恩", "金正恩与普京会谈"),
    "en": ("north korean troops", "Some North Korean troops left"),
    "quoted": ('"Kim Jong Un"', "when Kim Jong Un came"),
}


@pytest.mark.parametrize(("typed", "printed"), SAME.values(), ids=SAME)
def test_forms_of_a_word_are_one_word(typed: str, printed: str) -> None:
    assert list(words_of(typed)) == list(words_of(printed))


@pytest.mark.parametrize(("typed", "text"), FOUND.values(), ids=FOUND)
def test_what_is_typed_stands_in_the_text_in_its_order(typed: str, text: str) -> None:
    words = list(words_of(text))
    for phrase in phrases_of(typed):
        width = len(phrase)
        assert phrase in [words[at : at + width] for at in range(len(words) - width + 1)]


def test_words_apart_are_sought_apart_and_quoted_ones_together() -> None:
    assert [["kim", "jong"], ["shell"]] == phrases_of('"Kim Jong" shells')


def test_a_single_sign_is_the_beginning_of_a_pair() -> None:
    assert [["金*"]] == phrases_of("金")


@settings(deadline=None)
@given(st.text(max_size=200))
def test_a_word_holds_nothing_that_a_query_could_be_made_of(text: str) -> None:
    for word in words_of(text):
        assert word
        assert not set(word) & set("\"'*:^(){}+- \n")
