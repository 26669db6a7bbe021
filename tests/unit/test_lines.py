"""Records and journal lines: what they say, and that they read back."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings

from crawler.errors import BrokenLine
from crawler.news.fields import TEXT_LIMIT_BYTES
from crawler.news.lines import (
    RECORD_KEYS,
    ArchivePlace,
    Extractor,
    Found,
    Record,
    parse_line,
    read_record,
    to_line,
)
from crawler.news.records import Article, Judgement, Moment, Translation
from crawler.news.schema import JOURNAL_SCHEMA, RECORD_SCHEMA
from tests.samples import (
    ARTICLE,
    DOCS,
    JUDGEMENT,
    NOON,
    assert_fits,
    make_fetch,
    make_line,
    make_omission,
    make_record,
)
from tests.strategies import RECORDS

BARE = Article(title="T", text="")


@settings(max_examples=25, deadline=None)
@given(RECORDS)
def test_any_record_reads_back_equal_and_fits_the_schema(record: Record) -> None:
    line = to_line(record)
    assert record == read_record(line)
    assert line == to_line(read_record(line))
    assert_fits(line)


@settings(max_examples=25, deadline=None)
@given(RECORDS)
def test_the_hash_is_that_of_the_text_in_the_line(record: Record) -> None:
    said = parse_line(to_line(record))
    assert said["content_hash"] == hashlib.sha256(said["text"].encode()).hexdigest()


def test_keys_stand_in_the_order_of_the_schema() -> None:
    assert tuple(RECORD_SCHEMA["properties"]) == RECORD_KEYS
    assert list(RECORD_KEYS) == list(json.loads(make_line()))


def test_what_nobody_said_is_null_or_empty() -> None:
    silent = replace(BARE, description="", publisher=" \x00", authors=("", "\t"), license="\n")
    judgement = Judgement(relevant=True, score=1, threshold=0, ruleset="r")
    found = Found(kind="manual", url="")
    record = make_record(article=silent, outlet=None, found=found, judgement=judgement)
    for name in ("description", "publisher", "license", "outlet", "country", "date_published",
                 "date_published_raw", "date_local", "date_precision", "date_source",
                 "free_access", "image", "story_id", "archive"):  # fmt: skip
        assert getattr(record, name) is None, name
    assert record.authors == record.tags == record.cites == record.topics == []
    assert record.found_in == {"kind": "manual", "url": None, "guid": None, "title": None}
    assert record.match["terms"] == {"dprk": [], "russia": []}
    assert_fits(to_line(record))


def test_the_outlet_lends_its_name_and_country() -> None:
    record = make_record(article=BARE)
    assert (
        record.outlet, record.publisher, record.country,
    ) == ("harbor-post", "The Harbor Post", "NO")  # fmt: skip
    assert make_record(article=replace(BARE, publisher="Post")).publisher == "Post"


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        pytest.param(
            Moment(
                at=datetime(2026, 3, 1, 23, 59, 58, 5, timezone(timedelta(hours=9))),
                precision="second", source="meta", raw="r",
            ),
            "2026-03-01T14:59:58Z",
            id="to UTC",
        ),
        pytest.param(
            Moment(at=NOON.replace(month=3, day=1), precision="day", source="html", raw="r"),
            "2026-03-01T00:00:00Z",
            id="a day stands at its beginning",
        ),
    ],
)  # fmt: skip
def test_dates_are_written_in_utc(moment: Moment, written: str) -> None:
    record = make_record(article=replace(BARE, published=moment, modified=moment))
    assert written == record.date_published == record.date_modified
    assert moment.precision == record.date_precision


def test_only_the_text_has_lines() -> None:
    article = replace(ARTICLE, title="a\nb", text="a\r\nb", authors=("x\ny",), tags=("p\nq", "p q"))
    record = make_record(article=article)
    assert (
        record.title, record.text, record.authors, record.tags,
    ) == ("a b", "a\nb", ["x y"], ["p q"])  # fmt: skip


def test_a_text_without_end_is_cut_and_says_so() -> None:
    record = make_record(article=replace(ARTICLE, text="한" * TEXT_LIMIT_BYTES))
    assert record.text_status == "cut"
    assert len(record.text.encode()) <= TEXT_LIMIT_BYTES
    assert set(record.text) == {"한"}


def test_the_longest_line_stays_readable_for_duckdb() -> None:
    worst = make_record(article=replace(ARTICLE, text="\x85" * TEXT_LIMIT_BYTES))
    assert len(to_line(worst)) < 16 * 1024 * 1024


def test_alternates_leave_out_the_identity_and_repetitions() -> None:
    url = "https://harbor.example/news/1"
    record = make_record(alternates=[url, f"{url}/amp", f"{url}/amp"])
    assert [f"{url}/amp"] == record.alternate_urls


def test_archive_and_extractor_are_told() -> None:
    record = make_record(
        archive=ArchivePlace(file="archive/2026-11-22.w1.warc.gz", offset=5),
        extractor=Extractor(name="x", version="2"),
    )
    assert record.archive == {"file": "archive/2026-11-22.w1.warc.gz", "offset": 5}
    assert record.extractor == {"name": "x", "version": "2"}
    assert_fits(to_line(record))


def test_a_later_revision_keeps_the_id_and_has_a_cause() -> None:
    first, second = make_record(), make_record(revision=2, revision_cause="outlet")
    assert (first.id, 2, "outlet") == (second.id, second.revision, second.revision_cause)
    assert_fits(to_line(second))


@pytest.mark.parametrize(("revision", "cause"), [(1, "outlet"), (2, None)])
def test_exactly_later_revisions_have_a_cause(revision: int, cause: str | None) -> None:
    with pytest.raises(ValueError, match="cannot have the cause"):
        make_record(revision=revision, revision_cause=cause)


def test_a_score_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        to_line(make_record(judgement=replace(JUDGEMENT, score=float("nan"))))


def test_a_page_without_http_has_no_status() -> None:
    fetch = replace(make_fetch("https://harbor.example/news/1"), status=None, body_sha256=None)
    assert_fits(to_line(make_record(fetch=fetch)))


def test_translations_are_told() -> None:
    article = replace(ARTICLE, translations=(Translation(url="https://a.example/", language="ko"),))
    record = make_record(article=article)
    assert record.translations == [{"url": "https://a.example/", "language": "ko"}]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        pytest.param({"schema_version": 2}, "schema_version is 2, ours is 1", id="newer"),
        pytest.param({"mood": "sunny"}, "mood", id="unknown field"),
    ],
)
def test_a_line_that_is_not_ours_is_read_but_not_rewritten(
    change: dict[str, object], problem: str
) -> None:
    line = json.dumps(json.loads(make_line()) | change).encode() + b"\n"
    assert change.items() <= parse_line(line).items()
    with pytest.raises(BrokenLine, match=problem):
        read_record(line)


def test_a_line_of_the_journal_says_what_was_left_out() -> None:
    said = parse_line(make_omission())
    assert list(JOURNAL_SCHEMA["properties"]) == list(said)
    assert (said["stage"], said["score"], said["at"]) == ("triage", 0.02, "2026-11-22T12:00:00Z")
    assert NOON.year == 2026


def test_the_documentation_names_every_field() -> None:
    documented = (DOCS / "records.md").read_text(encoding="utf-8")
    for schema in (RECORD_SCHEMA, JOURNAL_SCHEMA):
        missing = [name for name in _names_in(schema) if f"`{name}`" not in documented]
        assert missing == []


def _names_in(schema: dict[str, object]) -> set[str]:
    names: set[str] = set()
    for name, held in schema.get("properties", {}).items():  # type: ignore[union-attr]
        names |= {name} | _names_in(held) | _names_in(held.get("items", {}))
    return names
