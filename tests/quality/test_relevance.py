"""The floors of relevance and triage on labelled real items, which lie beside the checkout.

Raise a floor when the rule gets better; a lower one needs a reason in docs/decisions.md.
"""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path
from typing import Any

import pytest

from crawler.news.records import Judgement
from crawler.news.relevance import judge
from crawler.news.triage import triage
from tests.watched import SHIPPED

GOLD = Path(__file__).resolve().parents[3] / "shared" / "relevance"
DIGESTS = {
    "gold_dev.jsonl": "4a8c91a263dd17f5287241ae90b2601b54fcceaede5b24f3b72c463d7551a2dd",
    "gold_dev_more.jsonl": "ffa37b578b6dd9f62211d721a6cca04cebd6c09685c202bc122dbea265713e36",
}
UNLABELLED = {"other", "exercises", "intelligence"}  # in too few items to count either way

Item = dict[str, Any]


@pytest.fixture(scope="module")
def items() -> list[Item]:
    """Every labelled item, with what we say of it under "ours"."""
    if not GOLD.is_dir():
        pytest.skip("the labelled items (../shared/relevance) are not here")
    found = []
    for name, digest in DIGESTS.items():
        lines = (GOLD / name).read_bytes()
        assert hashlib.sha256(lines).hexdigest() == digest, f"{name} is another set: measure anew"
        found += [json.loads(line) for line in lines.splitlines()]
    for item in found:
        item["ours"] = judge(SHIPPED, title=item["title"], text=item["text"], language=item["lang"])
    return found


def measure(items: list[Item]) -> tuple[float, float]:
    """Precision and recall."""
    both = sum(bool(item["label"]) and item["ours"].relevant for item in items)
    said = sum(item["ours"].relevant for item in items)
    true = sum(bool(item["label"]) for item in items)
    return both / said, both / true


def is_clear(item: Item) -> bool:
    return not item["note"].startswith("borderline")


@pytest.mark.parametrize(
    ("chosen", "precision", "recall"),
    [
        pytest.param(lambda item: True, 0.94, 0.975, id="all"),
        pytest.param(is_clear, 0.97, 0.985, id="clear-cut"),
        pytest.param(lambda item: len(item["text"]) >= 400, 0.88, 0.95, id="long texts"),
        pytest.param(lambda item: item["lang"] == "en", 0.96, 0.975, id="English"),
        pytest.param(lambda item: item["lang"] == "ko", 0.94, 0.965, id="Korean"),
        pytest.param(lambda item: item["lang"] == "ru", 0.80, 0.95, id="Russian"),
        pytest.param(lambda item: item["lang"] == "zh", 1.0, 1.0, id="Chinese"),
        pytest.param(lambda item: item["lang"] == "uk", 1.0, 1.0, id="Ukrainian"),
        pytest.param(lambda item: item["lang"] == "ja", 1.0, 0.90, id="Japanese"),
    ],
)
def test_precision_and_recall_hold(
    items: list[Item], chosen: Any, precision: float, recall: float
) -> None:
    measured = measure([item for item in items if chosen(item)])
    assert measured[0] >= precision
    assert measured[1] >= recall


def test_topics_hold(items: list[Item]) -> None:
    right = wrong = missed = 0
    for item in (item for item in items if item["label"]):
        want, got = set(item["topics"]) - UNLABELLED, set(item["ours"].topics) - UNLABELLED
        right, wrong, missed = (
            right + len(want & got),
            wrong + len(got - want),
            missed + len(want - got),
        )
    assert 2 * right / (2 * right + wrong + missed) >= 0.70


@pytest.mark.parametrize(
    ("with_summary", "recall", "useless"),
    [
        pytest.param(False, 0.99, 0.62, id="title only"),
        pytest.param(True, 0.995, 0.76, id="title and summary"),
    ],
)
def test_triage_loses_next_to_nothing(
    items: list[Item], with_summary: bool, recall: float, useless: float
) -> None:
    fetched: dict[bool, list[bool]] = {True: [], False: []}
    for item in items:
        summary = item["text"][:300] if with_summary else None
        decided = triage(
            SHIPPED, title=item["title"], summary=summary, language=item["lang"], scope=None
        )
        fetched[bool(item["label"])].append(decided.fetch)
    assert sum(fetched[True]) / len(fetched[True]) >= recall
    assert sum(fetched[False]) / len(fetched[False]) <= useless


def test_every_decision_shows_its_evidence(items: list[Item]) -> None:
    for item in items:
        ours: Judgement = item["ours"]
        if ours.relevant:
            assert ours.reasons
            assert ours.terms["dprk"] or ours.terms["russia"]
        assert len(ours.sentences) <= 3


def test_time_grows_with_the_length_only() -> None:
    piece = (
        "Russia thanked North Korea. 1,000 tons of grain, said Mr. Smith of the U.S. embassy... "
    )

    def seconds(length: int) -> float:
        text = (piece * (length // len(piece) + 1))[:length]
        begin = time.process_time()
        judge(SHIPPED, title="", text=text, language="en")
        return time.process_time() - begin

    seconds(1000)
    small = min(seconds(20_000) for _ in range(3))
    large = min(seconds(200_000) for _ in range(3))
    assert large < 30 * small  # ten times the length; the rest is the machine's mood
