"""A store that many ask for long: what is new is found, what was thrown away is asked no more."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest

from crawler.news.lines import Omission, journal_line
from crawler.news.queries import Query
from crawler.storage import index
from crawler.storage.left_out import Journal, LeftOut
from crawler.storage.overviews import activity, count_up_to, days_by_topic, widest_stories
from crawler.storage.shelf import Shelf, open_shelf
from tests.samples import NOON
from tests.stores import record, revised, titles, write_records

FIRST = record(1, "Bridge opens", outlet="halden-wire", topics=["transport", "trade"])
SECOND = record(2, "Grain talks", hours=30, outlet="ushio", topics=[])
CLOSED = record(3, "Closed to copies", hours=2, outlet="ushio", reuse=["noarchive"])
TODAY = NOON.date()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A store of three records."""
    write_records(tmp_path, [FIRST, SECOND, CLOSED])
    return tmp_path


@pytest.fixture
def shelf(data: Path) -> Iterator[Shelf]:
    """The store, open for its owner."""
    with open_shelf(data, is_for_others=False) as opened:
        yield opened


def found(shelf: Shelf) -> list[str]:
    """The headlines of all that is found, oldest first."""
    with shelf.look() as library:
        return titles(library.find(Query(order="oldest")))


def test_what_was_just_written_is_found_after_a_renewal(shelf: Shelf, data: Path) -> None:
    write_records(data, [record(9, "News", hours=40)])
    shelf.renew()
    assert found(shelf)[-1] == "News"


def test_an_index_that_was_thrown_away_is_asked_no_more(shelf: Shelf, data: Path) -> None:
    assert len(found(shelf)) == 3
    index.discard_safely(data)
    (data / "articles" / "2026-11-22.w1.jsonl").unlink()
    assert found(shelf) == ["Grain talks"]


def test_many_threads_ask_at_once(shelf: Shelf) -> None:
    with ThreadPoolExecutor(12) as threads:
        answers = list(threads.map(lambda _: len(found(shelf)), range(60)))
    assert answers == [3] * 60


def test_an_index_that_cannot_be_renewed_is_still_read(shelf: Shelf, data: Path) -> None:
    (data / index.LOCK).unlink()
    (data / index.LOCK).mkdir()
    shelf.renew()
    assert "cannot be written" in (shelf.trouble or "")
    assert len(found(shelf)) == 3


def test_others_find_nothing_that_must_not_leave(data: Path) -> None:
    with open_shelf(data, is_for_others=True) as opened, opened.look() as library:
        assert titles(library.find(Query(order="oldest"))) == ["Bridge opens", "Grain talks"]
        assert library.count(Query()) == 2
        assert library.hit(CLOSED.id) is None
        assert library.hit(FIRST.id) is not None
        assert activity(library, Query(), "2026-11-29", 2)["ushio"].records == 1
        assert sum(count for _day, _topic, count in days_by_topic(library, Query())) == 2


def test_records_and_revisions_are_found_by_id(shelf: Shelf, data: Path) -> None:
    write_records(data, [revised(FIRST, "It closes again.", hours=50)])
    shelf.renew()
    with shelf.look() as library:
        hit = library.hit(FIRST.id)
        assert hit is not None
        assert hit.revision == 2
        assert [said["revision"] for said in library.revisions(FIRST.id)] == [1, 2]
        assert library.revisions("0" * 32) == []
        assert library.ids_that_begin(FIRST.id[:8], 2) == [FIRST.id]


def test_a_period_is_counted_by_day_and_first_topic(shelf: Shelf) -> None:
    with shelf.look() as library:
        assert list(days_by_topic(library, Query(outlets=("halden-wire", "ushio")))) == [
            ("2026-11-22", "transport", 2),
            ("2026-11-23", "", 1),
        ]


def test_counting_ends_where_it_is_told_to(shelf: Shelf) -> None:
    with shelf.look() as library:
        assert [count_up_to(library, Query(), most) for most in (1, 3, 10)] == [1, 3, 3]


def test_the_widest_story_comes_first(data: Path) -> None:
    write_records(
        data, [record(n, "Bridge opens", outlet=f"paper-{n}", hours=n) for n in range(4, 8)]
    )
    with open_shelf(data, is_for_others=False) as opened, opened.look() as library:
        widest = widest_stories(library, Query(), 2)
        assert len(widest) == 2
        assert widest[0] == library.story_of(FIRST.id)


def test_an_outlet_is_counted_by_week(shelf: Shelf) -> None:
    with shelf.look() as library:
        told = activity(library, Query(), "2026-12-02", 3)
    assert told["halden-wire"].weeks == (0, 1, 0)
    assert told["ushio"].newest == SECOND.date_published


def omission(number: int, **changes: object) -> Omission:
    """A page that was left out by a hair."""
    said: dict[str, object] = {
        "url": f"https://harbor.example/out/{number}", "stage": "relevance", "at": NOON,
        "title": f"Left out {number}", "score": number / 100, "threshold": 0.5,
        "reasons": ("a weak word alone",), "ruleset": "test/1",
    }  # fmt: skip
    return Omission(**{**said, **changes})  # type: ignore[arg-type]


def write_journal(data: Path, omissions: list[Omission], day: date = TODAY) -> None:
    """Append lines to the journal of a day."""
    (data / "dropped").mkdir(exist_ok=True)
    with (data / "dropped" / f"{day}.w1.jsonl").open("ab") as held:
        held.writelines(map(journal_line, omissions))


def scores(pages: list[LeftOut]) -> list[float]:
    """The scores of pages, in their order."""
    return [page.score for page in pages]


def test_what_was_left_out_comes_nearest_first(tmp_path: Path) -> None:
    write_journal(tmp_path, [omission(n) for n in (3, 41, 7)])
    assert scores(Journal(tmp_path).nearest(TODAY, ())) == [0.41, 0.07, 0.03]


def test_lines_that_came_since_are_read_and_the_last_of_a_page_counts(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    write_journal(tmp_path, [omission(30), omission(20)])
    assert scores(journal.nearest(TODAY, ())) == [0.3, 0.2]
    later = NOON + timedelta(hours=1)
    write_journal(tmp_path, [omission(20, score=0.45, at=later), omission(30, stage="gone")])
    assert scores(journal.nearest(TODAY, ())) == [0.45]


def test_what_no_rule_left_out_or_was_judged_is_not_told(tmp_path: Path) -> None:
    write_journal(tmp_path, [omission(1, stage="age"), omission(2, score=None), omission(3)])
    journal = Journal(tmp_path)
    (page,) = journal.nearest(TODAY, ())
    assert journal.nearest(TODAY, {page.id}) == []
    assert journal.find(page.id) == page


def test_a_shorter_time_tells_less_and_forgets_nothing(tmp_path: Path) -> None:
    journal, week_ago = Journal(tmp_path), TODAY - timedelta(days=7)
    write_journal(tmp_path, [omission(5, at=NOON - timedelta(days=7))], week_ago)
    write_journal(tmp_path, [omission(4)])
    assert scores(journal.nearest(week_ago, ())) == [0.05, 0.04]
    assert scores(journal.nearest(TODAY, ())) == [0.04]
    assert scores(journal.nearest(week_ago, ())) == [0.05, 0.04]


def test_a_day_of_very_many_keeps_the_nearest(tmp_path: Path) -> None:
    write_journal(tmp_path, [omission(n, score=n / 10_000) for n in range(1, 5000)])
    found = Journal(tmp_path).nearest(TODAY, ())
    assert len(found) <= 800
    assert scores(found)[:3] == [0.4999, 0.4998, 0.4997]
