"""A receiver of alerts on loopback, as Apprise's json:// asks for one, that can be made to fail."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from crawler.app.delivering import ID_HEADER

OK = 200


@dataclass(slots=True)
class Receiver:
    """What came in. `behave` answers the nth request (from 1) with a status; 0 hangs up."""

    port: int = 0
    behave: Callable[[int], int] = lambda _nth: OK
    headers: dict[str, str] = field(default_factory=dict)
    asked: int = 0
    taken: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    # Called when a message was taken, before the sender hears of it.
    after: Callable[[int], None] = lambda _nth: None
    trickles: bool = False
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"json://127.0.0.1:{self.port}/hook"

    @property
    def ids(self) -> list[str]:
        return [name for name, _said in self.taken]

    @property
    def bodies(self) -> list[str]:
        return [str(said["message"]) for _name, said in self.taken]

    def kept(self) -> dict[str, dict[str, Any]]:
        """What a receiver keeps that honors ids: the first message of each."""
        kept: dict[str, dict[str, Any]] = {}
        for name, said in self.taken:
            kept.setdefault(name, said)
        return kept


@contextmanager
def receiving(port: int = 0, **settings: Any) -> Iterator[Receiver]:
    """A receiver that listens until the end of the block."""
    receiver = Receiver(**settings)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            receiver.asked += 1
            nth = receiver.asked
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = receiver.behave(nth)
            if status == 0:
                self.close_connection = True
                return
            if 200 <= status < 300:
                receiver.taken.append((self.headers[ID_HEADER], json.loads(body)))
                receiver.after(nth)
            try:
                self._answer(status)
            except OSError:
                return  # the sender was killed meanwhile

        def _answer(self, status: int) -> None:
            self.send_response(status)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            if receiver.trickles:
                self.send_header("Content-Length", "1000")
                self.end_headers()
                while not receiver.over.wait(0.05):
                    self.wfile.write(b".")
                return
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            """Nothing: a test says itself what went wrong."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    receiver.port = server.server_address[1]
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    try:
        yield receiver
    finally:
        receiver.over.set()
        server.shutdown()
        serving.join()
        server.server_close()
