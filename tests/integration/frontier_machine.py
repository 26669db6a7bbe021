"""A machine that makes every move twice, in Redis and in the model: offers, claims and leases.

The moves that end a lease, and time and passes, are in `test_frontier_model.py`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from crawler.news.outlets import Outlet, sources_of
from crawler.news.urls import fingerprint
from crawler.storage import sources
from crawler.storage.connection import key
from crawler.storage.frontier import Frontier, Planned
from crawler.storage.jobs import Job, Lease, Revisit
from tests.integration.frontier_model import Model
from tests.integration.frontiers import NOW, page

Answer = TypeVar("Answer")

HOSTS = ("a.example", "b.example", "c.example")
PAGES = {f"{host[0]}{n}": page(f"/{n}", host) for host in HOSTS for n in (1, 2, 3)}
CHILDREN = {
    url[8:]: Job(kind="sitemap", url=url, fetch_url=url, source="a/map", found="sitemap")
    for url in ("https://a.example/map-1.xml", "https://b.example/map-1.xml")
}
RECORDS = ("0" * 32, "1" * 32)


def revisit(record: str, revision: int) -> Job:
    """The job that looks at a record again; its address moves with every revision."""
    url = f"https://{HOSTS[revision % len(HOSTS)]}/stored/{revision}"
    look = Revisit(record_id=record, revision=revision, slot="w1", day=NOW.date(), stored_at=NOW)
    return Job(kind="revisit", url=url, fetch_url=url, found="feed", revisit=look)


def planned(job: Job) -> Planned:
    """A revisit an hour from now."""
    return Planned(job=job, revision=job.revisit.revision if job.revisit else 0, pause_s=REST_S)


OUTLETS = [
    Outlet(
        id=host[0],
        name=host,
        country="KR",
        language="en",
        kind="wire",
        scope="general",
        homepage=f"https://{host}/",
        feeds=(f"https://{host}/feed",),
    )
    for host in HOSTS[:2]
]
REST_S = 3600.0
FAR_MS = 9e12
EXPIRIES_BEFORE_THE_LAST = 19

picks = st.integers(0, 30)
mostly = st.sampled_from((True, True, True, False))
# Jobs go by short names, so that a failing run can be read.
pages = st.lists(st.sampled_from(sorted(PAGES)), min_size=1, max_size=4, unique=True)


def source_jobs(outlets: Sequence[Outlet]) -> list[Job]:
    """The jobs of all sources of some outlets."""
    return [sources.source_job(source) for outlet in outlets for source in sources_of(outlet)]


class Claiming(RuleBasedStateMachine):
    """What leads to a lease: `self.leases` holds all that were ever given, the old ones too."""

    def __init__(self, runner: asyncio.Runner, frontier: Frontier) -> None:
        super().__init__()
        self.runner, self.frontier = runner, frontier
        self.is_whole = True
        self.model = Model()
        self.leases: list[Lease] = []
        self.tokens: set[str] = set()
        self.reserved: dict[str, tuple[str, int, str]] = {}
        self.clock = 1
        self.ask("FLUSHALL")

    def run(self, move: Coroutine[Any, Any, Answer]) -> Answer:
        """Make a move in Redis; until both are compared again, the machine is not whole."""
        self.is_whole = False
        return self.runner.run(move)

    def ask(self, *command: str | int | float) -> Any:
        return self.run(self.frontier.redis.ask(*command))

    def pick(self, number: int, *, current: bool = True, kind: str = "") -> Lease:
        """A lease: a current one of that kind, if there is any, or any that ever was."""
        live = [lease for lease in self.leases if self.is_current(lease)]
        live = [lease for lease in live if lease.job.kind == kind] or live
        those = live if current and live else self.leases
        return those[number % len(those)]

    def is_current(self, lease: Lease) -> bool:
        return self.model.is_current(lease.name, lease.token)

    def defer(self) -> None:
        """What the model holds to be far away is far away in Redis."""
        for work in self.model.at("later"):
            if work.due is None:
                self.ask("ZADD", key("later"), "XX", FAR_MS, work.name)

    def moment(self) -> int:
        """A time that has passed, later than all given before."""
        self.clock += 1
        return self.clock

    @rule(names=pages, parent=picks)
    def offer(self, names: list[str], parent: int) -> None:
        jobs = [PAGES[name] for name in names]
        joined = sorted(self.model.open)
        named = joined[parent % len(joined)] if joined and parent % 2 else "s:none"
        answer = self.run(self.frontier.offer(jobs, NOW, named))
        fresh = [job for job in jobs if job.url not in self.model.seen]
        assert answer == len(fresh)
        for job in fresh:
            self.model.seen.add(job.url)
            if job.name not in self.model.work and job.name not in self.model.dead:
                host = self.frontier.host_of(job.url)
                self.model.put(job, host, 1, joins=named in joined)

    @rule(names=pages)
    def mark_seen(self, names: list[str]) -> None:
        jobs = [PAGES[name] for name in names]
        fresh = {job.url for job in jobs} - self.model.seen
        assert self.run(self.frontier.mark_seen([job.url for job in jobs])) == len(fresh)
        self.model.seen |= fresh

    @rule(names=pages)
    def unseen(self, names: list[str]) -> None:
        jobs = [PAGES[name] for name in names]
        answer = self.run(self.frontier.unseen([job.url for job in jobs]))
        assert answer == [job.url not in self.model.seen for job in jobs]

    @rule(name=st.sampled_from([*PAGES, *CHILDREN]), of_pass=st.booleans())
    def place(self, name: str, of_pass: bool) -> None:
        job = PAGES.get(name) or CHILDREN[name]
        pass_id = self.model.pass_id if of_pass else ""
        put = self.run(self.frontier.place(job, NOW, of_pass=pass_id))
        assert put == (job.name not in self.model.work)
        if put:
            host = self.frontier.host_of(job.url)
            priority = 1 if job.kind == "article" else 0
            self.model.put(job, host, priority, joins=bool(pass_id))
        elif pass_id:
            self.model.open_up(job.name)

    @rule(record=st.sampled_from(RECORDS), revision=st.integers(1, 3))
    def plan(self, record: str, revision: int) -> None:
        job = revisit(record, revision)
        put = self.run(self.frontier.plan(planned(job)))
        assert put == self.model.plan(job, self.frontier.host_of(job.fetch_url), revision)
        self.defer()

    @rule(record=st.sampled_from(RECORDS))
    def borrow(self, record: str) -> None:
        job = replace(revisit(record, 1), revisit=None)
        lease = self.run(self.frontier.borrow(job, record))
        assert (lease is None) == (f"x:{record}" in self.model.work)
        if lease is not None:
            assert lease.token not in self.tokens, "a token came back"
            self.tokens.add(lease.token)
            self.leases.append(lease)
            self.model.borrow(lease.name, job.fetch_url, lease.token)

    @precondition(lambda self: self.clock % 5 == 0)
    @rule(record=st.sampled_from(RECORDS), name=st.sampled_from(sorted(PAGES)))
    def forget(self, record: str, name: str) -> None:
        self.clock += 1
        names = [revisit(record, 1).name, PAGES[name].name]
        self.run(self.frontier.forget(record, [fingerprint(PAGES[name].url)], names))
        self.model.seen.add(PAGES[name].url)
        self.model.forget_record(record, names)

    @rule(count=st.integers(1, 2), of_pass=st.booleans())
    def register(self, count: int, of_pass: bool) -> None:
        outlets = OUTLETS[:count]
        pass_id = self.model.pass_id if of_pass else ""
        answer = self.run(sources.register(self.frontier, outlets, of_pass=pass_id))
        rows = [(job, self.frontier.host_of(job.url)) for job in source_jobs(outlets)]
        assert answer == self.model.register(rows, of_pass=bool(pass_id))
        self.defer()

    @rule(count=st.integers(0, 2))
    def keep_only(self, count: int) -> None:
        outlets = OUTLETS[:count]
        answer = self.run(sources.keep_only(self.frontier, outlets))
        stays = [job.name for job in source_jobs(outlets)]
        assert answer == self.model.drop_sources(stays)

    @rule(wanted=st.integers(0, 4), of_pass=st.booleans())
    def claim(self, wanted: int, of_pass: bool) -> None:
        model, pass_id = self.model, self.model.pass_id if of_pass else ""
        model.sweep()
        due = [host for host, is_due in model.hosts.items() if is_due]
        choice = {host: model.next_of(host, of_pass=bool(pass_id)) for host in due}
        expected = {w.name: w for w in choice.values() if not isinstance(w, str | None)}
        leases = self.run(self.frontier.claim(wanted, of_pass=pass_id)).leases
        assert len(leases) == min(wanted, len(expected))
        for lease in leases:
            work = expected[lease.name]
            assert (lease.host, lease.job.fetch_url) == (work.host, work.url)
            assert (lease.failures, lease.deaths) == (work.failures, work.deaths)
            assert lease.token not in self.tokens, "a token came back"
            model.lease(lease.name, lease.host, lease.token, of_pass=bool(pass_id))
            self.tokens.add(lease.token)
        self.leases += leases
        self.defer()
        # a host that had nothing to do leaves the turns when the claim came to look at it
        in_turn = set(self.ask("ZRANGE", key("hosts"), 0, -1))
        for host in due:
            if choice[host] == "dropped" and host not in in_turn:
                del model.hosts[host]

    @precondition(lambda self: self.leases)
    @rule(number=picks, current=mostly, rests=st.booleans())
    def release_host(self, number: int, current: bool, rests: bool) -> None:
        lease = self.pick(number, current=current)
        self.run(self.frontier.release_host(lease, REST_S if rests else 0.0, mood="ok"))
        if self.model.visits.get(lease.host) == lease.token:
            self.model.silent.discard(lease.host)
        self.model.free(lease.host, lease.token, rests=rests)

    @precondition(lambda self: self.leases)
    @rule()
    def extend(self) -> None:
        lost = self.run(self.frontier.extend(self.leases))
        assert lost == {lease.name for lease in self.leases if not self.is_current(lease)}
        for work in self.model.at("leased"):
            work.due = None

    @precondition(lambda self: self.model.at("leased"))
    @rule(number=picks, is_weary=st.booleans())
    def expire(self, number: int, is_weary: bool) -> None:
        lease = self.pick(number)
        work = self.model.work[lease.name]
        work.due = self.moment()
        self.ask("ZADD", key("leases"), "XX", work.due, lease.name)
        if is_weary:
            work.expiries = EXPIRIES_BEFORE_THE_LAST
            self.ask("HSET", key("job", lease.name), "x", EXPIRIES_BEFORE_THE_LAST)
