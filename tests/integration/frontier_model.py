"""The frontier as plain Python: what each of its moves must do, without Redis and without a clock.

Promise: this is what the architecture page says, move by move. Time is two words: a host, a job for
later or a lease is either due or far away; the tests move Redis to agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from crawler.storage.jobs import Job
from tests.integration.model_parts import Held, Work

EXPIRY_LIMIT = 20


@dataclass(slots=True)
class Model:
    """What the frontier holds. `hosts` says whether a host in turn is due (absent: visited)."""

    work: dict[str, Work] = field(default_factory=dict)
    dead: dict[str, Work] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    hosts: dict[str, bool] = field(default_factory=dict)
    visits: dict[str, str] = field(default_factory=dict)
    robots: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)
    held: dict[str, Held] = field(default_factory=dict)
    pass_id: str = ""
    pass_lives: bool = False
    pass_ended: bool = False
    joined: set[str] = field(default_factory=set)
    open: set[str] = field(default_factory=set)
    tally: int = 0
    turns: int = 0

    def is_current(self, name: str, token: str) -> bool:
        """Whether a token is the one by which this job may be settled."""
        work = self.work.get(name)
        return work is not None and work.place == "leased" and work.token == token

    def at(self, place: str) -> list[Work]:
        """The jobs at a place, in the order in which they came due."""
        here = [work for work in self.work.values() if work.place == place]
        return sorted(here, key=lambda work: (work.due or 0, work.name))

    def queue(self, host: str) -> list[Work]:
        """The jobs that wait for a host, best first; of one priority those of the pass."""
        here = [work for work in self.at("waiting") if work.host == host]
        return sorted(here, key=lambda w: (w.priority, not self.is_open(w), w.turn))

    def is_open(self, work: Work) -> bool:
        """Whether a pass may take it: it is its own, or a robots.txt."""
        return work.kind == "robots" or work.name in self.open

    def open_up(self, name: str) -> None:
        """A job joins the pass; when it waits, behind those of it that wait already."""
        if name not in self.open:
            self.open.add(name)
            work = self.work[name]
            if work.place == "waiting" and work.kind != "robots":
                self.turns += 1
                work.turn = self.turns
                self.take_turn(work)

    def queues(self) -> dict[str, list[str]]:
        """The names of the jobs that wait, by host, best first."""
        hosts = {work.host for work in self.at("waiting")}
        return {host: [work.name for work in self.queue(host)] for host in hosts}

    def enqueue(self, work: Work) -> None:
        """Let a job wait for its host's turn."""
        self.turns += 1
        work.place, work.turn, work.token, work.due = "waiting", self.turns, "", None
        self.take_turn(work)

    def take_turn(self, work: Work) -> None:
        """The first that waits in its queue brings its host into turn; the others find it there."""
        kind = (work.host, work.priority, self.is_open(work))
        waiting = [(w.host, w.priority, self.is_open(w)) for w in self.at("waiting")]
        if waiting.count(kind) == 1 and work.host not in self.visits:
            self.hosts.setdefault(work.host, True)

    def put(self, job: Job, host: str, priority: int, *, joins: bool) -> None:
        """A new job."""
        self.work[job.name] = work = Work(job.name, job.kind, host, job.fetch_url, priority)
        self.dead.pop(job.name, None)
        if joins:
            self.open.add(job.name)
        self.enqueue(work)

    def forget(self, name: str) -> None:
        """A job is done."""
        self.work.pop(name, None)
        self.open.discard(name)

    def postpone(self, work: Work) -> None:
        """A job waits for its time, far away."""
        work.place, work.token, work.due = "later", "", None

    def free(self, host: str, token: str, *, rests: bool) -> None:
        """A visit ends."""
        if self.visits.get(host) == token:
            del self.visits[host]
            self.hosts[host] = not rests

    def bury(self, work: Work) -> None:
        """A job becomes a dead letter, at the address where it was announced."""
        self.forget(work.name)
        work.go_home()
        self.dead[work.name] = replace(work, place="dead", token="")

    def end_lease(self, name: str, token: str) -> Work:
        """The holder of a lease settles it; its host is free at once."""
        work = self.work[name]
        self.free(work.host, token, rests=False)
        work.token = ""
        return work

    def learn_robots(self, name: str, token: str, *, answers: bool) -> None:
        """A robots.txt was read, or could not be: then its host rests."""
        self.end_lease(name, token)
        self.forget(name)
        host = name.removeprefix("r:")
        (self.robots.add if answers else self.robots.discard)(host)
        (self.silent.discard if answers else self.silent.add)(host)
        if self.queue(host) and host not in self.visits:
            self.hosts[host] = answers and self.hosts.get(host, True)

    def commit(self, name: str, token: str, *, comes_back: bool) -> None:
        """A source was polled: it comes back; a sub-sitemap is done."""
        self.end_lease(name, token)
        self.open.discard(name)
        if comes_back:
            work = self.work[name]
            work.failures = work.deaths = work.expiries = 0
            work.go_home()
            self.postpone(work)
        else:
            self.forget(name)

    def take_up(self, name: str, *, is_dropped: bool) -> None:
        """A person drops a dead letter, or sends the job out once more as new."""
        former = self.dead.pop(name)
        if not is_dropped and name not in self.work:
            self.work[name] = Work(name, former.kind, former.host, former.url, former.priority)
            self.open.add(name)
            self.enqueue(self.work[name])

    def sweep(self) -> None:
        """What CLAIM does first: leases that ran out, then jobs that came due."""
        for work in [work for work in self.at("leased") if work.due is not None]:
            self.end_lease(work.name, work.token)
            work.expiries += 1
            if work.kind == "reading":
                self.forget(work.name)
            elif work.kind == "robots":
                self.forget(work.name)
                of_host = work.name.removeprefix("r:")
                if of_host not in self.visits:
                    self.hosts.setdefault(of_host, True)
            elif work.expiries >= EXPIRY_LIMIT and work.name not in self.sources:
                self.bury(work)
            elif work.expiries == 1:
                self.enqueue(work)
            else:
                self.postpone(work)
        for work in [work for work in self.at("later") if work.due is not None]:
            if work.kind == "revisit":
                self.open.add(work.name)
            self.enqueue(work)

    def next_of(self, host: str, *, of_pass: bool) -> Work | str | None:
        """What a due host is visited for; 'dropped' or None when it is not (see below)."""
        waiting = self.queue(host)
        if not waiting:
            return "dropped"
        robots_job = f"r:{host}"
        if waiting[0].kind == "robots":
            return waiting[0]
        if robots_job in self.work:
            return "dropped"
        best = next((w for w in waiting if not of_pass or w.name in self.open), None)
        if best is None or host in self.robots:
            return best
        return Work(robots_job, "robots", host, f"https://{host}/robots.txt", -1)

    def lease(self, name: str, host: str, token: str, *, of_pass: bool) -> Work:
        """A host is visited for a job; the job of a robots.txt is made here."""
        if name not in self.work:
            best = next(w for w in self.queue(host) if not of_pass or w.name in self.open)
            self.work[name] = Work(name, "robots", host, f"https://{host}/robots.txt", -1)
            if best.name in self.open:
                self.open.add(name)
        work = self.work[name]
        work.place, work.token, work.due = "leased", token, None
        self.visits[host] = token
        del self.hosts[host]
        return work

    def plan(self, job: Job, host: str, revision: int) -> bool:
        """A revisit for later; True when it is put."""
        work = self.work.get(job.name)
        if work is not None and work.revision >= revision:
            return False
        if work is not None and work.place == "leased":
            work.home, work.revision = (host, job.fetch_url), revision
            return True
        planned = Work(job.name, job.kind, host, job.fetch_url, 3, revision=revision)
        self.work[job.name] = planned
        self.postpone(planned)
        return True

    def borrow(self, name: str, url: str, token: str) -> None:
        """Somebody writes a record without fetching anything."""
        self.work[name] = Work(name, "reading", "", url, 0, place="leased", token=token)

    def forget_record(self, record_id: str, names: Iterable[str]) -> None:
        """A person had a record removed, with the jobs that carry words of it."""
        self.held[record_id] = Held(is_forgotten=True)
        for name in names:
            self.dead.pop(name, None)
            if name in self.work and self.work[name].place != "leased":
                self.forget(name)

    def reserve(self, record_id: str, revision: int, name: str, token: str, slot: str) -> str:
        """'lost', 'held', or 'won' with the slots that may hold the line: 'won:w1,w2'."""
        if not self.is_current(name, token):
            return "lost"
        held = self.held.setdefault(record_id, Held())
        if held.is_forgotten:
            return "forgotten"
        if revision <= max(held.stored, default=0):
            return "held"
        if held.job not in ("", name) and held.job in self.work:
            return "held"
        if held.job:
            held.former.add(held.slot)
        held.revision, held.job, held.token, held.slot = revision, name, token, slot
        return "won:" + ",".join(sorted(held.former))

    def store(self, record_id: str, revision: int, slot: str, token: str) -> None:
        """A line counts; nothing of this id is reserved any more."""
        stored = self.held.get(record_id, Held()).stored
        self.held[record_id] = Held(stored={**stored, revision: slot}, settled=token)

    def is_settled(self, record_id: str, revision: int, slot: str, token: str) -> bool:
        """Whether this very line was settled by this very token."""
        held = self.held.get(record_id, Held())
        newest = max(held.stored, default=0)
        mine = newest == revision and held.stored.get(newest) == slot
        return mine and not held.job and held.settled == token

    def newest_told(self) -> dict[str, tuple[int, str]]:
        """Of every record id the newest stored revision, and the slot that holds its line."""
        stored = {record: held.stored for record, held in self.held.items() if held.stored}
        return {record: (max(slots), slots[max(slots)]) for record, slots in stored.items()}

    def adopt(self, record_id: str, revision: int, slot: str) -> str:
        """Whose line counts, asked after a crash."""
        held = self.held.setdefault(record_id, Held())
        if held.is_forgotten:
            return "other"
        newest = max(held.stored, default=0)
        if newest >= revision:
            return "counted" if newest > revision or held.stored[newest] == slot else "other"
        if held.job and held.slot != slot and self.is_current(held.job, held.token):
            return "wait"
        if held.job and held.revision > revision:
            held.stored[revision] = slot
        else:
            self.store(record_id, revision, slot, held.token or held.settled)
        return "ours"

    def join_pass(self, fresh: str) -> bool:
        """Begin a pass unless one lives; True when it is new."""
        if self.pass_id and self.pass_lives:
            return False
        self.pass_id, self.pass_lives, self.pass_ended = fresh, True, False
        self.joined, self.tally = set(), 0
        return True

    def register(self, jobs: Iterable[tuple[Job, str]], *, of_pass: bool) -> int:
        """Sources as jobs that come back. Returns how many are new."""
        new = 0
        for job, host in jobs:
            work = self.work.get(job.name)
            if work is None:
                new += 1
                self.sources.add(job.name)
                self.work[job.name] = work = Work(job.name, job.kind, host, job.fetch_url, 0)
                self.postpone(work)
            elif work.place != "leased" and work.host != host:
                work.go_home()
                if work.place == "waiting":
                    self.postpone(work)
            elif work.place != "leased":
                work.url = job.fetch_url
            if of_pass and job.name not in self.joined:
                self.joined.add(job.name)
                if host in self.silent and host in self.hosts:
                    self.hosts[host] = True  # a new pass tries whoever could not be reached
                self.open_up(job.name)
                if work.place == "later":
                    self.enqueue(work)
        return new

    def drop_sources(self, stays: Sequence[str]) -> int:
        """Sources that the catalogue no longer names. Returns how many were dropped."""
        gone = [
            name for name in self.sources if name not in stays and self.work[name].place != "leased"
        ]
        for name in gone:
            self.sources.discard(name)
            self.forget(name)
        return len(gone)

    def beat(self, pass_id: str) -> bool:
        """Whether a pass is over: nothing of it claimed, or waiting for what is not far away."""
        if self.pass_id != pass_id or self.pass_ended:
            return True
        self.pass_lives = True
        for name in self.open:
            work = self.work[name]
            if work.place == "later":
                busy = work.due is not None
            else:
                busy = work.place == "leased" or self.hosts.get(work.host, True)
            if busy:
                return False
        self.pass_ended, self.pass_lives = True, False
        return True
