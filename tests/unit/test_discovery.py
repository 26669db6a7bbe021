"""Ranking: the source that a person would choose comes first, with the reasons."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawler.news.candidates import Candidate, How
from crawler.news.discovery import Trial, choose, lists_of, rank
from crawler.news.records import Entry, Moment, SourceKind

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
HOME = "https://quay.example"
FRONT = frozenset(f"{HOME}/{n}" for n in range(10))


def moment(hours_ago: float) -> Moment:
    return Moment(
        at=NOW - timedelta(hours=hours_ago), precision="minute", source="feed", raw="then"
    )


def trial(
    path: str,
    kind: SourceKind = "feed",
    *,
    numbers: range = range(10),
    hours_ago: float | None = 1,
    titled: bool = True,
    summed: bool = True,
    how: How = "declared",
    title: str | None = None,
) -> Trial:
    """A source that announces the articles of these numbers, one an hour."""
    entries = tuple(
        Entry(
            url=f"{HOME}/{n}",
            title=f"Article {n}" if titled else None,
            summary="What is in it." if summed else None,
            published=moment(hours_ago + at) if hours_ago is not None else None,
        )
        for at, n in enumerate(numbers)
    )
    url = f"{HOME}{path}"
    return Trial(Candidate(url=url, kind=kind, how=how), url, title=title, entries=entries)


FEED = trial("/feed")
SITEMAP = trial("/news.xml", "sitemap", summed=False, how="robots")
PLAIN = trial("/sitemap.xml", "sitemap", titled=False, summed=False, how="robots")
SECTION = trial("/", "section", summed=False, hours_ago=None, how="given")


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        pytest.param(FEED, SITEMAP, id="a feed before a news sitemap"),
        pytest.param(SITEMAP, PLAIN, id="titles before addresses"),
        pytest.param(PLAIN, SECTION, id="a fresh sitemap before a list page"),
        pytest.param(
            SECTION, trial("/feed", numbers=range(90, 100), hours_ago=9_000),
            id="a list before a feed that stands still",
        ),
        pytest.param(
            trial("/rss", summed=False, hours_ago=None), SECTION, id="an undated feed before a list"
        ),
        pytest.param(FEED, trial("/sport", numbers=range(50, 60)), id="news before a side room"),
        pytest.param(FEED, trial("/short", numbers=range(2)), id="much before little"),
        pytest.param(FEED, trial("/old", hours_ago=24 * 20), id="fresh before stale"),
        pytest.param(FEED, trial("/bare", summed=False, how="guessed"), id="told before guessed"),
        pytest.param(
            trial("/weekly", hours_ago=24 * 5, numbers=range(3)),
            trial("/comments/feed", title="Comments for Quay"), id="anything before comments",
        ),
    ],
)  # fmt: skip
def test_the_better_source_is_ranked_first(better: Trial, worse: Trial) -> None:
    for trials in ([better, worse], [worse, better]):
        assert next(ranked.trial.url for ranked in rank(trials, FRONT, NOW)) == better.url


def test_a_rank_tells_its_reasons() -> None:
    [ranked] = rank([FEED], FRONT, NOW)
    assert ranked.reasons == (
        "newest 1 h old",
        "10 entries, 100% of the front page",
        "titles, dates, summaries",
        "declared",
    )


def test_without_a_front_page_there_is_nothing_to_cover() -> None:
    [ranked] = rank([FEED], frozenset(), NOW)
    assert ranked.reasons[1] == "10 entries"


@pytest.mark.parametrize(
    ("found", "good"),
    [
        pytest.param(FEED, True, id="a fresh feed"),
        pytest.param(SITEMAP, True, id="a news sitemap"),
        pytest.param(trial("/rss", hours_ago=None), True, id="undated, on the front page"),
        pytest.param(
            trial("/rss", numbers=range(50, 60), hours_ago=None), False, id="undated, elsewhere"
        ),
        pytest.param(PLAIN, False, id="no titles"),
        pytest.param(SECTION, False, id="a list page"),
        pytest.param(trial("/feed", hours_ago=24 * 30), False, id="stale"),
        pytest.param(trial("/comments/feed"), False, id="comments"),
    ],
)
def test_what_is_good_ends_the_guessing(found: Trial, good: bool) -> None:
    [ranked] = rank([found], FRONT, NOW)
    assert ranked.is_good is good


def test_the_same_feed_under_two_addresses_is_one_source() -> None:
    [ranked] = rank([trial("/rss", how="guessed"), FEED], FRONT, NOW)
    assert ranked.trial is FEED


def test_what_gave_nothing_is_not_ranked() -> None:
    dead = Trial(Candidate(url=HOME, kind="feed", how="guessed"), HOME, problem="HTTP 404")
    assert rank([dead], FRONT, NOW) == []


def test_a_card_gets_the_best_source_and_those_that_add_to_it() -> None:
    half = trial("/half", numbers=range(5))
    other = trial("/other", numbers=range(5, 10), how="linked")
    little = trial("/little", numbers=range(9, 10))
    assert lists_of(choose(rank([half, other, little], FRONT, NOW), FRONT)) == {
        "feeds": [f"{HOME}/half", f"{HOME}/other"],
        "sitemaps": [],
        "sections": [],
    }


def test_a_source_that_tells_no_titles_is_no_addition() -> None:
    short = trial("/short", numbers=range(3))
    chosen = choose(rank([short, PLAIN], FRONT, NOW), FRONT)
    assert [ranked.trial for ranked in chosen] == [short]
