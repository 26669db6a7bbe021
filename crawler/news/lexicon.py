"""The lexicon: a topic file turned into matchers, one set per language, built when first asked for.

A topic names two parties; which two is the file's business. Promise: what cannot work as written is
refused with the file's name, the place in it and the fix, and matching takes linear time.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crawler.errors import TopicError
from crawler.news.grounds import FOR, GROUNDS
from crawler.news.matchers import (
    AGENTS,
    NAMES,
    PERSONS,
    SCRIPTS,
    Lexicon,
    choose_languages,
    compile_lexicon,
)

TOPICS = (
    "summit",
    "arms",
    "troops",
    "exercises",
    "sanctions",
    "technology",
    "labour",
    "trade",
    "transport",
    "treaty",
    "diplomacy",
    "statement",
    "intelligence",
)
_CLASSES = (*NAMES, *PERSONS, *AGENTS, "voices", "short", "weak")
_LISTS = ("compound", "trilateral", "third", "mask", "digest", "bond", "foes", "sport", "statesmen")


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One of the two. An outlet whose scope is in `scopes` takes it for granted.

    `is_everyday`: it is in the news every day, so that it alone is no hint of the other.
    """

    id: str
    name: str
    scopes: tuple[str, ...]
    is_everyday: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Thresholds in points, and how topics and weak words are read.

    Beside a cue of `force_topics` the weak words of a war stand for whoever wages it. A cue of
    `deal_topics` tells what two parties exchange or do. The words of `title_topics` are everywhere
    in a text: these topics are tagged from titles only; `residual_topics` where a text tells
    nothing else.
    """

    threshold: float
    triage_threshold: float
    force_topics: frozenset[str]
    deal_topics: frozenset[str]
    title_topics: frozenset[str]
    residual_topics: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What is watched for: two parties, the rules, and per language how they are named.

    The first party of the file is side "a", the second "b"; `theatre` is the side whose weak words
    name its war.
    """

    id: str
    name: str
    ruleset: str
    origin: str
    theatre: str | None
    parties: tuple[Party, Party]
    rules: Rules
    weights: Mapping[str, float]
    languages: Mapping[str, Mapping[str, Any]]
    compiled: dict[tuple[str, ...], Lexicon] = field(
        default_factory=dict, compare=False, repr=False
    )

    def name_of(self, side: str) -> str:
        """The name of the party of a side ("a" or "b", in the order of the file)."""
        return self.parties["ab".index(side)].name

    @property
    def everyday(self) -> str | None:
        """The side that is in the news every day, whatever it has to do with the other."""
        return next((s for s, p in zip("ab", self.parties, strict=True) if p.is_everyday), None)

    def implied_side(self, scope: str | None) -> str | None:
        """The side that an outlet of this scope takes for granted."""
        return next((s for s, p in zip("ab", self.parties, strict=True) if scope in p.scopes), None)

    def lexicon(self, language: str | None, sample: str) -> Lexicon:
        """The matchers for a text: its language's where known and plausible, else its script's."""
        scripts = {name: entry["script"] for name, entry in self.languages.items()}
        key = choose_languages(scripts, language, sample)
        found = self.compiled.get(key)
        if found is None:
            entries = {name: self.languages[name] for name in key}
            parties = (self.parties[0].id, self.parties[1].id)
            found = self.compiled[key] = compile_lexicon(entries, parties, self.origin)
        return found


