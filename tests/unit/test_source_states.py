"""What a source's polls leave in its memory: health, lies, moves, retirement."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawler.news.health import health_of
from crawler.news.source_states import (
    BELIEVED_TIMES,
    DISTRUST,
    Answered,
    SourceState,
    failed,
    retired,
    unchanged,
    validators,
    worked,
)
from crawler.storage.sources import state_from_text, state_to_text

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
HOME = "https://a.example/feed"
NEW_HOME = "https://news.a.example/feed"


def after(minutes: float = 0.0, **changes: Any) -> Answered:
    plain = Answered(
        now=NOW + timedelta(minutes=minutes),
        listed=20,
        new=0,
        shape="rss20",
        address=HOME,
        etag='"1"',
        last_modified="Sun, 22 Nov 2026 05:00:00 GMT",
        was_conditional=True,
    )
    return replace(plain, **changes)


KNOWN = worked(SourceState(), after(new=20, was_conditional=False))


def whole(**changes: Any) -> Answered:
    """The answer to a request that named no version, five hours later."""
    return after(300, was_conditional=False, **changes)


def quiet(times: int, state: SourceState = KNOWN) -> SourceState:
    for turn in range(times):
        state = unchanged(state, NOW + timedelta(minutes=30 * (turn + 1)))
    return state


def test_a_source_that_never_answered_is_unproven() -> None:
    assert health_of(SourceState(), NOW).word == "unproven"
    assert (health_of(KNOWN, NOW).word, health_of(KNOWN, NOW).why) == ("working", None)


def test_a_source_that_breaks_is_failing_at_once_and_since_then() -> None:
    state = failed(KNOWN, "server-error", "HTTP 500 (server error)", NOW, spread=0.5)
    state = failed(state, "no-connection", "no answer", NOW + timedelta(hours=1), spread=0.5)
    health = health_of(state, NOW)
    assert (health.word, health.why, health.times) == ("failing", "no answer", 2)
    assert health.since == "2026-11-22T06:00:00Z"
    assert health_of(worked(state, after(90)), NOW).word == "working"


def test_a_source_is_asked_for_what_changed() -> None:
    assert validators(KNOWN, NOW) == {
        "If-None-Match": '"1"',
        "If-Modified-Since": "Sun, 22 Nov 2026 05:00:00 GMT",
    }


@pytest.mark.parametrize(
    ("state", "later", "asks_for_the_whole"),
    [
        pytest.param(quiet(1), timedelta(hours=1), False, id="one 304 is believed"),
        pytest.param(quiet(BELIEVED_TIMES - 1), timedelta(hours=4), False, id="seven are"),
        pytest.param(quiet(BELIEVED_TIMES), timedelta(hours=5), True, id="eight in a row are not"),
        pytest.param(quiet(2), timedelta(hours=25), True, id="nor two for a whole day"),
        pytest.param(KNOWN, timedelta(days=3), False, id="an outage of ours is no lie of theirs"),
    ],
)
def test_a_304_is_not_believed_for_ever(
    state: SourceState, later: timedelta, asks_for_the_whole: bool
) -> None:
    assert (validators(state, NOW + later) == {}) is asks_for_the_whole


@pytest.mark.parametrize(
    ("answer", "lies"),
    [
        pytest.param(whole(), False, id="nothing new in the whole"),
        pytest.param(whole(new=2), True, id="new under the same ETag"),
        pytest.param(
            whole(new=2, etag='"2"', oldest_new=NOW + timedelta(hours=1)),
            True,
            id="new before the last 304",
        ),
        pytest.param(
            whole(new=2, etag='"2"', oldest_new=NOW + timedelta(hours=5)),
            False,
            id="new since the last 304",
        ),
        pytest.param(whole(new=2, etag='"2"'), False, id="new without a date"),
        pytest.param(after(300, new=2), False, id="new in answer to a condition"),
    ],
)
def test_a_source_that_lies_with_304_is_found_out(answer: Answered, lies: bool) -> None:
    assert bool(worked(quiet(BELIEVED_TIMES), answer).lies_since) is lies


def test_who_lied_is_asked_for_the_whole_and_gets_another_chance() -> None:
    liar = worked(quiet(BELIEVED_TIMES), whole(new=2))
    assert validators(liar, NOW + timedelta(days=1)) == {}
    assert validators(liar, NOW + timedelta(hours=5) + DISTRUST) != {}


def test_a_poll_whose_entries_are_all_new_has_overrun_and_its_interval_is_halved() -> None:
    state = worked(KNOWN, after(30, new=20))
    assert state.overrun_at == "2026-11-22T06:30:00Z"
    assert state.rhythm.interval_s == KNOWN.rhythm.interval_s / 2
    assert KNOWN.overrun_at is None, "a first poll finds all new"


def redirected(minutes: float, **changes: Any) -> Answered:
    moved = {"address": NEW_HOME, "was_redirected": True, "is_for_good": True}
    return after(minutes, **{**moved, **changes})


def test_a_move_is_learned_after_three_times_over_a_day() -> None:
    state = KNOWN
    for hours in (0, 10, 20):
        state = worked(state, redirected(60 * hours))
        assert state.moved_to is None
    state = worked(state, redirected(60 * 25))
    assert (state.moved_to, health_of(state, NOW).word) == (NEW_HOME, "moved")


@pytest.mark.parametrize(
    "between",
    [
        pytest.param(after(600), id="it answered at home"),
        pytest.param(redirected(600, is_for_good=False), id="it moved for now only"),
        pytest.param(redirected(600, address="https://b.example/feed"), id="it moved elsewhere"),
    ],
)
def test_a_move_that_is_not_steady_is_not_learned(between: Answered) -> None:
    state = worked(worked(worked(KNOWN, redirected(0)), redirected(1)), between)
    assert worked(state, redirected(60 * 25)).moved_to is None


def test_an_address_that_was_learned_and_fails_is_given_up() -> None:
    state = replace(KNOWN, moved_to=NEW_HOME, moved_at="2026-11-21T00:00:00Z")
    for times in (1, 2):
        state = failed(state, "bad-content", "HTTP 404 (not found)", NOW, spread=0.5)
        assert state.moved_to == NEW_HOME, times
    assert failed(state, "bad-content", "HTTP 404 (not found)", NOW, spread=0.5).moved_to is None


def test_a_source_that_is_gone_for_good_is_retired_until_it_answers() -> None:
    state = retired(KNOWN, "HTTP 410 (gone)", NOW)
    again = retired(state, "HTTP 410 (gone)", NOW + timedelta(days=7))
    told = health_of(again, NOW)
    assert (told.word, told.since) == ("retired", "2026-11-22T06:00:00Z")
    assert health_of(worked(again, after(20_000)), NOW).word == "working"


@pytest.mark.parametrize(
    "state",
    [
        pytest.param(SourceState(), id="nothing"),
        pytest.param(quiet(3), id="working"),
        pytest.param(replace(KNOWN, links=("a", "b"), children={"u": "2026"}), id="a section"),
        pytest.param(retired(KNOWN, "HTTP 410 (gone)", NOW), id="retired"),
        pytest.param(worked(KNOWN, redirected(0)), id="moving"),
    ],
)
def test_a_state_survives_its_text(state: SourceState) -> None:
    assert state_from_text(state_to_text(state)) == state
