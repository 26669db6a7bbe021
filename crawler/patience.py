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

from crawler.errors import DependencyDown, StoreError
from crawler.events import facts
from crawler.storage.connection import Connection

log = logging.getLogger(__name__)
Answer = TypeVar("Answer")

# Waiting for Redis: quick at first (a restart takes a second), then every ten seconds.
FIRST_WAIT_S = 0.2
LONGEST_WAIT_S = 10.0
# Of the 30 s in which a worker stops, so much is left to a Redis that is away.
STOP_PATIENCE_S = 10.0
# While the disk takes no lines one article is tried now and then, and nothing else is fetched.
FULL_DISK_PAUSE_S = 30.0


class Patience:
    """What one worker knows of troubles with its Redis and its disk."""

    def __init__(self, redis: Connection, is_stopping: Callable[[], bool]) -> None:
        self._redis = redis
        self._is_stopping = is_stopping
        self._redis_is_away = False
        self._stuck = 0
        self._disk_failed_at: float | None = None

    async def ask(self, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        """Ask Redis until it answers.

        Raises DependencyDown only when the worker is told to stop meanwhile: then the leases in
        hand run out by themselves.
        """
        wait_s, began, is_stuck = FIRST_WAIT_S, time.monotonic(), False
        try:
            while True:
                try:
                    return await ask()
                except DependencyDown as error:
                    if self._is_stopping() and time.monotonic() - began > STOP_PATIENCE_S:
                        raise
                    if not is_stuck:
                        is_stuck = True
                        self._stuck += 1
                    self._say_away(error)
                    await self._revive()
                    await asyncio.sleep(wait_s * random.uniform(0.8, 1.2))
                    wait_s = min(LONGEST_WAIT_S, wait_s * 2)
        finally:
            if is_stuck:
                self._stuck -= 1
                self._say_back()

    def _say_away(self, error: DependencyDown) -> None:
        if not self._redis_is_away:
            self._redis_is_away = True
            message = f"{error}; waiting for it, nothing is lost"
            log.warning("%s", facts(event="redis_away", message=message))

    def _say_back(self) -> None:
        # One that only refuses to write answers some of us all the time: it is back when nobody
        # who was refused waits any more.
        if self._redis_is_away and not self._stuck and not self._is_stopping():
            self._redis_is_away = False
            log.warning("%s", facts(event="redis_back", message="Redis serves again; going on"))

    def disk_fails(self, error: StoreError) -> None:
        """The disk took no line."""
        if self._disk_failed_at is None:
            message = f"{error}; tried again every {FULL_DISK_PAUSE_S:.0f} s"
            log.warning("%s", facts(event="disk_fails", message=message))
        self._disk_failed_at = time.monotonic()

    def disk_works(self) -> None:
        """A line is on disk."""
        if self._disk_failed_at is not None:
            self._disk_failed_at = None
            message = "the disk takes lines again; going on"
            log.warning("%s", facts(event="disk_works", message=message))

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
