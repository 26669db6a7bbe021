"""The limit: a downloader of aiohttp that only reads every body.

python aiohttp_peer.py URLS CONNECTIONS
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import aiohttp


async def fetch_all(urls: list[str], connections: int) -> int:
    """Fetch every URL; how many answered with a page."""
    waiting, fetched = iter(urls), 0

    async def work(session: aiohttp.ClientSession) -> None:
        nonlocal fetched
        for url in waiting:
            async with session.get(url) as response:
                fetched += response.status == 200 and bool(await response.read())

    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(work(session) for _ in range(connections)))
    return fetched


def main() -> None:
    """Fetch what the arguments name."""
    urls = Path(sys.argv[1]).read_text(encoding="utf-8").split()
    print(asyncio.run(fetch_all(urls, int(sys.argv[2]))))


if __name__ == "__main__":
    main()
