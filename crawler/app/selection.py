"""Options by which records are chosen, the same for every command that reads the store.

Promise: what is not understood is refused with the forms that are; a topic, an outlet or a country
that nobody knows is named instead of finding nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

import click

from crawler.app import options
from crawler.app.terminal import Progress, say
from crawler.config import Config
from crawler.errors import BrokenLine, ConfigError
from crawler.news.lexicon import TOPICS
from crawler.news.queries import Order, Query
from crawler.news.spoken_times import read_span
from crawler.storage.layout import Place
from crawler.storage.library import Library, open_library

Command = TypeVar("Command", bound=Callable[..., Any])

_CHOICES: tuple[tuple[str, str, str], ...] = (
    ("--cites", "NAME", "Only what owes its news to NAME, or quotes it."),
    ("--story", "ID", "Only reports of this story."),
    ("--language", "TAG", "Only this language, as in ko or zh (repeatable)."),
    ("--country", "CC", "Only outlets of this country (repeatable)."),
    ("--outlet", "ID", "Only this outlet (repeatable)."),
    ("--topic", "TOPIC", "Only this topic (repeatable)."),
    ("--until", "WHEN", "Until the end of WHEN."),
    ("--since", "WHEN", 'From WHEN on: 2026-03-05, "5 March", yesterday, 2026-03, 7d.'),
)
_REPEATABLE = ("--topic", "--outlet", "--country", "--language")


def selection(command: Command) -> Command:
    """The options that choose records."""
    command = click.option("--unseen", is_flag=True, help="Only what is not marked seen or used.")(
        command
    )
    for name, metavar, words in _CHOICES:
        many = name in _REPEATABLE
        default: Any = () if many else None
        command = click.option(name, metavar=metavar, multiple=many, default=default, help=words)(
            command
        )
    return command


def limited(count: int) -> Callable[[Command], Command]:
    """--limit: how many are shown."""

    def decorate(command: Command) -> Command:
        return click.option(
            "--limit", type=click.IntRange(min=1), default=count, show_default=True,
            metavar="N", help="Show at most N.",
        )(command)  # fmt: skip

    return decorate


def query_of(
    chosen: dict[str, Any], *, text: str | None = None, order: Order, limit: int | None = None
) -> Query:
    """The query that the options of `selection` ask. Raises ConfigError for what means nothing."""
    now = datetime.now(UTC)
    for topic in chosen["topic"]:
        if topic not in TOPICS:
            raise ConfigError(f"--topic {topic}: expected one of {', '.join(TOPICS)}.")
    return Query(
        text=text or None,
        since=_time("--since", chosen["since"], now),
        until=_time("--until", chosen["until"], now),
        topics=chosen["topic"],
        outlets=chosen["outlet"],
        countries=chosen["country"],
        languages=chosen["language"],
        story=chosen["story"],
        cites=chosen["cites"],
        unseen=chosen["unseen"],
        order=order,
        limit=limit,
    )


def in_store(command: Command) -> Command:
    """--data: which store is read; readers need no Redis."""
    return click.option("--data", metavar="DIR", help="Data folder (default: ./data).")(command)


def config_of_store(data: str | None) -> Config:
    """The configuration of a reader."""
    return options.config_of(data=data)


@contextmanager
def reading(config: Config) -> Iterator[Library]:
    """The store, with its index brought up to date before somebody's eyes."""
    progress, broken = Progress("reading new lines"), 0

    def leave_out(place: Place, error: BrokenLine) -> None:
        nonlocal broken
        broken += 1

    def tell(count: int) -> None:
        # A few lines are read before a line of progress could be.
        if count >= 500:
            progress.start()
            progress.tell(f"{count:,}")

    try:
        with open_library(config.data_dir, on_broken=leave_out, told=tell) as library:
            progress.stop()
            if broken:
                say(f"{broken} lines cannot be read and are left out; see tumen store verify")
            yield library
    finally:
        progress.stop()


def _time(option: str, words: str | None, now: datetime) -> datetime | None:
    if not words:
        return None
    try:
        span = read_span(words, now)
    except ValueError as error:
        raise ConfigError(f"{option} {words}: {error}.") from error
    return span.end if option == "--until" else span.start
