"""Who can be cited: the names of the press and of the catalogue, found in a sentence.

Promise: a name is found as it is written, with the endings that Slavic languages give it, and never
within another word; an outlet of the catalogue carries its id.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from crawler.news.matchers import SCRIPTS, Finder
from crawler.news.outlets import Outlet
from crawler.news.press_names import press_lines
from crawler.news.urls import site


class CitedOutlet(NamedTuple):
    """What must be known of an outlet of the catalogue to find it cited."""

    id: str
    names: tuple[str, ...]
    language: str
    site: str


class Mention(NamedTuple):
    """A name in a sentence. `ending` is what inflection added to it."""

    outlet: Cited
    alias: str
    start: int
    end: int
    ending: str


@dataclass(frozen=True, slots=True)
class Cited:
    """One voice of the press: names, domains, and its editions in the catalogue by language."""

    names: tuple[str, ...]
    domains: tuple[str, ...] = ()
    editions: tuple[tuple[str, str], ...] = ()

    def name_like(self, alias: str) -> str:
        """The name that a citation carries: the first in the script of the one that was used.

        Names in Han letters differ between Japan, China and Taiwan: they stay as they are.
        """
        script = _script_of(alias)
        if script == "han":
            return alias
        return next((name for name in self.names if _script_of(name) == script), alias)

    def edition_for(self, language: str | None) -> str | None:
        """The catalogue id: of the edition in this language, else of the first."""
        said = (language or "").partition("-")[0]
        ids = [id_ for id_, spoken in self.editions if spoken.partition("-")[0] == said]
        return next(iter(ids or [id_ for id_, _ in self.editions]), None)


@dataclass(frozen=True, slots=True)
class CiteNames:
    """All names, ready to be found."""

    by_alias: Mapping[str, Cited]
    by_domain: Mapping[str, Cited]
    finder: Finder

    def find(self, sentence: str) -> Iterator[Mention]:
        """Find the names in a sentence, in order."""
        for found in self.finder.find(sentence):
            alias, ending = found[0], ""
            while alias not in self.by_alias and len(ending) < _ENDING:
                alias, ending = alias[:-1], alias[-1] + ending
            if alias in self.by_alias:
                yield Mention(self.by_alias[alias], alias, found.start(), found.end(), ending)


_ENDING = 3  # letters that inflection adds at most
_CYRILLIC_WORD = re.compile(r"[А-ЯЁІЇЄҐ][а-яёіїєґ'’-]{3,}")
_LETTERS = r"A-Za-zÀ-ɏА-яЁёІіЇїЄєҐґ0-9"
_SPACED = re.compile(f"[{_LETTERS}]")
# Short names of papers in Han letters that are also parts of other words.
_ONLY_QUOTED = re.compile(r"[\u3400-\u9fff]{1,3}[报報]|政客|明镜|世界报")


def cited_outlets(outlets: Iterable[Outlet]) -> tuple[CitedOutlet, ...]:
    """Reduce the catalogue to what finds its outlets cited.

    Governments are left out: what they say is their statement and nobody's report.
    """
    return tuple(
        CitedOutlet(
            outlet.id,
            tuple(dict.fromkeys((*outlet.aliases, outlet.name))),
            outlet.language,
            site(outlet.homepage),
        )
        for outlet in outlets
        if outlet.kind != "government"
    )


@cache
def gather_names(catalogue: tuple[CitedOutlet, ...]) -> CiteNames:
    """Join the names of the press with those of the catalogue; editions of one voice share them."""
    press = [Cited(names, domains) for names, domains in press_lines()]
    for card in catalogue:
        at = next((n for n, known in enumerate(press) if _is_same(known, card)), None)
        if at is None:
            press.append(Cited(card.names, (card.site,), ((card.id, card.language),)))
            continue
        known = press[at]
        press[at] = Cited(
            tuple(dict.fromkeys((*known.names, *card.names))),
            tuple(dict.fromkeys((*known.domains, card.site))),
            (*known.editions, (card.id, card.language)),
        )
    by_alias: dict[str, Cited] = {}
    for cited in press:
        for name in cited.names:
            by_alias.setdefault(name, cited)
    by_domain = {domain: cited for cited in reversed(press) for domain in cited.domains}
    return CiteNames(by_alias, by_domain, _finder(by_alias))


def _is_same(known: Cited, card: CitedOutlet) -> bool:
    return card.site in known.domains or any(name in known.names for name in card.names)


def _finder(aliases: Iterable[str]) -> Finder:
    """Build the finder: the longest name wins."""
    by_letter: dict[str, list[str]] = {}
    for alias in sorted(aliases, key=len, reverse=True):
        by_letter.setdefault(alias[0], []).append(_pattern(alias))
    first = {letter for letter in by_letter if _SPACED.match(letter)}
    spaced = "".join(map(re.escape, sorted(first)))
    wide = "".join(map(re.escape, sorted(set(by_letter) - first)))
    return Finder(
        starts=re.compile(rf"(?<![{_LETTERS}])[{spaced}]|[{wide}]"),
        by_letter={letter: re.compile("|".join(names)) for letter, names in by_letter.items()},
    )


def _pattern(alias: str) -> str:
    escaped = re.escape(alias)
    if _script_of(alias) in ("latin", "cyrillic"):
        ending = rf"[а-яёіїєґ]{{0,{_ENDING}}}" if _CYRILLIC_WORD.fullmatch(alias) else ""
        return rf"{escaped}{ending}(?![{_LETTERS}])"
    if _ONLY_QUOTED.fullmatch(alias):
        return rf"(?<=[《「『“]){escaped}(?=[》」』”])"
    return escaped


def _script_of(name: str) -> str:
    counts: Sequence[tuple[int, str]] = [
        (len(letters.findall(name)), script) for script, letters in SCRIPTS.items()
    ]
    return max(counts)[1]
