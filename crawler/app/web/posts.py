"""What a browser may write: marks on a record, a verdict on a page, each a line of marks.jsonl.

Promise: nothing is written without the token of a form of ours; a mark is on disk and found when
the browser is sent back to the page it came from.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crawler.app.judged import Page
from crawler.app.judging import have_fetched
from crawler.app.remarks import remark_of
from crawler.app.web.article_pages import record_id
from crawler.app.web.guard import is_forged
from crawler.app.web.outlet_pages import LONGEST_DAYS
from crawler.app.web.rendering import page
from crawler.app.web.site import Site, site_of
from crawler.errors import ConfigError, DependencyDown
from crawler.storage.left_out import LeftOut
from crawler.storage.marks import Mark, Remark, Verdict, append_mark, append_remark

Form = dict[str, str]
WHAT = ("seen", "used", "note", "event")
_LARGEST = 16_384
_NOTE_MOST = 4_000


def posting(write: Callable[[Request, Form], Response]) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint for a form: read with a limit, refused without its token, then written."""

    async def endpoint(request: Request) -> Response:
        form = dict(parse_qsl((await _body(request)).decode("utf-8", "replace")))
        if is_forged(request, form):
            raise HTTPException(
                403, "This form did not come from a page that is open here now. Go back, load the "
                "page again and send it once more."
            )  # fmt: skip
        return await run_in_threadpool(write, request, form)

    return endpoint


def mark(request: Request, form: Form) -> Response:
    """Say that a record was seen or used, note something, or set the day of its event."""
    site, name = site_of(request), record_id(request)
    what, words = form.get("what", ""), form.get("words", "").strip()
    undo = form.get("undo") == "1" or (what in ("note", "event") and not words)
    if what not in WHAT or len(words) > _NOTE_MOST:
        raise ConfigError(f"a mark is one of {', '.join(WHAT)}, a note {_NOTE_MOST} letters long.")
    with site.shelf.look() as library:
        hit = library.hit(name)
    if hit is None:
        raise HTTPException(404, "There is no such record in this store.")
    bare = Remark(at=datetime.now(UTC), id=hit.id, url=hit.url)
    append_remark(site.config.data_dir, remark_of(bare, what, words, undo))
    site.shelf.renew()
    return RedirectResponse(f"/articles/{hit.id}#marks", 303)


def verdict(request: Request, form: Form) -> Response:
    """Say whether a page is about the two parties: one that is stored, or one that was left out."""
    site, name = site_of(request), record_id(request)
    said = form.get("verdict")
    if said not in ("yes", "no"):
        raise ConfigError("a verdict is yes or no.")
    address, left_out = _page(site, name)
    answer: Verdict = "yes" if said == "yes" else "no"
    note = form.get("note", "").strip()[:_NOTE_MOST] or None
    mark = Mark(at=datetime.now(UTC), id=name, url=address, verdict=answer, note=note)
    append_mark(site.config.data_dir, mark)
    site.shelf.renew()
    if left_out is None:
        return RedirectResponse(f"/articles/{name}" if answer == "yes" else "/latest", 303)
    if answer == "yes":
        return _fetched(request, site, left_out)
    return RedirectResponse("/review", 303)


def _fetched(request: Request, site: Site, wanted: LeftOut) -> Response:
    """Have a page fetched after all, or say what is to be done where that cannot be arranged."""
    omission = {"title": wanted.title, "outlet": wanted.outlet, "source": wanted.source}
    try:
        have_fetched(site.config, Page(id=wanted.id, url=wanted.url, omission=omission))
    except DependencyDown as error:
        return page(
            request,
            "message.html",
            headline="Noted, and not fetched yet",
            words=f"Your verdict is kept. {error}. Then: tumen judge {wanted.id[:12]} yes",
            back="/review",
        )
    return RedirectResponse("/review", 303)


def _page(site: Site, name: str) -> tuple[str, LeftOut | None]:
    """The address of a page that is stored, or that was left out."""
    with site.shelf.look() as library:
        revisions = site.terms.told(library.revisions(name))
    if revisions:
        return str(revisions[-1]["url"]), None
    # After a restart nobody may have looked at the list that the form stood in.
    site.journal.nearest((datetime.now(UTC) - timedelta(days=LONGEST_DAYS)).date(), ())
    left_out = site.journal.find(name)
    if left_out is None:
        raise HTTPException(404, "There is no such page in the journal; it may be too old.")
    return left_out.url, left_out


async def _body(request: Request) -> bytes:
    if request.headers.get("content-type", "").partition(";")[0].strip() != (
        "application/x-www-form-urlencoded"
    ):
        raise HTTPException(415, "Only forms of these pages are taken here.")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST:
            raise HTTPException(413, f"At most {_LARGEST} bytes can be sent here.")
    return bytes(body)
