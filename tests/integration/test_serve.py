"""`tumen serve` as a browser, a feed reader and a program meet it, on a store of odd records."""

from __future__ import annotations

import base64
import json
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import feedparser
import pytest
from jsonschema import Draft202012Validator
from lxml import html

from crawler.news.lines import Omission, journal_line
from tests.integration.crawls import tumen
from tests.stores import cited, record, revised, write_records
from tests.web_client import DEAD_REDIS, Answer, Server, serving

SCHEMA_FILE = Path(__file__).parents[2] / "crawler/app/web/static/api.schema.json"
SCHEMA = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
PASSWORD = "correct horse battery"
LATE_WORDS = "the ninth paragraph names the quay"
LONG = "A sentence of the beginning that goes on for a while. " * 20 + LATE_WORDS
HOSTILE_TITLE = "</title><script>alert(1)</script><img src=x onerror=alert(2)> \"' \u202eevil"

BRIDGE = record(1, "Road bridge over the Tumen River opens to trucks", LONG, outlet="halden-wire")
KOREAN = record(
    2, "두만강 북러 자동차 다리 개통", hours=1, outlet="solbat-ilbo", language="ko", country="KR",
    cites=[cited("Halden Wire", "halden-wire")],
)  # fmt: skip
HOSTILE = record(
    3, HOSTILE_TITLE, "<script>alert(3)</script> stands in the text.", hours=2, outlet="zaliv",
    authors=["<b>A</b>"], cites=[cited('"><svg onload=alert(4)>')],
)  # fmt: skip
BARE = record(
    4, "Grain talks", hours=3, outlet="ushio", published=None, language=None, country=None,
    publisher=None, authors=[], topics=[], date_precision=None, free_access=None,
    text_status="cut", archive=None,
)  # fmt: skip
EDITED = record(5, "Ferry resumes", "It sails at noon. It is full.", hours=4, outlet="obriy")
EDIT = revised(EDITED, "It sails at one. It is full.", hours=5, title="Ferry resumes late")
GONE = record(6, "Withdrawn note", hours=6, outlet="haijia", language="zh")
GOING = revised(GONE, GONE.text, hours=7, cause="gone")
CLOSED = record(7, "Closed to copies", "Nobody may copy this.", hours=8, reuse=["noarchive"])
ALL = [BRIDGE, KOREAN, HOSTILE, BARE, EDITED, EDIT, GONE, GOING, CLOSED]

PAGES = {
    "overview": "/",
    "overview of a year": "/?days=365",
    "latest": "/latest",
    "latest of a topic": "/latest?topic=transport",
    "second page": "/latest?page=2",
    "search form": "/search",
    "search": "/search?q=bridge",
    "search in Korean": "/search?q=%EB%8B%A4%EB%A6%AC",
    "search by conditions": "/search?since=2026-11&country=KR&language=ko&unseen=1&order=oldest",
    "search for nothing": "/search?q=nosuchword",
    "timeline": "/timeline",
    "outlets": "/outlets",
    "all outlets": "/outlets?show=all",
    "outlet of the catalogue": "/outlets/arirang",
    "outlet of the store": "/outlets/zaliv",
    "review": "/review",
    "review of a month": "/review?days=30",
    **{f"article {one.title[:12]!r}": f"/articles/{one.id}" for one in (*ALL[:5], GONE, CLOSED)},
    "story": f"/stories/{BRIDGE.id}",
}
FEEDS = (
    "latest", "search", "timeline", "outlets", "review", f"stories/{BRIDGE.id}", "outlets/zaliv",
    "watches/bridges", "watches/stories", "watches/sources",
)  # fmt: skip
WATCHES = """
[targets]
inbox = "json://127.0.0.1:9/"

[[watch]]
name = "bridges"
search = "bridge"
to = ["inbox"]

[[watch]]
name = "stories"
on = "story"
to = ["inbox"]

[[watch]]
name = "sources"
on = "health"
to = ["inbox"]
"""
API = {
    "/api/records": "records",
    "/api/records?q=bridge&page=1": "records",
    "/api/stories": "stories",
    f"/api/stories/{BRIDGE.id}": "story",
    "/api/stats": "stats",
    "/api/outlets": "outlets",
    "/api/review": "review",
    "/api/health": "health",
    **{f"/api/records/{one.id}": "whole_record" for one in (BRIDGE, HOSTILE, BARE, EDIT, GOING)},
}


