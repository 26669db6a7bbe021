"""From the address of a page to what it asks, and from there to the addresses of its neighbors.

Promise: an address means the same as the options of a command of that name; what means nothing is
refused with the forms that do, and no address asks for an unbounded answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from crawler.app.selection import query_of
from crawler.errors import ConfigError
from crawler.news.queries import Order, Query

SINGLE = ("q", "since", "until", "cites", "story", "unseen", "order")
MANY = ("topic", "outlet", "country", "language")
ORDERS: Mapping[str, str] = {
    "best": "Best first", "newest": "Newest first", "oldest": "Oldest first",
    "discovered": "Found last first",
}  # fmt: skip
_LONGEST = 400
_VALUES_MOST = 30
_PAGES_MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an address asks: the query, and the words it was asked in."""

    query: Query
    words: tuple[tuple[str, str], ...]
    page: int = 1

    @property
    def chosen(self) -> Mapping[str, str]:
        """The fields that have one value, as they were typed."""
        return {name: value for name, value in self.words if name in SINGLE}

    def all(self, name: str) -> list[str]:
        """The values of a field that may have several."""
        return [value for known, value in self.words if known == name]

    @property
    def is_filtered(self) -> bool:
        """Whether anything but words and order is asked for."""
        return any(name not in ("q", "order") for name, _value in self.words)

    @property
    def string(self) -> str:
        """The question as it stands in an address, "" or "?...", without its page."""
        return f"?{urlencode(self.words)}" if self.words else ""

    def at(self, page: int) -> str:
        """The same question on another page."""
        words = self.words if page == 1 else (*self.words, ("page", str(page)))
        return f"?{urlencode(words)}"

    def without(self, name: str, value: str) -> str:
        """The question without one of its conditions."""
        words = [pair for pair in self.words if pair != (name, value)]
        return f"?{urlencode(words)}"


def asked_of(params: QueryParams, *, order: Order, size: int) -> Asked:
    """What the parameters of an address ask; `order` is that of the page, unless they have one.

    The query asks for one record more than a page holds, so that it is known whether there is a
    next one. Raises ConfigError for what means nothing.
    """
    words = _words(params)
    chosen: dict[str, Any] = dict.fromkeys(SINGLE) | dict.fromkeys(MANY, ())
    for name, value in words:
        chosen[name] = (*chosen[name], value) if name in MANY else value
    chosen["unseen"] = bool(chosen["unseen"])
    wanted = chosen["order"] or order
    if wanted not in ORDERS:
        raise ConfigError(f"order {wanted}: expected one of {', '.join(ORDERS)}.")
    page = _page(params.get("page"))
    try:
        query = query_of(chosen, text=chosen["q"], order=wanted, limit=size + 1)
    except ConfigError as error:
        raise ConfigError(str(error).removeprefix("--")) from error
    offset = (page - 1) * size
    return Asked(query=replace(query, offset=offset), words=tuple(words), page=page)


def one_more(found: Sequence[Any], size: int) -> tuple[list[Any], bool]:
    """What a page shows of what was found, and whether there is more."""
    return list(found[:size]), len(found) > size


def _words(params: QueryParams) -> list[tuple[str, str]]:
    words = []
    for name, value in params.multi_items():
        value = value.strip()
        if not value or name not in (*SINGLE, *MANY):
            continue
        if len(value) > _LONGEST:
            raise ConfigError(f"{name}: at most {_LONGEST} characters, please.")
        words.append((name, value))
    if len(words) > _VALUES_MOST:
        raise ConfigError(f"at most {_VALUES_MOST} conditions at once, please.")
    return words


def _page(text: str | None) -> int:
    if not text:
        return 1
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= _PAGES_MOST):
        raise ConfigError(f"page {text[:20]}: expected a number from 1 to {_PAGES_MOST}.")
    return int(text)
