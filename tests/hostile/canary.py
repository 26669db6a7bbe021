"""Servers that must never hear of us, and one that stands for the public internet beside them.

127.0.0.2 is the only address that a trial opens: it is "public". The canary listens on other
addresses of loopback, at the very same port, and counts every connection that is made to it.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field

PUBLIC = "127.0.0.2"
PRIVATE = ("127.0.0.1", "127.0.0.3", "::1")

# What DNS says of the names of a trial; a list of lists is given in turn, the last one stays.
NAMES: Mapping[str, list[list[str]]] = {
    "public.test": [[PUBLIC]],
    "private.test": [["127.0.0.1"]],
    "other-private.test": [["127.0.0.3"]],
    "mixed.test": [["127.0.0.1", PUBLIC]],
    "mixed-six.test": [["::1", PUBLIC]],
    "six.test": [["::1"]],
    "mapped.test": [["::ffff:127.0.0.1"]],
    "rebinding.test": [[PUBLIC], ["127.0.0.1"]],
    "proxy.test": [["127.0.0.3"]],
}

NO_NAMES = {"nxdomain.test": socket.EAI_NONAME, "servfail.test": socket.EAI_AGAIN}


@dataclass(slots=True)
class Listener:
    """A server at one port of several addresses; `heads` are the requests that it got."""

    port: int
    connections: int = 0
    heads: list[str] = field(default_factory=list)

    @property
    def asked(self) -> list[str]:
        """The first line of every request."""
        return [head.split("\r\n", 1)[0] for head in self.heads]


def names_resolved(original: Callable[..., object]) -> Callable[..., object]:
    """A getaddrinfo that knows the names of the trial, and asks the real one for literals."""
    left = {name: list(answers) for name, answers in NAMES.items()}

    def getaddrinfo(host: object, port: object, *args: object, **kwargs: object) -> object:
        name = host.decode() if isinstance(host, bytes) else str(host)
        answers = left.get(name.lower().rstrip("."))
        if name in NO_NAMES:
            raise socket.gaierror(NO_NAMES[name], "a name of the trial")
        if answers is None:
            return original(host, port, *args, **kwargs)
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [_address_info(address, port) for address in addresses]

    return getaddrinfo


def _address_info(address: str, port: object) -> tuple[object, ...]:
    if ":" in address:
        return socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port or 0, 0, 0)
    return socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port or 0)


@contextmanager
def listening(
    addresses: tuple[str, ...], port: int, answer: Callable[[str], bytes]
) -> Iterator[Listener]:
    """A server that answers the first line of a request; it ends with the block."""
    listener = Listener(port)
    with ExitStack() as stack:
        for address in addresses:
            server = stack.enter_context(closing(_bound(address, port)))
            thread = threading.Thread(target=_serve, args=(server, listener, answer), daemon=True)
            thread.start()
            stack.callback(thread.join, 10)
            stack.callback(_wake, server)
        yield listener


def free_port() -> int:
    """A port that is free on every address of a trial."""
    with closing(socket.socket()) as probe:
        probe.bind(("0.0.0.0", 0))
        return int(probe.getsockname()[1])


def _bound(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    server = socket.socket(family)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    server.bind((address, port))
    server.listen(64)
    return server


def _wake(server: socket.socket) -> None:
    with suppress(OSError):
        server.shutdown(socket.SHUT_RDWR)


def _serve(server: socket.socket, listener: Listener, answer: Callable[[str], bytes]) -> None:
    while True:
        try:
            connection, _peer = server.accept()
        except OSError:
            return
        listener.connections += 1
        with closing(connection), suppress(OSError):
            connection.settimeout(5)
            listener.heads.append(connection.recv(65_536).decode("latin-1"))
            connection.sendall(answer(listener.asked[-1]))


def http(body: str, status: str = "200 OK", **headers: str) -> bytes:
    """An HTTP answer that ends with its connection."""
    lines = [f"HTTP/1.1 {status}", "Connection: close", f"Content-Length: {len(body.encode())}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()
