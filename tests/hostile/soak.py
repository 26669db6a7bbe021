"""A soak: `tumen watch` against every hostile outlet at once, for half an hour, and what it costs.

    python -m tests.hostile.soak [MINUTES]        (make hostile-soak ARGS=30)

The cadence is compressed by moving due times in the trial's Redis: whatever waits for its time is
due every half minute. Sources announce the same misbehavior at new addresses at every poll, honest
outlets a new article. Shown are, for every minute, memory, open files, threads and children of the
worker; at the end whether they grew, and how long the worker took to end. Linux only.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from crawler.storage.connection import connect, key
from tests.hostile.canary import free_port, http, listening
from tests.hostile.certificates import make_certificates
from tests.hostile.row import Row
from tests.hostile.stage import Answer, article, feed, item, stage
from tests.hostile.test_table import ROWS
from tests.hostile.trial import DRAIN_LIMIT_S, command, prepare, settings_of
from tests.integration.crawls import records_of

TICK_S = 30.0
WARM_UP = 5  # minutes; caches fill, pools and connections open
GROWTH = 1.10
# What is compared of the first third and the last. Files and sockets come and go with every slow
# host and every child that is replaced: what leaks raises their least number.
_COMPARED: Mapping[str, Callable[[Iterator[float]], float]] = {
    "worker_mb": statistics.median,
    "files": min,
    "sockets": min,
    "threads": statistics.median,
    "children": statistics.median,
}


@dataclass(slots=True)
class Repeating(Mapping[str, Answer | list[Answer]]):
    """The pages of a row, announced at new addresses at every poll."""

    pages: Mapping[str, Answer | list[Answer]]
    polls: int = 0

    def __getitem__(self, path: str) -> Answer | list[Answer]:
        plain = path.partition("?n=")[0]
        answer = self.pages[plain]
        if not plain.startswith("/source"):
            return answer
        self.polls += 1
        if isinstance(answer, list):
            answer = answer[self.polls % len(answer)]
        return _renumbered(answer, self.polls) if isinstance(answer, bytes) else answer

    def __iter__(self) -> Iterator[str]:
        return iter(self.pages)

    def __len__(self) -> int:
        return len(self.pages)


def _renumbered(answer: bytes, number: int) -> bytes:
    head, _, body = answer.partition(b"\r\n\r\n")
    body = re.sub(rb"/(bad|good|other|1|2)(?=<)", rb"/\1?n=%d" % number, body)
    head = re.sub(rb"Content-Length: \d+", b"Content-Length: %d" % len(body), head)
    return head + b"\r\n\r\n" + body


def honest(name: str) -> Row:
    """An outlet with news at every poll."""
    return Row(
        name=name,
        lines="",
        pages=lambda base: {"/source": feed(item(f"{base}/good")), "/good": article()},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What the worker holds at a moment: MB, counts."""

    worker_mb: float
    readers_mb: float
    files: int
    sockets: int
    threads: int
    children: int
    zombies: int
    redis_mb: float
    records: int


@dataclass(slots=True)
class Watch:
    """A watch that runs, and what was seen of it."""

    process: subprocess.Popen[bytes]
    data: Path
    samples: list[Sample] = field(default_factory=list)

    def sample(self) -> Sample:
        """Look at the worker now."""
        pid = self.process.pid
        below = [child for child in _descendants(pid) if child != pid]
        readers = [child for child in below if b"forkserver" in _read(child, "cmdline")]
        links = _links(pid)
        return Sample(
            worker_mb=_rss_mb(pid),
            readers_mb=sum(map(_rss_mb, readers)),
            files=len(links),
            sockets=sum(link.startswith("socket:") for link in links),
            threads=len(list(Path(f"/proc/{pid}/task").iterdir())),
            children=len(below),
            zombies=sum(_state(child) == "Z" for child in below),
            redis_mb=asyncio.run(_make_due(self.data)) / 1e6,
            records=len(records_of(self.data)),
        )


async def _make_due(data: Path) -> int:
    """Let all pauses pass; returns the bytes that Redis holds."""
    redis = await connect(data, None)
    try:
        for name in ("later", "hosts"):
            for member in await redis.ask("ZRANGE", key(name), 0, -1):
                await redis.ask("ZADD", key(name), "XX", 1, member)
        return int((await redis.ask("INFO", "memory"))["used_memory"])
    finally:
        await redis.close()


