"""The catalogue: every card is whole, and a wrong one is refused with line and fix."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.errors import ConfigError, OutletError
from crawler.news.catalogues import join_catalogues, parse_catalogue
from crawler.news.outlets import (
    Outlet,
    Source,
    all_sources_of,
    doubtful_sources_of,
    outlet_from,
    seen_to_answer,
    select,
    server_groups,
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


def test_hosts_of_one_server_share_a_group_and_others_have_none() -> None:
    told = 'same_server = "press"\nsections = ["http://127.0.0.1/list"]\n'
    [alone] = parse_catalogue(GOOD, "kr.toml")
    [grouped] = parse_catalogue(GOOD + told, "kr.toml")
    assert server_groups([alone]) == {}
    assert server_groups([grouped, alone]) == {"river.example": "press", "127.0.0.1": "press"}


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
blocks = ["eu", "script"]
text_source = "feed"
searches = ["https://river.example/find?q={query}"]
queries = ["북한 러시아"]
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
    assert (outlet.blocks, outlet.text_source) == (("eu", "script"), "feed")
    assert outlet.searches == ("https://river.example/find?q={query}",)
    assert outlet.queries == ("북한 러시아",)
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
        pytest.param(altered("country", 'country = "UK"'), 5, "mean GB?", id="no country's code"),
        pytest.param(altered("country", 'country = "kr"'), 5, "mean KR?", id="small letters"),
        pytest.param(altered("country", "country = 82"), 5, "not a number", id="country type"),
        pytest.param(altered("language", 'language = "xx"'), 6, "BCP 47", id="unknown language"),
        pytest.param(altered("language", 'language = "jp"'), 6, "mean ja?", id="a country's code"),
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
        pytest.param(
            altered("homepage", 'homepage = "http://a..b/"'), 9, "can be asked", id="no such host"
        ),
        pytest.param(
            GOOD + 'sitemaps = [\n{ url = "ftp://a/" }]',
            15,
            "not on the web",
            id="source in a table",
        ),
        pytest.param(
            GOOD + 'sitemaps = [\n{ url = "http://a/", confidence = "sure" }]',
            15,
            "none of high",
            id="confidence",
        ),
        pytest.param(
            GOOD + 'sitemaps = [{ confidence = "low" }]', 14, "write a source as", id="no address"
        ),
        pytest.param(
            GOOD + 'sitemaps = [{ url = "http://a/", since = 2 }]',
            14,
            "write a source as",
            id="unknown key of a source",
        ),
        pytest.param(GOOD + 'blocks = ["us"]', 14, "none of data-center", id="unknown block"),
        pytest.param(GOOD + 'text_source = "pages"', 14, "mean page?", id="text from nowhere"),
        pytest.param(
            altered("feeds", "sitemaps = [") + 'text_source = "feed"',
            14,
            "no feeds",
            id="text of no feed",
        ),
        pytest.param(
            GOOD + 'searches = ["http://a/?q={query}"]',
            14,
            "wants a list queries",
            id="nothing to search for",
        ),
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


DOUBTFUL = """\
sitemaps = [{ url = "https://river.example/s.xml", confidence = "medium" }]
sections = [
    { url = "https://river.example/list", confidence = "low" },
    { url = "https://river.example/more", confidence = "low" },
]
"""


def test_a_doubtful_source_is_on_its_card_and_is_not_polled() -> None:
    [outlet] = parse_catalogue(GOOD + DOUBTFUL, "kr.toml")
    polled = [(source.kind, source.confidence) for source in sources_of(outlet)]
    assert polled == [("feed", "high"), ("feed", "high"), ("sitemap", "medium")]
    assert [source.url for source in doubtful_sources_of(outlet)] == list(outlet.sections)
    assert all_sources_of(outlet) == (*sources_of(outlet), *doubtful_sources_of(outlet))


def test_a_source_that_was_seen_to_answer_is_polled_from_then_on() -> None:
    [outlet] = parse_catalogue(GOOD + DOUBTFUL, "kr.toml")
    first, second = doubtful_sources_of(outlet)
    proven = seen_to_answer(outlet, {first.id, "another/feed/00000000"})
    assert [source.url for source in sources_of(proven)][-1] == first.url
    assert doubtful_sources_of(proven) == (second,)


def test_a_card_comes_back_whole_from_json() -> None:
    [outlet] = parse_catalogue(GOOD + DOUBTFUL + "blocks = ['eu']", "kr.toml")
    assert outlet_from(json.loads(json.dumps(asdict(outlet)))) == outlet


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
        pytest.param(
            {"languages": ["ko"], "scopes": ["asia"]}, ["river-post", "hill-post"], id="what about"
        ),
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
        pytest.param({"languages": ["k"]}, 'unknown language "k"; did you mean ko', id="language"),
        pytest.param({"scopes": ["africa"]}, "unknown scope", id="scope"),
        pytest.param({"countries": ["JP"], "kinds": ["national"]}, "JP, national", id="no overlap"),
    ],
)
def test_a_selection_of_nothing_is_refused(asked: dict[str, list[str]], says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        select(OUTLETS, **asked)


def test_a_catalogue_with_nothing_enabled_selects_nothing() -> None:
    with pytest.raises(ConfigError, match="everything that is enabled"):
        select(OUTLETS[2:])
