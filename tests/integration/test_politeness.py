"""Politeness in whole crawls, as the outlets' own servers see it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.integration.crawls import command, environment, journal_of, tumen, urls_of
from tests.integration.outlet_server import (
    ABOUT_BOTH,
    OutletServer,
    Reply,
    Visit,
    article,
    outlet_server,
    rss,
)

TITLE = "Russia and North Korea open a freight office"
PATHS = [f"/news/freight-office-{number}" for number in range(1, 9)]
DELAY_S = 0.2
# A clock of ours and one of theirs may differ by the time it takes to write an answer.
SLACK_S = 0.01


def full(outlet: OutletServer, paths: list[str] = PATHS) -> OutletServer:
    """An outlet that announces an article of interest at each of the paths."""
    outlet.pages |= {path: article(f"{TITLE} {path}", *ABOUT_BOTH, path) for path in paths}
    outlet.pages["/feed.xml"] = rss(outlet.base, *((path, f"{TITLE} {path}") for path in paths))
    return outlet


@pytest.fixture
def outlet() -> Iterator[OutletServer]:
    with outlet_server() as served:
        yield full(served)


@pytest.fixture
def other() -> Iterator[OutletServer]:
    with outlet_server() as served:
        yield served


def catalogue_of(folder: Path, *cards: str) -> str:
    path = folder / "outlets.toml"
    path.write_text("\n".join(cards), encoding="utf-8")
    return str(path)


def crawl(folder: Path, catalogue: str, workers: int = 1, **settings: str) -> Path:
    """One pass by some workers at once; the data folder."""
    options = ("crawl", "--outlets", catalogue, "--data", str(folder / "data"))
    running = [
        subprocess.Popen(
            command(*options),
            env=environment(TUMEN_HOST_DELAY=f"{DELAY_S}", TUMEN_PARSERS="1", **settings),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(workers)
    ]
    for worker in running:
        worker.wait(timeout=120)
    return folder / "data"


def gaps(visits: list[Visit]) -> list[float]:
    """The pauses between the end of each visit and the start of the next."""
    ordered = sorted(visits, key=lambda visit: visit.began)
    return [after.began - before.ended for before, after in pairwise(ordered)]


def robots(text: str, after_s: float = 0.0) -> Reply:
    return Reply(body=text.encode(), headers={"Content-Type": "text/plain"}, after_s=after_s)


def test_no_request_slips_by_while_robots_txt_is_on_its_way(
    outlet: OutletServer, tmp_path: Path
) -> None:
    outlet.pages["/robots.txt"] = robots("User-agent: *\nDisallow: /news/", after_s=0.3)
    where = ("--outlets", catalogue_of(tmp_path, outlet.card()), "--data", str(tmp_path / "data"))
    shown = tumen("add", *(outlet.base + path for path in PATHS), *where)
    assert outlet.asked == ["/robots.txt"], shown.err
    left = [(line["stage"], line["reasons"]) for line in journal_of(tmp_path / "data")]
    assert left == [("gone", ["robots.txt forbids it"])] * len(PATHS)


def test_robots_txt_is_asked_for_once_a_day_over_all_workers(
    outlet: OutletServer, tmp_path: Path
) -> None:
    outlet.pages["/robots.txt"] = robots("", after_s=0.3)
    catalogue = catalogue_of(tmp_path, outlet.card())
    data = crawl(tmp_path, catalogue, workers=3)
    crawl(tmp_path, catalogue)
    assert len(urls_of(data)) == len(PATHS)
    assert outlet.asked.count("/robots.txt") == 1


@pytest.mark.parametrize("status", [500, 503])
def test_while_robots_txt_fails_nothing_is_asked_for_not_even_a_source(
    outlet: OutletServer, tmp_path: Path, status: int
) -> None:
    outlet.pages["/robots.txt"] = Reply(status=status)
    catalogue = catalogue_of(tmp_path, outlet.card())
    crawl(tmp_path, catalogue)
    assert set(outlet.asked) == {"/robots.txt"}
    shown = tumen("status", "--outlets", catalogue, "--data", str(tmp_path / "data"))
    assert f"robots.txt: HTTP {status}" in shown.out + shown.err


@pytest.mark.parametrize("status", [401, 404, 410])
def test_without_a_robots_txt_all_is_allowed(
    outlet: OutletServer, tmp_path: Path, status: int
) -> None:
    outlet.pages["/robots.txt"] = Reply(status=status)
    data = crawl(tmp_path, catalogue_of(tmp_path, outlet.card()))
    assert len(urls_of(data)) == len(PATHS)


@pytest.mark.parametrize(
    ("hops", "stored"),
    [
        pytest.param(5, 0, id="five are followed, and forbid"),
        pytest.param(6, len(PATHS), id="at the sixth there is none"),
    ],
)
def test_a_redirect_of_robots_txt_is_followed_five_times(
    outlet: OutletServer, tmp_path: Path, hops: int, stored: int
) -> None:
    names = ["/robots.txt", *(f"/robots-{hop}.txt" for hop in range(1, hops + 1))]
    for name, target in pairwise(names):
        outlet.pages[name] = Reply(status=302, headers={"Location": target})
    outlet.pages[names[-1]] = robots("User-agent: *\nDisallow: /news/")
    data = crawl(tmp_path, catalogue_of(tmp_path, outlet.card()))
    assert len(urls_of(data)) == stored


def test_two_workers_pause_between_all_requests_to_a_host(
    outlet: OutletServer, tmp_path: Path
) -> None:
    data = crawl(tmp_path, catalogue_of(tmp_path, outlet.card()), workers=2)
    assert len(urls_of(data)) == len(PATHS)
    assert min(gaps(outlet.visits)) >= DELAY_S - SLACK_S


@pytest.mark.parametrize(
    ("card", "robots_txt", "pause_s"),
    [
        pytest.param({"delay": "0.6"}, "", 0.6, id="the card's delay"),
        pytest.param({}, "User-agent: *\nCrawl-delay: 0.7", 0.7, id="Crawl-delay"),
        pytest.param({"delay": "0.1"}, "User-agent: *\nCrawl-delay: 0.1", DELAY_S, id="ours"),
    ],
)
def test_the_longest_pause_that_anybody_wants_is_kept(
    tmp_path: Path, outlet: OutletServer, card: dict[str, str], robots_txt: str, pause_s: float
) -> None:
    full(outlet, PATHS[:3])
    outlet.pages["/robots.txt"] = robots(robots_txt)
    crawl(tmp_path, catalogue_of(tmp_path, outlet.card(**card)))
    assert min(gaps(outlet.visits)) >= pause_s - SLACK_S


def test_a_slow_host_gets_as_long_a_pause_as_it_took_to_answer(
    outlet: OutletServer, tmp_path: Path
) -> None:
    full(outlet, PATHS[:3])
    slow = outlet.pages[PATHS[0]]
    assert isinstance(slow, Reply)
    outlet.pages[PATHS[0]] = Reply(body=slow.body, headers=slow.headers, after_s=0.8)
    crawl(tmp_path, catalogue_of(tmp_path, outlet.card()))
    visits = sorted(outlet.visits, key=lambda visit: visit.began)
    at = next(n for n, visit in enumerate(visits) if visit.path == PATHS[0])
    assert visits[at + 1].began - visits[at].ended >= 0.8 - SLACK_S


def test_retry_after_is_obeyed_and_a_throttled_host_is_visited_more_slowly(
    outlet: OutletServer, tmp_path: Path
) -> None:
    page = outlet.pages[PATHS[0]]
    assert isinstance(page, Reply)
    outlet.pages[PATHS[0]] = [Reply(status=429, headers={"Retry-After": "2"}), page]
    data = crawl(tmp_path, catalogue_of(tmp_path, outlet.card()))
    assert len(urls_of(data)) == len(PATHS)
    visits = sorted(outlet.visits, key=lambda visit: visit.began)
    at = next(n for n, visit in enumerate(visits) if visit.status == 429)
    first, *later = gaps(visits[at:])
    assert first >= 2 - SLACK_S
    assert min(later) >= 2 * DELAY_S - SLACK_S


def test_a_redirect_to_another_host_waits_for_its_turn_and_its_robots_txt(
    outlet: OutletServer, other: OutletServer, tmp_path: Path
) -> None:
    full(outlet, PATHS[:2])
    allowed, forbidden = PATHS[:2]
    for path in (allowed, forbidden):
        outlet.pages[path] = Reply(status=302, headers={"Location": other.base + path})
    other.pages = {
        "/robots.txt": robots(f"User-agent: *\nDisallow: {forbidden}"),
        allowed: article(TITLE, *ABOUT_BOTH),
        forbidden: article(TITLE, *ABOUT_BOTH),
    }
    ports = other.card(
        "other", feeds="[]", sections=f'["{other.base}/robots.txt"]', enabled="false"
    )
    data = crawl(tmp_path, catalogue_of(tmp_path, outlet.card(), ports))
    assert other.asked == ["/robots.txt", allowed]
    assert min(gaps(other.visits)) >= DELAY_S - SLACK_S
    assert urls_of(data) == [other.base + allowed]


def test_hosts_that_are_one_server_share_one_turn(
    outlet: OutletServer, other: OutletServer, tmp_path: Path
) -> None:
    full(outlet, PATHS[:3])
    full(other, PATHS[:3])
    group = {"same_server": '"the-one"'}
    cards = (outlet.card("one", **group), other.card("two", **group))
    crawl(tmp_path, catalogue_of(tmp_path, *cards), workers=2)
    assert min(gaps([*outlet.visits, *other.visits])) >= DELAY_S - SLACK_S


def test_a_redirect_that_goes_in_circles_ends_in_the_journal(
    outlet: OutletServer, tmp_path: Path
) -> None:
    full(outlet, PATHS[:1])
    outlet.pages[PATHS[0]] = Reply(status=302, headers={"Location": "/there"})
    outlet.pages["/there"] = Reply(status=302, headers={"Location": PATHS[0]})
    data = crawl(tmp_path, catalogue_of(tmp_path, outlet.card()))
    (line,) = journal_of(data)
    assert line["reasons"] == ["redirected more than 5 times or in a loop"]
    assert outlet.asked.count("/there") == 1
