"""The frontier against a plain model of it: whatever is done in whatever order, both agree.

After every step all of Redis is compared with the model, and the promises are checked on Redis
alone; at the end of every run what is left must be claimable, first by its pass, then by anybody.
`pytest tests/integration/test_frontier_model.py --hypothesis-profile=long` makes at least 10,000
steps, in a few minutes; the default is bounded for every day.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule, run_state_machine_as_test

from crawler.news.source_states import SourceState
from crawler.robots import RobotsMemory
from crawler.storage import dead, passes, sources
from crawler.storage.census import take
from crawler.storage.connection import connect, key
from crawler.storage.frontier import Frontier
from crawler.storage.jobs import PAGES as PAGE_KINDS
from crawler.storage.moves import Blame
from tests.integration.frontier_machine import (
    HOSTS,
    PAGES,
    RECORDS,
    REST_S,
    Claiming,
    mostly,
    picks,
    planned,
    revisit,
)
from tests.integration.frontier_model import Model
from tests.integration.frontier_snapshot import broken_promises, drain, snapshot
from tests.integration.frontiers import allow_all

LONG_STEPS = 10_000

hosts = st.sampled_from(HOSTS)
slots = st.sampled_from(("w1", "w2"))
records = st.sampled_from(RECORDS)
revisions = st.integers(1, 2)
made: Counter[str] = Counter()


class FrontierMachine(Claiming):
    """What ends a lease, time, passes, and what must hold after every step."""

    @precondition(lambda self: self.leases)
    @rule(number=picks, current=mostly, record=records, revision=revisions, slot=slots)
    def reserve(self, number: int, current: bool, record: str, revision: int, slot: str) -> None:
        lease = self.pick(number, current=current)
        answer = self.run(self.frontier.reserve(record, revision, lease, slot))
        expected = self.model.reserve(record, revision, lease.name, lease.token, slot)
        if answer is None:
            assert expected == "lost"
        elif answer.is_forgotten:
            assert expected == "forgotten"
        elif not answer.won:
            assert expected == "held"
        else:
            assert expected == "won:" + ",".join(sorted(answer.former_slots))
            self.reserved[lease.token] = (record, revision, slot)

    @precondition(lambda self: self.leases)
    @rule(number=picks, record=records, revision=revisions, slot=slots)
    def keep(self, number: int, record: str, revision: int, slot: str) -> None:
        self.reserve(number=number, current=True, record=record, revision=revision, slot=slot)
        self.ack(number=number, current=True, also="a1", again=1)

    @rule()
    def claim_all(self) -> None:
        self.claim(wanted=4, of_pass=False, kinds="all")

    @rule(record=records, revision=revisions, slot=slots)
    def adopt(self, record: str, revision: int, slot: str) -> None:
        (answer,) = self.run(self.frontier.adopt([(record, revision)], slot))
        assert answer == self.model.adopt(record, revision, slot)

    @precondition(lambda self: self.leases)
    @rule(
        number=picks,
        current=mostly,
        also=st.sampled_from(sorted(PAGES)),
        again=st.sampled_from((0, 0, 1, 2)),
    )
    def ack(self, number: int, current: bool, also: str, again: int) -> None:
        lease, model = self.pick(number, current=current), self.model
        if lease.job.kind not in PAGE_KINDS and lease.job.found is None:
            return
        stored = self.reserved.get(lease.token)
        then = planned(revisit(RECORDS[0], again)) if again else None
        seen = [PAGES[also].url]
        done = self.run(
            self.frontier.ack(lease, {"a|kept": 1}, seen=seen, stored=stored, then=then)
        )
        if not self.is_current(lease):
            assert done == (stored is not None and model.is_settled(*stored, lease.token))
            return
        model.tally += lease.name in model.open
        model.end_lease(lease.name, lease.token)
        model.forget(lease.name)
        forgotten = stored is not None and model.held[stored[0]].is_forgotten
        assert done != forgotten
        if forgotten:
            return
        if stored:
            model.store(*stored, lease.token)
        model.seen.add(PAGES[also].url)
        if then:
            model.plan(then.job, self.frontier.host_of(then.job.fetch_url), again)
            self.defer()

    @precondition(lambda self: self.leases)
    @rule(number=picks, current=mostly, blame=st.sampled_from(["failure", "death", "none"]))
    def retry(self, number: int, current: bool, blame: Blame) -> None:
        lease = self.pick(number, current=current)
        done = self.run(
            self.frontier.retry(lease, {}, pause_s=REST_S, reason="HTTP 503 잠시 후", blame=blame)
        )
        assert done == self.is_current(lease)
        if done:
            work = self.model.end_lease(lease.name, lease.token)
            work.failures += blame == "failure"
            work.deaths += blame == "death"
            work.go_home()
            self.model.postpone(work)
            self.defer()

    @precondition(lambda self: self.leases)
    @rule(number=picks, current=mostly)
    def bury(self, number: int, current: bool) -> None:
        lease = self.pick(number, current=current)
        if lease.job.kind in PAGE_KINDS or lease.job.found:
            done = self.run(self.frontier.bury(lease, {}, "no article text"))
            assert done == self.is_current(lease)
            if done:
                self.model.bury(self.model.end_lease(lease.name, lease.token))

    @precondition(lambda self: self.leases)
    @rule(number=picks, current=mostly, host=hosts)
    def follow(self, number: int, current: bool, host: str) -> None:
        lease = self.pick(number, current=current)
        url = f"https://{host}/moved/{number}"
        done = self.run(self.frontier.follow(lease, url))
        assert done == self.is_current(lease)
        if done:
            work = self.model.end_lease(lease.name, lease.token)
            work.home = work.home or (work.host, work.url)
            work.host, work.url = host, url
            self.model.enqueue(work)

    @precondition(lambda self: self.leases)
    @rule(number=picks, current=mostly)
    def give_back(self, number: int, current: bool) -> None:
        lease = self.pick(number, current=current)
        done = self.run(self.frontier.give_back(lease))
        assert done == self.is_current(lease)
        if done:
            self.model.enqueue(self.model.end_lease(lease.name, lease.token))

    @precondition(lambda self: self.leases)
    @rule(number=picks, current=mostly, state=st.sampled_from(["none", "failing", "unreachable"]))
    def learn_robots(self, number: int, current: bool, state: str) -> None:
        lease = self.pick(number, current=current, kind="robots")
        if lease.job.kind == "robots":
            robots = RobotsMemory(self.frontier.redis)
            took_s = 0.0 if state == "unreachable" else None
            word = "none" if state == "none" else "unreachable"
            learned = self.run(robots.learn(lease, state=word, pause_s=0, took_s=took_s))
            assert learned.is_done == self.is_current(lease)
            if learned.is_done:
                fault = self.model.learn_robots(lease.name, lease.token, state)
                assert learned.reach.fault == fault
                self.defer()

    @precondition(lambda self: self.leases)
    @rule(number=picks, current=mostly)
    def commit(self, number: int, current: bool) -> None:
        lease = self.pick(number, current=current, kind="feed")
        if lease.name[0] in "sc":
            due_s = REST_S if lease.name[0] == "s" else None
            state = SourceState(etag=lease.token)
            polled = sources.Polled(state=state, due_s=due_s)
            done = self.run(sources.commit(self.frontier, lease, polled, {"a|ok": 1}))
            assert done == self.is_current(lease)
            kept = self.run(sources.load_state(self.frontier, lease.name)).etag
            assert (kept == lease.token) >= done
            if done:
                self.model.commit(lease.name, lease.token, comes_back=due_s is not None)
                self.defer()

    @precondition(lambda self: not all(self.model.hosts.values()))
    @rule()
    def let_the_pauses_pass(self) -> None:
        for host in self.model.hosts:
            self.model.hosts[host] = True
            self.ask("ZADD", key("hosts"), "XX", self.moment(), host)

    @precondition(lambda self: self.model.at("later"))
    @rule(number=picks)
    def let_a_job_come_due(self, number: int) -> None:
        later = self.model.at("later")
        work = later[number % len(later)]
        work.due = self.moment()
        self.ask("ZADD", key("later"), "XX", work.due, work.name)

    @precondition(lambda self: self.model.robots)
    @rule(host=hosts)
    def let_robots_rules_grow_old(self, host: str) -> None:
        self.ask("DEL", key("robots", host))
        self.model.robots.discard(host)

    @precondition(lambda self: self.model.dead)
    @rule(number=picks, is_dropped=st.booleans())
    def take_up_a_dead_letter(self, number: int, is_dropped: bool) -> None:
        letters = sorted(letter.name for letter in self.run(dead.load(self.frontier.redis)))
        assert letters == sorted(self.model.dead)
        name = letters[number % len(letters)]
        move = dead.drop if is_dropped else dead.retry
        assert self.run(move(self.frontier.redis, name))
        assert not self.run(move(self.frontier.redis, name))
        self.model.take_up(name, is_dropped=is_dropped)

    @rule()
    def join_a_pass(self) -> None:
        joined = self.run(passes.join(self.frontier.redis))
        assert joined.joined != self.model.join_pass(joined.id)
        assert joined.id == self.model.pass_id

    @precondition(lambda self: self.model.pass_id)
    @rule()
    def beat(self) -> None:
        state = self.run(passes.beat(self.frontier.redis, self.model.pass_id, 1))
        assert state.over == self.model.beat(self.model.pass_id)
        assert state.open_jobs == len(self.model.open)

    @precondition(lambda self: self.model.pass_lives)
    @rule()
    def let_the_pass_die(self) -> None:
        self.ask("DEL", key("pass", "alive"))
        self.model.pass_lives = False

    @precondition(lambda self: self.clock % 8 == 0)
    @rule()
    def wipe(self) -> None:
        self.clock += 1
        self.ask("FLUSHALL")
        self.model = Model()

    @initialize(known=st.sampled_from((HOSTS, HOSTS, HOSTS, HOSTS[:1], ())))
    def some_rules_are_known(self, known: tuple[str, ...]) -> None:
        self.run(allow_all(self.frontier, *known))
        self.model.robots |= set(known)
        self.register(count=2, of_pass=False)
        self.offer(names=sorted(PAGES), parent=0)

    @invariant()
    def both_agree_and_every_promise_holds(self) -> None:
        made["steps"] += 1
        now, model = self.run(snapshot(self.frontier)), self.model
        assert broken_promises(now) == []
        assert {h: names for h, names in now.queues.items() if names} == model.queues()
        assert sorted(now.leases) == sorted(work.name for work in model.at("leased"))
        assert sorted(now.later) == sorted(work.name for work in model.at("later"))
        assert now.jobs_told() == {name: work.told() for name, work in model.work.items()}
        assert now.letters_told() == {name: work.told()[:2] for name, work in model.dead.items()}
        assert now.newest_told() == model.newest_told()
        assert now.visits == model.visits
        assert sorted(now.hosts) == sorted(model.hosts)
        assert sorted(now.open) == sorted(model.open)
        assert sorted(now.unanswered) == sorted(model.reach.unanswered)
        self.is_whole = True

    def teardown(self) -> None:
        if not self.is_whole:
            return
        tally = self.run(passes.tally(self.frontier.redis))
        assert tally.get(("a", "kept"), 0) == self.model.tally
        census = self.run(take(self.frontier.redis))
        assert census.waiting == len(self.model.at("waiting"))
        current = [lease for lease in self.leases if self.is_current(lease)]
        if self.model.pass_id:
            assert self.run(drain(self.frontier, self.model.pass_id, current)).open == []
            current = []
        left = self.run(drain(self.frontier, "", current))
        assert set(left.jobs) == set(left.later)


def test_the_frontier_and_its_model_never_differ(redis_url: str) -> None:
    is_long = settings.get_current_profile_name() == "long"
    bounded = settings(max_examples=20, stateful_step_count=40, deadline=None)
    made.clear()
    with asyncio.Runner() as runner:
        redis = runner.run(connect(Path(), redis_url))
        try:
            frontier = Frontier(redis, lease_s=REST_S, pause_s=0.0)
            run_state_machine_as_test(
                lambda: FrontierMachine(runner, frontier),
                settings=settings() if is_long else bounded,
            )
        finally:
            runner.run(redis.close())
    assert made["steps"] >= (LONG_STEPS if is_long else 1)
