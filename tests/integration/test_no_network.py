"""Without network nothing is held against anybody; with one again, everybody is asked at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from crawler.storage.census import Outage, outage
from crawler.storage.connection import PREFIX, key
from crawler.storage.frontier import Frontier
from crawler.storage.jobs import Lease
from crawler.storage.moves import Reach
from tests.integration.crawls import lines_of, tumen
from tests.integration.frontiers import NOW, allow_all, free_hosts, page, with_frontier
from tests.integration.one_source import health_of_all, opened, where
from tests.integration.outlet_server import OutletServer, outlet_server, rss

PLAIN = (("/1", "Seven soups"), ("/2", "Six salads"))
HOSTS = ("a.example", "b.example", "c.example", "d.example")


@contextmanager
def outlets(ports: Sequence[int]) -> Iterator[list[OutletServer]]:
    """Outlets at these ports, with a feed each."""
    with ExitStack() as stack:
        served = [stack.enter_context(outlet_server(port)) for port in ports]
        for outlet in served:
            outlet.pages = {"/feed.xml": rss(outlet.base, *PLAIN)}
        yield served


def let_hours_pass(folder: Path) -> None:
    """The last answer lies long ago."""
    with opened(folder) as redis:
        redis.set(f"{PREFIX}answered", 1)


def write_cards(folder: Path, served: Sequence[OutletServer]) -> None:
    cards = [outlet.card(f"outlet-{n}") for n, outlet in enumerate(served)]
    (folder / "outlets.toml").write_text("\n".join(cards), encoding="utf-8")


def test_a_pass_without_network_says_so_and_changes_no_health(tmp_path: Path) -> None:
    with outlets([0] * 4) as served:
        write_cards(tmp_path, served)
        assert tumen("crawl", *where(tmp_path)).code == 0
    let_hours_pass(tmp_path)
    before = health_of_all(tmp_path)
    cut_off = tumen("crawl", *where(tmp_path))
    assert (cut_off.code, cut_off.out) == (1, "")
    assert "no network: none of 4 hosts could be reached" in cut_off.err
    assert cut_off.err.count('"event":"no_network"') == 1
    assert '"event":"health"' not in cut_off.err
    assert health_of_all(tmp_path) == before == dict.fromkeys(before, ("working", ""))
    status = tumen("status", *where(tmp_path))
    assert status.code == 1
    assert status.err.startswith("no network: nobody has answered since 1970-01-01")
    assert "4 working, 0 failing, 0 unproven" in status.out
    with outlets([outlet.port for outlet in served]) as back:
        again = tumen("crawl", *where(tmp_path))
        assert again.code == 0
        assert all("/feed.xml" in outlet.asked for outlet in back)
    (whole,) = lines_of(tumen("status", "--json", *where(tmp_path)).out)
    assert (whole["no_network"], whole["troubles"]) == (None, [])


def test_a_first_pass_without_network_leaves_all_unproven(tmp_path: Path) -> None:
    with outlets([0] * 4) as served:
        write_cards(tmp_path, served)
    assert "no network" in tumen("crawl", *where(tmp_path)).err
    assert {word for word, _why in health_of_all(tmp_path).values()} == {"unproven"}


def test_one_that_cannot_be_reached_while_others_answer_fails_at_once(tmp_path: Path) -> None:
    with outlets([0] * 2) as (dead, alive):
        write_cards(tmp_path, [dead, alive])
        tumen("crawl", *where(tmp_path))
    with outlets([alive.port]):
        failed = tumen("crawl", *where(tmp_path))
    assert health_of_all(tmp_path) == {
        "outlet-0": ("failing", "connection refused"),
        "outlet-1": ("working", ""),
    }
    assert failed.err.count('"from":"working","to":"failing"') == 1


async def claimed(frontier: Frontier) -> dict[str, Lease]:
    """A lease of a page of every host."""
    await allow_all(frontier, *HOSTS)
    await frontier.offer([page("/1", host) for host in HOSTS], NOW)
    return {lease.host: lease for lease in (await frontier.claim(9)).leases}


async def find_silent(frontier: Frontier, lease: Lease) -> Reach:
    reach = await frontier.release_host(lease, 0.0, mood="unreachable", rest="cannot be reached")
    await frontier.give_back(lease)
    return reach


def test_the_first_two_get_a_second_look_and_the_third_shows_that_it_is_the_network(
    redis_url: str,
) -> None:
    async def work(frontier: Frontier) -> tuple[list[Reach], Outage | None]:
        leases = await claimed(frontier)
        told = [await find_silent(frontier, leases[host]) for host in HOSTS]
        return told, await outage(frontier.redis)

    told, shown = with_frontier(redis_url, work)
    assert [reach.fault for reach in told] == ["unsure", "unsure", "network", "network"]
    assert [reach.begins for reach in told] == [False, False, True, False]
    assert shown == Outage(since=None, hosts=4)


def test_the_second_look_counts_when_it_fails_too(redis_url: str) -> None:
    async def work(frontier: Frontier) -> list[str | None]:
        first = await find_silent(frontier, (await claimed(frontier))["a.example"])
        await free_hosts(frontier)
        (again,) = (await frontier.claim(1)).leases
        return [first.fault, (await find_silent(frontier, again)).fault]

    assert with_frontier(redis_url, work) == ["unsure", "host"]


def test_who_answers_while_another_is_waited_for_shows_that_there_is_a_network(
    redis_url: str,
) -> None:
    async def work(frontier: Frontier) -> str | None:
        leases = await claimed(frontier)
        await frontier.release_host(leases["b.example"], 0.0, mood="ok")
        # the answer came a minute before the other was given up, but after it was asked
        minute_ago = await frontier.clock_ms() - 60_000
        await frontier.redis.ask("SET", key("answered"), minute_ago)
        silent = leases["a.example"]
        return (
            await frontier.release_host(silent, 0.0, mood="unreachable", rest="x", took_s=70)
        ).fault

    assert with_frontier(redis_url, work) == "host"


def test_when_somebody_answers_again_those_asked_in_vain_are_asked_at_once(redis_url: str) -> None:
    async def work(frontier: Frontier) -> tuple[int, list[str]]:
        leases = await claimed(frontier)
        for host in HOSTS[:3]:
            await find_silent(frontier, leases[host])
        assert (await frontier.claim(9)).leases == (), "they rest"
        reach = await frontier.release_host(leases["d.example"], 0.0, mood="ok")
        soon = await frontier.clock_ms() + 1_000
        due = await frontier.redis.ask("ZRANGEBYSCORE", key("hosts"), 0, soon)
        return reach.tried_again, sorted(due)

    assert with_frontier(redis_url, work) == (3, list(HOSTS))
