"""Marks: what users said, kept in DATA/marks.jsonl."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import BrokenLine, StoreError
from crawler.news.urls import url_id
from crawler.storage.layout import Place
from crawler.storage.marks import (
    FILE,
    Mark,
    Remark,
    Standing,
    Verdict,
    append_mark,
    append_remark,
    read_marks,
    read_told,
)
from tests.samples import NOON


def hidden_ids(data_dir: Path) -> set[str]:
    return {name for name, told in read_told(data_dir).items() if told.is_hidden}


def mark(number: int, verdict: Verdict, minutes: int = 0, note: str | None = None) -> Mark:
    url = f"https://harbor.example/news/{number}"
    at = NOON + timedelta(minutes=minutes)
    return Mark(at=at, id=url_id(url), url=url, verdict=verdict, note=note)


def test_a_mark_reads_back_as_it_was_said(tmp_path: Path) -> None:
    said = mark(1, "yes", note="names the port\u2028only")
    append_mark(tmp_path / "new", said)
    assert read_marks(tmp_path / "new") == {said.id: said}


def test_a_line_has_the_documented_shape(tmp_path: Path) -> None:
    said = mark(1, "no")
    append_mark(tmp_path, said)
    assert json.loads((tmp_path / FILE).read_bytes()) == {
        "schema_version": 1,
        "at": "2026-11-22T12:00:00Z",
        "id": said.id,
        "url": said.url,
        "verdict": "no",
        "note": None,
    }


def test_the_last_verdict_counts_and_no_hides(tmp_path: Path) -> None:
    for said in (mark(1, "no"), mark(2, "no"), mark(1, "yes", 5), mark(3, "yes")):
        append_mark(tmp_path, said)
    assert [m.verdict for m in read_marks(tmp_path).values()] == ["yes", "no", "yes"]
    assert hidden_ids(tmp_path) == {mark(2, "no").id}


def test_nobody_said_anything(tmp_path: Path) -> None:
    assert read_marks(tmp_path) == {}
    assert hidden_ids(tmp_path) == set()


def test_marks_of_another_kind_are_left_to_whoever_keeps_them(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b'{"at":"2026-11-22T12:00:00Z","id":"x","used":true}\n')
    append_mark(tmp_path, mark(1, "no"))
    assert list(read_marks(tmp_path)) == [mark(1, "no").id]


def test_a_torn_line_costs_nobody_elses(tmp_path: Path) -> None:
    append_mark(tmp_path, mark(1, "no"))
    with (tmp_path / FILE).open("ab") as held:
        held.write(b'{"schema_version":1,"at":"20')
    assert list(read_marks(tmp_path)) == [mark(1, "no").id]
    append_mark(tmp_path, mark(2, "yes"))
    heard: list[Place] = []
    found = read_marks(tmp_path, lambda place, _error: heard.append(place))
    assert list(found) == [mark(1, "no").id, mark(2, "yes").id]
    assert [place.file for place in heard] == [FILE]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        pytest.param(b"no json\n", "byte 0 of marks.jsonl", id="no JSON"),
        pytest.param(b'{"verdict":"maybe","id":"x","url":"y"}\n', "neither yes nor no", id="odd"),
        pytest.param(b'{"verdict":"yes","id":"x","url":"y"}\n', "'at'", id="no time"),
        pytest.param(b'{"verdict":"yes","id":"x","url":"y","at":"noon"}\n', "noon", id="odd time"),
    ],
)
def test_a_broken_line_is_refused_unless_somebody_hears_of_it(
    tmp_path: Path, line: bytes, problem: str
) -> None:
    (tmp_path / FILE).write_bytes(line)
    with pytest.raises(BrokenLine, match=problem):
        read_marks(tmp_path)


def test_writers_wait_for_each_other(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: append_mark(tmp_path, mark(n, "no", note="x" * 5000)), range(60)))
    assert len(hidden_ids(tmp_path)) == 60


def test_a_mark_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(StoreError, match="judge again"):
        append_mark(tmp_path, mark(1, "no"))


def remark(number: int, minutes: int = 0, **told: Any) -> Remark:
    said = mark(number, "yes", minutes)
    return Remark(at=said.at, id=said.id, url=said.url, **told)


def test_a_remark_says_one_thing_and_is_no_verdict(tmp_path: Path) -> None:
    append_remark(tmp_path, remark(1, used=True))
    assert json.loads((tmp_path / FILE).read_bytes()) == {
        "schema_version": 1,
        "at": "2026-11-22T12:00:00Z",
        "id": remark(1).id,
        "url": remark(1).url,
        "used": True,
    }
    assert read_marks(tmp_path) == {}


def test_the_last_word_on_each_thing_stands_beside_the_verdict(tmp_path: Path) -> None:
    append_remark(tmp_path, remark(1, seen=True))
    append_mark(tmp_path, mark(1, "no", note="of another port"))
    append_remark(tmp_path, remark(1, note="ask", event_day="2026-11-20"))
    append_remark(tmp_path, remark(1, used=True))
    append_remark(tmp_path, remark(1, used=False, event_day="2026-11-21"))
    assert read_told(tmp_path) == {
        remark(1).id: Standing(is_hidden=True, is_seen=True, note="ask", event_day="2026-11-21")
    }


def test_a_note_and_a_day_can_be_taken_away(tmp_path: Path) -> None:
    append_remark(tmp_path, remark(1, note="ask", event_day="2026-11-20"))
    append_remark(tmp_path, remark(1, note="", event_day=""))
    assert read_told(tmp_path) == {remark(1).id: Standing()}


def test_a_remark_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(StoreError, match="mark it again"):
        append_remark(tmp_path, remark(1, seen=True))
