"""The frontier against a real Redis: what was offered is claimed under a lease and settled once."""

from __future__ import annotations

import pytest

from crawler.news.outlets import Outlet
from crawler.storage import dead, passes, sources
from crawler.storage.census import take
from crawler.storage.connection import key
from crawler.storage.frontier import Frontier
from crawler.storage.moves import Mood
from tests.integration.frontiers import (
    NOW,
    allow_all,
    claim_one,
    free_hosts,
    page,
    run_out,
    with_frontier,
)


def test_a_url_is_new_once_however_it_is_spelled(redis_url: str) -> None:
    async def work(frontier: Frontier) -> list[int]:
        spellings = ["/1", "/1?utm_source=rss", "/1#top"]
        return [await frontier.offer([page(path)], NOW) for path in spellings]

    assert with_frontier(redis_url, work) == [1, 0, 0]


def test_a_marked_url_is_never_offered(redis_url: str) -> None:
    async def work(frontier: Frontier) -> tuple[int, int]:
        marked = await frontier.mark_seen(["https://a.example/1"])
        return marked, await frontier.offer([page("/1")], NOW)

    assert with_frontier(redis_url, work) == (1, 0)


def test_robots_txt_is_claimed_before_anything_else_of_a_host(redis_url: str) -> None:
    async def work(frontier: Frontier) -> list[str]:
        await frontier.offer([page("/1"), page("/2")], NOW)
        claim = await frontier.claim(10)
        return [lease.job.fetch_url for lease in claim.leases]

    assert with_frontier(redis_url, work) == ["https://a.example/robots.txt"]


def test_a_host_is_visited_by_one_lease_at_a_time(redis_url: str) -> None:
    async def work(frontier: Frontier) -> tuple[int, int]:
        await allow_all(frontier, "a.example", "b.example")
        await frontier.offer([page("/1"), page("/2"), page("/1", "b.example")], NOW)
        return len((await frontier.claim(10)).leases), len((await frontier.claim(10)).leases)

    assert with_frontier(redis_url, work) == (2, 0)


def test_a_released_host_is_free_after_its_pause_while_the_job_is_in_hand(redis_url: str) -> None:
    async def work(frontier: Frontier) -> tuple[int, int]:
        await allow_all(frontier, "a.example")
        await frontier.offer([page("/1"), page("/2")], NOW)
        lease = await claim_one(frontier)
        await frontier.release_host(lease, 60.0, mood="ok")
        early = len((await frontier.claim(1)).leases)
        await free_hosts(frontier)
        return early, len((await frontier.claim(1)).leases)

    assert with_frontier(redis_url, work) == (0, 1)


def test_jobs_of_one_priority_come_in_the_order_they_were_offered(redis_url: str) -> None:
    async def work(frontier: Frontier) -> list[str]:
        await allow_all(frontier, "a.example")
        await frontier.offer([page("/c"), page("/a"), page("/b")], NOW)
        order = []
        for _ in range(3):
            lease = await claim_one(frontier)
            order.append(lease.job.url)
            await frontier.ack(lease, {})
            await free_hosts(frontier)
        return order

    assert with_frontier(redis_url, work) == [
        "https://a.example/c",
        "https://a.example/a",
        "https://a.example/b",
    ]


def test_an_expired_lease_is_offered_again_and_its_old_token_is_refused(redis_url: str) -> None:
    async def work(frontier: Frontier) -> tuple[str, bool, bool]:
        await allow_all(frontier, "a.example")
        await frontier.offer([page("/1")], NOW)
        first = await claim_one(frontier)
        await run_out(frontier, first)
        await frontier.claim(0)
        await free_hosts(frontier)
        second = await claim_one(frontier)
        return (
            second.job.url,
            await frontier.ack(first, {}),
            await frontier.ack(second, {}),
        )

    assert with_frontier(redis_url, work) == ("https://a.example/1", False, True)


