"""The sample press keeps its word: what it announces, answers and logs is what it says it does."""

from __future__ import annotations

import calendar
import difflib
import gzip
import html
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import feedparser
import pytest
from protego import Protego

from crawler.app.press.articles import Expectation, SampleOutlet, load_outlets
from crawler.app.press.furniture import WORDS
from crawler.app.press.server import Press, open_press
from crawler.news.catalogues import parse_catalogue
from crawler.news.outlets import sources_of
from tests.integration.asking import base_of, get

OPENED_AT = datetime(2026, 11, 20, 2, 30, 12, 345, tzinfo=UTC)
OUTLETS = {outlet.id: outlet for outlet in load_outlets()}
TOPICS = (
    "summit arms troops exercises sanctions technology labour trade transport treaty diplomacy "
    "statement intelligence"
)


def announced_by(outlet: SampleOutlet, url: str) -> list[str]:
    """The article addresses in a source, read without any of our parsers."""
    body = get(url).body
    if outlet.announces in ("rss", "rdf", "atom"):
        return [entry.link for entry in feedparser.parse(body).entries]
    if outlet.announces == "json":
        return [item["url"] for item in json.loads(body)["items"]]
    if outlet.announces == "section":
        base = url.removesuffix(outlet.source_path)
        rows = re.findall(r'<li class="row"><a href="([^"]+)"', body.decode())
        return [base + html.unescape(row) for row in rows]
    found = re.findall(r"<loc>([^<]+)</loc>", body.decode())
    if outlet.announces == "sitemap-index":
        children = [gzip.decompress(get(child).body).decode() for child in found]
        found = [loc for child in children for loc in re.findall(r"<loc>([^<]+)</loc>", child)]
    return [html.unescape(loc) for loc in found]


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with open_press(opened_at=OPENED_AT) as press:
        yield press


@pytest.fixture
def fresh() -> Iterator[Press]:
    """A press of one's own, for tests that change it or read its log."""
    with open_press(opened_at=OPENED_AT) as press:
        yield press


def find(press: Press, outlet: str, reason: str) -> Expectation:
    [found] = [e for e in press.expect() if e.outlet == outlet and reason in e.reason]
    return found


def test_the_catalogue_is_valid_and_covers_every_kind_of_source(press: Press) -> None:
    outlets = parse_catalogue(press.catalogue, "press")
    assert {outlet.id for outlet in outlets} == set(OUTLETS)
    assert {outlet.language for outlet in outlets} == {"en", "ko", "ru", "uk", "ja", "zh-Hans"}
    sources = [source for outlet in outlets for source in sources_of(outlet)]
    assert {source.kind for source in sources} == {"feed", "sitemap", "section"}
    assert len(sources) == len(outlets) == 9
    shapes = {outlet.announces for outlet in OUTLETS.values()}
    assert len(shapes) == 7


def test_about_two_in_five_articles_are_to_be_kept_and_cover_every_topic(press: Press) -> None:
    expected = press.expect()
    kept = [e for e in expected if e.kept]
    assert 45 <= len(expected) <= 60
    assert 0.35 <= len(kept) / len(expected) <= 0.45
    assert {topic for e in kept for topic in e.topics} == set(TOPICS.split())
    assert all(e.reason for e in expected if not e.kept)


@pytest.mark.parametrize("outlet", OUTLETS.values(), ids=OUTLETS)
def test_a_source_announces_every_article_of_its_outlet(press: Press, outlet: SampleOutlet) -> None:
    announced = announced_by(outlet, base_of(press, outlet.id) + outlet.source_path)
    expected = [url for e in press.expect() if e.outlet == outlet.id for url in e.announced]
    assert sorted(announced) == sorted(expected)


@pytest.mark.parametrize("outlet", OUTLETS.values(), ids=OUTLETS)
def test_a_page_holds_its_article_whole_and_says_that_it_is_invented(
    press: Press, outlet: SampleOutlet
) -> None:
    for e in press.expect():
        if e.outlet != outlet.id or "404" in e.reason or "an error" in e.reason:
            continue
        got = get(e.url)
        page = html.unescape(got.body.decode(outlet.charset))
        places = [page.find(paragraph) for paragraph in e.text.split("\n")]
        assert got.status == 200
        assert -1 not in places
        assert places == sorted(places)
        assert e.title in page
        assert WORDS[outlet.language].notice in page


