"""score --explain, eval, train and TUMEN_TOPIC, as a user types them."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from crawler.news.grounds import GROUNDS
from tests.integration.crawls import tumen
from tests.labeled import FOLDER

FRENCH = str(FOLDER / "fr.jsonl")


def test_score_explains_itself_in_words() -> None:
    said = tumen(
        "score", "--explain", "--lang", "en", "--title", "Moscow buys shells from Pyongyang",
        "Russia thanked North Korea.",
    )  # fmt: skip
    assert (said.code, said.err) == (0, "")
    for words in ("kept: score", "the title names both", "moscow", "arms", "ruleset"):
        assert words in said.out
    assert max(map(len, said.out.splitlines())) <= 80


def test_score_explains_that_nothing_was_found() -> None:
    said = tumen("score", "--explain", "--lang", "en", "Storm closes school.")
    assert "left out: score 0.00" in said.out
    assert "nothing names the two" in said.out


def test_eval_shows_tables_that_fit_a_terminal() -> None:
    said = tumen("eval", FRENCH, "--folds", "3", "--errors", "2")
    assert said.code == 0, said.err
    assert max(map(len, said.out.splitlines())) <= 80
    rows = [line.split() for line in said.out.splitlines()]
    assert ["fr", "all", "38", "22"] in [row[:4] for row in rows]
    assert ["fr", "world"] in [row[:2] for row in rows]


def test_eval_answers_in_json_and_without_cross_validation() -> None:
    said = tumen("eval", FRENCH, "--folds", "0", "--json")
    rows = [json.loads(line) for line in said.out.splitlines()]
    whole = next(row for row in rows if row.get("slice") == "all")
    assert (whole["items"], whole["pos"], whole["P without"]) == (38, 22, "")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        pytest.param("{", "line 1: no labeled item", id="no JSON"),
        pytest.param('{"id": "a"}', "label is missing", id="no label"),
        pytest.param("", "no labeled item in it", id="empty"),
    ],
)
@pytest.mark.parametrize("command", ["eval", "train"])
def test_half_a_set_is_not_measured(tmp_path: Path, command: str, line: str, problem: str) -> None:
    (tmp_path / "gold.jsonl").write_text(line, encoding="utf-8")
    said = tumen(command, str(tmp_path / "gold.jsonl"))
    assert (said.code, said.out) == (2, "")
    assert problem in said.err


def test_train_prints_weights_that_can_be_put_into_a_topic_file(tmp_path: Path) -> None:
    said = tumen("train", FRENCH)
    assert said.code == 0, said.err
    learnt = tomllib.loads(said.out)
    assert list(learnt["weights"]) == list(GROUNDS)
    # Nobody told an outlet's scope: that weight stays as it is.
    assert learnt["weights"]["implied"] == 1.0
    assert learnt["rules"]["threshold"] > 0


def test_a_topic_is_taken_by_name_or_by_path(tmp_path: Path) -> None:
    words = ("score", "--lang", "en", "--title", "Tehran thanks Moscow")
    shipped = json.loads(tumen(*words, TUMEN_TOPIC="iran-russia").out)
    assert (shipped["relevant"], shipped["ruleset"]) == (True, "iran-russia/1")
    assert not json.loads(tumen(*words).out)["relevant"]
    gone = tumen(*words, TUMEN_TOPIC=str(tmp_path / "gone.toml"))
    assert gone.code == 2
    assert "gone.toml: No such file" in gone.err
