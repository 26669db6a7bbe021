"""Sending alerts as records land: the process that `tumen watch` keeps beside it, and its keeper.

It is a process of its own so that neither a search nor a receiver can hold up the crawl, and it
ends with the watch however that ends: its standard input is a pipe that the watch holds open. Of
all workers of a store one has the lock and sends; another takes over when that one is gone.

Promise: nothing that goes wrong here stops a watch or loses an alert.
"""

from __future__ import annotations

import logging
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TextIO

from crawler.app import alert_rounds
from crawler.app.alert_rounds import Post, now_utc, open_post
from crawler.config import Config
from crawler.errors import ConfigError, OutletError, TumenError
from crawler.events import facts
from crawler.storage.layout import files_of
from crawler.storage.outbox import Outbox, only_sender, open_outbox
from crawler.storage.watch_files import path_of

log = logging.getLogger(__name__)

LOOK_S: Final = 2.0
HEALTH_S: Final = 60.0
# What fails at once must not fail all the time.
RESTART_S: Final = (5.0, 300.0)
END_S: Final = 5.0
_NICE: Final = 10
_REDIS: Final = "TUMEN_REDIS_URL"


def follow(config: Config, stdin: TextIO) -> None:
    """Look and send until standard input ends; waits while another process sends."""
    os.nice(_NICE)
    while not _ended(stdin):
        with only_sender(config.data_dir) as is_only:
            if is_only:
                _Round(config, stdin).go_on()


class _Round:
    """The rounds of one process; it looks only where something changed since."""

    def __init__(self, config: Config, stdin: TextIO) -> None:
        self.config = config
        self.stdin = stdin
        self.post: Post | None = None
        self.file_seen: object = None
        self.store_seen: object = None
        self.health_at = -HEALTH_S

    def go_on(self) -> None:
        """Round after round, until standard input ends."""
        while not _ended(self.stdin):
            try:
                self._read_file()
                if self.post is not None:
                    with open_outbox(self.config.data_dir) as outbox:
                        self._look(self.post, outbox)
                        self._send(self.post, outbox)
            except (TumenError, OSError) as error:
                log.error("%s", facts(event="alerts_trouble", why=str(error)))
                self.store_seen = None
                if _ended(self.stdin, RESTART_S[0]):
                    return

    def _read_file(self) -> None:
        """Read the file of alerts when it changed; a wrong one leaves the last one standing."""
        path = path_of(self.config.alerts, self.config.data_dir)
        seen = _stat(path) if path else None
        if seen == self.file_seen:
            return
        self.file_seen, self.store_seen, self.health_at = seen, None, -HEALTH_S
        try:
            self.post = open_post(self.config)
        except (ConfigError, OutletError) as error:
            log.error("%s", facts(event="alerts_unread", why=str(error)))

    def _look(self, post: Post, outbox: Outbox) -> None:
        seen = _state_of(self.config.data_dir)
        if seen != self.store_seen:
            noticed = alert_rounds.look(post, outbox, now_utc())
            self.store_seen = seen
            if noticed:
                log.info("%s", facts(event="alerts_noticed", new=noticed))
        if time.monotonic() - self.health_at >= HEALTH_S:
            self.health_at = time.monotonic()
            try:
                alert_rounds.look_at_health(post, outbox, now_utc())
            except TumenError as error:
                log.warning("%s", facts(event="alerts_trouble", why=str(error)))

    def _send(self, post: Post, outbox: Outbox) -> None:
        done = alert_rounds.send_due(post, outbox, now_utc)
        if done.sent:
            log.info("%s", facts(event="alerts_sent", messages=done.sent))
        for target, why in done.failed:
            log.warning("%s", facts(event="alert_waits", target=target, why=why))
        for problem in done.problems:
            log.warning("%s", facts(event="alerts_trouble", why=problem))


@contextmanager
def following(config: Config) -> Iterator[None]:
    """Keep the process that sends beside a watch, from now to the end of the block.

    Raises ConfigError where the file of alerts is wrong from the start.
    """
    open_post(config)
    keeper = _Keeper(config)
    thread = threading.Thread(target=keeper.keep, name="alerts", daemon=True)
    thread.start()
    try:
        yield
    finally:
        keeper.end()
        thread.join(2 * END_S)


class _Keeper:
    """Starts the process as soon as there is a file of alerts, and again when it died."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.ending = threading.Event()
        self.child: subprocess.Popen[bytes] | None = None

    def keep(self) -> None:
        """Keep the process there, until the end is told."""
        pause_s = RESTART_S[0]
        while not self.ending.wait(0 if self._is_wanted() else RESTART_S[0]):
            if not self._is_wanted():
                continue
            began = time.monotonic()
            self.child = subprocess.Popen(
                command(self.config),
                env=environment(self.config, os.environ),
                stdin=subprocess.PIPE,
                start_new_session=True,
            )
            if self.ending.is_set():  # meanwhile
                _let_end(self.child)
            code = self.child.wait()
            _close_pipe(self.child)
            if self.ending.is_set():
                return
            log.error("%s", facts(event="alerts_ended", code=code))
            pause_s = RESTART_S[0] if time.monotonic() - began > RESTART_S[1] else 2 * pause_s
            self.ending.wait(min(pause_s, RESTART_S[1]))

    def end(self) -> None:
        """End the process, and wait for it a while; whatever it was at is done again later."""
        self.ending.set()
        if self.child is not None:
            _let_end(self.child)

    def _is_wanted(self) -> bool:
        return path_of(self.config.alerts, self.config.data_dir) is not None


def command(config: Config) -> list[str]:
    """The command line of the process."""
    where = ["--data", str(config.data_dir)]
    for path in config.outlets:
        where += ["--outlets", str(path)]
    return [sys.executable, "-m", "crawler", "alerts", "send", "--follow", *where]


def environment(config: Config, environ: Mapping[str, str]) -> dict[str, str]:
    """Its environment: the address of Redis may hold a password, and command lines are public."""
    told = {name: text for name, text in environ.items() if not name.startswith(_REDIS)}
    return {**told, _REDIS: config.redis_url} if config.redis_url else told


def _close_pipe(child: subprocess.Popen[bytes]) -> None:
    if child.stdin is not None:
        child.stdin.close()


def _let_end(child: subprocess.Popen[bytes]) -> None:
    _close_pipe(child)
    try:
        child.wait(END_S)
    except subprocess.TimeoutExpired:
        child.kill()


def _ended(stdin: TextIO, wait_s: float = LOOK_S) -> bool:
    """Whether standard input ended; waits for that a moment."""
    ready, _, _ = select.select([stdin], [], [], wait_s)
    return bool(ready) and not os.read(stdin.fileno(), 1024)


def _state_of(data_dir: Path) -> object:
    """What changes when there may be something to notice."""
    names = [*files_of(data_dir, "articles"), "marks.jsonl", "forgotten.jsonl"]
    return tuple((name, _stat(data_dir / name)) for name in names)


def _stat(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_size, found.st_mtime_ns
