"""The one door out: whatever leads to a private server, none of our clients connects to it.

Every test runs twice: with the door no connection is made, without it the same ways lead there, so
a door that stopped working, or a trial that proves nothing, fails.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.hostile.canary import PRIVATE, PUBLIC, Listener, free_port, http, listening
from tests.hostile.ways_in import WAYS, Way
from tests.integration.crawls import environment, records_of
from tests.integration.outlet_server import ABOUT_BOTH, article, rss

TIME_LIMIT_S = 120


def launch(door: str, *module_and_arguments: str, **settings: str) -> str:
    """Run a module with the names of the trial; returns its standard output."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile.launch", door, *module_and_arguments],
        env=environment(TUMEN_ALLOW_NETWORKS=PUBLIC, TUMEN_PARSERS="1", **settings),
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT_S,
        check=False,
    )
    return done.stdout + done.stderr if done.returncode else done.stdout


@pytest.fixture(scope="module")
def guarded() -> tuple[dict[str, int], int]:
    seen, public = json.loads(launch("guarded", "tests.hostile.dialing"))
    return seen, public


@pytest.fixture(scope="module")
def unguarded() -> dict[str, int]:
    seen: dict[str, int] = json.loads(launch("unguarded", "tests.hostile.dialing"))[0]
    return seen


@pytest.mark.parametrize("way", [pytest.param(way, id=way.name) for way in WAYS])
def test_no_way_leads_to_a_private_server(way: Way, guarded: tuple[dict[str, int], int]) -> None:
    assert guarded[0][way.name] == 0


def test_the_public_server_is_still_asked(guarded: tuple[dict[str, int], int]) -> None:
    # Six redirect, two names of many addresses, one that changes, asked for the first time.
    assert guarded[1] >= 9


