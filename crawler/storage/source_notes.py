"""What is known of sources besides what Redis remembers of their polls.

    DATA/sources.jsonl    one line per note: that a doubtful source answered, that somebody knows
                          of the trouble of a source, or wants to hear of it again

Promise: what was noted outlives Redis; of notes about one id the last one holds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from crawler.errors import StoreError
from crawler.news.health import Acknowledgement
from crawler.news.jsonl import encode, read_time, write_time
from crawler.storage.layout import append_whole

FILE = "sources.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """All that is noted: ids of proven sources, and by id which trouble is known."""

    proven: frozenset[str] = frozenset()
    acknowledged: Mapping[str, Acknowledgement] = field(default_factory=dict)


def read(data_dir: Path) -> Notes:
    """Read the notes; a line that a power cut tore is passed over."""
    try:
        lines = (data_dir / FILE).read_bytes().splitlines()
    except (FileNotFoundError, NotADirectoryError):  # a folder that cannot be one is told elsewhere
        return Notes()
    proven: set[str] = set()
    acknowledged: dict[str, Acknowledgement] = {}
    for line in lines:
        try:
            said = json.loads(line)
            note, name, at = said["note"], str(said["id"]), read_time(said["at"])
            until = read_time(said["until"]) if said.get("until") else None
        except (ValueError, KeyError, TypeError):
            continue
        if note == "proven":
            proven.add(name)
        elif note == "acknowledged":
            acknowledged[name] = Acknowledgement(id=name, at=at, until=until)
        else:
            acknowledged.pop(name, None)
    return Notes(proven=frozenset(proven), acknowledged=acknowledged)


def note_proven(data_dir: Path, sources: Iterable[str], now: datetime) -> None:
    """Note that doubtful sources answered; raises StoreError when it cannot be brought to disk."""
    _append(data_dir, [{"note": "proven", "id": name, "at": write_time(now)} for name in sources])


def acknowledge(data_dir: Path, known: Iterable[Acknowledgement]) -> None:
    """Note that somebody knows of troubles; raises StoreError as above."""
    notes = [
        {
            "note": "acknowledged",
            "id": noted.id,
            "at": write_time(noted.at),
            "until": write_time(noted.until) if noted.until else None,
        }
        for noted in known
    ]
    _append(data_dir, notes)


def alarm_again(data_dir: Path, names: Iterable[str], now: datetime) -> None:
    """Note that somebody wants to hear of troubles again; raises StoreError as above."""
    _append(data_dir, [{"note": "alarmed", "id": name, "at": write_time(now)} for name in names])


def _append(data_dir: Path, notes: list[dict[str, Any]]) -> None:
    path = data_dir / FILE
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        append_whole(path, b"".join(map(encode, notes)))
    except OSError as error:
        raise StoreError(
            f"{path} takes no line ({error.strerror}): make room on its disk, or make it writable"
        ) from error
