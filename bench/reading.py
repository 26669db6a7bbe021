"""How fast a large store is searched and shown, and how large its index is.

    python -m bench.reading [--records 200000] [--per-day 110] [--data DIR] [--out FILE]

Makes records out of the sentences of the sample press, in nine languages, with words of their own
mixed in; brings the index up to date; and asks what a person would. With --data the store that was
made there is used again. 200,000 records are five years of such days and take half an hour.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

from bench.browser import served
from crawler.app.press.articles import load_outlets
from crawler.news.lines import Fetch, Found, build_record, to_line
from crawler.news.outlets import Outlet
from crawler.news.queries import Query
from crawler.news.records import Article, Judgement, Moment
from crawler.news.sentences import split_sentences
from crawler.storage.library import Library, open_library

NEWEST = datetime(2026, 11, 25, tzinfo=UTC)
SYLLABLES = {
    "ko": "가나다라마바사아자차카타파하고노도로모보소오조",
    "ja": "あいうえおかきくけこさしすせそたちつてとアイウエオカキクケコ",
    "zh": "安白北城大东方高国海河家江开林明南平青山水天文西新阳云中",
    "ru": "ба ве ги до жу за ки ло ме на пи ро су те фу ха",
    "uk": "ба ве гі до жу за кі ло ме на пі ро су те фу ха",
}
LATIN = "ba ce di fo gu ha ki lo mu ne pi ra so tu ve za"
QUERIES = {
    "ko": ("포탄", "북한 노동자", "김정은", "철도"),
    "ja": ("ロシア", "会談", "ミサイル", "鉄道"),
    "zh": ("普京", "铁路", "朝鲜 工人", "条约"),
    "ru": ("поезд", "рабочие КНДР", "договор", "мост через Туманную"),
    "uk": ("снаряди", "КНДР", "потяг"),
    "en": ("north korea", "rail freight", '"north korean workers"', "treaty ferry", "khasan"),
}

PAGES = {
    "overview": "/",
    "overview of a year": "/?days=365",
    "latest": "/latest",
    "latest, page 20": "/latest?page=20",
    "latest of a topic": "/latest?topic=transport",
    "timeline": "/timeline",
    "timeline of an outlet": "/timeline?outlet=halden-wire",
    "search by conditions": "/search?language=ko&since=2026-10&until=2026-10",
    "outlets": "/outlets",
    "an outlet": "/outlets/halden-wire",
    "review": "/review",
    "feed": "/feeds/latest.rss",
    "statistics of 30 days": "/api/stats?since=30d",
}


def main() -> None:
    """Make the store, index it, measure, print and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--per-day", type=int, default=110)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as spare:
        data = asked.data or Path(spare)
        if not (data / "articles").is_dir():
            make_store(data, asked.records, asked.per_day)
        figures = measure(data)
    print(json.dumps(figures, indent=1, ensure_ascii=False))
    if asked.out:
        asked.out.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n")


def make_store(data: Path, records: int, per_day: int) -> None:
    """Write the lines of a store: so many records, so many a day."""
    chance = random.Random(20261125)
    (data / "articles").mkdir(parents=True)
    makers = list(outlets_and_sentences())
    days = (records + per_day - 1) // per_day
    number = 0
    for day in range(days):
        start = NEWEST - timedelta(days=days - day)
        path = data / "articles" / f"{start:%Y-%m-%d}.w1.jsonl"
        with path.open("wb") as held:
            for _ in range(min(per_day, records - number)):
                at = start + timedelta(seconds=86_000 * _ / per_day)
                held.write(line_of(chance, number, at, *chance.choice(makers)))
                number += 1


def outlets_and_sentences() -> Iterator[tuple[Outlet, list[str], list[str], list[str]]]:
    """Each outlet of the sample press, with its titles, sentences and topics."""
    for sample in load_outlets():
        outlet = Outlet(
            id=sample.id, name=sample.name, country=sample.country, language=sample.language,
            kind="national", scope="general", homepage=f"https://{sample.id}.example/",
        )  # fmt: skip
        kept = [article for article in sample.articles if article.relevant]
        paragraphs = [text for article in kept for text in article.paragraphs]
        sentences = [one for text in paragraphs for one in split_sentences(text)]
        topics = [topic for article in kept for topic in article.topics]
        yield outlet, [article.title for article in kept], sentences, topics


