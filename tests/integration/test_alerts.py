"""Alerts that are really sent: receivers that are down, slow or wrong, senders that are killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import feedparser
import pytest
import requests

from crawler.app import alert_rounds
from crawler.app.alert_following import following
from crawler.app.alert_rounds import Post
from crawler.app.delivering import deliver
from crawler.app.guarding import guarded
from crawler.config import Config
from crawler.news.messages import Message
from crawler.news.watches import Target, Watch, Watches
from crawler.storage import deliveries, tombstones
from crawler.storage.outbox import Outbox, open_outbox
from tests.integration.alert_kills import check_kills, fresh, kill_senders, news, set_up
from tests.integration.crawls import Outcome, environment, lines_of, started, tumen
from tests.integration.receiver import receiving
from tests.integration.test_watch import until
from tests.samples import NOON
from tests.stores import write_records

# Apprise looks for a module of old Pythons.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


@contextmanager
def post_of(data: Path, url: str, *watches: Watch) -> Iterator[tuple[Post, Outbox]]:
    """Alerts of a store with one target, defined an hour before noon."""
    targets = {"desk": Target(name="desk", url=url)}
    told = watches or (Watch(name="all", targets=("desk",)),)
    post = Post(
        config=Config(data_dir=data), catalogue=(), path=data / "alerts.toml",
        watches=Watches(watches=told, targets=targets), defined=NOON - timedelta(hours=1),
    )  # fmt: skip
    data.mkdir(exist_ok=True)
    with open_outbox(data) as outbox:
        yield post, outbox


def go(post: Post, outbox: Outbox, clock: Clock) -> alert_rounds.Sum:
    alert_rounds.look(post, outbox, clock())
    return alert_rounds.send_due(post, outbox, clock)


# Sending ------------------------------------------------------------------------------------------


def test_a_message_arrives_with_its_id(tmp_path: Path) -> None:
    with receiving() as receiver, post_of(tmp_path, receiver.url) as (post, outbox):
        first = news(1)
        write_records(tmp_path, [first])
        assert go(post, outbox, Clock()).sent == 1
        assert go(post, outbox, Clock()).sent == 0
    ((name, said),) = receiver.taken
    assert said["title"] == f"all: {first.title}"
    assert first.url in said["message"]
    assert said["message"].endswith(f"alert {name}")


def test_a_receiver_that_is_down_for_an_hour_loses_nothing_and_is_not_flooded(
    tmp_path: Path,
) -> None:
    clock, number = Clock(), 0
    with receiving() as gone:
        port = gone.port
    with post_of(tmp_path, f"json://127.0.0.1:{port}/hook") as (post, outbox):
        tries = 0
        for minute in range(60):
            write_records(tmp_path, [news(number + 1, hours=minute / 60)])
            number += 1
            tries += len(go(post, outbox, clock).failed)
            clock.forward(minutes=1)
        assert tries < 15
        with receiving(port) as receiver:
            clock.forward(minutes=10)
            go(post, outbox, clock)
        assert deliveries.due(outbox, "desk", clock()) == []
    text = "\n".join(f"{said['title']}\n{said['message']}" for _name, said in receiver.taken)
    assert all(news(n).url in text for n in range(1, number + 1))
    assert len(receiver.taken) <= 5
    assert len(set(receiver.ids)) == len(receiver.ids)


WRONG: dict[str, tuple[int, str]] = {
    "an error of its own": (500, "500"),
    "a refusal": (403, "403"),
    "a redirect": (302, "302"),
    "it hangs up": (0, "onnection"),
}


@pytest.mark.parametrize(("status", "why"), WRONG.values(), ids=WRONG)
def test_what_is_not_taken_comes_again_with_the_same_id(
    tmp_path: Path, status: int, why: str
) -> None:
    names: list[str] = []
    with receiving() as elsewhere, receiving() as receiver:
        receiver.behave = lambda nth: status if nth == 1 else 200
        receiver.headers = {"Location": f"http://127.0.0.1:{elsewhere.port}/"}
        with post_of(tmp_path, receiver.url) as (post, outbox):
            clock = Clock()
            write_records(tmp_path, [news(1)])
            ((target, said),) = go(post, outbox, clock).failed
            names += [one.message or "" for one in deliveries.due(outbox, "desk", clock())]
            assert go(post, outbox, clock).sent == 0  # it rests
            clock.forward(seconds=10)
            assert go(post, outbox, clock).sent == 1
        assert elsewhere.asked == 0
    assert target == "desk"
    assert why in said
    assert "hook" not in said
    assert receiver.ids == names


def test_a_receiver_that_never_ends_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.app.delivering.LONGEST_S", 0.5)
    with receiving(trickles=True) as receiver:
        why = deliver(receiver.url, Message(id="a", title="b", body="c"))
        receiver.over.set()
    assert why is not None


def test_what_a_plugin_asks_beyond_its_target_is_not_asked() -> None:
    with receiving() as receiver, receiving() as other:
        with guarded(receiver.url) as gate:
            requests.post(f"http://127.0.0.1:{receiver.port}/", data="{}", timeout=5)
            with pytest.raises(requests.ConnectionError):
                requests.post(f"http://127.0.0.1:{other.port}/", data="{}", timeout=5)
        assert (receiver.asked, other.asked) == (1, 0)
        assert "the target does not name it" in gate.refused[0]


def test_no_piece_of_a_url_is_told() -> None:
    with receiving() as gone:
        port = gone.port
    url = f"json://desk:p%21ssword@127.0.0.1:{port}/t0ken"
    why = deliver(url, Message(id="a", title="b", body="c"))
    assert why
    assert not any(piece in why for piece in ("desk", "p!ssword", "p%21ssword", "t0ken"))


def test_a_url_that_apprise_does_not_know_is_told() -> None:
    why = deliver("nowhere://secret-token", Message(id="a", title="b", body="c"))
    assert why
    assert "does not know" in why


def test_one_broken_target_costs_the_others_nothing(tmp_path: Path) -> None:
    watch = Watch(name="all", targets=("lost", "desk"))
    with receiving() as receiver, post_of(tmp_path, receiver.url, watch) as (post, outbox):
        lost = Target(name="lost", variable="NOT_SET_ANYWHERE")
        targets = {"lost": lost, **post.watches.targets}
        post = replace(post, watches=replace(post.watches, targets=targets))
        write_records(tmp_path, [news(1)])
        done = go(post, outbox, Clock())
    assert done.sent == len(receiver.taken) == 1
    assert "NOT_SET_ANYWHERE" in done.failed[0][1]


def test_what_was_forgotten_before_it_was_sent_is_not_told(tmp_path: Path) -> None:
    with receiving() as receiver, post_of(tmp_path, receiver.url) as (post, outbox):
        write_records(tmp_path, [news(1), news(2)])
        clock = Clock()
        alert_rounds.look(post, outbox, clock())
        tombstones.write(tmp_path, news(1).id, [])
        assert alert_rounds.send_due(post, outbox, clock).sent == 1
        assert deliveries.due(outbox, "desk", clock()) == []
    assert news(2).url in receiver.bodies[0]


# Digests ------------------------------------------------------------------------------------------


def test_a_digest_comes_at_its_hour_with_all_of_its_time(tmp_path: Path) -> None:
    hourly = Watch(name="hourly", send="hourly", targets=("desk",))
    with receiving() as receiver, post_of(tmp_path, receiver.url, hourly) as (post, outbox):
        clock = Clock()
        for number, minutes in ((1, 5), (2, 20), (3, 59)):
            clock.now = NOON + timedelta(minutes=minutes)
            write_records(tmp_path, [news(number, hours=minutes / 60)])
            assert go(post, outbox, clock).sent == 0
        clock.now = NOON + timedelta(hours=1)
        write_records(tmp_path, [news(4, hours=1)])
        assert go(post, outbox, clock).sent == 1
        clock.forward(hours=1)
        assert go(post, outbox, clock).sent == 1
    assert [said["title"] for _name, said in receiver.taken] == [
        "hourly: 3 reports", f"hourly: {news(4).title}",
    ]  # fmt: skip


def test_a_long_digest_is_several_messages_that_hold_all(tmp_path: Path) -> None:
    daily = Watch(name="daily", send="daily", targets=("desk",))
    with receiving() as receiver, post_of(tmp_path, receiver.url, daily) as (post, outbox):
        write_records(tmp_path, [news(n) for n in range(1, 46)])
        clock = Clock()
        go(post, outbox, clock)
        clock.forward(days=1)
        assert go(post, outbox, clock).sent == 3
    text = "\n".join(receiver.bodies)
    assert all(f"{news(n).url}\n" in text for n in range(1, 46))


# Processes that are killed ------------------------------------------------------------------------


def test_an_alert_arrives_at_least_once_and_once_where_ids_count(tmp_path: Path) -> None:
    receiver, records, _killed = kill_senders(tmp_path / "data", kills=9)
    check_kills(receiver, records)
    assert len(receiver.taken) > len(receiver.kept())  # a kill after the taking repeats it


# Commands -----------------------------------------------------------------------------------------

SECRET = "hunter2token"


def run(data: Path, *args: str, **settings: str) -> Outcome:
    return tumen("alerts", *args, "--data", str(data), **settings)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_the_commands_show_watches_targets_and_what_waits(data: Path) -> None:
    with receiving() as receiver:
        port = receiver.port
        url = f"json://127.0.0.1:{port}/{SECRET}"
        set_up(data, url)
        write_records(data, [fresh(1)])
        tried = run(data, "test", "all")
        assert (tried.code, len(receiver.taken)) == (0, 1)
        assert run(data, "send").err == "1 new alert, 1 message sent\n"
        assert len(receiver.taken) == 2
    (listed,) = lines_of(run(data, "list", "--json").out)
    assert listed == {
        "name": "all", "looks for": "each report", "how": "at once", "to": "desk",
        "waiting": 0, "sent": 1,
    }  # fmt: skip
    write_records(data, [fresh(2)])
    failed = run(data, "send")
    assert failed.code == 1
    status = run(data, "status", "--json")
    (state,) = lines_of(status.out)
    assert (status.code, state["waiting"], state["sent"], state["failures"]) == (1, 1, 1, 1)
    again = run(data, "test")
    assert again.code == 1
    shown = [run(data, name) for name in ("list", "status", "dead")]
    assert "no message was given up" in shown[2].err
    for done in (tried, failed, status, again, *shown):
        assert SECRET not in done.out + done.err
    assert max(len(line) for done in shown for line in done.out.splitlines()) <= 80


def test_messages_that_were_given_up_are_listed_and_put_back(data: Path) -> None:
    with receiving(behave=lambda _nth: 400) as receiver:
        set_up(data, receiver.url)
        write_records(data, [fresh(1)])
        assert run(data, "send").code == 1
        with open_outbox(data) as outbox:
            long_ago = "UPDATE messages SET tries = 99, first_tried = '2026-01-01T00:00:00Z'"
            outbox.db.execute(long_ago)
        run(data, "send")
        (dead,) = lines_of(run(data, "dead", "--json").out)
        assert run(data, "retry").code == 2
        assert run(data, "retry", "nothing").code == 1
        assert run(data, "retry", dead["message"]).code == 0
        receiver.behave = lambda _nth: 200
        assert run(data, "send").code == 0
    assert len(receiver.taken) == 1


def test_a_watch_is_a_feed(data: Path, tmp_path: Path) -> None:
    set_up(data, "json://127.0.0.1:1")
    records = [fresh(n) for n in (1, 2)]
    write_records(data, records)
    rss = feedparser.parse(run(data, "feed", "all").out)
    assert rss.bozo == 0
    assert {entry.id for entry in rss.entries} == {one.id for one in records}
    out = tmp_path / "all.json"
    assert run(data, "feed", "all", "--format", "json", "--out", str(out)).code == 0
    told = json.loads(out.read_text())
    assert told["title"] == "Tumen: all"
    assert {item["id"] for item in told["items"]} == {one.id for one in records}


def test_what_is_wrong_is_told_before_anything_is_sent(data: Path) -> None:
    data.mkdir()
    missing = run(data, "list")
    assert (missing.code, "docs/reading.md" in missing.err) == (2, True)
    (data / "alerts.toml").write_text('[[watch]]\nname = "a"\non = "x"\n')
    wrong = run(data, "send")
    assert wrong.code == 2
    assert "alerts.toml, line 3: on: " in wrong.err
    assert tumen("watch", "--data", str(data)).code == 2
    (data / "alerts.toml").write_text("")
    assert "no watch" in run(data, "list").err
    assert "no target" in run(data, "test").err
    unknown = run(data, "feed", "b")
    assert (unknown.code, 'no watch "b"' in unknown.err) == (2, True)


def test_without_apprise_the_next_step_is_told(data: Path) -> None:
    set_up(data, "json://127.0.0.1:1")
    write_records(data, [fresh(1)])
    blocked = "import sys; sys.modules['apprise'] = None; from crawler.__main__ import main; main()"
    for name, code in (("test", 2), ("send", 1)):
        done = subprocess.run(
            [sys.executable, "-c", blocked, "alerts", name, "--data", str(data)],
            env=environment(), capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == code
        assert 'pip install "tumen[alerts]"' in done.stderr


def catalogue_of(folder: Path) -> Path:
    """A catalogue with one outlet, whose feed cannot be reached."""
    path = folder / "lost.toml"
    path.write_text(
        '[[outlet]]\nid = "lost"\nname = "Lost"\ncountry = "NO"\nlanguage = "en"\n'
        'kind = "national"\nscope = "world"\nhomepage = "http://127.0.0.1/"\n'
        'feeds = ["http://127.0.0.1:1/feed"]\n'
    )
    return path


def test_a_source_that_fails_is_told_once(tmp_path: Path, data: Path) -> None:
    lost = ("--outlets", str(catalogue_of(tmp_path)))
    with receiving() as receiver:
        set_up(data, receiver.url, '[[watch]]\nname = "health"\non = "health"\nlasting = "0s"\n')
        tumen("crawl", *lost, "--data", str(data))
        sent = run(data, "send", *lost)
        assert (sent.code, sent.err) == (0, "1 new alert, 1 message sent\n")
        assert run(data, "send", *lost).err == "0 new alerts, 0 messages sent\n"
    ((_name, said),) = receiver.taken
    assert str(said["title"]).startswith("health: lost")
    told = json.loads(run(data, "feed", "health", "--format", "json").out)
    assert "fails since" in told["items"][0]["summary"]


# Beside a watch -----------------------------------------------------------------------------------


def children_of(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task")
    return [
        int(name) for task in path.iterdir() for name in (task / "children").read_text().split()
    ]


def sender_of(pid: int) -> list[int]:
    return [
        child for child in children_of(pid)
        if b"--follow" in Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
    ]  # fmt: skip


def is_gone(pid: int) -> Callable[[], bool]:
    return lambda: not Path(f"/proc/{pid}").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_a_watch_sends_as_records_land_and_its_sender_ends_with_it(
    tmp_path: Path, data: Path
) -> None:
    with receiving() as receiver:
        set_up(data, receiver.url)
        watch_of = ("watch", "--outlets", str(catalogue_of(tmp_path)), "--data", str(data))
        with started(*watch_of) as first, started(*watch_of) as second:
            assert until(lambda: bool(sender_of(first.pid) and sender_of(second.pid)))
            write_records(data, [fresh(1)])
            assert until(lambda: len(receiver.taken) == 1)
            one, other = sender_of(first.pid)[0], sender_of(second.pid)[0]
            first.kill()
            assert until(is_gone(one))
            write_records(data, [fresh(2)])
            assert until(lambda: len(receiver.taken) == 2)
            began = time.monotonic()
            second.terminate()
            assert second.wait(30) == 0
            assert time.monotonic() - began < 30
            assert until(is_gone(other))
    assert len(receiver.taken) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_a_sender_that_died_is_started_again_and_a_wrong_file_changes_nothing(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.app.alert_following.RESTART_S", (0.1, 1.0))
    data.mkdir()
    with receiving() as receiver, following(Config(data_dir=data)):
        set_up(data, receiver.url)  # after the start: it is picked up
        assert until(lambda: bool(sender_of(os.getpid())))
        (first,) = sender_of(os.getpid())
        os.kill(first, signal.SIGKILL)
        assert until(lambda: sender_of(os.getpid()) not in ([], [first]))
        write_records(data, [fresh(1)])
        assert until(lambda: len(receiver.taken) == 1)
        (data / "alerts.toml").write_text("[[watch]]\n")
        write_records(data, [fresh(2)])
        assert until(lambda: len(receiver.taken) == 2)
    assert sender_of(os.getpid()) == []
