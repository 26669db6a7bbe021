"""Health on real servers: what a server does is said in the right word and told once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from crawler.storage.connection import PREFIX
from tests.certificates import self_signed
from tests.integration.one_source import ago, change, crawl, health_of_all, opened
from tests.integration.outlet_server import OutletServer, Reply, article, outlet_server, rss

PLAIN = (("/1", "Seven soups"), ("/2", "Six salads"))
NEWS = tuple((f"/new-{n}", f"Cake number {n}") for n in range(6))
ROBOT_CHECK = article("Just a moment...", "Enable JavaScript and cookies to continue")

# How the feed of each outlet breaks, the word for it then, and why.
BROKEN: dict[str, tuple[Reply, str, str]] = {
    "error": (Reply(status=500), "failing", "HTTP 500 (server error)"),
    "missing": (Reply(status=404), "failing", "HTTP 404 (not found)"),
    "forbidden": (Reply(status=403), "failing", "HTTP 403 (forbidden)"),
    "page": (
        article("We bake", "Bread is baked here every day of the week but Sunday."),
        "failing",
        "an HTML page came in place of a feed: see whether the feed moved",
    ),
    "wall": (
        ROBOT_CHECK,
        "failing",
        "blocked: a robot check came in its place; see what a browser gets",
    ),
    "empty": (rss(""), "failing", "it is empty: it answers well and has no entry"),
    "gone": (Reply(status=410), "retired", "HTTP 410 (gone)"),
    "frozen": (rss("", *PLAIN), "silent", "no new entry for 3 days; usually one in 1 hour"),
    "busy": (
        rss("", *NEWS),
        "overrun",
        "all entries were new: some may have come and gone since the poll before",
    ),
}
# The same of outlets whose whole server breaks.
CUT_OFF = {
    "refuses": "connection refused",
    "certificate": "robots.txt: TLS: the certificate is not valid",
    "shut": "robots.txt: HTTP 503 (unavailable)",
}
WORDS = {name: (word, why) for name, (_reply, word, why) in BROKEN.items()}
WORDS |= {name: ("failing", why) for name, why in CUT_OFF.items()}


@dataclass(slots=True)
class Story:
    """Health by outlet, and what was logged, after each of four crawls; `before` all of them."""

    before: dict[str, tuple[str, str]] = field(default_factory=dict)
    health: list[dict[str, tuple[str, str]]] = field(default_factory=list)
    log: list[str] = field(default_factory=list)

    def told(self, outlet: str) -> list[tuple[int, str, str]]:
        """Every turn of an outlet's health: (after which crawl, from, to)."""
        line = re.compile(rf'"event":"health","source":"{outlet}/\S+","from":"(\w+)","to":"(\w+)"')
        return [(n, *found) for n, text in enumerate(self.log) for found in line.findall(text)]


def feed_of(outlet: OutletServer, reply: Reply) -> Reply:
    """A feed whose links lead to its outlet."""
    return replace(reply, body=reply.body.replace(b"<link>/", f"<link>{outlet.base}/".encode()))


def pass_by(folder: Path, story: Story) -> None:
    story.log.append(crawl(folder))
    story.health.append(health_of_all(folder))


def end_all_rests(folder: Path) -> None:
    """Let robots.txt rules grow old and all pauses pass."""
    with opened(folder) as redis:
        for name in redis.scan_iter(f"{PREFIX}robots:*"):
            redis.delete(name)
        for host in redis.zrange(f"{PREFIX}hosts", 0, -1):
            redis.zadd(f"{PREFIX}hosts", {host: 1})


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Outlets that work, break, stay broken, and are mended: four crawls."""
    folder, story = tmp_path_factory.mktemp("health"), Story()
    with ExitStack() as stack:
        server = stack.enter_context(outlet_server())
        shut = stack.enter_context(outlet_server())
        odd = stack.enter_context(outlet_server(tls=self_signed(folder)))
        with outlet_server() as refuses:
            cards = [
                *(server.card(name, feeds=f'["{server.base}/{name}"]') for name in BROKEN),
                server.card("certificate", feeds=f'["{server.base}/certificate"]'),
                # nobody asks it for anything: its card opens its port
                odd.card("odd", enabled="false"),
                *(one.card(name) for name, one in (("shut", shut), ("refuses", refuses))),
            ]
            (folder / "outlets.toml").write_text("\n".join(cards), encoding="utf-8")
            works = {f"/{name}": rss(server.base, *PLAIN) for name in (*BROKEN, "certificate")}
            server.pages = dict(works)
            for one in (shut, refuses):
                one.pages = {"/feed.xml": rss(one.base, *PLAIN)}
            story.before = health_of_all(folder)
            pass_by(folder, story)
        aged = {"news_at": ago(days=3), "polled_at": ago(days=2), "worked_at": ago(days=2)}
        change(folder, "frozen", **aged, entries=12, rhythm={"gap_s": 3_600.0})
        for name, (reply, *_) in BROKEN.items():
            server.pages[f"/{name}"] = feed_of(server, reply)
        there = f"https://127.0.0.1:{odd.port}/feed.xml"
        server.pages["/certificate"] = Reply(status=302, headers={"Location": there})
        shut.pages["/robots.txt"] = Reply(status=503)
        with opened(folder) as redis:
            redis.delete(f"{PREFIX}robots:127.0.0.1:{shut.port}")
        pass_by(folder, story)
        pass_by(folder, story)
        more = rss(server.base, *PLAIN, ("/3", "Five cakes"))
        server.pages = {**works, "/frozen": more, "/busy": server.pages["/busy"]}
        del shut.pages["/robots.txt"]
        end_all_rests(folder)
        with outlet_server(refuses.port) as back:
            back.pages = refuses.pages
            pass_by(folder, story)
        yield story


@pytest.mark.parametrize("outlet", WORDS)
def test_what_a_server_does_is_said_with_the_reason(story: Story, outlet: str) -> None:
    assert story.before[outlet] == ("unproven", "not polled yet")
    assert story.health[0][outlet] == ("working", "")
    assert story.health[1][outlet] == WORDS[outlet]


@pytest.mark.parametrize("outlet", set(WORDS) - {"busy", "certificate"})
def test_it_stays_so_until_the_server_is_mended(story: Story, outlet: str) -> None:
    assert story.health[2][outlet] == WORDS[outlet]
    assert story.health[3][outlet] == ("working", "")


@pytest.mark.parametrize("outlet", set(WORDS) - {"busy", "certificate"})
def test_each_turn_is_told_once(story: Story, outlet: str) -> None:
    word = WORDS[outlet][0]
    turns = [(0, "unproven", "working"), (1, "working", word), (3, word, "working")]
    assert story.told(outlet) == turns, story.log


def test_an_overrun_ends_with_the_next_poll(story: Story) -> None:
    assert story.health[2]["busy"] == ("working", "")
    turns = [(1, "working", "overrun"), (2, "overrun", "working")]
    assert story.told("busy") == [(0, "unproven", "working"), *turns]
