"""Which characters the bytes of a page or feed stand for.

Promise: any bytes become text without an exception and without lone surrogates; what the bytes
show counts more than what labels claim, for labels lie often and in known ways.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

import cchardet
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, resolve_encoding

from crawler.news.plausible import plausibility

# Python also knows codecs that are no charset (zip, rot13) or that turn ASCII into other text
# (utf-7, unicode_escape): only what browsers and old newsrooms use is accepted from a label.
_CHARSET = re.compile(
    r"utf-(8|16|16-le|16-be|32)|gb18030|big5|big5hkscs|cp949|johab|cp932|euc_jp|euc_jis_2004"
    r"|shift_jis(_2004|x0213)|iso2022_(kr|jp|jp_1|jp_2|jp_3|jp_2004|jp_ext)|koi8-[rut]|ptcp154"
    r"|mac-(cyrillic|roman)|iso8859-([2-8]|1[03-6])|cp125[0-8]|cp(437|850|852|855|866|874)"
)
# Alphabets that a detector confuses with one another on mostly English or French pages.
_LATIN = re.compile(r"iso8859-([234]|1[03-6])|cp125[02478]|cp(437|850|852)|mac-roman")
_USUAL_LIES = ("cp1252", "utf-8")

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE_BYTES = 200_000
_PIECES = re.compile(rb"[<>\n]")

# Legacy bytes that happen to be valid UTF-8 stay far below three in four, whatever the language.
_UTF8_DAMAGE = 0.25
_SOUND = 0.02
_NON_ASCII = re.compile(r"[^\x00-\x7f]")
# What sound text has next to none of and bytes read with a wrong charset are full of.
_BROKEN = re.compile(
    "[\ufffd\x80-\x9f\ue000-\uf8ff\u2500-\u259f]"
    "|[\uff61-\uff9f]"  # half-width katakana: EUC read as Shift_JIS
    "|[\xdf-\xf6\xf8-\xff\u0430-\u045f](?=[\xc0-\xde\u0400-\u042f])"  # a capital inside a word
    "|[a-z][\u0400-\u045f]|[\u0400-\u045f][a-z]"  # Latin and Cyrillic in one word
    r"|(?<=[^\W\d_])[\xa1-\xac\xae-\xb6\xb8-\xb9\xbb-\xbf](?=[^\W\d_])"  # a sign inside a word
)
# Charsets that are told by what they spell, and in which language.
_SPELLING = {
    "cp949": "ko", "euc_jp": "ja", "cp932": "ja", "gb18030": "zh", "big5hkscs": "zh-Hant",
    "cp1251": "ru", "koi8-u": "ru", "koi8-r": "ru", "iso8859-5": "ru", "cp866": "ru",
}  # fmt: skip
_REALIGN = "tumen-realign"  # an error handler of ours, by its name among the codecs
_FEW_BROKEN = 50  # bytes; more are no accident, and each costs two looks ahead
_AHEAD = 24  # bytes that show whether they spell something
_NEVER_GUESSED = ("cp855", "mac-cyrillic")  # what a detector says of bytes that are broken
_FEW_LETTERS = 24  # bytes beyond ASCII; fewer spell nothing
_SPELLS = 0.4  # right readings score 0.7 and more, wrong ones 0.33 at most
_AS_GOOD = 0.95  # of the best reading's score, from which a label's is taken
_SHOUTING = 200
_HIGH_BYTES = bytes(range(128, 256))
_ISO_2022 = b"\x1b$"  # passes as UTF-8, for it is made of seven bits
_ISO_2022_KR = b"\x1b$)C"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """Text, the codec that read it, and whether that codec was guessed from the bytes."""

    text: str
    charset: str
    guessed: bool


def charset_of(content_type: str | None) -> str | None:
    """Name the charset that a Content-Type header declares, as a codec of Python's."""
    return _accept(http_content_type_encoding(content_type))


def decode(body: bytes, *, declared: str | None, hint: str | None = None) -> Decoded:
    """Read the bytes of a page or feed; `declared` is the HTTP charset, `hint` the outlet's own.

    The order is measured: byte order mark, strict UTF-8, UTF-8 with a little damage, then the
    labels and a detector's guess, of which the first that reads soundly wins.
    """
    for mark, charset in _BOMS:
        if body.startswith(mark):
            return Decoded(text=_read(body, charset), charset=charset, guessed=False)
    text = body.decode("utf-8", "replace")
    seven_bit = _ISO_2022 in body and _mostly_ascii(body)
    damage = text.count("\ufffd") / max(1, len(_NON_ASCII.findall(text)))
    if damage < _UTF8_DAMAGE and not _wide(body) and not (seven_bit and text.isascii()):
        return Decoded(text=text, charset="utf-8", guessed=False)
    labels = [_resolve(declared), _accept(html_body_declared_encoding(body)), _resolve(hint)]
    known = [label for label in labels if label]
    if seven_bit:  # a byte that has no place there would derail the decoder to the end of the page
        body = body.translate(None, _HIGH_BYTES)
        known = [label for label in known if label.startswith("iso2022")]
        known.append("iso2022_kr" if _ISO_2022_KR in body else "iso2022_jp")
    elif spelled := _by_what_it_spells(body, known):
        return Decoded(text=_read(body, spelled), charset=spelled, guessed=spelled not in labels)
    readings = []
    for charset in _candidates(body, known):
        text = _read(body, charset)
        readings.append((_damage(text), text, charset))
        if readings[-1][0] < _SOUND:
            break
    _, text, charset = min(readings, key=lambda reading: reading[0])
    return Decoded(text=text, charset=charset, guessed=charset not in labels)


