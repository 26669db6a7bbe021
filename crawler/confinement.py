"""What a process that reads what strangers wrote may do: compute, within limits, and nothing else.

Promise: whatever a page or a library brings a child to, it opens no connection, asks no name,
starts no program and changes no file; it has a bounded share of memory and CPU, and prints nothing.
"""

from __future__ import annotations

import logging
import math
import os
import re
import resource
import sys
import time
from typing import Any

# Of address space, most of it libraries: a page of the largest size accepted needs about 600 MB.
MEMORY_LIMIT = 2 * 1024**3
# The parent kills by the clock; this is for when nobody is there to do it.
CPU_GRACE_S = 5

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_TRUNC
# Names of audit events, as in the table of the Python documentation.
_REFUSED = frozenset(
    re.findall(
        r"\S+",
        """
    socket.bind socket.connect socket.getaddrinfo socket.gethostbyaddr socket.gethostbyname
    socket.sendmsg socket.sendto urllib.Request http.client.connect ftplib.connect smtplib.connect
    os.exec os.fork os.forkpty os.posix_spawn os.spawn os.startfile os.system pty.spawn
    subprocess.Popen webbrowser.open
    os.chmod os.chown os.link os.mkdir os.remove os.rename os.rmdir os.symlink os.truncate
    shutil.copyfile shutil.move shutil.rmtree shutil.unpack_archive tempfile.mkdtemp
    tempfile.mkstemp sqlite3.connect
    """,
    )
)


class NotAllowed(PermissionError):
    """A process that only reads was about to act."""


def confine() -> None:
    """Confine this process for the rest of its life; none of it can be taken back."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # What libraries would print holds what strangers wrote; nobody is there to make it harmless.
    logging.basicConfig(handlers=[logging.NullHandler()], force=True)
    logging.captureWarnings(True)
    sys.addaudithook(_refuse)


def limit_cpu(limit_s: float) -> None:
    """Let this process be killed when it takes over `limit_s` of CPU from now on."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = math.ceil(time.process_time() + limit_s) + CPU_GRACE_S
    if hard == resource.RLIM_INFINITY or soft < hard:
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _REFUSED or (event == "open" and _writes(arguments)):
        raise NotAllowed(f"a process that only reads was about to act ({event})")


def _writes(arguments: tuple[Any, ...]) -> bool:
    path, _mode, flags = arguments
    # A number is a file that is open already: the pipes to the parent.
    return not isinstance(path, int) and isinstance(flags, int) and bool(flags & _WRITING)
