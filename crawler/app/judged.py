"""Finding pages that were stored or left out, for the commands that look at them again.

Promise: both folders are read line by line; a broken line is said and passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.app.terminal import say
from crawler.errors import BrokenLine
from crawler.storage.layout import Place
from crawler.storage.store import iter_journal, iter_records

ID_LEAST = 6  # characters of an id that may stand for it
_RECORD_NEEDS = frozenset(["id", "url", "title", "text", "date_fetched", "match", "found_in"])
_OMISSION_NEEDS = frozenset(["id", "url", "at", "stage"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page that is known: its last record, or its last line in the journal, or both."""

    id: str
    url: str
    record: dict[str, Any] | None = None
    omission: dict[str, Any] | None = None


def tell_broken(place: Place, error: BrokenLine) -> None:
    """Say where a line is broken, and go on."""
    say(f"{place.file}, byte {place.offset}: passed over, {error.problem} (tumen store verify)")


def records(data_dir: Path) -> Iterator[dict[str, Any]]:
    """Every record of the store, in order."""
    for place, said in iter_records(data_dir, tell_broken):
        if _has(said, _RECORD_NEEDS, place.file):
            yield said


def omissions(data_dir: Path) -> Iterator[dict[str, Any]]:
    """Every line of the journal, in order."""
    for said in iter_journal(data_dir, tell_broken):
        if _has(said, _OMISSION_NEEDS, "the journal"):
            yield said


def latest_omissions(data_dir: Path) -> Iterator[dict[str, Any]]:
    """Of every page that was left out the last line; workers may write meanwhile."""
    last: dict[str, str] = {}
    for said in omissions(data_dir):
        last[said["id"]] = max(last.get(said["id"], ""), said["at"])
    for said in omissions(data_dir):
        if last.get(said["id"]) == said["at"]:
            del last[said["id"]]
            yield said


def _has(said: dict[str, Any], needs: frozenset[str], where: str) -> bool:
    if lacking := needs - said.keys():
        names = ", ".join(sorted(lacking))
        say(f"{where}: passed over a line without {names} (tumen store verify)")
    return not lacking


def find_pages(data_dir: Path, wanted: str) -> list[Page]:
    """The pages whose id begins like this (a whole id, or at least six characters of it)."""
    found: dict[str, Page] = {}
    for said in records(data_dir):
        if str(said.get("id")).startswith(wanted):
            found[said["id"]] = Page(id=said["id"], url=said["url"], record=said)
    for said in omissions(data_dir):
        if str(said.get("id")).startswith(wanted):
            known = found.get(said["id"])
            record = known.record if known else None
            found[said["id"]] = Page(id=said["id"], url=said["url"], record=record, omission=said)
    return list(found.values())
