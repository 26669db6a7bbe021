"""The last touches on a choice of blocks: the lead, what stands twice, headings without text.

Promise: what is added stands between headline and text and is marked as a lead; what is taken away
says nothing that the rest does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from crawler.news.blocks import OUTSIDE, UNDECIDED, Block, Choice, Hints
from crawler.news.printed import key_of

_REPEATED = 60
_LEAD = 40
_LISTED_LEAD = 70
_LEAD_BLOCKS = 15  # above the text in which a described lead is looked for without a headline
_HEADER_BLOCKS = 60  # between headline and text, at most
_COMPARED = 200  # blocks of the text that a lead is compared with
_SUBHEADLINE = 3  # blocks below the headline in which a heading is a subheadline


def add_lead(choices: list[Choice], headline: Block | None, hints: Hints) -> list[Choice]:
    """Take in the lead that stands between headline and text, where something says it is one."""
    choices = list(choices)
    first = next((n for n, c in enumerate(choices) if c.kept and c.block.is_prose), 0)
    begin = next((n + 1 for n, c in enumerate(choices[:first]) if c.block is headline), None)
    kept = [choice.block.key for choice in choices if choice.kept][:_COMPARED]
    described = key_of(hints.description)[:40]
    titles = {key_of(title) for title in hints.titles}
    reach = first - (_LEAD_BLOCKS if begin is None else _HEADER_BLOCKS)
    for n in range(max(0, begin or 0, reach), first):
        block = choices[n].block
        if (
            choices[n].reason not in (OUTSIDE, UNDECIDED)
            or block.place.is_hidden
            or block.size < _LEAD
        ):
            continue
        if block.linked > 0.3 or block.key in titles or any(block.key in key for key in kept):
            continue
        is_described = len(described) > 20 and block.key.startswith(described)
        if is_described or (begin is not None and _is_lead(block, n - begin)):
            choices[n] = Choice(block, True, "the lead")
    return choices


def _is_lead(block: Block, place: int) -> bool:
    """Whether a block is marked as a lead; `place` counts from the headline."""
    is_item = block.place.item is not None and block.is_sentence and block.size > _LISTED_LEAD
    return block.place.is_lead or is_item or (block.is_heading and place < _SUBHEADLINE)


def add_subheads(choices: list[Choice]) -> list[Choice]:
    """Take in the headings that stand right above a block of the text, below its beginning."""
    result = list(choices)
    has_begun = False
    for n, (choice, below) in enumerate(pairwise(choices)):
        block = choice.block
        is_subhead = block.is_heading and block.linked < 0.3 and not block.place.is_hidden
        if has_begun and is_subhead and choice.reason == UNDECIDED and below.kept:
            result[n] = Choice(block, True, "a subhead of the text")
        has_begun = has_begun or (choice.kept and block.is_prose)
    return result


def drop_repeats(choices: Iterable[Choice]) -> list[Choice]:
    """Drop what stood before in the same words: pages print some parts for two kinds of screen."""
    seen: set[str] = set()
    result = []
    for choice in choices:
        key = choice.block.key
        if choice.kept and choice.block.size > _REPEATED:
            if key in seen:
                choice = Choice(choice.block, False, "stood before")
            seen.add(key)
        result.append(choice)
    return result


def drop_loose_headings(choices: list[Choice]) -> list[Choice]:
    """Drop headings of the page itself above the text, and those below which no text is left."""
    prose = [n for n, choice in enumerate(choices) if choice.kept and choice.block.is_prose]
    first = prose[0] if prose else 0
    result, below = [], None
    for n, choice in reversed(list(enumerate(choices))):
        block = choice.block
        if choice.kept and block.is_heading:
            if n < first and block.place.holder.tag == "h1":
                choice = Choice(block, False, "the headline")
            elif below is None:
                choice = Choice(block, False, "a heading without text")
        if choice.kept:
            below = block
        result.append(choice)
    return result[::-1]
