"""A scan of a page's raw bytes for the names of the two parties, before anything is parsed.

Promise: a page whose bytes name both parties in any watched charset, as entities or as escapes, is
never passed over, nor one that does not declare an article; the scan costs less than a fiftieth of
an extraction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from crawler.news.byte_patterns import as_word, as_word_loosely, spell_capitals, spell_pattern
from crawler.news.decoding import decode
from crawler.news.lexicon import Topic
from crawler.news.matchers import AGENTS, NAMES, PERSONS

try:
    import re2
except ImportError:
    # There is no wheel for this platform. Python's own engine would take ten times as long to scan
    # a page as it takes to read it, so every page is read.
    re2 = None

# What a page may hold that a plain scan does not read: soft hyphens within words, Cyrillic and East
# Asian letters as entities or escapes, and charsets whose bytes look like ASCII.
_HYPHENS = r"\xc2\xad|&shy;|&#173;|&#xad;"
_SOFT = (b"\xc2\xad", b"&shy;", b"&#173;", b"&#xad;")
_ESCAPES = (
    r"(?:\\u|&#x)(?:04|30|[4-9a-c][0-9a-f]|d[0-7])[0-9a-f]{2};?"
    r"|&#(?:1[0-3]\d{2}|1[29]\d{3}|[2-5]\d{4});"
)
_SEVEN_BITS = (b"\x00", b"\x1b$")
_ODD = rf"\x00|\x1b\$|{_HYPHENS}|{_ESCAPES}"
_ARTICLE = r"datepublished|published_time|og:type[\"']\s*content=[\"']article|<article[\s>]"
_LARGEST = 4_000_000  # bytes; what is larger is read
_GLANCE = 500_000  # bytes; scanned in a millisecond, also where hostile
_SAMPLE = 32_768
_MEMORY = 64 << 20  # bytes that a scan's automaton may grow to


@dataclass(frozen=True, slots=True)
class _Scan:
    """What is looked for.

    `first` finds whatever may be of it, or a sign that the page is none that a plain scan reads;
    where it finds anything, `plain` decides. Of most pages `first` alone tells, and its automaton
    is a third as large.
    """

    first: Any
    plain: Any


@dataclass(frozen=True, slots=True)
class Prefilter:
    """The scans for both parties of a topic, by side; without an engine there are none."""

    scans: Mapping[str, _Scan]
    respelled: Any
    article: Any

    def missing_side(
        self,
        body: bytes,
        *,
        implied: str | None,
        known: Iterable[str | None] = (),
        charsets: tuple[str | None, str | None] = (None, None),
    ) -> str | None:
        """Name the side ("a" or "b") that a page's bytes do not name; None where it must be read.

        `implied` is the side that the outlet takes for granted, `known` what its source says,
        `charsets` the one that HTTP declares and the one on the outlet's card.
        """
        if len(body) > _LARGEST:
            return None
        if body[:1].isalnum() or body[-1:].isalnum():
            body = b"\n%b\n" % body  # the edges of a word are told by what stands around it
        said = b"\n%b\n" % "\n".join(text for text in known if text).encode("utf-8", "replace")
        is_plain, clear = _is_utf8(body), None
        for side, scan in self.scans.items():
            if side == implied or scan.plain.search(said):
                continue
            if is_plain and not scan.first.search(body):
                return self._if_article(side, body)
            if is_plain and scan.plain.search(body):
                continue
            clear = clear or self._clear(body, is_plain, charsets)
            if not scan.plain.search(clear):
                return self._if_article(side, body)
        return None

    def missing_at_a_glance(
        self, body: bytes, *, implied: str | None, known: Iterable[str | None] = ()
    ) -> str | None:
        """As `missing_side`, where the first scan of a plain page tells it: one pass, no decoding.

        None also where it takes more to tell, and for what is larger than a glance takes in.
        """
        texts = [text for text in known if text]
        if len(body) > _GLANCE or sum(map(len, texts)) > _GLANCE or not _is_utf8(body):
            return None
        if body[:1].isalnum() or body[-1:].isalnum():
            body = b"\n%b\n" % body
        said = b"\n%b\n" % "\n".join(texts).encode("utf-8", "replace")
        for side, scan in self.scans.items():
            if side != implied and not scan.plain.search(said) and not scan.first.search(body):
                return self._if_article(side, body)
        return None

    def _clear(self, body: bytes, is_plain: bool, charsets: tuple[str | None, str | None]) -> bytes:
        """What a page spells, in UTF-8, without hyphens within words and without escapes."""
        if not is_plain or any(sign in body for sign in _SEVEN_BITS):
            declared, hint = charsets
            body = decode(body, declared=declared, hint=hint).text.encode("utf-8", "replace")
        return bytes(self.respelled.sub(_respell, body))

    def _if_article(self, side: str, body: bytes) -> str | None:
        return side if self.article.search(body) else None


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
    if re2 is None:
        return Prefilter(scans={}, respelled=None, article=None)
    return Prefilter(
        scans={side: _scan_for(topic, side) for side in "ab"},
        respelled=_compile([_HYPHENS, _ESCAPES]),
        article=_compile([_ARTICLE]),
    )


def _scan_for(topic: Topic, side: str) -> _Scan:
    capitals = {word for entry in topic.languages.values() for word in entry.get("capitals", ())}
    first = {_ODD}
    plain: set[str] = set()
    for entry in topic.languages.values():
        has_spaces = entry["script"] in ("latin", "cyrillic")
        for pattern in _patterns(topic, entry, side):
            spell = spell_capitals if pattern in capitals else spell_pattern
            spelled = spell(pattern)
            first.add(as_word_loosely(spelled) if has_spaces else spelled)
            plain.add(as_word(pattern, spelled) if has_spaces else spelled)
    return _Scan(first=_compile(first), plain=_compile(plain))


def _respell(found: Any) -> bytes:
    """Give the letter that an entity or escape stands for, in UTF-8; of a soft hyphen nothing."""
    if found[0].lower() in _SOFT:
        return b""
    digits = found[0].strip(b"\\&#;").lower()
    is_decimal = found[0].startswith(b"&#") and not digits.startswith(b"x")
    code = int(digits) if is_decimal else int(digits.lstrip(b"ux"), 16)
    return chr(code).encode("utf-8", "replace")


def _patterns(topic: Topic, entry: Mapping[str, Any], side: str) -> Iterator[str]:
    """The patterns that name a side; weak words where they alone can decide for it."""
    party = entry[topic.parties["ab".index(side)].id]
    kinds = [*NAMES, *PERSONS, *AGENTS, "voices"]
    weights = topic.weights
    if side == topic.theatre or weights["title_weak"] + weights["implied"] >= topic.rules.threshold:
        kinds += ["weak", "short"]
    for kind in kinds:
        yield from party.get(kind, ())
    yield from entry.get("compound", ())
    yield from entry.get("trilateral", ())


def _compile(patterns: Iterable[str]) -> Any:
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1  # bytes, each a character
    options.case_sensitive = False
    options.never_capture = True
    options.log_errors = False  # it would write to stderr from within
    options.max_mem = _MEMORY
    return re2.compile(("|".join(sorted(patterns)) or r"\z.").encode("ascii"), options)


def _is_utf8(body: bytes) -> bool:
    """Whether a body is UTF-8 or ASCII; where its beginning shows it, the rest is taken for it."""
    if body.isascii():
        return True
    beginning = body[: max(0, body.rfind(b"<", 0, _SAMPLE))]  # cut between characters
    if not beginning.isascii():
        body = beginning
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True
