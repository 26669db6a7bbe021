"""Measuring: what labeled items say about relevance, topics and triage.

Promise: the figures are those of the field (precision, recall, F1) and count every item once; an
item that cannot be one is refused with what it lacks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from crawler.news.fitting import Example, cross_validate, fold_of
from crawler.news.lexicon import Topic
from crawler.news.relevance import judge, weigh
from crawler.news.triage import triage

LONG = 400  # characters from which on a text is a long one
SUMMARY = 300  # characters that feeds tell of a text
SCOPES = ("world", "north-korea", "russia")
# Labeled in too few items to count either way.
UNLABELED = frozenset(["other", "exercises", "intelligence"])
_ROUNDS = 3  # cross-validations that are averaged, as one division is a matter of luck


@dataclass(frozen=True, slots=True, kw_only=True)
class Labeled:
    """An item somebody labeled; `is_clear` unless two readers could differ."""

    id: str
    language: str | None
    title: str
    text: str
    relevant: bool
    topics: frozenset[str]
    is_clear: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How often what was said is right; fractions come from averaging."""

    right: float = 0
    false: float = 0
    missed: float = 0
    items: int = 0

    @property
    def precision(self) -> float:
        """The share that is right of what was kept; 1 where nothing was."""
        kept = self.right + self.false
        return self.right / kept if kept else 1.0

    @property
    def recall(self) -> float:
        """The share that was kept of what should be; 1 where nothing should."""
        wanted = self.right + self.missed
        return self.right / wanted if wanted else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of the two."""
        both = 2 * self.right
        return both / (both + self.false + self.missed) if both else 0.0


def read_labeled(said: Any) -> Labeled:
    """A line of a gold file: {id, lang, title, text, label[, topics, note]}. Raises ValueError."""
    if not isinstance(said, dict):
        raise ValueError("not a JSON object")
    for key in ("id", "label"):
        if key not in said:
            raise ValueError(f"{key} is missing")
    texts = {key: said.get(key) or "" for key in ("lang", "title", "text", "note")}
    for key, value in texts.items():
        if not isinstance(value, str):
            raise ValueError(f"{key} is not text")
    topics = said.get("topics") or []
    if not isinstance(topics, list) or said["label"] not in (0, 1):
        raise ValueError("label is 0 or 1, and topics a list")
    return Labeled(
        id=str(said["id"]),
        language=texts["lang"] or None,
        title=texts["title"],
        text=texts["text"],
        relevant=bool(said["label"]),
        topics=frozenset(map(str, topics)),
        is_clear=not texts["note"].startswith("borderline"),
    )


def examples_of(topic: Topic, items: Iterable[Labeled]) -> list[Example]:
    """The items as the fitting reads them."""
    return [
        Example(
            amounts=weigh(topic, title=i.title, text=i.text, language=i.language),
            relevant=i.relevant,
        )
        for i in items
    ]


def cross_validated(topic: Topic, items: Sequence[Labeled], folds: int) -> list[list[bool]]:
    """What is kept by weights that were learnt without the item's fold, once per round."""
    examples = examples_of(topic, items)
    return [
        cross_validate(examples, [fold_of(i.title, i.text, folds, salt) for i in items])
        for salt in range(_ROUNDS)
    ]


def slices_of(items: Sequence[Labeled]) -> Iterator[tuple[str, list[int]]]:
    """Per language, the clear-cut, the long ones and all: a name, and which items are in it."""
    languages = Counter(item.language or "?" for item in items)
    for language, _count in languages.most_common():
        yield language, [n for n, i in enumerate(items) if (i.language or "?") == language]
    yield "clear-cut", [n for n, item in enumerate(items) if item.is_clear]
    yield "long texts", [n for n, item in enumerate(items) if len(item.text) >= LONG]
    yield "all", list(range(len(items)))


def tally(items: Sequence[Labeled], rounds: Sequence[Sequence[bool]], chosen: list[int]) -> Tally:
    """Count what was kept of the chosen items, averaged over the rounds."""

    def mean(holds: Callable[[bool, bool], bool]) -> float:
        return sum(holds(items[n].relevant, kept[n]) for kept in rounds for n in chosen) / len(
            rounds
        )

    return Tally(
        right=mean(lambda wanted, kept: wanted and kept),
        false=mean(lambda wanted, kept: kept and not wanted),
        missed=mean(lambda wanted, kept: wanted and not kept),
        items=len(chosen),
    )


def tally_topics(topic: Topic, items: Iterable[Labeled]) -> Tally:
    """Topics of the relevant items, micro-averaged."""
    right = false = missed = count = 0
    for item in (item for item in items if item.relevant):
        judged = judge(topic, title=item.title, text=item.text, language=item.language)
        wanted, got = item.topics - UNLABELED, set(judged.topics) - UNLABELED
        right += len(wanted & got)
        false += len(got - wanted)
        missed += len(wanted - got)
        count += 1
    return Tally(right=right, false=false, missed=missed, items=count)


def tally_triage(
    topic: Topic, items: Sequence[Labeled], *, scope: str, length: int
) -> tuple[float, float]:
    """Shares that triage fetches, of the relevant and of the other items.

    It sees the title and so many characters of the text; without a summary (0), untitled items are
    left out.
    """
    seen: dict[bool, list[bool]] = {True: [], False: []}
    for item in items:
        if not (item.title or length):
            continue
        told = item.text[:length] or None
        decided = triage(topic, title=item.title, summary=told, language=item.language, scope=scope)
        seen[item.relevant].append(decided.fetch)
    shares = [sum(fetched) / len(fetched) if fetched else 1.0 for fetched in seen.values()]
    return shares[0], shares[1]
