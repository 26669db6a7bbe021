"""The words of a text as a search knows them: folded, without endings, pairs of signs in CJK.

Korean, Japanese and Chinese write words into each other, so every two neighboring signs of hangul,
kana and han are a word: "김정은" is found in "김정은이", "会談" in "首脳会談". Other scripts give
words without case and accents, and without the endings that a language hangs on: "Путина" is
"путин".

Promise: what a person types and what a text says become the same words by the same rules; the work
grows with the length of the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# Hangul, kana, han; the prolonged sound mark belongs to kana, the middle dot parts words.
_PAIRED = (
    "\u1100-\u11ff\u3040-\u309f\u30a1-\u30fa\u30fc\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
)
_RUN = re.compile(rf"[{_PAIRED}]+|[^\W_{_PAIRED}]+")
_IS_PAIRED = re.compile(rf"[{_PAIRED}]")
_MARKS = re.compile(r"[\u0300-\u036f]+")
_APOSTROPHES = re.compile(r"(?<=\w)[’'ʼ](?:s\b)?|(?<=\w)['’ʼ](?=\w)")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
# Endings of Russian and Ukrainian nouns and adjectives as they are when folded; three letters stay.
_CYRILLIC_END = re.compile(
    r"(?<=\w{3})(?:иями|ями|ами|иях|иям|ием|иеи|ого|его|ому|ему|ими|ыми|"
    r"ов|ев|ів|ах|ях|ам|ям|ом|ем|ои|еи|ыи|ии|ія|ію|іі|ою|ею|ая|яя|ое|ее|ые|ие|ую|юю|ых|их|ым|им|"
    r"ия|ию|ью|ья|а|я|о|е|ы|и|у|ю|ь|і|є)\Z"
)
_PLURAL = re.compile(r"(?<=[a-z]{3})s\Z")
_LATIN_END = re.compile(r"(?<=[a-z]{3})(?:en|er|e|a|o)\Z")
_QUOTES = '"“”„«»「」『』'
_PIECE = re.compile(rf"[{_QUOTES}]([^{_QUOTES}]+)[{_QUOTES}]|([^\s{_QUOTES}]+)")
_LONGEST = 40  # letters of a word that are kept
_FOLDS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "ı": "i"})


def words_of(text: str) -> Iterator[str]:
    """The words of a text in their order, as they are kept in an index."""
    for run in _RUN.findall(folded(text)):
        if _IS_PAIRED.match(run):
            yield from _pairs(run)
        else:
            yield stem(run)


def phrases_of(query: str) -> list[list[str]]:
    """What a person looks for: for each word, and each phrase in quotes, the words that it is."""
    found = []
    for quoted, bare in re.findall(
        r'["“”„«»「」『』]([^"“”„«»「」『』]+)["“”„«»「」『』]|(\S+)', query
    ):
        phrase = list(_sought(quoted or bare))
        if phrase:
            found.append(phrase)
    return found


def folded(text: str) -> str:
    """A text without case, accents and compatibility forms; Cyrillic й and ё count as и and е."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_FOLDS)
    parted = unicodedata.normalize("NFD", _APOSTROPHES.sub("", plain))
    return unicodedata.normalize("NFC", _MARKS.sub("", parted))


def stem(word: str) -> str:
    """A folded word without the ending that its language hangs on."""
    if _CYRILLIC.search(word):
        return _CYRILLIC_END.sub("", word[:_LONGEST])
    if word.isascii() and word.isalpha():
        one = f"{word[:-3]}y" if word.endswith("ies") else _PLURAL.sub("", word[:_LONGEST])
        return _LATIN_END.sub("", one)
    return word[:_LONGEST]


def _sought(piece: str) -> Iterator[str]:
    # A single sign cannot be a pair: it is sought as the beginning of one.
    for run in _RUN.findall(folded(piece)):
        if not _IS_PAIRED.match(run):
            yield stem(run)
        elif len(run) == 1:
            yield f"{run}*"
        else:
            yield from _pairs(run)


def _pairs(run: str) -> Iterator[str]:
    if len(run) == 1:
        yield run
    for at in range(len(run) - 1):
        yield run[at : at + 2]
