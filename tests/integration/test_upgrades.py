"""Compacted days work as before; a store or Redis of another version is mended or refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from redis import Redis

from crawler.storage import connection, recovery
from crawler.storage.connection import key
from crawler.storage.frontier import Frontier
from crawler.storage.recovery import know_each_other
from crawler.storage.store import iter_records, open_slot
from tests.integration.crawls import lines_of, records_of, tumen, urls_of
from tests.integration.frontiers import with_frontier
from tests.samples import DAY, make_omission
from tests.slots import write

URL = "https://harbor.example/news/2"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A store of an old day, written by a worker that is gone."""
    folder = tmp_path / "data"
    slot = open_slot(folder)
    write(slot, 1, 2, 3)
    slot.drop(make_omission(7), DAY)
    slot.sync()
    slot.close()
    return folder


def compact(data: Path, redis_url: str) -> None:
    done = tumen("store", "compact", "--older-than", "2d", *where(data, redis_url), "--json")
    assert done.code == 0, done.err
    assert [row["file"] for row in lines_of(done.out)] == [
        f"articles/{DAY}.jsonl.zst",
        f"dropped/{DAY}.jsonl.zst",
    ]


def where(data: Path, redis_url: str) -> tuple[str, ...]:
    return ("--data", str(data), "--redis", redis_url)


def test_every_command_reads_a_compacted_day(data: Path, redis_url: str) -> None:
    before = records_of(data)
    compact(data, redis_url)
    assert records_of(data) == before
    shown = tumen("show", URL, "--data", str(data))
    assert json.loads(shown.out)["url"] == URL
    assert tumen("store", "verify", "--lines", "--data", str(data)).code == 0
    (status,) = lines_of(tumen("status", "--json", *where(data, redis_url)).out)
    assert status["store"] == {"records": 3, "left_out": 1}
    assert tumen("store", "repair", "--data", str(data)).code == 0
    again = tumen("store", "compact", "--older-than", "2d", *where(data, redis_url))
    assert (again.code, again.err) == (0, "0 packed files\n")


def test_a_lost_redis_is_taught_from_compacted_days(data: Path, redis_url: str) -> None:
    compact(data, redis_url)
    with Redis.from_url(redis_url) as client:
        client.flushall()
    taught = tumen("store", "reindex", *where(data, redis_url))
    assert taught.err.startswith("taught: 3 records")

    async def known(frontier: Frontier) -> list[bool]:
        return await frontier.unseen([URL, "https://harbor.example/news/99"])

    assert with_frontier(redis_url, known) == [False, True]


def test_a_record_is_forgotten_out_of_a_compacted_day(data: Path, redis_url: str) -> None:
    compact(data, redis_url)
    done = tumen("store", "forget", URL, "--yes", *where(data, redis_url))
    assert (done.code, done.err.splitlines()[-1]) == (0, "forgotten")
    assert URL not in urls_of(data)
    assert tumen("store", "verify", "--lines", "--data", str(data)).code == 0


def test_days_that_workers_may_still_write_to_are_never_compacted(data: Path) -> None:
    done = tumen("store", "compact", "--older-than", "1d", "--data", str(data))
    assert done.code == 2
    assert "--older-than 1d: expected a duration of at least 2d" in done.err


@pytest.mark.parametrize("command", [("status",), ("dead", "list"), ("crawl",), ("healthcheck",)])
def test_a_redis_of_a_newer_tumen_is_refused_with_the_way_out(
    data: Path, redis_url: str, command: tuple[str, ...]
) -> None:
    with Redis.from_url(redis_url) as client:
        client.set(key("version"), connection.VERSION + 1)
    done = tumen(*command, *where(data, redis_url))
    assert done.code == 2
    assert "was written by a newer Tumen" in done.err
    assert "give this one an empty Redis" in done.err


def test_a_store_of_a_newer_tumen_is_refused_with_the_way_out(data: Path, redis_url: str) -> None:
    identity = json.loads((data / "store.json").read_text())
    (data / "store.json").write_text(json.dumps(identity | {"schema_version": 9}))
    done = tumen("crawl", *where(data, redis_url))
    assert done.code == 2
    assert "install the newer Tumen that wrote this store" in done.err


def test_a_redis_from_before_versions_is_taken_as_the_first(data: Path, redis_url: str) -> None:
    async def meet(frontier: Frontier) -> object:
        await know_each_other(data, frontier, ())
        await frontier.redis.ask("DEL", key("version"))
        await frontier.redis.ask("SET", key("mark"), "kept")
        await know_each_other(data, frontier, ())
        return await frontier.redis.ask("GET", key("mark"))

    assert with_frontier(redis_url, meet) == "kept"


def test_a_redis_of_an_older_version_is_taught_anew_and_nothing_is_stored_twice(
    data: Path, redis_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def meet(frontier: Frontier) -> None:
        await know_each_other(data, frontier, ())
        await frontier.redis.ask("SET", key("of-old"), "1")

    async def meet_as_newer(frontier: Frontier) -> tuple[object, object, list[str]]:
        await know_each_other(data, frontier, ())
        left = await frontier.redis.ask("EXISTS", key("of-old"))
        version = await frontier.redis.ask("GET", key("version"))
        lines = [(said["id"], said["revision"]) for _place, said in iter_records(data)]
        return left, version, list(await frontier.adopt(lines, "w1"))

    with_frontier(redis_url, meet)
    for module in (connection, recovery):
        monkeypatch.setattr(module, "VERSION", 2)
    told = with_frontier(redis_url, meet_as_newer)
    assert told == (0, "2", ["counted"] * 3)
    assert "taught anew from the store" in caplog.text
