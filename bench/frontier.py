"""What the frontier costs: server time per call of each script, bytes per URL.

    python -m bench.frontier [--sizes 10000,100000,1000000] [--rounds 15] [--pages huge]

One server per size, all alive at once and filled over 10,000 hosts; then every script is
run on each of them in turn, round after round, and the server's own clock (INFO commandstats,
evalsha) is read before and after. The table shows medians over the rounds and the
growth from the smallest size to the largest. Takes about ten minutes and 2 GB with a million URLs.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench import frontier_load
from bench.frontier_load import NOW, a_job
from bench.frontier_report import Figures, report, table
from bench.servers import serving
from crawler.news.source_states import SourceState
from crawler.robots import RobotsMemory
from crawler.storage import dead, passes, sources
from crawler.storage.connection import Connection, connect, key
from crawler.storage.frontier import BATCH, Frontier, Planned
from crawler.storage.jobs import Job, Lease, Revisit

CALLS = 64
LEASES_PER_CLAIM = 16


@dataclass(slots=True)
class Bench:
    """One server of one size, and what was measured on it."""

    figures: Figures
    redis: Connection
    frontier: Frontier
    next_number: int

    @property
    def size(self) -> int:
        """With how many URLs the server was filled."""
        return self.figures.size

    def fresh_jobs(self, count: int) -> list[Job]:
        """Jobs that the server has not seen."""
        first, self.next_number = self.next_number, self.next_number + count
        return [a_job(number) for number in range(first, first + count)]

    async def server_time(self) -> tuple[int, int]:
        """Calls and microseconds of all scripts so far."""
        row = (await self.redis.ask("INFO", "commandstats")).get("cmdstat_evalsha")
        return (int(row["calls"]), int(row["usec"])) if row else (0, 0)

    @asynccontextmanager
    async def measured(self, what: str) -> AsyncIterator[None]:
        """Note the server's microseconds per call of what is done inside."""
        calls, micros = await self.server_time()
        yield
        calls_after, micros_after = await self.server_time()
        per_call = (micros_after - micros) / (calls_after - calls)
        self.figures.micros.setdefault(what, []).append(per_call)


async def fill(bench: Bench) -> None:
    """Fill a server twice: with seen URLs only, then with jobs; the difference is the jobs."""
    empty = await used(bench.redis)
    for first in range(0, bench.size, 10_000):
        numbers = range(first, min(first + 10_000, bench.size))
        await bench.frontier.mark_seen([a_job(number).url for number in numbers])
    seen = await used(bench.redis) - empty
    await bench.redis.ask("FLUSHALL")
    empty = await used(bench.redis)
    for first in range(0, bench.size, 10_000):
        numbers = range(first, min(first + 10_000, bench.size))
        await bench.frontier.offer([a_job(number) for number in numbers], NOW)
    everything = await used(bench.redis) - empty
    bench.figures.bytes_per_seen_url = seen / bench.size
    bench.figures.bytes_per_waiting_job = (everything - seen) / bench.size
    for number in range(frontier_load.HOSTS):
        await bench.redis.ask(
            "HSET", key("robots", f"news-{number}.example"), "state", "none", "at", 1
        )


async def used(redis: Connection) -> int:
    """Bytes that the server's allocator gave out."""
    return int((await redis.ask("INFO", "memory"))["used_memory"])


async def measure_round(bench: Bench) -> None:
    """Run every script some times; afterwards the server holds as many jobs as before."""
    frontier = bench.frontier
    await measure_offers(bench)
    leases: list[Lease] = []
    async with bench.measured(f"claim, {LEASES_PER_CLAIM} leases"):
        while len(leases) < 5 * CALLS:
            leases += (await frontier.claim(LEASES_PER_CLAIM)).leases
    async with bench.measured("claim, only looks for leases that ran out"):
        for _ in range(CALLS):
            await frontier.claim(0)
    async with bench.measured(f"extend, {LEASES_PER_CLAIM} leases"):
        for first in range(0, len(leases), LEASES_PER_CLAIM):
            await frontier.extend(leases[first : first + LEASES_PER_CLAIM])
    async with bench.measured("release"):
        for lease in leases:
            await frontier.release_host(lease, 0.0, mood="ok")
    await measure_settles(bench, leases)
    await measure_robots(bench)
    await measure_visits(bench)
    await measure_pass(bench)


