"""Times as people write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.news.spoken_times import read_span

# A Wednesday.
NOW = datetime(2026, 11, 25, 15, 30, tzinfo=UTC)

SPANS = {
    "day": ("2026-03-05", "2026-03-05T00:00", "2026-03-06T00:00"),
    "dotted": ("2026.3.5", "2026-03-05T00:00", "2026-03-06T00:00"),
    "month": ("2026-03", "2026-03-01T00:00", "2026-04-01T00:00"),
    "december": ("2025-12", "2025-12-01T00:00", "2026-01-01T00:00"),
    "year": ("2025", "2025-01-01T00:00", "2026-01-01T00:00"),
    "today": ("today", "2026-11-25T00:00", "2026-11-26T00:00"),
    "yesterday": ("Yesterday", "2026-11-24T00:00", "2026-11-25T00:00"),
    "weekday": ("monday", "2026-11-23T00:00", "2026-11-24T00:00"),
    "weekday, short": ("fri", "2026-11-20T00:00", "2026-11-21T00:00"),
    "this weekday": ("wednesday", "2026-11-25T00:00", "2026-11-26T00:00"),
    "last week": ("last week", "2026-11-16T00:00", "2026-11-23T00:00"),
    "this month": ("this month", "2026-11-01T00:00", "2026-12-01T00:00"),
    "last month": ("last month", "2026-10-01T00:00", "2026-11-01T00:00"),
    "last year": ("last year", "2025-01-01T00:00", "2026-01-01T00:00"),
    "month's name": ("march", "2026-03-01T00:00", "2026-04-01T00:00"),
    "month to come": ("december", "2025-12-01T00:00", "2026-01-01T00:00"),
    "month and year": ("Sept 2024", "2024-09-01T00:00", "2024-10-01T00:00"),
    "day and month": ("5 March", "2026-03-05T00:00", "2026-03-06T00:00"),
    "month and day": ("Dec. 24", "2025-12-24T00:00", "2025-12-25T00:00"),
    "in full": ("March 5, 2024", "2024-03-05T00:00", "2024-03-06T00:00"),
    "age": ("7d", "2026-11-18T15:30", "2026-11-18T15:30"),
    "age, ago": ("36h ago", "2026-11-24T03:30", "2026-11-24T03:30"),
    "moment": ("2026-11-20 08:15", "2026-11-20T08:15", "2026-11-20T08:15"),
    "moment, zone": ("2026-11-20T08:15+09:00", "2026-11-19T23:15", "2026-11-19T23:15"),
}


@pytest.mark.parametrize(("words", "start", "end"), SPANS.values(), ids=SPANS)
def test_words_mean_a_span_of_time(words: str, start: str, end: str) -> None:
    span = read_span(words, NOW)
    assert f"{span.start:%Y-%m-%dT%H:%M}" == start
    assert f"{span.end:%Y-%m-%dT%H:%M}" == end


@pytest.mark.parametrize(
    "words", ["", "soon", "2026-13", "30 February", "2026-02-30", "0000", "٣d"]
)
def test_what_means_nothing_is_refused_with_the_forms_that_do(words: str) -> None:
    with pytest.raises(ValueError, match="expected a day"):
        read_span(words, NOW)


@given(st.text(max_size=30))
def test_any_words_are_read_or_refused(words: str) -> None:
    try:
        span = read_span(words, NOW)
    except ValueError:
        return
    assert span.start <= span.end
