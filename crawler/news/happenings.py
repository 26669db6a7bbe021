"""What a report says happened: who, where, what was done, with what, how many, on which day.

Concepts are named in nine languages by a file of the topic (crawler/topic/happenings.toml), so that
the facts of two reports can be compared whatever languages they are in.

Promise: facts are read from the headline and the opening alone, in time that grows with their
length; the same text always has the same facts.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from crawler.errors import TopicError
from crawler.news.figures import Day, days_in, numbers_in
from crawler.news.matchers import Finder, choose_languages, compile_groups
from crawler.news.sentences import fold, split_sentences

# In the order in which they win where two fit at one place.
KINDS = ("who", "where", "what", "act")
LANGUAGES: Mapping[str, str] = {
    "en": "latin",
    "ko": "hangul",
    "ja": "kana",
    "zh": "han",
    "ru": "cyrillic",
    "uk": "cyrillic",
    "de": "latin",
    "fr": "latin",
    "es": "latin",
}
_WIDE = ("ko", "ja", "zh")
# An opening: what a reader takes in before deciding to read on. Wide scripts say as much in less.
_OPENING = 420
_OPENING_WIDE = 170


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a report says happened, as concepts ("act.phone"), numbers and days."""

    title: frozenset[str]
    opening: frozenset[str]
    numbers: frozenset[int]
    days: frozenset[Day]

    @property
    def concepts(self) -> frozenset[str]:
        """Those of the headline and of the opening."""
        return self.title | self.opening


@dataclass(frozen=True, slots=True, kw_only=True)
class Concepts:
    """The concepts of a topic; what is found is compiled when a language is first read."""

    origin: str
    patterns: Mapping[str, Mapping[str, str]]  # concept -> language -> pattern
    rates: Mapping[str, float]  # concept -> share of reports that name it
    compiled: dict[tuple[str, ...], tuple[Finder, ...]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def finders(self, language: str | None, sample: str) -> tuple[Finder, ...]:
        """A finder for each kind, in the language of a text, or in those of its script."""
        key = choose_languages(LANGUAGES, language, sample)
        found = self.compiled.get(key)
        if found is None:
            found = self.compiled[key] = tuple(self._compile(kind, key) for kind in KINDS)
        return found

    def _compile(self, kind: str, languages: tuple[str, ...]) -> Finder:
        groups = {
            concept.replace(".", "_"): [named[language] for language in languages]
            for concept, named in self.patterns.items()
            if concept.startswith(f"{kind}.")
        }
        place = f"{self.origin}: {' + '.join(languages)}"
        return compile_groups(groups, LANGUAGES[languages[0]], place)


def parse_concepts(text: str, origin: str) -> Concepts:
    """Read a file of concepts (TOML text). Raises TopicError. Patterns compile when needed."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TopicError(f"{origin}: not readable as TOML: {error}; correct that line") from error
    if unknown := sorted(set(raw) - set(KINDS)):
        raise TopicError(f"{origin}: knows no [{unknown[0]}]; it is one of {', '.join(KINDS)}")
    patterns: dict[str, Mapping[str, str]] = {}
    rates: dict[str, float] = {}
    for kind, concepts in raw.items():
        for name, told in concepts.items():
            patterns[f"{kind}.{name}"] = _patterns(told, f"{origin}: [{kind}.{name}]")
            rates[f"{kind}.{name}"] = float(told["rate"])
    return Concepts(origin=origin, patterns=patterns, rates=rates)


def _patterns(told: Any, place: str) -> Mapping[str, str]:
    if not isinstance(told, dict) or not 0 < told.get("rate", 0) < 1:
        raise TopicError(f"{place} needs rate = the share of reports that name it, as in 0.03")
    named = {key: value for key, value in told.items() if key != "rate"}
    if set(named) != set(LANGUAGES):
        raise TopicError(f"{place} needs a pattern for each of {', '.join(LANGUAGES)}")
    return named


def verify_concepts(concepts: Concepts) -> None:
    """Compile every language now. Raises TopicError for the first pattern that cannot work."""
    for language in LANGUAGES:
        concepts.finders(language, "")


def read_facts(concepts: Concepts, *, title: str, text: str, language: str | None) -> Facts:
    """The facts of a report; the first sentence stands in for a headline that is missing."""
    finders = concepts.finders(language, f"{title}\n{text[:200]}")
    is_wide = (language or "")[:2] in _WIDE
    sentences = split_sentences(text[:4000])
    if not title.strip() and sentences:
        title, *sentences = sentences
    opening = _opening(sentences, _OPENING_WIDE if is_wide else _OPENING)
    return Facts(
        title=_found(finders, title),
        opening=_found(finders, opening),
        numbers=numbers_in(f"{title}\n{opening}"),
        days=days_in(f"{title}\n{opening}"),
    )


def _opening(sentences: Iterable[str], limit: int) -> str:
    taken: list[str] = []
    length = 0
    for sentence in islice(sentences, 12):
        if length >= limit:
            break
        taken.append(sentence)
        length += len(sentence)
    return "\n".join(taken)[: 2 * limit]


def _found(finders: tuple[Finder, ...], text: str) -> frozenset[str]:
    folded = fold(text).lower()
    return frozenset(
        str(match.lastgroup).replace("_", ".", 1)
        for finder in finders
        for match in finder.find(folded)
    )
