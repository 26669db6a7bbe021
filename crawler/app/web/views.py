"""The pages of many records: overview, latest, search, timeline.

Promise: each shows what the command of that name shows for the same question, a page at a time.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from crawler.app.watch_feeds import looks_for
from crawler.app.web.questions import ORDERS, Asked, asked_of, one_more
from crawler.app.web.rendering import page
from crawler.app.web.site import Site, Terms, site_of
from crawler.errors import ConfigError
from crawler.news.charts import Column, Span, period_chart
from crawler.news.excerpts import snippet
from crawler.news.queries import Order, Query
from crawler.storage.gathering import Story, find_stories, gather
from crawler.storage.library import Hit, Library
from crawler.storage.overviews import count_up_to, days_by_topic, widest_stories

SIZE = 25
STORIES = 20
COUNTED = 1000
PERIODS = (30, 60, 90, 365)
_BY_DAY = 92  # longer periods are drawn by weeks
_TOPICS_DRAWN = 6
_WIDE_STORIES = 10
_STORIES_DRAWN = 30  # as many of these as find room

Figures = tuple[list[tuple[str, str, int]], list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A record in a list, with the piece of it that is shown."""

    hit: Hit
    piece: str


def overview(request: Request) -> Response:
    """What happened in a period: records by topic and day, stories, what came in last."""
    site = site_of(request)
    days = _days_of(request.query_params.get("days"))
    today = datetime.now(UTC).date()
    first = today - timedelta(days=days - 1)
    query = Query(since=datetime(first.year, first.month, first.day, tzinfo=UTC))
    with site.shelf.look() as library:
        if days > _BY_DAY:
            key = ("overview", first.isoformat())
            counted, told = site.memory.get(key, lambda: _figures(library, query))
        else:
            counted, told = _figures(library, query)
        stories = [
            story
            for name in told
            if (story := gather(library, name, site.catalogue.houses)) is not None
        ]
        latest = list(library.find(Query(order="discovered", limit=8)))
    topics = Counter[str]()
    for _day, topic, records in counted:
        topics[topic] += records
    drawn = [topic for topic, _count in topics.most_common() if topic][:_TOPICS_DRAWN]
    columns = _columns(counted, first, today)
    return page(
        request,
        "overview.html",
        days=days,
        periods=PERIODS,
        first=first.isoformat(),
        records=sum(topics.values()),
        chart=period_chart(columns, drawn, _spans(stories, columns)) if counted else "",
        columns=[column for column in columns if column.counts],
        drawn=drawn,
        topics=topics,
        other=sum(count for topic, count in topics.items() if topic not in drawn),
        stories=stories[:_WIDE_STORIES],
        latest=[Found(hit=hit, piece="") for hit in latest],
        **_watches_of(site),
    )


def _watches_of(site: Site) -> dict[str, Any]:
    """The watches by name with what they look for, or what is wrong with the file of them."""
    try:
        post = site.post
    except ConfigError as error:
        return {"watches": (), "problem": str(error)}
    watches = post.watches.watches if post else ()
    return {"watches": [(one.name, looks_for(one)) for one in watches], "problem": ""}


def latest(request: Request) -> Response:
    """What was found last."""
    site = site_of(request)
    asked = asked_of(request.query_params, order="discovered", size=SIZE)
    with site.shelf.look() as library:
        hits, has_more = one_more(list(library.find(asked.query)), SIZE)
    found = [Found(hit=hit, piece=hit.excerpt) for hit in hits]
    return _list(request, "latest.html", asked, found=found, has_more=has_more)


