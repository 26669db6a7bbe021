"""The guard of connections that alerts open: what Apprise dials, in whatever way, is judged here.

Python tells an audit hook of every connection before it is made, by whichever library; that cannot
be gone around by a plugin, as replacing a function could. It judges in the process that sends, and
only while it sends.

Promise: an address that is not public is dialed only when the target itself names it, with its
port; the address judged is the address dialed.
"""

from __future__ import annotations

import errno
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from crawler.news.addresses import Network, why_blocked

# Where a target names no port, it is one of those that its kind of receiver listens on.
USUAL_PORTS = frozenset({25, 80, 443, 465, 587, 1883, 2525, 5222, 6667, 6697, 8443, 8448, 8883})


class RefusedAddress(OSError):
    """The address must not be dialed. An OSError, as clients take it for a failed connection."""

    def __init__(self, reason: str) -> None:
        super().__init__(errno.EACCES, reason)


@dataclass(slots=True)
class Gate:
    """What one target may dial; `refused` holds what was refused to it."""

    host: str | None
    port: int | None
    networks: tuple[Network, ...] = ()
    refused: list[str] = field(default_factory=list)

    def judge(self, address: str, port: int) -> None:
        """Raise RefusedAddress for an address that must not be dialed."""
        reason = why_blocked(address, self.networks)
        if reason is None or (self._fits(port) and address in _addresses_of(self.host)):
            return
        self.refused.append(f"{reason}, and the target does not name it (with port {port})")
        raise RefusedAddress(self.refused[-1])

    def _fits(self, port: int) -> bool:
        return port == self.port if self.port is not None else port in USUAL_PORTS


_standing: list[Gate] = []
_is_hooked = False


@contextmanager
def guarded(url: str, networks: tuple[Network, ...] = ()) -> Iterator[Gate]:
    """Judge every connection of this process, as one to the target of this URL."""
    global _is_hooked
    if not _is_hooked:
        sys.addaudithook(_judge)  # stays for good; without a gate it lets everything pass
        _is_hooked = True
    gate = _gate_of(url, networks)
    _standing.append(gate)
    try:
        yield gate
    finally:
        _standing.remove(gate)


def _gate_of(url: str, networks: tuple[Network, ...]) -> Gate:
    try:
        parts = urlsplit(url)
        return Gate(host=parts.hostname, port=parts.port, networks=networks)
    except ValueError:
        return Gate(host=None, port=None, networks=networks)


def _judge(event: str, args: Sequence[Any]) -> None:
    if not _standing or event not in ("socket.connect", "socket.sendto"):
        return
    address = args[1]
    if isinstance(address, tuple):  # a path is a socket of this machine, as of its desktop
        _standing[-1].judge(str(address[0]), int(address[1]))


def _addresses_of(host: str | None) -> set[str]:
    """The addresses of a host by its name; it is looked up only where a private one is dialed."""
    if not host:
        return set()
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return set()
    return {str(entry[4][0]) for entry in found}
