"""The health of sources for a page: asked of Redis now and then, with a limit, and remembered.

Promise: a Redis that is away costs a page nothing and is said in words; an embedded one is only
asked when a worker has it running, and never started to be looked at.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from crawler.app.standing import Standing, ask
from crawler.config import Config
from crawler.errors import TumenError
from crawler.news.outlets import Outlet, sources_of
from crawler.storage import embedded

_ASK_AGAIN_S = 20.0
_LIMIT_S = 4.0
_PATIENCE_S = 0.3
_NOBODY = "no worker runs here, so Redis is not up; start tumen watch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is known of the sources. `trouble` says why nothing is; None when Redis answered."""

    trouble: str | None
    standings: Mapping[str, Standing]

    def counts(self) -> Counter[str]:
        """How many sources are working, failing ..."""
        return Counter(one.health.word for one in self.standings.values())


@dataclass(slots=True)
class Health:
    """Asks for the health of sources; many threads may ask."""

    config: Config
    _known: Report | None = None
    _asked_at: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _worker: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "health"))
    _asking: Future[Report] | None = None

    def report(self, outlets: Sequence[Outlet]) -> Report:
        """The health of the sources of these outlets, some seconds old.

        Only the first page waits for a Redis that hangs; later ones show what was known before.
        """
        with self._lock:
            is_old = time.monotonic() - self._asked_at > _ASK_AGAIN_S
            if self._asking is None or (self._asking.done() and is_old):
                enabled = [outlet for outlet in outlets if outlet.enabled]
                self._asking = self._worker.submit(self._ask, enabled)
                self._asked_at = time.monotonic()
            asking, known = self._asking, self._known
        try:
            report = asking.result(timeout=None if known is None else _PATIENCE_S)
        except TimeoutError:
            return known or Report(trouble="Redis was not asked yet", standings={})
        self._known = report
        return report

    def _ask(self, outlets: Sequence[Outlet]) -> Report:
        if self.config.redis_url is None and not self._runs():
            return Report(trouble=_NOBODY, standings={})
        try:
            polled = [source for outlet in outlets for source in sources_of(outlet)]
            seen = asyncio.run(asyncio.wait_for(ask(self.config, polled), timeout=_LIMIT_S))
        except TimeoutError:
            return Report(trouble=f"Redis did not answer within {_LIMIT_S:.0f} s", standings={})
        except TumenError as error:
            return Report(trouble=str(error), standings={})
        return Report(trouble=None, standings={one.source.id: one for one in seen.standings})

    def _runs(self) -> bool:
        return embedded.answers(embedded.socket_path(self.config.data_dir.resolve()))
