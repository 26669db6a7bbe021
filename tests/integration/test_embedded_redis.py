"""The embedded Redis: one server per folder, alive as long as any of its users and no longer."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis import Redis

from crawler.errors import DependencyDown
from crawler.storage import embedded

LIMIT_S = 20.0

USER = """
import sys
from pathlib import Path
from redis import Redis
from crawler.storage import embedded
held = embedded.hold(Path(sys.argv[1]))
client = Redis.from_url(held.url)
for _ in range(int(sys.argv[2])):
    client.incr("n")
print("ready", flush=True)
sys.stdin.readline()
"""


@contextmanager
def user(data: Path, increments: int = 0) -> Iterator[subprocess.Popen[str]]:
    """A process that uses the server until its input ends."""
    child = subprocess.Popen(
        [sys.executable, "-c", USER, str(data), str(increments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield child
    finally:
        child.kill()
        child.communicate(timeout=10)


def is_ready(child: subprocess.Popen[str]) -> bool:
    assert child.stdout is not None
    return child.stdout.readline() == "ready\n"


def until(is_so: Callable[[], bool]) -> bool:
    """Wait for something with a deadline."""
    deadline = time.monotonic() + LIMIT_S
    while not is_so():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def server_of(data: Path) -> int:
    with Redis(unix_socket_path=str(embedded.socket_path(data.resolve()))) as client:
        return int(client.info("server")["process_id"])


def count_of(data: Path) -> int:
    with embedded.hold(data) as held, Redis.from_url(held.url) as client:
        return int(client.get("n") or 0)


def is_down(data: Path) -> bool:
    return not embedded.answers(embedded.socket_path(data.resolve()))


def is_alive(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    try:
        return state.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_it_goes_with_its_last_user_and_leaves_no_process(tmp_path: Path) -> None:
    with embedded.hold(tmp_path):
        pid = server_of(tmp_path)
    assert until(lambda: is_down(tmp_path) and not is_alive(pid))


def test_what_was_written_is_there_for_the_next_user(tmp_path: Path) -> None:
    with user(tmp_path, 100) as child:
        assert is_ready(child)
    assert count_of(tmp_path) == 100


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=["ends", "is killed"])
def test_it_outlives_the_one_who_started_it(tmp_path: Path, how: signal.Signals) -> None:
    with user(tmp_path) as starter:
        assert is_ready(starter)
        with embedded.hold(tmp_path) as held:
            pid = server_of(tmp_path)
            starter.send_signal(how)
            starter.wait(timeout=10)
            # Two looks of the supervisor pass before we look.
            deadline = time.monotonic() + 0.5
            while time.monotonic() < deadline:
                assert embedded.answers(embedded.socket_path(held.data_dir))
            assert server_of(tmp_path) == pid
    assert until(lambda: is_down(tmp_path))


def test_a_short_user_does_not_take_it_away_from_a_long_one(tmp_path: Path) -> None:
    with embedded.hold(tmp_path), user(tmp_path, 1) as crawl:
        assert is_ready(crawl)
        pid = server_of(tmp_path)
        for _ in range(3):
            with embedded.hold(tmp_path):
                assert server_of(tmp_path) == pid


def test_four_cold_starters_share_one_server(tmp_path: Path) -> None:
    with (
        user(tmp_path, 500) as a,
        user(tmp_path, 500) as b,
        user(tmp_path, 500) as c,
        user(tmp_path, 500) as d,
    ):
        assert all(is_ready(child) for child in (a, b, c, d))
        assert count_of(tmp_path) == 2000


def test_a_killed_server_comes_back_with_everything_acknowledged(tmp_path: Path) -> None:
    with embedded.hold(tmp_path) as held:
        with Redis.from_url(held.url) as client:
            for _ in range(200):
                client.incr("n")
        os.kill(server_of(tmp_path), signal.SIGKILL)
        assert until(lambda: is_down(tmp_path))
        embedded.ensure(held)
        assert count_of(tmp_path) == 200


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_a_killed_supervisor_takes_its_server_with_it_and_nothing_is_lost(tmp_path: Path) -> None:
    with embedded.hold(tmp_path) as held:
        with Redis.from_url(held.url) as client:
            client.set("n", 7)
        server = server_of(tmp_path)
        supervisor = int(Path(f"/proc/{server}/stat").read_text().rsplit(")", 1)[1].split()[1])
        os.kill(supervisor, signal.SIGKILL)
        assert until(lambda: not is_alive(server))
        embedded.ensure(held)
        assert server_of(tmp_path) != server
        assert count_of(tmp_path) == 7


def test_a_folder_with_a_long_path_works(tmp_path: Path) -> None:
    data = tmp_path / ("long" * 20) / ("longer" * 10)
    with embedded.hold(data) as held, Redis.from_url(held.url) as client:
        assert client.ping()
    assert len(os.fsencode(embedded.socket_path(data.resolve()))) <= embedded.SOCKET_PATH_LIMIT


def test_without_any_server_one_sentence_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(DependencyDown, match="install valkey-server or redis-server, or set"):
        embedded.find_server()


def test_a_folder_that_cannot_be_made_is_named_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DependencyDown, match="--data or TUMEN_DATA_DIR"):
        embedded.hold(tmp_path / "file" / "data")