def write_store(data: Path) -> None:
    """The odd records, and pages that were left out by a hair just now."""
    from datetime import UTC, datetime

    write_records(data, ALL)
    now = datetime.now(UTC).replace(microsecond=0)
    (data / "dropped").mkdir()
    (data / "alerts.toml").write_text(WATCHES, encoding="utf-8")
    with (data / "dropped" / f"{now:%Y-%m-%d}.w1.jsonl").open("wb") as held:
        for number in range(3):
            held.write(
                journal_line(
                    Omission(
                        url=f"https://halden-wire.example/out/{number}", stage="relevance", at=now,
                        title=HOSTILE_TITLE if number == 0 else f"Left out {number}", score=0.4,
                        threshold=0.5, reasons=("+1.2 one party alone",), ruleset="test/1",
                        summary="How it begins.", language="en", outlet="halden-wire",
                    )
                )
            )  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of odd records that no test writes to."""
    data = tmp_path_factory.mktemp("serve") / "data"
    write_store(data)
    return data


@pytest.fixture(scope="module")
def server(store: Path) -> Iterator[Server]:
    """A server for this machine alone."""
    with serving(store) as started:
        yield started


@pytest.fixture(scope="module")
def shared_server(store: Path) -> Iterator[Server]:
    """A server that others can reach, with a password; Redis is away."""
    with serving(
        store, "--host", "0.0.0.0", TUMEN_SERVE_PASSWORD=PASSWORD, TUMEN_REDIS_URL=DEAD_REDIS,
        TUMEN_SERVE_HOSTS="tumen.example",
    ) as started:  # fmt: skip
        yield started


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """A server whose store a test may write to."""
    write_store(tmp_path / "data")
    with serving(tmp_path / "data", TUMEN_REDIS_URL=DEAD_REDIS) as started:
        yield started


def basic(password: str) -> dict[str, str]:
    """The header by which a browser gives a password."""
    return {"Authorization": "Basic " + base64.b64encode(f"any:{password}".encode()).decode()}


def asked(server: Server, path: str) -> Answer:
    """A path of the shared server, with the password."""
    return server.ask(path, headers=basic(PASSWORD))


def assert_harmless(answer: Answer) -> None:
    """Nothing in a page acts: no script but ours, no handler, no style, no odd link."""
    page = html.document_fromstring(answer.body)
    assert [one.get("src") for one in page.iter("script")] == ["/static/tumen.js"]
    for element in page.iter():
        for name, value in element.attrib.items():
            assert not name.startswith("on"), (element.tag, name)
            assert name != "style", element.tag
            if name in ("href", "src", "action") and not value.startswith(("/", "#", "?")):
                assert value.startswith("https://"), value
    assert "\u202e" not in answer.text


@pytest.mark.parametrize("path", [pytest.param(path, id=name) for name, path in PAGES.items()])
def test_every_page_answers_and_nothing_in_it_acts(server: Server, path: str) -> None:
    answer = server.ask(path)
    assert answer.status == 200, answer.text[:500]
    assert_harmless(answer)


@pytest.mark.parametrize("path", ["/", "/nothing-here", "/feeds/latest.rss", "/api/records",
                                  "/static/tumen.css", "/search?since=foo"])  # fmt: skip
def test_every_answer_has_the_headers_of_the_guard(server: Server, path: str) -> None:
    headers = server.ask(path).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_hostile_titles_stay_text(server: Server) -> None:
    page = html.document_fromstring(server.ask(f"/articles/{HOSTILE.id}").body)
    (headline,) = page.iter("h1")
    assert headline.text_content().startswith("</title><script>alert(1)</script>")
    assert "stands in the text" in page.text_content()


def test_a_page_says_in_which_language_a_title_is(server: Server) -> None:
    page = html.document_fromstring(server.ask("/latest").body)
    tongues = {link.text_content(): link.get("lang") for link in page.cssselect(".title a")}
    assert tongues[KOREAN.title] == "ko"


def test_an_article_shows_why_it_is_here_and_what_changed(server: Server) -> None:
    text = html.document_fromstring(server.ask(f"/articles/{EDIT.id}").body).text_content()
    for words in ("both parties in the title", "Ferry resumes late", "It sails at noon.",
                  "It sails at one.", "Revision 2"):  # fmt: skip
        assert words in text


def test_the_beginning_of_an_id_leads_to_the_record(server: Server) -> None:
    answer = server.ask(f"/articles/{BRIDGE.id[:10]}")
    assert (answer.status, answer.headers["location"]) == (303, f"/articles/{BRIDGE.id}")


@pytest.mark.parametrize("name", FEEDS)
def test_every_view_is_a_feed_that_readers_take(server: Server, name: str) -> None:
    parsed = feedparser.parse(server.ask(f"/feeds/{name}.rss").body)
    assert not parsed.bozo, parsed.get("bozo_exception")
    told = server.ask(f"/feeds/{name}.json")
    assert told.headers["content-type"].startswith("application/feed+json")
    assert told.json["version"] == "https://jsonfeed.org/version/1.1"
    assert [item["id"] for item in told.json["items"]] == [entry.id for entry in parsed.entries]


@pytest.mark.parametrize("path", ["/latest?topic=transport", "/search?q=bridge", "/timeline",
                                  "/review", "/outlets", "/outlets/zaliv",
                                  f"/articles/{BRIDGE.id}", f"/stories/{BRIDGE.id}"])  # fmt: skip
def test_a_page_names_its_feeds(server: Server, path: str) -> None:
    page = html.document_fromstring(server.ask(path).body)
    for link in page.cssselect('link[rel="alternate"]'):
        assert server.ask(link.get("href")).status == 200
    assert len(page.cssselect('link[rel="alternate"]')) == 2


def test_a_feed_carries_excerpts_and_nothing_that_asks_for_no_copies(server: Server) -> None:
    told = server.ask("/feeds/latest.json")
    assert {item["id"] for item in told.json["items"]} == {one.id for one in ALL} - {CLOSED.id}
    assert LATE_WORDS not in told.text


def test_a_watch_is_a_feed_that_the_overview_names(server: Server) -> None:
    told = server.ask("/feeds/watches/bridges.json").json
    assert [item["id"] for item in told["items"]] == [BRIDGE.id]
    page = html.document_fromstring(server.ask("/").body)
    named = {link.get("href") for link in page.cssselect(".watches a")}
    names = ("bridges", "stories", "sources")
    assert named == {f"/feeds/watches/{name}.{form}" for name in names for form in ("rss", "json")}
    assert "sources failing 1h" in page.cssselect(".watches")[0].text_content()


def test_a_watch_that_is_not_there_and_a_file_that_is_wrong_are_told(tmp_path: Path) -> None:
    write_store(tmp_path / "data")
    with serving(tmp_path / "data", TUMEN_REDIS_URL=DEAD_REDIS) as started:
        answer = started.ask("/feeds/watches/nobody.rss")
        assert (answer.status, "bridges, stories, sources" in answer.text) == (404, True)
    (tmp_path / "data" / "alerts.toml").write_text("[[watch]]\n", encoding="utf-8")
    with serving(tmp_path / "data", TUMEN_REDIS_URL=DEAD_REDIS) as started:
        answer = started.ask("/feeds/watches/bridges.rss")
        assert (answer.status, "the watch has no name" in answer.text) == (503, True)
        shown = started.ask("/")
        assert (shown.status, "the watch has no name" in shown.text) == (200, True)


@pytest.mark.parametrize("path", API)
@pytest.mark.parametrize("who", ["owner", "others"])
def test_the_api_answers_as_its_schema_says(
    server: Server, shared_server: Server, path: str, who: str
) -> None:
    answer = server.ask(path) if who == "owner" else asked(shared_server, path)
    assert answer.status == 200, answer.text
    validate(answer, API[path])


def validate(answer: Answer, name: str) -> None:
    """The answer fits a definition of the schema."""
    Draft202012Validator({**SCHEMA, "$ref": f"#/$defs/{name}"}).validate(answer.json)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_the_docs_name_every_address_of_the_api() -> None:
    page = (Path(__file__).parents[2] / "docs/api.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(/api/\w+(?:/ID)?)` \| `(\w+)` \|", page, re.MULTILINE))
    assert rows == {re.sub(r"/[0-9a-f]{32}$", "/ID", path.partition("?")[0]): name
                    for path, name in API.items()}  # fmt: skip


ODD_QUESTIONS: dict[str, tuple[str, int, str]] = {
    "a time that means nothing": ("/search?since=whenever", 400, "expected a day"),
    "a topic nobody knows": ("/latest?topic=sports", 400, "expected one of"),
    "an order nobody knows": ("/latest?order=upwards", 400, "expected one of"),
    "no word at all": ("/search?q=%22%22%20%21", 400, "holds no word"),
    "a page far away": ("/latest?page=99999999999999999999", 400, "expected a number"),
    "a page that is no number": ("/latest?page=²", 400, "expected a number"),
    "a very long question": ("/search?q=" + "a" * 500, 400, "at most 400"),
    "too many conditions": ("/search?" + "topic=arms&" * 40, 400, "at most 30"),
    "a period nobody offers": ("/?days=7000000", 400, "expected one of"),
    "a record that is not there": (f"/articles/{'0' * 32}", 404, "no such record"),
    "an id that is none": ("/articles/..%2f..%2fetc", 404, ""),
    "a story that is not there": (f"/stories/{'0' * 32}", 404, "no such story"),
    "an outlet that is not there": ("/outlets/nobody", 404, "No outlet"),
    "an address that is not there": ("/wp-login.php", 404, "No page has the address"),
    "a feed that is not there": ("/feeds/nothing.rss", 404, "no feed of that name"),
    "a feed of another kind": ("/feeds/latest.atom", 404, "ends with .rss or .json"),
    "a file outside": ("/static/..%2fapplication.py", 404, ""),
}


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [pytest.param(*row, id=name) for name, row in ODD_QUESTIONS.items()],
)
def test_an_odd_question_gets_a_readable_answer(
    server: Server, path: str, status: int, words: str
) -> None:
    answer = server.ask(path.replace("²", "%C2%B2"))
    assert answer.status == status
    assert words in html.document_fromstring(answer.body).text_content()
    assert "Traceback" not in answer.text
    assert_harmless(answer)


def test_an_error_of_the_api_fits_the_schema_too(server: Server) -> None:
    for path in ("/api/records?since=whenever", f"/api/records/{'0' * 32}", "/api/nothing"):
        answer = server.ask(path)
        assert answer.status in (400, 404)
        validate(answer, "error")


@pytest.mark.parametrize(
    ("host", "status"),
    [
        pytest.param("127.0.0.1:8765", 200, id="an address"),
        pytest.param("[::1]:8765", 200, id="an address of six"),
        pytest.param("localhost:1", 200, id="localhost"),
        pytest.param("rebound.example:8765", 400, id="a name that somebody points here"),
        pytest.param("127.0.0.1.example", 400, id="a name that looks like an address"),
        pytest.param("", 400, id="none"),
    ],
)
def test_a_name_that_is_not_ours_is_refused(server: Server, host: str, status: int) -> None:
    answer = server.ask("/latest", headers={"Host": host})
    assert answer.status == status
    assert (BRIDGE.title in answer.text) == (status == 200)


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via"])
def test_a_server_for_one_machine_does_not_serve_a_proxy(server: Server, header: str) -> None:
    answer = server.ask("/latest", headers={header: "198.51.100.7"})
    assert answer.status == 403
    assert "TUMEN_SERVE_PASSWORD" in answer.text


def test_who_gives_it_a_name_needs_a_password(store: Path) -> None:
    done = tumen("serve", "--data", str(store), "--port", "0", TUMEN_SERVE_HOSTS="tumen.example")
    assert done.code == 2
    assert "TUMEN_SERVE_PASSWORD" in done.err


def test_behind_a_proxy_forms_of_its_name_are_taken(tmp_path: Path) -> None:
    write_store(tmp_path / "data")
    page, login = f"/articles/{BRIDGE.id}", basic(PASSWORD)
    settings = {"TUMEN_SERVE_HOSTS": "tumen.example", "TUMEN_SERVE_PASSWORD": PASSWORD}
    with serving(tmp_path / "data", **settings) as started:
        shown = started.ask(page, headers=login)
        assert LATE_WORDS not in shown.text
        found = re.search(r'name="token" value="([0-9a-f]+)"', shown.text)
        assert found
        cookie = shown.headers["set-cookie"].partition(";")[0]
        for origin, status in (("https://tumen.example", 303), ("https://evil.example", 403)):
            sent = {**login, "Cookie": cookie, "Origin": origin, "X-Forwarded-For": "198.51.100.7"}
            form = {"token": found[1], "what": "seen"}
            assert started.ask(f"{page}/marks", form=form, headers=sent).status == status


def test_a_name_that_the_owner_set_is_ours(shared_server: Server) -> None:
    answer = shared_server.ask("/", headers={"Host": "tumen.example", **basic(PASSWORD)})
    assert answer.status == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({}, 401, id="none"),
        pytest.param(basic("wrong password"), 401, id="a wrong one"),
        pytest.param({"Authorization": "Basic ???"}, 401, id="what is none"),
        pytest.param(basic(PASSWORD), 200, id="the right one"),
        pytest.param({"Authorization": f"Bearer {PASSWORD}"}, 200, id="as a token"),
    ],
)
@pytest.mark.parametrize("path", ["/", "/api/records", "/feeds/latest.rss", "/static/tumen.css"])
def test_beyond_loopback_a_password_is_asked_for(
    shared_server: Server, path: str, headers: dict[str, str], status: int
) -> None:
    answer = shared_server.ask(path, headers=headers)
    assert answer.status == status
    assert ("www-authenticate" in answer.headers) == (status == 401)


def test_whether_it_is_up_may_be_asked_by_anybody(shared_server: Server) -> None:
    assert shared_server.ask("/health").text == "ok\n"


def test_it_does_not_start_beyond_loopback_without_a_password(store: Path) -> None:
    done = tumen("serve", "--data", str(store), "--host", "0.0.0.0", "--port", "0")
    assert done.code == 2
    assert "TUMEN_SERVE_PASSWORD" in done.err
    assert "Traceback" not in done.err


def test_a_password_can_come_from_a_file(store: Path, tmp_path: Path) -> None:
    (tmp_path / "password").write_text(f"{PASSWORD}\n", encoding="utf-8")
    with serving(store, TUMEN_SERVE_PASSWORD_FILE=str(tmp_path / "password")) as started:
        assert started.ask("/").status == 401
        assert asked(started, "/").status == 200


@pytest.mark.parametrize("path", [*PAGES.values(), *API, *(f"/feeds/{name}.rss" for name in FEEDS)])
def test_beyond_loopback_only_what_may_leave_is_shown(shared_server: Server, path: str) -> None:
    answer = asked(shared_server, path)
    closed = CLOSED.id in path
    assert answer.status == (404 if closed else 200)
    for words in (CLOSED.title, CLOSED.text, LATE_WORDS, "It sails at noon"):
        assert words not in answer.text, words


def test_beyond_loopback_whole_texts_are_shown_when_the_setting_says_so(store: Path) -> None:
    settings = {"TUMEN_SERVE_PASSWORD": PASSWORD, "TUMEN_FULL_TEXT": "on"}
    with serving(store, "--host", "0.0.0.0", **settings) as started:
        assert LATE_WORDS in asked(started, f"/articles/{BRIDGE.id}").text
        assert asked(started, f"/articles/{CLOSED.id}").status == 404


def test_a_form_is_taken_only_with_the_token_of_its_page(own_server: Server) -> None:
    path, page = f"/articles/{BRIDGE.id}/marks", f"/articles/{BRIDGE.id}"
    cookie = own_server.ask(page).headers["set-cookie"].partition(";")[0]
    form = {"what": "used", "token": "0" * 64}
    for headers in ({}, {"Cookie": cookie}, {"Cookie": "tumen=forged"}):
        assert own_server.ask(path, form=form, headers=headers).status == 403
        assert own_server.ask(path, form={"what": "used"}, headers=headers).status == 403
    assert 'aria-pressed="true"' not in own_server.ask(page).text
    assert own_server.post(path, page, what="used").status == 303
    assert 'aria-pressed="true"' in own_server.ask(page).text


def test_a_form_that_another_site_sends_is_refused(own_server: Server) -> None:
    page = f"/articles/{BRIDGE.id}"
    shown = own_server.ask(page)
    found = re.search(r'name="token" value="([0-9a-f]+)"', shown.text)
    assert found
    headers = {
        "Cookie": shown.headers["set-cookie"].partition(";")[0],
        "Origin": "https://evil.example",
    }
    form = {"token": found[1], "what": "used"}
    assert own_server.ask(f"{page}/marks", form=form, headers=headers).status == 403


def test_the_cookie_is_kept_from_scripts_and_other_sites(own_server: Server) -> None:
    cookie = own_server.ask("/").headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_marks_are_the_same_as_those_of_the_command(own_server: Server, tmp_path: Path) -> None:
    page = f"/articles/{BRIDGE.id}"
    assert own_server.post(f"{page}/marks", page, what="note", words="<i>ask</i>").status == 303
    assert own_server.post(f"{page}/marks", page, what="event", words="20 Nov 2026").status == 303
    said = json.loads(tumen("show", BRIDGE.id, "--data", str(tmp_path / "data")).out)["marks"]
    assert (said["note"], said["event_day"]) == ("<i>ask</i>", "2026-11-20")
    shown = own_server.ask(page)
    assert "&lt;i&gt;ask&lt;/i&gt;" in shown.text
    assert own_server.post(f"{page}/marks", page, what="event", words="someday").status == 400
    assert own_server.post(f"{page}/marks", page, what="note", words="").status == 303
    assert own_server.ask(f"/api/records/{BRIDGE.id}").json["note"] is None


def test_a_verdict_hides_a_record_until_it_is_taken_back(own_server: Server) -> None:
    page = f"/articles/{BRIDGE.id}"
    assert own_server.post(f"{page}/verdict", page, verdict="no").status == 303
    assert BRIDGE.title not in own_server.ask("/latest").text
    assert "You said that this is not about the two parties" in own_server.ask(page).text
    assert f'<a href="{page}">' in own_server.ask("/review").text
    assert own_server.post(f"{page}/verdict", page, verdict="yes").status == 303
    assert BRIDGE.title in own_server.ask("/latest").text


def test_a_verdict_takes_a_page_from_the_review_queue(own_server: Server) -> None:
    waiting = own_server.ask("/api/review").json["items"]
    assert len(waiting) == 3
    path = f"/articles/{waiting[0]['id']}/verdict"
    assert own_server.post(path, "/review", verdict="no").status == 303
    left = own_server.ask("/api/review").json["items"]
    assert [one["id"] for one in left] == [one["id"] for one in waiting[1:]]
    said = own_server.ask("/review").text.partition('id="judged"')[2]
    assert (waiting[0]["url"] in said, "/articles/" in said) == (True, False)  # it is not stored


def test_a_yes_is_kept_and_explained_when_redis_is_away(own_server: Server) -> None:
    wanted = own_server.ask("/api/review").json["items"][0]["id"]
    answer = own_server.post(f"/articles/{wanted}/verdict", "/review", verdict="yes")
    assert answer.status == 200
    assert f"tumen judge {wanted[:12]} yes" in answer.text


def test_what_is_too_much_or_no_form_is_refused(own_server: Server) -> None:
    page = f"/articles/{BRIDGE.id}"
    assert own_server.post(f"{page}/marks", page, what="note", words="a" * 20_000).status == 413
    odd = own_server.ask(f"{page}/marks", form={}, headers={"Content-Type": "application/json"})
    assert odd.status == 415


def test_new_records_appear_and_forgotten_ones_go(own_server: Server, tmp_path: Path) -> None:
    data = tmp_path / "data"
    new = record(99, "News of the hour", hours=9, outlet="ushio")
    write_records(data, [new])
    seen = any(new.title in own_server.ask("/latest").text for _ in range(200))
    assert seen
    done = tumen("store", "forget", BRIDGE.id, "--data", str(data), "--yes")
    assert done.code == 0, done.err
    gone = any(own_server.ask(f"/articles/{BRIDGE.id}").status == 404 for _ in range(2000))
    assert gone
    assert BRIDGE.title not in own_server.ask("/search?q=bridge").text


def test_redis_that_is_away_is_said_and_hinders_nothing(shared_server: Server) -> None:
    told = asked(shared_server, "/api/health").json
    assert "does not serve" in told["redis"]
    assert "The health of sources is not known" in asked(shared_server, "/outlets").text


def test_an_empty_store_has_pages_too(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with serving(tmp_path / "data") as started:
        lists = ["/", "/latest", "/search?q=bridge", "/timeline", "/outlets", "/review",
                 "/feeds/latest.rss", "/api/records", "/api/stats"]  # fmt: skip
        assert [started.ask(path).status for path in lists] == [200] * len(lists)


def test_sigterm_ends_it(store: Path) -> None:
    with serving(store) as started:
        started.process.send_signal(signal.SIGTERM)
        assert started.process.wait(timeout=20) == 0
        assert "Traceback" not in started.process.stderr.read()


def test_a_port_that_is_taken_is_said(server: Server, store: Path) -> None:
    port = server.url.rstrip("/").rpartition(":")[2]
    done = tumen("serve", "--data", str(store), "--port", port)
    assert done.code == 4
    assert "--port" in done.err
    assert "Traceback" not in done.err


def test_the_command_imports_the_server_only_when_it_serves() -> None:
    import subprocess
    import sys

    check = (
        "import sys, crawler.app.cli, crawler.app.serving; "
        "print(sorted({'starlette', 'jinja2', 'uvicorn', 'scrapy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
