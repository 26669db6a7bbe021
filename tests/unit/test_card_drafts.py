"""Drafts of cards: whole and valid whatever is known, with a comment on every guess."""

from __future__ import annotations

import zoneinfo
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.news.card_drafts import Draft, country_of, draft_card
from crawler.news.catalogues import parse_catalogue
from crawler.news.outlets import Outlet

ZONES = zoneinfo.available_timezones()
QUAY = Draft(
    homepage="https://www.quaynews.co.kr/",
    name="Quay News",
    language="ko-KR",
    sources={"feeds": ["https://www.quaynews.co.kr/rss"], "sections": []},
)


def outlet_of(draft: Draft, *taken: str, **choices: str) -> Outlet:
    _, text = draft_card(draft, taken, choices)
    [outlet] = parse_catalogue(text, "draft", zones=ZONES)
    return outlet


def test_a_draft_has_what_was_told_and_guesses_the_rest() -> None:
    outlet = outlet_of(QUAY)
    assert (outlet.id, outlet.name, outlet.country) == ("quay-news", "Quay News", "KR")
    assert (outlet.language, outlet.timezone) == ("ko", "Asia/Seoul")
    assert (outlet.kind, outlet.scope) == ("national", "general")
    assert (outlet.feeds, outlet.sections) == (("https://www.quaynews.co.kr/rss",), ())


def test_what_was_guessed_is_said_on_its_line() -> None:
    _, text = draft_card(QUAY, ())
    remarked = [line.split(" = ")[0] for line in text.splitlines() if "  # " in line]
    assert remarked == ["id", "country", "kind", "scope", "timezone", "aliases"]
    _, text = draft_card(QUAY, (), {"kind": "wire", "scope": "asia", "country": "KR", "id": "q"})
    assert text.count("  # ") == 2


def test_choices_win() -> None:
    outlet = outlet_of(QUAY, country="JP", language="ja", kind="wire", scope="asia", id="q")
    assert (outlet.id, outlet.country, outlet.language) == ("q", "JP", "ja")
    assert (outlet.kind, outlet.scope, outlet.timezone) == ("wire", "asia", "Asia/Tokyo")


@pytest.mark.parametrize(
    ("name", "taken", "wanted"),
    [
        pytest.param("Le Quai d'Orée", (), "le-quai-doree", id="accents"),
        pytest.param("부두일보", (), "quaynews", id="no letter of ASCII"),
        pytest.param("Quay News", ("quay-news",), "quay-news-2", id="taken"),
        pytest.param("Quay News", ("quay-news", "quay-news-2"), "quay-news-3", id="taken twice"),
        pytest.param("24", (), "outlet-24", id="a number"),
        pytest.param("Quay " * 30, (), "quay-quay-quay-quay-quay-quay-quay-quay", id="long"),
    ],
)
def test_an_id_is_made_of_the_name(name: str, taken: tuple[str, ...], wanted: str) -> None:
    assert outlet_of(replace(QUAY, name=name), *taken).id == wanted


@pytest.mark.parametrize(
    ("host", "country"),
    [
        pytest.param("www.bbc.co.uk", "GB", id="the one that is no code"),
        pytest.param("tass.ru", "RU", id="a country"),
        pytest.param("xn--80aaxitdbjk.xn--p1ai", "RU", id="in its own script"),
        pytest.param("www.state.gov", "US", id="a government"),
        pytest.param("zona.media", "ZZ", id="a word"),
        pytest.param("thebell.io", "ZZ", id="a country that all the world uses"),
        pytest.param("127.0.0.1", "ZZ", id="an address"),
    ],
)
def test_the_ending_of_a_host_tells_its_country(host: str, country: str) -> None:
    assert country_of(host) == country


@settings(max_examples=150, deadline=None)
@given(
    name=st.none() | st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=60),
    language=st.none() | st.text(max_size=8),
    host=st.sampled_from(["a.example", "a.kp", "127.0.0.1:8080", "xn--p1ai.xn--p1ai", "b.co.uk"]),
    taken=st.lists(st.sampled_from(["a", "b", "outlet", "a-2"])),
)
def test_any_draft_is_a_valid_card(
    name: str | None, language: str | None, host: str, taken: list[str]
) -> None:
    draft = Draft(
        homepage=f"https://{host}/",
        name=name,
        language=language,
        sources={"feeds": [f"https://{host}/feed"]},
    )
    outlet = outlet_of(draft, *taken)
    assert outlet.id not in taken
