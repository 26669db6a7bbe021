"""Patience: a worker waits for a Redis or a disk that is away, says so once, and goes on.

Promise: whatever is asked through here is answered or waited for; the user hears once that
something is away and once that it is back, however many tasks ran into it.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from scrapy.signalmanager import SignalManager

from crawler import signals
from crawler.errors import DependencyDown, StoreError
from crawler.storage.connection import Connection

log = logging.getLogger(__name__)
Answer = TypeVar("Answer")

# Waiting for Redis: quick at first (a restart takes a second), then every ten seconds.
FIRST_WAIT_S = 0.2
LONGEST_WAIT_S = 10.0
# Of the 30 s in which a worker stops, so much is left to a Redis that is away.
STOP_PATIENCE_S = 10.0
# A Redis that only refuses to write answers some of us: it is back when nobody failed for so long.
CALM_S = 3.0
# While the disk takes no lines one article is tried now and then, and nothing else is fetched.
FULL_DISK_PAUSE_S = 30.0


class Patience:
    """What one worker knows of troubles with its Redis and its disk."""

    def __init__(
        self, redis: Connection, bus: SignalManager, is_stopping: Callable[[], bool]
    ) -> None:
        self._redis = redis
        self._bus = bus
        self._is_stopping = is_stopping
        self._redis_is_away = False
        self._redis_failed_at = 0.0
        self._disk_failed_at: float | None = None

    async def ask(self, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        """Ask Redis until it answers.

        Raises DependencyDown only when the worker is told to stop meanwhile: then the leases in
        hand run out by themselves.
        """
        wait_s, began = FIRST_WAIT_S, time.monotonic()
        while True:
            try:
                answer = await ask()
            except DependencyDown as error:
                if self._is_stopping() and time.monotonic() - began > STOP_PATIENCE_S:
                    raise
                if not self._redis_is_away:
                    self._redis_is_away = True
                    self._tell(f"{error}; waiting for it, nothing is lost", over=False)
                self._redis_failed_at = time.monotonic()
                await self._revive()
                await asyncio.sleep(wait_s * random.uniform(0.8, 1.2))
                wait_s = min(LONGEST_WAIT_S, wait_s * 2)
            else:
                if self._redis_is_away and time.monotonic() - self._redis_failed_at > CALM_S:
                    self._redis_is_away = False
                    self._tell("Redis serves again; going on", over=True)
                return answer

    def disk_fails(self, error: StoreError) -> None:
        """The disk took no line."""
        if self._disk_failed_at is None:
            self._tell(f"{error}; tried again every {FULL_DISK_PAUSE_S:.0f} s", over=False)
        self._disk_failed_at = time.monotonic()

    def disk_works(self) -> None:
        """A line is on disk."""
        if self._disk_failed_at is not None:
            self._disk_failed_at = None
            self._tell("the disk takes lines again; going on", over=True)

    @property
    def disk_takes_lines(self) -> bool:
        """Whether the last line that was written is there."""
        return self._disk_failed_at is None

    @property
    def may_try_the_disk(self) -> bool:
        """Whether so much time has passed that there may be room again."""
        failed_at = self._disk_failed_at
        return failed_at is None or time.monotonic() - failed_at > FULL_DISK_PAUSE_S

    async def _revive(self) -> None:
        try:
            await self._redis.revive()
        except DependencyDown as error:
            log.debug("the embedded Redis did not come back yet: %s", error)

    def _tell(self, message: str, *, over: bool) -> None:
        log.log(logging.INFO if over else logging.WARNING, "%s", message)
        self._bus.send_catch_log(signals.trouble, message=message, over=over)
