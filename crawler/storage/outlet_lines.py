"""What is remembered of an outlet's last pages, so that its furniture can be told: fingerprints.

Promise: at most the last pages of each outlet, for a limited time; forgetting an outlet's lines
takes effect in every worker within minutes.
"""

from __future__ import annotations

import json

from crawler.news.recurring import PAGES, PageLines
from crawler.storage.connection import Connection, key

# An outlet that printed nothing of interest for so long may look otherwise by now.
KEPT_S = 45 * 86_400


async def remember(redis: Connection, outlet: str, lines: PageLines) -> None:
    """Add a page to what is remembered of its outlet; one without lines says nothing."""
    if lines.labels or lines.sentences:
        told = json.dumps([lines.page, lines.labels, lines.sentences], separators=(",", ":"))
        await redis.run("remember_lines", outlet, told, PAGES, KEPT_S)


async def recall(redis: Connection, outlet: str) -> list[PageLines]:
    """The pages that are remembered of an outlet, the latest last."""
    told = await redis.ask("LRANGE", key("lines", outlet), 0, -1)
    pages = (json.loads(text) for text in reversed(told))
    return [
        PageLines(page=page, labels=tuple(labels), sentences=tuple(sentences))
        for page, labels, sentences in pages
    ]


async def unlearn(redis: Connection, outlet: str) -> bool:
    """Forget the lines of an outlet; False when nothing was remembered of it."""
    return bool(await redis.ask("DEL", key("lines", outlet)))
