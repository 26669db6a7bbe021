"""`tumen show`: one record, its revisions and what changed, and the response it was read from.

Promise: the archived body reaches a file or a pipe byte by byte, and a terminal only with every
control character made visible.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from crawler.app import options
from crawler.app.selection import reading
from crawler.app.terminal import plain, say, show_table, write_line, write_text
from crawler.config import Config
from crawler.errors import ConfigError
from crawler.news.changes import changes_of
from crawler.news.fields import ArchivePlace
from crawler.storage.archive import read
from crawler.storage.lookup import find_id, records_of
from crawler.storage.marks import read_told

NOT_FOUND = 1


@click.command(epilog="Example: tumen show 3f2a9c --archived > page.html")
@click.argument("record", metavar="ID|URL")
@click.option("--archived", is_flag=True, help="The archived response: headers on stderr, body.")
@click.option("--changes", is_flag=True, help="What changed from one revision to the next.")
@click.option("--revision", type=click.IntRange(min=1), help="This revision (default: the newest).")
@options.where
def show(
    record: str,
    archived: bool,
    changes: bool,
    revision: int | None,
    data: str | None,
    redis_url: str | None,
) -> int:
    """Show a record as JSON, by its id (or the beginning of it) or its address.

    Its story is the one that is known today; what users said of it stands in "marks".
    """
    config = options.config_of(data=data, redis_url=redis_url)
    if not config.data_dir.exists():
        raise ConfigError(f"{config.data_dir} is not there; name the store with --data")
    record_id = find_id(config.data_dir, record)
    revisions = records_of(config.data_dir, record_id) if record_id else []
    wanted = [said for said in revisions if revision in (None, said["revision"])]
    if not wanted:
        say(f"there is no record of {record} in {config.data_dir}")
        return NOT_FOUND
    said = wanted[-1]
    if archived:
        return _show_response(config.data_dir, said)
    if changes:
        return _show_changes(revisions)
    write_line(json.dumps(_joined(config, said), ensure_ascii=False, indent=2))
    if len(revisions) > 1:
        say(f"revision {said['revision']} of {len(revisions)}; --revision N shows another")
    return 0


def _joined(config: Config, said: dict[str, Any]) -> dict[str, Any]:
    """The record with its story as it is known today, and with what users said of it."""
    with reading(config) as library:
        story = library.story_of(said["id"])
    told = read_told(config.data_dir).get(said["id"])
    joined = {**said, "story_id": story or said["story_id"]}
    return {**joined, "marks": asdict(told)} if told else joined


def _show_changes(revisions: Sequence[Mapping[str, Any]]) -> int:
    if len(revisions) == 1:
        say("it has one revision")
    for change in changes_of(revisions):
        write_text(f"revision {change.revision} ({change.cause}), read {change.at}")
        rows = [
            *((f"{name} was", before) for name, before, _after in change.fields),
            *((f"{name} is", after) for name, _before, after in change.fields),
            *(("- taken away", sentence) for sentence in change.removed),
            *(("+ added", sentence) for sentence in change.added),
        ]
        show_table(("", "what changed"), rows, json_lines=False)
    return 0


def _show_response(data_dir: Path, said: Mapping[str, Any]) -> int:
    if not said["archive"]:
        say("its response was not archived (TUMEN_ARCHIVE was off)")
        return NOT_FOUND
    response = read(data_dir, ArchivePlace(**said["archive"]))
    say(f"{response.url} at {response.fetched_at:%Y-%m-%d %H:%M:%S}Z: HTTP {response.status}")
    for name, value in response.response_headers:
        say(f"{name}: {value}")
    if sys.stdout.isatty():
        for line in response.body.decode("utf-8", "replace").splitlines():
            write_line(plain(line))
    else:
        sys.stdout.buffer.write(response.body)
        sys.stdout.buffer.flush()
    return 0
