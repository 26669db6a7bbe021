"""Fitting: how many points each ground is worth, learnt from labeled items.

Logistic regression over the grounds of `grounds.py`, so that points are log odds and a handful of
numbers can be printed, read and argued with. Promise: the same items give the same weights, and no
ground for ever counts against (or the other way round), whatever the items say.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

from crawler.news.grounds import FOR, GROUNDS

# Weights are drawn to one point for or against, about as strongly as a handful of items draw them
# elsewhere: a ground that hardly any item shows keeps close to it instead of learning by heart.
_PRIOR = 1.0
_PULL = 0.1
_MISS_COST = 1.5  # a relevant item that is left out counts as so many useless ones
_SWEEPS = 200
_STILL = 1e-4  # a sweep that moves no weight by more has arrived
_STEP_MOST = 2.0  # longer ones overshoot where every answer is certain
_ALIKE = 24  # letters in which updates of one report begin alike

Column = Sequence[tuple[int, float]]  # where a ground is found, and how much of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A labeled item as the weighing sees it: how much of each ground, and the answer."""

    amounts: Mapping[str, float]
    relevant: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """What was learnt: the points per ground, and how many make an item relevant."""

    weights: Mapping[str, float]
    threshold: float

    def keeps(self, amounts: Mapping[str, float]) -> bool:
        """Whether an item is relevant by these weights."""
        points = sum(self.weights[ground] * amount for ground, amount in amounts.items())
        return points >= self.threshold


@dataclass(slots=True)
class _Margins:
    """How far each item is on the relevant side so far, and what it should be."""

    wanted: Sequence[float]
    costs: Sequence[float]
    now: list[float]

    def step(self, column: Column, pull: float, away: float) -> float:
        """Newton's step along one weight, which is `away` from where it is drawn to."""
        slope, bend = pull * away, pull + 1e-9
        for n, amount in column:
            chance = 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, self.now[n]))))
            slope += self.costs[n] * (chance - self.wanted[n]) * amount
            bend += self.costs[n] * chance * (1.0 - chance) * amount * amount
        return max(-_STEP_MOST, min(_STEP_MOST, -slope / bend))

    def move(self, column: Column, step: float) -> float:
        """Take a step; returns its length."""
        if step:
            for n, amount in column:
                self.now[n] += step * amount
        return abs(step)


def fit(examples: Sequence[Example]) -> Fit:
    """The weights that explain the labels best, by coordinate descent, each within its sign."""
    columns: dict[str, list[tuple[int, float]]] = {ground: [] for ground in GROUNDS}
    for n, example in enumerate(examples):
        for ground, amount in example.amounts.items():
            columns[ground].append((n, amount))
    margins = _Margins(
        wanted=[float(example.relevant) for example in examples],
        costs=[_MISS_COST if example.relevant else 1.0 for example in examples],
        now=[0.0] * len(examples),
    )
    weights = dict.fromkeys(GROUNDS, 0.0)
    base = 0.0
    everywhere = [(n, 1.0) for n in range(len(examples))]
    for _ in range(_SWEEPS):
        moved = 0.0
        for ground, column in columns.items():
            drawn = _PRIOR if ground in FOR else -_PRIOR
            wanted = weights[ground] + margins.step(column, _PULL, weights[ground] - drawn)
            kept = max(0.0, wanted) if ground in FOR else min(0.0, wanted)
            moved = max(moved, margins.move(column, kept - weights[ground]))
            weights[ground] = kept
        step = margins.step(everywhere, 0.0, 0.0)
        base += step
        moved = max(moved, margins.move(everywhere, step))
        if moved < _STILL:
            break
    return Fit(weights=weights, threshold=-base)


def fold_of(title: str, text: str, folds: int, salt: int = 0) -> int:
    """In which of the folds an item lies; updates of one report lie in the same.

    Another `salt` is another division.
    """
    letters = [letter for letter in f"{title} {text}".casefold() if letter.isalpha()][:_ALIKE]
    return crc32(f"{salt}{''.join(letters)}".encode("utf-8", "replace")) % folds


def cross_validate(examples: Sequence[Example], folds: Sequence[int]) -> list[bool]:
    """For each item, what weights say that were learnt from the other folds alone."""
    kept = [False] * len(examples)
    for fold in sorted(set(folds)):
        learnt = fit([e for e, other in zip(examples, folds, strict=True) if other != fold])
        for n, example in enumerate(examples):
            if folds[n] == fold:
                kept[n] = learnt.keeps(example.amounts)
    return kept
