"""Where a page says in a line of its own whose news it prints: "Source link", "Source: X".

Promise: a label that stands alone, with the link beside it; a sentence that speaks of a source and
a photo's credit are none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from crawler.news.blocks import Block
from crawler.news.urls import absolute_url, same_site

_LONGEST = 90
_MOST = 3
_LABEL = re.compile(
    r"\W*(?:(?:original |news )?sources?|via|with material from|quelle|fuente|źródło|источник\w*"
    r"|джерел\w+|출처|원문|出典|引用元|(?:文章|新闻|新聞)?(?:来源|來源)|稿源)\s*[:：=]\s*[«\"“《「]*",
    re.IGNORECASE,
)
# In East Asian print it stands in one line with date and editor.
_INLINE = re.compile(
    r"(?<!图片)(?<!圖片)(?<!사진)(?<!사진 )(?:来源|來源|稿源|출처|出典)\s*[:：]\s*(?=\S{2})"
)
_LINK = re.compile(
    r"\W*(?:source(?: link)?|original (?:source|article|story)|read (?:the )?(?:full )?original"
    r"(?: article| story)?|(?:ссылка на )?источник|джерело|출처|원문(?: ?보기)?|出典(?:リンク)?"
    r"|元記事|原文(?:链接|連結)?|(?:来源|來源)(?:链接|連結)?|quelle|fuente|źródło|lien source)\W*",
    re.IGNORECASE,
)


class SourceLink(NamedTuple):
    """A label that names a source, and the address that it links."""

    text: str
    url: str = ""


def find_sources(blocks: Sequence[Block], url: str) -> tuple[SourceLink, ...]:
    """Find the labels among a page's blocks; links to the page's own site are not kept."""
    found: dict[SourceLink, None] = {}
    for block in blocks:
        if len(block.text) > _LONGEST or block.place.caption:
            continue
        text, is_link = block.text, _LINK.fullmatch(block.text)
        if inline := _INLINE.search(text):
            text = text[inline.start() :].partition(" ")[0]
        label = label_of(text)
        if not is_link and not label:
            continue
        target = absolute_url(block.href, url) if block.href else None
        away = target if target and not same_site(target, url) else ""
        if away or label:
            found[SourceLink(text, away)] = None
    return tuple(found)[:_MOST]


def label_of(text: str) -> str:
    """Read the label at the beginning of a line, with the sign behind it; empty where is none."""
    label = _LABEL.match(text)
    return label[0] if label else ""
