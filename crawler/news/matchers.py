"""Matchers: the patterns of one language, read over a text in a single pass.

At each place of a text the first kind that fits wins: what only looks like a party, tokens of
three, tokens of two, names, other countries. Promise: time grows with the text's length and
nothing else; a pattern that cannot work is refused with its file and place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crawler.errors import TopicError
from crawler.news.first_letters import OpenBeginning, first_letters

NAMES = ("countries", "places")
PERSONS = ("leaders", "officials")
AGENTS = ("bodies", "arms")  # what else acts for a party
SCRIPTS = {
    "latin": re.compile(r"[A-Za-zÀ-ɏ]"),
    "cyrillic": re.compile(r"[Ѐ-ӿ]"),
    "hangul": re.compile(r"[가-힣]"),
    "kana": re.compile(r"[ぁ-ヿ]"),
    "han": re.compile(r"[㐀-鿿]"),
}
_WIDE = ("hangul", "kana", "han")  # no spaces, or particles grown to the noun: match anywhere
_SAMPLE = 200  # characters that tell a script
_NEVER = re.compile(r"(?!)")
_UPPER = re.compile(r"(?<!\\)[A-ZА-ЯІЇЄҐ]")  # but not in \W


@dataclass(frozen=True, slots=True, kw_only=True)
class Finder:
    """Many patterns read in one pass: at a letter only those are tried that can begin with it."""

    starts: re.Pattern[str]
    by_letter: Mapping[str, re.Pattern[str]]

    def find(self, text: str) -> Iterator[re.Match[str]]:
        """Every match in order, none overlapping; `lastgroup` tells the kind."""
        end, by_letter = 0, self.by_letter
        for start in self.starts.finditer(text):
            at = start.start()
            if at >= end and (found := by_letter[start[0]].match(text, at)):
                end = found.end()
                yield found

    def finds(self, text: str) -> bool:
        """Whether there is any match."""
        return next(self.find(text), None) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """The matchers of one language, or of several that share a script.

    `names` finds who is named; its group tells the kind: mask, three, both, third, then a, b (the
    parties in the order of the file), person_a, agent_a, voice_a, short_a, weak_a ..., and
    other_<country>. The groups of `cues` are the topics. `is_wide`: a script that says as much in
    a third of the length. `commas_join`: a comma joins the names of a list, where
    han and kana have a sign of their own for it.
    """

    is_wide: bool
    commas_join: bool
    names: Finder
    cues: Finder
    bond: Finder
    foes: Finder
    sport: Finder
    statesmen: Finder
    digest: Finder
    glue: frozenset[str]
    capitals: frozenset[str]


def choose_languages(
    scripts: Mapping[str, str], language: str | None, sample: str
) -> tuple[str, ...]:
    """The languages to read a text in: the one it says, unless unknown or of another script.

    `scripts` tells the script of each language that is known. A text of an unknown language is read
    in every known one of its script (Polish with English, German, French ...); one of a script
    nobody knows in all of the first language's.
    """
    said = (language or "").replace("_", "-").partition("-")[0].lower()
    script = _script_of(sample[:_SAMPLE])
    if said in scripts and script in (None, scripts[said]):
        return (said,)
    if script is None:
        script = next(iter(scripts.values()))
    return tuple(name for name, known in scripts.items() if known == script) or tuple(scripts)[:1]


def _script_of(sample: str) -> str | None:
    """The script of a text. Kana and hangul outweigh han, with which they are mixed."""
    counts = {name: len(letters.findall(sample)) for name, letters in SCRIPTS.items()}
    if counts["kana"] + counts["hangul"] > counts["han"] / 8:
        counts["han"] = 0
    best = max(counts, key=lambda name: counts[name] * (2 if name in _WIDE else 1))
    return best if counts[best] else None


def compile_lexicon(
    entries: Mapping[str, Mapping[str, Any]], parties: tuple[str, str], origin: str
) -> Lexicon:
    """Join the patterns of the languages given, which share a script. Raises TopicError."""
    script = next(iter(entries.values()))["script"]
    is_wide = script in _WIDE
    names: dict[str, list[str]] = {}
    for entry in entries.values():
        for kind, patterns in _name_groups(entry, parties):
            names.setdefault(kind, []).extend(patterns)
    cues: dict[str, list[str]] = {}
    for entry in entries.values():
        for topic, patterns in entry.get("cues", {}).items():
            cues.setdefault(topic, []).extend(patterns)

    def joined(groups: Mapping[str, list[str]]) -> Finder:
        return _join(groups, is_wide, f"{origin}: [languages.{' + '.join(entries)}]")

    def listed(key: str) -> Finder:
        return joined({key: [p for entry in entries.values() for p in entry.get(key, [])]})

    def words(key: str) -> frozenset[str]:
        return frozenset(word for entry in entries.values() for word in entry.get(key, []))

    return Lexicon(
        is_wide=is_wide,
        commas_join=script not in ("han", "kana"),
        names=joined(names),
        cues=joined(cues),
        bond=listed("bond"),
        foes=listed("foes"),
        sport=listed("sport"),
        statesmen=listed("statesmen"),
        digest=listed("digest"),
        glue=words("glue"),
        capitals=words("capitals"),
    )


def compile_groups(groups: Mapping[str, list[str]], script: str, place: str) -> Finder:
    """One finder for groups of patterns that win in their order. Raises TopicError."""
    return _join(groups, script in _WIDE, place)


def _name_groups(
    entry: Mapping[str, Any], parties: tuple[str, str]
) -> Iterable[tuple[str, list[str]]]:
    """The kinds of names in the order in which they win."""
    for kind, key in (("mask", "mask"), ("three", "trilateral"), ("both", "compound")):
        yield kind, entry.get(key, [])
    yield "third", entry.get("third", [])
    for side, party in zip("ab", parties, strict=True):
        yield side, [p for name in NAMES for p in entry[party].get(name, [])]
        yield f"person_{side}", [p for name in PERSONS for p in entry[party].get(name, [])]
        yield f"agent_{side}", [p for name in AGENTS for p in entry[party].get(name, [])]
        yield f"voice_{side}", entry[party].get("voices", [])
    for country, patterns in entry.get("others", {}).items():
        yield f"other_{country}", patterns
    for side, party in zip("ab", parties, strict=True):
        yield f"short_{side}", entry[party].get("short", [])
        yield f"weak_{side}", entry[party].get("weak", [])


def _join(groups: Mapping[str, list[str]], is_wide: bool, place: str) -> Finder:
    """One finder for the groups, which win in their order. Raises TopicError."""
    by_letter: dict[str, dict[str, list[str]]] = {}
    for kind, patterns in groups.items():
        for pattern in patterns:
            for letter in _check_pattern(pattern, f"{place} {kind}"):
                by_letter.setdefault(letter, {}).setdefault(kind, []).append(pattern)
    if not by_letter:
        return Finder(starts=_NEVER, by_letter={})
    letters = "[" + "".join(map(re.escape, sorted(by_letter))) + "]"
    return Finder(
        starts=re.compile(letters if is_wide else rf"(?<!\w){letters}"),
        by_letter={letter: _either(kinds, is_wide) for letter, kinds in by_letter.items()},
    )


def _either(kinds: Mapping[str, list[str]], is_wide: bool) -> re.Pattern[str]:
    either = "|".join(f"(?P<{kind}>{'|'.join(patterns)})" for kind, patterns in kinds.items())
    return re.compile(either if is_wide else rf"(?:{either})(?!\w)")


def _check_pattern(pattern: str, place: str) -> frozenset[str]:
    """The first letters of a pattern that works; TopicError tells what to change in any other."""
    try:
        alone = re.compile(pattern)
    except re.error as error:
        problem = f"is no regular expression ({error}); correct it"
        raise TopicError(f"{place}: {pattern!r} {problem}") from error
    if _UPPER.search(pattern):
        raise TopicError(f"{place}: {pattern!r} has capitals; write it in lower case")
    if alone.groups:
        raise TopicError(f"{place}: {pattern!r} captures a group; write (?:...) for (...)")
    try:
        return first_letters(pattern)
    except OpenBeginning as error:
        problem = "can begin with anything; begin it with a letter or a class of letters"
        raise TopicError(f"{place}: {pattern!r} {problem}") from error