def _by_what_it_spells(body: bytes, labels: list[str]) -> str | None:
    """Find the East Asian or Cyrillic charset in which the bytes spell words of print.

    A label counts where its reading is about as good as the best. None for all other bytes.
    """
    sample = _sample(body)
    if len(sample) - len(sample.translate(None, _HIGH_BYTES)) < _FEW_LETTERS:
        return None
    scores = {
        charset: plausibility(text, language) - _damage(text)
        for charset, language in _SPELLING.items()
        for text in (_read(sample, charset),)
    }
    best = max(scores, key=lambda charset: scores[charset])
    if scores[best] < _SPELLS:
        return None
    return next((label for label in labels if scores.get(label, 0) > _AS_GOOD * scores[best]), best)


def _sample(body: bytes) -> bytes:
    """Take the pieces beyond ASCII: markup and scripts mislead whoever looks at them."""
    pieces = _PIECES.split(body[:_SAMPLE_BYTES])
    return b" ".join(piece for piece in pieces if not piece.isascii())


def _candidates(body: bytes, labels: list[str]) -> list[str]:
    """Order the charsets worth trying: as labeled, then as guessed, unless the label is a lie."""
    if _wide(body):
        little = body[1:200:2].count(0) > body[0:200:2].count(0)
        return ["utf-16-le" if little else "utf-16-be"]
    guess = _guess(body)
    ordered = list(labels)
    if guess:
        lied = bool(labels) and labels[0] in _USUAL_LIES and not _LATIN.fullmatch(guess)
        ordered.insert(0 if lied else len(ordered), guess)
    ordered = [charset for charset in ordered if not charset.startswith(("utf-16", "utf-32"))]
    return list(dict.fromkeys(ordered)) or ["utf-8"]


def _guess(body: bytes) -> str | None:
    guess = _resolve(cchardet.detect(_sample(body))["encoding"])
    if guess in _NEVER_GUESSED:
        return None
    return "koi8-u" if guess == "koi8-r" else guess  # the same but for Ukrainian's own letters


def _mostly_ascii(body: bytes) -> bool:
    return (len(body) - len(body.translate(None, _HIGH_BYTES))) * 100 < len(body)


def _wide(body: bytes) -> bool:
    """Whether every other byte of the start is NUL as in UTF-16 without a mark."""
    start = body[:200]
    return len(start) > 3 and start.count(0) * 4 > len(start)


def _resolve(label: str | None) -> str | None:
    return _accept(resolve_encoding(label)) if label else None


def _accept(charset: str | None) -> str | None:
    return charset if charset and _CHARSET.fullmatch(charset) else None


def _read(body: bytes, charset: str) -> str:
    text = body.decode(charset, "replace")
    if charset in _SPELLING and 0 < text.count("\ufffd") <= _FEW_BROKEN:
        text = body.decode(charset, _REALIGN)
    return text.removeprefix("\ufeff")


def _realign(error: UnicodeError) -> tuple[str, int]:
    """Go on behind a broken byte where what follows spells something, or a paragraph is lost."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    body, charset = error.object, error.encoding
    language = _SPELLING.get(charset.replace("-", "_"), "zh")
    ends = (error.start + 1, error.start + 2)
    reads = {end: body[end : end + _AHEAD].decode(charset, "replace") for end in ends}
    scores = {end: plausibility(text, language) - _damage(text) for end, text in reads.items()}
    return "\ufffd", min(max(ends, key=lambda end: scores[end]), len(body))


codecs.register_error(_REALIGN, _realign)


def _damage(text: str) -> float:
    """Tell the share of characters beyond ASCII that show a wrong charset."""
    beyond = _NON_ASCII.findall(text)
    if not beyond:
        return 0.0
    # KOI8-R read as windows-1251, and the reverse, swaps capital and small letters.
    shouts = len(beyond) > _SHOUTING and sum(map(str.isupper, beyond)) * 2 > len(beyond)
    return len(_BROKEN.findall(text)) / len(beyond) + (0.1 if shouts else 0.0)
