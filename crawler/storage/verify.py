"""Every invariant of the store, checked line by line, without a lock and in bounded memory.

Promise: a store that passes can be read by anybody who keeps to docs/records.md; a problem is told
with file and line number. Nothing is changed.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BufferedIOBase
from pathlib import Path
from typing import Any

from crawler.errors import BrokenLine
from crawler.news.checks import journal_flaws, record_flaws
from crawler.news.fields import ArchivePlace
from crawler.news.jsonl import holds_controls, is_clean
from crawler.news.lines import parse_line
from crawler.storage import evidence, tombstones
from crawler.storage.layout import FOLDERS, Folder, read_name, strangers_of, superseded_of
from crawler.storage.packed import DAMAGED, open_lines
from crawler.storage.reading import open_files

PROBLEMS_SHOWN = 50
# What DuckDB reads as one object; our own lines stay below it.
LINE_LIMIT_BYTES = 16 << 20

_C1 = re.compile(rb"\xc2[\x80-\x9f]")
# Escapes that may stand for a control or half a character; the values then tell.
_ESCAPED = re.compile(rb"\\(?:u00[0189]|u007[fF]|u[dD][89a-fA-F]|[bfrt])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong. `kind` sorts it; `line` counts from 1, 0 means the file itself."""

    file: str
    line: int
    kind: str
    what: str

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}" if self.line else self.file
        return f"{where}: {self.what}"


