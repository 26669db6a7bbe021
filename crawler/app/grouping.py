"""`tumen stories`: put reports of one event together, for items that are given in order of time.

Promise: it is the same decision that the store's stories are made by, and the same for the same
items in the same order; answers come in the order of the items.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import click

from crawler.app.terminal import say, write_line
from crawler.news.happenings import Concepts, parse_concepts
from crawler.news.reports import report_of
from crawler.news.same_event import Report
from crawler.news.stories import Window
from crawler.storage.catalogue import read_happenings

PARTLY_FAILED = 1
_TEXTS = ("title", "text", "language", "lang", "date_published", "outlet")


@click.command(epilog="Example: tumen stories --batch items.jsonl > grouped.jsonl")
@click.option(
    "--batch",
    type=click.File(encoding="utf-8", errors="backslashreplace"),
    metavar="FILE",
    required=True,
    help="JSON lines {id, title, text[, language, date_published, outlet]}; - is stdin.",
)
def stories(batch: Any) -> int:
    """Group items by the event that they report, in order of time.

    Answers one JSON object per item: id and story_id, which is the id of the story's first item.
    Nothing is stored.
    """
    concepts = parse_concepts(*read_happenings())
    window = Window.over(concepts)
    story_of: dict[int, str] = {}
    ids: list[Any] = []
    failed = 0
    for number, line in enumerate(batch, start=1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
            # Ids need not be unique or text: items are known by their place.
            report = _report(concepts, item, str(len(ids)))
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            failed += 1
            say(f"line {number}: not an item with id and title or text ({_words(error)})")
            continue
        ids.append(item["id"])
        placed = window.place(report)
        story_of[int(placed.id)] = placed.story
        story_of.update((int(moved), placed.story) for moved in placed.united)
    for line in _answers(ids, story_of):
        write_line(line)
    return PARTLY_FAILED if failed else 0


def _report(concepts: Concepts, item: Any, name: str) -> Report:
    if not isinstance(item, dict):
        raise TypeError("not an object")
    for field in _TEXTS:
        if not isinstance(item.get(field), str | None):
            raise TypeError(f"{field} is not text")
    if "id" not in item:
        raise KeyError("id")
    if not (item.get("title") or item.get("text")):
        raise KeyError("title")
    told = item.get("date_published")
    return report_of(
        concepts,
        id=name,
        key=f"{int(name):09}",
        title=item.get("title") or "",
        text=item.get("text") or "",
        language=item.get("language") or item.get("lang"),
        day=date.fromisoformat(told[:10]) if told else None,
    )


def _answers(ids: list[Any], story_of: dict[int, str]) -> Iterator[str]:
    for place, item_id in enumerate(ids):
        story = ids[int(story_of[place])]
        yield json.dumps({"id": item_id, "story_id": story}, ensure_ascii=False)


def _words(error: Exception) -> str:
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)
