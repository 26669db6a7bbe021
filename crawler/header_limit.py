"""How much of an answer may be headers: Twisted reads them without end, Scrapy waits for their end.

Promise: an answer whose headers (interim answers included) are larger than accepted costs no more
than that limit in memory, and its connection is cut.
"""

from __future__ import annotations

from typing import Any

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS

# nginx sends 32 KB at most, unless told otherwise; Chrome accepts 256, which cost us half a second
# of the reactor where they are 60,000 headers of four bytes.
HEADER_LIMIT = 64 * 1024


class HeadersTooLarge(Exception):
    """The headers of an answer are larger than accepted."""


class _Protocol(_LenientHTTP11ClientProtocol):
    """Scrapy's own, which counts what comes before the body."""

    header_bytes = 0

    def request(self, request: Any) -> Any:
        self.header_bytes = 0
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:
        if self._is_in_headers:
            self.header_bytes += len(data)
        super().dataReceived(data)  # type: ignore[no-untyped-call]
        # The last piece of the headers may bring much of the body: it counts for neither.
        if self.header_bytes > HEADER_LIMIT and self._is_in_headers:
            self._cut(Failure(HeadersTooLarge(f"over {HEADER_LIMIT >> 10} KB")))  # type: ignore[no-untyped-call]

    def _cut(self, reason: Failure) -> None:
        transport: Any = self.transport
        self._disconnectParser(reason)  # type: ignore[no-untyped-call]
        transport.abortConnection()

    @property
    def _is_in_headers(self) -> bool:
        return self._parser is not None and self._parser.state in (STATUS, HEADER)


class _Factory(_LenientHTTP11ClientFactory):
    """Makes connections that count."""

    def buildProtocol(self, addr: Any) -> _Protocol:
        return _Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


def limit_headers(handler: HTTP11DownloadHandler) -> None:
    """Let every connection of this handler count headers.

    Neither Scrapy nor Twisted has a public name for it; tests/hostile sends such headers, so that a
    version in which this stopped working fails there.
    """
    handler._pool._factory = _Factory


def is_too_large(error: BaseException) -> bool:
    """Whether this failure is ours: it comes wrapped in what Twisted and Scrapy say of it."""
    reasons = getattr(error.__cause__, "reasons", ())
    return any(reason.check(HeadersTooLarge) for reason in reasons)
