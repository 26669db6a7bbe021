"""Corners of the frontier that its model found, or that are too large for a model."""

from __future__ import annotations

import pytest

from crawler.storage import dead, passes
from crawler.storage.frontier import Frontier
from crawler.storage.jobs import Lease
from crawler.storage.moves import Reservation
from tests.integration.frontiers import (
    NOW,
    allow_all,
    claim_one,
    free_hosts,
    page,
    run_out,
    with_frontier,
)

RECORD = "0" * 32


def test_a_pass_reaches_its_job_behind_a_long_queue_of_others(redis_url: str) -> None:
    async def work(frontier: Frontier) -> str:
        await allow_all(frontier, "a.example")
        await frontier.offer([page(f"/{n}") for n in range(1200)], NOW)
        joined = await passes.join(frontier.redis)
        await frontier.place(page("/mine"), NOW, of_pass=joined.id)
        return (await claim_one(frontier, of_pass=joined.id)).job.url

    assert with_frontier(redis_url, work) == "https://a.example/mine"


@pytest.mark.parametrize("others", [1, 499, 500, 501])
def test_a_pass_leaves_a_queue_of_others_alone(redis_url: str, others: int) -> None:
    async def work(frontier: Frontier) -> tuple[Lease, ...]:
        await allow_all(frontier, "a.example")
        await frontier.offer([page(f"/{n}") for n in range(others)], NOW)
        joined = await passes.join(frontier.redis)
        return (await frontier.claim(5, of_pass=joined.id)).leases

    assert with_frontier(redis_url, work) == ()


def test_a_pass_reaches_its_host_behind_many_hosts_of_others(redis_url: str) -> None:
    async def work(frontier: Frontier) -> list[str]:
        others = [f"{n}.example" for n in range(300)]
        await allow_all(frontier, "mine.example", *others)
        await frontier.offer([page("/1", host) for host in others], NOW)
        joined = await passes.join(frontier.redis)
        await frontier.place(page("/1", "mine.example"), NOW, of_pass=joined.id)
        claims = [await frontier.claim(1, of_pass=joined.id) for _ in range(10)]
        return [lease.host for claim in claims for lease in claim.leases]

    assert with_frontier(redis_url, work) == ["mine.example"]


def test_a_pass_takes_up_the_robots_txt_that_a_watch_gave_back(redis_url: str) -> None:
    async def work(frontier: Frontier) -> str:
        await frontier.offer([page("/1")], NOW)
        await frontier.give_back(await claim_one(frontier))
        joined = await passes.join(frontier.redis)
        await frontier.place(page("/1"), NOW, of_pass=joined.id)
        return (await claim_one(frontier, of_pass=joined.id)).job.fetch_url

    assert with_frontier(redis_url, work) == "https://a.example/robots.txt"


def test_no_token_comes_back_when_redis_is_wiped_under_open_connections(redis_url: str) -> None:
    async def work(frontier: Frontier) -> int:
        tokens = set()
        for _ in range(3):
            await frontier.redis.ask("FLUSHALL")
            await frontier.offer([page("/1")], NOW)
            tokens.add((await claim_one(frontier)).token)
        return len(tokens)

    assert with_frontier(redis_url, work) == 3


def test_a_dead_letter_is_retried_at_the_address_that_was_announced(redis_url: str) -> None:
    async def work(frontier: Frontier) -> tuple[str, tuple[str, ...]]:
        await allow_all(frontier, "a.example", "b.example")
        await frontier.offer([page("/1")], NOW)
        await frontier.follow(await claim_one(frontier), "https://b.example/new")
        moved = await claim_one(frontier)
        await frontier.bury(moved, {}, "gave up")
        await dead.retry(frontier.redis, moved.name)
        await free_hosts(frontier)
        job = (await claim_one(frontier)).job
        return job.fetch_url, job.redirects

    assert with_frontier(redis_url, work) == ("https://a.example/1", ())


def test_a_long_history_in_any_script_can_be_read_back(redis_url: str) -> None:
    async def work(frontier: Frontier) -> list[int]:
        await allow_all(frontier, "a.example")
        lengths = []
        for shift in range(3):
            await frontier.place(page("/1"), NOW)
            lease = await claim_one(frontier)
            await frontier.bury(lease, {}, "x" * shift + "연결 없음 " * 200)
            (letter,) = await dead.load(frontier.redis)
            lengths.append(len(letter.history))
            await dead.drop(frontier.redis, letter.name)
            await free_hosts(frontier)
        return lengths

    assert with_frontier(redis_url, work) == [1, 1, 1]


def test_a_stored_revision_stays_stored_while_the_next_is_written(redis_url: str) -> None:
    async def work(frontier: Frontier) -> tuple[Reservation | None, list[str], list[str]]:
        await allow_all(frontier, "a.example", "b.example")
        await frontier.adopt([(RECORD, 1)], "w1")
        await frontier.offer([page("/1"), page("/1", "b.example")], NOW)
        writes, comes_late = (await frontier.claim(2)).leases
        await frontier.reserve(RECORD, 2, writes, "w1")
        await frontier.bury(writes, {}, "no article text")
        return (
            await frontier.reserve(RECORD, 1, comes_late, "w2"),
            await frontier.adopt([(RECORD, 1)], "w1"),
            await frontier.adopt([(RECORD, 1)], "w2"),
        )

    assert with_frontier(redis_url, work) == (
        Reservation(won=False, former_slots=("w1",)),
        ["counted"],
        ["other"],
    )


def test_a_retried_dead_letter_still_names_the_slot_that_may_hold_the_line(redis_url: str) -> None:
    async def work(frontier: Frontier) -> Reservation | None:
        await allow_all(frontier, "a.example")
        await frontier.offer([page("/1")], NOW)
        lease = await claim_one(frontier)
        await frontier.reserve(RECORD, 1, lease, "w1")
        await frontier.bury(lease, {}, "gave up")
        await dead.retry(frontier.redis, lease.name)
        await free_hosts(frontier)
        return await frontier.reserve(RECORD, 1, await claim_one(frontier), "w2")

    assert with_frontier(redis_url, work) == Reservation(won=True, former_slots=("w1",))


def test_a_late_settle_does_not_count_for_the_line_of_another_slot(redis_url: str) -> None:
    async def work(frontier: Frontier) -> tuple[str, bool]:
        await allow_all(frontier, "a.example")
        await frontier.offer([page("/1")], NOW)
        lease = await claim_one(frontier)
        await frontier.reserve(RECORD, 1, lease, "w1")
        await run_out(frontier, lease)
        await frontier.claim(0)
        (adopted,) = await frontier.adopt([(RECORD, 1)], "w2")
        return adopted, await frontier.ack(lease, {}, stored=(RECORD, 1, "w1"))

    assert with_frontier(redis_url, work) == ("ours", False)
