"""The health of a source in one word: which one, since when, why, and who knows of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.news.cadence import Rhythm
from crawler.news.health import (
    ENTRIES_TO_KNOW,
    STUCK_TIMES,
    WORDS,
    Acknowledgement,
    dated_rhythm,
    health_of,
    is_acknowledged,
    span,
    why_empty,
)
from crawler.news.jsonl import write_time
from crawler.news.records import ChildSitemap, Entry, Moment, SourceKind, SourceReading
from crawler.news.source_states import Answered, SourceState, worked

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def ago(**passed: float) -> str:
    return write_time(NOW - timedelta(**passed))


WORKING = SourceState(
    worked_at=ago(minutes=5),
    polled_at=ago(minutes=5),
    whole_at=ago(minutes=5),
    news_at=ago(minutes=5),
    entries=40,
    rhythm=Rhythm(gap_s=3_600.0),
)
# Every state that has a word of its own, laid over a source that works.
MARKS: dict[str, dict[str, Any]] = {
    "retired": {"retired_since": ago(days=2), "failures": 1, "why": "HTTP 410 (gone)"},
    "failing": {"failures": 3, "failing_since": ago(hours=1), "why": "connection refused"},
    "unproven": {"worked_at": None},
    "silent": {"news_at": ago(days=3)},
    "overrun": {"overrun_at": ago(minutes=5)},
    "moved": {"moved_to": "https://b.example/feed", "moved_at": ago(days=9)},
    "working": {},
}


@pytest.mark.parametrize("word", WORDS)
def test_each_state_has_its_word(word: str) -> None:
    assert health_of(replace(WORKING, **MARKS[word]), NOW).word == word


@given(st.sets(st.sampled_from(WORDS), min_size=1))
def test_of_several_that_hold_the_gravest_is_said(words: set[str]) -> None:
    marks: dict[str, Any] = {}
    for word in sorted(words, key=WORDS.index, reverse=True):
        marks.update(MARKS[word])
    assert health_of(replace(WORKING, **marks), NOW).word == min(words, key=WORDS.index)


@pytest.mark.parametrize(
    ("changes", "word", "why"),
    [
        pytest.param(
            {"news_at": ago(hours=47.9), "rhythm": Rhythm(gap_s=60.0)},
            "working", None, id="never before two days",
        ),
        pytest.param(
            {"news_at": ago(hours=48), "rhythm": Rhythm(gap_s=60.0)},
            "silent", "no new entry for 2 days; usually one in 1 minute", id="but a wire then",
        ),
        pytest.param(
            {"news_at": ago(days=11), "rhythm": Rhythm(gap_s=3 * 86_400.0)},
            "working", None, id="a think tank within four gaps",
        ),
        pytest.param(
            {"news_at": ago(days=12), "rhythm": Rhythm(gap_s=3 * 86_400.0)},
            "silent", "no new entry for 12 days; usually one in 3 days", id="and after them",
        ),
        pytest.param(
            {"news_at": ago(days=400), "entries": ENTRIES_TO_KNOW - 1},
            "working", None, id="too few entries known",
        ),
        pytest.param(
            {"news_at": ago(days=3), "rhythm": Rhythm(), "dated_gap_s": 7_200.0},
            "silent", "no new entry for 3 days; usually one in 2 hours", id="by its own dates",
        ),
        pytest.param(
            {"news_at": ago(days=27), "rhythm": Rhythm()},
            "working", None, id="no rhythm known, within four weeks",
        ),
        pytest.param(
            {"news_at": ago(days=28), "rhythm": Rhythm()},
            "silent", "no new entry for 28 days", id="no rhythm known, after them",
        ),
    ],
)  # fmt: skip
def test_a_source_is_silent_after_four_of_its_gaps(
    changes: dict[str, Any], word: str, why: str | None
) -> None:
    health = health_of(replace(WORKING, **changes), NOW)
    assert (health.word, health.why) == (word, why)


def test_a_source_over_which_leases_run_out_is_failing() -> None:
    stuck = health_of(replace(WORKING, stuck=STUCK_TIMES), NOW)
    assert (stuck.word, stuck.times) == ("failing", STUCK_TIMES)
    assert stuck.why == "its lease ran out 3 times: workers die or hang over it"
    assert health_of(replace(WORKING, stuck=STUCK_TIMES - 1), NOW).word == "working"


def dated(*days_ago: float, undated: int = 0) -> list[Entry]:
    entries = [Entry(url=f"https://a.example/u{n}") for n in range(undated)]
    for n, days in enumerate(days_ago):
        at = NOW - timedelta(days=days)
        moment = Moment(at=at, precision="second", source="feed", raw="")
        entries.append(Entry(url=f"https://a.example/{n}", published=moment))
    return entries


@pytest.mark.parametrize(
    ("entries", "newest_days_ago", "gap_days"),
    [
        pytest.param(dated(9, 7, 5, 3, 1), 1, 2, id="a rhythm"),
        pytest.param(dated(9, 7, 5, 3), None, None, id="too few"),
        pytest.param(dated(9, 7, 5, 3, 1, undated=6), None, None, id="most are undated"),
        pytest.param(dated(8, 7, 6, 5, 4, -3), 4, 1, id="a date to come is no date"),
        pytest.param([], None, None, id="nothing"),
    ],
)
def test_the_dates_of_a_first_poll_tell_a_rhythm(
    entries: list[Entry], newest_days_ago: float | None, gap_days: float | None
) -> None:
    newest, gap_s = dated_rhythm(entries, NOW)
    told = (newest and (NOW - newest).days, gap_s and gap_s / 86_400)
    assert told == (newest_days_ago, gap_days)


def test_a_feed_that_froze_years_ago_is_silent_from_its_first_poll_on() -> None:
    newest, gap_s = dated_rhythm(dated(1_000, 1_001, 1_002, 1_003, 1_004), NOW)
    answered = Answered(
        now=NOW, listed=20, new=20, shape="rss20", address="https://a.example/feed",
        newest=newest, dated_gap_s=gap_s,
    )  # fmt: skip
    frozen = health_of(worked(SourceState(), answered), NOW)
    assert (frozen.word, frozen.since) == ("silent", ago(days=1_000))


def test_what_sub_sitemaps_brought_is_news_of_their_index() -> None:
    index = replace(WORKING, news_at=ago(days=30), brought=7)
    answered = Answered(
        now=NOW, listed=0, new=0, shape="sitemap-index", address="https://a.example/index.xml"
    )
    after = worked(index, answered)
    assert (after.entries, after.news_at, after.brought) == (47, write_time(NOW), 0)


EMPTY = SourceReading(shape="rss20")
UNFIT = replace(EMPTY, dropped={"no link": 3, "twice": 1})
INDEX = replace(EMPTY, children=(ChildSitemap(url="https://a.example/1.xml"),))


@pytest.mark.parametrize(
    ("kind", "reading", "known", "why"),
    [
        pytest.param("feed", EMPTY, 40, "it answers well and has no entry", id="feed"),
        pytest.param("feed", UNFIT, 0, "none of its 4 entries can be used (no link)", id="unfit"),
        pytest.param("sitemap", EMPTY, 0, "it answers well and has no entry", id="sitemap"),
        pytest.param("sitemap", EMPTY, 40, None, id="sitemap after quiet days"),
        pytest.param("sitemap", INDEX, 0, None, id="index"),
        pytest.param("search", EMPTY, 0, None, id="search that finds nothing"),
    ],
)
def test_what_is_empty_is_told_from_what_has_nothing_today(
    kind: SourceKind, reading: SourceReading, known: int, why: str | None
) -> None:
    told = why_empty(kind, reading, known)
    assert told == (why and f"it is empty: {why}")


@pytest.mark.parametrize(
    ("word", "changes", "noted", "holds"),
    [
        pytest.param("failing", {}, {}, True, id="it still fails"),
        pytest.param("failing", {"worked_at": ago(minutes=1)}, {}, False, id="it worked since"),
        pytest.param("silent", {"worked_at": ago(minutes=1)}, {}, True, id="silence goes on"),
        pytest.param("silent", {"news_at": ago(minutes=1)}, {}, False, id="silence was broken"),
        pytest.param("failing", {}, {"until": NOW + timedelta(1)}, True, id="before its date"),
        pytest.param("failing", {}, {"until": NOW}, False, id="at its date"),
        pytest.param("failing", {"worked_at": None}, {}, True, id="it never worked"),
    ],
)
def test_a_known_trouble_is_off_the_alarm_until_it_ends(
    word: str, changes: dict[str, Any], noted: dict[str, Any], holds: bool
) -> None:
    base = {"news_at": ago(days=9), "worked_at": ago(hours=9)}
    state = replace(WORKING, **{**base, **MARKS[word], **changes})
    known = Acknowledgement(id="a", at=NOW - timedelta(hours=1), **noted)
    health = replace(health_of(state, NOW), word=word)
    assert is_acknowledged(known, health, state, NOW) is holds


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "1 minute"), (60, "1 minute"), (5_400, "2 hours"), (3_600, "1 hour"), (259_200, "3 days")],
)
def test_a_span_is_told_in_its_largest_unit(seconds: float, words: str) -> None:
    assert span(seconds) == words
