"""The catalogue: every card is whole, and a wrong one is refused with line and fix."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.errors import ConfigError, OutletError
from crawler.news.outlets import (
    Outlet,
    Source,
    join_catalogues,
    parse_catalogue,
    select,
    sources_of,
)

GOOD = """\
# a comment
[[outlet]]
id = "river-post"
name = "River Post"
country = "KR"
language = "ko"
kind = "national"
scope = "asia"
homepage = "https://river.example/"
feeds = [
    "https://river.example/a.xml",
    "https://river.example/b.xml",
]
"""
SECOND = GOOD.replace("river", "hill").replace("River", "Hill")


def altered(line: str, new: str) -> str:
    """GOOD with the line that begins so replaced (or taken out)."""
    assert line in GOOD
    lines = [new if old.startswith(line) else old for old in GOOD.split("\n")]
    return "\n".join(lines)


def test_a_card_of_the_required_keys_is_an_outlet() -> None:
    [outlet] = parse_catalogue(GOOD, "kr.toml")
    assert outlet == Outlet(
        id="river-post",
        name="River Post",
        country="KR",
        language="ko",
        kind="national",
        scope="asia",
        homepage="https://river.example/",
        feeds=("https://river.example/a.xml", "https://river.example/b.xml"),
        group="river-post",
    )


def test_every_key_reaches_the_outlet() -> None:
    text = (
        GOOD
        + """\
