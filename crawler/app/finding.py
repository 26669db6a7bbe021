"""`tumen latest`, `search` and `tail`: what is new, what was said, what comes in.

Promise: each shows exactly what its query finds, in the order that it says; JSON holds the same.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import click

from crawler.app import options
from crawler.app.hits import SHORT, as_json, card_of, marks, story_as_json, when, who
from crawler.app.selection import config_of_store, in_store, limited, query_of, reading, selection
from crawler.app.terminal import say, show_card, show_table, write_line
from crawler.news.excerpts import snippet
from crawler.news.queries import Query
from crawler.storage.catalogue import load_catalogue
from crawler.storage.gathering import find_stories, houses_of
from crawler.storage.library import Hit, Library

NOTHING = 1
_LOOK_S = 2.0


@click.command(epilog="Example: tumen latest --stories --since 2d --topic arms")
@click.option("--stories", "by_story", is_flag=True, help="One row for each story.")
@selection
@limited(20)
@in_store
@options.as_json
def latest(
    by_story: bool,
    limit: int,
    data: str | None,
    json_lines: bool,
    **chosen: Any,
) -> int:
    """Show what was found last, newest first."""
    config = config_of_store(data)
    query = query_of(chosen, order="discovered", limit=limit)
    with reading(config) as library:
        if by_story:
            houses = houses_of(load_catalogue(config.outlets, config.data_dir))
            stories = list(find_stories(library, query, houses))
            if json_lines:
                for story in stories:
                    write_line(json.dumps(story_as_json(story), ensure_ascii=False))
            else:
                rows = [(s.event_day, s.headline, s.voices, s.id[:SHORT]) for s in stories]
                show_table(("day", "story", "told by", "id"), rows, json_lines=False)
            return 0 if stories else _nothing()
        return _show_hits(list(library.find(query)), json_lines)


@click.command(epilog='Example: tumen search "북한 노동자" --since 2026-03 --country KR')
@click.argument("words", nargs=-1, required=True)
@click.option("--newest", "by_date", is_flag=True, help="Newest first, not the best first.")
@selection
@limited(20)
@in_store
@options.as_json
def search(
    words: tuple[str, ...],
    by_date: bool,
    limit: int,
    data: str | None,
    json_lines: bool,
    **chosen: Any,
) -> int:
    """Find records that hold all WORDS, in any form and script; "in quotes": side by side."""
    text = " ".join(words)
    query = query_of(chosen, text=text, order="newest" if by_date else "best", limit=limit)
    with reading(config_of_store(data)) as library:
        found = 0
        for hit in library.find(query):
            found += 1
            piece = snippet(
                str(library.record(hit).get("text") or ""), text.replace('"', "").split()
            )
            if json_lines:
                write_line(json.dumps(as_json(hit, piece), ensure_ascii=False))
            else:
                _show_card(hit, piece)
        if not found:
            return _nothing()
        whole = library.count(query)
        if whole > found:
            say(f"{found} of {whole}; --limit shows more")
    return 0


@click.command(epilog="Example: tumen tail -f --topic troops")
@click.option("-f", "--follow", is_flag=True, help="Go on as records come in (Ctrl-C ends it).")
@selection
@limited(10)
@in_store
@options.as_json
def tail(
    follow: bool,
    limit: int,
    data: str | None,
    json_lines: bool,
    **chosen: Any,
) -> int:
    """Show the records that were found last, the last one last."""
    config = config_of_store(data)
    query = query_of(chosen, order="discovered", limit=limit)
    shown: set[tuple[str, int]] = set()
    while True:
        with reading(config) as library:
            for hit in _new(library, query, shown):
                if json_lines:
                    write_line(json.dumps(as_json(hit), ensure_ascii=False))
                else:
                    _show_card(hit, hit.excerpt)
        if not follow:
            return 0 if shown else _nothing()
        time.sleep(_LOOK_S)


def _new(library: Library, query: Query, shown: set[tuple[str, int]]) -> Iterator[Hit]:
    """What a query finds that was not shown yet, oldest first."""
    is_first, limit = not shown, query.limit or 1
    while True:
        hits = list(library.find(replace(query, limit=limit)))
        new = [hit for hit in hits if (hit.id, hit.revision) not in shown]
        # All of them are new: there may be more behind.
        if is_first or len(new) < len(hits) or len(hits) < limit:
            break
        limit *= 4
    shown.update((hit.id, hit.revision) for hit in new)
    yield from reversed(new)


def _show_hits(hits: list[Hit], json_lines: bool) -> int:
    if json_lines:
        for hit in hits:
            write_line(json.dumps(as_json(hit), ensure_ascii=False))
    else:
        rows = [(when(hit), who(hit), _headline(hit), hit.id[:SHORT]) for hit in hits]
        show_table(("appeared", "outlet", "headline", "id"), rows, json_lines=False)
    return 0 if hits else _nothing()


def _headline(hit: Hit) -> str:
    said = marks(hit)
    return f"{hit.title} ({said})" if said else hit.title


def _show_card(hit: Hit, piece: str) -> None:
    details = [("", piece), *card_of(hit), ("id", hit.id[:SHORT])]
    show_card(f"{when(hit)}  {who(hit)}", hit.title, details, hit.url)


def _nothing() -> int:
    say("nothing was found")
    return NOTHING
