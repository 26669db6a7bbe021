"""What changed between two revisions of a record, sentence by sentence.

Promise: what is told was taken away stands in the earlier text, what was added in the later one;
sentences that were only moved or spaced otherwise are no change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from crawler.news.sentences import split_sentences

_FIELDS = ("title", "description", "authors", "date_published", "date_modified", "url_final")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """From one revision to the next: fields that differ, sentences taken away and added."""

    revision: int
    cause: str | None
    at: str
    fields: tuple[tuple[str, str, str], ...]
    removed: tuple[str, ...]
    added: tuple[str, ...]


def changes_of(revisions: Sequence[Mapping[str, Any]]) -> tuple[Change, ...]:
    """What each revision changed, given in order; the first changes nothing."""
    return tuple(_change(before, after) for before, after in pairwise(revisions))


def _change(before: Mapping[str, Any], after: Mapping[str, Any]) -> Change:
    old, new = (split_sentences(said.get("text") or "") for said in (before, after))
    return Change(
        revision=after["revision"],
        cause=after.get("revision_cause"),
        at=after["date_fetched"],
        fields=tuple(
            (name, _words(before.get(name)), _words(after.get(name)))
            for name in _FIELDS
            if before.get(name) != after.get(name)
        ),
        removed=_only_in(old, new),
        added=_only_in(new, old),
    )


def _only_in(some: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    left = Counter(map(_bare, others))
    alone = []
    for sentence in some:
        if left[_bare(sentence)]:
            left[_bare(sentence)] -= 1
        else:
            alone.append(sentence)
    return tuple(alone)


def _bare(sentence: str) -> str:
    return "".join(sentence.split())


def _words(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "nothing" if value is None else str(value)
