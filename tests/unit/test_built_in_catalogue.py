"""The built-in catalogue: what every card tells, and whom a watch must not miss."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import pytest

from crawler.news.cards import KINDS, SCOPES
from crawler.news.outlets import (
    Outlet,
    Source,
    all_sources_of,
    doubtful_sources_of,
    sources_of,
)
from crawler.news.urls import canonical_url
from crawler.storage.catalogue import load_catalogue

# An id is in every record of its outlet: a line may be added to this file, none taken away.
IDS = Path(__file__).with_name("outlet_ids.txt")
CATALOGUE: dict[str, Outlet] = {outlet.id: outlet for outlet in load_catalogue()}
LANGUAGES = {"en", "ru", "ko", "ja", "uk", "zh-Hans", "zh-Hant", "de", "fr"}

# Who has to be watched, by what they are good for.
WANTED = {
    "densest on the DPRK": "yonhap-en yonhap-ko daily-nk-ko daily-nk-en tongilnews voa-ko rfa-ko"
    " nk-news 38north beyond-parallel",
    "the DPRK's own": "kcna kcna-ko kcna-ru rodong vok mfa-kp kcna-watch",
    "Primorye and the crossing": "vl-ru primamedia deita aif-vladivostok rbc-vladivostok"
    " vostok-today eastrussia astv ysia",
    "official Russia": "kremlin mid-ru government-ru tvzvezda",
    "Ukraine on DPRK soldiers": "hur armyinform militarnyi-en militarnyi-uk suspilne ukrpravda-uk"
    " united24",
    "shipping and sanctions": "maritime-executive gcaptain ofac un-press unsc-whats-in-blue",
    "most cited in timelines": "reuters tass-en tass-ru nyt ap voa-en korea-times nk-pro",
    "wires and press of Russia": "interfax-ru ria kommersant izvestia rbc vedomosti lenta rg",
    "ministries of the South": "mou-kr mofa-kr mnd-kr korea-policy",
    "press of the neighbors": "nhk kyodo-en asahi yomiuri xinhua-en global-times people-zh",
}


def test_every_id_is_there_and_none_was_taken_back() -> None:
    assert sorted(CATALOGUE) == IDS.read_text(encoding="utf-8").split()


def test_there_are_250_outlets_in_nine_languages_of_every_kind_and_scope() -> None:
    assert len(CATALOGUE) >= 250
    assert {outlet.language for outlet in CATALOGUE.values()} == LANGUAGES
    assert {outlet.kind for outlet in CATALOGUE.values()} == set(KINDS)
    assert {outlet.scope for outlet in CATALOGUE.values()} == set(SCOPES)


@pytest.mark.parametrize("ids", WANTED.values(), ids=WANTED.keys())
def test_those_that_matter_most_are_in_and_tell_where_they_announce(ids: str) -> None:
    silent = [name for name in ids.split() if not all_sources_of(CATALOGUE[name])]
    assert silent == []


@pytest.mark.parametrize("outlet", CATALOGUE.values(), ids=CATALOGUE.keys())
def test_a_card_tells_its_zone_its_names_and_why_it_is_trusted(outlet: Outlet) -> None:
    assert outlet.timezone
    assert outlet.aliases
    assert len(set(outlet.aliases)) == len(outlet.aliases)
    assert outlet.evidence
    assert all_sources_of(outlet) or outlet.searches


def test_a_name_stands_for_one_house_only() -> None:
    houses: dict[str, set[str]] = defaultdict(set)
    for outlet in CATALOGUE.values():
        for name in (outlet.name, *outlet.aliases):
            houses[name.casefold()].add(outlet.group)
    assert {name: found for name, found in houses.items() if len(found) > 1} == {}


# Names of outlets, ministries or channels that are also said of many others, or of nobody.
COMMON_WORDS = {
    "агентство", "взгляд", "звезда", "настоящее время", "экономист", "верстка", "нв",
    "외교부", "국방부", "중앙", "外務省", "外交部", "国防部", "世界", "economist", "the drive",
    "russian government", "foreign ministry", "defense ministry", "phoenix", "reuters.com",
}  # fmt: skip


def test_no_name_is_a_common_word() -> None:
    names = {
        name.casefold() for outlet in CATALOGUE.values() for name in (outlet.name, *outlet.aliases)
    }
    assert names & COMMON_WORDS == set()


def test_a_group_has_several_editions_or_is_its_only_outlet() -> None:
    sizes = Counter(outlet.group for outlet in CATALOGUE.values())
    alone = {group for group, size in sizes.items() if size == 1 and group not in CATALOGUE}
    assert alone == {"rferl"}  # a house of which one edition is watched so far


def test_no_source_is_another_one_in_other_dress() -> None:
    sources: dict[str, list[Source]] = defaultdict(list)
    for outlet in CATALOGUE.values():
        for source in all_sources_of(outlet):
            sources[canonical_url(source.url).partition("://")[2].rstrip("/")].append(source)
    assert [found for found in sources.values() if len(found) > 1] == []


def test_what_nobody_has_shown_is_marked_and_not_polled() -> None:
    doubtful = [source for outlet in CATALOGUE.values() for source in doubtful_sources_of(outlet)]
    polled = [source for outlet in CATALOGUE.values() for source in sources_of(outlet)]
    assert {source.outlet for source in doubtful} >= {"mfa-kp", "spnews", "ofac", "yonhap-ru"}
    assert "https://kcna.kp/en/rss" in {source.url for source in doubtful}
    assert not {source.id for source in doubtful} & {source.id for source in polled}
    assert len(polled) >= 300


def test_what_a_person_has_to_decide_is_off() -> None:
    off = {outlet.id for outlet in CATALOGUE.values() if not outlet.enabled}
    previews = {outlet.id for outlet in CATALOGUE.values() if "//t.me/" in outlet.homepage}
    searches = {outlet.id for outlet in CATALOGUE.values() if outlet.searches}
    assert searches == {"gdelt", "bing-news"}
    assert len(previews) == 5
    assert off == previews | searches | {"uriminzokkiri"}


def test_outlets_that_need_a_longer_pause_have_it_on_their_cards() -> None:
    delays = {name: outlet.delay for name, outlet in CATALOGUE.items() if outlet.delay}
    assert {name: delays[name] for name in ("kcna", "kcna-ko", "scmp", "people-zh")} == {
        "kcna": 5,
        "kcna-ko": 5,
        "scmp": 10,
        "people-zh": 120,
    }


def test_text_comes_from_the_feed_where_it_is_whole_and_pages_are_shut() -> None:
    taken = [name for name, outlet in CATALOGUE.items() if outlet.text_source == "feed"]
    assert taken == ["38north"]
    assert "data-center" in CATALOGUE["38north"].blocks
