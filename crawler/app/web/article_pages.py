"""The pages of one record and of one story.

Promise: a record shows why it is here and what it once said; a story why each report is in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crawler.app.hits import when
from crawler.app.web.rendering import language_name, outlet_name, page
from crawler.app.web.site import Site, site_of
from crawler.news.changes import Change, changes_of
from crawler.news.charts import Dot, report_chart
from crawler.news.excerpts import excerpt_of
from crawler.news.jsonl import read_time
from crawler.storage.gathering import Story, gather
from crawler.storage.library import Hit, Library

_ID = re.compile(r"[0-9a-f]{6,32}")
_WHOLE = 32
_ROWS_MOST = 12


def article(request: Request) -> Response:
    """A record: its text, the evidence, its revisions, its story, its marks."""
    site, wanted = site_of(request), record_id(request)
    with site.shelf.look() as library:
        if len(wanted) < _WHOLE:
            return _redirect(library, wanted)
        hit = library.hit(wanted)
        if hit is None:
            return _not_shown(request, library, wanted)
        revisions = site.terms.told(library.revisions(wanted))
        story = gather(library, hit.story, site.catalogue.houses) if hit.story else None
    said = revisions[-1]
    return page(
        request,
        "article.html",
        hit=hit,
        said=told(said, site),
        revisions=revisions,
        changes=[_told_change(change, site) for change in changes_of(revisions)][::-1],
        story=story,
    )


def story(request: Request) -> Response:
    """A story: its reports in order of time, its origins, why each is in."""
    site, wanted = site_of(request), record_id(request)
    with site.shelf.look() as library:
        name = library.story_of(wanted) or wanted
        found = gather(library, name, site.catalogue.houses)
    if found is None:
        raise HTTPException(404, "There is no such story in this store.")
    if len(wanted) < _WHOLE or wanted != found.id:
        found = replace(found, id=found.reports[0].story or found.id)
    return page(request, "story.html", story=found, chart=_chart(found))


def told(said: dict[str, Any], site: Site) -> dict[str, Any]:
    """A record as it may be shown to whoever asks: with its text, or with how it begins."""
    if site.terms.shows_texts:
        return said
    match = {**(said.get("match") or {}), "sentences": []}
    cites = [{**cite, "sentence": None} for cite in said.get("cites") or ()]
    return {**said, "text": excerpt_of(said), "description": None, "match": match, "cites": cites}


def record_id(request: Request) -> str:
    """The id in an address; raises 404 for what is none."""
    wanted = str(request.path_params["id"]).lower()
    if not _ID.fullmatch(wanted):
        raise HTTPException(404, "That is no id of a record: 6 to 32 of 0-9 and a-f.")
    return wanted


def _redirect(library: Library, beginning: str) -> Response:
    """From the beginning of an id, as commands show it, to the record that is meant."""
    found = library.ids_that_begin(beginning, 2)
    if len(found) != 1:
        many = "Several records begin" if found else "No record begins"
        raise HTTPException(404, f"{many} with {beginning}; give more of the id.")
    return RedirectResponse(f"/articles/{found[0]}", 303)


def _not_shown(request: Request, library: Library, wanted: str) -> Response:
    if library.knows(wanted) and not library.is_for_others:
        return page(request, "hidden.html", record_id=wanted)
    raise HTTPException(404, "There is no such record in this store.")


def _told_change(change: Change, site: Site) -> Change:
    if site.terms.shows_texts:
        return change
    fields = [field for field in change.fields if field[0] != "description"]
    return replace(change, fields=tuple(fields), removed=(), added=())


def _chart(story: Story) -> str:
    """Reports over time by language; nothing where all came at once."""
    times = [_time(hit) for hit in story.reports]
    first, last = min(times), max(times)
    if first == last:
        return ""
    rows = list(dict.fromkeys(language_name(hit.language) for hit in story.reports))[:_ROWS_MOST]
    dots = [_dot(hit, at, first, last, rows) for hit, at in zip(story.reports, times, strict=True)]
    ends = (f"{first:%Y-%m-%d %H:%M}", f"{last:%Y-%m-%d %H:%M}")
    return report_chart(dots, rows, ends)


def _dot(hit: Hit, at: datetime, first: datetime, last: datetime, rows: Sequence[str]) -> Dot:
    name = language_name(hit.language)
    return Dot(
        at=(at - first) / (last - first),
        row=rows.index(name) if name in rows else len(rows) - 1,
        label=f"{outlet_name(hit)}, {when(hit)}: {hit.title}",
        href=f"#report-{hit.id}",
    )


def _time(hit: Hit) -> datetime:
    return read_time(hit.moment)
