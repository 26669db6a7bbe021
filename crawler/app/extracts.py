"""`tumen extract`: one page, or many, to clean text, without a queue and without a store.

Promise: the text is the one that a crawl would store, and a bad page costs only itself.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
import sys
import zlib
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from crawler.app import options
from crawler.app.explaining import show_explanation
from crawler.app.terminal import say, write_line
from crawler.config import Config
from crawler.errors import PageError
from crawler.news.cite_names import CitedOutlet, cited_outlets
from crawler.news.fields import Fetch, Found
from crawler.news.lines import build_record, to_line
from crawler.news.outlets import Outlet, outlet_of
from crawler.news.urls import absolute_url
from crawler.news.verdicts import Explanation, PageTask, PageVerdict
from crawler.parse_pool import ParseDeath, ParsePool
from crawler.storage.catalogue import load_catalogue, read_topic

PARTLY_FAILED = 1
SIZE_LIMIT = 10 * 1024**2
NO_URL = "https://page.invalid/"


@click.command(epilog="Example: tumen extract page.html --url https://www.example.org/a/1")
@click.argument("page", metavar="[FILE|URL|-]", required=False)
@click.option("--url", help="Address that the page came from.")
@click.option(
    "--batch",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="MANIFEST",
    help="JSON lines {id, path, url}; paths are relative to the manifest.",
)
@click.option(
    "--explain", is_flag=True, help="Show whose opinion won and which lines were dropped, and why."
)
@options.as_json
@options.catalogue
def extract(
    page: str | None,
    url: str | None,
    batch: Path | None,
    explain: bool,
    json_lines: bool,
    outlet_paths: tuple[str, ...],
) -> int:
    """Show what is read from a page: one record on standard output.

    With --batch, answers one line {id, title, text, date_published, ...} per page in order, and
    {id, error} for a page that cannot be read. With --explain, shows how the text was found.
    """
    if explain and batch is not None:
        raise click.UsageError("--explain is for one page; leave --batch out")
    config = options.config_of(outlet_paths=outlet_paths)
    catalogue = load_catalogue(config.outlets, config.data_dir)
    if batch is not None:
        return asyncio.run(_extract_batch(config, catalogue, batch))
    if page is None:
        raise click.UsageError("name a file, a URL or -, or give --batch MANIFEST")
    task = _fetch_or_load(config, catalogue, page, url)
    if task is None:
        return PARTLY_FAILED
    try:
        verdict, explanation = asyncio.run(_read(config, task, cited_outlets(catalogue)))
    except (PageError, ParseDeath) as error:
        say(f"tumen: {error}")
        return PARTLY_FAILED
    if explain:
        show_explanation(verdict, explanation, json_lines=json_lines)
    else:
        _show_record(task, verdict, announced=url or task.url)
    return 0


def _fetch_or_load(
    config: Config, catalogue: tuple[Outlet, ...], page: str, url: str | None
) -> PageTask | None:
    """Get the page from where the user says; None where it cannot be had (the user was told)."""
    if page.startswith(("http://", "https://")):
        from crawler.app.asking import ask_once

        answer = ask_once(config, catalogue, page)
        if answer is None:
            return None
        body, content_type, address = answer.body, answer.content_type, answer.url
    else:
        body = sys.stdin.buffer.read(SIZE_LIMIT + 1) if page == "-" else _load(Path(page))
        content_type, address = None, url or NO_URL
    return PageTask(
        body=body,
        url=address,
        content_type=content_type,
        outlet=outlet_of(catalogue, address),
        entry=None,
        now=datetime.now(UTC),
    )


def _show_record(task: PageTask, verdict: PageVerdict, *, announced: str) -> None:
    fetch = Fetch(
        url_announced=announced,
        url_final=task.url,
        status=None,
        content_type=task.content_type,
        body_sha256=hashlib.sha256(task.body).hexdigest(),
        fetched_at=task.now,
        discovered_at=task.now,
    )
    record = build_record(
        article=verdict.article,
        judgement=verdict.judgement,
        fetch=fetch,
        found=Found(kind="manual"),
        outlet=task.outlet,
        url=verdict.url,
        alternates=verdict.article.alternates,
    )
    write_line(to_line(record).decode().rstrip("\n"))


async def _read(
    config: Config, task: PageTask, cited: tuple[CitedOutlet, ...]
) -> tuple[PageVerdict, Explanation]:
    pool = ParsePool(read_topic(config.topic), 1, cited=cited)
    try:
        return await pool.explain_page(task)
    finally:
        pool.close()


async def _extract_batch(config: Config, catalogue: tuple[Outlet, ...], manifest: Path) -> int:
    cited = cited_outlets(catalogue)
    pool, failed = ParsePool(read_topic(config.topic), config.parsers, cited=cited), 0
    try:
        async for answer in _answers(pool, catalogue, manifest, 4 * config.parsers):
            failed += "error" in answer
            write_line(json.dumps(answer, ensure_ascii=False, allow_nan=False))
    finally:
        pool.close()
    return PARTLY_FAILED if failed else 0


async def _answers(
    pool: ParsePool, catalogue: tuple[Outlet, ...], manifest: Path, ahead: int
) -> AsyncIterator[dict[str, Any]]:
    """Answers in the manifest's order, with at most `ahead` pages in memory."""
    waiting: list[asyncio.Task[dict[str, Any]]] = []
    for item in _items(manifest):
        waiting.append(asyncio.create_task(_answer(pool, catalogue, manifest.parent, item)))
        if len(waiting) >= ahead:
            yield await waiting.pop(0)
    for task in waiting:
        yield await task


