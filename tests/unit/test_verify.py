"""verify finds each planted defect, and nothing in a store that is sound."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.storage import verify as verification
from crawler.storage.store import open_slot
from crawler.storage.verify import verify
from tests.samples import DAY, make_line, make_omission

FILE = f"articles/{DAY}.w1.jsonl"
JOURNAL = f"dropped/{DAY}.w1.jsonl"


@pytest.fixture(autouse=True)
def _quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    slot = open_slot(tmp_path)
    for number in (1, 2):
        slot.append(make_line(number), DAY)
    slot.append(make_line(1, revision=2, revision_cause="outlet"), DAY)
    slot.drop(make_omission(1), DAY)
    slot.close()
    return tmp_path


def changed(number: int, **fields: Any) -> bytes:
    said = json.loads(make_line(number)) | fields
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def test_a_sound_store_has_no_problems(store: Path) -> None:
    report = verify(store)
    assert report.problems == []
    assert report.is_sound
    assert (report.files, report.records, report.articles, report.omissions) == (2, 3, 2, 1)
    assert report.size_bytes == sum(path.stat().st_size for path in store.rglob("*.jsonl"))


def test_an_empty_folder_is_sound(tmp_path: Path) -> None:
    assert verify(tmp_path).is_sound


@pytest.mark.parametrize(
    ("planted", "kind", "number"),
    [
        pytest.param(b'{"half":\n', "json", 4, id="broken JSON"),
        pytest.param(b"\0\0\0\n", "json", 4, id="zeros"),
        pytest.param(b"\n", "json", 4, id="empty line"),
        pytest.param(b"[]\n", "json", 4, id="no object"),
        pytest.param(b'{"half', "torn", 4, id="torn end"),
        pytest.param(make_line(3) + make_line(2), "twice", 5, id="a revision twice"),
        pytest.param(make_line(3, revision=2, revision_cause="gone"), "gap", 4,
                     id="a revision without the one before"),
        pytest.param(changed(3, mood="sunny"), "schema", 4, id="unknown field"),
        pytest.param(changed(3, id="00" * 16), "id", 4, id="id of another URL"),
        pytest.param(changed(3, url_rule=10_000), "url_rule", 4, id="unknown URL rule"),
        pytest.param(changed(3, text="other"), "hash", 4, id="changed text"),
        pytest.param(changed(3, revision_cause="gone"), "cause", 4, id="cause of a first revision"),
        pytest.param(changed(3, date_published=None), "precision", 4, id="precision of no date"),
        pytest.param(changed(3, date_fetched="2026-11-23T00:00:00Z"), "day", 4, id="another day"),
        pytest.param(changed(3, description="a\u2028b"), "raw", 4, id="raw U+2028"),
        pytest.param(changed(3, description="a\x85b"), "raw", 4, id="raw U+0085"),
        pytest.param(changed(3, description="a\x9bb"), "raw", 4, id="raw C1 control"),
        pytest.param(changed(3, description="a\x7fb"), "raw", 4, id="raw DEL"),
        pytest.param(changed(3, description="a\x07b"), "control", 4, id="escaped control"),
        pytest.param(changed(3, tags=["a\tb"]), "control", 4, id="escaped tab"),
        pytest.param(changed(3, description="X").replace(b"X", b"\\ud800"), "control", 4,
                     id="escaped half of a character"),
    ],
)  # fmt: skip
def test_a_planted_defect_is_found(store: Path, planted: bytes, kind: str, number: int) -> None:
    with (store / FILE).open("ab") as held:
        held.write(planted)
    report = verify(store)
    assert kind in report.kinds
    assert [(FILE, number)] == list({(told.file, told.line) for told in report.problems})
    assert not report.is_sound


@pytest.mark.parametrize(
    ("planted", "kind"),
    [
        pytest.param(b"{}\n", "schema", id="fields missing"),
        pytest.param(make_omission(2)[:-9], "torn", id="torn end"),
        pytest.param(
            make_omission(2).replace(b"sport/2", b"sport/3"), "id", id="id of another URL"
        ),
    ],
)
def test_a_defect_of_the_journal_is_found(store: Path, planted: bytes, kind: str) -> None:
    with (store / JOURNAL).open("ab") as held:
        held.write(planted)
    assert [(JOURNAL, 2, kind)] == list(
        {(told.file, told.line, told.kind) for told in verify(store).problems}
    )


@pytest.mark.parametrize("name", ["notes.jsonl", "2026-02-30.w1.jsonl", "2026-11-22.w0.jsonl"])
def test_a_file_of_another_name_is_found(store: Path, name: str) -> None:
    (store / "articles" / name).write_bytes(b"")
    (told,) = verify(store).problems
    assert f"articles/{name}: its name is not DAY.SLOT.jsonl: move it elsewhere" == str(told)


def test_revisions_may_come_in_any_order_and_from_any_slot(store: Path) -> None:
    earlier = store / "articles" / f"{DAY - timedelta(days=1)}.w2.jsonl"
    day = f"{DAY - timedelta(days=1)}T12:00:00Z"
    earlier.write_bytes(changed(1, revision=3, revision_cause="outlet", date_fetched=day))
    assert verify(store).problems == []


def test_a_line_twice_in_two_slots_is_found(store: Path) -> None:
    (store / "articles" / f"{DAY}.w2.jsonl").write_bytes(make_line(2))
    assert verify(store).kinds == {"twice": 1}


def test_a_text_that_shows_escapes_is_no_defect(store: Path) -> None:
    with (store / FILE).open("ab") as held:
        held.write(changed(3, description="write \\u0007 or \\ud800, not more"))
    assert verify(store).is_sound


def test_a_line_that_ended_meanwhile_is_no_torn_line(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = store / FILE
    path.write_bytes(path.read_bytes() + make_line(3)[:100])
    superseded_of = verification.superseded_of

    def files_and_finish(data_dir: Path, folder: Any) -> list[str]:
        if folder == "dropped":
            with path.open("ab") as held:
                held.write(make_line(3)[100:])
        return superseded_of(data_dir, folder)

    monkeypatch.setattr(verification, "superseded_of", files_and_finish)
    report = verify(store)
    assert (report.records, report.problems) == (4, [])


def test_a_line_without_end_is_passed_over(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "LINE_LIMIT_BYTES", 10_000)
    with (store / FILE).open("ab") as held:
        held.write(b"x" * 35_000 + b"\n" + make_line(3))
    report = verify(store)
    assert report.kinds == {"long": 1}
    assert 4 == report.records


def test_only_the_first_problems_are_kept_and_all_are_counted(store: Path) -> None:
    (store / FILE).write_bytes(b"?\n" * 80)
    report = verify(store)
    assert report.kinds == {"json": 80}
    assert 50 == len(report.problems)
    assert str(report.problems[0]).startswith(f"{FILE}, line 1: ")
