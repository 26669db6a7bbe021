"""What a reader of the store may ask for: one value, whoever asks, from commands to a web page.

Promise: a query holds what is asked and nothing of how it is answered; two that are equal get the
same answer from the same store.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Order = Literal["best", "newest", "oldest", "discovered"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which records are wanted, and in which order.

    `text` is what a person types: words that must all occur, phrases in quotes. `since` (inclusive)
    and `until` (exclusive) bound when a record appeared: its date, or that of its discovery where
    it has none. Of `topics`, `outlets`, `countries` and `languages` any one must fit; an empty one
    asks nothing. `cites` is a name to whom a report owes its news, or whom it quotes. `unseen` asks
    for what nobody marked as seen or used, `shareable` for what may leave the machine.
    `ids` names records; `arrived` (inclusive) bounds when a record was fetched for the first time,
    whatever its date.

    `order`: "best" fits the text best, "newest" and "oldest" go by when it appeared, "discovered"
    by when it was found, newest first. Without a text, "best" is "newest".
    """

    text: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    topics: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    story: str | None = None
    cites: str | None = None
    ids: tuple[str, ...] = ()
    arrived: datetime | None = None
    unseen: bool = False
    used: bool = False
    shareable: bool = False
    order: Order = "newest"
    limit: int | None = None
    offset: int = 0
