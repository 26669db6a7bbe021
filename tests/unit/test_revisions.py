"""Revisions: what counts as a change, what a revision keeps, and when an article is read again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.news.fields import ArchivePlace
from crawler.news.lines import Record, to_line
from crawler.news.records import Moment
from crawler.news.revisions import (
    announced_by,
    archived_at,
    differences,
    next_visit_s,
    revise,
    withdraw,
)
from tests.samples import ARTICLE, NOON, assert_fits, make_fetch, make_record

STEPS = (3600.0, 6 * 3600.0, 86_400.0)
TEXT = (
    "A train with 40 cars of flour crossed the river on Monday.\n"
    "Officials said that 10,000 tons would follow before winter."
)


def moment(at: datetime, precision: Any = "minute") -> Moment:
    return Moment(at=at, precision=precision, source="json-ld", raw=at.isoformat())


def record(**changes: Any) -> Record:
    article = replace(ARTICLE, text=TEXT, modified=None)
    return make_record(article=replace(article, **changes))


def later(hours: float = 6.0, **changes: Any) -> Record:
    article = replace(ARTICLE, text=TEXT, modified=None)
    return make_record(1, NOON + timedelta(hours=hours), article=replace(article, **changes))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, (), id="nothing"),
        pytest.param({"text": TEXT.replace("10,000", "12,000")}, ("text",), id="a figure"),
        pytest.param(
            {"text": TEXT + "\nMoscow denied the report."}, ("text",), id="one sentence more"
        ),
        pytest.param({"text": TEXT.split("\n")[0]}, ("text",), id="a paragraph less"),
        pytest.param({"text": TEXT.replace("\n", " ")}, (), id="paragraphs joined"),
        pytest.param({"text": TEXT.replace("Monday", "Monday ")}, (), id="white space"),
        pytest.param({"text": TEXT.replace("-", "–").upper()}, (), id="dashes and case"),
        pytest.param({"text": f"Share\n{TEXT}\n1,204 views"}, (), id="buttons and counters"),
        pytest.param(
            {"text": TEXT + "\nKim receives a delegation from the north of the country"},
            (),
            id="the headline of another article",
        ),
        pytest.param({"text": TEXT, "text_status": "lead"}, (), id="only the lead is free now"),
        pytest.param({"title": "Ferry line to sail daily"}, ("title",), id="another headline"),
        pytest.param({"title": ARTICLE.title.upper() + " "}, (), id="the headline in capitals"),
        pytest.param({"title": "…"}, (), id="no headline was found"),
        pytest.param({"authors": ("Ida Strand", "Ola Berg")}, ("authors",), id="another author"),
        pytest.param({"authors": ("IDA STRAND",)}, (), id="the author in capitals"),
        pytest.param({"authors": ()}, (), id="no author was found"),
        pytest.param(
            {"published": moment(NOON - timedelta(hours=9))},
            ("date_published",),
            id="another time of publication",
        ),
        pytest.param({"published": None}, (), id="no date was found"),
        pytest.param(
            {"published": moment(NOON.replace(hour=0), "day")}, (), id="of the same day, less exact"
        ),
        pytest.param(
            {"modified": moment(NOON + timedelta(hours=3))},
            ("date_modified",),
            id="changed by its own account since it was read",
        ),
        pytest.param(
            {"modified": moment(NOON - timedelta(hours=1))},
            (),
            id="it begins to tell an old change",
        ),
        pytest.param({"modified": moment(NOON + timedelta(hours=6))}, (), id="a clock"),
    ],
)
def test_page_noise_is_no_change_and_words_are(
    changes: dict[str, Any], expected: tuple[str, ...]
) -> None:
    assert differences(record(), later(**changes)) == expected


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        pytest.param(
            "Updated 5 minutes ago by the desk.",
            "Updated 3 hours ago by the desk.",
            ("text",),
            id="not the digits alone",
        ),
        pytest.param(
            "Updated 5 minutes ago by the desk.",
            "Updated 9 minutes ago by the desk.",
            (),
            id="minutes that pass",
        ),
        pytest.param(
            "조회 1,204회를 기록했다고 집계됐다.",
            "조회 3,911회를 기록했다고 집계됐다.",
            (),
            id="views in Korean",
        ),
        pytest.param(
            "러시아는 탄약 1만 발을 받았다.",
            "러시아는 탄약 2만 발을 받았다.",
            ("text",),
            id="a figure in Korean",
        ),
        pytest.param(
            "普京抵达平壤。", "普京已离开平壤。", ("text",), id="a short sentence in Chinese"
        ),
    ],
)
def test_what_is_counted_anew_at_every_look_is_no_change(
    before: str, now: str, expected: tuple[str, ...]
) -> None:
    former, fresh = record(text=f"{TEXT}\n{before}"), later(text=f"{TEXT}\n{now}")
    assert differences(former, fresh) == expected


def test_a_full_text_after_a_lead_is_a_change() -> None:
    assert differences(record(text=TEXT.split("\n")[0], text_status="lead"), later()) == ("text",)


def test_a_page_that_always_shows_its_clock_was_not_changed() -> None:
    former = record(modified=moment(NOON))
    assert differences(former, later(modified=moment(NOON + timedelta(hours=6)))) == ()


@given(st.text(max_size=300))
def test_a_text_never_differs_from_itself(text: str) -> None:
    assert differences(record(text=text), later(text=text)) == ()


def test_a_revision_keeps_identity_and_provenance() -> None:
    former = replace(record(), story_id="s" * 32, duplicate_of=None)
    fresh = later(text=TEXT + "\nMoscow denied the report.")
    fresh = replace(fresh, url="https://harbor.example/other", found_in={"kind": "manual"})
    revised = revise(former, fresh, "outlet")
    for name in ("id", "url", "url_announced", "date_discovered", "found_in", "story_id"):
        assert getattr(revised, name) == getattr(former, name)
    assert (revised.revision, revised.revision_cause) == (2, "outlet")
    assert (revised.text, revised.date_fetched) == (fresh.text, fresh.date_fetched)
    assert_fits(to_line(revised))


def test_a_withdrawal_keeps_all_that_was_said() -> None:
    former = archived_at(record(), ArchivePlace(file="archive/2026-11-22.w1-1.warc.gz", offset=7))
    fetch = replace(make_fetch(former.url, NOON + timedelta(days=2)), status=404)
    gone = withdraw(former, fetch)
    assert (gone.revision, gone.revision_cause, gone.http["status"]) == (2, "gone", 404)
    assert (gone.title, gone.text, gone.match) == (former.title, former.text, former.match)
    assert (gone.date_fetched, gone.archive) == ("2026-11-24T12:00:00Z", None)
    assert_fits(to_line(gone))


def test_a_revision_is_weighed_with_what_its_source_once_said() -> None:
    told = Moment(at=NOON, precision="minute", source="feed", raw="Sun, 22 Nov 2026 12:00 GMT")
    held = record(published=told)
    entry = announced_by(held)
    assert (entry.url, entry.published) == (held.url_announced, replace(told, local_day=None))
    assert entry.text is None
    assert announced_by(record()).published is None, "its page said it, and says it again"


def test_a_text_that_came_from_a_feed_can_be_read_from_there_again() -> None:
    assert announced_by(record(text_source="feed")).text == TEXT


@pytest.mark.parametrize(
    ("age_s", "spread", "expected_s"),
    [
        pytest.param(0, 0.5, 3600.0, id="the first step"),
        pytest.param(0, 0.0, 3240.0, id="a little before it"),
        pytest.param(3300, 0.5, 6 * 3600.0 - 3300, id="a visit before its step counts for it"),
        pytest.param(5 * 3600, 0.5, 3600.0, id="between two steps"),
        pytest.param(10 * 86_400, 0.5, None, id="often enough"),
    ],
)
def test_an_article_is_read_again_at_its_steps(
    age_s: float, spread: float, expected_s: float | None
) -> None:
    now = NOON + timedelta(seconds=age_s)
    assert next_visit_s(STEPS, NOON, now, spread=spread) == (
        None if expected_s is None else pytest.approx(expected_s)
    )


def test_without_steps_nothing_is_read_again() -> None:
    assert next_visit_s((), NOON, NOON, spread=0.5) is None