def test_a_heartbeat_names_the_leases_that_are_lost(redis_url: str) -> None:
    async def work(frontier: Frontier) -> set[str]:
        await allow_all(frontier, "a.example", "b.example")
        await frontier.offer([page("/1"), page("/1", "b.example")], NOW)
        claim = await frontier.claim(2)
        lost, kept = claim.leases
        await run_out(frontier, lost)
        await frontier.claim(0)
        return {name == lost.name for name in await frontier.extend([lost, kept])}

    assert with_frontier(redis_url, work) == {True}


def test_a_lease_that_runs_out_twenty_times_is_buried_visibly(redis_url: str) -> None:
    async def work(frontier: Frontier) -> tuple[int, str]:
        await allow_all(frontier, "a.example")
        await frontier.offer([page("/1")], NOW)
        for _ in range(20):
            await run_out(frontier, await claim_one(frontier))
            await frontier.claim(0)
            await free_hosts(frontier)
            await frontier.redis.ask("ZRANGE", key("later"), 0, -1)
            await frontier.claim(0)
        letters = await dead.load(frontier.redis)
        return len(letters), letters[0].reason

    assert with_frontier(redis_url, work) == (1, "its lease ran out 20 times")


def test_a_retried_job_waits_for_its_time(redis_url: str) -> None:
    async def work(frontier: Frontier) -> tuple[int, int]:
        await allow_all(frontier, "a.example")
        await frontier.offer([page("/1")], NOW)
        lease = await claim_one(frontier)
        await frontier.retry(lease, {}, pause_s=60, reason="HTTP 503")
        await frontier.redis.ask("ZADD", key("hosts"), "XX", 1, "a.example")
        early = len((await frontier.claim(1)).leases)
        await free_hosts(frontier)
        return early, (await claim_one(frontier)).failures

    assert with_frontier(redis_url, work) == (0, 1)


def test_a_redirect_waits_for_the_robots_txt_of_its_new_host(redis_url: str) -> None:
    async def work(frontier: Frontier) -> tuple[str, str, tuple[str, ...]]:
        await allow_all(frontier, "a.example")
        await frontier.offer([page("/1")], NOW)
        lease = await claim_one(frontier)
        await frontier.follow(lease, "https://b.example/new")
        asked = await claim_one(frontier)
        await allow_all(frontier, "b.example")
        await frontier.ack(asked, {})
        await free_hosts(frontier)
        moved = await claim_one(frontier)
        return asked.job.fetch_url, moved.job.fetch_url, moved.job.redirects

    assert with_frontier(redis_url, work) == (
        "https://b.example/robots.txt",
        "https://b.example/new",
        ("https://a.example/1",),
    )


def test_a_retry_after_a_redirect_begins_at_the_announced_address(redis_url: str) -> None:
    async def work(frontier: Frontier) -> tuple[str, str]:
        await allow_all(frontier, "a.example", "b.example")
        await frontier.offer([page("/1")], NOW)
        await frontier.follow(await claim_one(frontier), "https://b.example/new")
        await frontier.retry(await claim_one(frontier), {}, pause_s=0, reason="HTTP 500")
        await free_hosts(frontier)
        lease = await claim_one(frontier)
        return lease.host, lease.job.fetch_url

    assert with_frontier(redis_url, work) == ("a.example", "https://a.example/1")


def test_a_job_given_back_is_claimed_again_with_nothing_counted(redis_url: str) -> None:
    async def work(frontier: Frontier) -> tuple[int, int]:
        await allow_all(frontier, "a.example")
        await frontier.offer([page("/1")], NOW)
        await frontier.give_back(await claim_one(frontier))
        await free_hosts(frontier)
        lease = await claim_one(frontier)
        return lease.failures, lease.deaths

    assert with_frontier(redis_url, work) == (0, 0)


