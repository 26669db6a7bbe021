"""Numbers and days are read alike in nine languages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.news.figures import Day, days_in, numbers_in

NUMBERS = {
    "en-grouped": ("10,000 men", {10_000}),
    "en-word": ("12 million tonnes", {12_000_000}),
    "ko-ten-thousands": ("병력 1만2천 명", {12_000}),
    "ko-ten-millions": ("9천만 달러", {90_000_000}),
    "ja": ("約1万人", {10_000}),
    "zh": ("5万吨粮食", {50_000}),
    "ru": ("12 тысяч рабочих", {12_000}),
    "uk": ("12 тисяч робітників", {12_000}),
    "de-grouped": ("1.500 Soldaten", {1500}),
    "fr-million": ("90 millions", {90_000_000}),
    "es": ("2 mil turistas", {2000}),
    "year": ("in 2025", set()),
    "small": ("two or 3 men", set()),
    "day": ("on Nov. 14", set()),
    "model": ("a KN-23 and an M-1991", set()),
    "anniversary-en": ("the 80th anniversary", set()),
    "anniversary-ko": ("광복 80주년", set()),
    "anniversary-ru": ("80-летие победы", set()),
}

DAYS = {
    "en": ("met on Nov. 4", {Day(11, 4)}),
    "ko-month": ("9월 3일 열병식", {Day(9, 3)}),
    "ko-bare": ("27일(현지시간) 회담", {Day(0, 27)}),
    "ja": ("13日に会談", {Day(0, 13)}),
    "zh": ("9月13日会面", {Day(9, 13)}),
    "ru": ("17 июня прибыл", {Day(6, 17)}),
    "uk": ("18–19 червня", {Day(6, 18)}),
    "de": ("am 3. Oktober", {Day(10, 3)}),
    "fr": ("le 3 octobre", {Day(10, 3)}),
    "es": ("el 3 de octubre", {Day(10, 3)}),
    "dateline": ("Pyongyang, September 17 (KCNA) -- They left on September 16.", {Day(9, 16)}),
    "duration": ("10일간 방문", set()),
    "impossible": ("35日", set()),
}


@pytest.mark.parametrize(("text", "found"), NUMBERS.values(), ids=NUMBERS)
def test_a_number_is_the_same_however_it_is_written(text: str, found: set[int]) -> None:
    assert numbers_in(text) == found


@pytest.mark.parametrize(("text", "found"), DAYS.values(), ids=DAYS)
def test_a_day_is_read_where_a_word_says_that_it_is_one(text: str, found: set[Day]) -> None:
    assert days_in(text) == found


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    assert all(number >= 10 for number in numbers_in(text))
    assert all(1 <= day.day <= 31 for day in days_in(text))
