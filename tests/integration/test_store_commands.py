"""`tumen show` and `tumen store`: what is shown, mended, forgotten, and taught to another Redis."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from redis import Redis

from crawler.storage import embedded, tombstones
from crawler.storage.connection import PREFIX
from tests.integration.crawls import Outcome, journal_of, lines_of, records_of, started, tumen
from tests.integration.outlet_server import ABOUT_BOTH, OutletServer, article, outlet_server, rss
from tests.samples import make_line

TITLES = {
    "/news/freight-office": "Russia and North Korea open a freight office",
    "/news/rail-timetable": "Pyongyang and Moscow agree on a timetable for trains",
}
LIMIT_S = 60.0


def until(is_so: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + LIMIT_S
    while not is_so():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@dataclass(slots=True)
class Place:
    """An outlet whose two articles have been stored, and where."""

    outlet: OutletServer
    catalogue: Path
    data: Path

    def tumen(self, *args: str, stdin: str | None = None) -> Outcome:
        return tumen(*args, "--data", str(self.data), stdin=stdin)

    def crawl(self, *more: str) -> Outcome:
        return self.tumen("crawl", "--outlets", str(self.catalogue), *more)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """A watch that has the slot of the crawl before it, as one sees by its first poll."""
        with embedded.hold(self.data) as held, Redis.from_url(held.url) as client:
            for job in client.zrange(f"{PREFIX}later", 0, -1):
                client.zadd(f"{PREFIX}later", {job: 1})
        asked = len(self.outlet.asked)
        where = ("--outlets", str(self.catalogue), "--data", str(self.data))
        with started("watch", *where) as watch:
            assert until(lambda: len(self.outlet.asked) > asked)
            yield
            watch.terminate()
            watch.wait(timeout=30)

    def titles(self) -> list[str]:
        return sorted(record["title"] for record in records_of(self.data))

    def everything(self) -> bytes:
        """All bytes of the data folder but those of the embedded Redis."""
        files = (path for path in self.data.rglob("*") if "redis" not in path.parts)
        return b"".join(path.read_bytes() for path in files if path.is_file())


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with outlet_server() as outlet:
        outlet.pages = {"/feed.xml": rss(outlet.base, *TITLES.items())}
        outlet.pages |= {path: article(title, *ABOUT_BOTH) for path, title in TITLES.items()}
        catalogue = tmp_path / "outlets.toml"
        catalogue.write_text(outlet.card(), encoding="utf-8")
        served = Place(outlet, catalogue, tmp_path / "data")
        shown = served.crawl()
        assert served.titles() == sorted(TITLES.values()), shown.err
        yield served


def test_a_record_is_shown_by_its_id_its_beginning_and_its_address(place: Place) -> None:
    record = records_of(place.data)[0]
    for words in (record["id"], record["id"][:8], record["url"], record["url"] + "#top"):
        shown = json.loads(place.tumen("show", words).out)
        # Its story is the one that is known today.
        assert shown == {**record, "story_id": shown["story_id"]}, words


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        pytest.param("0" * 32, 1, "there is no record", id="no such id"),
        pytest.param("https://a.example/none", 1, "there is no record", id="no such address"),
        pytest.param("ferry", 2, "neither a record's id", id="words"),
    ],
)
def test_what_is_not_there_is_said(place: Place, words: str, code: int, said: str) -> None:
    shown = place.tumen("show", words)
    assert (shown.code, shown.out) == (code, "")
    assert said in shown.err


def test_the_archived_response_comes_back_byte_by_byte(place: Place) -> None:
    record = records_of(place.data)[0]
    shown = place.tumen("show", record["id"], "--archived")
    path = record["url"].removeprefix(place.outlet.base)
    assert shown.out.encode() == place.outlet.pages[path].body
    assert "HTTP 200" in shown.err


def test_evidence_that_does_not_fit_its_record_is_found(place: Place) -> None:
    (archive,) = (place.data / "archive").glob("*.warc.gz")
    content = bytearray(archive.read_bytes())
    content[records_of(place.data)[0]["archive"]["offset"] + 300] ^= 0xFF
    archive.write_bytes(content)
    shown = place.tumen("store", "verify", "--json")
    assert shown.code == 1
    assert {problem["kind"] for problem in lines_of(shown.out)} == {"evidence"}
    assert place.tumen("store", "verify", "--lines").code == 0


def test_repair_takes_out_what_is_broken_or_stands_twice_and_keeps_it(place: Place) -> None:
    (articles,) = (place.data / "articles").glob("*.jsonl")
    whole = articles.read_bytes()
    first = whole.splitlines(keepends=True)[0]
    articles.write_bytes(b"{broken\n" + whole + first + make_line(1)[:50])
    assert place.tumen("store", "verify").code == 1
    shown = place.tumen("store", "repair")
    assert shown.code == 0, shown.err
    assert whole == articles.read_bytes()
    kept = sorted(path.read_bytes() for path in (place.data / "quarantine").iterdir())
    assert kept == sorted([b"{broken\n", first])
    assert place.tumen("store", "verify").code == 0
    assert "0 things mended" in place.tumen("store", "repair").err


def test_repair_leaves_the_files_of_a_running_worker_to_it(place: Place) -> None:
    (articles,) = (place.data / "articles").glob("*.jsonl")
    with place.watched():
        with articles.open("ab") as held:
            held.write(articles.read_bytes().splitlines(keepends=True)[0])
        shown = place.tumen("store", "repair")
        assert (shown.code, "its worker is running" in shown.out) == (1, True)
    assert place.tumen("store", "repair").code == 0
    assert place.titles() == sorted(TITLES.values())


def test_a_forgotten_record_is_gone_everywhere_and_does_not_come_back(place: Place) -> None:
    record = next(r for r in records_of(place.data) if "freight" in r["title"])
    shown = place.tumen("store", "forget", record["url"], "--yes")
    assert (shown.code, shown.err.splitlines()[-1]) == (0, "forgotten"), shown.err
    assert place.titles() == ["Pyongyang and Moscow agree on a timetable for trains"]
    # Bodies lie compressed in the archive, so it is asked for them by their address.
    found = place.tumen("show", record["id"], "--archived")
    assert found.code == 1
    assert b"freight-office" not in place.everything()
    for redis in ("kept", "lost"):
        if redis == "lost":
            with embedded.hold(place.data) as held, Redis.from_url(held.url) as client:
                client.flushall()
        asked = place.outlet.asked.count("/news/freight-office")
        place.crawl()
        assert place.outlet.asked.count("/news/freight-office") == asked, redis
        assert len(place.titles()) == 1, redis
    assert place.tumen("store", "verify").code == 0


def test_a_person_who_adds_a_forgotten_page_is_told(place: Place) -> None:
    record = records_of(place.data)[0]
    place.tumen("store", "forget", record["id"], "--yes")
    shown = place.tumen("add", record["url"], "--outlets", str(place.catalogue))
    assert "it was forgotten on request" in shown.err
    assert len(place.titles()) == 1


def test_nothing_is_forgotten_without_a_yes(place: Place) -> None:
    record = records_of(place.data)[0]
    shown = place.tumen("store", "forget", record["id"], stdin="n\n")
    assert shown.code == 130
    assert len(place.titles()) == 2
    assert tombstones.read(place.data) == []


def test_a_running_worker_cuts_what_is_forgotten(place: Place) -> None:
    record = records_of(place.data)[0]
    with place.watched():
        shown = place.tumen("store", "forget", record["id"], "--yes")
        assert (shown.code, len(place.titles())) == (0, 1), shown.err
    assert place.tumen("store", "verify").code == 0


def test_records_that_a_backup_brings_back_are_cut_by_repair(place: Place) -> None:
    (articles,) = (place.data / "articles").glob("*.jsonl")
    backup = articles.read_bytes()
    place.tumen("store", "forget", records_of(place.data)[0]["id"], "--yes")
    articles.write_bytes(backup)
    shown = place.tumen("store", "verify", "--lines", "--json")
    assert [problem["kind"] for problem in lines_of(shown.out)] == ["forgotten"]
    assert place.tumen("store", "repair").code == 0
    assert len(place.titles()) == 1


def test_an_emptied_store_is_filled_again_although_its_redis_remembers(place: Place) -> None:
    for folder in ("articles", "dropped", "archive"):
        for path in (place.data / folder).glob("*"):
            path.unlink()
    shown = place.crawl()
    assert "the store is empty, but Redis remembers" in shown.err
    assert place.titles() == sorted(TITLES.values())


def test_another_store_in_the_folder_of_an_embedded_redis_begins_anew(place: Place) -> None:
    for path in [*(place.data / "articles").glob("*"), place.data / "store.json"]:
        path.unlink()
    shown = place.crawl()
    assert "a store that was in this folder before" in shown.err
    assert place.titles() == sorted(TITLES.values())


def test_the_redis_of_another_store_is_refused_until_it_is_taken_over(
    place: Place, redis_url: str, tmp_path: Path
) -> None:
    options = ("--outlets", str(place.catalogue), "--redis", redis_url)
    place.crawl("--redis", redis_url)
    other = str(tmp_path / "other")
    refused = tumen("crawl", *options, "--data", other)
    assert (refused.code, "--take-over" in refused.err) == (2, True)
    taken = tumen("store", "reindex", "--take-over", "--data", other, "--redis", redis_url)
    assert taken.code == 0, taken.err
    assert tumen("crawl", *options, "--data", other).code == 0
    assert len(records_of(Path(other))) == 2
    assert place.crawl("--redis", redis_url).code == 2


def test_a_lost_redis_is_taught_and_it_is_said_what_was_recovered(place: Place) -> None:
    left_out = len(journal_of(place.data))
    with embedded.hold(place.data) as held, Redis.from_url(held.url) as client:
        client.flushall()
    shown = place.crawl()
    assert "Redis knew nothing of this store; taught: 2 records" in shown.err
    assert "announced anew by the sources" in shown.err
    assert (place.titles(), len(journal_of(place.data))) == (sorted(TITLES.values()), left_out)
