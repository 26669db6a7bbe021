"""Records and lines to test with: an invented outlet, invented news."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from crawler.news.lines import Fetch, Found, Omission, Record, build_record, journal_line, to_line
from crawler.news.outlets import Outlet
from crawler.news.records import Article, Citation, Judgement, Moment, Translation

DOCS = Path(__file__).parents[1] / "docs"
DAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

OUTLET = Outlet(
    id="harbor-post",
    name="The Harbor Post",
    country="NO",
    language="en",
    kind="national",
    scope="world",
    homepage="https://harbor.example/",
)

ARTICLE = Article(
    title="Ferry line between Rason and Vladivostok to sail twice a week",
    text="The ferry carries forty trucks.\nOfficials of both countries signed the timetable.",
    description="A timetable was signed.",
    authors=("Ida Strand",),
    language="en",
    published=Moment(
        at=datetime(2026, 11, 22, 8, 15, tzinfo=UTC),
        precision="minute",
        source="json-ld",
        raw="2026-11-22T09:15+01:00",
        local_day="2026-11-22",
    ),
    tags=("shipping",),
    free_access=True,
    cites=(
        Citation(
            name="Coastal Gazette",
            role="origin",
            sentence="Coastal Gazette was first to report the timetable.",
        ),
    ),
    translations=(Translation(url="https://harbor.example/no/ferge", language="no"),),
)

JUDGEMENT = Judgement(
    relevant=True,
    score=0.91,
    threshold=0.5,
    ruleset="dprk-russia-1",
    terms={"dprk": ("Rason",), "russia": ("Vladivostok",)},
    reasons=("both parties in the title",),
    sentences=("Officials of both countries signed the timetable.",),
    topics=("transport",),
    topic_reasons={"transport": "ferry"},
)


def make_fetch(url: str, at: datetime = NOON) -> Fetch:
    """A plain fetch of a page at a moment."""
    return Fetch(
        url_announced=f"{url}?from=feed",
        url_final=url,
        status=200,
        etag='"5f-1"',
        content_type="text/html; charset=utf-8",
        body_sha256="ab" * 32,
        fetched_at=at,
        discovered_at=at - timedelta(minutes=2),
    )


def make_record(number: int = 1, at: datetime = NOON, **changes: Any) -> Record:
    """The record of the article with this number."""
    url = f"https://harbor.example/news/{number}"
    given: dict[str, Any] = {
        "article": ARTICLE,
        "judgement": JUDGEMENT,
        "fetch": make_fetch(url, at),
        "found": Found(kind="feed", url="https://harbor.example/rss", guid=f"n-{number}"),
        "outlet": OUTLET,
        "url": url,
    }
    return build_record(**(given | changes))


def make_line(number: int = 1, **changes: Any) -> bytes:
    """The line of the article with this number, seen to fit the schema."""
    line = to_line(make_record(number, **changes))
    assert_fits(line)
    return line


def make_omission(number: int = 1, at: datetime = NOON) -> bytes:
    """The journal's line of the page with this number, seen to fit the schema."""
    line = journal_line(
        Omission(
            url=f"https://harbor.example/sport/{number}",
            stage="triage",
            at=at,
            title="Rowing club wins the cup",
            outlet="harbor-post",
            source="harbor-post/feed/1a2b3c4d",
            score=0.02,
            reasons=("neither party is named",),
            ruleset="dprk-russia-1",
        )
    )
    assert_fits(line, "journal")
    return line


def assert_fits(line: bytes, schema: str = "record") -> None:
    """The published schema has nothing against this line, and it is one line for every reader."""
    assert line.endswith(b"\n")
    assert line.decode().splitlines() == [line[:-1].decode()]
    complaints = [error.message for error in validator(schema).iter_errors(json.loads(line))]
    assert complaints == []


def assert_store_fits(data_dir: Path) -> None:
    """Every line that was written to this data folder fits the published schemas."""
    for folder, schema in (("articles", "record"), ("dropped", "journal")):
        for path in sorted((data_dir / folder).glob("*.jsonl")):
            for line in path.read_bytes().splitlines(keepends=True):
                assert_fits(line, schema)


@cache
def validator(schema: str) -> Draft202012Validator:
    """The published schema, read as a user of the data would."""
    published = json.loads((DOCS / f"{schema}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(published)
    return Draft202012Validator(published, format_checker=FormatChecker())
