"""What a process that reads pages cannot do, whatever a page brings it to."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.confinement import CPU_GRACE_S
from crawler.errors import PageUnreadable
from crawler.news.verdicts import PageTask
from crawler.parse_pool import ParsePool
from crawler.storage.catalogue import read_topic

ACTS = {
    "a connection": "socket.create_connection(('127.0.0.1', int(sys.argv[1])), 1)",
    "a datagram": "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))",
    "a name": "socket.getaddrinfo('localhost', 80)",
    "a listener": "socket.socket().bind(('127.0.0.1', 0))",
    "a URL": "urllib.request.urlopen('file:///etc/hostname')",
    "a program": "subprocess.run(['true'])",
    "a shell": "os.system('true')",
    "another self": "os.fork()",
    "a new file": "open(sys.argv[2], 'w')",
    "more of a file": "open(sys.argv[2], 'ab')",
    "a file by the system's call": "os.open(sys.argv[2], os.O_CREAT | os.O_WRONLY)",
    "a file less": "os.remove(sys.argv[2])",
    "a folder": "os.mkdir(sys.argv[2])",
    "a link": "os.symlink('/etc/passwd', sys.argv[2])",
    "a temporary file": "tempfile.mkstemp()",
}
PRELUDE = (
    "import os, socket, subprocess, sys, tempfile, urllib.request\n"
    "from crawler.confinement import confine\n"
)


def act(deed: str, *arguments: str, is_confined: bool) -> subprocess.CompletedProcess[str]:
    """Do something in a process of its own."""
    code = f"{PRELUDE}{'confine()' if is_confined else ''}\n{deed}\n"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("deed", ACTS.values(), ids=ACTS)
def test_a_confined_process_cannot_act(deed: str, tmp_path: Path) -> None:
    path = tmp_path / "made"
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        server.setblocking(False)
        done = act(deed, str(server.getsockname()[1]), str(path), is_confined=True)
        with pytest.raises(BlockingIOError):
            server.accept()
    assert (done.returncode, "Error" in done.stderr or "NotAllowed" in done.stderr) == (1, True)
    assert not path.exists()


@pytest.mark.parametrize("name", ["a connection", "a program", "a new file"])
def test_the_same_act_succeeds_without_confinement(name: str, tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = str(server.getsockname()[1])
        done = act(ACTS[name], port, str(tmp_path / "made"), is_confined=False)
    assert done.returncode == 0, done.stderr


def test_a_confined_process_prints_nothing_of_its_own() -> None:
    deed = "import logging, warnings; logging.error('\\x1b[2J'); warnings.warn('\\x1b[2J')"
    done = act(deed, is_confined=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_process_that_nobody_kills_ends_by_its_cpu_limit() -> None:
    began = time.monotonic()
    deed = "from crawler.confinement import limit_cpu; limit_cpu(0)\nwhile True: pass"
    done = act(deed, is_confined=True)
    assert done.returncode < 0  # by a signal
    assert time.monotonic() - began < 60
    assert CPU_GRACE_S < 60


PAGE = PageTask(
    body=b"<html><body><p>x</p></body></html>",
    url="https://a.example/1",
    content_type="text/html",
    outlet=None,
    entry=None,
    now=datetime(2026, 11, 25, tzinfo=UTC),
)


def with_pool(work: Callable[[ParsePool], object]) -> None:
    async def go() -> None:
        pool = ParsePool(read_topic(), 1)
        try:
            await work(pool)  # type: ignore[misc]
        finally:
            pool.close()

    asyncio.run(go())


def test_a_mistake_in_a_child_costs_its_page_alone_and_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def work(pool: ParsePool) -> None:
        broken = replace(PAGE, body=None)  # what no reader expects
        with pytest.raises(PageUnreadable, match=r"reading it failed \(\w+\)"):
            await pool.read_page(broken)
        with pytest.raises(PageUnreadable, match="no text found"):
            await pool.read_page(PAGE)

    with_pool(work)
    assert "Traceback" in caplog.text


def test_a_child_is_confined_before_it_reads() -> None:
    async def work(pool: ParsePool) -> None:
        future = pool._pool.schedule(os.system, args=("true",))
        with pytest.raises(PermissionError):
            await asyncio.wrap_future(future)

    with_pool(work)
