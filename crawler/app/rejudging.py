"""`tumen rejudge`: today's rules over what earlier ones left out or kept.

Promise: what they would keep is offered again, what they would drop is only shown; a user's verdict
stands above any rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from crawler.app import options
from crawler.app.judged import latest_omissions, records, tell_broken
from crawler.app.offering import how_found, offer, page_job
from crawler.app.terminal import Progress, say, show_table
from crawler.news.jsonl import write_time
from crawler.news.lexicon import Topic, parse_topic
from crawler.news.outlets import Outlet
from crawler.news.records import FoundKind
from crawler.news.second_looks import (
    SecondLook,
    look_at_omission,
    look_at_record,
    wanted_by_user,
)
from crawler.storage.catalogue import load_catalogue, read_topic
from crawler.storage.jobs import Job
from crawler.storage.marks import Mark, read_marks

COLUMNS = ("id", "now", "score", "stage", "outlet", "title", "url", "reasons")
_SHOWN = slice(0, 6)
_ID_SHOWN = 12


@click.command(epilog="Example: tumen rejudge --since 30d --dry-run")
@click.option("--since", metavar="AGE", help="Only what was decided since, as in 30d.")
@click.option("--dry-run", is_flag=True, help="Offer nothing, only show.")
@options.catalogue
@options.where
@options.as_json
def rejudge(
    since: str | None,
    dry_run: bool,
    outlet_paths: tuple[str, ...],
    data: str | None,
    redis_url: str | None,
    json_lines: bool,
) -> int:
    """Apply today's ruleset to the journal and the store.

    What was left out and would be kept today is offered again; what is stored and would be left out
    is shown ("drop") and stays. Decisions of today's ruleset are passed over: give it a new version
    when you change it.
    """
    config = options.config_of(data=data, redis_url=redis_url, outlet_paths=outlet_paths)
    oldest = options.since_of(since)
    topic = parse_topic(*read_topic(config.topic))
    catalogue = load_catalogue(config.outlets, config.data_dir)
    marks = read_marks(config.data_dir, tell_broken)
    question = _Question(
        data_dir=config.data_dir,
        topic=topic,
        cards={outlet.id: outlet for outlet in catalogue},
        marks=marks,
        since=write_time(oldest) if oldest else "",
    )
    changed = list(_changed(question))
    rows = [_row(look, json_lines) for look in changed]
    if rows or json_lines:
        columns = COLUMNS if json_lines else COLUMNS[_SHOWN]
        show_table(columns, rows, json_lines=json_lines)
    wanted = [look for look in changed if look.keeps_now]
    _tell(topic, len(wanted), len(changed) - len(wanted))
    if wanted and not dry_run:
        new = offer(config, catalogue, [*_jobs(wanted, catalogue, marks)])
        say(f"{new} offered; the next crawl, or a watch that runs, fetches them")
    return 0


def _changed(question: _Question) -> Iterator[SecondLook]:
    """Whatever would be decided otherwise today: stored pages first, each page once."""
    progress = Progress("judging again")
    progress.start()
    try:
        stored: set[str] = set()
        dropped: dict[str, SecondLook] = {}
        for count, said in enumerate(records(question.data_dir), start=1):
            progress.tell(f"{count} records")
            stored.add(said["id"])
            look = question.of_record(said)
            # Of a page with several revisions the last one counts.
            dropped.pop(said["id"], None)
            if look is not None and not look.keeps_now:
                dropped[look.id] = look
        yield from dropped.values()
        # Of several lines about a page too: what was offered again may have been left out again.
        for count, said in enumerate(latest_omissions(question.data_dir), start=1):
            progress.tell(f"{count} pages that were left out")
            look = None if said["id"] in stored else question.of_omission(said)
            if look is not None and look.keeps_now:
                yield look
    finally:
        progress.stop()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """What is asked of every line: which rules, since when, and what users said before."""

    data_dir: Path
    topic: Topic
    cards: Mapping[str, Outlet]
    marks: Mapping[str, Mark]
    since: str

    def of_record(self, said: dict[str, Any]) -> SecondLook | None:
        """A stored record, unless it is too old or a user judged it."""
        if said["date_fetched"] < self.since or said["id"] in self.marks:
            return None
        return look_at_record(self.topic, said, self.cards.get(said.get("outlet") or ""))

    def of_omission(self, said: dict[str, Any]) -> SecondLook | None:
        """A line of the journal; a user's verdict stands for the rules'."""
        if said["at"] < self.since:
            return None
        mark = self.marks.get(said["id"])
        if mark is not None:
            # It is not stored: Redis may have been down at the verdict.
            return wanted_by_user(said) if mark.verdict == "yes" else None
        return look_at_omission(self.topic, said, self.cards.get(said.get("outlet") or ""))


def _jobs(
    wanted: list[SecondLook], catalogue: tuple[Outlet, ...], marks: dict[str, Mark]
) -> Iterator[Job]:
    sources = how_found(catalogue)
    for look in wanted:
        # A source that the catalogue lost is known by its id alone.
        found = sources.get(look.source or "")
        kind: FoundKind = found[0] if found else "search"
        yield page_job(
            url=look.url,
            title=look.title,
            outlet=look.outlet,
            source=look.source,
            source_url=found[1] if found else None,
            found="manual" if look.id in marks else kind,
        )


def _row(look: SecondLook, whole: bool) -> tuple[object, ...]:
    now = "keep" if look.keeps_now else "drop"
    if whole:
        reasons = list(look.reasons)
        return (look.id, now, look.score, look.stage, look.outlet, look.title, look.url, reasons)
    title = look.title or look.url
    return (look.id[:_ID_SHOWN], now, f"{look.score:.2f}", look.stage, look.outlet, title)


def _tell(topic: Topic, kept: int, dropped: int) -> None:
    say(
        f"by {topic.ruleset}: {kept} left out that would be kept, "
        f"{dropped} stored that would be left out"
    )
