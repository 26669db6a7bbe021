"""Every view as a feed, RSS or JSON Feed, by the same question that its page was asked.

    /feeds/latest.rss?topic=arms        /feeds/stories/ID.json        /feeds/outlets/ID.rss
    /feeds/watches/NAME.rss

Promise: a feed carries excerpts unless TUMEN_FULL_TEXT says otherwise, and nothing that asks for no
copies, wherever it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from crawler.app.watch_feeds import reports_of, troubles_of
from crawler.app.web.outlet_pages import left_out, rows_of
from crawler.app.web.questions import asked_of
from crawler.app.web.site import Site, site_of
from crawler.app.web.views import stories_of
from crawler.errors import ConfigError
from crawler.news.queries import Order, Query
from crawler.news.syndication import Feed, json_feed, rss_feed
from crawler.storage.left_out import LeftOut
from crawler.storage.marks import read_marks

_ITEMS = 100
_REVIEW_DAYS = 7
Items = list[Mapping[str, Any]]


def view_feed(request: Request) -> Response:
    """The feed of a page of many records."""
    name = str(request.path_params["view"])
    if name not in _VIEWS:
        raise HTTPException(404, f"There is no feed of that name; there are {', '.join(_VIEWS)}.")
    title, items = _VIEWS[name](site_of(request), request.query_params)
    return _feed(request, title, items, f"/{name}")


def story_feed(request: Request) -> Response:
    """The reports of a story, the newest first."""
    name = str(request.path_params["id"])
    query = Query(story=name, order="newest", limit=_ITEMS)
    return _feed(request, "one story", _records(site_of(request), query), f"/stories/{name}")


def outlet_feed(request: Request) -> Response:
    """What an outlet brought, what was found last first."""
    name = str(request.path_params["id"])
    query = Query(outlets=(name,), order="discovered", limit=_ITEMS)
    return _feed(request, name, _records(site_of(request), query), f"/outlets/{name}")


def watch_feed(request: Request) -> Response:
    """What a watch of the file of alerts tells."""
    site, name = site_of(request), str(request.path_params["name"])
    try:
        post = site.post
    except ConfigError as error:
        raise HTTPException(503, str(error)) from error  # not the reader's mistake
    watch = post.watches.named(name) if post else None
    if post is None or watch is None:
        names = ", ".join(one.name for one in post.watches.watches) if post else ""
        raise HTTPException(404, f"There is no watch of that name; there are {names or 'none'}.")
    if watch.on == "health":
        return _feed(request, name, troubles_of(post, watch, f"{_base_of(request)}/outlets"), "/")
    with site.shelf.look() as library:
        return _feed(request, name, reports_of(library, post, watch), "/")


def _base_of(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _feed(request: Request, title: str, items: Items, home: str) -> Response:
    base = _base_of(request)
    query = f"?{request.url.query}" if request.url.query else ""
    feed = Feed(
        title=f"Tumen: {title}",
        description="Coverage of relations between the two parties that this Tumen watches.",
        home=f"{base}{home}{query}",
    )
    full_text = site_of(request).terms.full_text
    if request.path_params["form"] == "rss":
        return Response(
            rss_feed(feed, items, full_text=full_text), media_type="application/rss+xml"
        )
    if request.path_params["form"] == "json":
        return Response(
            json_feed(feed, items, full_text=full_text), media_type="application/feed+json"
        )
    raise HTTPException(404, "A feed ends with .rss or .json.")


def _records(site: Site, query: Query) -> Items:
    with site.shelf.look() as library:
        found = library.find(replace(query, shareable=True))
        return [library.record(hit) for hit in found]


def _asked(order: Order) -> Callable[[Site, QueryParams], tuple[str, Items]]:
    def items(site: Site, params: QueryParams) -> tuple[str, Items]:
        asked = asked_of(params, order=order, size=_ITEMS)
        told = ", ".join(value for name, value in asked.words if name != "order")
        return told or "latest", _records(site, replace(asked.query, limit=_ITEMS))

    return items


def _timeline(site: Site, params: QueryParams) -> tuple[str, Items]:
    """Of each story the report to read first."""
    asked = asked_of(params, order="newest", size=_ITEMS)
    stories, _more = stories_of(site, asked)
    items: Items = []
    with site.shelf.look() as library:
        for story in stories:
            # Where the best report must not leave, another one stands for the story.
            hits = [hit for hit in (story.best, *story.reports) if hit.is_shareable]
            if hits:
                items.append(library.record(hits[0]))
    return "timeline, one report for each story", items


def _review(site: Site, _params: QueryParams) -> tuple[str, Items]:
    marks = read_marks(site.config.data_dir, lambda _place, _error: None)
    return "left out by a hair", [_item(one) for one in left_out(site, _REVIEW_DAYS, marks)]


def _item(one: LeftOut) -> Mapping[str, Any]:
    return {
        "id": one.id,
        "url": one.url,
        "title": one.title or one.url,
        "description": one.summary,
        "text": one.summary,
        "language": one.language,
        "publisher": one.outlet,
        "date_discovered": one.at,
        "match": {"reasons": one.reasons},
    }


def _outlets(site: Site, _params: QueryParams) -> tuple[str, Items]:
    """An item for each outlet that fails, new when it begins to fail again."""
    rows, _report = rows_of(site)
    return "outlets in trouble", [
        {
            "id": f"{row.outlet.id} {row.since}",
            "url": row.outlet.homepage,
            "title": f"{row.outlet.name}: {row.health}",
            "description": row.why,
            "text": row.why,
            "date_discovered": row.since,
        }
        for row in rows
        if row.since
    ]


_VIEWS: Mapping[str, Callable[[Site, QueryParams], tuple[str, Items]]] = {
    "latest": _asked("discovered"),
    "search": _asked("newest"),
    "timeline": _timeline,
    "outlets": _outlets,
    "review": _review,
}
