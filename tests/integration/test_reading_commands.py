"""The commands of the reading side, and their exports as other tools read them."""

from __future__ import annotations

import csv
import json
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import duckdb
import feedparser
import pandas as pd
import pytest

from crawler.news.jsonl import write_time
from crawler.news.lines import Record
from crawler.news.table_rows import COLUMNS, TEXT, row_of, safe_cell
from crawler.storage import tombstones
from tests.integration.crawls import Outcome, environment, lines_of, started, tumen
from tests.samples import NOON
from tests.stores import cited, record, revised, write_records

DOCS = Path(__file__).resolve().parents[2] / "docs"
SECRET = "The whole text goes on here and on, and is nobody's to hand out. " * 20

FIRST = record(1, "Road bridge over the Tumen River opens", outlet="halden-wire")
KOREAN = record(
    2, "두만강 북러 자동차 다리 개통", hours=1, outlet="solbat-ilbo", language="ko", country="KR"
)
HOSTILE = record(
    3, '=HYPERLINK("x") <b>&\u202e]]>', SECRET, hours=2, outlet="zaliv", language="ru",
    authors=["A & B", "-C"], cites=[cited("The Ledger"), cited("Gazette", role="quoted")],
)  # fmt: skip
BARE = record(
    4, "Grain talks", hours=3, outlet="ushio", published=None, language=None, country=None,
    publisher=None, authors=[], topics=[], date_precision=None, free_access=None,
    text_status="cut",
)  # fmt: skip
EDITED = record(5, "Ferry resumes", "It sails at noon. It is full.", hours=4, outlet="obriy")
EDIT = revised(EDITED, "It sails at one. It is full.", hours=5, title="Ferry resumes late")
GONE = record(6, "Withdrawn note", hours=6, outlet="haijia", language="zh")
GOING = revised(GONE, GONE.text, hours=7, cause="gone")
CLOSED = record(7, "Not for archives", hours=8, reuse=["noarchive"])
# The one without a date counts by its discovery.
OLDEST_FIRST = (FIRST, KOREAN, HOSTILE, BARE, EDIT, GOING)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store of odd records in it, as "data"."""
    made = tmp_path_factory.mktemp("reading")
    write_records(made / "data", [FIRST, KOREAN, HOSTILE, BARE, EDITED, EDIT, GONE, GOING, CLOSED])
    return made


def run(folder: Path, *args: str, **settings: str) -> Outcome:
    return tumen(*args, "--data", str(folder / "data"), **settings)


def expected_rows(folder: Path, *, full_text: bool) -> list[dict[str, Any]]:
    """The rows that an export must hold, with the stories that stand in their file."""
    lines = (folder / "data/stories.jsonl").read_text(encoding="utf-8").splitlines()
    story_of = {told["id"]: told["story_id"] for told in map(json.loads, lines)}
    rows = []
    for one in OLDEST_FIRST:
        said = {name: getattr(one, name) for name in one.__slots__}
        rows.append(row_of(said | {"story_id": story_of[one.id]}, full_text=full_text))
    return rows


def exported(folder: Path, form: str, out: Path, *more: str) -> Outcome:
    done = run(folder, "export", "--format", form, "--out", str(out), *more)
    assert done.code == 0, done.err
    return done


# Listings -----------------------------------------------------------------------------------------


def test_latest_goes_by_discovery_and_json_holds_the_same(folder: Path) -> None:
    shown = run(folder, "latest", "--limit", "3")
    told = lines_of(run(folder, "latest", "--limit", "3", "--json").out)
    assert [one["title"] for one in told] == [CLOSED.title, GOING.title, EDIT.title]
    assert "Ferry resumes late" in shown.out
    assert "withdrawn" in shown.out
    assert max(map(len, shown.out.splitlines())) <= 80


def test_latest_by_story_counts_outlets_and_origins(folder: Path) -> None:
    told = lines_of(run(folder, "latest", "--stories", "--json").out)
    bridge = next(one for one in told if one["outlets"] == 2)
    assert {one["id"] for one in bridge["reports"]} == {FIRST.id, KOREAN.id}
    assert bridge["independent_origins"] == 2
    assert "2 outlets, 2 origins" in re.sub(r"\s+", " ", run(folder, "latest", "--stories").out)


def test_search_shows_where_it_was_found(folder: Path) -> None:
    done = run(folder, "search", "다리", "--country", "kr", "--since", "2026-11")
    assert done.code == 0
    assert KOREAN.url in done.out
    (told,) = lines_of(run(folder, "search", '"sails at one"', "--json").out)
    assert (told["id"], told["revision"]) == (EDIT.id, 2)
    assert "It sails at one." in told["snippet"]
    nothing = run(folder, "search", "nowhere")
    assert (nothing.code, nothing.out, nothing.err) == (1, "", "nothing was found\n")


def test_a_story_says_why_each_report_is_in(folder: Path) -> None:
    done = run(folder, "story", KOREAN.id[:10])
    assert "the first" in done.out
    assert "both: bridge" in re.sub(r"\s+", " ", done.out)
    (told,) = lines_of(run(folder, "story", FIRST.url, "--json").out)
    assert [one["id"] for one in told["reports"]] == [FIRST.id, KOREAN.id]
    assert told["reports"][1]["like"] == FIRST.id
    assert run(folder, "story", "abcdef123456").code == 1


def test_a_timeline_is_a_table_json_and_csv(folder: Path) -> None:
    told = lines_of(run(folder, "timeline", "--json").out)
    rows = list(csv.DictReader(run(folder, "timeline", "--csv").out.splitlines()))
    assert len(told) == len(rows) == 6
    assert [one["event_day"] for one in told] == sorted(one["event_day"] for one in told)
    assert rows[0].keys() == told[0].keys()
    hostile = next(row for row in rows if "HYPERLINK" in row["headline"])
    assert hostile["headline"].startswith("'=")
    assert hostile["origin"] == "The Ledger"


def test_stats_count_what_is_found(folder: Path) -> None:
    (told,) = lines_of(run(folder, "stats", "--json").out)
    assert told["records"] == 7
    assert told["language"]["en"] == 3
    assert told["day"] == {"2026-11-22": 7}
    assert "solbat-ilbo" in run(folder, "stats", "--by", "outlet").out


def test_a_mark_is_known_to_readers_and_can_be_taken_back(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "data", tmp_path / "data")
    assert run(tmp_path, "mark", FIRST.id[:8], "used").code == 0
    assert run(tmp_path, "mark", KOREAN.url, "note", "ask", "the", "port").code == 0
    assert run(tmp_path, "mark", KOREAN.id, "event", "5", "March", "2026").code == 0
    unseen = lines_of(run(tmp_path, "latest", "--unseen", "--json").out)
    assert FIRST.id not in {one["id"] for one in unseen}
    assert next(one for one in unseen if one["id"] == KOREAN.id)["note"] == "ask the port"
    days = {
        one["story_id"]: one["event_day"]
        for one in lines_of(run(tmp_path, "timeline", "--json").out)
    }
    assert days[FIRST.id] == "2026-03-05"
    shown = json.loads(run(tmp_path, "show", KOREAN.id).out)
    assert shown["marks"]["note"] == "ask the port"
    assert shown["story_id"] == FIRST.id
    run(tmp_path, "mark", FIRST.id, "used", "--undo")
    assert FIRST.id in {
        one["id"] for one in lines_of(run(tmp_path, "latest", "--unseen", "--json").out)
    }


def test_show_tells_what_changed(folder: Path) -> None:
    done = run(folder, "show", EDITED.id, "--changes")
    flat = re.sub(r"\s+", " ", done.out)
    assert "- taken away It sails at noon." in flat
    assert "+ added It sails at one." in flat
    assert "title was Ferry resumes" in flat


def test_tail_follows_what_comes_in(tmp_path: Path) -> None:
    write_records(tmp_path / "data", [FIRST])
    with started("tail", "-f", "--json", "--data", str(tmp_path / "data")) as child:
        assert child.stdout is not None
        assert json.loads(child.stdout.readline())["id"] == FIRST.id
        write_records(tmp_path / "data", [KOREAN])
        assert json.loads(child.stdout.readline())["id"] == KOREAN.id
        child.send_signal(signal.SIGINT)
        assert child.wait(timeout=30) == 130


def test_the_index_is_made_anew_and_stories_stay(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "data", tmp_path / "data")
    before = run(tmp_path, "latest", "--stories", "--json").out
    assert run(tmp_path, "index", "rebuild").err == "7 records are indexed\n"
    assert run(tmp_path, "latest", "--stories", "--json").out == before
    assert run(tmp_path, "index", "rebuild", "--stories").code == 0
    assert run(tmp_path, "latest", "--stories", "--json").out == before


WRONG = {
    "a time that means nothing": (("latest", "--since", "soon"), "--since soon: expected a day"),
    "a topic that is none": (("search", "x", "--topic", "sports"), "--topic sports: expected one"),
    "no word at all": (("search", "..."), "holds no word"),
    "a mark without words": (("mark", FIRST.id, "note"), "say what is to be noted"),
    "a mark with too many": (("mark", FIRST.id, "used", "it"), "used takes no words"),
    "a day that is none": (("mark", FIRST.id, "event", "soon"), "event soon: expected a day"),
    "parquet without a place": (("export", "--format", "parquet"), "--out"),
    "two forms": (("timeline", "--csv", "--json"), "give one of them"),
}


@pytest.mark.parametrize(("args", "told"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_understood_is_refused_in_one_line(
    folder: Path, args: tuple[str, ...], told: str
) -> None:
    done = run(folder, *args)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert "Traceback" not in done.err


def test_a_store_that_is_not_there_is_named(tmp_path: Path) -> None:
    for args in (("latest",), ("stats",), ("index", "rebuild"), ("mark", "abcdef", "seen")):
        done = tumen(*args, "--data", str(tmp_path / "none"))
        assert done.code == 2, args
        assert "--data" in done.err


# Exports ------------------------------------------------------------------------------------------


def test_csv_is_read_back_field_by_field(folder: Path, tmp_path: Path) -> None:
    exported(folder, "csv", tmp_path / "x.csv", "--full-text")
    frame = pd.read_csv(tmp_path / "x.csv", dtype=str, keep_default_na=False)
    expected = expected_rows(folder, full_text=True)
    assert list(frame.columns) == [*COLUMNS, TEXT]
    for got, row in zip(frame.to_dict("records"), expected, strict=True):
        for name, value in row.items():
            cell = safe_cell(value)
            assert got[name] == ("" if cell is None else str(cell)), name


def test_sqlite_is_read_back_field_by_field(folder: Path, tmp_path: Path) -> None:
    exported(folder, "sqlite", tmp_path / "x.sqlite", "--full-text")
    with sqlite3.connect(tmp_path / "x.sqlite") as db:
        db.row_factory = sqlite3.Row
        rows = [dict(row) for row in db.execute("SELECT * FROM records ORDER BY rowid")]
    db.close()
    for got, row in zip(rows, expected_rows(folder, full_text=True), strict=True):
        told = {name: json.loads(cell) if COLUMNS.get(name) == "list" else cell
                for name, cell in got.items()}  # fmt: skip
        flags = {name: bool(told[name]) for name, kind in COLUMNS.items()
                 if kind == "flag" and told[name] is not None}  # fmt: skip
        assert told | flags == row


def test_parquet_is_read_back_by_duckdb_and_pandas(folder: Path, tmp_path: Path) -> None:
    exported(folder, "parquet", tmp_path / "x", "--full-text")
    expected = expected_rows(folder, full_text=True)
    assert sorted(path.name for path in (tmp_path / "x").iterdir()) == ["date=2026-11-22"]
    names = ", ".join([*COLUMNS, TEXT])
    found = duckdb.sql(
        f"SELECT {names} FROM read_parquet('{tmp_path}/x/*/*.parquet', hive_partitioning = true) "
        "ORDER BY coalesce(date_published, date_discovered)"
    ).fetchall()
    for got, row in zip(found, expected, strict=True):
        for name, value in zip([*COLUMNS, TEXT], got, strict=True):
            is_time = COLUMNS.get(name) == "time" and value is not None
            assert (write_time(value) if is_time else value) == row[name], name
    frame = pd.read_parquet(tmp_path / "x")
    assert sorted(frame["id"]) == sorted(row["id"] for row in expected)
    assert str(frame["date_fetched"].dtype).startswith("datetime64")


def test_jsonl_with_texts_is_the_records_with_todays_stories(folder: Path, tmp_path: Path) -> None:
    exported(folder, "jsonl", tmp_path / "x.jsonl", "--full-text")
    told = lines_of((tmp_path / "x.jsonl").read_text(encoding="utf-8"))
    assert [one["id"] for one in told] == [one.id for one in OLDEST_FIRST]
    assert told[1]["story_id"] == FIRST.id
    assert told[4]["text"] == EDIT.text


def test_a_json_feed_fits_its_specification(folder: Path, tmp_path: Path) -> None:
    exported(folder, "jsonfeed", tmp_path / "x.json")
    feed = json.loads((tmp_path / "x.json").read_text(encoding="utf-8"))
    check_json_feed(feed)
    newest_first = sorted(OLDEST_FIRST, key=lambda one: one.date_discovered, reverse=True)
    assert [item["id"] for item in feed["items"]] == [one.id for one in newest_first]
    assert [item["url"] for item in feed["items"]] == [one.url for one in newest_first]
    assert [item["title"] for item in feed["items"]] == [one.title for one in newest_first]
    assert SECRET[:301] not in json.dumps(feed)


def check_json_feed(feed: dict[str, Any]) -> None:
    """What https://jsonfeed.org/version/1.1 asks for."""
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert isinstance(feed["title"], str)
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert isinstance(item["content_text"], str)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", item["date_published"])
        assert all(isinstance(tag, str) for tag in item["tags"])
        for author in item.get("authors", ()):
            assert set(author) == {"name"}
        known = {"id", "url", "title", "summary", "content_text", "date_published", "tags",
                 "date_modified", "language", "authors", "_tumen"}  # fmt: skip
        assert set(item) <= known


