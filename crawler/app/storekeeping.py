"""`tumen store`: check and mend the store, forget a record, teach a Redis that lost its memory.

Promise: checking changes nothing; what is mended or forgotten is named.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click

from crawler.app import options
from crawler.app.rereading import reextract
from crawler.app.terminal import Progress, say, show_table
from crawler.config import Config
from crawler.errors import ConfigError
from crawler.storage import forgetting, recovery, reindexing
from crawler.storage.connection import connect
from crawler.storage.frontier import Frontier
from crawler.storage.lookup import find_id
from crawler.storage.mending import mend
from crawler.storage.verify import PROBLEMS_SHOWN, Report, verify_evidence
from crawler.storage.verify import verify as check

Answer = TypeVar("Answer")

UNSOUND = 1
PARTLY_DONE = 1
NOT_FOUND = 1


@click.group(epilog="Example: tumen store verify --data data")
def store() -> None:
    """Check and mend the store."""


store.add_command(reextract)


@store.command(epilog="Example: tumen store verify && echo sound")
@click.option("--lines", "only_lines", is_flag=True, help="Leave the archived responses alone.")
@options.where
@options.as_json
def verify(only_lines: bool, data: str | None, redis_url: str | None, json_lines: bool) -> int:
    """Check every line, and the archived response of every record; changes nothing."""
    config = _config_of_store(data, redis_url)
    report = check(config.data_dir)
    responses = 0 if only_lines else _check_evidence(config, report)
    rows = [(problem.file, problem.line, problem.kind, problem.what) for problem in report.problems]
    if rows or json_lines:
        show_table(("file", "line", "kind", "what"), rows, json_lines=json_lines)
    say(
        f"{report.files} files, {report.records} records of {report.articles} articles, "
        f"{report.omissions} lines of the journal, {responses} archived responses: "
        + ("all sound" if report.is_sound else f"{report.kinds.total()} problems")
    )
    return 0 if report.is_sound else UNSOUND


def _check_evidence(config: Config, report: Report) -> int:
    responses, progress = 0, Progress("checking responses")
    progress.start()
    try:
        for problem in verify_evidence(config.data_dir):
            responses += 1
            progress.tell(str(responses))
            if problem is not None:
                report.kinds[problem.kind] += 1
                report.problems += [problem] if len(report.problems) < PROBLEMS_SHOWN else []
    finally:
        progress.stop()
    return responses


@store.command(epilog="Example: tumen store repair --data data")
@options.where
@options.as_json
def repair(data: str | None, redis_url: str | None, json_lines: bool) -> int:
    """Take out lines that are broken, stand twice, or were forgotten.

    What is taken out is kept in DATA/quarantine. Files of workers that are running are left alone.
    """
    config = _config_of_store(data, redis_url)
    mends = list(mend(config.data_dir))
    rows = [(done.file, done.what) for done in mends]
    if rows or json_lines:
        show_table(("file", "what"), rows, json_lines=json_lines)
    left = sum(not done.is_done for done in mends)
    say(f"{len(mends) - left} things mended" + (f", {left} left to do" if left else ""))
    return PARTLY_DONE if left else 0


@store.command(epilog="Example: tumen store reindex --data data --redis redis://localhost/0")
@click.option(
    "--take-over",
    is_flag=True,
    help="Let Redis forget the other store that it belongs to (one that is gone).",
)
@options.where
def reindex(take_over: bool, data: str | None, redis_url: str | None) -> None:
    """Teach Redis again what is stored and what was left out, from the store alone."""
    config = options.config_of(data=data, redis_url=redis_url)
    teach = recovery.take_over if take_over else reindexing.reindex
    taught = _with_frontier(
        config, lambda frontier: teach(config.data_dir, frontier, config.revisits)
    )
    say(f"taught: {taught}")


@store.command(epilog="Example: tumen store forget https://www.example.org/2026/11/22/visit")
@click.argument("record", metavar="ID|URL")
@click.option("--yes", is_flag=True, help="Do not ask.")
@options.where
def forget(record: str, yes: bool, data: str | None, redis_url: str | None) -> int:
    """Remove a record for good: text, archived responses, everything that points to it.

    A tombstone stays, so that it is not stored again. There is no way back.
    """
    config = _config_of_store(data, redis_url)
    record_id = find_id(config.data_dir, record)
    if record_id is None:
        say(f"there is nothing of {record} in {config.data_dir}")
        return NOT_FOUND
    traces = forgetting.find_traces(config.data_dir, record_id)
    for title in traces.titles:
        say(title)
    say(f"{traces.lines} lines and {len(traces.places)} archived responses of {record_id}")
    if not yes:
        click.confirm("Remove them for good?", abort=True, err=True)
    alive = _with_frontier(
        config, lambda frontier: forgetting.forget(config.data_dir, frontier, traces)
    )
    if alive:
        say(f"workers {', '.join(alive)} did not cut their lines yet; see tumen store verify")
        return PARTLY_DONE
    say("forgotten")
    return 0


def _config_of_store(data: str | None, redis_url: str | None) -> Config:
    config = options.config_of(data=data, redis_url=redis_url)
    if not config.data_dir.exists():
        raise ConfigError(f"{config.data_dir} is not there; name the store with --data")
    return config


def _with_frontier(config: Config, work: Callable[[Frontier], Awaitable[Answer]]) -> Answer:
    async def go() -> Answer:
        redis = await connect(config.data_dir, config.redis_url)
        try:
            return await work(Frontier(redis, config.lease_s, config.host_delay_s))
        finally:
            await redis.close()

    return asyncio.run(go())
