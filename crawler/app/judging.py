"""`tumen judge`: a user's verdict on a page, against or with the rules.

Promise: the verdict is on disk before anything follows from it; nothing is ever removed.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

import click

from crawler.app import options
from crawler.app.judged import ID_LEAST, Page, find_pages
from crawler.app.offering import offer, page_job
from crawler.app.terminal import say
from crawler.config import Config
from crawler.news.outlets import outlet_of
from crawler.news.urls import absolute_url, canonical_url, url_id
from crawler.storage.catalogue import load_catalogue
from crawler.storage.marks import Mark, Verdict, append_mark

NOT_FOUND = 1
_ID = re.compile(rf"[0-9a-f]{{{ID_LEAST},32}}")


@click.command(epilog="Example: tumen judge 3f2a9c01 yes --note 'names a port, not the country'")
@click.argument("page", metavar="ID|URL")
@click.argument("verdict", type=click.Choice(["yes", "no"]))
@click.option("--note", metavar="TEXT", help="Why, in your words.")
@options.catalogue
@options.where
def judge(
    page: str,
    verdict: Verdict,
    note: str | None,
    outlet_paths: tuple[str, ...],
    data: str | None,
    redis_url: str | None,
) -> int:
    """Say whether a page is about the two parties.

    "yes" on a page that was left out has it fetched and stored by the next crawl or a watch that
    runs; "no" on one that is stored hides it from readers. The last verdict counts. ID is that of
    `tumen review`, or its first characters.
    """
    config = options.config_of(data=data, redis_url=redis_url, outlet_paths=outlet_paths)
    found = _find(config, page)
    if found is None:
        return NOT_FOUND
    now = datetime.now(UTC)
    mark = Mark(at=now, id=found.id, url=found.url, verdict=verdict, note=note or None)
    append_mark(config.data_dir, mark)
    if found.record is not None:
        say(f"{found.url}: noted; " + ("it is stored" if verdict == "yes" else "readers hide it"))
    elif verdict == "no":
        say(f"{found.url}: noted; it stays out")
    else:
        have_fetched(config, found)
        say(f"{found.url}: noted; the next crawl, or a watch that runs, fetches and stores it")
    return 0


def _find(config: Config, page: str) -> Page | None:
    """The page that is meant. An address need not be known: whoever gives it knows the page."""
    if _ID.fullmatch(page):
        pages = find_pages(config.data_dir, page)
        if len(pages) == 1:
            return pages[0]
        say(f"{page} is the beginning of {len(pages)} ids; give more of it" if pages else
            f"no page with the id {page} is stored or in the journal; "
            "`tumen review` lists ids, or give the URL")  # fmt: skip
        return None
    clean = absolute_url(page, page)
    if clean is None:
        raise click.BadParameter(
            f"{page} is neither an id (6 to 32 of 0-9a-f) nor an http or https address",
            param_hint="ID|URL",
        )
    url = canonical_url(clean)
    known = find_pages(config.data_dir, url_id(url))
    return known[0] if known else Page(id=url_id(url), url=url)


def have_fetched(config: Config, page: Page) -> None:
    """Offer a page that a user wants to the next crawl. Raises DependencyDown without Redis."""
    catalogue = load_catalogue(config.outlets, config.data_dir)
    outlet = outlet_of(catalogue, page.url)
    said = page.omission or {}
    job = page_job(
        url=page.url,
        title=said.get("title"),
        outlet=said.get("outlet") or (outlet.id if outlet else None),
        source=said.get("source"),
        found="manual",
    )
    offer(config, catalogue, [job])
