"""The load of `bench.frontier`: articles as feeds announce them, over ten thousand hosts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from crawler.news.records import Entry, Moment
from crawler.storage.jobs import Job, article_job

HOSTS = 10_000
NOW = datetime.now(UTC)


def a_job(number: int, host: str = "") -> Job:
    """An article as a feed announces it: title, summary, date, identity."""
    url = (
        f"https://{host or f'news-{number % HOSTS}.example'}/world/2026/11/22/article-{number:08d}"
    )
    entry = Entry(
        url=url,
        title=f"Delegation returns from talks on border trade, report {number}",
        summary="Officials of both sides met for two days and agreed to meet again in the spring.",
        guid=f"tag:{number}",
        published=Moment(
            at=NOW - timedelta(minutes=number % 600),
            precision="second",
            source="feed",
            raw="Sun, 22 Nov 2026 10:00:00 +0000",
            local_day="2026-11-22",
        ),
    )
    return article_job(
        entry, outlet="news", source="news/feed", source_url=None, found="feed", now=NOW
    )
