"""The same for programs: JSON by the same addresses below /api. docs/api.md shows it.

Promise: every answer fits /api/schema.json, an error too; what is shown of a text is what a page
shows of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from crawler.app.hits import as_json, story_as_json
from crawler.app.web.article_pages import record_id, told
from crawler.app.web.outlet_pages import left_out, rows_of
from crawler.app.web.questions import Asked, asked_of, one_more
from crawler.app.web.rendering import web_link
from crawler.app.web.site import site_of
from crawler.app.web.views import SIZE, stories_of
from crawler.news.changes import changes_of
from crawler.news.queries import Order
from crawler.storage.counting import By, counts, delay_of
from crawler.storage.gathering import gather
from crawler.storage.library import Hit
from crawler.storage.marks import read_marks

_BY: tuple[By, ...] = ("day", "topic", "outlet", "language", "country")
_REVIEW_DAYS = 7


def records(request: Request) -> Response:
    """Records: latest without words, a search with some."""
    site = site_of(request)
    order: Order = "best" if request.query_params.get("q") else "discovered"
    asked = asked_of(request.query_params, order=order, size=SIZE)
    with site.shelf.look() as library:
        hits, has_more = one_more(list(library.find(asked.query)), SIZE)
    return _page(asked, [_hit(hit) for hit in hits], has_more)


def record(request: Request) -> Response:
    """One record with its revisions' changes and marks."""
    site, name = site_of(request), record_id(request)
    with site.shelf.look() as library:
        hit = library.hit(name)
        revisions = site.terms.told(library.revisions(name)) if hit else []
    if hit is None:
        raise HTTPException(404, "There is no such record in this store.")
    shown = site.terms.shows_texts
    said = told(revisions[-1], site)
    changes = [
        {
            "revision": change.revision,
            "cause": change.cause,
            "at": change.at,
            "fields": [name for name, _before, _after in change.fields],
            "removed": list(change.removed) if shown else None,
            "added": list(change.added) if shown else None,
        }
        for change in changes_of(revisions)
    ]
    whole = {
        **_hit(hit),
        "text": said["text"] if shown else None,
        "reasons": list((said.get("match") or {}).get("reasons") or ()),
        "authors": list(said.get("authors") or ()),
        "event_day": hit.event_day or hit.event_guess,
        "changes": changes,
    }
    return JSONResponse(whole)


def stories(request: Request) -> Response:
    """Stories with their reports, the newest first."""
    asked = asked_of(request.query_params, order="newest", size=SIZE)
    found, has_more = stories_of(site_of(request), asked)
    return _page(asked, [_story(story_as_json(one)) for one in found], has_more)


def story(request: Request) -> Response:
    """One story."""
    site, name = site_of(request), record_id(request)
    with site.shelf.look() as library:
        found = gather(library, library.story_of(name) or name, site.catalogue.houses)
    if found is None:
        raise HTTPException(404, "There is no such story in this store.")
    return JSONResponse(_story(story_as_json(found)))


def stats(request: Request) -> Response:
    """Counts by day, topic, outlet, language and country, and how soon records were found."""
    site = site_of(request)
    query = asked_of(request.query_params, order="newest", size=SIZE).query
    with site.shelf.look() as library:
        figures: dict[str, Any] = {by: dict(counts(library, query, by)) for by in _BY}
        late = delay_of(library, query)
        figures["records"] = library.count(query)
    figures["delay_s"] = (
        {"median": round(late.median_s), "nine_in_ten": round(late.nine_in_ten_s)} if late else None
    )
    return JSONResponse(figures)


def outlets(request: Request) -> Response:
    """Outlets with their health and what they brought by week."""
    rows, report = rows_of(site_of(request))
    return JSONResponse(
        {
            "trouble": report.trouble,
            "items": [
                {
                    "id": row.outlet.id,
                    "name": row.outlet.name,
                    "country": row.outlet.country,
                    "language": row.outlet.language,
                    "homepage": row.outlet.homepage,
                    "health": row.health,
                    "failing_since": row.since or None,
                    "why": row.why or None,
                    "weeks": list(row.activity.weeks) if row.activity else [],
                }
                for row in rows
            ],
        }
    )


def review(request: Request) -> Response:
    """What was left out by a hair."""
    site = site_of(request)
    marks = read_marks(site.config.data_dir, lambda _place, _error: None)
    items = [
        {**asdict(one), "reasons": list(one.reasons), "url": web_link(one.url)}
        for one in left_out(site, _REVIEW_DAYS, marks)
    ]
    return JSONResponse({"items": items})


def health(request: Request) -> Response:
    """How many sources work, and what is wrong with index or Redis."""
    site = site_of(request)
    report = site.health.report(site.catalogue.outlets)
    return JSONResponse(
        {
            "index": site.shelf.trouble,
            "redis": report.trouble,
            "sources": dict(report.counts()),
        }
    )


def failure(status: int, words: str) -> Response:
    """An error, as programs read it."""
    return JSONResponse({"error": words}, status)


def _page(asked: Asked, items: list[dict[str, Any]], has_more: bool) -> Response:
    return Response(
        json.dumps(
            {"page": asked.page, "next": asked.at(asked.page + 1) if has_more else None,
             "items": items},
            ensure_ascii=False,
        ),
        media_type="application/json",
    )  # fmt: skip


def _hit(hit: Hit) -> dict[str, Any]:
    return {**as_json(hit), "cites": _cites(hit.cites)}


def _story(said: dict[str, Any]) -> dict[str, Any]:
    reports = [{**one, "cites": _cites(one["cites"])} for one in said["reports"]]
    return {**said, "reports": reports}


def _cites(cites: Any) -> list[Mapping[str, Any]]:
    """Who is cited and as what; the sentence belongs to the text."""
    return [{name: cite.get(name) for name in ("name", "outlet", "role")} for cite in cites]
