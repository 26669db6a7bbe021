"""Copies are found, other reports are not joined."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.news.near_duplicates import (
    FEWEST_SHINGLES,
    SAME_TEXT,
    Signature,
    bands,
    resemblance,
    signature,
)

ENGLISH = (
    "A freight train crossed the bridge at Khasan on Friday, the first of the week, the railway "
    "of the region said in a short note.",
    "It drew eleven covered wagons and two flat ones, and waited for an hour at the signal while "
    "the guards of both sides compared their papers.",
    "Nobody on the platform would say what was in the wagons; a clerk spoke of flour, a driver of "
    "machine tools, and the stationmaster of nothing at all.",
    "Trade by rail between the two neighbors has grown in every quarter since the spring, though "
    "neither of them has printed a figure.",
)
RUSSIAN = (
    "Грузовой состав прошёл в пятницу по мосту у Хасана, сообщила в короткой заметке региональная "
    "железная дорога, не уточнив, что именно он вёз.",
    "В составе было одиннадцать крытых вагонов и две платформы, у светофора он стоял около часа.",
    "Никто на перроне не сказал, что было в вагонах, а начальник станции от разговора отказался.",
)
CHINESE = (
    "一列货运列车星期五驶过哈桑的大桥，这是本周的第一趟，地区铁路部门在简短的通报中说。",
    "列车挂有十一节棚车和两节平板车，在信号灯前停留了大约一个小时，双方的边防人员核对了文件。",
    "站台上没有人愿意说明车厢里装的是什么，站长也拒绝了采访，只说天气很冷。",
    "自春天以来，两国之间的铁路贸易每个季度都有增长，但双方都没有公布任何数字。",
)
KOREAN = (
    "금요일 화물열차가 하산의 다리를 건넜다고 지역 철도가 짧은 공지에서 밝혔다. "
    "이번 주 들어 처음이다.",
    "열차는 유개화차 열한 량과 평판차 두 량을 끌었고 신호기 앞에서 한 시간쯤 멈춰 서 있었다.",
    "승강장에서는 아무도 화차에 무엇이 실렸는지 말하려 하지 않았고 역장은 취재를 거절했다.",
    "봄 이후 두 이웃 사이의 철도 교역은 분기마다 늘었지만 어느 쪽도 수치를 내놓지 않았다.",
)
STORIES = {"en": ENGLISH, "ru": RUSSIAN, "zh": CHINESE, "ko": KOREAN}
# Of one house and by one formula, but of two days and two events.
LEAVES = (
    "The minister of railways and her party left here on Monday to take part in the forum of "
    "river ports in the east. They were seen off at the airport by the vice minister of railways "
    "and the ambassador of the neighbor."
)
RETURNS = (
    "The minister of railways and her party returned home on Friday after taking part in the "
    "forum of river ports in the east. They were greeted by the vice minister of railways and the "
    "ambassador of the neighbor at the airport."
)

PINNED_ENGLISH = "0446edb02a65083112c069d234860c7315ffcc9432200705"
PINNED_CHINESE = "0:0a22fba0163ff651441c85c20a570f93"


def found(a: str, b: str) -> bool:
    first, second = signature(a), signature(b)
    is_candidate = bool(set(bands(first)) & set(bands(second)))
    return is_candidate and resemblance(first, second) >= SAME_TEXT


@pytest.mark.parametrize("language", STORIES)
def test_a_copy_without_its_last_paragraph_is_found(language: str) -> None:
    story = STORIES[language]
    assert found("\n".join(story), "\n".join(story[:-1]))


@pytest.mark.parametrize("language", STORIES)
def test_a_copy_with_a_line_of_its_own_is_found(language: str) -> None:
    story = "\n".join(STORIES[language])
    assert found(story, f"Update | The Post\n{story}\nReporting by our own desk.")


def test_case_punctuation_and_line_ends_make_no_difference() -> None:
    loud = " — ".join(ENGLISH).upper()
    assert resemblance(signature("\n".join(ENGLISH)), signature(loud)) == 1.0


@pytest.mark.parametrize(
    ("a", "b"),
    [
        pytest.param(LEAVES, RETURNS, id="by one formula"),
        pytest.param(" ".join(ENGLISH[:2]), " ".join(ENGLISH[2:]), id="on one theme"),
        pytest.param("".join(CHINESE[:2]), "".join(CHINESE[2:]), id="in Chinese"),
        pytest.param(" ".join(KOREAN[:2]), " ".join(KOREAN[2:]), id="in Korean"),
        pytest.param(" ".join(ENGLISH), " ".join(RUSSIAN), id="in two languages"),
    ],
)
def test_different_reports_are_not_joined(a: str, b: str) -> None:
    assert not found(a, b)


def test_a_short_text_is_the_same_only_when_it_is_equal() -> None:
    brief = "One two three four five six seven eight nine ten eleven"
    assert len(brief.split()) - 4 == FEWEST_SHINGLES - 1
    assert found(brief, brief.lower() + ".")
    assert resemblance(signature(brief), signature(brief + "s")) == 0.0


@pytest.mark.parametrize("text", ["", "  \n", "... — !"])
def test_texts_without_words_are_looked_up_under_nothing(text: str) -> None:
    assert bands(signature(text)) == ()


def test_what_a_text_repeats_counts_once() -> None:
    line = "The same line of twelve words is printed over and over again. "
    assert resemblance(signature(line * 3), signature(line * 300)) == 1.0


def test_a_signature_is_stable() -> None:
    # It is kept for weeks and compared by others: a change parts old copies from new ones.
    assert signature("\n".join(ENGLISH)).to_text()[:48] == PINNED_ENGLISH
    assert bands(signature("".join(CHINESE)))[0] == PINNED_CHINESE


@pytest.mark.parametrize("text", ["", "00", "zz" * 256, "0" * 514])
def test_what_is_no_signature_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"512 hex digits|non-hexadecimal"):
        Signature.from_text(text)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_has_a_signature_that_survives_writing(a: str, b: str) -> None:
    first, second = signature(a), signature(b)
    assert Signature.from_text(first.to_text()) == first
    assert resemblance(first, first) == 1.0
    assert resemblance(first, second) == resemblance(second, first)
    assert len(bands(first)) in (0, 16)


def test_a_lone_surrogate_breaks_nothing() -> None:
    assert len(signature("a\ud800b " * 40).slots) == len(signature("\ud800").slots) == 64


WORDS = st.integers(20, 120).map(lambda count: [f"word{number}" for number in range(count)])


@settings(max_examples=40, deadline=None)
@given(WORDS, st.integers(0, 19))
def test_a_text_with_one_word_changed_stays_the_same(words: list[str], at: int) -> None:
    changed = [*words[:at], "changed", *words[at + 1 :]]
    estimate = resemblance(signature(" ".join(words)), signature(" ".join(changed)))
    shingles = len(words) - 4
    touched = min(at, 4, len(words) - 1 - at) + 1
    truth = (shingles - min(touched, shingles)) / (shingles + min(touched, shingles))
    assert estimate == pytest.approx(truth, abs=0.3)
