"""The audit of dependencies: no lock goes back behind what was mended, and silence is no answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from packaging.version import Version

from bench.audit import LOCKS, Advisory, ask, behind, locked, read_advisories


def test_no_lock_is_behind_an_advisory_of_our_list() -> None:
    assert list(behind(read_advisories())) == []


def test_a_lock_that_is_behind_is_named() -> None:
    newest = max(locked("requirements.txt")["scrapy"])
    coming = Advisory(
        package="scrapy", name="CVE-1", fixed=Version(f"{newest.major + 1}"), what="x"
    )
    (problem,) = behind([coming])
    assert problem.startswith(f"requirements.txt: scrapy {newest}: CVE-1 (x), fixed in ")


def stand_in(folder: Path, answer: object) -> str:
    """A program in pip-audit's place that answers this, whatever it is asked."""
    (folder / "answer").write_text(json.dumps(answer), encoding="utf-8")
    program = folder / "pip-audit"
    program.write_text(f"#!/bin/sh\ncat '{folder}/answer'\n", encoding="utf-8")
    program.chmod(0o755)
    return str(program)


@pytest.mark.parametrize(
    ("dependencies", "told"),
    [
        pytest.param([{"name": "a", "version": "1", "vulns": []}], [], id="sound"),
        pytest.param(
            [{"name": "a", "version": "1", "vulns": [{"id": "X-1", "fix_versions": ["2"]}]}],
            [f"{lock}: a 1: X-1, fixed in 2" for lock in LOCKS],
            id="vulnerable",
        ),
        pytest.param(
            [{"name": "a", "version": "1", "vulns": [{"id": "X-1", "fix_versions": []}]}],
            [f"{lock}: a 1: X-1, fixed in no version yet" for lock in LOCKS],
            id="vulnerable, not mended",
        ),
        pytest.param([{"name": "a", "skip_reason": "not found"}], None, id="not known there"),
        pytest.param([], None, id="nothing said"),
    ],
)
def test_what_a_service_says_is_told_and_what_it_did_not_say_is_no_answer(
    dependencies: list[object], told: list[str] | None, tmp_path: Path
) -> None:
    assert ask(stand_in(tmp_path, {"dependencies": dependencies}), "osv") == told


def test_a_service_that_cannot_be_reached_is_no_answer(tmp_path: Path) -> None:
    assert ask(stand_in(tmp_path, "no network"), "osv") is None