async def measure_offers(bench: Bench) -> None:
    """Scripts that take URLs and jobs in."""
    frontier = bench.frontier
    known = [a_job(number) for number in random.sample(range(bench.size), BATCH)]
    fresh = bench.fresh_jobs(4 * BATCH)
    async with bench.measured(f"unseen, {BATCH} URLs"):
        for _ in range(4):
            await frontier.unseen([job.url for job in known])
    async with bench.measured(f"offer, {BATCH} known URLs"):
        for _ in range(4):
            await frontier.offer(known, NOW)
    async with bench.measured(f"offer, {BATCH} new URLs"):
        await frontier.offer(fresh, NOW)
    placed = bench.fresh_jobs(CALLS)
    async with bench.measured("place"):
        for job in placed:
            await frontier.place(job, NOW)


async def measure_settles(bench: Bench, leases: list[Lease]) -> None:
    """Scripts that end a lease; each takes its share of the leases."""
    frontier = bench.frontier
    share = [leases[first : first + CALLS] for first in range(0, 5 * CALLS, CALLS)]
    ids = [f"{bench.next_number + n:032x}" for n in range(CALLS)]
    async with bench.measured("reserve"):
        for record_id, lease in zip(ids, share[0], strict=True):
            await frontier.reserve(record_id, 1, lease, "w1")
    async with bench.measured("settle: ack"):
        for record_id, lease in zip(ids, share[0], strict=True):
            await frontier.ack(lease, {}, seen=[lease.job.url], stored=(record_id, 1, "w1"))
    async with bench.measured("adopt"):
        for record_id in ids:
            await frontier.adopt([(record_id, 1)], "w1")
    async with bench.measured("settle: retry"):
        for lease in share[1]:
            await frontier.retry(lease, {}, pause_s=86400, reason="HTTP 503")
    async with bench.measured("settle: move"):
        for lease in share[2]:
            await frontier.follow(lease, f"{lease.job.url}/moved")
    async with bench.measured("settle: back"):
        for lease in share[3][: CALLS // 2]:
            await frontier.give_back(lease)
    async with bench.measured("settle: bury"):
        for lease in share[3][CALLS // 2 :]:
            await frontier.bury(lease, {}, "no article text")
    async with bench.measured("resurrect"):
        for lease in share[3][CALLS // 2 :]:
            await dead.retry(bench.redis, lease.name)
    state = SourceState(etag='"5f3c"', worked_at="2026-11-22T10:00:00Z")
    async with bench.measured("commit"):
        for lease in share[4]:
            await sources.commit(frontier, lease, sources.Polled(state=state, due_s=None), {})
    for lease in leases[5 * CALLS :]:
        await frontier.give_back(lease)


async def measure_robots(bench: Bench) -> None:
    """The script that learns a robots.txt, of hosts that are in front of all others."""
    fresh = [f"fresh-{bench.next_number}-{n}.example" for n in range(LEASES_PER_CLAIM)]
    await bench.frontier.offer([a_job(n, host) for n, host in enumerate(fresh)], NOW)
    for place, host in enumerate(fresh):
        await bench.redis.ask("ZADD", key("hosts"), "XX", place, host)
    leases = (await bench.frontier.claim(LEASES_PER_CLAIM)).leases
    memory = RobotsMemory(bench.redis)
    async with bench.measured("learn_robots"):
        for lease in leases:
            await memory.learn(lease, state="rules", body="User-agent: *\nDisallow:", pause_s=0)
    for lease in (await bench.frontier.claim(LEASES_PER_CLAIM)).leases:
        await bench.frontier.ack(lease, {})


async def measure_visits(bench: Bench) -> None:
    """Scripts about stored records: the visit that is planned, and what a person has forgotten."""
    frontier = bench.frontier
    looks = [
        Revisit(record_id=f"{bench.next_number + n:032x}", revision=1, slot="w1", day=NOW.date(),
                stored_at=NOW)
        for n in range(CALLS)
    ]  # fmt: skip
    jobs = [replace(a_job(n), kind="revisit", revisit=look) for n, look in enumerate(looks)]
    async with bench.measured("schedule"):
        for job in jobs:
            await frontier.plan(Planned(job=job, revision=1, pause_s=86400))
    async with bench.measured("forget"):
        for job, look in zip(jobs, looks, strict=True):
            await frontier.redis.run("forget", look.record_id, job.name)


async def measure_pass(bench: Bench) -> None:
    """The heartbeat of a pass, and a claim that takes only the pass's jobs."""
    joined = await passes.join(bench.redis)
    jobs = bench.fresh_jobs(LEASES_PER_CLAIM)
    for job in jobs:
        await bench.frontier.place(job, NOW, of_pass=joined.id)
    async with bench.measured("take_up, 16 URLs"):
        for _ in range(CALLS):
            await bench.frontier.take_up([job.url for job in jobs], jobs[0].name)
    async with bench.measured("pass_state"):
        for _ in range(CALLS):
            await passes.beat(bench.redis, joined.id)
    for job in jobs:
        await bench.redis.ask("ZADD", key("hosts"), "XX", 0, bench.frontier.host_of(job.url))
    leases: list[Lease] = []
    async with bench.measured("claim of a pass, its hosts in front"):
        while len(leases) < len(jobs):
            leases += (await bench.frontier.claim(LEASES_PER_CLAIM, of_pass=joined.id)).leases
    for lease in leases:
        await bench.frontier.ack(lease, {})
    await bench.redis.ask("DEL", key("pass"), key("pass", "alive"), key("pass", "open"))


async def measure(urls: dict[int, str], rounds: int, pages: str) -> dict[str, Any]:
    """Fill one server per size, run the rounds in turn, and time the pickup on the smallest."""
    benches: list[Bench] = []
    try:
        for size, url in urls.items():
            redis = await connect(Path(), url)
            bench = Bench(Figures(size=size), redis, Frontier(redis, 600.0, 0.0), 2 * max(urls))
            benches.append(bench)
            say(f"filling {size:,} URLs")
            await fill(bench)
        for turn in range(rounds):
            say(f"round {turn + 1} of {rounds}")
            for bench in benches:
                await measure_round(bench)
        server = await benches[0].redis.ask("INFO", "server")
        return report(
            [bench.figures for bench in benches],
            measured_at=NOW.strftime("%Y-%m-%d"),
            server=f"{server.get('server_name', 'redis')} {version_of(server)}",
            hosts=frontier_load.HOSTS,
            rounds=rounds,
            pages=pages,
        )
    finally:
        for bench in benches:
            await bench.redis.close()


def version_of(server: Mapping[str, Any]) -> str:
    """Valkey names the Redis it is compatible with, and its own version beside it."""
    return str(server.get("valkey_version") or server["redis_version"])


def say(what: str) -> None:
    """Progress, on stderr."""
    print(what, file=sys.stderr, flush=True)


def main() -> None:
    """Measure, print the table, write the JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.frontier", description=__doc__)
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--hosts", type=int, default=frontier_load.HOSTS)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--pages", choices=("small", "huge"), default="small")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    frontier_load.HOSTS = options.hosts
    name = "frontier.json" if options.pages == "small" else "frontier-huge-pages.json"
    options.out = options.out or Path(__file__).parent / "results" / name
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        urls = {
            size: stack.enter_context(serving(folder / str(size), options.pages))
            for size in map(int, options.sizes.split(","))
        }
        figures = asyncio.run(measure(urls, options.rounds, options.pages))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print(table(figures))


if __name__ == "__main__":
    main()
