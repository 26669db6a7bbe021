"""Sentences: where they end in nine languages, and the spelling that matchers read.

Promise: every sentence is a whole piece of the text it came from; the work grows with its length.
"""

from __future__ import annotations

import re
import unicodedata

# Titles and short forms after which a full stop ends nothing (Latin and Cyrillic press).
_SHORT_FORMS = (
    "mr mrs ms dr gen col lt maj sgt capt adm gov sen rep st no vs prof jr sr inc co corp ltd "
    "jan feb mar apr aug sept sep oct nov dec approx "
    "т г гг им ул руб млн млрд тыс долл проф акад ген стор див "
    "bzw ca usw hr nr abs art sra dra av mme mlle etc"
)
_KEEPS_GOING = frozenset(_SHORT_FORMS.split())
# The last kind lost the space behind it, as when links are taken out: "the talks.He said".
_END = re.compile(
    r"[。！？]+[」』”’）)]*|[.!?…]+[\"'”’»)\]]*(?=\s)|\n"
    r"|(?<=[a-zà-ÿа-яёіїєґ]{2})[.!?](?=[A-ZÀ-ÞА-ЯЁІЇЄҐ][a-zà-ÿа-яёіїєґ\s])"
)
_LAST_WORD = re.compile(r"[\w.]+\Z")
_WORD = re.compile(r"\w")
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
# One sign for each of the dots and quotation marks that scripts write in many ways.
_SIGNS = _UNSEEN | {0x130: "I"} | str.maketrans("ㆍ‧・･•∙⋅'‘`´“”„‟«»", '·······’’’’""""""')
_ODD = re.compile("[" + "".join(map(chr, _SIGNS)) + "]")


def split_sentences(text: str) -> list[str]:
    """The sentences of a text in order, trimmed, each with a word. A line end always ends one."""
    found, begin = [], 0
    for end in _END.finditer(text):
        if end[0][0] == "." and (_is_stray(text, end) or _is_abbreviated(text, begin, end)):
            if not _WORD.search(text, begin, end.start()):
                begin = end.end()
            continue
        if _WORD.search(text, begin, end.end()):
            found.append(text[begin : end.end()].strip())
        begin = end.end()
    if _WORD.search(text, begin):
        found.append(text[begin:].strip())
    return found


def fold(text: str) -> str:
    """A text as matchers read it: NFKC, one dot, one quotation mark, single spaces."""
    plain = text.translate(_SIGNS) if _ODD.search(text) else text
    if not unicodedata.is_normalized("NFKC", plain):
        plain = unicodedata.normalize("NFKC", plain).translate(_SIGNS)
    return " ".join(plain.split())


def _is_stray(text: str, end: re.Match[str]) -> bool:
    """Two full stops, or one behind a space: what is left where markup was taken out."""
    return end[0] == ".." or (end[0] == "." and text[end.start() - 1 : end.start()].isspace())


def _is_abbreviated(text: str, begin: int, end: re.Match[str]) -> bool:
    following = text[end.end() : end.end() + 2].strip()
    if following and following[0].islower():
        return True
    # 24 characters hold any short form; a longer look back would cost quadratic time.
    word = _LAST_WORD.search(text, max(begin, end.start() - 24), end.start())
    if word is None:
        return False
    bare = word[0].rpartition(".")[2]
    return bare.lower() in _KEEPS_GOING or (len(bare) == 1 and bare.isupper())
