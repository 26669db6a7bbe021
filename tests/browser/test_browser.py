"""The page in a real browser: both themes, two sizes, links, search, keyboard, accessibility.

Needs Chromium and Playwright (make browser-test says how); skips with one line without them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from bench.browser import SIZES, THEMES, browser, served, why_not, widest_story
from bench.sample_store import HOSTILE, write_store

RECORDS = 2000
# Of the thousands of links of the store so many are followed, those of every page first.
LINKS_MOST = 150

if missing := why_not():
    pytest.skip(f"the page is not opened in a browser: {missing}", allow_module_level=True)

VIEWS = (
    "/", "/?days=365", "/latest", "/latest?topic=arms&unseen=1", "/search", "/search?q=북한",
    "/search?q=bridge&since=2020&language=en", "/search?since=whenever", "/timeline", "/outlets",
    "/outlets?show=all", "/outlets/solbat-ilbo", "/outlets/arirang", "/review", "/no-such-page",
    "STORY", "ARTICLE", "HOSTILE", "CHANGED",
)  # fmt: skip


@dataclass(slots=True)
class Watched:
    """A page, and all that went wrong in it."""

    page: Any
    base: str
    faults: list[str] = field(default_factory=list)

    def open(self, path: str) -> Any:
        """Go to a path of the server; what the browser complains of is kept."""
        return self.page.goto(self.base + path)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with two thousand records and a watch."""
    data = tmp_path_factory.mktemp("browser") / "data"
    write_store(data, RECORDS, 75, datetime.now(UTC))
    (data / "alerts.toml").write_text('[[watch]]\nname = "new-stories"\non = "story"\nto = []\n')
    with served(data) as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """The browser."""
    with browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def paths(base: str, chromium: Any) -> dict[str, str]:
    """Where the pages lie whose address is not known before."""
    page = chromium.new_page()
    story, article = widest_story(page, base)
    odd = page.request.get(f"{base}/api/records?q=script+alert+evil").json()["items"][0]["id"]
    changed = page.request.get(f"{base}/api/records?q=%22sentence+was+added%22").json()["items"]
    page.close()
    return {
        "STORY": story,
        "ARTICLE": article,
        "HOSTILE": f"/articles/{odd}",
        "CHANGED": f"/articles/{changed[0]['id']}",
    }


def watch(context: Any, base: str) -> Watched:
    """A new page whose console, requests and answers are watched."""
    watched = Watched(context.new_page(), base)

    def on_request(request: Any) -> None:
        if urlsplit(request.url).netloc != urlsplit(base).netloc:
            watched.faults.append(f"asks another host: {request.url}")

    def on_console(message: Any) -> None:
        # The browser's own word on a page that is rightly an error.
        is_status = message.text.startswith("Failed to load resource: the server responded")
        if message.type in ("error", "warning") and not is_status:
            watched.faults.append(f"console: {message.text}")

    watched.page.on("request", on_request)
    watched.page.on("console", on_console)
    watched.page.on("pageerror", lambda error: watched.faults.append(f"script: {error}"))
    watched.page.on("dialog", lambda dialog: watched.faults.append(f"dialog: {dialog.message}"))
    return watched


