"""What each ground of relevance is worth: `python -m bench.relevance_ablation`; takes a minute.

For every ground: how many labeled items show it, how many of them are relevant, and how many more
items are judged wrongly by weights that were learnt without it, over three divisions into ten in
which no item is judged by weights that saw it. A ground that few items need, or whose absence
nobody notices, should go.
"""

from __future__ import annotations

import json
from pathlib import Path

from bench.relevance import INVENTED, NAMES, REAL
from crawler.news.fitting import Example, cross_validate, fold_of
from crawler.news.grounds import GROUNDS
from crawler.news.lexicon import parse_topic
from crawler.news.measuring import Labeled, examples_of, read_labeled
from crawler.storage.catalogue import read_topic

FOLDS = 10
ROUNDS = 3


def main() -> None:
    """Print a row per ground."""
    real = [REAL / name for name in NAMES if (REAL / name).is_file()]
    items = [read_labeled(json.loads(line)) for path in (*real, *INVENTED) for line in lines(path)]
    examples = examples_of(parse_topic(*read_topic()), items)
    whole = wrong(items, examples)
    print(f"{len(items)} items, {whole[0]:.1f} false and {whole[1]:.1f} missed with every ground")
    print(f"{'ground':18}{'items':>6}{'relevant':>10}{'more false':>12}{'more missed':>13}")
    for ground in GROUNDS:
        shown = [example.relevant for example in examples if ground in example.amounts]
        without = wrong(items, [leave_out(example, ground) for example in examples])
        false, missed = without[0] - whole[0], without[1] - whole[1]
        print(f"{ground:18}{len(shown):6}{sum(shown):10}{false:12.1f}{missed:13.1f}")


def lines(path: Path) -> list[str]:
    """The lines of a file."""
    return path.read_text(encoding="utf-8").splitlines()


def leave_out(example: Example, ground: str) -> Example:
    """The same item without a ground."""
    amounts = {name: amount for name, amount in example.amounts.items() if name != ground}
    return Example(amounts=amounts, relevant=example.relevant)


def wrong(items: list[Labeled], examples: list[Example]) -> tuple[float, float]:
    """False and missed, on the average of the rounds."""
    false = missed = 0
    for salt in range(ROUNDS):
        folds = [fold_of(item.title, item.text, FOLDS, salt) for item in items]
        for item, kept in zip(items, cross_validate(examples, folds), strict=True):
            false += kept and not item.relevant
            missed += item.relevant and not kept
    return false / ROUNDS, missed / ROUNDS


if __name__ == "__main__":
    main()
