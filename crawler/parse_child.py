"""What a child of the parse pool does: read one thing after the other, confined.

Promise: a child ends with its parent, whatever ended that, and answers with values: exceptions lose
themselves on the way between processes.
"""

from __future__ import annotations

import os
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from crawler.confinement import confine, limit_cpu
from crawler.errors import PageUnreadable, SourceError
from crawler.news.cite_names import CitedOutlet
from crawler.news.lexicon import Topic, parse_topic
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

_topic: Topic | None = None
_cited: tuple[CitedOutlet, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a child could not read something: a value, as exceptions lose themselves on the way.

    `trace` is there when nobody expected it: a mistake of ours, or of a library.
    """

    url: str
    problem: str
    trace: str = ""


def begin(topic: tuple[str, str], cited: tuple[CitedOutlet, ...]) -> None:
    """Make this process one that reads for a topic, bound to its parent, and confine it."""
    global _topic, _cited
    threading.Thread(target=_go_with_parent, args=(os.getppid(),), daemon=True).start()
    _topic, _cited = parse_topic(*topic), cited
    _warm_up(_topic)
    confine()


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


def is_ready() -> bool:
    """Whether this process was begun."""
    return _topic is not None


def read(
    reader: Callable[[Task], Verdict | Refusal], task: Task, limit_s: float
) -> Verdict | Refusal:
    """Read something within its share of CPU; what nobody expected is a Refusal with its trace."""
    limit_cpu(limit_s)
    try:
        return reader(task)
    except MemoryError:
        raise
    except Exception as error:
        # Reading is the same every time: to try it again would only bring it back.
        problem = f"reading it failed ({type(error).__name__})"
        return Refusal(url=task.url, problem=problem, trace=traceback.format_exc(limit=-8))


def read_page(task: PageTask) -> PageVerdict | Refusal:
    """Read and judge a page."""
    from crawler.news.reading import read_and_judge  # heavy: only children need it

    try:
        return read_and_judge(_child_topic(), task, _cited)
    except PageUnreadable as error:
        return Refusal(url=error.url, problem=error.problem)


def explain_page(task: PageTask) -> Explained | Refusal:
    """Read and judge a page, and tell how its text was found."""
    from crawler.news.reading import read_and_explain

    try:
        return read_and_explain(_child_topic(), task, _cited)
    except PageUnreadable as error:
        return Refusal(url=error.url, problem=error.problem)


def read_source(task: SourceTask) -> SourceVerdict | Refusal:
    """Read a source and sort its entries."""
    from crawler.news.reading import read_and_sort

    try:
        return read_and_sort(_child_topic(), task)
    except SourceError as error:
        return Refusal(url=error.url, problem=error.problem)


def read_front(task: FrontTask) -> FrontPage | Refusal:
    """Read a page for what it tells of its site."""
    from crawler.news.front_pages import read_front

    try:
        return read_front(task.body, task.url, content_type=task.content_type, now=task.now)
    except SourceError as error:
        return Refusal(url=error.url, problem=error.problem)
