"""`tumen eval`: how well labeled items are judged.

Promise: the figures of "learnt without it" come from weights that never saw the item; those of "as
shipped" from the topic file as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path

import click

from crawler.app import gold, options
from crawler.app.terminal import say, show_table
from crawler.news.lexicon import Topic, parse_topic
from crawler.news.measuring import (
    SCOPES,
    SUMMARY,
    Labeled,
    cross_validated,
    slices_of,
    tally,
    tally_topics,
    tally_triage,
)
from crawler.news.relevance import judge
from crawler.storage.catalogue import read_topic

Row = tuple[object, ...]
Kept = Sequence[bool]

COLUMNS = ("set", "slice", "items", "pos", "P", "R", "F1", "P without", "R without")
TRIAGE_COLUMNS = ("set", "scope", "title: R", "useless", "with summary: R", "useless too")


@click.command("eval", epilog="Example: tumen eval items.jsonl")
@gold.files
@click.option(
    "--folds",
    type=click.IntRange(0, 100),
    default=10,
    show_default=True,
    help="Parts for the figures learnt without an item; 0 leaves them out.",
)
@click.option("--errors", metavar="N", default=0, help="Name so many wrong items of each file.")
@options.as_json
def eval_(paths: tuple[Path, ...], folds: int, errors: int, json_lines: bool) -> int:
    """Measure relevance, topics and triage on labeled items.

    GOLD holds JSON lines {id, lang, title, text, label[, topics, note]}; label 1 says that the
    relationship is a subject, a note that begins with "borderline" that readers could differ.
    "P without" and "R without" are what weights reach that were learnt from all the files without
    the items in question: the honest figures, if the shipped weights were learnt from these items.
    """
    topic = parse_topic(*read_topic(options.config_of().topic))
    sets = {path.name: gold.read_gold(path) for path in paths}
    everything = [item for items in sets.values() for item in items]
    rounds = cross_validated(topic, everything, folds) if folds else []
    show_table(COLUMNS, _relevance(topic, sets, rounds), json_lines=json_lines)
    if not json_lines:
        print()
    show_table(TRIAGE_COLUMNS, _triage(topic, sets), json_lines=json_lines)
    for name, items in sets.items():
        for item in _wrong(topic, items)[:errors]:
            say(f"{name}: {'missed' if item.relevant else 'false'} {item.id} {item.title[:60]}")
    return 0


def _relevance(
    topic: Topic, sets: dict[str, list[Labeled]], rounds: Sequence[Kept]
) -> Iterator[Row]:
    begins = [0, *accumulate(len(items) for items in sets.values())]
    for begin, (name, items) in zip(begins, sets.items(), strict=False):
        shipped = [[_keeps(topic, item) for item in items]]
        without = [kept[begin : begin + len(items)] for kept in rounds]
        for part, chosen in slices_of(items):
            now = tally(items, shipped, chosen)
            count = sum(items[n].relevant for n in chosen)
            figures = (f"{now.precision:.3f}", f"{now.recall:.3f}", f"{now.f1:.3f}")
            honest: tuple[str, ...] = ("", "")
            if without:
                then = tally(items, without, chosen)
                honest = (f"{then.precision:.3f}", f"{then.recall:.3f}")
            yield (_short(name), part, len(chosen), count, *figures, *honest)
        topics = tally_topics(topic, items)
        figures = (f"{topics.precision:.3f}", f"{topics.recall:.3f}", f"{topics.f1:.3f}")
        yield (_short(name), "topics", topics.items, topics.items, *figures, "", "")


def _triage(topic: Topic, sets: dict[str, list[Labeled]]) -> Iterator[Row]:
    for name, items in sets.items():
        for scope in SCOPES:
            shares = [
                f"{share:.3f}"
                for length in (0, SUMMARY)
                for share in tally_triage(topic, items, scope=scope, length=length)
            ]
            yield (_short(name), scope, *shares)


def _keeps(topic: Topic, item: Labeled) -> bool:
    return judge(topic, title=item.title, text=item.text, language=item.language).relevant


def _wrong(topic: Topic, items: list[Labeled]) -> list[Labeled]:
    return [item for item in items if _keeps(topic, item) != item.relevant]


def _short(name: str) -> str:
    return name.removesuffix(".jsonl")[:18]
