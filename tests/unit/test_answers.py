"""What an HTTP status means: one table for pages, sources and robots.txt."""

from __future__ import annotations

import pytest

from crawler.news.answers import meaning_of, words_for


@pytest.mark.parametrize(
    ("status", "meaning"),
    [
        pytest.param(200, "ok", id="found"),
        pytest.param(204, "ok", id="empty"),
        pytest.param(301, "moved", id="moved for good"),
        pytest.param(302, "moved", id="moved for now"),
        pytest.param(303, "moved", id="see other"),
        pytest.param(307, "moved", id="moved for now, same method"),
        pytest.param(308, "moved", id="moved for good, same method"),
        pytest.param(304, "unchanged", id="not modified"),
        pytest.param(404, "gone", id="not found"),
        pytest.param(410, "gone", id="gone"),
        pytest.param(451, "gone", id="withheld"),
        pytest.param(401, "refused", id="login"),
        pytest.param(403, "refused", id="forbidden"),
        pytest.param(406, "refused", id="not acceptable"),
        pytest.param(429, "throttled", id="too many"),
        pytest.param(503, "throttled", id="unavailable"),
        pytest.param(408, "server-error", id="request timed out"),
        pytest.param(500, "server-error", id="server error"),
        pytest.param(599, "server-error", id="unknown server error"),
        pytest.param(400, "odd", id="bad request"),
        pytest.param(300, "odd", id="multiple choices"),
        pytest.param(103, "odd", id="early hints"),
    ],
)
def test_a_status_has_one_meaning(status: int, meaning: str) -> None:
    assert meaning_of(status) == meaning


def test_a_status_is_told_in_words() -> None:
    assert words_for(403) == "HTTP 403 (forbidden)"


def test_an_unknown_status_is_told_by_its_number() -> None:
    assert words_for(599) == "HTTP 599"
