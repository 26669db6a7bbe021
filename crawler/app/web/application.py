"""The application: which address is answered by what, and how errors become pages.

Promise: every error is a page (or JSON below /api) that says what is the matter, and no answer
holds a traceback.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import traceback
from collections.abc import Awaitable, Callable
from importlib.resources import files

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from crawler.app.web import api, article_pages, feeds, outlet_pages, posts, views
from crawler.app.web.guard import Guard
from crawler.app.web.rendering import page
from crawler.app.web.site import Site
from crawler.errors import ConfigError, TumenError

_LOG = logging.getLogger("tumen.web")
_HEADLINES = {
    400: "That question was not understood",
    403: "This form is not accepted",
    404: "Nothing is here",
    405: "That cannot be done here",
    413: "That is too much",
    415: "That is no form",
    503: "The store cannot be read just now",
}
_BUSY = 503
_BROKEN = 500


def make_application(site: Site) -> Guard:
    """The whole server as an ASGI application, behind its guard."""
    application = Starlette(
        routes=_routes(),
        exception_handlers={
            HTTPException: _refused,
            ConfigError: _not_understood,
            TumenError: _busy,
            sqlite3.Error: _busy,
            OSError: _busy,
            Exception: _broken,
        },
    )
    application.state.site = site
    return Guard(
        application,
        site.config.serve_hosts,
        site.config.serve_password,
        is_shared=site.terms.is_shared,
    )


def _routes() -> list[Route | Mount]:
    static = str(files("crawler.app.web") / "static")
    return [
        Route("/", views.overview),
        Route("/latest", views.latest),
        Route("/search", views.search),
        Route("/timeline", views.timeline),
        Route("/articles/{id}", article_pages.article),
        Route("/articles/{id}/marks", posts.posting(posts.mark), methods=["POST"]),
        Route("/articles/{id}/verdict", posts.posting(posts.verdict), methods=["POST"]),
        Route("/stories/{id}", article_pages.story),
        Route("/outlets", outlet_pages.outlets),
        Route("/outlets/{id}", outlet_pages.outlet),
        Route("/review", outlet_pages.review),
        Route("/feeds/{view}.{form}", feeds.view_feed),
        Route("/feeds/stories/{id}.{form}", feeds.story_feed),
        Route("/feeds/outlets/{id}.{form}", feeds.outlet_feed),
        Route("/feeds/watches/{name}.{form}", feeds.watch_feed),
        Route("/api/records", api.records),
        Route("/api/records/{id}", api.record),
        Route("/api/stories", api.stories),
        Route("/api/stories/{id}", api.story),
        Route("/api/stats", api.stats),
        Route("/api/outlets", api.outlets),
        Route("/api/review", api.review),
        Route("/api/health", api.health),
        Route("/health", _alive),
        Route("/robots.txt", _robots),
        Mount("/static", StaticFiles(directory=static)),
    ]


def _alive(_request: Request) -> Response:
    return PlainTextResponse("ok\n")


def _robots(_request: Request) -> Response:
    return PlainTextResponse("User-agent: *\nDisallow: /\n")


def _told(request: Request, status: int, words: str) -> Response:
    if request.url.path.startswith("/api/"):
        return api.failure(status, words)
    headline = _HEADLINES.get(status, "Something went wrong")
    return page(request, "message.html", status, headline=headline, words=words, back="")


def _of_errors(
    status: int, words: Callable[[Exception], str]
) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def handler(request: Request, error: Exception) -> Response:
        return await asyncio.to_thread(_told, request, status, words(error))

    return handler


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    plain = error.detail in ("Not Found", "Method Not Allowed")
    words = f"No page has the address {request.url.path[:200]}." if plain else error.detail
    return await asyncio.to_thread(_told, request, error.status_code, words)


async def _broken(request: Request, error: Exception) -> Response:
    _LOG.error("%s %s: %r", request.method, request.url.path, error)
    _LOG.debug("".join(traceback.format_exception(error)))
    words = "It is our fault and stands in the log. Other pages may work."
    return await asyncio.to_thread(_told, request, _BROKEN, words)


def _of_busy(error: Exception) -> str:
    return f"{error}. Try again in a moment."


_not_understood = _of_errors(400, str)
_busy = _of_errors(_BUSY, _of_busy)
