"""Supervises the embedded Redis of one data folder: `python -m crawler.storage.supervisor DATA`.

Started by the first process that needs the server (embedded.py), detached from it, so that it
outlives whoever started it. Ends at once when another supervisor serves the folder.

Promise: the server is stopped when its last user has left, and never outlives its supervisor.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from crawler.storage.embedded import find_server, redis_folder, socket_path

# How soon an abandoned server is noticed; an flock attempt costs microseconds.
_LOOK_S = 0.1
_STOP_LIMIT_S = 60.0
_PR_SET_PDEATHSIG = 1

_CONFIG = """\
port 0
unixsocket "{socket}"
unixsocketperm 600
dir "{folder}"
daemonize no
appendonly yes
appendfsync everysec
aof-use-rdb-preamble yes
aof-load-truncated yes
save ""
maxmemory-policy noeviction
databases 1
loglevel warning
"""


def main() -> None:
    """Serve until nobody uses the server any more."""
    data_dir = Path(sys.argv[1])
    folder = redis_folder(data_dir)
    # Inheritable: the server holds the lock too, so it is free only when the server is gone.
    lock = os.open(folder / "server.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    if os.fork() > 0:
        os._exit(0)
    os.set_inheritable(lock, True)
    users = os.open(folder / "users.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    server = _start_server(data_dir, lock)
    signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    while server.poll() is None:
        if _is_abandoned(users):
            server.terminate()
            server.wait(_STOP_LIMIT_S)
            return
        time.sleep(_LOOK_S)


def _is_abandoned(users: int) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _start_server(data_dir: Path, lock: int) -> subprocess.Popen[bytes]:
    path = socket_path(data_dir)
    path.unlink(missing_ok=True)
    config = _CONFIG.format(socket=_quoted(path), folder=_quoted(redis_folder(data_dir)))
    server = subprocess.Popen(
        [find_server(), "-"],
        stdin=subprocess.PIPE,
        pass_fds=(lock,),
        preexec_fn=_die_with_parent(os.getpid()),
        start_new_session=True,
    )
    if server.stdin is not None:
        server.stdin.write(config.encode())
        server.stdin.close()
    return server


def _quoted(path: Path) -> str:
    return str(path).replace("\\", "\\\\").replace('"', '\\"')


def _die_with_parent(parent: int) -> Callable[[], None] | None:
    """Linux ends the server with its supervisor; elsewhere the server's lock keeps others out."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl

    def tie() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return tie


if __name__ == "__main__":
    main()
