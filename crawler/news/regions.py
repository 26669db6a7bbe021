"""Where on a page the article stands: from the owner of most of its text outward.

Promise: the part that is found holds the text; what it adds around it is text for the most part.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from lxml.html import HtmlElement

from crawler.news.blocks import Block

Key = TypeVar("Key", bound=Hashable)

_GROWS = 0.1  # of the text that a wider part of the page must add
_PURE = 0.6  # share of text in what it adds
_STOPPED = 1.6  # times the extractor's text that ours must be to say that it stopped too early
_OF_A_KIND = 0.3  # share of the extractor's text that makes a kind of block the text's kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Where the text stands: its owners, all owners around it, and its kinds of block.

    `has_more`: there is so much more text than the extractor gave that it stopped too early.
    """

    owners: Collection[HtmlElement]
    within: Collection[HtmlElement]
    kinds: Collection[tuple[str, str, str]]
    has_more: bool


def find_region(blocks: Sequence[Block], texts: Sequence[Block], told: Collection[Block]) -> Region:
    """Find where the text stands; `texts` may be it by our own signs, `told` is the extractor's."""
    anchors = [block for block in texts if block in told] or texts
    owners = _sizes((block.owner, block.size) for block in anchors)
    root = _find_root(blocks, texts, owners)
    within = {
        owner
        for owner in {block.owner for block in blocks}
        if owner is root or any(ancestor is root for ancestor in owner.iterancestors())
    }
    kinds = _sizes((block.style, block.size) for block in anchors)
    told_size = sum(block.size for block in anchors if block in told)
    ours = sum(block.size for block in texts if block.owner in within)
    return Region(
        owners=owners.keys(),
        within=within,
        kinds={kind for kind, size in kinds.items() if size > _OF_A_KIND * told_size},
        has_more=ours > _STOPPED * told_size,
    )


def _find_root(
    blocks: Sequence[Block], texts: Sequence[Block], owners: Mapping[HtmlElement, int]
) -> HtmlElement | None:
    """Find the part of the page that holds the article: from the owner of most text outward."""
    if not owners:
        return None
    text, whole = _spread(texts), _spread(blocks)
    root = max(owners, key=lambda owner: owners[owner])
    for wider in list(root.iterancestors()):
        more = text.get(wider, 0) - text.get(root, 0)
        if more > _GROWS * text.get(root, 0) and more > _PURE * (whole[wider] - whole[root]):
            root = wider
    return root


def _spread(blocks: Iterable[Block]) -> Counter[HtmlElement]:
    """Add up the text below each element."""
    sizes: Counter[HtmlElement] = Counter()
    for owner, size in _sizes((block.owner, block.size) for block in blocks).items():
        sizes[owner] += size
        for ancestor in owner.iterancestors():
            sizes[ancestor] += size
    return sizes


def _sizes(pairs: Iterable[tuple[Key, int]]) -> Counter[Key]:
    sizes: Counter[Key] = Counter()
    for key, size in pairs:
        sizes[key] += size
    return sizes
