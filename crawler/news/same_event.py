"""Do two reports tell of the same event? Facts that agree are weighed against those that do not.

An event is one concrete happening: that Kim arrived and that Kim left are two, whatever words they
share. The weights come from a logistic fit to labeled pairs of reports (docs/quality.md).

Promise: the answer depends on the two reports alone, whichever comes first, and every point of it
can be told in words.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from operator import eq

from crawler.news.figures import Day
from crawler.news.happenings import Facts
from crawler.news.near_duplicates import SAME_TEXT, Signature, resemblance

# From this many points on a report may join the other's story.
SAME_EVENT = 0.9
# Reports of one event that come so many days apart are rare; copies turn up later still.
EVENT_DAYS = 7
COPY_DAYS = 14

_BIAS = -6.2
_SHARED = {"who": 2.0, "where": 0.65, "what": 0.65, "act": 0.5}
_COVERED_LESS = 1.45
_COVERED_MORE = 0.3
_RAREST = 0.9
_OVERLAP = 2.4
_NUMBER = 1.35
_WORDS = 2.0
_ORIGIN = 1.5
_SAME_DAY = 0.7
_PER_DAY = -0.5
_UNDATED = -0.2
_OTHER_NUMBERS = -1.65
_OTHER_DAYS = -0.5
_OTHER_PEOPLE = -1.05
_OTHER_THINGS = -0.8
_TURNED = -1.7
_BOTH_LACK = -0.4
_ONE_LACKS = -0.2

# Counts for half in an opening; an agreement there is half an agreement.
_IN_OPENING = 0.5
_COVERS_IN_OPENING = 0.7
_LIGHTEST, _HEAVIEST = 0.8, 4.5
_OCCASION = 1.2
_VOICE = 1.5
_WORDS_FROM = 0.3
# Many happenings of one day share the occasion.
_OCCASIONS = frozenset({"what.liberation", "what.victoryday", "what.nationalday", "act.celebrate"})
# Whoever comments on everything every day: that two reports quote him does not make them one event.
_VOICES = frozenset(
    {
        "who.peskov", "who.zakharova", "who.hur", "who.nis", "who.pentagon", "who.statedept",
        "who.mfa_cn", "who.governor", "who.zelensky", "who.trump",
    }
)  # fmt: skip
_EVERYWHERE = _VOICES | {"who.kim", "who.putin"}
# Where one headline has it and the other report does not, it is another turn of the matter.
_TURNS = frozenset(
    {
        "act.deny", "act.refuse", "act.delay", "act.depart", "act.return", "act.veto",
        "act.ratify", "act.receive", "act.condemn", "act.expel", "act.resume", "act.reduce",
        "what.speech", "what.condolence", "who.mfa_cn",
    }
)  # fmt: skip
# Words that reports of every kind use: lacking them tells nothing.
_SOFT = frozenset(
    {
        "act.plan", "act.cooperate", "act.reveal", "act.confirm", "act.celebrate", "act.estimate",
        "act.decide", "act.thank", "act.support", "act.warn", "act.call", "act.develop",
        "what.statement", "what.footage",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is kept of a report to compare it with: no text.

    `day` counts days (date.toordinal), None where the report is not dated; `seen` is the day on
    which it came to us, `key` its place in the order of coming. `origins` names to whom it owes its
    news. `words` are those of its headline, `tongue` the language they are in.
    """

    id: str
    facts: Facts
    words: frozenset[str]
    tongue: str
    day: int | None = None
    seen: int | None = None
    key: str = ""
    origins: frozenset[str] = frozenset()
    signature: Signature | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How alike two reports are, in points, and why; `is_copy`: the same text."""

    points: float
    grounds: tuple[tuple[str, float], ...]
    is_copy: bool = False

    @property
    def reasons(self) -> tuple[str, ...]:
        """What speaks for and against it, in words with their points."""
        told = (f"{points:+.1f} {words}" for words, points in self.grounds if words and points)
        return ("the same text",) if self.is_copy else tuple(told)

    @property
    def chance(self) -> float:
        """The points as a probability."""
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, self.points))))


def weights_of(rates: Mapping[str, float]) -> Mapping[str, float]:
    """What sharing each concept tells, by how often reports name it: the rarer, the more."""
    return {concept: _weight(concept, rate) for concept, rate in rates.items()}


def _weight(concept: str, rate: float) -> float:
    if concept in _OCCASIONS:
        return _OCCASION
    if concept in _VOICES:
        return _VOICE
    return min(_HEAVIEST, max(_LIGHTEST, -math.log(rate + 0.006)))


def compare(a: Report, b: Report, weights: Mapping[str, float]) -> Likeness:
    """How alike two reports are. `weights` are those of `weights_of`."""
    apart = abs(a.day - b.day) if a.day is not None and b.day is not None else None
    if _is_copy(a, b) and (apart is None or apart <= COPY_DAYS):
        return Likeness(points=30.0, grounds=(), is_copy=True)
    if apart is not None and apart > EVENT_DAYS:
        return Likeness(points=-30.0, grounds=((f"{apart} days apart", -30.0),))
    grounds = [
        ("", _BIAS),
        *_shared(a.facts, b.facts, weights),
        *_figures(a.facts, b.facts),
        *_differences(a.facts, b.facts, weights),
        *_circumstances(a, b, apart),
    ]
    return Likeness(points=sum(points for _, points in grounds), grounds=tuple(grounds))


def _is_copy(a: Report, b: Report) -> bool:
    if a.signature is None or b.signature is None:
        return False
    if not any(map(eq, a.signature.slots[::4], b.signature.slots[::4])):
        return False  # a copy shares more than half of all; most pairs are done with here
    return resemblance(a.signature, b.signature) >= SAME_TEXT


def _shared(a: Facts, b: Facts, weights: Mapping[str, float]) -> list[tuple[str, float]]:
    sums = dict.fromkeys(_SHARED, 0.0)
    named: dict[str, str] = {}
    rarest = both = 0.0
    for concept in sorted(a.concepts & b.concepts):
        weight = weights.get(concept, 0.0)
        both += weight
        worth = weight if concept in a.title else weight * _IN_OPENING
        worth = worth if concept in b.title else worth * _IN_OPENING
        kind, _, name = concept.partition(".")
        sums[kind] += worth
        named[kind] = f"{named[kind]}, {name}" if kind in named else name
        if worth > rarest and concept not in _EVERYWHERE:
            rarest = worth
    less, more = sorted((_covered(a, b, weights), _covered(b, a, weights)))
    whole = sum(weights.get(concept, 0.0) for concept in a.concepts | b.concepts)
    return [
        *(
            (f"both: {named[kind]}", factor * math.log1p(sums[kind]))
            for kind, factor in _SHARED.items()
            if kind in named
        ),
        ("the rarest of these", _RAREST * rarest),
        (
            "what one headline says, the other report says too",
            _COVERED_LESS * less + _COVERED_MORE * more,
        ),
        ("they say little else", _OVERLAP * both / (whole or 1.0)),
    ]


def _covered(a: Facts, b: Facts, weights: Mapping[str, float]) -> float:
    """The share of what a headline says that the other report says."""
    whole = said = 0.0
    for concept in a.title:
        weight = weights.get(concept, 0.0)
        whole += weight
        if concept in b.title:
            said += weight
        elif concept in b.opening:
            said += _COVERS_IN_OPENING * weight
    return said / whole if whole else 0.0


def _figures(a: Facts, b: Facts) -> list[tuple[str, float]]:
    shared = a.numbers & b.numbers
    grounds = []
    if shared:
        worth = sum(1.0 if number >= 50 else 0.5 for number in shared)
        named = ", ".join(f"{number:,}" for number in sorted(shared))
        grounds.append((f"both: {named}", _NUMBER * min(3.0, worth)))
    elif a.numbers and b.numbers:
        grounds.append(("other numbers", _OTHER_NUMBERS))
    if a.days and b.days and not any(_is_same_day(x, y) for x in a.days for y in b.days):
        grounds.append(("they name other days", _OTHER_DAYS))
    return grounds


def _is_same_day(a: Day, b: Day) -> bool:
    return a.day == b.day and (a.month == b.month or not a.month or not b.month)


def _differences(a: Facts, b: Facts, weights: Mapping[str, float]) -> list[tuple[str, float]]:
    grounds = []
    alone_a, alone_b = a.title - b.concepts, b.title - a.concepts
    if _of(alone_a, "who.") and _of(alone_b, "who."):
        grounds.append(("other people", _OTHER_PEOPLE))
    things_a, things_b = _of(a.title, "what."), _of(b.title, "what.")
    if things_a and things_b and not things_a & b.concepts and not things_b & a.concepts:
        grounds.append(("other things", _OTHER_THINGS))
    turns = min(2, len((alone_a | alone_b) & _TURNS))
    if turns:
        grounds.append(("another turn of the matter", _TURNED * turns))
    lacking = [
        max((weights.get(concept, 0.0) for concept in alone - _SOFT), default=0.0)
        for alone in (alone_a, alone_b)
    ]
    points = _BOTH_LACK * min(lacking) + _ONE_LACKS * max(lacking)
    return [*grounds, ("one lacks what the other's headline says", points)]


def _of(concepts: frozenset[str], kind: str) -> frozenset[str]:
    return frozenset(concept for concept in concepts if concept.startswith(kind))


def _circumstances(a: Report, b: Report, apart: int | None) -> list[tuple[str, float]]:
    grounds = []
    if a.tongue == b.tongue and a.words and b.words:
        alike = 2 * len(a.words & b.words) / (len(a.words) + len(b.words))
        grounds.append(("like headlines", _WORDS * max(0.0, alike - _WORDS_FROM)))
    if shared := a.origins & b.origins:
        grounds.append((f"both owe it to {', '.join(sorted(shared))}", _ORIGIN))
    if apart is None:
        grounds.append(("no date to go by", _UNDATED))
    elif apart <= 1:
        grounds.append(("within a day", _SAME_DAY))
    else:
        grounds.append((f"{apart} days apart", _SAME_DAY + _PER_DAY * (apart - 1)))
    return grounds