@dataclass(slots=True, kw_only=True)
class Report:
    """What `verify` found: how much there is, what is wrong by kind, and the first problems."""

    files: int = 0
    records: int = 0
    articles: int = 0
    omissions: int = 0
    size_bytes: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Nothing is wrong."""
        return not self.kinds


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    folder: Folder
    file: str
    number: int
    offset: int
    content: bytes


def verify(data_dir: Path) -> Report:
    """Check every line of articles and journal. Reads only; may run beside a crawl."""
    verification = _Verification(data_dir)
    for folder in FOLDERS:
        verification.read_folder(folder)
    verification.finish()
    return verification.report


def verify_evidence(data_dir: Path) -> Iterator[Problem | None]:
    """Check the archived response of every record that has one: a problem, or None, for each.

    Lines that cannot be read are the business of `verify`.
    """
    for file, held in open_files(data_dir, "articles"):
        try:
            for line in _lines_of("articles", file, held):
                if said := _archived(line):
                    yield _evidence_problem(data_dir, line, said)
        except DAMAGED:
            continue


def _archived(line: _Line) -> dict[str, Any] | None:
    try:
        said = parse_line(line.content)
    except BrokenLine:
        return None
    return said if said.get("archive") else None


def _evidence_problem(data_dir: Path, line: _Line, said: Mapping[str, Any]) -> Problem | None:
    try:
        place = ArchivePlace(**said["archive"])
        wrong = evidence.verify(data_dir, place, str(said["http"]["body_sha256"]))
    except (TypeError, KeyError) as error:
        wrong = f"archive or http do not tell where the response is ({error})"
    if wrong is None:
        return None
    return Problem(file=line.file, line=line.number, kind="evidence", what=wrong)


class _Verification:
    """One run: the report, and the 16 bytes per revision that tell twice from once."""

    def __init__(self, data_dir: Path) -> None:
        self.report = Report()
        self._data_dir = data_dir
        self._revisions: set[bytes] = set()
        self._forgotten = {tombstone.id for tombstone in tombstones.read(data_dir)}
        self._awaited: dict[bytes, Problem] = {}
        self._unended: list[_Line] = []

    def read_folder(self, folder: Folder) -> None:
        for file in strangers_of(self._data_dir, folder):
            self._complain(file, 0, "name", "its name is not DAY.SLOT.jsonl: move it elsewhere")
        for file in superseded_of(self._data_dir, folder):
            self._complain(file, 0, "beside", "its day is packed already: tumen store compact")
        for file, held in open_files(self._data_dir, folder):
            try:
                self._read_file(folder, file, held)
            except DAMAGED as error:
                self._complain(file, 0, "damaged", f"{error}: put it back from a backup")
            self.report.files += 1

    def _read_file(self, folder: Folder, file: str, held: BufferedIOBase) -> None:
        for line in _lines_of(folder, file, held):
            self.report.size_bytes += len(line.content)
            if line.content.endswith(b"\n"):
                self._check(line)
            elif len(line.content) < LINE_LIMIT_BYTES:
                self._unended.append(line)
            else:
                self._tell(line, "long", f"a line of more than {LINE_LIMIT_BYTES} bytes")

    def finish(self) -> None:
        """Judge what only the end can tell: torn ends, and revisions without the one before."""
        for line in self._unended:
            # A crawl may have been at work on it: then it has ended meanwhile.
            whole = _read_again(self._data_dir, line)
            if whole.content.endswith(b"\n"):
                self._check(whole)
            else:
                slot = read_name(Path(line.file).name)
                what = f"{len(line.content)} bytes of a torn line"
                owner = f"the next start of slot {slot.slot if slot else '?'} cuts it"
                self._complain(line.file, line.number, "torn", f"{what}; {owner}")
        for digest, problem in self._awaited.items():
            if digest not in self._revisions:
                self._note(problem)

    def _check(self, line: _Line) -> None:
        if _holds_raw(line.content[:-1]):
            self._tell(line, "raw", "a raw control character or line separator")
        try:
            said = parse_line(line.content)
        except BrokenLine as error:
            self._tell(line, "json", error.problem)
            return
        if _ESCAPED.search(line.content) and _is_unclean(said):
            self._tell(line, "control", "an escaped control character or half a character")
        is_record = line.folder == "articles"
        for flaw in record_flaws(said) if is_record else journal_flaws(said):
            self._tell(line, flaw.kind, flaw.what)
        if is_record:
            self.report.records += 1
            self._check_place(line, said)
            self._check_revision(line, said)
        else:
            self.report.omissions += 1

    def _check_place(self, line: _Line, said: Mapping[str, Any]) -> None:
        name, fetched = read_name(Path(line.file).name), said.get("date_fetched")
        if name is None or not isinstance(fetched, str):
            return
        if fetched[:10] != name.day.isoformat():
            self._tell(line, "day", f"fetched at {fetched}, but in the file of {name.day}")

    def _check_revision(self, line: _Line, said: Mapping[str, Any]) -> None:
        record_id, revision = said.get("id"), said.get("revision")
        if not isinstance(record_id, str) or type(revision) is not int or revision < 1:
            return
        if record_id in self._forgotten:
            self._tell(line, "forgotten", f"{record_id} was forgotten on request: repair cuts it")
        digest = _digest(record_id, revision)
        if digest in self._revisions:
            self._tell(line, "twice", f"revision {revision} of {record_id} is there already")
            return
        self._revisions.add(digest)
        self.report.articles += revision == 1
        if revision > 1 and (before := _digest(record_id, revision - 1)) not in self._revisions:
            what = f"revision {revision} of {record_id} without {revision - 1}"
            self._awaited[before] = Problem(file=line.file, line=line.number, kind="gap", what=what)

    def _tell(self, line: _Line, kind: str, what: str) -> None:
        self._complain(line.file, line.number, kind, what)

    def _complain(self, file: str, number: int, kind: str, what: str) -> None:
        self._note(Problem(file=file, line=number, kind=kind, what=what))

    def _note(self, problem: Problem) -> None:
        self.report.kinds[problem.kind] += 1
        if len(self.report.problems) < PROBLEMS_SHOWN:
            self.report.problems.append(problem)


def _lines_of(folder: Folder, file: str, held: BufferedIOBase) -> Iterator[_Line]:
    offset, number = 0, 0
    while content := held.readline(LINE_LIMIT_BYTES):
        number += 1
        yield _Line(folder=folder, file=file, number=number, offset=offset, content=content)
        offset += len(content)
        while len(content) == LINE_LIMIT_BYTES and not content.endswith(b"\n"):
            # The rest of a line that is too long is passed over, not held.
            content = held.readline(LINE_LIMIT_BYTES)
            offset += len(content)


def _read_again(data_dir: Path, line: _Line) -> _Line:
    with open_lines(data_dir / line.file) as held:
        held.seek(line.offset)
        content = held.readline(LINE_LIMIT_BYTES)
    return _Line(
        folder=line.folder, file=line.file, number=line.number, offset=line.offset, content=content
    )


def _digest(record_id: str, revision: int) -> bytes:
    return hashlib.blake2b(f"{record_id}/{revision}".encode(), digest_size=16).digest()


def _holds_raw(content: bytes) -> bool:
    """Controls or line separators stand there unescaped, as bytes of UTF-8."""
    if b"\xe2\x80\xa8" in content or b"\xe2\x80\xa9" in content:
        return True
    return holds_controls(content) or (b"\xc2" in content and _C1.search(content) is not None)


def _is_unclean(value: Any) -> bool:
    if isinstance(value, str):
        return not is_clean(value)
    if isinstance(value, dict):
        return any(_is_unclean(part) for part in (*value, *value.values()))
    return isinstance(value, list) and any(_is_unclean(part) for part in value)
