"""The monitor of a watch: /metrics for Prometheus, /livez and /readyz for whoever restarts things.

    /livez     the event loop answers
    /readyz    the worker can do its work: Redis and the store take writes; else why not
    /metrics   text format of Prometheus

It is off unless TUMEN_METRICS names an address, and tells nothing that a stranger wrote.

Promise: /livez never waits for Redis or the disk; a Redis that is away turns /readyz red and takes
its own gauges out of /metrics, nothing else.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from scrapy import signals as scrapy_signals
from scrapy.crawler import Crawler
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Request, Site

from crawler.app.gauges import View, ViewCollector, look, trouble_of
from crawler.app.metrics import WorkerMetrics
from crawler.errors import ConfigError
from crawler.events import facts
from crawler.extensions import DeskKeeper, keeper_of
from crawler.notation import Listening

log = logging.getLogger(__name__)

TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Page:
    """What one of the monitor's addresses answers."""

    status: int
    body: bytes
    content_type: str = TEXT


def open_socket(at: Listening) -> socket.socket:
    """Listen at an address; raises ConfigError when that is not possible."""
    family = socket.AF_INET6 if ":" in at.host else socket.AF_INET
    try:
        served = socket.create_server((at.host, at.port), family=family)
    except OSError as error:
        raise ConfigError(
            f"TUMEN_METRICS={at}: nothing can be served there ({error.strerror}); name a free "
            "port of an address of this machine, or off"
        ) from error
    served.setblocking(False)
    return served


class Monitor:
    """Serves what a worker knows of itself, from when its spider opens until it has closed."""

    def __init__(self, metrics: WorkerMetrics, served: socket.socket) -> None:
        self.metrics = metrics
        self.served = served
        self._crawler: Crawler | None = None
        self._port: Any = None
        self._is_watching_pool = False

    def listen(self, crawler: Crawler) -> None:
        """Connect to the spider whose life this is bound to."""
        self._crawler = crawler
        crawler.signals.connect(self.begin, signal=scrapy_signals.spider_opened)
        crawler.signals.connect(self.end, signal=scrapy_signals.spider_closed)

    def begin(self) -> None:
        """Answer from now on."""
        from twisted.internet import reactor  # exists only once Scrapy chose it

        root = Resource()
        for path, answer in (
            (b"livez", self.livez),
            (b"readyz", self.readyz),
            (b"metrics", self.metrics_page),
        ):
            root.putChild(path, _Leaf(answer))  # type: ignore[arg-type]
        with self.served:  # the reactor goes on with a descriptor of its own
            host, port = self.served.getsockname()[:2]
            adopt = reactor.adoptStreamPort
            self._port = adopt(self.served.fileno(), self.served.family, Site(root))
        log.info("%s", facts(event="serving", at=str(Listening(host, port))))

    def end(self) -> None:
        """Stop listening."""
        if self._port is not None:
            self._port.stopListening()
            self._port = None

    @property
    def _keeper(self) -> DeskKeeper:
        if self._crawler is None:
            raise RuntimeError("a monitor that listens to no spider")
        return keeper_of(self._crawler)

    async def livez(self) -> Page:
        """The loop runs this, so it is alive."""
        return Page(200, b"alive\n")

    async def readyz(self) -> Page:
        """Whether the worker can do its work, else why not."""
        desk = self._keeper.desk
        if desk is None:
            return Page(503, b"starting\n")
        if desk.is_stopping():
            return Page(503, b"stopping\n")
        troubles = await trouble_of(desk)
        if troubles:
            return Page(503, "\n".join((*troubles, "")).encode())
        return Page(200, b"ready\n")

    async def metrics_page(self) -> Page:
        """Everything there is to count, now."""
        desk = self._keeper.desk
        view = View(redis_trouble="starting", disk_trouble="starting")
        if desk is not None:
            if not self._is_watching_pool:
                self._is_watching_pool = True
                self.metrics.watch_pool(desk)
            view = await look(desk, self._keeper.assignment.selected)
        shared = CollectorRegistry()
        shared.register(ViewCollector(view))
        body = generate_latest(self.metrics.registry) + generate_latest(shared)
        return Page(200, body, CONTENT_TYPE_LATEST)


class _Leaf(Resource):
    """One address: a page is made when it is asked for."""

    isLeaf = True

    def __init__(self, answer: Callable[[], Awaitable[Page]]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._answer = answer
        self._at_work: set[asyncio.Task[None]] = set()

    def render_GET(self, request: Request) -> int:
        gone = request.notifyFinish()
        task = asyncio.ensure_future(self._respond(request))
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)
        # Whoever hangs up ends the looking too.
        gone.addErrback(lambda _hung_up: task.cancel())
        return NOT_DONE_YET

    async def _respond(self, request: Request) -> None:
        try:
            page = await self._answer()
        except Exception as error:
            log.error("%s", facts(event="mistake", job="monitor"), exc_info=error)
            page = Page(500, b"a mistake of ours; see the log\n")
        request.setResponseCode(page.status)
        request.setHeader(b"Content-Type", page.content_type.encode())
        request.setHeader(b"Content-Length", str(len(page.body)).encode())
        request.write(page.body)
        request.finish()
