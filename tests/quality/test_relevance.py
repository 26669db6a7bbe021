"""The floors of relevance, topics and triage on labeled real items, which lie beside the checkout.

Raise a floor when the judging gets better; a lower one needs a reason in docs/decisions.md.
"""

from __future__ import annotations

import hashlib
import json
from itertools import chain
from pathlib import Path

import pytest

from crawler.news.fitting import fit
from crawler.news.measuring import (
    Labeled,
    cross_validated,
    examples_of,
    read_labeled,
    slices_of,
    tally,
    tally_topics,
    tally_triage,
)
from crawler.news.relevance import judge
from tests.labeled import LANGUAGES, invented
from tests.watched import SHIPPED

GOLD = Path(__file__).resolve().parents[3] / "shared" / "relevance"
DIGESTS = {
    "gold_dev.jsonl": "4a8c91a263dd17f5287241ae90b2601b54fcceaede5b24f3b72c463d7551a2dd",
    "gold_dev_more.jsonl": "ffa37b578b6dd9f62211d721a6cca04cebd6c09685c202bc122dbea265713e36",
}

Items = list[Labeled]


def items_of(name: str) -> Items:
    lines = (GOLD / name).read_bytes()
    assert hashlib.sha256(lines).hexdigest() == DIGESTS[name], f"{name} is another set: measure"
    return [read_labeled(json.loads(line)) for line in lines.splitlines()]


@pytest.fixture(scope="module")
def real() -> Items:
    """The 500 labeled items."""
    if not GOLD.is_dir():
        pytest.skip("the labeled items (../shared/relevance) are not here")
    return items_of("gold_dev.jsonl")


@pytest.fixture(scope="module")
def everything(real: Items) -> Items:
    """All that the weights were learnt from: the real ones first."""
    ours = chain.from_iterable(invented(language) for language in LANGUAGES)
    return [*real, *items_of("gold_dev_more.jsonl"), *(item for item, _note in ours)]


@pytest.fixture(scope="module")
def shipped(real: Items) -> list[list[bool]]:
    """What the shipped weights keep."""
    return [
        [judge(SHIPPED, title=i.title, text=i.text, language=i.language).relevant for i in real]
    ]


@pytest.fixture(scope="module")
def without(real: Items, everything: Items) -> list[list[bool]]:
    """What weights keep that were learnt without the item, in three divisions into ten."""
    return [kept[: len(real)] for kept in cross_validated(SHIPPED, everything, 10)]


@pytest.mark.parametrize(
    ("part", "precision", "recall"),
    [
        pytest.param("all", 0.965, 0.98, id="all"),
        pytest.param("clear-cut", 0.985, 0.995, id="clear-cut"),
        pytest.param("long texts", 0.93, 0.95, id="long texts"),
        pytest.param("en", 0.98, 0.99, id="English"),
        pytest.param("ko", 0.965, 0.99, id="Korean"),
        pytest.param("ru", 0.87, 0.93, id="Russian"),
        pytest.param("zh", 1.0, 0.97, id="Chinese"),
        pytest.param("uk", 1.0, 1.0, id="Ukrainian"),
        pytest.param("ja", 1.0, 0.875, id="Japanese"),
    ],
)
def test_the_shipped_weights_hold(
    real: Items, shipped: list[list[bool]], part: str, precision: float, recall: float
) -> None:
    counted = tally(real, shipped, dict(slices_of(real))[part])
    assert counted.precision >= precision
    assert counted.recall >= recall


@pytest.mark.parametrize(
    ("part", "precision", "recall"),
    [
        pytest.param("all", 0.95, 0.97, id="all"),
        pytest.param("clear-cut", 0.97, 0.985, id="clear-cut"),
        pytest.param("long texts", 0.92, 0.94, id="long texts"),
        pytest.param("ko", 0.92, 0.98, id="Korean"),
        pytest.param("ru", 0.85, 0.92, id="Russian"),
    ],
)
def test_weights_that_never_saw_the_item_hold(
    real: Items, without: list[list[bool]], part: str, precision: float, recall: float
) -> None:
    counted = tally(real, without, dict(slices_of(real))[part])
    assert counted.precision >= precision
    assert counted.recall >= recall


def test_the_shipped_weights_are_those_that_the_items_teach(everything: Items) -> None:
    learnt = fit(examples_of(SHIPPED, everything))
    assert learnt.threshold == pytest.approx(SHIPPED.rules.threshold, abs=0.01)
    shown = {ground: points for ground, points in SHIPPED.weights.items() if ground != "implied"}
    assert shown == pytest.approx({g: learnt.weights[g] for g in shown}, abs=0.01)


def test_topics_hold(real: Items) -> None:
    assert tally_topics(SHIPPED, real).f1 >= 0.74


@pytest.mark.parametrize(
    ("scope", "length", "recall", "useless"),
    [
        pytest.param("world", 0, 0.99, 0.51, id="title only"),
        pytest.param("world", 300, 0.99, 0.52, id="title and summary"),
        pytest.param("north-korea", 300, 0.99, 0.76, id="an outlet about the DPRK"),
        pytest.param("russia", 300, 0.99, 0.59, id="an outlet about Russia"),
    ],
)
def test_triage_loses_next_to_nothing(
    real: Items, scope: str, length: int, recall: float, useless: float
) -> None:
    kept, fetched = tally_triage(SHIPPED, real, scope=scope, length=length)
    assert kept >= recall
    assert fetched <= useless


def test_every_decision_shows_its_evidence(real: Items) -> None:
    for item in real:
        judged = judge(SHIPPED, title=item.title, text=item.text, language=item.language)
        if judged.relevant:
            assert judged.reasons
            assert judged.terms["dprk"] or judged.terms["russia"]
        assert len(judged.sentences) <= 3
