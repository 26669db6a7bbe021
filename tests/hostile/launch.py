"""Starts a module in a process whose names are those of a trial, with the door or without it.

    python -m tests.hostile.launch guarded|unguarded MODULE ARGUMENT...

Twisted takes `getaddrinfo` when it is imported, so ours has to be there before it: the resolver
above it is the real one. Without the door everything else stands as it is.
"""

from __future__ import annotations

import runpy
import socket
import sys

from tests.hostile.canary import names_resolved


def take_out_the_door() -> None:
    """Nothing is judged any more: neither the URL nor the address that is dialed."""
    from crawler import door, extensions

    def leave(*_given: object, **_named: object) -> None:
        """Do nothing where the door did something."""

    door.install_door = leave
    extensions.install_door = leave  # type: ignore[attr-defined]
    door.DoorMiddleware.process_request = leave  # type: ignore[method-assign]


if __name__ == "__main__":
    socket.getaddrinfo = names_resolved(socket.getaddrinfo)  # type: ignore[assignment]
    if sys.argv[1] == "unguarded":
        take_out_the_door()
    sys.argv = sys.argv[2:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
