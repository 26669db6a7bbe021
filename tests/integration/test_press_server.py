"""The sample press as a server: versions, compression, connections, the log, and its process."""

from __future__ import annotations

import gzip
import http.client
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.app.press.server import Press, Visit, open_press
from crawler.news.catalogues import parse_catalogue
from tests.integration.asking import base_of, get

OPENED_AT = datetime(2026, 11, 20, 2, 30, 12, 345, tzinfo=UTC)


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with open_press(opened_at=OPENED_AT) as press:
        yield press


@pytest.fixture
def fresh() -> Iterator[Press]:
    """A press of one's own, for tests that change it or read its log."""
    with open_press(opened_at=OPENED_AT) as press:
        yield press


@pytest.mark.parametrize(
    "path", ["/feed.xml", "/robots.txt", "/", "/world/moscow-idaho-first-snow-4108/"]
)
def test_what_has_not_changed_answers_304(press: Press, path: str) -> None:
    url = base_of(press, "halden-wire") + path
    first = get(url)
    tag, date = first.headers["ETag"], first.headers["Last-Modified"]
    assert get(url, If_None_Match=tag).status == 304
    assert get(url, If_None_Match=f'"x", W/{tag}').status == 304
    assert get(url, If_Modified_Since=date).status == 304
    assert get(url, If_None_Match='"x"', If_Modified_Since=date).status == 200
    assert get(url, If_Modified_Since="Mon, 01 Jan 2024 00:00:00 GMT").status == 200
    assert get(url, If_Modified_Since="yesterday").status == 200
    assert get(url, If_None_Match=tag).body == b""


def test_a_body_is_compressed_when_the_client_can_read_it(press: Press) -> None:
    url = base_of(press, "ushio") + "/index.rdf"
    packed = get(url, Accept_Encoding="gzip, deflate")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == get(url).body
    child = get(base_of(press, "tidewater-post") + "/sitemaps/news.xml.gz", Accept_Encoding="gzip")
    assert "Content-Encoding" not in child.headers


def test_the_later_edition_shows_in_page_and_feed(fresh: Press) -> None:
    [edited] = [e for e in fresh.expect() if e.edited_text]
    [added] = str(edited.edited_text).removeprefix(edited.text).split("\n")[1:]
    urls = (edited.url, base_of(fresh, edited.outlet) + "/feed.xml")
    other = base_of(fresh, "zaliv") + "/feed.xml"
    before = {url: get(url) for url in (*urls, other)}
    assert added not in before[edited.url].body.decode()
    fresh.edit()
    after = {url: get(url, If_None_Match=before[url].headers["ETag"]) for url in before}
    assert added in after[edited.url].body.decode()
    assert [after[url].status for url in (*urls, other)] == [200, 200, 304]
    assert "article:modified_time" in after[edited.url].body.decode()


def test_a_connection_serves_more_than_one_request(fresh: Press) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", fresh.ports["zaliv"], timeout=5)
    for path in ("/robots.txt", "/feed.xml", "/nowhere"):
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        assert response.getheader("Connection") == "keep-alive"
    connection.request("GET", "/", headers={"Connection": "close"})
    assert connection.getresponse().getheader("Connection") == "close"
    connection.close()


def test_head_tells_the_length_and_other_methods_are_refused(press: Press) -> None:
    url = base_of(press, "haijia") + "/feed.json"
    head = get(url, method="HEAD")
    assert (head.status, head.body) == (200, b"")
    assert int(head.headers["Content-Length"]) == len(get(url).body)
    refused = get(url, method="POST")
    assert (refused.status, refused.headers["Allow"]) == (405, "GET, HEAD")


def test_a_client_that_speaks_no_http_harms_nobody(press: Press) -> None:
    with socket.create_connection(("127.0.0.1", press.ports["zaliv"]), timeout=5) as rude:
        rude.sendall(b"hello\r\n")
    assert get(base_of(press, "zaliv") + "/robots.txt").status == 200


def test_every_visit_is_in_the_log(tmp_path: Path) -> None:
    log = tmp_path / "visits.jsonl"
    began = time.time()
    with open_press(latency_s=0.02, log=log) as press:
        url = base_of(press, "zaliv") + "/news/55301/?from=feed"
        tag = get(url, User_Agent="Tumen/1").headers["ETag"]
        get(url, If_None_Match=tag)
        get(base_of(press, "ushio") + "/nowhere")
        visits = press.visits
    facts = [(v.outlet, v.path, v.status, v.agent, v.conditional) for v in visits]
    assert facts == [
        ("zaliv", "/news/55301/?from=feed", 200, "Tumen/1", False),
        ("zaliv", "/news/55301/?from=feed", 304, None, True),
        ("ushio", "/nowhere", 404, None, False),
    ]
    assert all(visit.ended - visit.started >= 0.02 for visit in visits)
    assert began <= visits[0].started <= visits[0].ended <= visits[1].started <= time.time()
    lines = log.read_text(encoding="utf-8").splitlines()
    assert [Visit(**json.loads(line)) for line in lines] == list(visits)
    assert asdict(visits[0]) == json.loads(lines[0])


def start_process(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "crawler.app.press", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def read_ready(process: subprocess.Popen[str]) -> dict[str, object]:
    assert process.stdout is not None
    ready: dict[str, object] = json.loads(process.stdout.readline())
    return ready


def test_as_a_process_it_says_when_it_is_ready_and_ends_with_its_input(tmp_path: Path) -> None:
    log = tmp_path / "visits.jsonl"
    with start_process("--log", str(log), "--latency", "1") as process:
        ready = read_ready(process)
        outlets = parse_catalogue(str(ready["catalogue"]), "press")
        assert get(outlets[0].feeds[0]).status == 200
        assert datetime.fromisoformat(str(ready["opened_at"])).tzinfo is not None
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(10) == 0
    assert len(log.read_text(encoding="utf-8").splitlines()) == 1


def test_as_a_process_it_takes_the_order_to_edit() -> None:
    with start_process() as process:
        ports = read_ready(process)["ports"]
        assert isinstance(ports, dict)
        assert process.stdin is not None
        url = f"http://127.0.0.1:{ports['halden-wire']}/feed.xml"
        before = get(url).body
        process.stdin.write("edit\n")
        process.stdin.flush()
        deadline = time.monotonic() + 5
        while get(url).body == before:
            assert time.monotonic() < deadline
        process.stdin.close()
        assert process.wait(10) == 0


def test_as_a_process_it_ends_on_sigterm() -> None:
    with start_process() as process:
        read_ready(process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
