"""Alert rules evaluated on scraped pages: the part of PromQL that our rules use, over time.

What is not in this part raises; test_alerts.py compares it with promtool where that is installed.
"""

from __future__ import annotations

import operator
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import promql_parser as promql
from prometheus_client.samples import Sample
from ruamel.yaml import YAML

# For how long Prometheus takes a sample for current.
STALE_S = 300.0

Labels = frozenset[tuple[str, str]]
Vector = dict[Labels, float]
_COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "==": operator.eq,
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
}
_ARITHMETIC: Mapping[str, Callable[[float, float], float]] = {
    "-": operator.sub,
    "/": operator.truediv,
}
_AGGREGATIONS: Mapping[str, Callable[[Sequence[float]], float]] = {
    "max": max,
    "min": min,
    "sum": sum,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """An alert rule of the file."""

    name: str
    expr: str
    for_s: float


def read_rules(path: Path) -> list[Rule]:
    """The rules of a file of Prometheus."""
    groups = YAML(typ="safe").load(path)["groups"]
    return [
        Rule(rule["alert"], rule["expr"], _seconds(rule["for"]) if "for" in rule else 0.0)
        for group in groups
        for rule in group["rules"]
    ]


@dataclass(slots=True)
class Scrapes:
    """All samples of a time, as Prometheus would hold them."""

    series: dict[str, dict[Labels, list[tuple[float, float]]]] = field(default_factory=dict)

    def add(self, at: float, samples: Iterator[Sample] | Sequence[Sample]) -> None:
        """Take in what was scraped at a moment."""
        for sample in samples:
            of_name = self.series.setdefault(sample.name, {})
            points = of_name.setdefault(frozenset(sample.labels.items()), [])
            points.append((at, float(sample.value)))

    def firing(self, rules: Sequence[Rule], times: Sequence[float]) -> set[str]:
        """Which alerts fire at the last of these evaluations."""
        return {rule.name for rule in rules if self._fires(rule, times)}

    def _fires(self, rule: Rule, times: Sequence[float]) -> bool:
        expr = promql.parse(rule.expr)
        since: dict[Labels, float] = {}
        for at in times:
            active = self._vector(expr, at)
            since = {labels: since.get(labels, at) for labels in active}
        return any(times[-1] - begun >= rule.for_s for begun in since.values())

    def _vector(self, expr: object, at: float) -> Vector:
        value = self._value(expr, at)
        if isinstance(value, float):
            raise ValueError(f"{expr} is a number")
        return value

    def _value(self, expr: object, at: float) -> Vector | float:
        match expr:
            case promql.NumberLiteral():
                return float(expr.val)
            case promql.VectorSelector():
                return self._select(expr, at, STALE_S, lambda points: points[-1][1])
            case promql.Call() if expr.func.name == "time":
                return at
            case promql.Call() if expr.func.name == "increase":
                (matrix,) = expr.args
                range_s = matrix.range.total_seconds()
                return self._select(matrix.vector_selector, at, range_s, _increase)
            case promql.AggregateExpr():
                return self._aggregate(expr, at)
            case promql.BinaryExpr():
                return _binary(str(expr.op), self._value(expr.lhs, at), self._value(expr.rhs, at))
        raise ValueError(f"{type(expr).__name__}: {expr}")

    def _select(
        self,
        selector: promql.VectorSelector,
        at: float,
        range_s: float,
        take: Callable[[Sequence[tuple[float, float]]], float],
    ) -> Vector:
        found: Vector = {}
        for labels, points in self.series.get(selector.name or "", {}).items():
            first, end = (bisect_right(points, t, key=_when) for t in (at - range_s, at))
            if first < end and _fits(selector, dict(labels)):
                found[labels] = take(points[first:end])
        return found

    def _aggregate(self, expr: promql.AggregateExpr, at: float) -> Vector:
        by = set(expr.modifier.labels) if expr.modifier else set()
        groups: dict[Labels, list[float]] = {}
        for labels, value in self._vector(expr.expr, at).items():
            kept = frozenset(pair for pair in labels if pair[0] in by)
            groups.setdefault(kept, []).append(value)
        combine = _AGGREGATIONS[str(expr.op)]
        return {labels: float(combine(values)) for labels, values in groups.items()}


def _binary(op: str, left: Vector | float, right: Vector | float) -> Vector | float:
    if op in _COMPARISONS:
        if isinstance(left, float) or not isinstance(right, float):
            raise ValueError(f"{op} between these")
        return {one: value for one, value in left.items() if _COMPARISONS[op](value, right)}
    act = _ARITHMETIC[op]
    if isinstance(left, float) and isinstance(right, float):
        return act(left, right)
    if isinstance(left, float) and isinstance(right, dict):
        return {labels: act(left, value) for labels, value in right.items()}
    if isinstance(left, dict) and isinstance(right, dict):
        return {one: act(value, right[one]) for one, value in left.items() if one in right}
    raise ValueError(f"{op} between these")


def _fits(selector: promql.VectorSelector, labels: Mapping[str, str]) -> bool:
    for matcher in selector.matchers.matchers:
        value, is_regex = labels.get(matcher.name, ""), "Re" in str(matcher.op)
        same = re.fullmatch(matcher.value, value) if is_regex else value == matcher.value
        if bool(same) == ("Not" in str(matcher.op)):
            return False
    return True


def _when(point: tuple[float, float]) -> float:
    return point[0]


def _increase(points: Sequence[tuple[float, float]]) -> float:
    return sum(max(0.0, later[1] - former[1]) for former, later in pairwise(points))


def _seconds(text: str) -> float:
    duration: timedelta = promql.parse_duration(text)
    return duration.total_seconds()
