"""Whether a page that is read again reads better now: what a new extractor may change in a record.

Promise: nothing that stood in a record is given up without a reason; a reading that only differs is
no better one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from crawler.news.printed import key_of

_KEPT = 0.5  # of a text's letters, below which its new reading is another text
_SAME_DATE = timedelta(hours=36)
_PRECISIONS = ("day", "minute", "second")

Fields = Mapping[str, Any]


def improvements(
    before: Fields, after: Fields, *, explained: Collection[str] = ()
) -> tuple[str, ...]:
    """Name the fields of a record that a second reading makes better; none if it loses anything.

    Both are fields of records as they stand in a line (text, title, authors, date_published,
    date_precision, language, cites). `explained` are the lines that the second reading left out
    with a reason: only these may be missing from its text.
    """
    verdicts = {
        "text": _judge_text(before["text"], after["text"], explained),
        "title": _judge_title(before["title"], after["title"]),
        "authors": _judge_list(before["authors"], after["authors"]),
        "date_published": _judge_date(before, after),
        "language": _judge_value(before["language"], after["language"]),
        "cites": _judge_list(_voices(before), _voices(after)),
    }
    if -1 in verdicts.values():
        return ()
    return tuple(field for field, verdict in verdicts.items() if verdict > 0)


def _judge_text(before: str, after: str, explained: Collection[str]) -> int:
    """Compare by lines: 1 for more text or less furniture, -1 where text is lost, else 0."""
    if before == after:
        return 0
    known = {key_of(line) for line in explained}
    whole = key_of(after)
    kept = [line for line in before.split("\n") if key_of(line) in whole]
    lost = [line for line in before.split("\n") if key_of(line) not in whole]
    if any(key_of(line) not in known for line in lost):
        return -1
    if sum(map(len, kept)) < _KEPT * len(before):
        return -1
    gained = any(key_of(line) not in key_of(before) for line in after.split("\n"))
    return 1 if lost or gained else 0


def _judge_title(before: str, after: str) -> int:
    if before == after:
        return 0
    if not after:
        return -1
    # Cut to the headline; any other change may be for the worse as well as for the better.
    return 1 if not before or key_of(after) in key_of(before) else 0


def _judge_list(before: Collection[Any], after: Collection[Any]) -> int:
    if set(after) == set(before):
        return 0
    return 1 if set(before) <= set(after) else -1


def _judge_date(before: Fields, after: Fields) -> int:
    old, new = before["date_published"], after["date_published"]
    if old == new:
        return 0
    if new is None:
        return -1
    if old is None:
        return 1
    apart = abs(datetime.fromisoformat(old) - datetime.fromisoformat(new))
    finer = _rank(after["date_precision"]) > _rank(before["date_precision"])
    return 1 if finer and apart <= _SAME_DATE else -1


def _judge_value(before: str | None, after: str | None) -> int:
    if before == after:
        return 0
    return 1 if before is None else 0 if after else -1


def _voices(fields: Fields) -> list[tuple[str, str]]:
    return [(cited["name"], cited["role"]) for cited in fields["cites"]]


def _rank(precision: str | None) -> int:
    return _PRECISIONS.index(precision) if precision in _PRECISIONS else -1
