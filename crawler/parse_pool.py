"""The parse pool: everything from the web is read in child processes that can be killed.

What a glance at a page's bytes tells is told before: one scan whose time and memory are bounded
whatever it meets, and nothing is decoded or parsed for it.

Promise: any bytes cost bounded time and memory, in a process whose death loses nothing: a child
that hangs or dies takes only its own task with it, and the caller learns how.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from concurrent.futures import TimeoutError as FutureTimeout
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING

from pebble import ProcessExpired, ProcessPool

from crawler import parse_child
from crawler.confinement import MEMORY_LIMIT
from crawler.errors import PageUnreadable, PoolBroken, SourceError, TumenError
from crawler.events import facts
from crawler.forking import context_of_children
from crawler.news.cite_names import CitedOutlet
from crawler.news.lexicon import Topic, parse_topic
from crawler.news.prefilter import build_prefilter
from crawler.news.skipping import pass_over_at_a_glance
from crawler.news.verdicts import (
    FrontTask,
    PageTask,
    PageVerdict,
    SourceTask,
    SourceVerdict,
)
from crawler.parse_child import Explained, Refusal, Task, Verdict

if TYPE_CHECKING:
    from crawler.news.front_pages import FrontPage

log = logging.getLogger(__name__)

# The slowest honest pages measured take under 2 s; hostile ones never end (research: 200,000
# small paragraphs gave no answer in 45 s).
PAGE_LIMIT_S = 15.0
SOURCE_LIMIT_S = 30.0
# trafilatura's caches grow by about 1 MB a page: a child is replaced before that tells.
TASKS_PER_CHILD = 400


class ParseDeath(TumenError):
    """The child died or was killed over this task: blame the task, not the worker.

    `cause` is "time", "memory" or "crash".
    """

    def __init__(self, url: str, cause: str, problem: str) -> None:
        super().__init__(f"reading {url} {problem}")
        self.cause = cause


class ParsePool:
    """A few child processes that read pages and sources.

    `cited` are the outlets of the catalogue, to be known where a report cites them.
    """

    def __init__(
        self,
        topic: tuple[str, str],
        workers: int,
        *,
        cited: tuple[CitedOutlet, ...] = (),
        page_limit_s: float = PAGE_LIMIT_S,
        source_limit_s: float = SOURCE_LIMIT_S,
    ) -> None:
        self._topic = topic
        self._workers = workers
        self._cited = cited
        self._page_limit_s = page_limit_s
        self._source_limit_s = source_limit_s
        self._is_closed = False
        # (stage, cause) -> how many children died over what they read
        self.deaths: Counter[tuple[str, str]] = Counter()
        self._watched: asyncio.Future[Topic] | None = None
        self._pool = self._begin()

    def _begin(self) -> ProcessPool:
        pool = ProcessPool(
            max_workers=self._workers,
            max_tasks=TASKS_PER_CHILD,
            initializer=parse_child.begin,
            initargs=(self._topic, self._cited),
            context=context_of_children(),
        )
        pool.schedule(parse_child.is_ready)  # children load while the first sources are asked
        return pool

    async def read_page(self, task: PageTask) -> PageVerdict:
        """Read and judge a page; raises PageUnreadable, or ParseDeath if the child died.

        Most pages name no party: a glance at their bytes tells it here, and no child is troubled.
        """
        passed = await self._at_a_glance(task)
        if passed is not None:
            return passed
        verdict = await self._run(parse_child.read_page, task, self._page_limit_s)
        if isinstance(verdict, Refusal):
            raise PageUnreadable(verdict.url, verdict.problem)
        return verdict

    async def _at_a_glance(self, task: PageTask) -> PageVerdict | None:
        if not task.may_skip:
            return None
        if self._watched is None:
            # In a thread: it takes a tenth of a second, once.
            self._watched = asyncio.ensure_future(asyncio.to_thread(_look_out, self._topic))
        return pass_over_at_a_glance(await asyncio.shield(self._watched), task)

    async def explain_page(self, task: PageTask) -> Explained:
        """Read and judge a page, and tell how its text was found; raises as `read_page` does."""
        explained = await self._run(parse_child.explain_page, task, self._page_limit_s)
        if isinstance(explained, Refusal):
            raise PageUnreadable(explained.url, explained.problem)
        return explained

    async def read_source(self, task: SourceTask) -> SourceVerdict:
        """Read a source and sort its entries; raises SourceError, or ParseDeath."""
        verdict = await self._run(parse_child.read_source, task, self._source_limit_s)
        if isinstance(verdict, Refusal):
            raise SourceError(verdict.url, verdict.problem)
        return verdict

    async def read_front(self, task: FrontTask) -> FrontPage:
        """Read a page for what it tells of its site; raises SourceError, or ParseDeath."""
        verdict = await self._run(parse_child.read_front, task, self._page_limit_s)
        if isinstance(verdict, Refusal):
            raise SourceError(verdict.url, verdict.problem)
        return verdict

    async def _run(
        self, read: Callable[[Task], Verdict | Refusal], task: Task, limit_s: float
    ) -> Verdict | Refusal:
        try:
            future = self._pool.schedule(
                parse_child.read, args=(read, task, limit_s), timeout=limit_s
            )
            verdict: Verdict | Refusal = await asyncio.wrap_future(future)
        except FutureTimeout as error:
            raise self._death(task, "time", f"took over {limit_s:.0f} s") from error
        except ProcessExpired as error:
            raise self._death(task, "crash", f"killed its process ({error})") from error
        except MemoryError as error:
            raise self._death(task, "memory", f"took over {MEMORY_LIMIT >> 20} MB") from error
        except (BrokenProcessPool, RuntimeError) as error:
            # The pool itself broke, which no task should be able to do: a new one goes on.
            self._end()
            if not self._is_closed:
                self._pool = self._begin()
            raise PoolBroken(f"the processes that read pages ended ({error})") from error
        if isinstance(verdict, Refusal) and verdict.trace:
            log.error("%s", facts(event="mistake", url=verdict.url, trace=verdict.trace))
        return verdict

    def _death(self, task: PageTask | SourceTask | FrontTask, cause: str, how: str) -> ParseDeath:
        stage = "source" if isinstance(task, SourceTask) else "page"
        self.deaths[stage, cause] += 1
        return ParseDeath(task.url, cause, how)

    def close(self) -> None:
        """End the children; tasks in hand are given up (their leases return them)."""
        self._is_closed = True
        self._end()

    def _end(self) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join(timeout=5)


def _look_out(topic: tuple[str, str]) -> Topic:
    watched = parse_topic(*topic)
    build_prefilter(watched)
    return watched