def parse_topic(text: str, origin: str) -> Topic:
    """Read a topic file (TOML text). Raises TopicError. Patterns are compiled when first needed."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TopicError(f"{origin}: not readable as TOML: {error}; correct that line") from error
    head = _table(raw, "topic", origin)
    parties = head.get("parties")
    if not (isinstance(parties, list) and len(parties) == 2 and len(set(map(str, parties))) == 2):
        raise TopicError(f'{origin}: [topic] parties must name two, as in ["dprk", "russia"]')
    first, second = (_read_party(raw, str(party), origin) for party in parties)
    theatre = _table(raw, "rules", origin).get("theatre")
    if theatre not in (None, first.id, second.id):
        raise TopicError(f"{origin}: [rules] theatre must be one of the parties")
    languages = _table(raw, "languages", origin)
    for language, entry in languages.items():
        _check_language(language, entry, (first.id, second.id), origin)
    return Topic(
        id=_word(head, "topic", "id", origin),
        name=_word(head, "topic", "name", origin),
        ruleset=_word(head, "topic", "ruleset", origin),
        origin=origin,
        theatre={first.id: "a", second.id: "b"}.get(str(theatre)),
        parties=(first, second),
        rules=_read_rules(_table(raw, "rules", origin), origin),
        weights=_read_weights(_table(raw, "weights", origin), origin),
        languages=languages,
    )


def verify_topic(topic: Topic) -> None:
    """Compile every language now. Raises TopicError for the first pattern that cannot work."""
    for language in topic.languages:
        topic.lexicon(language, "")


def _table(raw: Mapping[str, Any], name: str, origin: str) -> Mapping[str, Any]:
    found = raw.get(name)
    if not isinstance(found, dict) or not found:
        raise TopicError(f"{origin}: the table [{name}] is missing or empty; add it")
    return found


def _word(table: Mapping[str, Any], place: str, key: str, origin: str) -> str:
    found = table.get(key)
    if not isinstance(found, str) or not found:
        raise TopicError(f'{origin}: [{place}] needs {key} = "..."')
    return found


def _words(table: Mapping[str, Any], place: str, key: str, origin: str) -> list[str]:
    found = table.get(key, [])
    if not (isinstance(found, list) and all(isinstance(word, str) and word for word in found)):
        raise TopicError(f"{origin}: [{place}] {key} must be a list of non-empty strings")
    return found


def _read_party(raw: Mapping[str, Any], party: str, origin: str) -> Party:
    table = _table(_table(raw, "parties", origin), party, origin)
    place = f"parties.{party}"
    scopes = tuple(_words(table, place, "scopes", origin))
    everyday = table.get("everyday", False)
    if not isinstance(everyday, bool):
        raise TopicError(f"{origin}: [{place}] everyday must be true or false")
    name = _word(table, place, "name", origin)
    return Party(id=party, name=name, scopes=scopes, is_everyday=everyday)


def _read_number(table: Mapping[str, Any], place: str, key: str, origin: str) -> float:
    found = table.get(key)
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise TopicError(f"{origin}: [{place}] needs {key} = a number")
    return float(found)


def _read_rules(table: Mapping[str, Any], origin: str) -> Rules:
    def topics(key: str) -> frozenset[str]:
        named = _words(table, "rules", key, origin)
        if unknown := sorted(set(named) - set(TOPICS)):
            raise TopicError(f"{origin}: [rules] {key} knows no {', '.join(unknown)}; take it out")
        return frozenset(named)

    return Rules(
        threshold=_read_number(table, "rules", "threshold", origin),
        triage_threshold=_read_number(table, "rules", "triage_threshold", origin),
        force_topics=topics("force_topics"),
        deal_topics=topics("deal_topics"),
        title_topics=topics("title_topics"),
        residual_topics=topics("residual_topics"),
    )


def _read_weights(table: Mapping[str, Any], origin: str) -> Mapping[str, float]:
    if unknown := sorted(set(table) - set(GROUNDS)):
        raise TopicError(f"{origin}: [weights] knows no {', '.join(unknown)}; take it out")
    weights = {ground: _read_number(table, "weights", ground, origin) for ground in GROUNDS}
    for ground, points in weights.items():
        if points < 0 if ground in FOR else points > 0:
            side = "for the pair: give it 0 or more" if ground in FOR else "against: 0 or less"
            raise TopicError(f"{origin}: [weights] {ground} speaks {side}")
    return weights


def _check_language(language: str, entry: Any, parties: tuple[str, str], origin: str) -> None:
    place = f"languages.{language}"
    if not isinstance(entry, dict):
        raise TopicError(f"{origin}: {place} must be a table, as [{place}]")
    if entry.get("script") not in SCRIPTS:
        raise TopicError(f"{origin}: [{place}] needs script = one of {', '.join(SCRIPTS)}")
    known = {"script", "glue", "capitals", "others", "cues", *_LISTS, *parties}
    if unknown := sorted(set(entry) - known):
        raise TopicError(f"{origin}: [{place}] knows no {', '.join(unknown)}; take it out")
    for key in ("glue", "capitals", *_LISTS):
        _words(entry, place, key, origin)
    for party in parties:
        _check_lists(
            _table(entry, party, f"{origin}: {place}"), f"{place}.{party}", _CLASSES, origin
        )
    others = entry.get("others", {})
    _check_lists(others, f"{place}.others", tuple(others), origin)
    _check_lists(entry.get("cues", {}), f"{place}.cues", TOPICS, origin)


def _check_lists(table: Any, place: str, known: tuple[str, ...], origin: str) -> None:
    if not isinstance(table, dict):
        raise TopicError(f"{origin}: {place} must be a table, as [{place}]")
    if unknown := sorted(set(table) - set(known)):
        raise TopicError(f"{origin}: [{place}] knows no {', '.join(unknown)}; take it out")
    for key in table:
        _words(table, place, key, origin)
        if not key.isidentifier():
            raise TopicError(f"{origin}: [{place}] {key} must be a plain word, as in china")
