"""Jobs: their names, their payloads, their place in the queue."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.news.records import Entry, Moment
from crawler.storage.jobs import (
    FRESH_PRIORITY,
    OLD_PRIORITY,
    SOURCE_PRIORITY,
    Job,
    Lease,
    article_job,
    priority_of,
)
from crawler.storage.payloads import from_payload, to_payload

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def moment(days_ago: float) -> Moment:
    return Moment(
        at=NOW - timedelta(days=days_ago), precision="minute", source="feed", raw="as written"
    )


def job(entry: Entry | None = None) -> Job:
    return article_job(
        entry or Entry(url="https://a.example/1"),
        outlet="a",
        source="a/feed",
        source_url="https://a.example/feed",
        found="feed",
        now=NOW,
    )


texts = st.none() | st.text(max_size=40)
entries = st.builds(
    Entry,
    url=st.just("https://a.example/1?id=2"),
    title=texts,
    summary=texts,
    guid=texts,
    text=texts,
    language=texts,
    published=st.none() | st.builds(moment, st.floats(0, 1000)),
    modified=st.none() | st.builds(moment, st.floats(0, 1000)),
)


@given(entries)
def test_a_job_survives_its_payload(entry: Entry) -> None:
    made = job(entry).moved_to("https://b.example/2")
    assert made == from_payload(to_payload(made))


def test_a_robots_job_is_read_as_the_claim_script_writes_it() -> None:
    payload = '{"kind":"robots","url":"https://a.example/robots.txt","of":"a.example"}'
    assert from_payload(payload).name == "r:a.example"


def test_a_robots_job_that_was_redirected_keeps_its_host() -> None:
    asked = from_payload('{"kind":"robots","url":"https://a.example/robots.txt","of":"a.example"}')
    moved = from_payload(to_payload(asked.moved_to("https://www.a.example/robots.txt")))
    assert (moved.name, moved.fetch_url) == ("r:a.example", "https://www.a.example/robots.txt")


def test_spellings_of_one_page_are_one_job() -> None:
    spelled = job(Entry(url="http://www.a.example/1?utm_source=x#top"))
    assert job().name == spelled.name


@pytest.mark.parametrize(
    ("made", "priority"),
    [
        pytest.param(job(), FRESH_PRIORITY, id="no date"),
        pytest.param(
            job(Entry(url="https://a.example/1", published=moment(0.5))),
            FRESH_PRIORITY,
            id="of today",
        ),
        pytest.param(
            job(Entry(url="https://a.example/1", published=moment(5))),
            OLD_PRIORITY,
            id="of last week",
        ),
        pytest.param(replace(job(), found="manual"), SOURCE_PRIORITY, id="asked for by a person"),
        pytest.param(
            Job(
                kind="feed", url="https://a.example/f", fetch_url="https://a.example/f", source="a"
            ),
            SOURCE_PRIORITY,
            id="a source",
        ),
    ],
)
def test_fresh_news_and_sources_go_before_old_pages(made: Job, priority: int) -> None:
    assert priority_of(made, NOW) == priority


@pytest.mark.parametrize(
    ("ahead_s", "has_run_out"),
    [pytest.param(60, False, id="held"), pytest.param(-1, True, id="out")],
)
def test_a_lease_runs_out_by_our_own_clock(ahead_s: float, has_run_out: bool) -> None:
    lease = Lease(name="a:1", token="t", job=job(), host="a.example")
    lease.extend_to(time.monotonic() + ahead_s)
    assert lease.has_run_out is has_run_out
