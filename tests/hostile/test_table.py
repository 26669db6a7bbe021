"""The table: one crawl over outlets that misbehave, each as its row says, and honest ones beside.

Whatever an outlet sends, the crawl goes on, every page has the fate that its row names, and the
pages beside it are stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.hostile.row import Row
from tests.hostile.rows_feed import ROWS as FEED_ROWS
from tests.hostile.rows_http import ROWS as HTTP_ROWS
from tests.hostile.rows_page import NETWORK_ROWS
from tests.hostile.rows_page import ROWS as PAGE_ROWS
from tests.hostile.trial import DRAIN_LIMIT_S, Trial, hold, honest
from tests.integration.crawls import tumen

ROWS = (*HTTP_ROWS, *FEED_ROWS, *PAGE_ROWS, *NETWORK_ROWS)
HONEST = tuple(honest(f"honest {at}") for at in range(3))
# What could steer a terminal, or forge a line: none of it reaches one. Line feeds end lines.
STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]")


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    with hold((*ROWS, *HONEST), tmp_path_factory.mktemp("hostile")) as held:
        yield held


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in ROWS])
def test_what_an_outlet_sends_has_the_fate_that_its_row_names(row: Row, trial: Trial) -> None:
    seen = trial.seen[row.id]
    got = {outcome.path: seen.fate_of(outcome.path) for outcome in row.outcomes}
    unlike = [
        (outcome, got[outcome.path])
        for outcome in row.outcomes
        if got[outcome.path][0] != outcome.fate or outcome.words not in got[outcome.path][1]
    ]
    assert unlike == []
    assert (seen.health == "working", row.trouble in seen.trouble) == (row.works, True), seen
    if row.check is not None:
        row.check(seen)


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in HONEST])
def test_honest_outlets_beside_them_are_stored_in_the_same_crawl(row: Row, trial: Trial) -> None:
    seen = trial.seen[row.id]
    assert [seen.fate_of(path)[0] for path in ("/1", "/2")] == ["stored", "stored"]


def test_nothing_that_was_shown_steers_a_terminal(trial: Trial) -> None:
    assert STEERING.findall(trial.shown) == []


def test_nothing_was_a_mistake_of_ours(trial: Trial) -> None:
    assert [line for line in trial.shown.splitlines() if '"event":"mistake"' in line] == []
    assert "Traceback" not in trial.shown


def test_the_crawl_ends_in_time_when_it_is_told_to(trial: Trial) -> None:
    assert trial.drain_s < DRAIN_LIMIT_S


def test_later_passes_end_by_themselves_and_tell_whether_something_failed(trial: Trial) -> None:
    assert trial.codes == [1, 0]  # in the second, a feed turned into a page


def test_nobody_was_led_to_a_private_server(trial: Trial) -> None:
    assert trial.canary == 0


def test_the_store_is_sound(trial: Trial) -> None:
    done = tumen("store", "verify", "--data", str(trial.data))
    assert done.code == 0, done.out + done.err
