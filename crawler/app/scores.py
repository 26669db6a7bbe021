"""`tumen score`: judge texts without fetching anything.

Promise: it is the same judgement that a crawl makes, for any text in any order.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

import click

from crawler.app import options
from crawler.app.terminal import say, show_table, write_line
from crawler.news.lexicon import Topic, parse_topic
from crawler.news.records import Judgement
from crawler.news.relevance import judge
from crawler.storage.catalogue import read_topic

PARTLY_FAILED = 1


@click.command(epilog="Example: tumen score --batch items.jsonl > judged.jsonl")
@click.option(
    "--batch",
    # A byte that is no UTF-8 becomes an escape that JSON does not know: it costs its own line only.
    type=click.File(encoding="utf-8", errors="backslashreplace"),
    metavar="FILE",
    help="JSON lines {id, title, text[, lang]}; - reads standard input.",
)
@click.option("--title", default="", help="Title of a single text.")
@click.option("--lang", metavar="CODE", help="Language of a single text.")
@click.option("--explain", is_flag=True, help="Say it in plain words instead of JSON.")
@click.argument("text", required=False)
def score(batch: Any, title: str, lang: str | None, explain: bool, text: str | None) -> int:
    """Judge whether texts are about the two parties, with reasons.

    Answers one JSON object per item: id, relevant, score, reasons, topics. With --explain, tells
    for each what spoke for and against it, who was named, and which sentences decided.
    """
    topic = parse_topic(*read_topic(options.config_of().topic))
    tell = _explain if explain else _answer
    if batch is None:
        if not title and not text:
            raise click.UsageError("give --batch FILE, or --title and a TEXT")
        tell(topic, {"id": "1", "title": title, "text": text or "", "lang": lang})
        return 0
    return _score_lines(topic, batch, tell)


def _score_lines(topic: Topic, lines: Iterator[str], tell: Callable[[Topic, Any], None]) -> int:
    failed = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            tell(topic, json.loads(line))
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            failed += 1
            say(f"line {number}: not an item with id and title or text ({_words(error)})")
    sys.stdout.flush()
    return PARTLY_FAILED if failed else 0


def _words(error: Exception) -> str:
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)


def _judged(topic: Topic, item: Any) -> Judgement:
    """The judgement on an item. Raises TypeError or KeyError for what is none."""
    if not isinstance(item, dict):
        raise TypeError("not an object")
    for field in ("title", "text", "lang", "language"):
        if not isinstance(item.get(field), str | None):
            raise TypeError(f"{field} is not text")
    if "id" not in item:
        raise KeyError("id")
    return judge(
        topic,
        title=item.get("title") or "",
        text=item.get("text") or "",
        language=item.get("lang") or item.get("language"),
    )


def _answer(topic: Topic, item: Any) -> None:
    judged = _judged(topic, item)
    answer = {
        "id": item["id"],
        "relevant": judged.relevant,
        "score": judged.score,
        "threshold": judged.threshold,
        "reasons": judged.reasons,
        "topics": judged.topics,
        "topic_reasons": dict(judged.topic_reasons),
        "terms": {party: list(found) for party, found in judged.terms.items()},
        "sentences": judged.sentences,
        "ruleset": judged.ruleset,
    }
    write_line(json.dumps(answer, ensure_ascii=False, allow_nan=False))


def _explain(topic: Topic, item: Any) -> None:
    judged = _judged(topic, item)
    said = "kept" if judged.relevant else "left out"
    needed = f"{topic.rules.threshold:.1f}"
    rows = [
        (f"{item['id']}", item.get("title") or "(no title)"),
        (
            "",
            f"{said}: score {judged.score:.2f}, kept from {judged.threshold} on ({needed} points)",
        ),
        *(("because", reason) for reason in judged.reasons or ("nothing names the two",)),
        *((party, ", ".join(found) or "-") for party, found in judged.terms.items()),
        *(("sentence", sentence) for sentence in judged.sentences),
        *((name, why) for name, why in judged.topic_reasons.items()),
        ("ruleset", judged.ruleset),
    ]
    show_table(("item", "judgement"), rows, json_lines=False)
