"""Outlets that publish without end: feeds, pages, and what a perfect watch makes of them.

Every outlet brings an article every so many seconds, of five kinds in turn. Served on loopback,
each outlet on a port of its own; every visit is noted with the times at which it came and went.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

Kind = Literal["kept", "moved", "edited", "dropped", "gone"]
KINDS: tuple[Kind, ...] = ("kept", "dropped", "moved", "gone", "edited")
LISTED = 60

_GOODS = ("coal", "timber", "wheat", "fish", "cement", "steel", "diesel", "zinc", "paper", "glass")
_PLACES = ("Rason", "Khasan", "Vladivostok", "Chongjin", "Nakhodka", "Wonsan", "Tumangang")


@dataclass(slots=True)
class Visit:
    """One answered request."""

    path: str
    started: float
    ended: float


@dataclass(slots=True)
class Outlet:
    """One outlet: its clock, its faults, its visitors."""

    name: str
    period_s: float
    began: float
    edited_from: float = float("inf")
    fault: Literal["", "500", "hang"] = ""
    has_riddle: bool = False
    port: int = 0
    until: float = float("inf")
    visits: list[Visit] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def base(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def count(self) -> int:
        """How many articles are out."""
        return int((min(time.time(), self.until) - self.began) / self.period_s)

    def urls(self, *kinds: Kind) -> list[str]:
        """The final addresses of the articles of these kinds that are out."""
        return [self.base + _path(n) for n in range(self.count()) if _kind(n) in kinds]

    def answer(self, path: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body for a path."""
        if path == "/robots.txt":
            return 404, {}, b""
        if path == "/feed.xml":
            return 200, {"Content-Type": "application/rss+xml"}, self._feed()
        if path == "/riddle":
            return 200, {"Content-Type": "text/html"}, RIDDLE
        number = int(path.rpartition("-")[2])
        if path.startswith("/old/"):
            return 301, {"Location": _path(number)}, b""
        if _kind(number) == "gone":
            return 404, {}, b"not here"
        is_edited = _kind(number) == "edited" and time.time() > self.edited_from
        return 200, {"Content-Type": "text/html"}, self._page(number, is_edited=is_edited)

    def _feed(self) -> bytes:
        newest = range(max(0, self.count() - LISTED), self.count())
        items = "".join(self._item(n) for n in reversed(newest))
        if self.has_riddle:
            items += _item(f"{self.base}/riddle", "North Korea and Russia: a long list", self.began)
        channel = f"<channel><title>{self.name}</title><link>{self.base}/</link>{items}</channel>"
        return f'<?xml version="1.0"?><rss version="2.0">{channel}</rss>'.encode()

    def _item(self, n: int) -> str:
        path = _path(n).replace("/news/", "/old/") if _kind(n) == "moved" else _path(n)
        return _item(self.base + path, self._title(n), self.began + n * self.period_s)

    def _title(self, n: int) -> str:
        if _kind(n) == "dropped":
            return f"{self.name}: regatta number {n} goes to the blue boat"
        goods, place = _GOODS[n % len(_GOODS)], _PLACES[n % len(_PLACES)]
        return f"North Korea and Russia agree on {goods} through {place}, round {n}"

    def _page(self, n: int, *, is_edited: bool) -> bytes:
        # Words that differ from page to page, so that no text is taken for a copy of another.
        digest = hashlib.sha256(f"{self.name}/{n}".encode()).hexdigest()
        numbers = [int(digest[at : at + 4], 16) for at in range(0, 40, 4)]
        goods, place = _GOODS[n % len(_GOODS)], _PLACES[n % len(_PLACES)]
        paragraphs = [
            f"Officials of North Korea and Russia met in {place} and agreed on {numbers[0]} tons "
            f"of {goods}, the {self.name} has learned from {numbers[1]} pages of minutes.",
            f"Pyongyang sends {numbers[2]} wagons, Moscow pays by {numbers[3]} barrels of oil; the "
            f"line over {place} takes {numbers[4]} trains in a year.",
            f"A spokesman in Vladivostok named {numbers[5]} workers who will load them. Russian "
            f"railways gave {numbers[6]} as the number of the agreement with the DPRK.",
        ]
        if is_edited:
            paragraphs.append(f"Corrected later: the North Korean side names {numbers[7]} tons.")
        body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
        title = self._title(n)
        article = f"<article><h1>{title}</h1>{body}</article>"
        return f"<html><head><title>{title}</title></head><body>{article}</body></html>".encode()


# Announced as news, answered well, and no article is in it: a dead letter.
RIDDLE = (
    b"<html><head><title>Page not found</title></head>"
    b"<body><h1>Page not found</h1><p>The page you asked for does not exist.</p></body></html>"
)


@contextmanager
def serving(names: list[str], period_s: float) -> Iterator[list[Outlet]]:
    """Outlets on ports of loopback, publishing from now on."""
    with ExitStack() as stack:
        outlets = []
        for nth, name in enumerate(names):
            outlet = Outlet(name, period_s, time.time() - nth * period_s / len(names))
            server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(outlet))
            server.daemon_threads = True
            stack.callback(server.server_close)
            stack.callback(server.shutdown)
            outlet.port = server.server_address[1]
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
            outlets.append(outlet)
        yield outlets


def catalogue(outlets: list[Outlet]) -> str:
    """The catalogue (TOML) of these outlets."""
    return "\n".join(
        f'[[outlet]]\nid = "{outlet.name}"\nname = "{outlet.name.title()}"\ncountry = "NO"\n'
        f'language = "en"\nkind = "national"\nscope = "world"\nhomepage = "{outlet.base}/"\n'
        f'feeds = ["{outlet.base}/feed.xml"]\ntimezone = "UTC"\n'
        for outlet in outlets
    )


def _handler(outlet: Outlet) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            started = time.time()
            if outlet.fault == "hang" and self.path != "/robots.txt":
                while outlet.fault == "hang":
                    time.sleep(0.1)
                self.close_connection = True
                return  # whoever asked has given up
            status, headers, body = outlet.answer(self.path)
            if outlet.fault == "500":
                status, headers, body = 500, {}, b"out of order"
            with outlet.lock:
                outlet.visits.append(Visit(self.path, started, time.time()))
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: visits are noted."""

    return Handler


def _item(url: str, title: str, at: float) -> str:
    return (
        f"<item><title>{title}</title><link>{url}</link><guid>{url}</guid>"
        f"<pubDate>{formatdate(at, usegmt=True)}</pubDate></item>"
    )


def _path(n: int) -> str:
    return f"/news/agreement-{n}"


def _kind(n: int) -> Kind:
    return KINDS[n % len(KINDS)]
