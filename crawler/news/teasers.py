"""Blocks that announce other articles: lists of links, teasers, further posts on the same page.

Promise: a block is taken for a teaser by what its whole kind does on the page, or because it leads
to the same other page as the heading above it; a single link in a sentence makes none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from lxml.html import HtmlElement

from crawler.news.blocks import PROSE, Block

_LINKED_LIST = 0.35  # share of a list's letters in links from which it is one of links
_LIST_ITEMS = 3
_HEADING_SIZE = 20
_HEADING_LENGTH = 300
_OWN_SHARE = 0.15  # of the text, for a post to be the article's
_REPEATS = 2  # teasers of a kind; one alone may be a report that begins below a link
_KIND = 0.8  # share of a kind's blocks that must stand below a link


def find_teasers(
    blocks: Sequence[Block], path: str, headline: Block | None, text: Collection[Block]
) -> set[Block]:
    """Name the blocks that are about other pages than `path`.

    `headline` is the page's own, `text` what is taken for its article so far.
    """
    below = _below_links(blocks, path) | _linked_with_heading(blocks, path)
    return (
        below
        | _headings_above(blocks, below, path)
        | _items_of_link_lists(blocks)
        | _of_other_posts(blocks, headline, text)
    )


def _items_of_link_lists(blocks: Sequence[Block]) -> set[Block]:
    lists: defaultdict[HtmlElement, list[Block]] = defaultdict(list)
    for block in blocks:
        if block.list_of is not None:
            lists[block.list_of].append(block)
    found: set[Block] = set()
    for items in lists.values():
        linked = sum(item.linked * len(item.text) for item in items)
        if len(items) >= _LIST_ITEMS and linked > _LINKED_LIST * sum(len(i.text) for i in items):
            found.update(items)
    return found


def _below_links(blocks: Sequence[Block], path: str) -> set[Block]:
    """Find the kinds of block that stand below links to other pages, one by one."""
    kinds: defaultdict[tuple[str, str, str], list[bool]] = defaultdict(list)
    is_below = False
    for block in blocks:
        if _can_be_teaser(block):
            kinds[block.style].append(is_below)
        if _is_linked_heading(block, path):
            is_below = True
        elif block.size >= PROSE:  # what is shorter is a date, a section or who wrote it
            is_below = False
    teasing = {
        kind
        for kind, below in kinds.items()
        if sum(below) >= _REPEATS and sum(below) >= _KIND * len(below)
    }
    return {block for block in blocks if block.style in teasing and _can_be_teaser(block)}


def _can_be_teaser(block: Block) -> bool:
    return block.size >= 40 and block.linked < 0.5


def _is_linked_heading(block: Block, path: str) -> bool:
    share = 0.4 if block.is_heading else 0.8
    return (
        block.linked > share
        and _HEADING_SIZE <= block.size < _HEADING_LENGTH
        and block.leads_away(path)
    )


def _linked_with_heading(blocks: Sequence[Block], path: str) -> set[Block]:
    """Find the blocks that are one link, to where the heading above them leads as well."""
    return {
        block
        for before, block in pairwise(blocks)
        if block.linked > 0.9
        and block.href == before.href
        and before.is_heading
        and block.leads_away(path)
    }


def _headings_above(blocks: Sequence[Block], below: Collection[Block], path: str) -> set[Block]:
    return {
        before
        for before, block in pairwise(blocks)
        if block in below and _is_linked_heading(before, path)
    }


def _of_other_posts(
    blocks: Sequence[Block], headline: Block | None, text: Collection[Block]
) -> set[Block]:
    """Find what stands in other posts than the one that holds headline and text of the page."""
    own = headline.place.post if headline is not None else None
    if own is None:
        return set()
    held = sum(block.size for block in text if own in (block.place.post, *_posts_around(block)))
    if held < _OWN_SHARE * sum(block.size for block in text):
        return set()
    return {
        block
        for block in blocks
        if block.place.post is not own
        and block.place.post is not None
        and own not in _posts_around(block)
        and block.place.post not in own.iterancestors()
    }


def _posts_around(block: Block) -> Iterator[HtmlElement]:
    if block.place.post is not None:
        yield from block.place.post.iterancestors()
