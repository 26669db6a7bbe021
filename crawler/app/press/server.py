"""The sample press on loopback: each outlet an HTTP/1.1 server on a port of its own, and a log.

Promise: every request that was answered is in the log, in the order of the answers, with the times
at which it came and went, so that politeness can be read off it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from pathlib import Path
from typing import Final, TextIO

from crawler.app.press import articles
from crawler.app.press.articles import Expectation
from crawler.app.press.site import Answer, Site
from crawler.notation import LOOPBACK

_Accept = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

_START_S: Final = 10  # for a background press to open or close; it takes milliseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One answered request. `started` and `ended` are seconds since the epoch.

    `path` is the whole target with its query; `conditional` says that the client named a version
    that it already has.
    """

    outlet: str
    path: str
    status: int
    started: float
    ended: float
    agent: str | None
    conditional: bool


class Press:
    """All outlets of the sample press, on ports of one host that the system chooses.

    `host` is where they listen and the name in their addresses: loopback, unless it is asked for.
    `latency_s` passes before every answer. `log` also gets the visits as JSON lines. Dates count
    back from `opened_at`, by default the moment of construction.
    """

    def __init__(
        self,
        *,
        latency_s: float = 0.0,
        log: Path | None = None,
        opened_at: datetime | None = None,
        host: str = LOOPBACK,
    ) -> None:
        self.host = host
        self.opened_at = opened_at or datetime.now(UTC)
        self.ports: dict[str, int] = {}
        self._latency_s = latency_s
        self._log_path = log
        self._log: TextIO | None = None
        self._visits: list[Visit] = []
        self._sites: dict[str, Site] = {}
        self._servers: list[asyncio.Server] = []
        self._connections: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    @property
    def visits(self) -> tuple[Visit, ...]:
        """The log so far, in the order of the answers."""
        return tuple(self._visits)

    @property
    def bases(self) -> Mapping[str, str]:
        """The address of each outlet."""
        return {outlet: f"http://{self.host}:{port}" for outlet, port in self.ports.items()}

    @property
    def catalogue(self) -> str:
        """The catalogue (TOML) of the outlets as they are served."""
        return articles.catalogue(self.bases)

    def expect(self, max_age: timedelta = timedelta(days=3)) -> tuple[Expectation, ...]:
        """What a perfect crawl makes of each article."""
        return articles.expect(self.bases, self.opened_at, max_age)

    def edit(self) -> None:
        """Bring out the later edition: pages that have an edit get it, with a new date."""
        for site in self._sites.values():
            site.edited_at = datetime.now(UTC).replace(microsecond=0)

    async def open(self) -> None:
        """Begin to listen; from here on `ports` and `catalogue` are known."""
        if self._log_path is not None:
            self._log = self._log_path.open("a", encoding="utf-8")
        for outlet in articles.load_outlets():
            server = await asyncio.start_server(self._serve(outlet.id), self.host, 0)
            self._servers.append(server)
            self.ports[outlet.id] = server.sockets[0].getsockname()[1]
            self._sites[outlet.id] = Site(outlet, self.bases[outlet.id], self.opened_at)

    async def close(self) -> None:
        """Stop listening, and end the connections that are still open."""
        for server in self._servers:
            server.close()
        for writer in self._connections.values():
            writer.close()
        await asyncio.gather(*self._connections, return_exceptions=True)
        for server in self._servers:
            await server.wait_closed()
        if self._log is not None:
            self._log.close()

    def _serve(self, outlet: str) -> _Accept:
        async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None  # a coroutine that a server runs is always a task
            self._connections[task] = writer
            try:
                while await self._respond(self._sites[outlet], reader, writer):
                    pass
            except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
                pass  # the client went away, or does not speak HTTP: nothing to answer
            finally:
                del self._connections[task]
                writer.close()

        return accept

    async def _respond(
        self, site: Site, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Answer one request; whether the connection stays open for another."""
        head = await reader.readuntil(b"\r\n\r\n")
        started = time.time()
        method, target, headers = _read_head(head)
        if self._latency_s:
            await asyncio.sleep(self._latency_s)
        if method in ("GET", "HEAD"):
            answer = site.answer(target, headers)
        else:
            answer = Answer(status=405, headers={"Allow": "GET, HEAD"})
        stays = headers.get("connection", "").lower() != "close" and method in ("GET", "HEAD")
        visit = Visit(
            outlet=site.outlet.id,
            path=target,
            status=answer.status,
            started=started,
            ended=time.time(),
            agent=headers.get("user-agent"),
            conditional="if-none-match" in headers or "if-modified-since" in headers,
        )
        # Before the answer leaves: who has it can rely on finding the visit in the log.
        self._note(visit)
        writer.write(_format_answer(answer, is_body_wanted=method != "HEAD", stays=stays))
        await writer.drain()
        return stays

    def _note(self, visit: Visit) -> None:
        self._visits.append(visit)
        if self._log is not None:
            self._log.write(json.dumps(asdict(visit)) + "\n")
            self._log.flush()


@contextlib.contextmanager
def open_press(
    *, latency_s: float = 0.0, log: Path | None = None, opened_at: datetime | None = None
) -> Iterator[Press]:
    """The press on a background thread for as long as the block lasts."""
    press = Press(latency_s=latency_s, log=log, opened_at=opened_at)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="sample-press", daemon=True)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(press.open(), loop).result(_START_S)
        yield press
    finally:
        asyncio.run_coroutine_threadsafe(press.close(), loop).result(_START_S)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(_START_S)
        loop.close()


def _read_head(head: bytes) -> tuple[str, str, Mapping[str, str]]:
    """Method, target and headers (names in small letters) of a request."""
    first, *rest = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    method, _, target = first.partition(" ")
    pairs = (line.partition(":") for line in rest)
    return method, target.rpartition(" ")[0], {k.strip().lower(): v.strip() for k, _, v in pairs}


def _format_answer(answer: Answer, *, is_body_wanted: bool, stays: bool) -> bytes:
    headers = {
        "Date": format_datetime(datetime.now(UTC), usegmt=True),
        "Connection": "keep-alive" if stays else "close",
        **answer.headers,
    }
    if answer.status != HTTPStatus.NOT_MODIFIED:
        headers["Content-Length"] = str(len(answer.body))
    reason = HTTPStatus(answer.status).phrase
    lines = [f"HTTP/1.1 {answer.status} {reason}", *(f"{k}: {v}" for k, v in headers.items())]
    head = "\r\n".join([*lines, "", ""]).encode("latin-1")
    return head + (answer.body if is_body_wanted else b"")
