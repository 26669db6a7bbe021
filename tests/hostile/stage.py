"""Outlets that misbehave exactly as a row says: raw sockets on loopback, one port for each outlet.

An answer is the bytes that go over the wire, or a function that writes them; a list of answers is
given in turn, the last one stays. What is not there is 404, robots.txt included.
"""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from html import escape

from tests.integration.outlet_server import ABOUT_BOTH

Answer = bytes | Callable[["Line"], None]

TITLE = "Russia and North Korea open a joint freight office at Khasan"
GONE = threading.Event  # the type of what tells an endless answer to end


@dataclass(frozen=True, slots=True)
class Line:
    """The connection of one visitor."""

    socket: socket.socket
    over: threading.Event

    def send(self, piece: bytes) -> None:
        """Write; OSError when the visitor went away or all is over."""
        if self.over.is_set():
            raise OSError("the trial is over")
        self.socket.sendall(piece)

    def drip(self, pieces: Iterator[bytes], every_s: float) -> None:
        """Write piece after piece, with a pause between."""
        for piece in pieces:
            self.send(piece)
            if self.over.wait(every_s):
                return

    def hang(self) -> None:
        """Keep the connection open without a word."""
        self.over.wait(60)


@dataclass(slots=True)
class Outlet:
    """One outlet: its pages, and the heads of the requests that came."""

    name: str
    port: int
    scheme: str = "http"
    pages: Mapping[str, Answer | list[Answer]] = field(default_factory=dict)
    heads: list[str] = field(default_factory=list)
    turns: dict[str, int] = field(default_factory=dict)

    @property
    def base(self) -> str:
        """Where the outlet is."""
        return f"{self.scheme}://127.0.0.1:{self.port}"

    @property
    def asked(self) -> list[str]:
        """The paths that were asked for."""
        return [head.split(" ", 2)[1] for head in self.heads if head.count(" ") > 1]

    def next_answer(self, path: str) -> Answer:
        """What the next request for a path gets."""
        answer = self.pages.get(path)
        if answer is None:
            return reply(b"", status="404 Not Found")
        if not isinstance(answer, list):
            return answer
        turn = self.turns.get(path, 0)
        self.turns[path] = turn + 1
        return answer[min(turn, len(answer) - 1)]


@dataclass(slots=True)
class Stage:
    """All outlets of a trial."""

    over: threading.Event
    outlets: dict[str, Outlet] = field(default_factory=dict)


@contextmanager
def stage(secure: Mapping[str, ssl.SSLContext], *names: str) -> Iterator[Stage]:
    """Outlets of these names; `secure` are those that speak TLS, with their certificates."""
    with ExitStack() as stack:
        built = Stage(over=threading.Event())
        for name in names:
            server = stack.enter_context(closing(socket.create_server(("127.0.0.1", 0))))
            scheme = "https" if name in secure else "http"
            outlet = Outlet(name, int(server.getsockname()[1]), scheme)
            built.outlets[name] = outlet
            visits = (server, outlet, secure.get(name), built.over)
            thread = threading.Thread(target=_accept, args=visits, daemon=True)
            thread.start()
            stack.callback(thread.join, 10)
            stack.callback(_shut, server)
        stack.callback(built.over.set)
        yield built


def _shut(server: socket.socket) -> None:
    with suppress(OSError):
        server.shutdown(socket.SHUT_RDWR)


def _accept(
    server: socket.socket, outlet: Outlet, tls: ssl.SSLContext | None, over: threading.Event
) -> None:
    while True:
        try:
            connection, _peer = server.accept()
        except OSError:
            return
        visit = (connection, outlet, tls, over)
        threading.Thread(target=_serve, args=visit, daemon=True).start()


def _serve(
    connection: socket.socket, outlet: Outlet, tls: ssl.SSLContext | None, over: threading.Event
) -> None:
    if tls is not None:
        connection = tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
    with closing(connection), suppress(OSError, ValueError):
        connection.settimeout(60)
        if isinstance(connection, ssl.SSLSocket):
            connection.do_handshake()
        head = b""
        while b"\r\n\r\n" not in head:
            if not (piece := connection.recv(65_536)):
                return
            head += piece
        outlet.heads.append(head.decode("latin-1"))
        answer = outlet.next_answer(outlet.asked[-1])
        line = Line(connection, over)
        if isinstance(answer, bytes):
            line.send(answer)
        else:
            answer(line)
        with suppress(OSError):  # so that what was written last is read before the end
            connection.shutdown(socket.SHUT_WR)
            connection.settimeout(2)
            connection.recv(1)


def reply(
    body: bytes,
    *,
    kind: str = "text/html; charset=utf-8",
    status: str = "200 OK",
    length: int | None = None,
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """An honest frame of HTTP around any body; `length` is what it claims to have."""
    lines = [
        f"HTTP/1.1 {status}",
        "Connection: close",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body) if length is None else length}",
        *(f"{name}: {value}" for name, value in (headers or {}).items()),
    ]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def item(link: str | None, title: str = TITLE, more: str = "") -> str:
    """An item of RSS; title and link are put in as they are."""
    where = "" if link is None else f"<link>{link}</link>"
    return f"<item><title>{title}</title>{where}{more}</item>"


def rss(*items: str, head: str = "", prolog: str = "") -> bytes:
    """The text of a feed of RSS."""
    text = f"<?xml version='1.0'?>{prolog}<rss version='2.0'><channel><title>S</title>{head}"
    return (text + "".join(items) + "</channel></rss>").encode()


def feed(*items: str, head: str = "", prolog: str = "") -> bytes:
    """A feed as it is answered."""
    return reply(rss(*items, head=head, prolog=prolog), kind="application/rss+xml")


def page(title: str = TITLE, *paragraphs: str, head: str = "", text: str = "") -> bytes:
    """An article's HTML about both countries; `text` goes in as it is, after the paragraphs."""
    told = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs or ABOUT_BOTH)
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{title}</title>{head}"
        f"</head><body><article><h1>{title}</h1>{told}{text}</article></body></html>"
    ).encode()


def article(title: str = TITLE, *paragraphs: str, head: str = "", text: str = "") -> bytes:
    """An article as it is answered."""
    return reply(page(title, *paragraphs, head=head, text=text))


def packed(body: bytes) -> bytes:
    """The body in gzip."""
    return gzip.compress(body, 1)
