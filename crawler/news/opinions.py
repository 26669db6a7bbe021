"""Which blocks of a page are its article: the extractor's opinion, held against our own.

Promise: a block that both take for text is text; where they differ the signs of the page decide,
and every decision has its reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from crawler.news.blocks import OUTSIDE, PROSE, UNDECIDED, Block, Choice, Hints
from crawler.news.leads import add_lead, add_subheads, drop_loose_headings, drop_repeats
from crawler.news.printed import key_of
from crawler.news.regions import Region, find_region
from crawler.news.teasers import find_teasers

_KEY_FOUND = 25  # letters; a shorter line is looked for whole, not within others
_FEW_LINKS = 0.4  # share of links up to which a block is taken without the extractor
_MOST_LINKS = 0.6
_HOLDS_TEXT = 0.5  # share of the text in parts of a name that shows the name to mean nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """A page's blocks with what the extractor says of them, and what is no text whoever says so."""

    blocks: Sequence[Block]
    told: Collection[Block]
    framed: Collection[Block]
    captions: Collection[Block]
    teasers: Collection[Block]

    def is_text(self, block: Block) -> bool:
        """Whether a block stands where an article may: prose, or a short sentence of the text."""
        return (
            (block.is_prose or (block in self.told and block.is_short_prose))
            and block not in self.framed
            and block not in self.captions
            and block not in self.teasers
            and not block.place.is_hidden
        )


def choose(blocks: Sequence[Block], main_text: Iterable[str], hints: Hints) -> list[Choice]:
    """Decide for each block whether it is the article's; `main_text` is the extractor's."""
    told = _find_told(blocks, main_text)
    headline = _find_headline(blocks, hints)
    page = _Page(
        blocks=blocks,
        told=told,
        framed=_find_framed(blocks, told),
        captions=_find_captions(blocks, told),
        teasers=find_teasers(blocks, hints.path, headline, {b for b in told if b.is_prose}),
    )
    texts = [block for block in blocks if page.is_text(block)]
    region = find_region(blocks, texts, told)
    choices = [_judge(block, page, region) for block in blocks]
    choices = drop_loose_headings(drop_repeats(add_subheads(add_lead(choices, headline, hints))))
    return [choice._replace(told=choice.block in told) for choice in choices]


def _find_told(blocks: Sequence[Block], main_text: Iterable[str]) -> set[Block]:
    """Find the blocks that the extractor gave, in whatever lines it cut them."""
    keys = [key for line in main_text if (key := key_of(line))]
    lines, whole = set(keys), "".join(keys)
    return {
        block
        for block in blocks
        if block.key in lines or (len(block.key) > _KEY_FOUND and block.key in whole)
    }


def _find_headline(blocks: Sequence[Block], hints: Hints) -> Block | None:
    """Find the first heading that says a title, else the first h1."""
    keys = {key_of(title) for title in hints.titles}
    first = None
    for block in blocks:
        if block.is_heading and block.key in keys:
            return block
        if first is None and block.place.holder.tag == "h1":
            first = block
    return first


def _find_framed(blocks: Sequence[Block], told: Collection[Block]) -> set[Block]:
    words = _empty_words(((block, block.place.frames) for block in blocks), told)
    return {block for block in blocks if not words.isdisjoint(block.place.frames)}


def _find_captions(blocks: Sequence[Block], told: Collection[Block]) -> set[Block]:
    named = [(block, (block.place.caption,)) for block in blocks if block.place.caption]
    words = _empty_words(named, told)
    return {block for block, (word,) in named if word in words and not block.is_heading}


def _empty_words(
    named: Iterable[tuple[Block, tuple[str, ...]]], told: Collection[Block]
) -> set[str]:
    """Name the words that mean what they say: parts of that name hold little of the text."""
    held: Counter[str] = Counter()
    whole = 0
    for block, words in named:
        weight = block.size if block.is_prose and (block in told or not told) else 0
        whole += weight
        for word in set(words):
            held[word] += weight
    return {word for word, size in held.items() if size <= _HOLDS_TEXT * max(whole, 1)}


def _judge(block: Block, page: _Page, region: Region) -> Choice:
    """Judge one block: what is no text first, then the extractor, then our own signs."""
    if block in page.teasers:
        return Choice(block, False, "announces another article")
    if block in page.captions:
        return Choice(block, False, "a caption")
    is_of_kind = block.style in region.kinds
    if block in page.framed and not (is_of_kind and block.style[2] and block in page.told):
        return Choice(block, False, f"in a part named {', '.join(block.place.frames)}")
    if block in page.told:
        if block.linked > _MOST_LINKS and not (is_of_kind and block.is_sentence):
            return Choice(block, False, "mostly a link")
        return Choice(block, True, "main text")
    if block.place.is_hidden or block.owner not in region.within:
        return Choice(block, False, OUTSIDE)
    if is_of_kind and block.style[2] and (block.linked < _FEW_LINKS or _links_within(block)):
        return Choice(block, True, "of the kind of the main text")
    if region.has_more and (block.is_prose or _continues(block, region)):
        return Choice(block, True, "the main text stopped too early")
    return Choice(block, False, UNDECIDED)


def _links_within(block: Block) -> bool:
    return block.is_sentence and block.linked < 0.95 and block.size >= PROSE


def _continues(block: Block, region: Region) -> bool:
    tag = block.place.holder.tag
    return block.linked < 0.3 and (
        block.owner in region.owners or block.is_heading or tag in ("p", "blockquote", "li")
    )
