"""`tumen store reextract`: read the archived responses again, and store what reads better now.

Promise: nothing that stood in a record is given up without a reason (news/improvements.py); what is
better is the next revision of its record, with the same evidence, and a dry run shows it only.
"""

from __future__ import annotations

import asyncio
import difflib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from crawler.app import options
from crawler.app.terminal import Progress, say, show_table, write_line
from crawler.config import Config
from crawler.errors import BrokenLine, PageError, StoreError
from crawler.news.cite_names import cited_outlets
from crawler.news.fields import ArchivePlace, Fetch
from crawler.news.improvements import improvements
from crawler.news.jsonl import read_time
from crawler.news.lines import EXTRACTOR, Found, Record, build_record, read_record, to_line
from crawler.news.outlets import Outlet
from crawler.news.recurring import find_recurring
from crawler.news.revisions import announced_by, archived_at, revise
from crawler.news.verdicts import PageTask
from crawler.parse_pool import ParseDeath, ParsePool
from crawler.storage import outlet_lines
from crawler.storage.archive import read
from crawler.storage.catalogue import load_catalogue, read_topic
from crawler.storage.connection import Connection, connect
from crawler.storage.frontier import Frontier
from crawler.storage.reading import iter_lines, read_line
from crawler.storage.revisits import plan_first, visit_of
from crawler.storage.store import Place, Slot, open_slot

PARTLY_FAILED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Better:
    """A record that reads better now: the revision it would be, and which fields are better."""

    former: Record
    record: Record
    fields: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """What changes, for machines."""
        before, after = asdict(self.former), asdict(self.record)
        changes = {name: {"before": before[name], "after": after[name]} for name in self.fields}
        return {"id": self.record.id, "url": self.record.url, "changes": changes}

    def lines(self) -> Iterator[str]:
        """What changes, for people: lines that go and lines that come."""
        for name in self.fields:
            before, after = (_shown(getattr(which, name)) for which in (self.former, self.record))
            yield f"  {name}"
            for line in difflib.unified_diff(before, after, n=0, lineterm=""):
                if not line.startswith(("---", "+++", "@@")):
                    yield f"    {line}"


@click.command(epilog="Example: tumen store reextract --since 30d --dry-run")
@click.option("--since", metavar="AGE", help="Only what was fetched since then, such as 30d.")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@options.catalogue
@options.where
@options.as_json
def reextract(
    since: str | None,
    dry_run: bool,
    outlet_paths: tuple[str, ...],
    data: str | None,
    redis_url: str | None,
    json_lines: bool,
) -> int:
    """Read archived pages again with this version, and store what became better.

    Looks at articles that an older extractor read. What reads better is the next revision
    (revision_cause extractor); what reads worse, or only otherwise, stays as it is.
    """
    config = options.config_of(data=data, redis_url=redis_url, outlet_paths=outlet_paths)
    show = _show_json if json_lines else _show
    work = _Work(config, options.since_of(since), show, is_dry=dry_run)
    reread = asyncio.run(work.run())
    if reread.failures:
        show_table(("id", "why"), reread.failures, json_lines=False, on_stderr=True)
    say(
        f"{reread.read} articles read again, {reread.better} "
        f"{'would be' if dry_run else 'are'} better, {len(reread.failures)} could not be read"
    )
    return PARTLY_FAILED if reread.failures else 0


@dataclass(slots=True)
class _Reread:
    """How much was read again, and what could not be."""

    read: int = 0
    better: int = 0
    failures: list[tuple[str, str]] = field(default_factory=list)


class _Work:
    """One run of the command."""

    def __init__(
        self,
        config: Config,
        since: datetime | None,
        show: Callable[[Better], None],
        *,
        is_dry: bool,
    ) -> None:
        self.config, self.since, self.show = config, since, show
        self.outlets = {card.id: card for card in load_catalogue(config.outlets, config.data_dir)}
        self.slot = None if is_dry else open_slot(config.data_dir)
        self.done = _Reread()

    async def run(self) -> _Reread:
        """Read every candidate again; store what is better, unless it is a dry run."""
        config, progress = self.config, Progress("reading again")
        redis = await connect(config.data_dir, config.redis_url)
        cited = cited_outlets(self.outlets.values())
        pool = ParsePool(read_topic(config.topic), config.parsers, cited=cited)
        progress.start()
        try:
            for former in _candidates(config.data_dir, self.since):
                await self._take(redis, pool, former)
                progress.tell(f"{self.done.read} read, {self.done.better} better")
        finally:
            progress.stop()
            pool.close()
            if self.slot is not None:
                self.slot.close()
            await redis.close()
        return self.done

    async def _take(self, redis: Connection, pool: ParsePool, former: Record) -> None:
        card = self.outlets.get(former.outlet or "")
        try:
            better = await _read_again(self.config.data_dir, redis, pool, former, card)
        except (PageError, ParseDeath, StoreError) as error:
            self.done.failures.append((former.id, str(error)))
            return
        self.done.read += 1
        if better is None:
            return
        self.done.better += 1
        self.show(better)
        if self.slot is not None:
            frontier = Frontier(redis, self.config.lease_s, self.config.host_delay_s)
            await _write(self.config, frontier, self.slot, better.record)


