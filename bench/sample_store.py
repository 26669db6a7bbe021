"""A store to look at: invented events, told by invented outlets in six languages, some pages odd.

    python -m bench.sample_store DIR [--records 2000] [--days 75]

Screenshots and the browser test are made from it: events that several outlets tell within two days,
reports that owe their news to another, records without a date, with a hostile title, withdrawn,
edited, and pages that were left out by a hair.
"""

from __future__ import annotations

import argparse
import random
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.app.press.articles import load_outlets
from crawler.news.fields import content_hash
from crawler.news.jsonl import write_time
from crawler.news.lines import (
    Fetch,
    Found,
    Omission,
    Record,
    build_record,
    journal_line,
    to_line,
)
from crawler.news.outlets import Outlet
from crawler.news.records import Article, Citation, Judgement, Moment
from crawler.news.sentences import split_sentences

_SAID = tomllib.loads((Path(__file__).parent / "sample_events.toml").read_text(encoding="utf-8"))
PLACES: list[dict[str, str]] = _SAID["place"]
EVENTS: list[dict[str, str]] = _SAID["event"]
SECOND: dict[str, str] = _SAID["second"]
# How many outlets tell an event.
REPORTS = (1, 2, 3, 5, 6, 7, 9)
Happening = tuple[dict[str, str], dict[str, str]]
HOSTILE = '</title><script>document.title="owned"</script><img src=x onerror=alert(1)> \u202eevil'


