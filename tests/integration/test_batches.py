"""Commands that many tasks ask at once: each is answered by itself, in the order of asking."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

from crawler.errors import DependencyDown
from crawler.storage.connection import Connection, connect
from tests.integration.frontiers import with_redis


def test_everybody_gets_the_answer_to_what_was_asked(redis_url: str) -> None:
    async def work(redis: Connection) -> list[str]:
        return await asyncio.gather(*(redis.ask("ECHO", f"{n}") for n in range(500)))

    assert with_redis(redis_url, work) == [f"{n}" for n in range(500)]


def test_commands_are_run_in_the_order_of_asking(redis_url: str) -> None:
    async def work(redis: Connection) -> list[int]:
        await redis.ask("DEL", "turns")
        asked = [asyncio.ensure_future(redis.ask("INCR", "turns")) for _ in range(300)]
        return [await one for one in asked]

    assert with_redis(redis_url, work) == list(range(1, 301))


def test_one_command_that_fails_fails_alone(redis_url: str) -> None:
    async def work(redis: Connection) -> list[object]:
        asked = [redis.ask("ECHO", "before"), redis.ask("NOTHING"), redis.ask("ECHO", "after")]
        return await asyncio.gather(*asked, return_exceptions=True)

    before, error, after = with_redis(redis_url, work)
    assert (before, after) == ("before", "after")
    assert isinstance(error, DependencyDown)


def test_a_task_that_is_cancelled_leaves_the_others_their_answers(redis_url: str) -> None:
    async def work(redis: Connection) -> list[object]:
        asked = [asyncio.ensure_future(redis.ask("ECHO", f"{n}")) for n in range(3)]
        await asyncio.sleep(0)
        asked[1].cancel()
        return await asyncio.gather(*asked, return_exceptions=True)

    first, second, third = with_redis(redis_url, work)
    assert (first, third) == ("0", "2")
    assert isinstance(second, asyncio.CancelledError)


def test_a_server_that_is_gone_is_told_to_all_who_wait(tmp_path: Path) -> None:
    async def work() -> list[object]:
        redis = await connect(tmp_path, None)
        with contextlib.suppress(DependencyDown):
            await redis.ask("SHUTDOWN", "NOSAVE")
        try:
            asked = (redis.ask("ECHO", f"{n}") for n in range(5))
            return await asyncio.gather(*asked, return_exceptions=True)
        finally:
            await redis.close()

    assert all(isinstance(answer, DependencyDown) for answer in asyncio.run(work()))
