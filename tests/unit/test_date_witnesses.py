"""Which of two dates to believe, and the day that an address carries."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.news.dates import date_in_url, parse_moment, weigh
from crawler.news.records import DateSource, Moment

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def witness(source: DateSource, at: str, precision: str = "minute") -> Moment:
    moment = parse_moment(at, source=source, timezone=None, now=NOW)
    assert moment is not None
    assert moment.precision == precision
    return moment


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        pytest.param(("json-ld", "2026-11-20T14:05Z"), ("feed", "2026-11-19T14:05Z"),
                     id="json-ld before feed"),
        pytest.param(("meta", "2026-11-20T14:05Z"), ("feed", "2026-11-21T14:05Z"),
                     id="meta before feed"),
        pytest.param(("feed", "2026-11-20T14:05Z"), ("html", "2026-11-20T15:05Z"),
                     id="feed before a printed time"),
        pytest.param(("sitemap", "2026-11-20T14:05Z"), ("html", "2026-11-20T15:05Z"),
                     id="sitemap before a printed time"),
        pytest.param(("html", "2026-11-20T14:05Z"), ("json-ld", "2026-11-20"),
                     id="a time before a day"),
        pytest.param(("json-ld", "2026-11-20"), ("feed", "2026-11-19"), id="days: json-ld, feed"),
        pytest.param(("feed", "2026-11-20"), ("html", "2026-11-19"), id="days: feed, printed"),
        pytest.param(("html", "2026-11-20"), ("url", "2026-11-19"), id="days: printed, address"),
        pytest.param(("feed", "2026-11-10"), ("json-ld", "2026-11-20T14:05Z"),
                     id="far apart: the earlier"),
        pytest.param(("url", "2026-11-10"), ("feed", "2026-11-20T14:05Z"),
                     id="far apart: even of the address"),
    ],
)  # fmt: skip
def test_the_better_witness_is_believed_on_either_side(
    better: tuple[DateSource, str], worse: tuple[DateSource, str]
) -> None:
    moments = [
        witness(source, at, "minute" if "T" in at else "day") for source, at in (better, worse)
    ]
    assert weigh(*moments) == moments[0]
    assert weigh(*reversed(moments)) == moments[0]


def test_the_only_witness_is_believed() -> None:
    moment = witness("url", "2026-11-20", "day")
    assert weigh(moment, None) == moment
    assert weigh(None, moment) == moment
    assert weigh(None, None) is None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("/2026/11/20/a-title", "2026-11-20", id="folders"),
        pytest.param("/2026/1/2/a-title", "2026-01-02", id="short folders"),
        pytest.param("/2026-11-20-a-title", "2026-11-20", id="hyphens"),
        pytest.param("/20261120/a-title", "2026-11-20", id="eight digits"),
        pytest.param("/view/AEN20261120001500325", "2026-11-20", id="at the head of a number"),
        pytest.param("/t20261120_1.htm", "2026-11-20", id="after a letter"),
        pytest.param("/n1/2026/1120/c1.html", "2026-11-20", id="year, then month and day"),
        pytest.param("/a/202611/20/WS1.html", "2026-11-20", id="month, then day"),
        pytest.param("/20269999/2026/11/20/a", "2026-11-20", id="behind an impossible one"),
        pytest.param("/2027/11/20/a", None, id="still to come"),
        pytest.param("/2026/02/30/a", None, id="impossible"),
        pytest.param("/1985/11/20/a", None, id="too old"),
        pytest.param("/news/2026112345", None, id="a number of ten digits"),
        pytest.param("/?d=20261120", None, id="in the query"),
        pytest.param("/#20261120", None, id="in the fragment"),
        pytest.param("/news/12345", None, id="none"),
    ],
)
def test_an_address_may_carry_the_day(path: str, expected: str | None) -> None:
    moment = date_in_url(f"https://a.example{path}", now=NOW)
    assert (moment and moment.at.date().isoformat()) == expected
    assert moment is None or (moment.precision, moment.source) == ("day", "url")
    assert moment is None or moment.local_day == expected


def test_an_address_without_a_present_may_name_any_day() -> None:
    moment = date_in_url("https://a.example/2031/11/20/a")
    assert moment is not None
    assert moment.raw == "2031/11/20"


@settings(deadline=None, max_examples=50)
@given(st.text(alphabet="/-_.=a0123456789", max_size=60))
def test_any_address_has_a_possible_day_or_none(path: str) -> None:
    moment = date_in_url(f"https://a.example/2026{path}", now=NOW)
    assert moment is None or 1990 <= moment.at.year <= 2026
