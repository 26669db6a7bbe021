"""`tumen dead`: what could not be done, and what a person does about it.

Promise: nothing is dropped without being named; a retry starts afresh.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import click

from crawler.app import options
from crawler.app.terminal import say, show_table, write_line
from crawler.config import Config
from crawler.storage import dead as letters
from crawler.storage.connection import Connection, connect
from crawler.storage.dead import DeadLetter

NOT_FOUND = 1


@click.group(epilog="Example: tumen dead list")
def dead() -> None:
    """Dead letters: jobs that were given up, with the reason."""


@dead.command("list", epilog="Example: tumen dead list --json | jq .url")
@options.where
@options.as_json
def list_letters(data: str | None, redis_url: str | None, json_lines: bool) -> None:
    """List the dead letters, newest first."""
    found = _with_redis(options.config_of(data=data, redis_url=redis_url), letters.load)
    rows = [
        (letter.name, f"{letter.buried_at:%Y-%m-%d %H:%M}", letter.reason, letter.job.url)
        for letter in found
    ]
    if not rows and not json_lines:
        say("there are no dead letters")
        return
    show_table(("job", "since", "reason", "url"), rows, json_lines=json_lines)


@dead.command("show", epilog="Example: tumen dead show a:12ab00ff")
@click.argument("job")
@options.where
def show_letter(job: str, data: str | None, redis_url: str | None) -> int:
    """Show one dead letter with its history, as JSON."""
    found = _with_redis(options.config_of(data=data, redis_url=redis_url), letters.load)
    for letter in found:
        if letter.name == job:
            write_line(json.dumps(_as_json(letter), ensure_ascii=False, indent=2))
            return 0
    say(f"there is no dead letter {job}; `tumen dead list` names them")
    return NOT_FOUND


@dead.command("retry", epilog="Example: tumen dead retry --all")
@click.argument("jobs", nargs=-1)
@click.option("--all", "every", is_flag=True, help="All dead letters.")
@options.where
def retry_letters(
    jobs: tuple[str, ...], every: bool, data: str | None, redis_url: str | None
) -> int:
    """Put dead letters back into the queue."""
    return _for_each(jobs, every, data, redis_url, letters.retry, "waiting again")


@dead.command("drop", epilog="Example: tumen dead drop a:12ab00ff")
@click.argument("jobs", nargs=-1)
@click.option("--all", "every", is_flag=True, help="All dead letters.")
@options.where
def drop_letters(
    jobs: tuple[str, ...], every: bool, data: str | None, redis_url: str | None
) -> int:
    """Forget dead letters; their pages are not asked for again."""
    return _for_each(jobs, every, data, redis_url, letters.drop, "dropped")


def _for_each(
    jobs: tuple[str, ...],
    every: bool,
    data: str | None,
    redis_url: str | None,
    act: Callable[[Connection, str], Awaitable[bool]],
    done: str,
) -> int:
    if not jobs and not every:
        raise click.UsageError("name the jobs (`tumen dead list` shows them), or say --all")

    async def go(redis: Connection) -> dict[str, bool]:
        names = [letter.name for letter in await letters.load(redis)] if every else jobs
        return {name: await act(redis, name) for name in names}

    outcome = _with_redis(options.config_of(data=data, redis_url=redis_url), go)
    for name, found in outcome.items():
        say(f"{name}: {done if found else 'there is no such dead letter'}")
    return 0 if all(outcome.values()) else NOT_FOUND


def _with_redis(config: Config, work: Callable[[Connection], Awaitable[Any]]) -> Any:
    async def go() -> Any:
        redis = await connect(config.data_dir, config.redis_url)
        try:
            return await work(redis)
        finally:
            await redis.close()

    return asyncio.run(go())


def _as_json(letter: DeadLetter) -> dict[str, Any]:
    return {
        "job": letter.name,
        "kind": letter.job.kind,
        "url": letter.job.url,
        "outlet": letter.job.outlet,
        "reason": letter.reason,
        "since": letter.buried_at.isoformat(),
        "failures": letter.failures,
        "deaths": letter.deaths,
        "expired_leases": letter.expiries,
        "history": [{"at": at.isoformat(), "reason": reason} for at, reason in letter.history],
    }
