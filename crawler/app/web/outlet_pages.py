"""The pages of outlets with their health and history, and of what was left out by a hair.

Promise: what does not work is shown first, with the reason and since when; nothing is in the review
queue that is stored or judged by now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from crawler.app.standing import Standing
from crawler.app.web.health import Report
from crawler.app.web.rendering import page
from crawler.app.web.site import Site, site_of
from crawler.errors import ConfigError
from crawler.news.charts import sparkline
from crawler.news.health import TROUBLES, Health
from crawler.news.outlets import Outlet, Source, all_sources_of, sources_of
from crawler.news.queries import Query
from crawler.storage.left_out import LeftOut
from crawler.storage.library import Library
from crawler.storage.marks import Mark, read_marks
from crawler.storage.overviews import Activity, activity

WEEKS = 13
REVIEW_SIZE = 30
_REVIEW_DAYS = (1, 7, 30)
LONGEST_DAYS = _REVIEW_DAYS[-1]
_RANK = (
    "failing", "retired", "silent", "unproven", "overrun", "moved", "working", "unknown", "off",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An outlet in the list: its card, its health in a word, why, and what it brought."""

    outlet: Outlet
    health: str
    why: str
    since: str
    activity: Activity | None
    spark: str

    @property
    def records(self) -> int:
        """How many records it brought in the weeks that are shown."""
        return self.activity.records if self.activity else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """A source of an outlet and how it does; `standing` None when that is not known."""

    source: Source
    is_polled: bool
    standing: Standing | None


def outlets(request: Request) -> Response:
    """All outlets: those that fail first, then those that bring most."""
    site = site_of(request)
    rows, report = rows_of(site)
    wanted = request.query_params.get("show", "active")
    if wanted not in ("active", "all", *_RANK):
        raise ConfigError(f"show {wanted[:20]}: expected active, all or {', '.join(_RANK)}.")
    shown = [row for row in rows if _is_shown(row, wanted)]
    counts = {word: sum(row.health == word for row in rows) for word in _RANK}
    return page(
        request, "outlets.html", rows=shown, total=len(rows), report=report, counts=counts,
        wanted=wanted, weeks=WEEKS,
    )  # fmt: skip


def outlet(request: Request) -> Response:
    """One outlet: its card, its sources and how they do, what it brought last."""
    site, name = site_of(request), str(request.path_params["id"])
    card = site.catalogue.by_id.get(name)
    query = Query(outlets=(name,), order="newest", limit=20)
    with site.shelf.look() as library:
        hits = list(library.find(query))
        brought = activity(library, _since(Query(outlets=(name,))), _until(), WEEKS).get(name)
    if card is None and not hits:
        raise HTTPException(404, "No outlet of this name is in the catalogue or the store.")
    report = site.health.report(site.catalogue.outlets)
    polled = {source.id for source in sources_of(card)} if card and card.enabled else set()
    sources = [
        SourceRow(
            source=source,
            is_polled=source.id in polled,
            standing=report.standings.get(source.id),
        )
        for source in (all_sources_of(card) if card else ())
    ]
    return page(
        request, "outlet.html", name=name, card=card, sources=sources, report=report, hits=hits,
        activity=brought, spark=_spark(brought), weeks=WEEKS,
    )  # fmt: skip


def review(request: Request) -> Response:
    """What was left out nearest to the threshold, and what was said of pages so far."""
    site = site_of(request)
    days = request.query_params.get("days", "7")
    if days not in map(str, _REVIEW_DAYS):
        raise ConfigError(f"days {days[:20]}: expected 1, 7 or 30.")
    marks = read_marks(site.config.data_dir, lambda _place, _error: None)
    waiting = left_out(site, int(days), marks)
    latest = sorted(marks.values(), key=lambda mark: mark.at, reverse=True)[:REVIEW_SIZE]
    with site.shelf.look() as library:
        judged = [(mark, _has_page(library, mark.id)) for mark in latest]
    return page(
        request, "review.html", pages=waiting, judged=judged, days=int(days), choices=_REVIEW_DAYS
    )


def _has_page(library: Library, record_id: str) -> bool:
    # What a user said no to has one for the user alone.
    is_hidden = not library.is_for_others and library.knows(record_id)
    return is_hidden or library.hit(record_id) is not None


def rows_of(site: Site) -> tuple[list[Row], Report]:
    """Every outlet of the catalogue and of the store, and the report on their sources."""
    report = site.health.report(site.catalogue.outlets)
    with site.shelf.look() as library:
        brought = activity(library, _since(Query()), _until(), WEEKS)
    rows = [_row(card, report, brought.get(card.id)) for card in site.catalogue.outlets]
    rows.sort(key=lambda row: (_RANK.index(row.health), -row.records, row.outlet.name))
    return rows, report


def left_out(site: Site, days: int, judged: Mapping[str, Mark]) -> list[LeftOut]:
    """What waits for a second look, the nearest to the threshold first."""
    since = (datetime.now(UTC) - timedelta(days=days)).date()
    waiting: list[LeftOut] = []
    with site.shelf.look() as library:
        for one in site.journal.nearest(since, judged):
            if not library.knows(one.id):
                waiting.append(one)
            if len(waiting) == REVIEW_SIZE:
                break
    return waiting


def _row(card: Outlet, report: Report, brought: Activity | None) -> Row:
    known = [report.standings.get(source.id) for source in sources_of(card)]
    words = [one.health for one in known if one is not None]
    worst = _worst(words)
    return Row(
        outlet=card,
        health="off" if not card.enabled else worst.word if worst else "unknown",
        why=worst.why or "" if worst and worst.word in TROUBLES else "",
        since=worst.since or "" if worst and worst.word in TROUBLES else "",
        activity=brought,
        spark=_spark(brought),
    )


def _worst(words: Sequence[Health]) -> Health | None:
    """Of several sources the worst word counts; no news of them is no word."""
    return min(words, key=lambda health: _RANK.index(health.word), default=None)


def _is_shown(row: Row, wanted: str) -> bool:
    if wanted == "active":
        return row.records > 0 or row.health in TROUBLES
    return wanted in ("all", row.health)


def _spark(brought: Activity | None) -> str:
    if brought is None:
        return ""
    told = ", ".join(map(str, brought.weeks))
    return sparkline(
        brought.weeks, f"records in each of the last {len(brought.weeks)} weeks: {told}"
    )


def _until() -> str:
    return f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%d}"


def _since(query: Query) -> Query:
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    since = midnight + timedelta(days=1) - timedelta(weeks=WEEKS)
    return Query(since=since, outlets=query.outlets)
