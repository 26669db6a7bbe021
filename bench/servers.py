"""A server for a benchmark: the one that Tumen embeds, started by the benchmark itself.

It answers on a socket in its folder and ends with the block. With huge pages the allocator asks the
kernel for pages of 2 MB, as far as the machine allows (`madvise` or `always` in
/sys/kernel/mm/transparent_hugepage/enabled), so that memory of a gigabyte is reached as quickly as
one of ten megabytes.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crawler.storage.embedded import answers, find_server

START_S = 10.0
PAGES = {"small": {}, "huge": {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}}
CONFIG = """\
port 0
unixsocket "{socket}"
dir "{folder}"
appendonly yes
appendfsync everysec
auto-aof-rewrite-percentage 0
save ""
maxmemory-policy noeviction
disable-thp {small}
loglevel warning
"""


@contextmanager
def serving(folder: Path, pages: str) -> Iterator[str]:
    """The URL of a server that lives as long as the block; `pages` is "small" or "huge"."""
    folder.mkdir(parents=True, exist_ok=True)
    socket = folder / "s.sock"
    small = "yes" if pages == "small" else "no"
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [find_server(), "-"],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            env={**os.environ, **PAGES[pages]},
        )
    try:
        if server.stdin is not None:
            config = CONFIG.format(socket=socket, folder=folder, small=small)
            server.stdin.write(config.encode())
            server.stdin.close()
        deadline = time.monotonic() + START_S
        while not answers(socket):
            if time.monotonic() > deadline:
                raise TimeoutError(f"the server did not start: see {folder / 'server.log'}")
            time.sleep(0.02)
        yield f"unix://{socket}"
    finally:
        server.terminate()
        server.wait(timeout=60)
