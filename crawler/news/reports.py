"""Reports: what of a record, or of any item with a title and a text, is compared with others.

Promise: a report of a record is the same whenever it is made; nothing of a text is kept but its
sketch, and what a report is written to reads back equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from crawler.news.figures import Day
from crawler.news.happenings import Concepts, Facts, read_facts
from crawler.news.near_duplicates import Signature, signature
from crawler.news.same_event import Report
from crawler.news.words import words_of

# Without a headline the first words stand in for it.
_STANDS_IN = 120
_ORIGIN_LONGEST = 80
# News is told within so many days of what it tells.
_LATEST_DAYS = 4


def report_of(
    concepts: Concepts,
    *,
    id: str,
    title: str,
    text: str,
    language: str | None,
    day: date | None = None,
    seen: date | None = None,
    key: str = "",
    origins: Iterable[str] = (),
) -> Report:
    """What is kept of an item to find the reports of the same event.

    `seen` is the day on which it came to us (default: `day`), `key` its place in that order.
    """
    came = seen or day
    return Report(
        id=id,
        facts=read_facts(concepts, title=title, text=text, language=language),
        words=frozenset(words_of(title or text[:_STANDS_IN])),
        tongue=(language or "").partition("-")[0].lower(),
        day=day.toordinal() if day else None,
        seen=came.toordinal() if came else None,
        key=key,
        origins=frozenset(origins),
        signature=signature(text) if text.strip() else None,
    )


def report_of_record(concepts: Concepts, said: Mapping[str, Any]) -> Report:
    """The report that a record of the store is."""
    return report_of(
        concepts,
        id=said["id"],
        title=said.get("title") or "",
        text=said.get("text") or "",
        language=said.get("language"),
        day=date.fromisoformat(moment_of(said)[:10]),
        seen=date.fromisoformat(said["date_fetched"][:10]),
        key=said["date_fetched"],
        origins=cited_origins(said),
    )


def event_day_of(report: Report) -> date | None:
    """When the event seems to have been: a day that the report names, shortly before it appeared.

    Where it names none, the day on which it appeared; None for a report without a day.
    """
    if report.day is None:
        return None
    appeared = date.fromordinal(report.day)
    for back in range(_LATEST_DAYS):
        day = appeared - timedelta(days=back)
        if any(
            named.day == day.day and named.month in (0, day.month) for named in report.facts.days
        ):
            return day
    return appeared


def moment_of(said: Mapping[str, Any]) -> str:
    """When a record counts as having appeared: its date, or else that of its discovery."""
    return str(said.get("date_published") or said["date_discovered"])


def cited_origins(said: Mapping[str, Any]) -> list[str]:
    """To whom a record owes its news: ids of outlets, and names of who is in no catalogue."""
    return [
        str(cited.get("outlet") or cited["name"]).casefold()[:_ORIGIN_LONGEST]
        for cited in said.get("cites") or ()
        if cited.get("role") == "origin" and cited.get("name")
    ]


def to_sketch(report: Report) -> dict[str, Any]:
    """The report as plain JSON values."""
    facts = report.facts
    return {
        "title": sorted(facts.title),
        "opening": sorted(facts.opening),
        "numbers": sorted(facts.numbers),
        "days": [[day.month, day.day] for day in sorted(facts.days)],
        "words": sorted(report.words),
        "tongue": report.tongue,
        "day": report.day,
        "seen": report.seen,
        "key": report.key,
        "origins": sorted(report.origins),
        "signature": report.signature.to_text() if report.signature else None,
    }


def from_sketch(id: str, sketch: Mapping[str, Any]) -> Report:
    """Back from `to_sketch`; raises KeyError, ValueError or TypeError for anything else."""
    told = sketch["signature"]
    return Report(
        id=id,
        facts=Facts(
            title=frozenset(sketch["title"]),
            opening=frozenset(sketch["opening"]),
            numbers=frozenset(sketch["numbers"]),
            days=frozenset(Day(month, day) for month, day in sketch["days"]),
        ),
        words=frozenset(sketch["words"]),
        tongue=sketch["tongue"],
        day=sketch["day"],
        seen=sketch["seen"],
        key=sketch["key"],
        origins=frozenset(sketch["origins"]),
        signature=Signature.from_text(told) if told else None,
    )
