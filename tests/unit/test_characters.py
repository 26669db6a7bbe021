"""Hygiene of strangers' text: what is taken out, what stays, and that nothing costs too much."""

from __future__ import annotations

import re
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.news.characters import MARKUP_LIMIT, clean_line, clean_text, plain_text, visible

# Letters that compose, shape or reorder, and everything that must not survive.
NASTY = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from(
            "ae<>&;/!#x1 \n\t\x1b\x85\u2028\u202e\u200c\u200d\u200b\u0301\u0316\u0323\u01d8\u0f73"
            "\u0928\u094d\u093c\u0958\u0628\u0622\u0653\u064b\u0dd9\u0dca\ud83d\ude00\u1680\u061c"
            "\ud55c\u3131\u1100\u1161"
        ),
    ),
    max_size=40,
)
# Of the format characters only joiners and the number signs of scripts may be seen.
HARMLESS_FORMAT = set("\u200c\u200d\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd") | {
    chr(code) for code in (*range(0x600, 0x606), *range(0x13430, 0x13440))
}


def harmful(text: str, *, allowed: str = "") -> list[str]:
    return [
        f"U+{ord(character):04X}"
        for character in text
        if character not in allowed
        and character not in HARMLESS_FORMAT
        and unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("  Kim  meets\tPutin \n", "Kim meets Putin", id="white space"),
        pytest.param("김정은\u00a0·\u3000푸틴", "김정은 · 푸틴", id="wide and fixed spaces"),
        pytest.param("a\u2028b\u2029c\u0085d", "a b c d", id="line separators of Unicode"),
        pytest.param("\x1b[31mred\x07\x00", "[31mred", id="ESC, BEL and NUL"),
        pytest.param("a\x9b1mb\x7f", "a1mb", id="C1 CSI and DEL"),
        pytest.param("user\u202egnp.exe\u202c", "usergnp.exe", id="bidi override"),
        pytest.param("\u2066a\u2069 \u200eb\u061c", "a b", id="bidi isolates and marks"),
        pytest.param("No\u200brth\u2060 Ko\u00adrea\ufeff", "North Korea", id="zero-width junk"),
        pytest.param("DPRK\U000e0041\U000e0042", "DPRK", id="invisible tags"),
        pytest.param("a\ufffe\ufdd0b", "ab", id="noncharacters"),
        pytest.param("a\ud800b", "a\ufffdb", id="lone surrogate"),
        pytest.param("\ud83d\ude00", "😀", id="halves of one character"),
        pytest.param("cafe\u0301", "café", id="NFC"),
        pytest.param("\u1112\u1161\u11ab", "한", id="jamo compose"),
        pytest.param("می\u200cخواهم", "می\u200cخواهم", id="ZWNJ that Persian needs"),
        pytest.param("क्\u200dष", "क्\u200dष", id="ZWJ that Devanagari needs"),
        pytest.param("Pu\u200dtin\u200c", "Putin", id="joiners that no script needs"),
        pytest.param("e\u200d\u0301", "é", id="a joiner between a letter and its mark"),
    ],
)
def test_a_line_is_cleaned(text: str, expected: str) -> None:
    assert clean_line(text) == expected


def test_paragraphs_stay_lines_and_empty_ones_go() -> None:
    text = " First\tline \r\n\r\n\u200b\n Second\u2029Third\x0bFourth\n"
    assert clean_text(text) == "First line\nSecond\nThird\nFourth"


def test_marks_are_heaped_no_higher_than_thirty() -> None:
    heaped = "a" + "\u0316" * 31 + " b" + "\u0316" * 30
    assert clean_line(heaped) == "a" + "\u0316" * 30 + " b" + "\u0316" * 30
    assert clean_line("a" + "\u0316\u200d" * 40) == "a" + "\u0316" * 30