sitemaps = ["http://river.example:8080/s.xml"]
sections = ["http://127.0.0.1/list?a=1&b=2"]
timezone = "Asia/Seoul"
group = "river"
aliases = ["리버"]
delay = 3
charset = "euc-kr"
same_server = "river-press"
paywall = true
enabled = false
note = "two\\nlines"
evidence = "seen"
[outlet.selectors]
text = "div.body"
"""
    )
    [outlet] = parse_catalogue(text, "kr.toml", zones={"Asia/Seoul"})
    assert outlet.sitemaps == ("http://river.example:8080/s.xml",)
    assert outlet.sections == ("http://127.0.0.1/list?a=1&b=2",)
    assert outlet.timezone == "Asia/Seoul"
    assert outlet.group == "river"
    assert outlet.aliases == ("리버",)
    assert outlet.delay == 3
    assert outlet.charset == "euc-kr"
    assert outlet.selectors == {"text": "div.body"}
    assert outlet.same_server == "river-press"
    assert (outlet.paywall, outlet.enabled) == (True, False)
    assert (outlet.note, outlet.evidence) == ("two\nlines", "seen")


def test_an_empty_text_is_an_empty_catalogue() -> None:
    assert parse_catalogue("", "kr.toml") == ()


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        pytest.param("a = ", 1, "this is no TOML", id="broken TOML"),
        pytest.param("[[outlet]]\nid = 'a'\nid = 'b'\n", 3, "no TOML", id="a key twice"),
        pytest.param("\n[[outlet]]\nnote = '''a\n", 3, "no TOML", id="a text without end"),
        pytest.param('\n[outlet]\nid = "a"', 2, "in double brackets", id="single brackets"),
        pytest.param("outlet = 3", 1, "in double brackets", id="no table"),
        pytest.param('\n[[outlets]]\nid = "a"', 2, 'unknown key "outlets"', id="another table"),
        pytest.param(GOOD + "feed = []", 14, "did you mean feeds", id="unknown key"),
        pytest.param(GOOD + "zzz = 1", 14, 'unknown key "zzz"', id="unknown key, nothing near"),
        pytest.param(altered("id", ""), 2, "the card has no id", id="missing key"),
        pytest.param(GOOD[: GOOD.index("feeds")], 2, "has no source", id="no source"),
        pytest.param(altered("id", "id = 3"), 3, "not a number", id="wrong type"),
        pytest.param(altered("name", "name = 2026-01-01"), 4, "not a date", id="a date"),
        pytest.param(altered("name", "name = ' '"), 4, "the text is empty", id="blank"),
        pytest.param(altered("name", 'name = "\\u001b[31m"'), 4, "control characters", id="escape"),
        pytest.param(altered("id", 'id = "River_Post"'), 3, "not a slug", id="id with capitals"),
        pytest.param(altered("country", 'country = "Korea"'), 5, "two capitals", id="country"),
        pytest.param(altered("language", 'language = "xx"'), 6, "BCP 47", id="unknown language"),
        pytest.param(altered("language", 'language = "korean"'), 6, "BCP 47", id="language name"),
        pytest.param(altered("language", "language = 1"), 6, "not a number", id="language type"),
        pytest.param(altered("kind", 'kind = "wires"'), 7, "did you mean wire?", id="kind"),
        pytest.param(altered("kind", "kind = true"), 7, "not true or false", id="kind type"),
        pytest.param(altered("scope", 'scope = "moon"'), 8, "none of general", id="scope"),
        pytest.param(altered("homepage", 'homepage = "/"'), 9, "https://", id="no scheme"),
        pytest.param(altered("homepage", 'homepage = "ftp://a/"'), 9, "not on the web", id="ftp"),
        pytest.param(altered("homepage", 'homepage = "https:///a"'), 9, "no host", id="no host"),
        pytest.param(altered("homepage", 'homepage = "https://a b/"'), 9, "spaces", id="space"),
        pytest.param(altered("homepage", 'homepage = "http://[::1/"'), 9, "no URL", id="bracket"),
        pytest.param(altered("homepage", 'homepage = "http://a:b/"'), 9, "no URL", id="bad port"),
        pytest.param(altered("homepage", 'homepage = "http://u@a/"'), 9, "user name", id="user"),
        pytest.param(altered("homepage", "homepage = []"), 9, "not a list", id="list for text"),
        pytest.param(GOOD + 'sitemaps = "a"', 14, "write a list", id="text for list"),
        pytest.param(GOOD + 'sections = [\n"http://a/",\n"b"]', 16, '"b" is not', id="list entry"),
        pytest.param(GOOD + "sections = [\n1]", 14, "not a number", id="list entry type"),
        pytest.param(GOOD + "delay = -1", 14, "0 or more", id="negative delay"),
        pytest.param(GOOD + "delay = inf", 14, "0 or more", id="endless delay"),
        pytest.param(GOOD + 'delay = "5m"', 14, "a number of seconds", id="delay type"),
        pytest.param(GOOD + "delay = true", 14, "a number of seconds", id="delay switch"),
        pytest.param(GOOD + 'charset = "klingon"', 14, "no charset", id="charset"),
        pytest.param(GOOD + 'charset = "rot13"', 14, "no charset", id="codec of no text"),
        pytest.param(GOOD + "charset = 8", 14, "not a number", id="charset type"),
        pytest.param(GOOD + "paywall = 1", 14, "true or false", id="switch"),
        pytest.param(GOOD + "selectors = []\nnote = 'a'", 14, "write a table", id="selectors"),
        pytest.param(GOOD + "[outlet.selectors]\ntext = 1", 14, "not a number", id="selector type"),
        pytest.param(
            GOOD + "[outlet.selectors]\ntexts = 'p'", 14, "did you mean text", id="selected place"
        ),
        pytest.param(
            GOOD + "[outlet.selectors]\ntext = 'p['", 14, "no CSS selector", id="selector syntax"
        ),
        pytest.param(GOOD + 'timezone = "KST"', 14, "Asia/Seoul", id="zone shape"),
        pytest.param(GOOD + 'timezone = "Asia/Soul"', 14, "mean Asia/Seoul", id="unknown zone"),
        pytest.param(GOOD + SECOND.replace("KR", "k"), 18, "two capitals", id="second card"),
        pytest.param(GOOD + GOOD, 16, "id of its own", id="id twice"),
        pytest.param(
            GOOD + GOOD.replace("-post", "-b"), 24, "list a source once", id="source twice"
        ),
        pytest.param(GOOD + "sections = ['https://river.example/a.xml']", 14, "once", id="as both"),
        pytest.param("outlet = [{id = 1}]", 1, "not a number", id="inline table"),
        pytest.param("outlet = [3]", 1, "in double brackets", id="inline numbers"),
    ],
)
def test_a_wrong_card_is_refused_with_its_line_and_the_fix(text: str, line: int, says: str) -> None:
    with pytest.raises(OutletError) as refused:
        parse_catalogue(text, "kr.toml", zones={"Asia/Seoul", "Asia/Tokyo"})
    assert refused.value.line == line
    assert says in refused.value.problem
    assert refused.value.origin == "kr.toml"


@settings(max_examples=100, deadline=None)
@given(
    at=st.integers(0, len(GOOD)),
    cut=st.integers(0, 20),
    put=st.text(alphabet="\n[]\"'=#,. a1é\u2028{}", max_size=6),
)
def test_a_damaged_catalogue_is_refused_with_a_line_of_its_own(at: int, cut: int, put: str) -> None:
    text = GOOD[:at] + put + GOOD[at + cut :]
    line = 1
    try:
        parse_catalogue(text, "kr.toml")
    except OutletError as error:
        line = error.line
    assert 1 <= line <= text.count("\n") + 1


def test_a_zone_is_judged_by_shape_where_no_zones_are_known() -> None:
    [outlet] = parse_catalogue(GOOD + 'timezone = "Asia/Soul"', "kr.toml")
    assert outlet.timezone == "Asia/Soul"


def test_a_disabled_card_needs_no_source() -> None:
    text = GOOD[: GOOD.index("feeds")] + "enabled = false"
    assert parse_catalogue(text, "kr.toml")[0].feeds == ()


def test_an_id_of_two_files_is_refused_and_both_places_are_named() -> None:
    with pytest.raises(OutletError, match=r"b\.toml, line 3: .*stands in a\.toml, line 3"):
        join_catalogues((GOOD, "a.toml"), (GOOD, "b.toml"))


def test_files_are_joined_in_order() -> None:
    outlets = join_catalogues((SECOND, "b.toml"), (GOOD, "a.toml"))
    assert [outlet.id for outlet in outlets] == ["hill-post", "river-post"]


def test_a_source_is_known_by_outlet_kind_and_address() -> None:
    [outlet] = parse_catalogue(GOOD + 'sections = ["https://river.example/list"]', "kr.toml")
    assert sources_of(outlet)[0] == Source(
        id="river-post/feed/1a775ed2",
        outlet="river-post",
        kind="feed",
        url="https://river.example/a.xml",
    )
    assert [source.kind for source in sources_of(outlet)] == ["feed", "feed", "section"]
    assert len({source.id for source in sources_of(outlet)}) == 3


OUTLETS = join_catalogues(
    (GOOD, "a"),
    (SECOND.replace('"KR"', '"JP"').replace("national", "wire"), "b"),
    (GOOD.replace("river", "lake") + "enabled = false", "c"),
)


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        pytest.param({}, ["river-post", "hill-post"], id="all that is enabled"),
        pytest.param({"only": ["lake-post"]}, ["lake-post"], id="a disabled one, by name"),
        pytest.param({"countries": ["kr"]}, ["river-post"], id="country in small letters"),
        pytest.param({"kinds": ["wire", "national"]}, ["river-post", "hill-post"], id="kinds"),
        pytest.param({"countries": ["JP"], "kinds": ["wire"]}, ["hill-post"], id="both"),
    ],
)
def test_outlets_are_selected(asked: dict[str, list[str]], ids: list[str]) -> None:
    assert [outlet.id for outlet in select(OUTLETS, **asked)] == ids


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        pytest.param({"only": ["river-pos"]}, "did you mean river-post", id="outlet"),
        pytest.param({"only": ["x"]}, "outlets list", id="outlet, nothing near"),
        pytest.param({"countries": ["XX"]}, 'unknown country "XX"', id="country"),
        pytest.param({"kinds": ["wires"]}, "did you mean wire", id="kind"),
        pytest.param({"countries": ["JP"], "kinds": ["national"]}, "JP, national", id="no overlap"),
    ],
)
def test_a_selection_of_nothing_is_refused(asked: dict[str, list[str]], says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        select(OUTLETS, **asked)


def test_a_catalogue_with_nothing_enabled_selects_nothing() -> None:
    with pytest.raises(ConfigError, match="everything that is enabled"):
        select(OUTLETS[2:])
