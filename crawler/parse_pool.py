"""The parse pool: everything from the web is read in child processes that can be killed.

What a glance at a page's bytes tells is told before: one scan whose time and memory are bounded
whatever it meets, and nothing is decoded or parsed for it.

Promise: any bytes cost bounded time and memory, in a process whose death loses nothing: a child
that hangs or dies takes only its own task with it, and the caller learns how.
"""

from __future__ import annotations

import asyncio
import os
import resource
import threading
import time
from collections.abc import Callable
from concurrent.futures import TimeoutError as FutureTimeout
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from pebble import ProcessExpired, ProcessPool

from crawler.errors import PageUnreadable, PoolBroken, SourceError, TumenError
from crawler.forking import context_of_children
from crawler.news.cite_names import CitedOutlet
from crawler.news.lexicon import Topic, parse_topic
from crawler.news.prefilter import build_prefilter
from crawler.news.skipping import pass_over_at_a_glance
from crawler.news.verdicts import (
    Explanation,
    FrontTask,
    PageTask,
    PageVerdict,
    SourceTask,
    SourceVerdict,
)

if TYPE_CHECKING:
    from crawler.news.front_pages import FrontPage

Explained = tuple[PageVerdict, Explanation]
Task = TypeVar("Task", PageTask, SourceTask, FrontTask)
Verdict = TypeVar("Verdict", PageVerdict, SourceVerdict, Explained, "FrontPage")

# The slowest honest pages measured take under 2 s; hostile ones never end (research: 200,000
# small paragraphs gave no answer in 45 s).
PAGE_LIMIT_S = 15.0
SOURCE_LIMIT_S = 30.0
# Of address space, most of it libraries: a page of the largest size accepted needs about 600 MB.
MEMORY_LIMIT = 2 * 1024**3
# trafilatura's caches grow by about 1 MB a page: a child is replaced before that tells.
TASKS_PER_CHILD = 400

_topic: Topic | None = None
_cited: tuple[CitedOutlet, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a child could not read something: a value, as exceptions lose themselves on the way."""

    url: str
    problem: str


class ParseDeath(TumenError):
    """The child died or was killed over this task: blame the task, not the worker."""


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
        self._watched: asyncio.Future[Topic] | None = None
        self._pool = self._begin()

    def _begin(self) -> ProcessPool:
        pool = ProcessPool(
            max_workers=self._workers,
            max_tasks=TASKS_PER_CHILD,
            initializer=_begin_child,
            initargs=(self._topic, self._cited),
            context=context_of_children(),
        )
        pool.schedule(_is_ready)  # children load while the first sources are asked
        return pool

    async def read_page(self, task: PageTask) -> PageVerdict:
        """Read and judge a page; raises PageUnreadable, or ParseDeath if the child died.

        Most pages name no party: a glance at their bytes tells it here, and no child is troubled.
        """
        passed = await self._at_a_glance(task)
        if passed is not None:
            return passed
        verdict = await self._run(_read_page, task, self._page_limit_s)
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
        explained = await self._run(_explain_page, task, self._page_limit_s)
        if isinstance(explained, Refusal):
            raise PageUnreadable(explained.url, explained.problem)
        return explained

    async def read_source(self, task: SourceTask) -> SourceVerdict:
        """Read a source and sort its entries; raises SourceError, or ParseDeath."""
        verdict = await self._run(_read_source, task, self._source_limit_s)
        if isinstance(verdict, Refusal):
            raise SourceError(verdict.url, verdict.problem)
        return verdict

    async def read_front(self, task: FrontTask) -> FrontPage:
        """Read a page for what it tells of its site; raises SourceError, or ParseDeath."""
        verdict = await self._run(_read_front, task, self._page_limit_s)
        if isinstance(verdict, Refusal):
            raise SourceError(verdict.url, verdict.problem)
        return verdict

    async def _run(
        self, read: Callable[[Task], Verdict | Refusal], task: Task, limit_s: float
    ) -> Verdict | Refusal:
        try:
            future = self._pool.schedule(read, args=(task,), timeout=limit_s)
            verdict: Verdict | Refusal = await asyncio.wrap_future(future)
        except FutureTimeout as error:
            raise ParseDeath(f"reading {task.url} took over {limit_s:.0f} s") from error
        except ProcessExpired as error:
            raise ParseDeath(f"reading {task.url} killed its process ({error})") from error
        except MemoryError as error:
            raise ParseDeath(f"reading {task.url} took over {MEMORY_LIMIT >> 20} MB") from error
        except (BrokenProcessPool, RuntimeError) as error:
            # The pool itself broke, which no task should be able to do: a new one goes on.
            self._end()
            if not self._is_closed:
                self._pool = self._begin()
            raise PoolBroken(f"the processes that read pages ended ({error})") from error
        return verdict

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


def _begin_child(topic: tuple[str, str], cited: tuple[CitedOutlet, ...]) -> None:
    global _topic, _cited
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    threading.Thread(target=_go_with_parent, args=(os.getppid(),), daemon=True).start()
    _topic, _cited = parse_topic(*topic), cited
    _warm_up(_topic)


def _warm_up(topic: Topic) -> None:
    # Models and caches load here, so that no page's time limit pays for them.
    from crawler.news.reading import read_and_judge

    words = b"<p>Words to be read once, before the first page that counts.</p>" * 8
    page = b"<html><head><title>Warm-up</title></head><body><article>" + words
    read_and_judge(
        topic,
        PageTask(
            body=page,
            url="https://page.invalid/",
            content_type="text/html",
            outlet=None,
            entry=None,
            now=datetime.now(UTC),
        ),
        _cited,
    )


def _go_with_parent(parent: int) -> None:
    # A pool whose owner was killed must not stay behind; there is no portable signal for it.
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


def _child_topic() -> Topic:
    if _topic is None:
        raise RuntimeError("the child was not begun")
    return _topic


def _is_ready() -> bool:
    return _topic is not None


def _read_page(task: PageTask) -> PageVerdict | Refusal:
    from crawler.news.reading import read_and_judge  # heavy: only children need it

    try:
        return read_and_judge(_child_topic(), task, _cited)
    except PageUnreadable as error:
        return Refusal(url=error.url, problem=error.problem)


def _explain_page(task: PageTask) -> Explained | Refusal:
    from crawler.news.reading import read_and_explain

    try:
        return read_and_explain(_child_topic(), task, _cited)
    except PageUnreadable as error:
        return Refusal(url=error.url, problem=error.problem)


def _read_source(task: SourceTask) -> SourceVerdict | Refusal:
    from crawler.news.reading import read_and_sort

    try:
        return read_and_sort(_child_topic(), task)
    except SourceError as error:
        return Refusal(url=error.url, problem=error.problem)


def _read_front(task: FrontTask) -> FrontPage | Refusal:
    from crawler.news.front_pages import read_front

    try:
        return read_front(task.body, task.url, content_type=task.content_type, now=task.now)
    except SourceError as error:
        return Refusal(url=error.url, problem=error.problem)
