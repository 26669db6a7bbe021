"""A tumen command that dies or stops at a named point: FAULT=point:count:manner, FAULT_NOTE=file.

Nothing of Tumen is replaced: the real functions run, and after the count-th time that one of them
has done its work the process kills itself (or the server, or all, or stops as if it were paused).
"""

from __future__ import annotations

import functools
import os
import signal
import sys
from collections.abc import Callable, Sized
from pathlib import Path
from typing import Any

from crawler.__main__ import main
from crawler.middlewares import MannersMiddleware
from crawler.parse_pool import ParsePool
from crawler.storage.archiving import Archivist
from crawler.storage.frontier import Frontier
from crawler.storage.store import Slot

# Point -> the function after which it lies. "commit" is between a feed's offers and its commit.
POINTS: dict[str, tuple[type, str]] = {
    "claim": (Frontier, "claim"),
    "fetch": (MannersMiddleware, "process_response"),
    "parse": (ParsePool, "read_page"),
    "archive": (Archivist, "keep"),
    "append": (Slot, "append"),
    "fsync": (Slot, "sync"),
    "settle": (Frontier, "ack"),
    "commit": (Frontier, "offer"),
}
MANNERS = ("self", "group", "server", "all", "pause")

_server: list[int] = []


def strike(manner: str) -> None:
    """Do to this process, or to the server, what was asked for, and leave a note that it was."""
    Path(os.environ["FAULT_NOTE"]).touch()
    if manner in ("server", "all") and _server:
        os.kill(_server[0], signal.SIGKILL)
    if manner == "pause":
        os.kill(os.getpid(), signal.SIGSTOP)
    elif manner == "self":
        os.kill(os.getpid(), signal.SIGKILL)
    elif manner in ("group", "all"):
        os.killpg(0, signal.SIGKILL)


def counts(name: str, answer: Any) -> bool:
    """Whether a call did something: a claim that gave nothing is none."""
    leases = getattr(answer, "leases", True)
    return bool(len(leases)) if name == "claim" and isinstance(leases, Sized) else True


def after(name: str, count: int, manner: str) -> None:
    """Let the fault happen after the count-th time that the function has done its work."""
    home, method = POINTS[name]
    real: Callable[..., Any] = getattr(home, method)
    done = [0]

    def note(answer: Any) -> None:
        done[0] += counts(name, answer)
        if done[0] == count and counts(name, answer):
            strike(manner)

    @functools.wraps(real)
    def plain(*args: Any, **options: Any) -> Any:
        answer = real(*args, **options)
        note(answer)
        return answer

    @functools.wraps(real)
    async def waiting(*args: Any, **options: Any) -> Any:
        answer = await real(*args, **options)
        if isinstance(args[0], Frontier) and not _server:
            _server.append(int((await args[0].redis.ask("INFO", "server"))["process_id"]))
        note(answer)
        return answer

    is_async = home is not Slot
    setattr(home, method, waiting if is_async else plain)


def learn_server() -> None:
    """Note the server's process at the first claim, for faults that kill it at other points."""
    real = Frontier.claim

    async def claim(self: Frontier, *args: Any, **options: Any) -> Any:
        if not _server:
            _server.append(int((await self.redis.ask("INFO", "server"))["process_id"]))
        return await real(self, *args, **options)

    Frontier.claim = claim  # type: ignore[method-assign]


if __name__ == "__main__":
    learn_server()
    point, times, how = os.environ.pop("FAULT").split(":")
    after(point, int(times), how)
    sys.argv[0] = "tumen"
    main()
