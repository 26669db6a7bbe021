"""Builders for tests that move the time of a source: its memory in Redis, made an older one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from redis import Redis

from crawler.news.jsonl import write_time
from crawler.storage import embedded
from crawler.storage.connection import PREFIX
from tests.integration.crawls import lines_of, tumen


def where(folder: Path) -> tuple[str, ...]:
    """The catalogue and the data folder of a test."""
    return "--outlets", str(folder / "outlets.toml"), "--data", str(folder / "data")


def crawl(folder: Path, **settings: str) -> str:
    """One pass; everything that was logged."""
    return tumen("crawl", *where(folder), **settings).err


@contextmanager
def opened(folder: Path) -> Iterator[Any]:
    """The Redis of the data folder."""
    with (
        embedded.hold(folder / "data") as held,
        Redis.from_url(held.url, decode_responses=True) as redis,
    ):
        yield redis


@contextmanager
def memory(folder: Path, outlet: str = "*") -> Iterator[tuple[Any, str]]:
    """Redis, and the key of the memory of an outlet's only source."""
    with opened(folder) as redis:
        (name,) = redis.scan_iter(f"{PREFIX}source:s:{outlet}/*")
        yield redis, name


def change(folder: Path, outlet: str = "*", **fields: object) -> None:
    """Make the memory of an outlet's only source another one."""
    with memory(folder, outlet) as (redis, name):
        told = json.loads(redis.hget(name, "state"))
        redis.hset(name, "state", json.dumps({**told, **fields}))


def health_of_all(folder: Path, *options: str) -> dict[str, tuple[str, str]]:
    """How each outlet's only source is shown."""
    shown = tumen("outlets", "list", "--health", "--json", *options, *where(folder))
    rows = lines_of(shown.out)
    return {row["outlet"]: (row["health"], row["why"] or "") for row in rows}


def ago(**passed: float) -> str:
    """A time that has passed, as states have it."""
    return write_time(datetime.now(UTC) - timedelta(**passed))
