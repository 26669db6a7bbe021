"""`tumen review`: what was left out by a hair, and what users said of pages.

Promise: nothing is listed twice, nor what is stored or judged by now; the journal is read line by
line, whatever its size.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from heapq import heappush, heappushpop
from typing import Any

import click

from crawler.app import options
from crawler.app.judged import latest_omissions, omissions, records, tell_broken
from crawler.app.terminal import say, show_table, write_line
from crawler.config import Config
from crawler.news.jsonl import write_time
from crawler.news.second_looks import JUDGED_STAGES
from crawler.storage.marks import Mark, read_marks

COLUMNS = ("id", "at", "score", "stage", "outlet", "title", "url", "reasons")
_SHOWN = slice(0, 6)
_ID_SHOWN = 12
_DAY = slice(0, 10)


@click.command(epilog="Example: tumen review --since 7d --stage relevance")
@click.option("--stage", type=click.Choice(JUDGED_STAGES), help="Only what this step left out.")
@click.option("--since", metavar="AGE", help="Only what was left out since, as in 7d.")
@click.option(
    "--limit", type=click.IntRange(1), default=40, show_default=True, help="How many at most."
)
@click.option("--judged", is_flag=True, help="What users said instead, newest first.")
@click.option("--gold", is_flag=True, help="What users said, as labeled items for tumen eval.")
@options.where
@options.as_json
def review(
    stage: str | None,
    since: str | None,
    limit: int,
    judged: bool,
    gold: bool,
    data: str | None,
    redis_url: str | None,
    json_lines: bool,
) -> None:
    """List what was left out nearest to the threshold, for a second pair of eyes.

    `tumen judge ID yes` has one fetched and stored after all; `no` takes it from this list.
    """
    config = options.config_of(data=data, redis_url=redis_url)
    marks = read_marks(config.data_dir, tell_broken)
    if gold:
        for item in _gold(config, marks):
            write_line(json.dumps(item, ensure_ascii=False))
    elif judged:
        _show_judged(marks, limit, json_lines)
    else:
        oldest = options.since_of(since)
        found = _nearest(config, marks, stage, write_time(oldest) if oldest else "", limit)
        _show(found, json_lines)


def _nearest(
    config: Config, marks: Mapping[str, Mark], stage: str | None, since: str, limit: int
) -> list[dict[str, Any]]:
    """Of what rules left out the highest scores, best first; the last line about a page counts."""
    known = {said["id"] for said in records(config.data_dir)} | marks.keys()
    stages = (stage,) if stage else JUDGED_STAGES
    best: list[tuple[float, str, str, dict[str, Any]]] = []
    for said in latest_omissions(config.data_dir):
        if said["id"] in known or said["at"] < since:
            continue
        if said["stage"] not in stages or not said.get("score"):
            continue
        row = (float(said["score"]), str(said["at"]), said["id"], said)
        if len(best) < limit:
            heappush(best, row)
        else:
            heappushpop(best, row)
    return [row[-1] for row in sorted(best, reverse=True)]


def _show(found: list[dict[str, Any]], json_lines: bool) -> None:
    if not found and not json_lines:
        say("nothing was left out by a hair")
        return
    rows: list[tuple[object, ...]] = [
        (
            said["id"] if json_lines else said["id"][:_ID_SHOWN],
            said["at"] if json_lines else said["at"][_DAY],
            said["score"] if json_lines else f"{said['score']:.2f}",
            said["stage"],
            said.get("outlet"),
            said.get("title") or said["url"],
            said["url"],
            said.get("reasons"),
        )
        for said in found
    ]
    if json_lines:
        show_table(COLUMNS, rows, json_lines=True)
    else:
        show_table(COLUMNS[_SHOWN], [row[_SHOWN] for row in rows], json_lines=False)
        say("tumen judge ID yes has one fetched and stored; no takes it from the list")


def _show_judged(marks: Mapping[str, Mark], limit: int, json_lines: bool) -> None:
    newest = sorted(marks.values(), key=lambda mark: mark.at, reverse=True)[:limit]
    rows = [
        (
            mark.id if json_lines else mark.id[:_ID_SHOWN],
            write_time(mark.at) if json_lines else write_time(mark.at)[_DAY],
            mark.verdict,
            mark.note,
            mark.url,
        )
        for mark in newest
    ]
    if not rows and not json_lines:
        say("nobody judged a page yet")
        return
    show_table(("id", "at", "verdict", "note", "url"), rows, json_lines=json_lines)


def _gold(config: Config, marks: Mapping[str, Mark]) -> Iterator[dict[str, Any]]:
    """What users said as labeled items; of what was left out only its beginning is known."""
    latest: dict[str, dict[str, Any]] = {}
    for said in records(config.data_dir):
        if said["id"] in marks:
            latest[said["id"]] = {**said, "kind": "stored"}
    for said in omissions(config.data_dir):
        if said["id"] in marks and latest.get(said["id"], {}).get("kind") != "stored":
            latest[said["id"]] = {**said, "kind": said["stage"]}
    for name, said in latest.items():
        mark = marks[name]
        yield {
            "id": name,
            "lang": (said.get("language") or "").partition("-")[0],
            "title": said.get("title") or "",
            "text": said.get("text") or said.get("summary") or "",
            "source": said.get("outlet") or said["url"],
            "label": int(mark.verdict == "yes"),
            "kind": said["kind"],
            "topics": list(said.get("topics") or ()),
            "note": mark.note or "",
        }
