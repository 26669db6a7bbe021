"""Texts that feeds carry: the article where the card says so, or where its page turns us away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.storage.connection import PREFIX
from tests.integration.crawls import records_of, tumen
from tests.integration.one_source import crawl, opened
from tests.integration.outlet_server import ABOUT_BOTH, OutletServer, Reply, article, outlet_server
from tests.samples import assert_store_fits

TITLE = "Russia and North Korea open a freight office"
FEED_TEXT = (*ABOUT_BOTH, "So far this is what the feed says, and nothing of it is on the page.")
NOTHING_ASKED = {
    "status": None, "etag": None, "last_modified": None, "content_type": None,
    "body_sha256": None, "redirects": [],
}  # fmt: skip


def feed(base: str, text: tuple[str, ...] = FEED_TEXT) -> Reply:
    """A feed with one entry, /office, and its whole text when there is one."""
    body = "".join(f"&lt;p&gt;{paragraph}&lt;/p&gt;" for paragraph in text)
    content = f"<content:encoded>{body}</content:encoded>" if text else ""
    item = f"<item><title>{TITLE}</title><link>{base}/office</link>{content}</item>"
    name = "xmlns:content='http://purl.org/rss/1.0/modules/content/'"
    whole = f"<rss version='2.0' {name}><channel><title>S</title>{item}</channel></rss>"
    return Reply(body=whole.encode(), headers={"Content-Type": "application/rss+xml"})


@pytest.fixture
def outlet(tmp_path: Path) -> Iterator[OutletServer]:
    with outlet_server() as served:
        served.pages = {"/feed.xml": feed(served.base), "/office": article(TITLE, *ABOUT_BOTH)}
        write_card(tmp_path, served, text_source='"feed"')
        yield served
    assert_store_fits(tmp_path / "data")
    assert tumen("store", "verify", "--data", str(tmp_path / "data")).code == 0


def write_card(folder: Path, outlet: OutletServer, **fields: str) -> None:
    (folder / "outlets.toml").write_text(outlet.card(**fields), encoding="utf-8")


def test_where_the_card_says_so_the_feeds_text_is_the_article_and_no_page_is_asked_for(
    outlet: OutletServer, tmp_path: Path
) -> None:
    crawl(tmp_path)
    (record,) = records_of(tmp_path / "data")
    assert record["text"].splitlines() == list(FEED_TEXT)
    assert (record["text_source"], record["text_status"]) == ("feed", "full")
    assert (record["http"], record["archive"]) == (NOTHING_ASKED, None)
    assert (record["url"], record["url_final"]) == (f"{outlet.base}/office",) * 2
    assert record["found_in"]["kind"] == "feed"
    assert "/office" not in outlet.asked


def test_it_is_stored_once_and_never_looked_at_again(outlet: OutletServer, tmp_path: Path) -> None:
    crawl(tmp_path)
    with opened(tmp_path) as redis:
        redis.delete(*redis.scan_iter(f"{PREFIX}seen:*"))
        assert list(redis.scan_iter(f"{PREFIX}job:v:*")) == []
    crawl(tmp_path)
    assert len(records_of(tmp_path / "data")) == 1


def test_an_entry_without_a_text_is_asked_for(outlet: OutletServer, tmp_path: Path) -> None:
    outlet.pages["/feed.xml"] = feed(outlet.base, ())
    crawl(tmp_path)
    (record,) = records_of(tmp_path / "data")
    assert (record["text_source"], record["http"]["status"]) == ("page", 200)


def test_a_page_that_turns_us_away_gives_the_text_of_its_feed(
    outlet: OutletServer, tmp_path: Path
) -> None:
    write_card(tmp_path, outlet)
    outlet.pages["/office"] = Reply(status=403, body=b"Access denied")
    crawl(tmp_path)
    (record,) = records_of(tmp_path / "data")
    assert record["text"].splitlines() == list(FEED_TEXT)
    assert (record["text_source"], record["http"]["status"]) == ("feed", 403)
    assert outlet.asked.count("/office") == 1
    with opened(tmp_path) as redis:
        assert list(redis.scan_iter(f"{PREFIX}job:v:*")) == []
