"""JSON Feed: items whose fields have odd types give what is sound of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.news.feeds import read_feed
from crawler.news.records import SourceReading

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def read(document: object) -> SourceReading:
    return read_feed(
        json.dumps(document).encode(),
        "https://a.example/feeds/all.json",
        content_type="application/feed+json",
        charset_hint=None,
        timezone=None,
        now=NOW,
    )


@settings(deadline=None, max_examples=50)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["id", "url", "title", "content_html", "content_text", "summary"]),
                inner,
            )
        ),
        max_leaves=12,
    )
)
def test_any_items_of_a_json_feed_are_read(items: object) -> None:
    document = {"version": "https://jsonfeed.org/version/1.1", "items": [items], "title": items}
    assert read(document).shape == "json11"


def test_a_json_feed_gives_what_is_sound_of_its_items() -> None:
    items = [
        {"id": 1, "url": "/1", "title": "Ice", "content_text": "A < B, he said.\nThen he left."},
        {"id": "https://a.example/2", "title": ["no", "text"], "summary": "Nine <b>barges</b>."},
        {"id": ["3"], "url": "/3", "title": 4, "date_published": 1_795_183_506, "language": "ru"},
        "no item",
    ]
    reading = read({"version": "https://jsonfeed.org/version/1", "items": items})
    assert [(entry.url, entry.title, entry.summary) for entry in reading.entries] == [
        ("https://a.example/1", "Ice", "A < B, he said. Then he left."),
        ("https://a.example/2", None, "Nine barges."),
        ("https://a.example/3", None, None),
    ]
    assert [entry.guid for entry in reading.entries] == ["1", "https://a.example/2", None]
    assert [entry.language for entry in reading.entries] == [None, None, "ru"]
    assert reading.dropped == {"no link": 1}
