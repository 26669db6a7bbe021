"""What a card may say about the pages of its outlet, where reading alone goes wrong."""

from datetime import UTC, datetime

from crawler.news.catalogues import parse_catalogue
from crawler.news.pages import Visit, read_in_full

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
CARD = """
[[outlet]]
id = "quay"
name = "Quay Post"
country = "KR"
language = "ko"
kind = "national"
scope = "general"
homepage = "https://quay.example/"
feeds = ["https://quay.example/rss"]
timezone = "Asia/Seoul"
"""
LEAD = "The northern quay opened on Friday, two years after the storm took it, officials said."
LAST = "The ferry line to the islands will follow in the spring, once the pilots are trained."


def _read(card, page):
    (outlet,) = parse_catalogue(CARD + card, "quay.toml")
    body = page if isinstance(page, bytes) else page.encode()
    visit = Visit(url="https://quay.example/a/1", now=NOW, outlet=outlet)
    return read_in_full(body, visit)


def test_text_is_what_the_card_selects():
    page = f"<div id=summary><p>{LEAD * 6}</p></div><div id=report><p>{LEAD}</p><p>{LAST}</p></div>"
    reading = _read('selectors = { text = "#report" }', page)
    assert reading.article.text == f"{LEAD}\n{LAST}"
    assert reading.extracted.opinion == "the card's selector"


def test_what_the_card_drops_is_gone():
    page = (
        f"<article><p>{LEAD}</p><p class=vote>Should there be a second quay? Readers can tell us "
        f"below.</p><p>{LAST}</p></article>"
    )
    assert _read('selectors = { drop = "p.vote" }', page).article.text == f"{LEAD}\n{LAST}"


def test_title_and_date_stand_where_the_card_says():
    page = (
        "<html><head><title>Quay Post</title></head><body><div class=c>2026.11.22</div>"
        "<b class=t>Quay opens</b><i class=d>2026.11.20 10:20</i>"
        f"<p>{LEAD}</p><p>{LAST}</p></body></html>"
    )
    article = _read('selectors = { title = "b.t", date = "i.d" }', page).article
    assert article.title == "Quay opens"
    assert article.published.at == datetime(2026, 11, 20, 1, 20, tzinfo=UTC)  # in the card's zone


def test_the_card_s_charset_serves_where_the_bytes_leave_it_open():
    page = f"<p>{LEAD}</p><p>{LAST} Caf\xe9.</p>"
    article = _read('charset = "windows-1250"', page.encode("cp1250")).article
    assert article.text.endswith("Café.")


def test_a_selector_that_finds_nothing_any_more_leaves_the_page_to_the_reader():
    page = f"<article><p>{LEAD}</p><p>{LAST}</p></article>"
    reading = _read('selectors = { text = "#old-layout" }', page)
    assert reading.article.text == f"{LEAD}\n{LAST}"
    assert reading.extracted.opinion.startswith("trafilatura")