def _read(pid: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""


def _state(pid: int) -> str:
    return _read(pid, "stat").rpartition(b")")[2].split()[:1][0].decode() if _alive(pid) else ""


def _alive(pid: int) -> bool:
    return bool(_read(pid, "stat"))


def _rss_mb(pid: int) -> float:
    found = re.search(rb"VmRSS:\s+(\d+) kB", _read(pid, "status"))
    return int(found[1]) / 1024 if found else 0.0


def _links(pid: int) -> list[str]:
    found = []
    for path in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found.append(str(path.readlink()))
        except OSError:
            continue  # closed meanwhile
    return found


def _descendants(pid: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            fields = _read(int(path.name), "stat").rpartition(b")")[2].split()
            if len(fields) > 1:
                parents.setdefault(int(fields[1]), []).append(int(path.name))
    found, left = [], [pid]
    while left:
        found.append(left.pop())
        left += parents.get(found[-1], [])
    return found


def _of_folder(data: Path) -> list[int]:
    """Processes that name this data folder, or work in it: the supervisor and the server."""
    mark = str(data).encode()
    own = os.getpid()
    return [
        int(path.name)
        for path in Path("/proc").iterdir()
        if path.name.isdigit()
        and int(path.name) != own
        and mark in _read(int(path.name), "cmdline")
    ]


def soak(minutes: int) -> bool:
    """Run it; returns whether nothing grew and nothing was left."""
    rows = (*ROWS, *(honest(f"honest {at}") for at in range(3)))
    folder = Path(tempfile.mkdtemp(prefix="tumen-hostile-"))
    trusted, contexts = make_certificates(folder)
    secure = {row.id: contexts[row.secure] for row in rows if row.secure}
    with (
        stage(secure, *(row.id for row in rows)) as built,
        listening(("127.0.0.3",), free_port(), lambda _line: http("")) as canary,
    ):
        catalogue = prepare(built, rows, folder)
        for outlet in built.outlets.values():
            outlet.pages = Repeating(outlet.pages)
        data = folder / "data"
        with (folder / "watch.log").open("wb") as log:
            process = subprocess.Popen(
                command("watch", catalogue, data),
                env=settings_of(trusted),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        watch = Watch(process, data)
        took_s = _watch(watch, minutes)
        left = [pid for pid in _of_folder(data) if _alive(pid)]
        asked = sum(len(outlet.heads) for outlet in built.outlets.values())
    print(f"{len(rows)} outlets answered {asked} requests; private server: {canary.connections}")
    return _judge(watch.samples, took_s, left)


def _watch(watch: Watch, minutes: int) -> float:
    names = list(Sample.__dataclass_fields__)
    print("minute", *names)
    try:
        began = time.monotonic()
        for tick in range(int(minutes * 60 / TICK_S)):
            time.sleep(max(0.0, began + (tick + 1) * TICK_S - time.monotonic()))
            if watch.process.poll() is not None:
                break
            sample = watch.sample()
            watch.samples.append(sample)
            values = [getattr(sample, name) for name in names]
            print(f"{(tick + 1) * TICK_S / 60:.1f}", *(f"{value:.0f}" for value in values))
            sys.stdout.flush()
        told_at = time.monotonic()
        watch.process.send_signal(signal.SIGTERM)
        watch.process.wait(DRAIN_LIMIT_S + 10)
        took_s = time.monotonic() - told_at
        time.sleep(5)  # the embedded server ends with its last user, by itself
        return took_s
    finally:
        watch.process.kill()


def _judge(samples: list[Sample], took_s: float, left: list[int]) -> bool:
    warm = samples[int(WARM_UP * 60 / TICK_S) :] or samples
    third = max(1, len(warm) // 3)
    verdicts = {"SIGTERM ended it in time": took_s < DRAIN_LIMIT_S, "no process was left": not left}
    for name, of_third in _COMPARED.items():
        first = of_third(getattr(sample, name) for sample in warm[:third])
        last = of_third(getattr(sample, name) for sample in warm[-third:])
        verdicts[f"{name} {first:.0f} -> {last:.0f}"] = last <= first * GROWTH + 2
    verdicts["no zombie at two samples in a row"] = not any(
        one.zombies and other.zombies for one, other in pairwise(samples)
    )
    print(f"ended {took_s:.1f} s after SIGTERM")
    for words, holds in verdicts.items():
        print("ok  " if holds else "FAIL", words)
    return all(verdicts.values())


if __name__ == "__main__":
    minutes_wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    sys.exit(0 if soak(minutes_wanted) else 1)
