"""Evidence: what a title or a sentence names, and how the two parties stand in it.

Promise: a name inside a list of countries, a false friend or a comparison is no evidence of the
pair; every span counted is a span of the text read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from crawler.news.matchers import Lexicon
from crawler.news.sentences import fold

_LIST_GAP = 18  # characters between two names of one list
_LISTED = 3  # distinct names that make a list
_JOINT = re.compile(r"[\s,、，·/&()–—-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One name in a sentence. `kind` is the group of the matcher: a, person_b, other_china ..."""

    kind: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A title or sentence and what it names, lists taken out.

    `folded` is the text as matchers read it, in lower case.
    `gap` is the number of characters between the nearest two names of the two parties, None where
    one is missing. `is_bound`: a party follows somebody else in one breath ("Xi and Putin");
    `is_shared`: somebody else follows a party ("to Russia and Belarus"); `is_listed`: the two are
    merely joined to each other ("Russian and North Korean envoys").
    """

    text: str
    folded: str
    mentions: tuple[Mention, ...]
    lists: int
    three: int
    both: int
    third: int
    a: int
    b: int
    weak_a: int
    weak_b: int
    voices: frozenset[str]
    rivals: frozenset[str]
    gap: int | None
    is_bound: bool
    is_shared: bool
    is_listed: bool

    @property
    def names_pair(self) -> bool:
        """Whether both parties are named outright."""
        return bool(self.both or (self.a and self.b))

    def names(self, side: str) -> bool:
        """Whether the party of a side ("a" or "b") is named outright."""
        return self.count(side) > 0

    def weakly(self, side: str) -> bool:
        """Whether a weak word for the party of a side stands in it."""
        return bool(self.weak_a if side == "a" else self.weak_b)

    def hints(self, side: str) -> bool:
        """Whether a weak word or a short name may mean the party of a side."""
        return self.weakly(side) or any(m.kind == f"short_{side}" for m in self.mentions)

    def count(self, side: str) -> int:
        """How often the party of a side is named outright."""
        return (self.a if side == "a" else self.b) + self.both


def read_passage(lexicon: Lexicon, text: str) -> Passage:
    """Find the names in a title or sentence and judge how they stand to each other."""
    written = fold(text)
    folded = written.lower()
    found = [
        Mention(kind=str(m.lastgroup), start=m.start(), end=m.end(), text=m[0])
        for m in lexicon.names.find(folded)
        if m.lastgroup != "mask"
        and (m[0] not in lexicon.capitals or written[m.start() : m.end()].isupper())
    ]
    lists = _find_lists(lexicon, folded, found) if len(found) >= _LISTED else []
    listed = {id(mention) for run in lists for mention in run}
    free = tuple(mention for mention in found if id(mention) not in listed)
    three = sum(m.kind == "three" for m in free) + sum(_is_three(run) for run in lists)
    free = _spell_out(free)
    count = dict.fromkeys(("both", "third", "a", "b", "weak_a", "weak_b"), 0)
    for mention in free:
        counted = party_side(mention) or mention.kind
        if counted in count:
            count[counted] += 1
    joins = _find_joins(lexicon, folded, free) if len(free) > 1 else set()
    return Passage(
        text=text,
        folded=folded,
        mentions=free,
        lists=len(lists),
        three=three,
        voices=frozenset(m.kind[-1] for m in free if m.kind.startswith("voice_")),
        rivals=frozenset(m.kind for m in found if m.kind.startswith("other_")),
        gap=_nearest(free),
        is_bound=bool(joins & {("other", "a"), ("other", "b")}),
        is_shared=bool(joins & {("a", "other"), ("b", "other")}),
        is_listed=bool(joins & {("a", "b"), ("b", "a")}),
        **count,
    )


def party_side(mention: Mention) -> str | None:
    """The side ("a" or "b") of the party that a mention names outright."""
    role, _, side = mention.kind.rpartition("_")
    return side if role in ("", "person", "agent", "voice") and side in ("a", "b") else None


def _country(mention: Mention) -> str:
    """The country it names: a, b, or other_<country>; "" for whoever acts for one, and the rest."""
    kind = mention.kind.removeprefix("person_")
    return kind if kind in ("a", "b") or kind.startswith("other_") else ""


def _spell_out(free: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """Short names ("Kim") name their party beside a person of the other, and nobody elsewhere."""
    if not any(mention.kind.startswith("short_") for mention in free):
        return free
    led = {mention.kind[-1] for mention in free if mention.kind.startswith("person_")}
    return tuple(
        replace(m, kind="person_a" if m.kind == "short_a" else "person_b")
        if m.kind in ("short_a", "short_b") and led - {m.kind[-1]}
        else m
        for m in free
    )


def _find_lists(lexicon: Lexicon, folded: str, found: list[Mention]) -> list[list[Mention]]:
    """Runs of at least three different countries with nothing but list glue between them."""
    lists: list[list[Mention]] = []
    run: list[Mention] = []
    for mention in [m for m in found if _country(m)]:
        if run and not _is_glue(lexicon, folded, run[-1], mention):
            lists.append(run)
            run = []
        run.append(mention)
    lists.append(run)
    return [run for run in lists if len({_country(m) for m in run}) >= _LISTED]


def _is_three(run: list[Mention]) -> bool:
    return {"a", "b"} <= {_country(m) for m in run}


def _is_glue(lexicon: Lexicon, folded: str, left: Mention, right: Mention) -> bool:
    """Whether two names are joined by a sign or a word such as "and", and by nothing else."""
    if right.start - left.end > _LIST_GAP:
        return False
    between = folded[left.end : right.start]
    if "," in between and not lexicon.commas_join:
        return False
    words = [word for word in _JOINT.split(between) if word]
    return bool(between.strip()) and all(word in lexicon.glue for word in words)


def _find_joins(lexicon: Lexicon, folded: str, free: tuple[Mention, ...]) -> set[tuple[str, str]]:
    """Which two stand joined, in their order: (a, b), (other, a) ..."""
    countries = [m for m in free if _country(m)]
    joins = set()
    for left, right in pairwise(countries):
        if _is_glue(lexicon, folded, left, right):
            sides = ("other" if s.startswith("other_") else s for s in map(_country, (left, right)))
            joins.add((next(sides), next(sides)))
    return joins


def _nearest(free: tuple[Mention, ...]) -> int | None:
    """Characters between the nearest names of the two parties, in one pass."""
    best: int | None = None
    last: dict[str, int] = {}
    for mention in free:
        if mention.kind == "both":
            return 0
        side = party_side(mention)
        if side is not None:
            other = last.get("b" if side == "a" else "a")
            if other is not None:
                best = min(
                    best if best is not None else mention.start, max(0, mention.start - other)
                )
            last[side] = mention.end
    return best
