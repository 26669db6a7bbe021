"""What the pages of one server share: the store, the catalogue, health, and what may be shown.

Promise: beyond loopback a text is shown in full only when TUMEN_FULL_TEXT says so, and what asks
for no copies never.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from starlette.requests import Request

from crawler.app.alert_rounds import Post, open_post
from crawler.app.web.health import Health
from crawler.config import Config
from crawler.errors import TumenError
from crawler.news.excerpts import is_shareable
from crawler.news.outlets import Outlet
from crawler.storage.catalogue import load_catalogue
from crawler.storage.gathering import Houses, houses_of
from crawler.storage.left_out import Journal
from crawler.storage.shelf import Shelf

_READ_AGAIN_S = 60.0
Figures = TypeVar("Figures")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Who looks: `is_shared` beyond this machine; `full_text` as TUMEN_FULL_TEXT says."""

    is_shared: bool
    full_text: bool

    @property
    def shows_texts(self) -> bool:
        """Whether whole texts are shown, and not their beginnings only."""
        return self.full_text or not self.is_shared

    def told(self, revisions: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """The revisions of a record that may be shown."""
        return [said for said in revisions if not self.is_shared or is_shareable(said)]


@dataclass(frozen=True)
class Catalogue:
    """The cards at one time."""

    outlets: tuple[Outlet, ...]
    read_at: float

    @cached_property
    def by_id(self) -> Mapping[str, Outlet]:
        """Every card by its id."""
        return {outlet.id: outlet for outlet in self.outlets}

    @cached_property
    def houses(self) -> Houses:
        """Whose voice each outlet is."""
        return houses_of(self.outlets)


@dataclass(slots=True)
class Memory:
    """Figures of long periods, which a minute does not change: they cost 0.2 s to count anew."""

    _held: dict[Hashable, tuple[float, Any]] = field(default_factory=dict)

    def get(self, key: Hashable, count: Callable[[], Figures]) -> Figures:
        """What was counted less than a minute ago, or is counted now."""
        now = time.monotonic()
        known = self._held.get(key)
        if known is not None and now - known[0] < _READ_AGAIN_S:
            figures: Figures = known[1]
            return figures
        counted = count()
        # Keys name days: yesterday's go.
        self._held = {name: one for name, one in self._held.items() if now - one[0] < _READ_AGAIN_S}
        self._held[key] = (now, counted)
        return counted


@dataclass(slots=True, kw_only=True)
class Site:
    """One server's pages. `key` signs tokens and lives as long as the process."""

    config: Config
    shelf: Shelf
    journal: Journal
    health: Health
    terms: Terms
    key: bytes
    memory: Memory = field(default_factory=Memory)
    _catalogue: Catalogue | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def catalogue(self) -> Catalogue:
        """The cards, read again every minute: a user's own may change."""
        with self._lock:
            known = self._catalogue
            if known is not None and time.monotonic() - known.read_at < _READ_AGAIN_S:
                return known
            try:
                outlets = load_catalogue(self.config.outlets, self.config.data_dir)
            except TumenError:
                if known is None:
                    raise
                outlets = known.outlets  # a card that is being edited; `tumen outlets list` tells
            self._catalogue = Catalogue(outlets, time.monotonic())
            return self._catalogue

    @property
    def post(self) -> Post | None:
        """The alerts of this store, read again every minute; None where there is no file of them.

        Raises ConfigError for a file that cannot be read as one.
        """
        post: Post | None = self.memory.get("alerts", lambda: open_post(self.config))
        return post


def site_of(request: Request) -> Site:
    """The site that a request is for."""
    site: Site = request.app.state.site
    return site
