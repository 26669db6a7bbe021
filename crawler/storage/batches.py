"""One write for all who ask: the way to Redis for a worker's many tasks.

While one batch is on its way, the next one gathers, as in `writer.py`. Every command is answered by
itself, so nobody's error is another's; a write to a socket costs more than most commands do.

Promise: commands are sent in the order in which they were asked for, each once; an `ask` that is
cancelled takes nothing back, as with any command that is on its way.
"""

from __future__ import annotations

import asyncio
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

# The server answers a batch as a whole before it turns to other workers.
BATCH_MOST = 128

Command = tuple[str | int | float, ...]
_Waiting = tuple[Command, asyncio.Future[Any]]


class Batches:
    """Sends the commands of the tasks of one event loop."""

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._waiting: list[_Waiting] = []
        self._sending: asyncio.Task[None] | None = None

    async def ask(self, *command: str | int | float) -> Any:
        """Send a command and return its answer; raises RedisError or OSError."""
        answered: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append((command, answered))
        if self._sending is None:
            self._sending = asyncio.create_task(self._send_all())
        return await answered

    async def close(self) -> None:
        """Wait for what is on its way."""
        while self._sending is not None:
            await asyncio.shield(self._sending)

    async def _send_all(self) -> None:
        try:
            while self._waiting:
                batch = self._waiting[:BATCH_MOST]
                del self._waiting[:BATCH_MOST]
                await self._send(batch)
        finally:
            self._sending = None

    async def _send(self, batch: list[_Waiting]) -> None:
        try:
            answers = await self._answers([command for command, _ in batch])
        except (RedisError, OSError) as error:
            answers = [error] * len(batch)
        except BaseException as error:
            _abandon([*batch, *self._waiting], error)
            self._waiting = []
            raise
        for (_, answered), answer in zip(batch, answers, strict=True):
            if answered.done():
                continue  # whoever asked has gone
            if isinstance(answer, Exception):
                answered.set_exception(answer)
            else:
                answered.set_result(answer)

    async def _answers(self, commands: list[Command]) -> list[Any]:
        pipeline = self._client.pipeline(transaction=False)
        for command in commands:
            pipeline.execute_command(*command)
        answers: list[Any] = await pipeline.execute(raise_on_error=False)
        return answers


def _abandon(waiting: list[_Waiting], error: BaseException) -> None:
    """Nobody waits for ever, whatever broke."""
    for _, answered in waiting:
        if answered.done():
            continue
        if isinstance(error, Exception):
            answered.set_exception(error)
        else:
            answered.cancel()
