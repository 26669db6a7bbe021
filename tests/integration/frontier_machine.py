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
from crawler.storage import passes, sources
from crawler.storage.connection import key
from crawler.storage.frontier import Frontier
from crawler.storage.jobs import PAGES as PAGE_KINDS
from crawler.storage.jobs import Job, Lease, Revisit
from crawler.storage.moves import Kinds, Mood, Planned
from tests.integration.frontier_model import Model
from tests.integration.frontiers import NOW, page
from tests.integration.model_parts import MANY, Work

Answer = TypeVar("Answer")

HOSTS = ("a.example", "b.example", "c.example")
PAGES = {f"{host[0]}{n}": page(f"/{n}", host) for host in HOSTS for n in (1, 2, 3)}
# Texts that came with their announcements, from the feeds of one outlet.
PAGES |= {f"t{n}": replace(page(f"/text/{n}"), kind="text") for n in (1, 2)}
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
MOODS: tuple[Mood, ...] = ("ok", "ok", "heard", "unreachable", "unreachable")
KINDS: tuple[Kinds, ...] = ("all", "all", "open sources")
OTHERS = [f"other-{n}.example" for n in range(MANY)]
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
        for host, is_due in self.model.hosts.items():
            if not is_due:
                self.ask("ZADD", key("hosts"), "XX", FAR_MS, host)

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
                host = self.frontier.queue_of(job)
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
            host = self.frontier.queue_of(job)
            priority = 1 if job.kind in PAGE_KINDS else 0
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

    @rule(wanted=st.integers(0, 4), of_pass=st.booleans(), kinds=st.sampled_from(KINDS))
    def claim(self, wanted: int, of_pass: bool, kinds: Kinds) -> None:
        model, pass_id = self.model, self.model.pass_id if of_pass else ""
        model.sweep()
        due = [host for host, is_due in model.hosts.items() if is_due]
        only_sources = kinds == "open sources"
        only = {"only_open": bool(pass_id) or only_sources, "only_sources": only_sources}
        choice = {host: model.next_of(host, **only) for host in due}
        best = [w for w in choice.values() if isinstance(w, Work)]
        expected = {asked.name: asked for asked in map(model.asked_for, best)}
        askers = {asked.name: w.name for w in best for asked in (model.asked_for(w),)}
        claim = self.frontier.claim(wanted, of_pass=pass_id, kinds=kinds, since_ms=len(pass_id[:1]))
        leases = self.run(claim).leases
        is_cut_off = bool(pass_id) and model.reach.is_cut_off
        assert len(leases) == (0 if is_cut_off else min(wanted, len(expected)))
        for lease in leases:
            work = expected[lease.name]
            assert (lease.host, lease.job.fetch_url) == (work.host, work.url)
            assert (lease.failures, lease.deaths) == (work.failures, work.deaths)
            assert lease.token not in self.tokens, "a token came back"
            model.lease(lease.name, lease.host, lease.token, askers[lease.name])
            self.tokens.add(lease.token)
        self.leases += leases
        self.defer()
        # a host that had nothing to do leaves the turns when the claim came to look at it
        in_turn = set(self.ask("ZRANGE", key("hosts"), 0, -1))
        for host in due:
            if choice[host] == "dropped" and host not in in_turn:
                del model.hosts[host]

    @precondition(lambda self: self.leases)
    @rule(number=picks, current=mostly, rests=st.booleans(), mood=st.sampled_from(MOODS))
    def release_host(self, number: int, current: bool, rests: bool, mood: Mood) -> None:
        lease = self.pick(number, current=current)
        release = self.frontier.release_host(lease, REST_S if rests else 0.0, mood=mood)
        reach = self.run(release)
        told = self.model.release(lease.host, lease.token, mood, rests=rests)
        assert (reach.fault, reach.tried_again) == told
        for host in self.model.hosts if reach.tried_again else ():
            if self.model.hosts[host]:  # they are tried one after another, within a second
                self.ask("ZADD", key("hosts"), "XX", self.moment(), host)
        if self.model.reach.lately:
            self.ask("SET", key("answered"), int(FAR_MS))
        self.defer()

    @rule()
    def let_nobody_answer_for_long(self) -> None:
        self.ask("SET", key("answered"), 1)
        self.model.reach.lately = False

    @precondition(lambda self: not self.model.reach.lately)
    @rule()
    def let_many_others_be_out_of_reach(self) -> None:
        for other in OTHERS:
            self.ask("ZADD", key("unanswered"), self.moment(), other)
        self.model.reach.unanswered.update(dict.fromkeys(OTHERS, True))

    @precondition(lambda self: self.model.reach.rests)
    @rule()
    def let_the_rests_grow_old(self) -> None:
        for host in self.model.reach.rests:
            self.ask("HSET", key("rests"), host, "0 cannot be reached")
        self.model.reach.old |= self.model.reach.rests

    @rule(count=st.integers(0, 2))
    def poll_now(self, count: int) -> None:
        jobs = [job for job in source_jobs(OUTLETS[:count]) if job.name in self.model.work]
        names = [job.name for job in jobs]
        self.run(sources.poll_now(self.frontier, names))
        for name in names:
            work = self.model.work[name]
            self.model.poll_now(work, work.host)
        told = self.run(passes.still_open(self.frontier.redis, names, 1))
        assert told == self.model.still_open(names)

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
