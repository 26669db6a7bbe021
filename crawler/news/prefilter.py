"""A scan of a page's raw bytes for the names of the two parties, before anything is parsed.

Promise: a page whose bytes name both parties in any watched charset, as entities or as escapes, is
never passed over, nor one that does not declare an article; the scan costs under a hundredth of an
extraction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

import re2

from crawler.news.byte_patterns import (
    Unspellable,
    spell_escaped,
    spell_in,
    spell_pattern,
    spell_plain,
)
from crawler.news.lexicon import Topic
from crawler.news.matchers import AGENTS, NAMES

# The charsets that pages of a script come in, besides UTF-8.
_LEGACY = {
    "latin": ("cp1252", "cp1250"),
    "cyrillic": ("cp1251", "koi8_u", "iso8859_5", "cp866"),
    "hangul": ("cp949",),
    "kana": ("cp932", "euc_jp"),
    "han": ("gb18030", "big5hkscs", "cp949"),
}
# What a page may hold that a plain scan does not read: soft hyphens within words, Cyrillic and East
# Asian letters as entities or escapes, and charsets whose bytes look like ASCII.
_HYPHENS = r"\xc2\xad|&shy;|&#173;|&#xad;"
_ESCAPES = (
    r"(?:\\u|&#x0*)(?:04|30|[4-9a-d][0-9a-f])[0-9a-f]{2}"
    r"|&#0*(?:1[0-3]\d{2}|1[29]\d{3}|[2-5]\d{4});"
)
_ODD = rf"\x00|\x1b\$|{_HYPHENS}|{_ESCAPES}"
_ARTICLE = r"datepublished|published_time|og:type[\"']\s*content=[\"']article|<article[\s>]"
_LARGEST = 4_000_000  # bytes; what is larger is read
_SAMPLE = 65_536
_MEMORY = 64 << 20  # bytes that a scan's automaton may grow to


@dataclass(frozen=True, slots=True)
class _Scan:
    """What is looked for: plainly, among entities and escapes, and in the older charsets.

    `first` finds either something of it, or a sign that the page is none that a plain scan reads.
    """

    first: Any
    plain: Any
    escaped: Any
    legacy: Any

    def finds(self, body: bytes) -> bool:
        """Whether anything of it stands in a body, in whatever spelling."""
        return bool(
            self.plain.search(body)
            or self.escaped.search(body)
            or (not _is_utf8(body) and self.legacy.search(body))
        )


@dataclass(frozen=True, slots=True)
class Prefilter:
    """The scans for both parties of a topic, by side."""

    scans: Mapping[str, _Scan]
    hyphens: Any
    article: Any

    def missing_side(
        self, body: bytes, *, implied: str | None, known: Iterable[str | None] = ()
    ) -> str | None:
        """Name the side ("a" or "b") that a page's bytes do not name; None where it must be read.

        `implied` is the side that the outlet takes for granted, `known` what its source says.
        """
        said = "\n".join(text for text in known if text).encode("utf-8", "replace") + b"\n"
        for side, scan in self.scans.items():
            if side != implied and not scan.plain.search(said) and self._lacks(body, scan):
                return side if self.article.search(body) else None
        return None

    def _lacks(self, body: bytes, scan: _Scan) -> bool:
        """Whether a side is named nowhere; most pages are told by the first scan alone."""
        if len(body) > _LARGEST:
            return False
        if not scan.first.search(body):
            return _is_utf8(body) or not scan.legacy.search(body)
        if b"\x00" in body or b"\x1b$" in body:
            return False
        return not scan.finds(self.hyphens.sub(b"", body))


def build_prefilter(topic: Topic) -> Prefilter:
    """Make the scans of a topic's lexicon; built once for each topic."""
    return _build(_Ruleset(topic))


class _Ruleset:
    """A topic as a key: by its ruleset and origin."""

    def __init__(self, topic: Topic) -> None:
        self.topic = topic

    def __hash__(self) -> int:
        return hash((self.topic.ruleset, self.topic.origin))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Ruleset) and other.topic is self.topic


@cache
def _build(ruleset: _Ruleset) -> Prefilter:
    topic = ruleset.topic
    return Prefilter(
        scans={side: _scan_for(topic, side) for side in "ab"},
        hyphens=_compile([_HYPHENS]),
        article=_compile([_ARTICLE]),
    )


def _scan_for(topic: Topic, side: str) -> _Scan:
    spelled: dict[str, set[str]] = {"plain": set(), "escaped": set(), "legacy": set()}
    for entry in topic.languages.values():
        script = str(entry["script"])
        has_words = script in ("latin", "cyrillic")
        for pattern in _patterns(topic, entry, side):
            plain = spell_pattern(pattern, spell_plain, whole_words=has_words)
            spelled["plain"].add(plain)
            if pattern.isascii():
                continue
            spelled["escaped"].add(spell_pattern(pattern, spell_escaped, whole_words=has_words))
            for charset in _LEGACY[script]:
                with suppress(Unspellable):  # a page in this charset cannot name it so
                    older = spell_pattern(pattern, spell_in(charset), whole_words=has_words)
                    spelled["legacy"].add(older)
    spelled["first"] = spelled["plain"] | {_ODD}
    return _Scan(**{kind: _compile(patterns) for kind, patterns in spelled.items()})


def _patterns(topic: Topic, entry: Mapping[str, Any], side: str) -> Iterator[str]:
    """The patterns that name a side; weak words where they alone can decide for it."""
    party = entry[topic.parties["ab".index(side)].id]
    kinds = [*NAMES, *AGENTS, "voices"]
    weights = topic.weights
    if side == topic.theatre or weights.title_weak + weights.implied >= topic.rules.threshold:
        kinds.append("weak")
    for kind in kinds:
        yield from party.get(kind, ())
    yield from entry.get("compound", ())
    yield from entry.get("trilateral", ())


def _compile(patterns: Iterable[str]) -> Any:
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1  # bytes, each a character
    options.case_sensitive = False
    options.never_capture = True
    options.max_mem = _MEMORY
    return re2.compile(("|".join(sorted(patterns)) or r"\z.").encode("ascii"), options)


def _is_utf8(body: bytes) -> bool:
    """Whether a body is UTF-8 or ASCII; where its beginning shows it, the rest is taken for it."""
    sample = body[:_SAMPLE]
    if not sample.isascii():
        body = sample[: max(sample.rfind(b"<"), 1)]  # cut between characters
    if body.isascii():
        return True
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True
