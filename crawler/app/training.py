"""`tumen train`: learn the weights of a topic from labeled items.

Promise: it changes no file; the same items give the same lines, to be put into the topic file.
"""

from __future__ import annotations

from pathlib import Path

import click

from crawler.app import gold, options
from crawler.app.terminal import say
from crawler.news.fitting import fit
from crawler.news.grounds import GROUNDS
from crawler.news.lexicon import parse_topic
from crawler.news.measuring import examples_of
from crawler.storage.catalogue import read_topic

_WIDTH = 26  # of a line without its comment


@click.command(epilog="Example: tumen train items.jsonl")
@gold.files
def train(paths: tuple[Path, ...]) -> int:
    """Learn the weights of the topic from labeled items.

    Prints the threshold and the table [weights] for the topic file (TUMEN_TOPIC names it; default:
    the built-in one). A ground that no item shows keeps its weight. Give the ruleset a new version
    when you put them in, and measure with `tumen eval`.
    """
    topic = parse_topic(*read_topic(options.config_of().topic))
    examples = examples_of(topic, [item for path in paths for item in gold.read_gold(path)])
    learnt = fit(examples)
    seen = {ground for example in examples for ground in example.amounts}
    weights = {**learnt.weights, **{g: topic.weights[g] for g in GROUNDS if g not in seen}}
    say(f"learnt from {len(examples)} items, {sum(e.relevant for e in examples)} of them relevant")
    print("[rules]")
    print(f"threshold = {learnt.threshold:.2f}")
    print("\n[weights]")
    for ground, meaning in GROUNDS.items():
        print(f"{f'{ground} = {weights[ground]:.2f}':{_WIDTH}}# {meaning}")
    return 0
