"""What a user sees of a pass: progress, records as they come, the summary, what remains.

Promise: records go to stdout and everything else to stderr, so that output can be piped; nothing
that came from the web is shown unescaped.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any

from scrapy.crawler import Crawler

from crawler import signals
from crawler.app.terminal import (
    Progress,
    abandon_stdout,
    say,
    show_record,
    show_table,
    write_line,
)
from crawler.config import Config
from crawler.extensions import Assignment, PassReport
from crawler.news.lines import Record, fields_of, to_line

COLUMNS = ("outlet", "entries", "new", "fetched", "kept", "dropped", "failed", "why")
PARTLY_FAILED = 1
# What ends an article job after a page was fetched.
_FETCHED = ("kept", "dropped", "known")


class PassDisplay:
    """Listens to a spider's signals while a pass runs."""

    def __init__(self, *, json_lines: bool) -> None:
        self.json_lines = json_lines
        self.counts: Counter[str] = Counter()
        self.progress = Progress("crawling")

    def __enter__(self) -> PassDisplay:
        self.progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.progress.stop()

    def listen(self, crawler: Crawler) -> None:
        """Connect to what this display wants to hear."""
        bus = crawler.signals
        bus.connect(self.on_record, signal=signals.record_stored)
        bus.connect(self.on_dropped, signal=signals.entry_dropped)
        bus.connect(self.on_polled, signal=signals.source_polled)

    def on_record(self, record: Record) -> None:
        """Show a record that was stored."""
        self.counts["kept"] += 1
        with self.progress.paused():
            try:
                self._show(record)
            except BrokenPipeError:
                abandon_stdout()  # the pass goes on: what it keeps is in the store
        self._tick()

    def _show(self, record: Record) -> None:
        if self.json_lines:
            write_line(to_line(record).decode("utf-8").rstrip("\n"))
        else:
            show_record(fields_of(record))

    def on_dropped(self, found: str | None, title: str, reasons: Sequence[str]) -> None:
        """Count a page that was left out; of one that a person asked for, say why."""
        self.counts["left out"] += 1
        if found == "manual":
            say(f"{title}: not stored, {'; '.join(reasons)}")
        self._tick()

    def on_polled(self, problem: str | None) -> None:
        """Count a poll."""
        self.counts["failing sources" if problem else "sources"] += 1
        self._tick()

    def _tick(self) -> None:
        order = ("sources", "failing sources", "kept", "left out")
        shown = [f"{self.counts[name]} {name}" for name in order if self.counts[name]]
        self.progress.tell(" · ".join(shown))


def pass_log_level(level: str) -> str:
    """On a terminal the display tells what happens; the log adds what went wrong."""
    return "warning" if level == "info" and Progress.is_shown() else level


def show_summary(
    report: PassReport, assignment: Assignment, config: Config, *, json_lines: bool
) -> int:
    """Show what became of the pass and what remains. Returns the exit code."""
    rows = summary_rows(report.tally, [outlet.id for outlet in assignment.selected])
    if report.outage is not None and _nothing_came(rows):
        say(
            f"no network: none of {report.outage.hosts} hosts could be reached. Nothing is held "
            "against the outlets. `make demo` shows Tumen at work on bundled ones, without network."
        )
        return PARTLY_FAILED
    show_table(COLUMNS, rows, json_lines=json_lines, on_stderr=json_lines)
    total = Counter[str]()
    for row in rows:
        total.update({name: int(row[at]) for at, name in enumerate(COLUMNS) if 0 < at < 7})
    say(
        f"{total['kept']} kept, {total['dropped']} left out, {total['failed']} failed; "
        f"records in {config.data_dir / 'articles'}"
    )
    _say_rest(report)
    return PARTLY_FAILED if total["failed"] or report.open_jobs else 0


def summary_rows(
    tally: Mapping[tuple[str, str], int], outlets: Sequence[str]
) -> list[tuple[str, ...]]:
    """One row per outlet: entries, new, fetched, kept, dropped, failed, and why."""
    by_outlet: dict[str, Counter[str]] = defaultdict(Counter)
    for (outlet, event), n in tally.items():
        by_outlet[outlet][event] += n
    names = [*outlets, *sorted(set(by_outlet) - set(outlets))]
    rows: list[tuple[str, ...]] = []
    for name in names:
        events = by_outlet[name]
        reasons = [event.removeprefix("why:") for event in events if event.startswith("why:")]
        rows.append(
            (
                name,
                str(events["entries"]),
                str(events["new"]),
                str(sum(events[event] for event in _FETCHED)),
                str(events["kept"]),
                str(events["dropped"] + events["triaged"] + events["gone"] + events["known"]),
                str(events["failed"]),
                "; ".join(sorted(reasons)),
            )
        )
    return rows


def _nothing_came(rows: Sequence[tuple[Any, ...]]) -> bool:
    return all(row[1] == row[3] == "0" for row in rows)


def _say_rest(report: PassReport) -> None:
    for host, rest in sorted(report.rests.items()):
        say(f"{host} rests: {rest.why}")
    if report.open_jobs:
        n = len(report.open_jobs)
        say(f"{n} jobs could not be done within a minute; the next crawl goes on with them")
