"""A row of the table: what an outlet sends, and what must have become of it when the crawl is over.

The words of an outcome are those that a user reads: in the journal, the dead letters, the health of
the source.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.hostile.stage import Answer, Outlet

Fate = Literal["stored", "journaled", "buried", "waits"]
Pages = Mapping[str, Answer | list[Answer]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What must have become of one page of an outlet; `words` stand in the reason."""

    path: str
    fate: Fate
    words: str = ""


@dataclass(slots=True)
class Seen:
    """What a crawl left of one outlet: lines, letters, jobs that wait, and its source's health."""

    outlet: Outlet
    records: list[Mapping[str, Any]] = field(default_factory=list)
    journal: list[Mapping[str, Any]] = field(default_factory=list)
    letters: dict[str, str] = field(default_factory=dict)
    waiting: dict[str, str] = field(default_factory=dict)
    health: str = ""
    trouble: str = ""

    def fate_of(self, path: str) -> tuple[Fate | None, str]:
        """What became of a page, and the reason as a user reads it."""
        url = path if "://" in path else self.outlet.base + path
        for record in self.records:
            if url in (record["url"], record["url_announced"]):
                return "stored", ""
        for line in self.journal:
            if line["url"] == url:
                return "journaled", f"{line['stage']}: {'; '.join(line['reasons'])}"
        if url in self.letters:
            return "buried", self.letters[url]
        return ("waits", self.waiting[url]) if url in self.waiting else (None, "")

    def record(self, path: str) -> Mapping[str, Any]:
        """The record of a page."""
        url = self.outlet.base + path
        return next(record for record in self.records if record["url_announced"] == url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row. `lines` are those of the list of bad inputs that it stands for.

    `pages` makes the outlet's answers from where it is; `works` and `trouble` tell its source's
    health. `check` looks at what the outcomes cannot say. `passes` is how often it is crawled,
    `secure` which certificate it has.
    """

    name: str
    lines: str
    pages: Callable[[str], Pages]
    outcomes: Sequence[Outcome] = ()
    works: bool = True
    trouble: str = ""
    check: Callable[[Seen], None] | None = None
    source: Literal["feeds", "sitemaps", "sections"] = "feeds"
    source_path: str = "/source"
    passes: int = 1
    secure: str = ""

    @property
    def id(self) -> str:
        """The row's outlet in the catalogue."""
        return "-".join(re.findall("[a-z0-9]+", self.name.lower()))[:60]

    def is_done(self, seen: Seen) -> bool:
        """Whether its source was asked, and each of its pages came to some end."""
        fates = [seen.fate_of(outcome.path)[0] for outcome in self.outcomes]
        return seen.health not in ("", "unproven") and (self.passes > 1 or None not in fates)


def stored(path: str = "/good") -> Outcome:
    """The page is a record."""
    return Outcome(path=path, fate="stored")


def journaled(path: str, words: str) -> Outcome:
    """The page stands in the journal with this reason."""
    return Outcome(path=path, fate="journaled", words=words)


def buried(path: str, words: str) -> Outcome:
    """The page is a dead letter with this reason."""
    return Outcome(path=path, fate="buried", words=words)


def waits(path: str, words: str) -> Outcome:
    """The page is asked for again later, for this reason."""
    return Outcome(path=path, fate="waits", words=words)