def _candidates(data_dir: Path, since: datetime | None) -> Iterator[Record]:
    """The newest revisions whose response is archived and that an older extractor read."""
    newest: dict[str, tuple[int, Place]] = {}
    for place, line in iter_lines(data_dir, "articles"):
        record = _readable(line)
        if record is not None and record.revision >= newest.get(record.id, (0, place))[0]:
            newest[record.id] = (record.revision, place)
    for _revision, place in newest.values():
        record = _readable(read_line(data_dir, place))
        if record is None or record.archive is None or record.revision_cause == "gone":
            continue
        is_wanted = since is None or read_time(record.date_fetched) >= since
        if is_wanted and record.extractor["version"] != EXTRACTOR.version:
            yield record


def _readable(line: bytes) -> Record | None:
    try:
        return read_record(line)
    except BrokenLine:
        return None  # `tumen store verify` tells of it


async def _read_again(
    data_dir: Path, redis: Connection, pool: ParsePool, former: Record, card: Outlet | None
) -> Better | None:
    place = ArchivePlace(**(former.archive or {}))
    response = await asyncio.to_thread(read, data_dir, place)
    pages = await outlet_lines.recall(redis, card.id) if card else []
    task = PageTask(
        body=response.body,
        url=former.url_final,
        content_type=former.http["content_type"],
        outlet=card,
        entry=announced_by(former),
        now=read_time(former.date_fetched),
        recurring=find_recurring(pages),
    )
    verdict, explanation = await pool.explain_page(task)
    fresh = build_record(
        article=verdict.article,
        judgement=verdict.judgement,
        fetch=_fetch_of(former),
        found=Found(kind="manual"),  # a revision keeps what the first was found in
        outlet=card,
        url=former.url,
        alternates=verdict.article.alternates,
    )
    dropped = [line for line, _reason in explanation.dropped]
    fields = improvements(asdict(former), asdict(fresh), explained=dropped)
    if not fields:
        return None
    record = archived_at(revise(former, fresh, "extractor"), place)
    return Better(former=former, record=record, fields=fields)


def _fetch_of(record: Record) -> Fetch:
    http = record.http
    return Fetch(
        url_announced=record.url_announced,
        url_final=record.url_final,
        status=http["status"],
        etag=http["etag"],
        last_modified=http["last_modified"],
        content_type=http["content_type"],
        body_sha256=http["body_sha256"],
        redirects=tuple(http["redirects"]),
        fetched_at=read_time(record.date_fetched),
        discovered_at=read_time(record.date_discovered),
    )


async def _write(config: Config, frontier: Frontier, slot: Slot, record: Record) -> None:
    """Write the revision as a worker would: reserved, on disk, settled."""
    lease = await frontier.borrow(visit_of(record, slot.name), record.id)
    if lease is None:
        return  # another one is at it
    reserved = await frontier.reserve(record.id, record.revision, lease, slot.name)
    if reserved is not None and reserved.won:
        place = slot.append(to_line(record), read_time(record.date_fetched).date())
        slot.sync()
        then = plan_first(record, slot.name, config.revisits)
        stored = (record.id, record.revision, slot.name)
        if not await frontier.ack(lease, {}, stored=stored, then=then):
            slot.cut(place)
        return
    await frontier.ack(lease, {})


def _show_json(better: Better) -> None:
    write_line(json.dumps(better.as_json(), ensure_ascii=False))


def _show(better: Better) -> None:
    write_line(f"{better.record.id}  {better.record.url}")
    for line in better.lines():
        write_line(line)


def _shown(value: object) -> Sequence[str]:
    if isinstance(value, str):
        return value.split("\n")
    if isinstance(value, list):
        return [json.dumps(part, ensure_ascii=False) for part in value]
    return ["" if value is None else str(value)]
