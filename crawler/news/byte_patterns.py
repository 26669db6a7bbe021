"""Patterns of a topic file, spelled for a scan of raw bytes.

What matchers read in clean text stands in a page as UTF-8, as entities, as escapes of JSON, with
tags and hard spaces in between. Promise: wherever a pattern matches the text of a page, its
spelling matches the bytes; the reverse need not hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from html.entities import codepoint2name

from crawler.news.first_letters import first_letters

_ASIDE = re.compile(r"\(\?(?:=|!|<=|<!)")
_REPEAT = re.compile(r"[?*+]\??|\{\d+[,\d]*\}\??")
_BEYOND_LATIN = 0x250
_CYRILLIC = "\u0400"
_LETTERS_MOST = 40  # of a class; a wider one is any character
# Signs and spaces are written in many ways, which matchers fold into one.
_SIGNS = frozenset("’'‘`´\"“”„«»·・‧•")
_ANY = r"[^\x00-\x20<>]"  # in a word; more would let the automaton grow without end
_GAP = (
    r"(?:[\x00-\x20\xa0]|\xc2\xa0|\xe2\x80.|\xe3\x80\x80|&nbsp;|&#160;|&#xa0;|<[^<>]*>"
    r"|\\[nrt]|\\u00a0)"
)
_SIGN = r"(?:[^a-z0-9<>]{1,3}|&#?[a-z0-9]{2,6};|\\u[0-9a-f]{4})?"


@dataclass(slots=True)
class _Reader:
    pattern: str
    at: int = 0

    def peek(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def take(self) -> str:
        self.at += 1
        return self.pattern[self.at - 1]


def spell_pattern(pattern: str) -> str:
    """Spell a pattern over bytes, apart from the edges of its words."""
    return _read_choice(_Reader(pattern))


def spell_capitals(word: str) -> str:
    """Spell a word that counts only in capitals, within a pattern that else tells no case."""
    return f"(?-i:{_bytes_of(word.upper().encode())})"


def as_word(pattern: str, spelled: str) -> str:
    """Bound what is spelled by the edges of a word; what is scanned needs a byte on either side."""
    if min(first_letters(pattern)) < _CYRILLIC:
        return as_word_loosely(spelled)
    return f"(?:[^\\x80-\\xbf]|[^\\xd0\\xd1][\\x80-\\xbf])(?:{spelled})[^\\xd0\\xd1]"


def as_word_loosely(spelled: str) -> str:
    """Bound it by whatever byte may be the edge of a word, as some within Cyrillic words may.

    Before it that is the last letter of an escape of JSON too.
    """
    return f"[^g-mo-qsu-z_](?:{spelled})[^0-9a-z_]"


def _read_choice(reader: _Reader) -> str:
    parts = [_read_sequence(reader)]
    while reader.peek() == "|":
        reader.take()
        parts.append(_read_sequence(reader))
    return "|".join(parts)


def _read_sequence(reader: _Reader) -> str:
    spelled = ""
    while reader.peek() not in ("", "|", ")"):
        part = _read_part(reader)
        repeat = _REPEAT.match(reader.pattern, reader.at)
        if repeat:
            reader.at = repeat.end()
        if part and repeat:
            part = f"(?:{part}){repeat[0]}"
        spelled += part
    return spelled


def _read_part(reader: _Reader) -> str:
    sign = reader.peek()
    if sign == "(":
        aside = _ASIDE.match(reader.pattern, reader.at)
        reader.at = aside.end() if aside else reader.at + len("(?:")
        if aside:
            _skip_aside(reader)
            return ""
        found = _read_choice(reader)
        reader.take()
        return f"(?:{found})"
    reader.take()
    if sign == "[":
        return _read_class(reader)
    if sign == "\\":
        return _escaped(reader.take())
    if sign in "^$":
        return ""
    return _ANY if sign == "." else _letter(sign)


def _skip_aside(reader: _Reader) -> None:
    """Pass over a look ahead or behind: without it a pattern only matches more."""
    _read_choice(reader)
    reader.take()


def _read_class(reader: _Reader) -> str:
    letters: list[str] = []
    spelled: list[str] = []
    is_open = reader.peek() == "^"
    while (sign := reader.take()) != "]":
        if sign == "\\":
            escaped = reader.take()
            is_open = is_open or escaped in "wWSD"
            spelled.append(_escaped(escaped))
        elif reader.peek() == "-" and reader.pattern[reader.at + 1] != "]":
            reader.take()
            last = reader.take()
            letters += map(chr, range(ord(sign), min(ord(last), ord(sign) + _LETTERS_MOST) + 1))
            is_open = is_open or ord(last) - ord(sign) > _LETTERS_MOST
        else:
            letters.append(sign)
    if is_open:
        return _ANY
    return _either((*spelled, *(_letter(letter) for letter in letters)))


def _escaped(letter: str) -> str:
    if letter == "s":
        return f"{_GAP}+"  # matchers read any run of white space as one
    if letter == "d":
        return "[0-9]"
    return _ANY if letter.isalpha() else _letter(letter)


def _letter(letter: str) -> str:
    if letter in _SIGNS:
        return _SIGN
    if letter.isspace():
        return f"{_GAP}+"
    return _spell(letter)


@cache
def _spell(letter: str) -> str:
    """Spell a letter in UTF-8; Latin ones with accents also as entities and escapes."""
    if letter.isascii():
        return _bytes_of(letter.encode())
    forms = [form for form in (letter, letter.upper()) if len(form) == 1]
    spelled = [_bytes_of(form.encode()) for form in forms]
    for code in map(ord, forms) if ord(letter) < _BEYOND_LATIN else ():
        spelled += [f"&#0*{code};?", f"&#x0*{code:x};?", rf"\\u{code:04x}"]
        if code in codepoint2name:
            spelled.append(f"&{codepoint2name[code]};")
    return _either(spelled)


def _bytes_of(raw: bytes) -> str:
    return "".join(chr(b) if b < 128 and chr(b).isalnum() else f"\\x{b:02x}" for b in raw)


def _either(spelled: Iterable[str]) -> str:
    distinct = dict.fromkeys(spelled)
    return next(iter(distinct)) if len(distinct) == 1 else f"(?:{'|'.join(distinct)})"
