"""A small outlet on loopback that answers what a test tells it to, and counts its visitors."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer; `after_s` is how long it takes."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    after_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request that was answered; times are those of the monotonic clock."""

    path: str
    headers: Mapping[str, str]
    status: int
    began: float
    ended: float


@dataclass(slots=True)
class OutletServer:
    """The pages of an outlet by path; what is not there is 404. `asked` lists the requests.

    A page may have several replies, given in turn; the last one stays. A page with an ETag answers
    304 to whoever names it.
    """

    port: int
    pages: dict[str, Reply | list[Reply]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)

    def headers_of(self, path: str) -> list[Mapping[str, str]]:
        """The headers of every request for a path."""
        return [visit.headers for visit in self.visits if visit.path == path]

    def reply_to(self, path: str, named_version: str | None) -> Reply:
        """What the next request for a path is answered."""
        reply = self.pages.get(path, Reply(status=404))
        if isinstance(reply, list):
            reply = reply.pop(0) if len(reply) > 1 else reply[0]
        tag = reply.headers.get("ETag")
        return Reply(status=304, headers=reply.headers) if tag and tag == named_version else reply

    @property
    def base(self) -> str:
        """Where the outlet is."""
        return f"http://127.0.0.1:{self.port}"

    def card(self, name: str = "sample", **fields: str) -> str:
        """The outlet's card, with a feed at /feed.xml unless told otherwise."""
        lines = {
            "id": f'"{name}"',
            "name": '"The Sample"',
            "country": '"GB"',
            "language": '"en"',
            "kind": '"national"',
            "scope": '"general"',
            "homepage": f'"{self.base}/"',
            "feeds": f'["{self.base}/feed.xml"]',
            **fields,
        }
        return "[[outlet]]\n" + "".join(f"{key} = {value}\n" for key, value in lines.items())


def rss(base: str, *items: tuple[str, str]) -> Reply:
    """An RSS feed of (path, title) pairs; titles are put in as they are."""
    rows = "".join(
        f"<item><title>{title}</title><link>{base}{path}</link></item>" for path, title in items
    )
    text = (
        f"<?xml version='1.0'?><rss version='2.0'><channel><title>S</title>{rows}</channel></rss>"
    )
    return Reply(body=text.encode(), headers={"Content-Type": "application/rss+xml"})


def article(title: str, *paragraphs: str) -> Reply:
    """An article page."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    page = (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{title}</title></head>"
        f"<body><article><h1>{title}</h1>{text}</article></body></html>"
    )
    return Reply(body=page.encode(), headers={"Content-Type": "text/html; charset=utf-8"})


ABOUT_BOTH = (
    "Russia and North Korea opened a joint freight office at the Khasan crossing on Monday, the "
    "transport ministries of both countries said in statements that were released together.",
    "Officials from Moscow and Pyongyang said the office would handle timber and flour, and that a "
    "second train a week between Russia and North Korea would run from the spring.",
    "The North Korean railways minister thanked his Russian counterpart at the ceremony, and both "
    "sides agreed to meet again in Vladivostok to discuss tariffs and the work of the port.",
)


@contextmanager
def outlet_server(port: int = 0, tls: ssl.SSLContext | None = None) -> Iterator[OutletServer]:
    """An outlet for as long as the block lasts; with `port` one that comes back."""
    served: list[OutletServer] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            outlet, began = served[0], time.monotonic()
            outlet.asked.append(self.path)
            reply = outlet.reply_to(self.path, self.headers["If-None-Match"])
            time.sleep(reply.after_s)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.status != 304:
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)
            visit = Visit(
                path=self.path,
                headers=dict(self.headers.items()),
                status=reply.status,
                began=began,
                ended=time.monotonic(),
            )
            outlet.visits.append(visit)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing is said: the visits are in `asked`."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    served.append(OutletServer(server.server_address[1]))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield served[0]
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
