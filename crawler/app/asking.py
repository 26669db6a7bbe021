"""Asking for one page outside a crawl, with the same door and the same manners.

Promise: robots.txt first, one request after the other, and nothing that a crawl would not ask for.
"""

from __future__ import annotations

from collections.abc import Sequence

from crawler.app.terminal import say
from crawler.app.visiting import Answer, NoAnswer, visit
from crawler.config import Config
from crawler.news.outlets import Outlet


def ask_once(config: Config, catalogue: Sequence[Outlet], url: str) -> Answer | None:
    """Fetch one page; None when that is not possible (the reason is said)."""
    got: Answer | NoAnswer = visit(config, catalogue, lambda visitor: visitor.ask(url))
    if isinstance(got, NoAnswer):
        say(f"{got.url}: {got.why}")
        return None
    return got
