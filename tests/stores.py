"""Stores to read in tests: invented records, written as workers write them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.news.fields import content_hash
from crawler.news.jsonl import write_time
from crawler.news.lines import Record, to_line
from crawler.news.urls import url_id
from tests.samples import NOON, make_record


def record(
    number: int,
    title: str,
    text: str = "",
    *,
    hours: float = 0,
    outlet: str = "harbor-post",
    published: datetime | None = NOON,
    **changes: Any,
) -> Record:
    """An invented record, fetched so many hours after noon; `published` None leaves it undated."""
    fetched = NOON + timedelta(hours=hours)
    url = f"https://{outlet}.example/news/{number}"
    dated = {
        "date_published": write_time(published + timedelta(hours=hours)) if published else None
    }
    made = replace(
        make_record(number, at=fetched),
        id=url_id(url),
        url=url,
        url_final=url,
        title=title,
        text=text or f"{title}. That is all that was said about it.",
        description=None,
        outlet=outlet,
        publisher=outlet.replace("-", " ").title(),
        cites=[],
        alternate_urls=[],
    )
    made = replace(made, **(dated | changes))
    return replace(made, content_hash=content_hash(made.text))


def revised(
    earlier: Record, text: str, *, hours: float, cause: Any = "outlet", **changes: Any
) -> Record:
    """The next revision of a record."""
    at = write_time(NOON + timedelta(hours=hours))
    made = replace(
        earlier,
        revision=earlier.revision + 1,
        revision_cause=cause,
        text=text,
        date_fetched=at,
        content_hash=content_hash(text),
    )
    return replace(made, **changes)


def write_records(data: Path, records: Iterable[Record], slot: str = "w1") -> None:
    """Append the lines of records to the files of a slot, by the day of their fetch."""
    folder = data / "articles"
    folder.mkdir(parents=True, exist_ok=True)
    for one in records:
        with (folder / f"{one.date_fetched[:10]}.{slot}.jsonl").open("ab") as held:
            held.write(to_line(one))


def cited(name: str, outlet: str | None = None, role: str = "origin") -> dict[str, Any]:
    """A citation as it stands in a record."""
    return {"name": name, "outlet": outlet, "url": None, "role": role, "sentence": f"{name} said."}


def titles(hits: Iterable[Any]) -> list[str]:
    """The headlines of what was found, in its order."""
    return [hit.title for hit in hits]


def ids(records: Sequence[Record]) -> list[str]:
    """The ids of records."""
    return [one.id for one in records]
