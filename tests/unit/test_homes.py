"""Whose a page is, told by the home pages of a catalogue."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crawler.news.outlets import homes_of, outlet_of
from tests.samples import OUTLET

HOMES = {
    "agency-en": "https://en.agency.example/",
    "agency-ko": "https://www.agency.example/",
    "world-ru": "https://www.world.example/ru",
    "world-zh": "https://www.world.example/zh/",
    "station": "https://station.example/news",
    "channel-a": "https://t.example/s/a",
    "channel-b": "https://t.example/s/b",
}
OUTLETS = [replace(OUTLET, id=name, homepage=home) for name, home in HOMES.items()]


@pytest.mark.parametrize(
    ("url", "owner"),
    [
        pytest.param("https://en.agency.example/view/1", "agency-en", id="the same host"),
        pytest.param("https://agency.example/view/1", "agency-ko", id="without www"),
        pytest.param("https://m.agency.example/view/1", "agency-ko", id="the same site"),
        pytest.param("https://www.world.example/zh/a-1", "world-zh", id="an edition by its path"),
        pytest.param("https://www.world.example/en/a-1", None, id="an edition without a card"),
        pytest.param("https://station.example/2026/1", "station", id="the only one of its host"),
        pytest.param("https://t.example/s/c/12", None, id="a stranger on a shared host"),
        pytest.param("https://nobody.example/1", None, id="nobody"),
    ],
)
def test_a_page_belongs_to_whose_home_it_is_in(url: str, owner: str | None) -> None:
    found = homes_of(OUTLETS).owner_of(url)
    assert (found and found.id) == owner
    assert outlet_of(OUTLETS, url) == found
