"""The frontier: URLs are offered, claimed under a lease, and settled exactly once.

Promise: a job that was offered stays in Redis until somebody who holds its current token settles
it. Every move is one Lua script (lua/*.lua), so a crash leaves either the old or the new state.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit

from crawler.news.urls import Fingerprint, fingerprint, host_key
from crawler.storage.connection import Connection, key
from crawler.storage.jobs import REVISIT_PRIORITY, Job, Lease, article_name, priority_of
from crawler.storage.payloads import from_payload, to_payload

# A feed of 50,000 entries must not block the server: 500 new ones take it 45 ms (bench/frontier).
BATCH = 500

# A URL is remembered for as long as a source lists it, and at least this long after.
GENERATION_S = 90 * 86400
SEEN_BUCKETS = 65_536

Blame = Literal["failure", "death", "none"]
# What a visit tells of its host: "none" when it tells nothing, as no request went out.
Mood = Literal["ok", "throttled", "unreachable", "none"]
# What becomes of a line that was found: it was settled already, it counts from now on, another slot
# settled the same record or it is to be forgotten (cut it), or another worker is at it (ask again).
Adoption = Literal["counted", "ours", "other", "wait"]
Tally = Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What CLAIM gave: leases, or how long to wait before asking again."""

    leases: tuple[Lease, ...]
    wait_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """Who may write a record. `won`: we; `former_slots` may hold a line of an earlier attempt.

    `is_forgotten`: nobody, as a person had it removed.
    """

    won: bool
    former_slots: tuple[str, ...] = ()
    is_forgotten: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A job for later that goes by revisions: put unless it is there in the same or a later one."""

    job: Job
    revision: int
    pause_s: float


@dataclass(slots=True)
class Frontier:
    """The queue of one data folder. `groups` maps hosts that are one server to one name."""

    redis: Connection
    lease_s: float
    pause_s: float
    groups: Mapping[str, str] = field(default_factory=dict)

    def host_of(self, url: str) -> str:
        """The name under which the politeness of this URL's server is kept."""
        host = host_key(url)
        return self.groups.get(host, host)

    async def unseen(self, urls: Sequence[str]) -> list[bool]:
        """Which of the canonical URLs were never offered nor marked."""
        answer: list[bool] = []
        for first in range(0, len(urls), BATCH):
            marks = (fingerprint(url) for url in urls[first : first + BATCH])
            args = [part for mark in marks for part in (mark.bucket, mark.value)]
            answer += [new == 1 for new in await self.redis.run("unseen", *args)]
        return answer

    async def offer(self, jobs: Sequence[Job], now: datetime, parent: str = "") -> int:
        """Offer articles; those seen before are forgotten. Returns how many were new."""
        rows: list[tuple[str | int, ...]] = [
            (
                *self._mark(job.url),
                job.name,
                job.kind,
                self.host_of(job.fetch_url),
                origin_of(job.fetch_url),
                priority_of(job, now),
                to_payload(job),
            )
            for job in jobs
        ]
        return await self._offer_rows(rows, parent)

    async def take_up(self, urls: Sequence[str], parent: str) -> int:
        """Let the pass of a source do what waits already of the URLs that it lists."""
        joined = 0
        for first in range(0, len(urls), BATCH):
            names = [article_name(url) for url in urls[first : first + BATCH]]
            joined += int(await self.redis.run("take_up", parent, *names))
        return joined

    async def mark_seen(self, urls: Sequence[str]) -> int:
        """Remember canonical URLs that are not worth fetching. Returns how many were new."""
        rows: list[tuple[str | int, ...]] = [(*self._mark(url), "", "") for url in urls]
        return await self._offer_rows(rows, "")

    async def rotate_seen(self) -> None:
        """Begin a new generation of seen URLs when the current one is old, and drop the oldest."""
        gone = await self.redis.run("rotate", GENERATION_S)
        for first in range(0, SEEN_BUCKETS if gone >= 0 else 0, BATCH):
            names = [key("seen", str(gone), str(n)) for n in range(first, first + BATCH)]
            await self.redis.ask("UNLINK", *names)

    def _mark(self, url: str) -> tuple[int, int]:
        mark = fingerprint(url)
        return mark.bucket, mark.value

    async def _offer_rows(self, rows: list[tuple[str | int, ...]], parent: str) -> int:
        new = 0
        for first in range(0, len(rows), BATCH):
            batch = rows[first : first + BATCH]
            args = [part for row in batch for part in row]
            new += sum(await self.redis.run("offer", parent, len(batch[0]), *args))
        return new

    async def place(self, job: Job, now: datetime, *, parent: str = "", of_pass: str = "") -> bool:
        """Put a job whether or not its URL was seen; False when it is in the frontier already."""
        put = await self.redis.run(
            "place",
            parent,
            of_pass and "1",
            job.name,
            job.kind,
            self.host_of(job.fetch_url),
            origin_of(job.fetch_url),
            priority_of(job, now),
            to_payload(job),
        )
        return bool(put)

    async def claim(self, wanted: int, *, of_pass: str = "") -> Claim:
        """Lease up to `wanted` jobs of hosts whose turn it is; only a pass's when `of_pass`."""
        asked = time.monotonic()
        pause_ms = int(self.pause_s * 1000)
        wait_ms, *rows = await self.redis.run(
            "claim", wanted, int(self.lease_s * 1000), of_pass and "1", pause_ms
        )
        leases = tuple(
            Lease(
                name=name,
                token=token,
                job=from_payload(payload),
                host=host,
                failures=failures,
                deaths=deaths,
                robots_at=robots_at,
                deadline=asked + self.lease_s,
            )
            for name, token, payload, _kind, host, failures, deaths, robots_at in rows
        )
        return Claim(leases=leases, wait_s=wait_ms / 1000)

    async def extend(self, leases: Iterable[Lease]) -> set[str]:
        """The heartbeat. Returns the names of the jobs that are not ours any more."""
        pairs = [part for lease in leases for part in (lease.name, lease.token)]
        if not pairs:
            return set()
        return set(await self.redis.run("extend", int(self.lease_s * 1000), *pairs))

    async def release_host(
        self, lease: Lease, pause_s: float, *, mood: Mood, asked_s: float = 0.0, rest: str = ""
    ) -> None:
        """The response has ended: the host is free after the pause, or what it asked for if longer.

        `mood` makes it slower or quicker from now on; `rest` says why it rests, for displays.
        """
        pauses = int(pause_s * 1000), mood, int(asked_s * 1000)
        await self.redis.run("release", lease.host, lease.token, *pauses, rest)

    async def borrow(self, job: Job, record_id: str) -> Lease | None:
        """A lease for who writes a record's next revision unfetched; None: another has it."""
        name, asked = f"x:{record_id}", time.monotonic()
        token = await self.redis.run("borrow", name, to_payload(job), int(self.lease_s * 1000))
        if not token:
            return None
        return Lease(name=name, token=token, job=job, host="", deadline=asked + self.lease_s)

    async def reserve(
        self, record_id: str, revision: int, lease: Lease, slot: str
    ) -> Reservation | None:
        """Reserve the line of a record; None when the lease is not ours any more."""
        state, former = await self.redis.run(
            "reserve", record_id, revision, lease.name, lease.token, slot
        )
        if state == "lost":
            return None
        slots = tuple(slot for slot in former.split(",") if slot)
        return Reservation(
            won=state == "won", former_slots=slots, is_forgotten=state == "forgotten"
        )

    async def adopt(self, lines: Sequence[tuple[str, int]], slot: str) -> list[Adoption]:
        """Reconcile lines, (id, revision) each, that a slot holds after a crash."""
        verdicts: list[Adoption] = []
        for first in range(0, len(lines), BATCH):
            pairs = [part for line in lines[first : first + BATCH] for part in line]
            verdicts += await self.redis.run("adopt", slot, *pairs)
        return verdicts

    async def ack(
        self,
        lease: Lease,
        tally: Tally,
        *,
        seen: Sequence[str] = (),
        stored: tuple[str, int, str] | None = None,
        then: Planned | None = None,
    ) -> bool:
        """Settle a job that is done; `stored` is (id, revision, slot) of its line.

        `then` is planned in the same step. False when the token is not the current one (the job is
        in other hands), or the record was forgotten meanwhile.
        """
        record_id, revision, slot = stored or ("", 0, "")
        follows = self._plan(then) if then else ()
        marks = [part for url in seen for part in self._mark(url)]
        return await self._settle(
            lease, "ack", tally, record_id, revision, slot, len(follows), *follows, *marks
        )

    async def plan(self, planned: Planned) -> bool:
        """Put a job for later; False when it is there already in the same or a later revision."""
        return bool(await self.redis.run("schedule", *self._plan(planned)))

    def _plan(self, planned: Planned) -> tuple[str | int, ...]:
        job = planned.job
        return (
            job.name,
            planned.revision,
            job.kind,
            self.host_of(job.fetch_url),
            origin_of(job.fetch_url),
            to_payload(job),
            REVISIT_PRIORITY,
            int(planned.pause_s * 1000),
        )

    async def forget(
        self, record_id: str, marks: Sequence[Fingerprint], jobs: Sequence[str] = ()
    ) -> None:
        """A person had a record removed: it is not stored again, and `jobs` of it are dropped."""
        await self._offer_rows([(mark.bucket, mark.value, "", "") for mark in marks], "")
        await self.redis.run("forget", record_id, *jobs)

    async def retry(
        self, lease: Lease, tally: Tally, *, pause_s: float, reason: str, blame: Blame = "failure"
    ) -> bool:
        """Settle for now: the job is due again after the pause."""
        return await self._settle(lease, "retry", tally, int(pause_s * 1000), blame, reason)

    async def bury(self, lease: Lease, tally: Tally, reason: str) -> bool:
        """Make the job a dead letter that `tumen dead` shows."""
        return await self._settle(lease, "bury", tally, reason)

    async def follow(self, lease: Lease, url: str, *, is_for_good: bool = False) -> bool:
        """Send the job after a redirect: it waits for that host's turn and robots.txt."""
        payload = to_payload(lease.job.moved_to(url, is_for_good=is_for_good))
        return await self._settle(lease, "move", {}, payload, self.host_of(url), origin_of(url))

    async def give_back(self, lease: Lease) -> bool:
        """Return the job untouched; nothing is counted against it."""
        return await self._settle(lease, "back", {})

    async def _settle(self, lease: Lease, verdict: str, tally: Tally, *args: str | int) -> bool:
        counts = json.dumps(dict(tally)) if tally else ""
        pause_ms = int(self.pause_s * 1000)
        done = await self.redis.run(
            "settle", lease.name, lease.token, verdict, pause_ms, counts, *args
        )
        return bool(done)


def origin_of(url: str) -> str:
    """Scheme and authority of a URL: where its robots.txt lies."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
