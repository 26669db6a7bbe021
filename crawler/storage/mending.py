"""Mending a whole store: every file of every slot whose worker is not running.

A start mends the newest files of its own slot (repair.py); this looks at all lines of all. Whatever
is taken out is kept in DATA/quarantine, but for what a person had forgotten.

Promise: afterwards every line that can be mended is: none is broken, none stands twice, none was
to be forgotten. A line that is whole and stands once is never touched.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crawler.news.lines import parse_line
from crawler.storage import old_days, tombstones
from crawler.storage.layout import FOLDERS, Folder, Place, files_of, read_name
from crawler.storage.reading import whole_lines
from crawler.storage.repair import is_broken, quarantine
from crawler.storage.store import Slot, open_slot_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Mend:
    """One thing that was mended, or that waits for its worker to be stopped."""

    file: str
    what: str
    is_done: bool = True


def mend(data_dir: Path) -> Iterator[Mend]:
    """Mend what can be mended, telling each thing as it is done. Raises StoreError, OSError."""
    old_days.finish(data_dir)
    forgotten = {tombstone.id for tombstone in tombstones.read(data_dir)}
    slots: dict[str, Slot | None] = {}
    try:
        for folder in FOLDERS:
            seen: set[bytes] = set()
            for file in files_of(data_dir, folder):
                name = _slot_of(file)
                if name not in slots:
                    slots[name] = slot = open_slot_of(data_dir, name)
                    yield from (
                        Mend(file=repair.file, what=str(repair))
                        for repair in (slot.repairs if slot else ())
                    )
                yield from _mend_file(data_dir, folder, file, slots[name], seen, forgotten)
    finally:
        for slot in slots.values():
            if slot is not None:
                slot.close()


def _mend_file(
    data_dir: Path,
    folder: Folder,
    file: str,
    slot: Slot | None,
    seen: set[bytes],
    forgotten: set[str],
) -> Iterator[Mend]:
    wrong = [
        (place, line, why)
        for place, line in whole_lines(data_dir, file)
        if (why := _why_out(folder, file, line, seen, forgotten))
    ]
    for place, line, why in reversed(wrong):  # from the end on, so that no cut moves the others
        where = f"line at byte {place.offset}: {why}"
        if slot is None:
            what = f"{where}; its worker is running: stop it, then repair"
            yield Mend(file=file, what=what, is_done=False)
            continue
        kept = "" if why == _FORGOTTEN else _keep(data_dir, file, place, line)
        slot.cut(place)
        yield Mend(file=file, what=f"{where}; taken out{kept}")


_FORGOTTEN = "it was forgotten on request"


def _why_out(
    folder: Folder, file: str, line: bytes, seen: set[bytes], forgotten: set[str]
) -> str | None:
    if is_broken(line, file):
        return "it cannot be read"
    said = parse_line(line)
    if said.get("id") in forgotten:
        return _FORGOTTEN
    if folder != "articles":
        return None
    digest = hashlib.blake2b(f"{said['id']}/{said['revision']}".encode(), digest_size=16).digest()
    if digest in seen:
        return f"revision {said['revision']} of {said['id']} stands before it already"
    seen.add(digest)
    return None


def _keep(data_dir: Path, file: str, place: Place, line: bytes) -> str:
    if not line.strip(b"\0\r\n "):
        return ""
    return f", kept in {quarantine(data_dir, file, [(place.offset, line)])}"


def _slot_of(file: str) -> str:
    named = read_name(Path(file).name)
    if named is None:
        raise ValueError(f"{file} is no file of lines")
    return named.slot