def test_every_announced_address_answers(press: Press) -> None:
    statuses = {url: get(url).status for e in press.expect() for url in e.announced}
    odd = {url: status for url, status in statuses.items() if status != 200}
    gone = find(press, "zaliv", "404").url
    moved = base_of(press, "obriy") + "/news/9122-komitet-sanktsii.html"
    assert odd == {gone: 404, moved: 301}


def test_a_moved_article_leads_to_its_new_address(press: Press) -> None:
    [moved] = [e for e in press.expect() if e.url not in e.announced[0]]
    got = get(moved.announced[0])
    assert got.status == 301
    assert base_of(press, "obriy") + got.headers["Location"] == moved.url
    assert get(moved.url).status == 200


def test_the_soft_error_answers_200_without_an_article(press: Press) -> None:
    error = find(press, "haijia", "holds an error")
    got = get(error.url)
    assert got.status == 200
    assert WORDS["zh-Hans"].not_found in got.body.decode()
    assert error.text.split("\n")[0] not in got.body.decode()


def test_an_amp_page_names_the_plain_one_as_canonical(press: Press) -> None:
    [amp] = [e for e in press.expect() if len(e.announced) == 2]
    page = get(amp.announced[1]).body.decode()
    assert f'<link rel="canonical" href="{amp.url}">' in page
    assert f'<link rel="amphtml" href="{amp.announced[1]}">' in get(amp.url).body.decode()


def test_robots_txt_forbids_what_the_expectation_says(press: Press) -> None:
    for outlet in OUTLETS:
        robots = Protego.parse(get(base_of(press, outlet) + "/robots.txt").body.decode())
        for e in press.expect():
            if e.outlet == outlet:
                is_allowed = all(robots.can_fetch(url, "Tumen/1") for url in e.announced)
                assert is_allowed == ("robots.txt" not in e.reason), e.url
        assert robots.crawl_delay("Tumen/1") == OUTLETS[outlet].crawl_delay


def test_a_copied_story_is_nearly_the_same_and_not_quite(press: Press) -> None:
    expected = {e.url: e for e in press.expect()}
    [copy] = [e for e in expected.values() if e.copy_of]
    original = expected[str(copy.copy_of)]
    likeness = difflib.SequenceMatcher(None, original.text, copy.text, autojunk=False).ratio()
    assert 0.9 < likeness < 1
    assert original.outlet != copy.outlet


def test_dates_count_back_from_the_opening(press: Press) -> None:
    feed = feedparser.parse(get(base_of(press, "solbat-ilbo") + "/feed.xml").body)
    dates = {e.announced[0]: e.published for e in press.expect() if e.outlet == "solbat-ilbo"}
    told = {
        entry.link: datetime.fromtimestamp(calendar.timegm(entry.published_parsed), UTC)
        for entry in feed.entries
    }
    assert told == dates
    assert max(dates.values()) == datetime(2026, 11, 19, 22, 30, tzinfo=UTC)


def test_a_bulletin_is_dated_by_the_day_of_its_own_zone(press: Press) -> None:
    bulletins = [e for e in press.expect() if e.precision == "day"]
    for e in bulletins:
        assert f"({e.published:%Y.%m.%d.})" in get(e.url).body.decode()
    # Ten hours before half past two in Greenwich it is the same day in Pyongyang.
    assert max(e.published for e in bulletins) == datetime(2026, 11, 20, tzinfo=UTC)


def test_older_articles_are_expected_when_they_are_asked_for(press: Press) -> None:
    older = {e.url for e in press.expect(timedelta(days=10)) if e.kept}
    recent = {e.url for e in press.expect() if e.kept}
    assert older - recent == {find(press, "tidewater-post", "older").url}


def test_two_openings_publish_the_same(press: Press, fresh: Press) -> None:
    for outlet, port in press.ports.items():
        mine, theirs = f"127.0.0.1:{port}".encode(), base_of(fresh, outlet)[7:].encode()
        for e, f in zip(press.expect(), fresh.expect(), strict=True):
            if e.outlet == outlet:
                one, other = get(e.url), get(f.url)
                assert one.body == other.body.replace(theirs, mine)