def test_one_of_two_jobs_for_one_record_wins_and_the_other_is_told(redis_url: str) -> None:
    async def work(frontier: Frontier) -> tuple[bool, bool]:
        await allow_all(frontier, "a.example", "b.example")
        await frontier.offer([page("/1"), page("/1", "b.example")], NOW)
        first, second = (await frontier.claim(2)).leases
        won = await frontier.reserve("0" * 32, 1, first, "w1")
        lost = await frontier.reserve("0" * 32, 1, second, "w2")
        assert won is not None
        assert lost is not None
        return won.won, lost.won

    assert with_frontier(redis_url, work) == (True, False)


def test_a_retried_reservation_names_the_slot_that_may_hold_the_line(redis_url: str) -> None:
    async def work(frontier: Frontier) -> tuple[str, ...]:
        await allow_all(frontier, "a.example")
        await frontier.offer([page("/1")], NOW)
        first = await claim_one(frontier)
        await frontier.reserve("0" * 32, 1, first, "w1")
        await run_out(frontier, first)
        await frontier.claim(0)
        await free_hosts(frontier)
        again = await frontier.reserve("0" * 32, 1, await claim_one(frontier), "w2")
        assert again is not None
        return again.former_slots

    assert with_frontier(redis_url, work) == ("w1",)


def test_an_acknowledgment_asked_twice_is_answered_the_same(redis_url: str) -> None:
    async def work(frontier: Frontier) -> tuple[bool, bool]:
        await allow_all(frontier, "a.example")
        await frontier.offer([page("/1")], NOW)
        lease = await claim_one(frontier)
        await frontier.reserve("0" * 32, 1, lease, "w1")
        stored = ("0" * 32, 1, "w1")
        return (
            await frontier.ack(lease, {}, stored=stored),
            await frontier.ack(lease, {}, stored=stored),
        )

    assert with_frontier(redis_url, work) == (True, True)


@pytest.mark.parametrize(
    ("settled_by", "verdict"),
    [
        pytest.param("w1", "counted", id="settled by this slot"),
        pytest.param("w2", "other", id="settled by another slot"),
        pytest.param("", "ours", id="Redis knows nothing of it"),
    ],
)
def test_a_line_found_after_a_crash_counts_once(
    redis_url: str, settled_by: str, verdict: str
) -> None:
    async def work(frontier: Frontier) -> str:
        if settled_by:
            await frontier.adopt([("0" * 32, 1)], settled_by)
        (verdict,) = await frontier.adopt([("0" * 32, 1)], "w1")
        return verdict

    assert with_frontier(redis_url, work) == verdict


def test_a_buried_job_is_a_dead_letter_that_can_be_retried(redis_url: str) -> None:
    async def work(frontier: Frontier) -> tuple[str, int, int, str]:
        await allow_all(frontier, "a.example")
        await frontier.offer([page("/1")], NOW)
        await frontier.bury(await claim_one(frontier), {}, "no article text")
        (letter,) = await dead.load(frontier.redis)
        offered = await frontier.offer([page("/1")], NOW)
        await dead.retry(frontier.redis, letter.name)
        await free_hosts(frontier)
        left = len(await dead.load(frontier.redis))
        # A crawl that begins after the retry takes it over.
        joined = await passes.join(frontier.redis)
        return letter.reason, offered, left, (await claim_one(frontier, of_pass=joined.id)).job.url

    assert with_frontier(redis_url, work) == ("no article text", 0, 0, "https://a.example/1")


def test_the_census_counts_what_is_where(redis_url: str) -> None:
    async def work(frontier: Frontier) -> tuple[int, int, int]:
        await allow_all(frontier, "a.example")
        await frontier.offer([page("/1"), page("/2"), page("/3")], NOW)
        lease = await claim_one(frontier)
        before = await take(frontier.redis)
        await frontier.ack(lease, {})
        after = await take(frontier.redis)
        return before.waiting, before.leased, after.waiting + after.leased

    assert with_frontier(redis_url, work) == (2, 1, 2)


