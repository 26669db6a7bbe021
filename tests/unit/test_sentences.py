"""Sentences: where they end, and the spelling that matchers read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.news.sentences import fold, split_sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("One. Two! Three?", ["One.", "Two!", "Three?"], id="signs"),
        pytest.param("One\nTwo", ["One", "Two"], id="a line end always ends one"),
        pytest.param(
            "He left. “Never.” She stayed.", ["He left.", "“Never.”", "She stayed."], id="q"
        ),
        pytest.param("Mr. Smith met Lt. Gen. Roe.", ["Mr. Smith met Lt. Gen. Roe."], id="titles"),
        pytest.param(
            "V. I. Petrov spoke. He left.", ["V. I. Petrov spoke.", "He left."], id="initials"
        ),
        pytest.param("The U.S. and others. End.", ["The U.S. and others.", "End."], id="U.S. and"),
        pytest.param(
            "В 2024 г. Москва. Да.", ["В 2024 г. Москва.", "Да."], id="Russian short form"
        ),
        pytest.param("평양이다. 모스크바다.", ["평양이다.", "모스크바다."], id="Korean"),
        pytest.param("会談した。別れた。", ["会談した。", "別れた。"], id="Japanese, no spaces"),
        pytest.param("他说：“好。”走了。", ["他说：“好。”", "走了。"], id="Chinese, a quotation"),
        pytest.param("3.5 percent. End", ["3.5 percent.", "End"], id="decimal point"),
        pytest.param("... !\n. \n--", [], id="nothing but signs"),
        pytest.param("The talks.He said so.", ["The talks.", "He said so."], id="a lost space"),
        pytest.param("Он сказал .. Агентству. Да.", ["Он сказал .. Агентству.", "Да."], id="stray"),
        pytest.param("See example.com and 3.Five", ["See example.com and 3.Five"], id="no end"),
        pytest.param("One. . Two", ["One.", "Two"], id="a stop after no word"),
        pytest.param("", [], id="empty"),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, expected: list[str]) -> None:
    assert split_sentences(text) == expected


@given(st.text(alphabet="ab. \n。“”АБ!?г", max_size=60))
def test_every_sentence_is_a_piece_of_the_text_in_order(text: str) -> None:
    at = 0
    for sentence in split_sentences(text):
        at = text.index(sentence, at) + len(sentence)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("북ㆍ러 북‧러 北・露", "북·러 북·러 北·露", id="one middle dot"),
        pytest.param("people's people’s", "people’s people’s", id="one apostrophe"),
        pytest.param("“a” «b» „c“", '"a" "b" "c"', id="one quotation mark"),
        pytest.param("ＫＮ－２３　ﾛｼｱ", "KN-23 ロシア", id="full and half width"),
        pytest.param("Ki\u00adm\u200b  Jong\u00a0Un ", "Kim Jong Un", id="unseen signs and spaces"),
        pytest.param("\u1107\u116e\u11a8한", "북한", id="letters in parts"),
    ],
)
def test_texts_are_read_in_one_spelling(text: str, expected: str) -> None:
    assert fold(text) == expected


@given(st.text())
def test_folded_text_keeps_its_length_in_lower_case(text: str) -> None:
    assert len(fold(text).lower()) == len(fold(text))