@pytest.fixture
def desk(chromium: Any, base: str) -> Iterator[Watched]:
    """A page at a desk; whatever went wrong in it fails the test."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    watched = watch(context, base)
    yield watched
    context.close()
    assert watched.faults == []


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("view", VIEWS)
def test_every_page_is_sound_in_both_themes_and_sizes(
    chromium: Any, base: str, paths: dict[str, str], theme: str, size: str, view: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    width, height = SIZES[size]
    context = chromium.new_context(color_scheme=theme, viewport={"width": width, "height": height})
    watched = watch(context, base)
    watched.open(paths.get(view, view))
    found = Axe().run(watched.page)
    told = [
        (one["id"], one["nodes"][0]["html"], one["nodes"][0].get("failureSummary"))
        for one in found.response["violations"]
    ]
    # Nothing but a drawing or a table of its own may be wider than the screen.
    wide = watched.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    context.close()
    assert watched.faults == []
    assert told == []
    assert wide <= 0


def test_the_themes_differ(chromium: Any, base: str) -> None:
    seen = set()
    for theme in THEMES:
        page = chromium.new_page(color_scheme=theme)
        page.goto(base)
        seen.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        page.close()
    assert len(seen) == len(THEMES)


def test_links_lead_to_pages(desk: Watched) -> None:
    waiting, known, followed = ["/"], {"/"}, 0
    while waiting and followed < LINKS_MOST:
        path = waiting.pop(0)
        answer = desk.open(path)
        assert answer.status == 200, path
        followed += 1
        links = desk.page.eval_on_selector_all(
            "a[href], link[rel=alternate]", "all => all.map(one => one.getAttribute('href'))"
        )
        for link in links:
            if link.startswith("?"):
                link = path.partition("?")[0] + link
            link = link.partition("#")[0]
            is_page = link.startswith("/") and not link.startswith(("/feeds/", "/static/", "/api/"))
            if is_page and link not in known:
                known.add(link)
                waiting.append(link)
            elif link.startswith("/") and link not in known:
                known.add(link)
                assert desk.page.request.get(desk.base + link).status == 200, link
    assert followed == LINKS_MOST


def test_a_link_of_every_card_and_drawing_works(desk: Watched) -> None:
    desk.open("/")
    desk.page.locator(".period a.span").first.click()
    assert "/stories/" in desk.page.url
    desk.page.locator(".side .title a").nth(1).click()
    assert "/articles/" in desk.page.url
    desk.page.locator(".meta a.outlet").first.click()
    assert "/outlets/" in desk.page.url


def test_search_in_korean(desk: Watched) -> None:
    desk.open("/")
    desk.page.get_by_label("Search in nine languages").fill("북한 노동자")
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_url("**/search?**")
    titles = desk.page.locator(".cards .title a")
    assert titles.count() > 5
    assert "노동자" in titles.first.inner_text()
    assert titles.first.get_attribute("lang") == "ko"
    assert desk.page.locator("#q").input_value() == "북한 노동자"


def test_search_with_conditions(desk: Watched) -> None:
    desk.open("/search")
    desk.page.get_by_text("More conditions").click()
    desk.page.get_by_label("Country").select_option("JP")
    desk.page.get_by_label("arms").check()
    desk.page.get_by_role("button", name="Apply").click()
    desk.page.wait_for_url("**topic=arms**")
    assert desk.page.url.endswith("/search?country=JP&order=newest&topic=arms")
    languages = {one.inner_text() for one in desk.page.locator(".cards .lang-name").all()}
    assert languages == {"Japanese"}
    desk.page.get_by_label("Take away: topic arms").click()
    assert "topic" not in desk.page.url


def test_hostile_titles_stay_text(desk: Watched, paths: dict[str, str]) -> None:
    for path in (paths["HOSTILE"], "/search?q=script+alert+evil", "/review"):
        desk.open(path)
        assert "owned" != desk.page.title()
        assert desk.page.locator("main img, main script").count() == 0
        assert HOSTILE.partition("\u202e")[0].strip() in desk.page.locator("main").inner_text()


def test_the_keyboard_is_enough(desk: Watched) -> None:
    desk.open("/latest")
    desk.page.keyboard.press("Tab")
    assert desk.page.evaluate("document.activeElement.textContent") == "Skip to the content"
    desk.page.keyboard.press("Enter")
    assert desk.page.evaluate("document.activeElement.id") == "main"
    desk.page.keyboard.press("/")
    assert desk.page.evaluate("document.activeElement.id") == "find"
    desk.page.keyboard.press("Escape")
    desk.page.evaluate("document.activeElement.blur()")
    for key, number in (("j", 0), ("j", 1), ("k", 0)):
        desk.page.keyboard.press(key)
        focused = desk.page.evaluate("document.activeElement.textContent")
        assert focused == desk.page.locator("main .title a").nth(number).inner_text()
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_url("**/articles/**")


def test_without_scripts_everything_can_be_done(chromium: Any, base: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    watched = watch(context, base)
    watched.open("/search?q=북한")
    watched.page.locator(".title a").first.click()
    watched.page.get_by_role("button", name="used").click()
    assert watched.page.get_by_role("button", name="used").get_attribute("aria-pressed") == "true"
    watched.page.get_by_label("Note").fill("<b>asked the ministry</b>")
    watched.page.get_by_role("button", name="Keep the note").click()
    assert watched.page.get_by_label("Note").input_value() == "<b>asked the ministry</b>"
    watched.page.get_by_role("button", name="used").click()
    assert watched.page.get_by_role("button", name="used").get_attribute("aria-pressed") == "false"
    context.close()
    assert watched.faults == []


def test_a_verdict_is_given_in_the_review_queue(desk: Watched) -> None:
    desk.open("/review")
    before = [one.inner_text() for one in desk.page.locator(".cards .title").all()]
    desk.page.get_by_role("button", name="Rightly left out").first.click()
    desk.page.wait_for_selector("#judged")
    after = [one.inner_text() for one in desk.page.locator(".cards .title").all()]
    assert after[: len(before) - 1] == before[1:]
