"""A server of invented outlets in a process of its own: many hosts, all pages ready in memory.

    python -m bench.page_server --hosts 125 --pages 40 [--relevant 0.05] [--mean 85000]

Every host is a port of 127.0.0.1 with a robots.txt, a sitemap and its pages. Prints one line of
JSON when it serves: the hosts, each with its page paths. It ends when its input is closed.

Promise: an answer costs it some fifty microseconds, so that it is never what a benchmark measures.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import sys
from collections import Counter
from dataclasses import dataclass
from typing import Any

from bench import invented_pages
from bench.invented_pages import make_page

_SITEMAP = (
    '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'
)


@dataclass(frozen=True, slots=True)
class Answer:
    """One path's answer, packed and plain."""

    packed: bytes
    plain: bytes


class Site(asyncio.Protocol):
    """One connection to one host; pipelined requests are answered in turn."""

    def __init__(self, answers: dict[bytes, Answer]) -> None:
        self.answers = answers
        self.waiting = b""
        self.transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, received: bytes) -> None:
        self.waiting += received
        while (end := self.waiting.find(b"\r\n\r\n")) >= 0:
            head, self.waiting = self.waiting[:end], self.waiting[end + 4 :]
            answer = self.answers.get(head.split(b" ", 2)[1], _MISSING)
            self.transport.write(answer.packed if b"gzip" in head else answer.plain)
            if b"onnection: close" in head:
                self.transport.close()


def answer_with(body: bytes, kind: str, status: str = "200 OK") -> Answer:
    """An answer in both codings."""
    packed = gzip.compress(body, 5)
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: "
    coded = f"{head}{len(packed)}\r\nContent-Encoding: gzip\r\n\r\n".encode()
    return Answer(coded + packed, f"{head}{len(body)}\r\n\r\n".encode() + body)


_MISSING = answer_with(b"nothing here", "text/plain", "404 Not Found")


async def serve(hosts: int, pages: int, relevant: float) -> None:
    """Make all pages, serve them, tell where, until input ends."""
    loop, told, sizes = asyncio.get_running_loop(), [], []
    kinds: Counter[str] = Counter()
    for site in range(hosts):
        answers: dict[bytes, Answer] = {}
        server = await loop.create_server(
            lambda answers=answers: Site(answers),
            "127.0.0.1",
            0,
            backlog=512,  # type: ignore[misc]
        )
        base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        made = [make_page(site * pages + n, site, base, relevant) for n in range(pages)]
        for page in made:
            answers[page.path.encode()] = answer_with(page.body, "text/html; charset=utf-8")
        kinds.update(page.kind for page in made)
        sizes += [len(page.body) for page in made]
        listed = "".join(f"<url><loc>{base}{page.path}</loc></url>" for page in made)
        answers[b"/sitemap.xml"] = answer_with(_SITEMAP.format(listed).encode(), "text/xml")
        answers[b"/robots.txt"] = answer_with(b"User-agent: *\nDisallow: /private/\n", "text/plain")
        told.append({"base": base, "paths": [page.path for page in made]})
    mean = round(sum(sizes) / len(sizes))
    print(json.dumps({"hosts": told, "mean_bytes": mean, "kinds": kinds}), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


def main() -> None:
    """Serve what the arguments ask for."""
    parser = argparse.ArgumentParser(prog="python -m bench.page_server", description=__doc__)
    parser.add_argument("--hosts", type=int, default=125)
    parser.add_argument("--pages", type=int, default=40, help="pages of each host")
    parser.add_argument("--relevant", type=float, default=0.05, help="share of relevant pages")
    parser.add_argument("--mean", type=int, default=invented_pages.MEAN_BYTES)
    options = parser.parse_args()
    invented_pages.MEAN_BYTES = options.mean
    asyncio.run(serve(options.hosts, options.pages, options.relevant))


if __name__ == "__main__":
    main()
