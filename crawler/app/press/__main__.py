"""Serves the sample press: `python -m crawler.app.press [--log FILE] [--latency MS] [--host NAME]`.

Prints one JSON line when it is ready: {"catalogue": TOML text, "ports": {outlet: port},
"bases": {outlet: address}, "opened_at": RFC 3339}. Where standard input is a pipe, a line "edit"
there brings out the later edition, and its end stops the press; so do SIGTERM and SIGINT.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import stat
import sys
from pathlib import Path

from crawler.app.press.server import Press
from crawler.notation import LOOPBACK


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m crawler.app.press", description=__doc__)
    parser.add_argument("--log", type=Path, metavar="FILE", help="append every visit as JSON line")
    parser.add_argument("--latency", type=float, default=0, metavar="MS", help="before each answer")
    parser.add_argument("--host", default=LOOPBACK, metavar="NAME", help="listen here, be named so")
    options = parser.parse_args()
    press = Press(latency_s=options.latency / 1000, log=options.log, host=options.host)
    asyncio.run(_serve(press))


async def _serve(press: Press) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await press.open()
    ready = {
        "catalogue": press.catalogue,
        "ports": press.ports,
        "bases": press.bases,
        "opened_at": press.opened_at.isoformat(),
    }
    print(json.dumps(ready), flush=True)
    # A terminal or /dev/null says nothing about whether somebody still wants the press.
    orders = asyncio.create_task(_obey(press, stop)) if _is_piped() else None
    await stop.wait()
    if orders is not None:
        orders.cancel()
    await press.close()


async def _obey(press: Press, stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    transport, _ = await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    try:
        async for line in reader:
            if line.strip() == b"edit":
                press.edit()
        stop.set()
    finally:
        transport.close()


def _is_piped() -> bool:
    try:
        mode = os.fstat(0).st_mode
    except OSError:  # closed before we began
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


if __name__ == "__main__":
    main()