def test_without_the_door_at_least_thirty_ways_lead_there(unguarded: dict[str, int]) -> None:
    shut = [way.name for way in WAYS if way.is_open and not unguarded[way.name]]
    assert (shut, sum(map(bool, unguarded.values())) >= 30) == ([], True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """One client of ours, and the command that lets it meet the public server's traps."""

    arguments: tuple[str, ...]
    catalogue: bool = True


CLIENTS = {
    "crawl": Client(arguments=("crawl",)),
    "add": Client(arguments=("add", "{private}", "{public}/to-private", "{public}/to-name")),
    "extract": Client(arguments=("extract", "{public}/to-private"), catalogue=False),
    "extract, straight": Client(arguments=("extract", "{private}"), catalogue=False),
    "discover": Client(arguments=("outlets", "discover", "{public}/"), catalogue=False),
}


def hostile_outlet(port: int) -> Callable[[str], bytes]:
    """An outlet whose feed, redirects, robots.txt and front page lead to the private server."""
    private, name = f"http://127.0.0.1:{port}", f"http://private.test:{port}"
    title = "Russia and North Korea open a freight office"
    links = [
        f"{private}/1", f"{name}/2", f"http://127.0.0.3:{port}/3", f"http://mapped.test:{port}/4",
        f"http://six.test:{port}/5", f"http://public.test:{port}/to-private",
        f"http://public.test:{port}/to-name", f"http://public.test:{port}/refresh",
        f"http://2130706433:{port}/6", f"http://[::1]:{port}/7", f"http://localhost:{port}/8",
    ]  # fmt: skip
    items = "".join(f"<item><title>{title}</title><link>{link}</link></item>" for link in links)
    pages = {
        "/robots.txt": http("", "404 Not Found"),
        "/feed.xml": http(
            f"<rss version='2.0'><channel><title>S</title>{items}</channel></rss>",
            Content_Type="application/rss+xml",
        ),
        "/": http(
            f"<html><head><link rel=alternate type=application/rss+xml href='{private}/feed'>"
            f"</head><body><a href='{name}/rss.xml'>RSS</a></body></html>",
            Content_Type="text/html",
        ),
        "/to-private": http("", "302 Found", Location=f"{private}/secret"),
        "/to-name": http("", "301 Moved Permanently", Location=f"{name}/secret"),
        "/refresh": http(
            f"<html><meta http-equiv=refresh content='0; url={private}/secret'></html>",
            Content_Type="text/html",
        ),
    }

    def answer(line: str) -> bytes:
        path = line.split(" ")[1] if line.count(" ") > 1 else ""
        return pages.get(path, http("", "404 Not Found"))

    return answer


def card(name: str, homepage: str, feeds: str) -> str:
    return (
        f'[[outlet]]\nid = "{name}"\nname = "The {name}"\ncountry = "GB"\nlanguage = "en"\n'
        f'kind = "national"\nscope = "general"\nhomepage = "{homepage}"\nfeeds = {feeds}\n'
    )


def catalogue_of(folder: Path, port: int) -> Path:
    """The hostile outlet's card, and cards that open the port for every private host."""
    public = f"http://public.test:{port}"
    hosts = ("127.0.0.1", "127.0.0.3", "private.test", "six.test", "mapped.test", "localhost")
    cards = [card("lure", f"{public}/", f'["{public}/feed.xml"]')]
    for at, host in enumerate(hosts):
        cards.append(card(f"trap-{at}", f"http://{host}:{port}/", f'["http://{host}:{port}/f"]'))
    path = folder / "outlets.toml"
    path.write_text("\n".join(cards), encoding="utf-8")
    return path


def visit_private_servers(door: str, client: Client, folder: Path) -> tuple[Listener, Listener]:
    """Let a client loose; returns the private and the public server."""
    port = free_port()
    with (
        listening(PRIVATE, port, lambda _line: http("<p>a secret</p>")) as canary,
        listening((PUBLIC,), port, hostile_outlet(port)) as public,
    ):
        places = {"private": f"http://127.0.0.1:{port}/x", "public": f"http://public.test:{port}"}
        arguments = [argument.format(**places) for argument in client.arguments]
        if client.catalogue:
            arguments += ["--data", str(folder / "data")]
        environ = {"TUMEN_DATA_DIR": str(folder / "data")}
        environ["TUMEN_OUTLETS"] = str(catalogue_of(folder, port))
        launch(door, "crawler", *arguments, **environ)
    return canary, public


@pytest.mark.parametrize("client", CLIENTS.values(), ids=CLIENTS)
def test_no_client_of_ours_connects_to_a_private_server(client: Client, tmp_path: Path) -> None:
    canary, public = visit_private_servers("guarded", client, tmp_path)
    wants_public = client is not CLIENTS["extract, straight"]
    assert (canary.asked, canary.connections) == ([], 0)
    assert bool(public.asked) is wants_public


@pytest.mark.parametrize("client", CLIENTS.values(), ids=CLIENTS)
def test_without_the_door_the_same_client_does(client: Client, tmp_path: Path) -> None:
    canary, _public = visit_private_servers("unguarded", client, tmp_path)
    assert canary.connections > 0


LOGIN = "analyst:s3cr%40t"


def proxied() -> Callable[[str], bytes]:
    """What a proxy answers for an outlet that nobody else could reach."""
    base = "http://outlet.example"
    title = "Russia and North Korea open a freight office"
    pages = {
        "/feed.xml": rss(base, ("/1", title), ("/2", title)),
        "/1": article(title, *ABOUT_BOTH),
    }

    def answer(line: str) -> bytes:
        url = line.split(" ")[1]
        reply = pages.get(url.removeprefix(base))
        if reply is None:
            return http("", "404 Not Found")
        kind = reply.headers["Content-Type"]
        return http(reply.body.decode(), Content_Type=kind)

    return answer


@pytest.mark.parametrize("host", ["127.0.0.3", "proxy.test"], ids=["by address", "by name"])
def test_behind_a_proxy_the_proxy_is_the_only_address_dialed(host: str, tmp_path: Path) -> None:
    port, data = free_port(), tmp_path / "data"
    cards = [
        card("outlet", "http://outlet.example/", '["http://outlet.example/feed.xml"]'),
        card("direct", f"http://{PUBLIC}:{port}/", f'["http://{PUBLIC}:{port}/feed.xml"]'),
        card("private", f"http://10.0.0.7:{port}/", f'["http://10.0.0.7:{port}/feed.xml"]'),
        card("tunneled", "https://tunneled.example/", '["https://tunneled.example/feed.xml"]'),
    ]
    catalogue = tmp_path / "outlets.toml"
    catalogue.write_text("\n".join(cards), encoding="utf-8")
    with (
        listening(("127.0.0.3",), port, proxied()) as proxy,
        listening((PUBLIC, "127.0.0.1"), port, lambda _line: http("")) as others,
    ):
        launch(
            "guarded", "crawler", "crawl", "--outlets", str(catalogue), "--data", str(data),
            TUMEN_PROXY=f"http://{LOGIN}@{host}:{port}",
        )  # fmt: skip
    assert others.connections == 0
    assert [record["url"] for record in records_of(data)] == ["http://outlet.example/1"]
    assert any(line.startswith("CONNECT tunneled.example:443") for line in proxy.asked)
    assert f"GET http://{PUBLIC}:{port}/robots.txt HTTP/1.1" in proxy.asked
    assert not any("10.0.0.7" in line for line in proxy.asked)


def test_the_password_of_a_proxy_is_told_to_the_proxy_alone(tmp_path: Path) -> None:
    port, data = free_port(), tmp_path / "data"
    catalogue = tmp_path / "outlets.toml"
    feed = '["http://outlet.example/feed.xml"]'
    catalogue.write_text(card("outlet", "http://outlet.example/", feed), encoding="utf-8")
    with listening(("127.0.0.3",), port, proxied()) as proxy:
        shown = launch(
            "guarded", "crawler", "crawl", "--outlets", str(catalogue), "--data", str(data),
            TUMEN_PROXY=f"http://{LOGIN}@127.0.0.3:{port}", TUMEN_LOG="debug",
        )  # fmt: skip
    token = base64.b64encode(b"analyst:s3cr@t").decode()
    assert f"Proxy-Authorization: Basic {token}" in proxy.heads[0]
    kept = shown + "".join(
        path.read_bytes().decode("latin-1")
        for path in data.rglob("*")
        if path.is_file() and os.access(path, os.R_OK)
    )
    assert "s3cr" not in kept
    assert token not in kept