def _items(manifest: Path) -> Iterator[dict[str, Any]]:
    # A byte that is no UTF-8 becomes an escape that JSON does not know: it costs its own line only.
    with manifest.open(encoding="utf-8", errors="backslashreplace") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                item = json.loads(line)
                name, path, url = item["id"], item["path"], item.get("url")
            except (ValueError, KeyError, TypeError, RecursionError):
                yield {"id": None, "error": f"line {number} of the manifest needs id and path"}
                continue
            if not isinstance(path, str) or "\0" in path or not isinstance(url, str | None):
                yield {"id": name, "error": f"line {number}: path and url must be text"}
                continue
            yield {"id": name, "path": path, "url": url}


async def _answer(
    pool: ParsePool, catalogue: Iterable[Outlet], folder: Path, item: dict[str, Any]
) -> dict[str, Any]:
    if "error" in item:
        return item
    url = absolute_url(item["url"] or "", NO_URL) or NO_URL
    try:
        task = PageTask(
            body=_load(folder / item["path"]),
            url=url,
            content_type=None,
            outlet=outlet_of(catalogue, url),
            entry=None,
            now=datetime.now(UTC),
        )
        verdict = await pool.read_page(task)
    except (PageError, ParseDeath, click.ClickException) as error:
        return {"id": item["id"], "error": str(error)}
    return _shown(item["id"], verdict, url)


def _shown(name: Any, verdict: PageVerdict, url: str) -> dict[str, Any]:
    now = datetime.now(UTC)
    record = build_record(
        article=verdict.article,
        judgement=verdict.judgement,
        fetch=Fetch(
            url_announced=url, url_final=url, status=None, fetched_at=now, discovered_at=now
        ),
        found=Found(kind="manual"),
        outlet=None,
        url=verdict.url,
    )
    said = json.loads(to_line(record))
    wanted = (
        "title", "text", "date_published", "date_modified", "date_precision", "date_source",
        "authors", "language", "description", "publisher", "tags", "image", "free_access",
        "text_status", "text_source", "url", "cites",
    )  # fmt: skip
    return {"id": name, **{field: said[field] for field in wanted}}


def _load(path: Path) -> bytes:
    try:
        body = path.read_bytes()
        if body[:2] == b"\x1f\x8b":
            body = _unzip(path)
    except (OSError, EOFError, zlib.error) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise click.ClickException(f"{path}: {reason or error}") from error
    if len(body) > SIZE_LIMIT:
        raise click.ClickException(f"{path}: larger than {SIZE_LIMIT >> 20} MB")
    return body


def _unzip(path: Path) -> bytes:
    with gzip.open(path) as stream:
        return stream.read(SIZE_LIMIT + 1)