def test_rss_is_read_back_by_feedparser(folder: Path, tmp_path: Path) -> None:
    exported(folder, "rss", tmp_path / "x.xml")
    whole = (tmp_path / "x.xml").read_bytes()
    feed = feedparser.parse(whole)
    assert not feed.bozo
    by_id = {entry.id: entry for entry in feed.entries}
    assert set(by_id) == {one.id for one in OLDEST_FIRST}
    for one in OLDEST_FIRST:
        entry = by_id[one.id]
        assert entry.link == one.url
        assert [tag.term for tag in entry.get("tags", ())] == list(one.topics)
    assert ET.fromstring(whole).find("channel/item[guid]") is not None
    found = ET.fromstring(whole).findall("channel/item")
    by_guid = {item.findtext("guid"): item for item in found}
    assert by_guid[HOSTILE.id].findtext("title") == HOSTILE.title
    assert SECRET[:301] not in whole.decode()


def test_bibtex_names_title_outlet_day_and_address(folder: Path, tmp_path: Path) -> None:
    exported(folder, "bibtex", tmp_path / "x.bib")
    whole = (tmp_path / "x.bib").read_text(encoding="utf-8")
    entries = dict(re.findall(r"@online\{([^,]+),\n(.*?)\n\}\n", whole, re.DOTALL))
    entry = entries[f"tumen-{FIRST.id[:12]}"]
    fields = dict(re.findall(r"  (\w+) = \{(.*)\},", entry))
    assert fields["title"] == f"{{{FIRST.title}}}"
    assert fields["url"] == FIRST.url
    assert fields["date"] == "2026-11-22"
    assert fields["organization"] == "Halden Wire"
    assert len(entries) == len(OLDEST_FIRST)