def test_decoration_is_not_taken_for_marks() -> None:
    assert clean_line("★" * 50) == "★" * 50


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        pytest.param("No markup", "No markup", id="plain"),
        pytest.param("<b>No</b>rth Korea", "North Korea", id="tags within a word"),
        pytest.param("<p>One</p><p>Two<br>Three", "One\nTwo\nThree", id="blocks are lines"),
        pytest.param("&lt;b&gt;Kim&lt;/b&gt;", "Kim", id="escaped once more"),
        pytest.param("&amp;lt;i&amp;gt;Kim&amp;lt;/i&amp;gt;", "Kim", id="escaped twice more"),
        pytest.param("R&amp;D &#8211; &copy; &nbsp;x", "R&D – © x", id="entities"),
        pytest.param("AT&T: 5 < 6 > 3", "AT&T: 5 < 6 > 3", id="signs that are no markup"),
        pytest.param("a<script>alert(1)</script>b", "ab", id="script"),
        pytest.param("a<style>p{}</style>b", "ab", id="style"),
        pytest.param("<svg/onload=x>Kim<img src=x onerror=y>", "Kim", id="handlers"),
        pytest.param("<title><script>x</script>Kim</title>", "Kim", id="markup in raw text"),
        pytest.param("<![CDATA[Kim <b>Jong</b>]]>", "Kim Jong", id="CDATA left over"),
        pytest.param("<?xml version='1.0' encoding='euc-kr'?>북한", "북한", id="XML declaration"),
        pytest.param("&#27;[31m&#0;&#x202e;Kim", "[31m\ufffdKim", id="controls as entities"),
        pytest.param("<scr\x00ipt>x</scr\x00ipt>Kim", "Kim", id="NUL within a tag"),
        pytest.param("a \ud800<b>b</b>", "a \ufffdb", id="lone surrogate"),
        pytest.param("", "", id="empty"),
        pytest.param("<!-- only a comment", "", id="comment without end"),
    ],
)
def test_markup_becomes_text(markup: str, expected: str) -> None:
    assert plain_text(markup) == expected


def test_what_is_escaped_without_end_cannot_open_a_tag() -> None:
    text = plain_text("&" + "amp;" * 2 + "lt;b&" + "amp;" * 9 + "lt;script>Kim")
    assert not re.search(r"<[a-z/!?]", text)
    assert text.endswith("Kim")


def test_a_bracket_that_is_left_over_is_dropped() -> None:
    assert plain_text("&amp;amp;lt;script") == "script"


def test_endless_markup_is_read_to_its_limit() -> None:
    assert plain_text("<b>" + "x" * (MARKUP_LIMIT + 9)) == "x" * (MARKUP_LIMIT - 3)


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param("<b>" * 700_000, id="700,000 tags that do not close"),
        pytest.param("<p>a" * 500_000, id="paragraphs"),
        pytest.param("<script>" * 250_000, id="scripts that do not close"),
        pytest.param("<b " * 700_000, id="tags that do not end"),
        pytest.param("&" + "amp;" * 500_000, id="escaped without end"),
    ],
)
def test_hostile_markup_costs_less_than_two_seconds(markup: str) -> None:
    start = time.process_time()
    plain_text(markup)
    assert time.process_time() - start < 2


def test_heaps_of_marks_cost_less_than_two_seconds() -> None:
    start = time.process_time()
    clean_line("a" + "\u0301\u0316" * 200_000)
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("\x1b[31m", "␛[31m", id="ESC"),
        pytest.param("a\nb\tc\x00", "a␊b␉c␀", id="line end, tab and NUL"),
        pytest.param("\x7f", "␡", id="DEL"),
        pytest.param("\x9b\u202e\ud800", "⟨U+009B⟩⟨U+202E⟩⟨U+D800⟩", id="C1, bidi, surrogate"),
        pytest.param("김정은 · Путин", "김정은 · Путин", id="text"),
    ],
)
def test_what_a_terminal_must_not_obey_is_shown(text: str, expected: str) -> None:
    assert visible(text) == expected


@settings(max_examples=70, deadline=None)
@given(NASTY)
def test_clean_text_holds_nothing_harmful_and_stays_as_it_is(text: str) -> None:
    for clean, allowed in ((clean_line, ""), (clean_text, "\n"), (visible, "")):
        result = clean(text)
        assert harmful(result, allowed=allowed) == []
        assert clean(result) == result
    assert clean_line(text) == unicodedata.normalize("NFC", clean_line(text))


@settings(max_examples=70, deadline=None)
@given(NASTY)
def test_plain_text_is_clean_and_opens_no_tag(markup: str) -> None:
    result = plain_text(markup)
    assert harmful(result, allowed="\n") == []
    assert clean_text(result) == result
    assert not re.search(r"<[a-zA-Z/!?]", result)