def test_a_pass_ends_when_what_is_left_is_due_too_late(redis_url: str) -> None:
    async def work(frontier: Frontier) -> list[bool]:
        await allow_all(frontier, "a.example")
        joined = await passes.join(frontier.redis)
        await frontier.place(page("/1"), NOW, of_pass=joined.id)
        over = [(await passes.beat(frontier.redis, joined.id)).over]
        lease = await claim_one(frontier, of_pass=joined.id)
        over.append((await passes.beat(frontier.redis, joined.id)).over)
        await frontier.retry(lease, {}, pause_s=3600, reason="HTTP 503")
        over.append((await passes.beat(frontier.redis, joined.id)).over)
        return over

    assert with_frontier(redis_url, work) == [False, False, True]


def test_a_second_process_joins_the_pass_that_lives(redis_url: str) -> None:
    async def work(frontier: Frontier) -> tuple[bool, bool]:
        first = await passes.join(frontier.redis)
        second = await passes.join(frontier.redis)
        return first.id == second.id, second.joined

    assert with_frontier(redis_url, work) == (True, True)


def test_a_pass_claims_only_its_own_jobs(redis_url: str) -> None:
    async def work(frontier: Frontier) -> list[str]:
        await allow_all(frontier, "a.example")
        await frontier.offer([page("/other")], NOW)
        joined = await passes.join(frontier.redis)
        await frontier.place(page("/mine"), NOW, of_pass=joined.id)
        claim = await frontier.claim(5, of_pass=joined.id)
        return [lease.job.url for lease in claim.leases]

    assert with_frontier(redis_url, work) == ["https://a.example/mine"]


@pytest.mark.parametrize(
    ("mood", "others_answer", "asked_again"),
    [
        pytest.param("unreachable", True, True, id="could not be reached"),
        pytest.param("unreachable", False, True, id="or was there no network?"),
        pytest.param("throttled", True, False, id="asked for a pause"),
    ],
)
def test_a_new_pass_tries_a_host_that_could_not_be_reached(
    redis_url: str, mood: Mood, others_answer: bool, asked_again: bool
) -> None:
    outlet = Outlet(
        id="a", name="A", country="GB", language="en", kind="national", scope="general",
        homepage="https://a.example/", feeds=("https://a.example/feed",),
    )  # fmt: skip

    async def work(frontier: Frontier) -> bool:
        await allow_all(frontier, "a.example")
        await sources.register(frontier, [outlet])
        lease = await claim_one(frontier)
        if others_answer:
            await frontier.redis.ask("SET", key("answered"), await frontier.clock_ms())
        why = "HTTP 429 (too many requests)" if mood == "throttled" else "cannot be reached"
        asked_s = 300.0 if mood == "throttled" else 0.0
        await frontier.release_host(lease, 0.0, mood=mood, asked_s=asked_s, rest=why)
        await frontier.give_back(lease)
        joined = await passes.join(frontier.redis)
        await sources.register(frontier, [outlet], of_pass=joined.id)
        return bool((await frontier.claim(1, of_pass=joined.id)).leases)

    assert with_frontier(redis_url, work) is asked_again


def test_a_seen_url_outlives_one_generation_and_a_listed_one_all(redis_url: str) -> None:
    forgotten, listed = "https://a.example/old", "https://a.example/listed"

    async def age(frontier: Frontier) -> None:
        await frontier.redis.ask("SET", key("generation_began"), 1)
        await frontier.rotate_seen()

    async def work(frontier: Frontier) -> list[list[bool]]:
        await frontier.rotate_seen()
        await frontier.mark_seen([forgotten, listed])
        await age(frontier)
        after_one = await frontier.unseen([listed])  # listed still, so it is copied forward
        await age(frontier)
        return [after_one, await frontier.unseen([forgotten, listed])]

    assert with_frontier(redis_url, work) == [[False], [True, False]]
