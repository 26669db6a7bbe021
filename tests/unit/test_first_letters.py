"""First letters: the set is right for every construct that topic files use."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.news.first_letters import OpenBeginning, first_letters


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        pytest.param("kim", "k", id="a literal"),
        pytest.param("ab|cd", "ac", id="alternatives"),
        pytest.param("(?:ab|c)d", "ac", id="a group"),
        pytest.param("s?hoigu", "sh", id="an optional letter"),
        pytest.param("(?:vladimir )?putin", "vp", id="an optional group"),
        pytest.param("a*?b", "ab", id="none or many"),
        pytest.param("a{0,3}b", "ab", id="counted from none"),
        pytest.param("a{2}b", "a", id="counted"),
        pytest.param("a+b", "a", id="one or many"),
        pytest.param("[ロ露]朝", "ロ露", id="a class"),
        pytest.param("[a-c-]x", "abc-", id="a range and a hyphen"),
        pytest.param(r"[\]\d]x", "]0123456789", id="escapes in a class"),
        pytest.param(r"\.x", ".", id="an escaped sign"),
        pytest.param(r"\s?a", " a", id="a space"),
        pytest.param("(?<![가-힣])러(?=[ ,])", "러", id="a look behind"),
        pytest.param("(?=a)a", "a", id="a look ahead"),
        pytest.param("^a", "a", id="an anchor"),
        pytest.param("ab.[^x]", "a", id="anything goes later"),
    ],
)
def test_a_match_begins_with_one_of_them(pattern: str, expected: str) -> None:
    assert first_letters(pattern) == frozenset(expected)


@pytest.mark.parametrize("pattern", ["", "a?", ".a", r"\wa", "[^a]b", "a|", "a|.", "(?=a)"])
def test_a_pattern_that_begins_with_anything_or_nothing_is_refused(pattern: str) -> None:
    with pytest.raises(OpenBeginning):
        first_letters(pattern)


_PARTS = st.sampled_from(
    ["a", "b", "(?:ab|c)", "[bc]", "a?", "b*", "(?:a|)", r"\d", "(?!c)", "c{0,2}"]
)


@settings(max_examples=80)
@given(st.lists(_PARTS, min_size=1, max_size=5), st.text(alphabet="abc1", max_size=6))
def test_no_match_begins_with_another_letter(parts: list[str], text: str) -> None:
    pattern = "".join(parts)
    try:
        letters = first_letters(pattern)
    except OpenBeginning:
        return
    found = re.match(pattern, text)
    assert found is None or text[0] in letters