def search(request: Request) -> Response:
    """Records by their words and conditions; without any, the form."""
    site = site_of(request)
    order: Order = "best" if request.query_params.get("q") else "newest"
    try:
        asked = asked_of(request.query_params, order=order, size=SIZE)
    except ConfigError as error:
        blank = asked_of(QueryParams(), order="newest", size=SIZE)
        typed = request.query_params.get("q", "")
        return _list(request, "search.html", blank, status=400, found=[], has_more=False, total=0,
                     problem=str(error), typed=typed)  # fmt: skip
    found: list[Found] = []
    has_more, total = False, 0
    if asked.words:
        with site.shelf.look() as library:
            hits, has_more = one_more(list(library.find(asked.query)), SIZE)
            found = [_found(library, hit, asked, site.terms) for hit in hits]
            total = count_up_to(library, asked.query, COUNTED)
    return _list(request, "search.html", asked, found=found, has_more=has_more, total=total,
                 problem="", typed=asked.chosen.get("q", ""))  # fmt: skip


def timeline(request: Request) -> Response:
    """One row for each story, the newest first."""
    asked = asked_of(request.query_params, order="newest", size=STORIES)
    stories, has_more = stories_of(site_of(request), asked)
    return _list(request, "timeline.html", asked, stories=stories, has_more=has_more)


def stories_of(site: Site, asked: Asked) -> tuple[list[Story], bool]:
    """The stories that are asked for, newest first, and whether there are more."""
    size = STORIES
    query = replace(asked.query, limit=size + 1, offset=(asked.page - 1) * size)
    with site.shelf.look() as library:
        found = list(find_stories(library, query, site.catalogue.houses))
    return one_more(found, size)


def _list(
    request: Request, template: str, asked: Asked, *, status: int = 200, **values: Any
) -> Response:
    countries = sorted({outlet.country for outlet in site_of(request).catalogue.outlets})
    return page(
        request, template, status, asked=asked, orders=ORDERS, countries=countries,
        counted=COUNTED, **values,
    )  # fmt: skip


def _found(library: Library, hit: Hit, asked: Asked, terms: Terms) -> Found:
    """A record with the piece in which it says what was sought.

    Beyond this machine the piece is always the same one: many searches would else tell the whole.
    """
    text = asked.query.text
    if not text or not terms.shows_texts:
        return Found(hit=hit, piece=hit.excerpt)
    sought = text.replace('"', "").replace("*", "").split()
    return Found(hit=hit, piece=snippet(str(library.record(hit).get("text") or ""), sought))


def _figures(library: Library, query: Query) -> Figures:
    """Records by day and topic, and the stories that most outlets tell."""
    return list(days_by_topic(library, query)), widest_stories(library, query, _STORIES_DRAWN)


def _days_of(text: str | None) -> int:
    if not text:
        return PERIODS[1]
    known = [days for days in PERIODS if str(days) == text]
    if not known:
        raise ConfigError(f"days {text[:20]}: expected one of {', '.join(map(str, PERIODS))}.")
    return known[0]


def _columns(counted: Sequence[tuple[str, str, int]], first: date, last: date) -> list[Column]:
    """A column for each day of a short period, for each week of a long one."""
    step = 1 if (last - first).days < _BY_DAY else 7
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for day, topic, records in counted:
        place = _place(day, first, step)
        counts[place][topic] += records
    starts = [
        first + timedelta(days=step * place) for place in range((last - first).days // step + 1)
    ]
    return [
        Column(start=start.isoformat(), label=f"{start.day} {start:%b}", counts=counts[place])
        for place, start in enumerate(starts)
    ]


def _spans(stories: Sequence[Story], columns: Sequence[Column]) -> list[Span]:
    """The stories above the columns, from their first report to their last."""
    if not columns:
        return []
    first = date.fromisoformat(columns[0].start)
    step = 1
    if len(columns) > 1:
        step = (date.fromisoformat(columns[1].start) - first).days
    most = len(columns) - 1
    return [
        Span(
            first=min(most, _place(story.reports[0].moment, first, step)),
            last=min(most, _place(story.reports[-1].moment, first, step)),
            headline=story.headline,
            language=story.best.language,
            voices=story.voices,
            href=f"/stories/{story.id}",
        )
        for story in stories
        if story.outlets > 1
    ]


def _place(moment: str, first: date, step: int) -> int:
    return max(0, (date.fromisoformat(moment[:10]) - first).days // step)