def main() -> None:
    """Make the store."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--records", type=int, default=2000)
    parser.add_argument("--days", type=int, default=75)
    asked = parser.parse_args()
    write_store(asked.folder, asked.records, asked.days, datetime.now(UTC))


def write_store(data: Path, records: int, days: int, now: datetime) -> None:
    """Write a store of so many records that were found in the days before now."""
    chance = random.Random(20261125)
    for folder in ("articles", "dropped"):
        (data / folder).mkdir(parents=True, exist_ok=True)
    start = now.replace(microsecond=0) - timedelta(days=days)
    lines: dict[str, list[bytes]] = {}
    made, happened = 0, list(_happenings(chance, records))
    while made < records:
        at = start + timedelta(days=days * made / records)
        count = min(records - made, chance.choice(REPORTS))
        for record in reports(chance, happened.pop(), made, count, at, now):
            name = f"articles/{record.date_fetched[:10]}.w1.jsonl"
            lines.setdefault(name, []).append(to_line(record))
            made += record.revision == 1
    for at, omission in omissions(chance, now):
        name = f"dropped/{at:%Y-%m-%d}.w1.jsonl"
        lines.setdefault(name, []).append(journal_line(omission))
    for name, held in lines.items():
        (data / name).write_bytes(b"".join(held))
    (data / "outlets.toml").write_text("".join(map(_card, _OUTLETS)), encoding="utf-8")


def _card(outlet: Outlet) -> str:
    return (
        f'[[outlet]]\nid = "{outlet.id}"\nname = "{outlet.name}"\ncountry = "{outlet.country}"\n'
        f'language = "{outlet.language}"\nkind = "national"\nscope = "general"\n'
        f'homepage = "{outlet.homepage}"\nfeeds = ["{outlet.homepage}feed.xml"]\n\n'
    )


def _happenings(chance: random.Random, most: int) -> Iterator[Happening]:
    """Kind and place of one event after the other; all pairs come before one comes again."""
    pairs = [(event, place) for event in EVENTS for place in PLACES]
    for _ in range(most // len(pairs) + 1):
        yield from chance.sample(pairs, len(pairs))


def reports(
    chance: random.Random,
    happening: Happening,
    number: int,
    count: int,
    at: datetime,
    now: datetime,
) -> Iterator[Record]:
    """Reports of one event, by so many outlets within two days."""
    titles, place = happening
    n = chance.randrange(11, 900)
    outlets = chance.sample(_OUTLETS, count)
    for place_in_row, outlet in enumerate(outlets):
        tongue = outlet.language[:2]
        words = {"place": place[tongue], "n": n}
        title = titles[tongue].format(**words)
        more = chance.sample(_SENTENCES[outlet.id], 5)
        text = "\n".join([f"{title}. {SECOND[tongue].format(**words)}", " ".join(more)])
        hours = place_in_row * chance.uniform(0.5, 8)
        when = min(at + timedelta(hours=hours), now - timedelta(minutes=5))
        owed = outlets[0].name if place_in_row and chance.random() < 0.4 else None
        yield from _with_oddities(
            _record(outlet, number + place_in_row, title, text, when, titles["topic"], owed), chance
        )


def _with_oddities(record: Record, chance: random.Random) -> Iterator[Record]:
    fate = chance.random()
    if fate < 0.01:
        record = replace(record, title=HOSTILE)
    elif fate < 0.02:
        record = replace(record, date_published=None, date_precision=None, language=None)
    elif fate < 0.03:
        record = replace(record, reuse=["noarchive"])
    elif fate < 0.04:
        record = replace(record, text_status="cut")
    yield record
    if fate > 0.97:
        later: dict[str, Any] = {"revision": 2, "revision_cause": "outlet"}
        if fate > 0.99:
            later["revision_cause"] = "gone"
        else:
            text = f"{record.text} A sentence was added."
            later |= {"text": text, "content_hash": content_hash(text)}
        yield replace(record, **later)


def omissions(chance: random.Random, now: datetime) -> Iterator[tuple[datetime, Omission]]:
    """Pages that were left out in the last days, some of them by a hair."""
    for number in range(40):
        at = now - timedelta(hours=3 * number + 1)
        url = f"https://halden-wire.example/left-out/{number}.html"
        score = round(chance.uniform(0.05, 0.49), 4)
        yield (
            at,
            Omission(
                at=at,
                stage="relevance",
                url=url,
                title=HOSTILE
                if number == 7
                else f"Ferry company of the region names {number} new routes",
                outlet="halden-wire",
                score=score,
                threshold=0.5,
                reasons=("+1.2 one party is named, the other by its capital alone",),
                ruleset="sample/1",
                summary="The company said that talks on a route to the east go on.",
                language="en",
            ),
        )


def _record(
    outlet: Outlet, number: int, title: str, text: str, at: datetime, topic: str, owed: str | None
) -> Record:
    url = f"https://{outlet.id}.example/news/{number}.html"
    cites = (
        (Citation(name=owed, role="origin", sentence=f"{owed} was first to report it."),)
        if owed
        else ()
    )
    article = Article(
        title=title,
        text=text,
        language=outlet.language,
        authors=("A. Reporter",) if number % 3 == 0 else (),
        published=Moment(at=at, precision="minute", source="json-ld", raw=write_time(at)),
        cites=cites,
    )
    judgement = Judgement(
        relevant=True, score=0.97, threshold=0.5, ruleset="sample/1",
        reasons=("+7.6 the title names both", "+4.9 2 sentence(s) naming both in one breath"),
        sentences=(title,), topics=(topic,), topic_reasons={topic: "title"},
    )  # fmt: skip
    found_at = at + timedelta(minutes=3 + number % 40)
    fetch = Fetch(
        url_announced=url, url_final=url, status=200, content_type="text/html; charset=utf-8",
        body_sha256="ab" * 32, fetched_at=found_at, discovered_at=found_at,
    )  # fmt: skip
    found = Found(kind="feed", url=f"https://{outlet.id}.example/feed.xml", guid=url)
    return build_record(
        article=article, judgement=judgement, fetch=fetch, found=found, outlet=outlet, url=url
    )


_SENTENCES = {
    sample.id: [
        one
        for article in sample.articles
        for paragraph in article.paragraphs
        for one in split_sentences(paragraph)
    ]
    for sample in load_outlets()
}
_OUTLETS = [
    Outlet(
        id=sample.id, name=sample.name, country=sample.country, language=sample.language,
        kind="national", scope="general", homepage=f"https://{sample.id}.example/",
    )
    for sample in load_outlets()
]  # fmt: skip


if __name__ == "__main__":
    main()