@pytest.mark.parametrize("form", ["csv", "jsonl", "jsonfeed", "rss", "bibtex"])
def test_no_more_than_an_excerpt_leaves_unless_it_is_asked_for(folder: Path, form: str) -> None:
    done = run(folder, "export", "--format", form)
    assert "at most 300 characters of each text" in done.err
    assert "1 left out: their outlets do not allow copies (noarchive)" in done.err
    assert CLOSED.title not in done.out
    assert SECRET[:301] not in done.out
    if form not in ("bibtex",):
        whole = run(folder, "export", "--format", form, TUMEN_FULL_TEXT="on")
        assert "whole texts" in whole.err
        assert len(whole.out) > len(done.out)


def test_what_was_forgotten_is_in_no_export(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "data", tmp_path / "data")
    tombstones.write(tmp_path / "data", HOSTILE.id, [])
    assert "HYPERLINK" not in run(tmp_path, "export").out


def test_an_export_that_fails_leaves_the_one_before(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.csv"
    out.write_text("before")
    done = run(folder, "export", "--out", str(out), "...")
    assert (done.code, out.read_text()) == (2, "before")
    assert [path.name for path in tmp_path.iterdir()] == ["x.csv"]


# The page of the docs -----------------------------------------------------------------------------


def blocks(kind: str) -> list[str]:
    page = (DOCS / "reading.md").read_text(encoding="utf-8")
    return re.findall(rf"```{kind}\n(.*?)```", page, re.DOTALL)


def in_folder(folder: Path, *command: str) -> str:
    done = subprocess.run(
        command, cwd=folder, env=environment(), capture_output=True, text=True, check=True
    )
    return done.stdout


def test_the_queries_of_the_docs_run_in_duckdb(folder: Path) -> None:
    exported(folder, "parquet", folder / "export")
    over_lines, over_parquet = blocks("sql")
    script = "import duckdb, sys; print(duckdb.sql(sys.argv[1]).fetchall())"
    assert "('halden-wire', 1)" in in_folder(folder, sys.executable, "-c", script, over_lines)
    assert "6, 5)" in in_folder(folder, sys.executable, "-c", script, over_parquet)


def test_the_lines_of_the_docs_run_in_pandas(folder: Path) -> None:
    (lines,) = blocks("python")
    assert "transport    6" in in_folder(folder, sys.executable, "-c", lines)


def test_the_line_of_the_docs_runs_in_jq(folder: Path) -> None:
    if shutil.which("jq") is None:
        pytest.skip("jq is not installed: the line of docs/reading.md is not run")
    (line,) = blocks("sh")
    assert FIRST.title in in_folder(folder, "sh", "-c", line)


def test_every_record_of_the_store_is_odd_in_its_own_way() -> None:
    odd: list[Record] = [FIRST, KOREAN, HOSTILE, BARE, EDIT, GOING, CLOSED]
    assert {one.language for one in odd} >= {"en", "ko", "ru", "zh", None}
    assert {one.text_status for one in odd} == {"full", "cut"}
    assert NOON.year == 2026
