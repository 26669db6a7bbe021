"""Three workers and their Redis: started, struck, started again, measured."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from crawler.storage import embedded
from crawler.storage.connection import key
from tests.integration.crawls import environment
from tests.integration.scraping import fetch, free_port

LEASE = "5s"


@dataclass(slots=True)
class Worker:
    """One `tumen watch` in a session of its own, and the port of its monitor."""

    data: Path
    log: Path
    settings: dict[str, str]
    port: int = field(default_factory=free_port)
    child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, again perhaps."""
        with self.log.open("ab") as log:
            self.child = subprocess.Popen(
                [sys.executable, "-m", "crawler", "watch", "--data", str(self.data)],
                env=environment(**self.settings, TUMEN_METRICS=str(self.port)),
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Of the worker itself, not of its children."""
        assert self.child is not None
        return self.child.pid

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self.child is not None and self.child.poll() is None

    def signal(self, number: int) -> None:
        """Send a signal to the worker alone."""
        os.kill(self.pid, number)

    def kill(self) -> None:
        """kill -9 of all its processes."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        assert self.child is not None
        self.child.wait(timeout=10)

    def drain(self) -> float:
        """SIGTERM, and how long its end took."""
        assert self.child is not None
        began = time.monotonic()
        self.signal(signal.SIGTERM)
        assert self.child.wait(timeout=35) == 0
        return time.monotonic() - began

    def page(self) -> str | None:
        """/metrics, or None when it does not answer."""
        status, text = fetch(self.port, "/metrics", timeout_s=6)
        return text if status == 200 else None

    def memory_mb(self) -> float:
        """Resident memory of all its processes."""
        return sum(_resident_kb(pid) for pid in _session(self.pid)) / 1024

    def files(self) -> int:
        """Open files of the worker itself."""
        try:
            return len(os.listdir(f"/proc/{self.pid}/fd"))  # noqa: PTH208
        except FileNotFoundError:
            return 0


@dataclass(slots=True)
class Server:
    """The Redis of the soak; time is moved in it."""

    hold: embedded.Hold

    def ask(self, *command: str | int) -> object:
        """One command, when it answers."""
        try:
            with Redis.from_url(self.hold.url, socket_timeout=2) as client:
                return client.execute_command(*command)  # type: ignore[no-untyped-call]
        except (RedisError, OSError):
            return None

    def hurry(self, ms: int) -> None:
        """Let everything that is for later be due so much sooner."""
        moved = (
            "local n = 0 for _, job in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do "
            "redis.call('ZINCRBY', KEYS[1], -tonumber(ARGV[1]), job) n = n + 1 end return n"
        )
        self.ask("EVAL", moved, 1, key("later"), ms)

    def kill(self) -> None:
        """kill -9 of the server; it is brought back by `revive`."""
        with Redis.from_url(self.hold.url) as client:
            os.kill(int(client.info("server")["process_id"]), signal.SIGKILL)

    def revive(self) -> None:
        """Bring it back."""
        embedded.ensure(self.hold)


@contextmanager
def redis_server(folder: Path) -> Iterator[Server]:
    """A server of its own for as long as the block lasts."""
    with embedded.hold(folder) as hold:
        yield Server(hold)


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[bool]:
    """A disk of this size at a folder, where this user may make one; whether it is there."""
    folder.mkdir()
    mounted = sys.platform == "linux" and os.geteuid() == 0
    if mounted:
        size = f"size={megabytes}m"
        made = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", size, "tumen-soak", str(folder)], check=False
        )
        mounted = made.returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], check=False)


def _session(leader: int) -> Iterator[int]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError, IndexError):
                told = (folder / "stat").read_text().rpartition(")")[2].split()
                if int(told[3]) == leader:
                    yield int(folder.name)


def _resident_kb(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    return 0
