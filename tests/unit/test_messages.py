"""What an alert says, and what it never holds."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from crawler.news.excerpts import EXCERPT
from crawler.news.messages import TITLE_MOST, Item, compose, sample
from crawler.news.watches import Watch

WATCH = Watch(name="shells")
TEXT = "It burned for hours. " * 100


def said(**changes: Any) -> dict[str, Any]:
    return {
        "id": "a1", "url": "https://post.example/1", "title": "Depot burns near Khasan",
        "text": TEXT, "description": None, "publisher": "The Post", "outlet": "post",
        "domain": "post.example", "language": "en", "date_published": "2026-11-25T10:11:12Z",
        "date_discovered": "2026-11-25T10:20:00Z", "date_precision": "second",
        "match": {"reasons": ["+7.6 the title names both", "two", "three", "four", "five"]},
        "topics": ["arms", "transport"], **changes,
    }  # fmt: skip


def test_one_report_is_told_with_its_reasons_and_its_link() -> None:
    item = Item(said=said(), voices="2 outlets, 1 origin: The Post")
    told = compose(WATCH, "5f2c", [item], full_text=False)
    assert (told.id, told.title) == ("5f2c", "shells: Depot burns near Khasan")
    head, excerpt, reasons, link, name = told.body.split("\n\n")
    assert head == "The Post · 2026-11-25 10:11 · en"
    assert excerpt.startswith("It burned for hours.")
    assert len(excerpt) <= EXCERPT
    assert reasons.splitlines() == [
        "because: +7.6 the title names both; two; three; four",
        "topics: arms, transport",
        "told by: 2 outlets, 1 origin: The Post",
    ]
    assert (link, name) == ("https://post.example/1", "alert 5f2c")


def test_what_is_not_known_is_left_out() -> None:
    bare = said(publisher=None, outlet=None, language=None, date_published=None, match=None,
                topics=[], text="", date_precision=None)  # fmt: skip
    told = compose(WATCH, "id", [Item(said=bare)], full_text=False)
    assert told.body == "post.example · 2026-11-25 10:20\n\nhttps://post.example/1\n\nalert id"
    day = compose(WATCH, "id", [Item(said=said(date_precision="day"))], full_text=False)
    assert day.body.startswith("The Post · 2026-11-25 · en\n")


def test_the_whole_text_is_told_only_when_it_is_asked_for() -> None:
    item = Item(said=said())
    assert TEXT.strip() not in compose(WATCH, "id", [item], full_text=False).body
    assert TEXT.strip() in compose(WATCH, "id", [item], full_text=True).body
    digest = compose(WATCH, "id", [item, item], full_text=True).body
    assert len(digest) < 2 * (EXCERPT + TITLE_MOST)


def test_a_digest_counts_its_reports_and_links_each() -> None:
    items = [Item(said=said(url=f"https://post.example/{n}")) for n in range(12)]
    told = compose(WATCH, "id", items, full_text=False)
    assert told.title == "shells: 12 reports"
    assert [line for line in told.body.splitlines() if line.startswith("https")] == [
        f"https://post.example/{n}" for n in range(12)
    ]
    assert "\n\n12. Depot burns near Khasan\nThe Post" in told.body


def test_a_source_is_told_in_words() -> None:
    one = Item(words="post/feed (post) fails since 2026-11-25T10:00:00Z: HTTP 503")
    health = Watch(name="sources", on="health")
    told = compose(health, "id", [one], full_text=False)
    assert told.title == f"sources: {one.words}"
    assert told.body == f"{one.words}\n\nalert id"
    assert compose(health, "id", [one, one], full_text=False).title == "sources: 2 events"


def test_a_headline_calls_nobody_and_moves_nothing() -> None:
    hostile = said(
        title="@everyone <!channel> <#C1>\u202e\x07\x1b[2J\nBcc: x", text="@here\r\n.\r\n"
    )
    told = compose(WATCH, "id", [Item(said=hostile)], full_text=False)
    assert told.title == "shells: ＠everyone ‹!channel> ‹#C1>[2J Bcc: x"
    assert "@" not in told.body
    assert "\r" not in told.body


def test_a_sample_says_that_nothing_happened() -> None:
    told = sample("shells", "id")
    assert "test" in told.title
    assert told.body.endswith("alert id")


@given(st.text(), st.text(), st.booleans(), st.integers(1, 3))
def test_nothing_a_stranger_wrote_reaches_a_receiver_as_a_control(
    title: str, text: str, full_text: bool, count: int
) -> None:
    items = [Item(said=said(title=title, text=text))] * count
    told = compose(WATCH, "id", items, full_text=full_text)
    assert len(told.title) <= TITLE_MOST
    assert told.title.isprintable() or all(
        letter.isprintable() or letter.isspace() or ord(letter) > 0x9F for letter in told.title
    )
    assert not {letter for letter in told.body if letter < " " and letter != "\n"}
    assert "@" not in told.title + told.body