def line_of(
    chance: random.Random,
    number: int,
    at: datetime,
    outlet: Outlet,
    titles: list[str],
    sentences: list[str],
    topics: list[str],
) -> bytes:
    """One record: some sentences of its outlet, with a word of its own in each."""
    tongue = outlet.language[:2]
    text = "\n".join(
        f"{one} {word(chance, tongue)} {chance.randrange(10, 9000)}."
        for one in chance.choices(sentences, k=chance.randrange(8, 26))
    )
    url = f"https://{outlet.id}.example/news/{number}.html"
    article = Article(
        title=title_of(chance, titles, sentences, tongue),
        text=text,
        language=outlet.language,
        published=Moment(at=at, precision="second", source="json-ld", raw=at.isoformat()),
    )
    judgement = Judgement(
        relevant=True, score=0.9, threshold=0.5, ruleset="bench/1",
        reasons=("the title names both",), topics=tuple(set(chance.choices(topics, k=2))),
    )  # fmt: skip
    fetch = Fetch(
        url_announced=url, url_final=url, status=200, content_type="text/html; charset=utf-8",
        body_sha256="ab" * 32, fetched_at=at, discovered_at=at,
    )  # fmt: skip
    found = Found(kind="feed", url=f"https://{outlet.id}.example/feed.xml", guid=url)
    return to_line(
        build_record(
            article=article, judgement=judgement, fetch=fetch, found=found, outlet=outlet, url=url
        )
    )


def title_of(chance: random.Random, titles: list[str], sentences: list[str], tongue: str) -> str:
    """A headline that few others share: the half of one, of a sentence, and words of its own."""
    halves = [chance.choice(titles), chance.choice(sentences)]
    chosen = "".join(half[: len(half) // 2][:40] for half in halves)
    return f"{chosen} {' '.join(word(chance, tongue) for _ in range(3))}"


def word(chance: random.Random, tongue: str) -> str:
    """An invented word, rare enough that an index must hold many."""
    syllables = SYLLABLES.get(tongue, LATIN)
    pieces = syllables.split() if " " in syllables else list(syllables)
    return "".join(chance.choices(pieces, k=4))


def measure(data: Path) -> dict[str, Any]:
    """Index the store and time what a person asks."""
    started = time.monotonic()
    with open_library(data) as library:
        figures: dict[str, Any] = {"measured_at": f"{datetime.now(UTC):%Y-%m-%d}"}
        figures["records"] = library.count(Query())
        figures["index_from_nothing_s"] = round(time.monotonic() - started, 1)
        library.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        store = sum(path.stat().st_size for path in (data / "articles").iterdir())
        index = sum(path.stat().st_size for path in data.glob("index.sqlite*"))
        figures["store_mb"], figures["index_mb"] = round(store / 1e6, 1), round(index / 1e6, 1)
        figures["index_over_store"] = round(index / store, 2)
        searches = searches_of(library)
        figures["search_median_ms"] = round(statistics.median(searches.values()), 1)
        figures["search_slowest_ms"] = round(max(searches.values()), 1)
        figures["searches_ms"] = {name: round(spent, 1) for name, spent in searches.items()}
    started = time.monotonic()
    with open_library(data):
        figures["open_ms"] = round(1000 * (time.monotonic() - started), 1)
    pages = pages_of(data)
    figures["page_median_ms"] = round(statistics.median(pages.values()), 1)
    figures["page_slowest_ms"] = round(max(pages.values()), 1)
    figures["pages_ms"] = {name: round(spent, 1) for name, spent in pages.items()}
    return figures


def pages_of(data: Path) -> dict[str, float]:
    """What each page of `tumen serve` takes, from request to last byte, the median of five."""
    with served(data) as base:
        story = json.loads(fetch(f"{base}/api/stories"))["items"][0]
        asked = PAGES | {
            "a story": f"/stories/{story['story_id']}",
            "an article": f"/articles/{story['reports'][0]['id']}",
        }
        asked |= {
            f"search {text}": f"/search?{urlencode({'q': text})}"
            for texts in QUERIES.values()
            for text in texts
        }
        return {name: page_ms(base + path) for name, path in asked.items()}


def page_ms(url: str) -> float:
    """The median time of a page over five requests."""
    spent = []
    for _ in range(5):
        started = time.perf_counter()
        fetch(url)
        spent.append(1000 * (time.perf_counter() - started))
    return statistics.median(spent)


def fetch(url: str) -> bytes:
    """The body of a page on this machine."""
    with urlopen(url, timeout=60) as answer:
        return bytes(answer.read())


def searches_of(library: Library) -> dict[str, float]:
    """What each search takes, the median of five."""
    since, until = NEWEST - timedelta(days=60), NEWEST - timedelta(days=30)
    asked = {
        text: Query(text=text, order="best", limit=20)
        for texts in QUERIES.values()
        for text in texts
    }
    asked |= {
        "latest": Query(order="discovered", limit=20),
        "latest of a topic": Query(topics=("transport",), limit=20),
        "latest of an outlet": Query(outlets=("halden-wire",), limit=20),
        "a month in Korean": Query(since=since, until=until, languages=("ko",), limit=20),
        "a word in a month": Query(text="khasan", since=since, until=until, limit=20),
        "a word and a topic": Query(text="철도", topics=("transport",), order="best", limit=20),
    }
    return {name: median_ms(library, query) for name, query in asked.items()}


def median_ms(library: Library, query: Query) -> float:
    """The median time of a query over five runs."""
    spent = []
    for _ in range(5):
        started = time.perf_counter()
        list(library.find(query))
        spent.append(1000 * (time.perf_counter() - started))
    return statistics.median(spent)


if __name__ == "__main__":
    main()
