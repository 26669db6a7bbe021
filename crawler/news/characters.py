"""Hygiene of text that strangers wrote: one line, paragraphs, markup, and what a terminal may see.

Promise: nothing that leaves this module holds a control character, a lone surrogate, a bidi
override or an invisible mark, whatever went in; and no input costs more than linear time.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from lxml import etree

# Feeds escape markup once for XML, which is undone before we see it, and often once or twice more.
_UNESCAPES = 3
# Markup is read up to here: what announces an article is never longer, what attacks us may be.
MARKUP_LIMIT = 500_000
# UAX #15 (stream-safe text) allows 30 marks in a row. Normalizing costs the square of a run:
# 160,000 marks after one letter took 31 s.
_MARKS_IN_A_ROW = 30

_SURROGATE = re.compile("[\ud800-\udfff]")
# Controls that are no white space; bidi marks, embeddings, overrides and isolates (UAX #9, and
# CVE-2021-42574); zero-width and deprecated format characters; tags; noncharacters.
_HARMFUL = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\u00ad\u034f\u180e\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f"
    "\ufdd0-\ufdef\ufffe\uffff"
)
_INVISIBLE = re.compile(f"[{_HARMFUL}]")
_UNFIT_TO_SHOW = re.compile(f"[{_HARMFUL}\t-\r\x1c-\x1f\x85\u2028\u2029\ud800-\udfff]")
# Joiners shape letters from Arabic to Khmer: between two of them, or after an Indic virama.
_SHAPED = "\u0600-\u109f\u1780-\u18af"
_VIRAMA = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0c4d\u0ccd\u0d4d"
_JOINER = re.compile(
    rf"(?:(?<=\w)(?<=[{_SHAPED}])|(?<=\w[{_VIRAMA}]))([\u200c\u200d])(?=\w)(?=[{_SHAPED}])"
    r"|[\u200c\u200d]"
)
# No mark is a word character, so a run of marks lies within a run of these.
_LONG_RUN = re.compile(rf"[^\w\s\x00-\u02ff]{{{_MARKS_IN_A_ROW + 1},}}")

_MARKUP = re.compile(r"<[a-zA-Z/!?]|&#?\w")
_TAG_OPENS = re.compile(r"<(?=[a-zA-Z/!?])")
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
_HIDDEN = frozenset({"script", "style", "template"})
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        """
        address article aside blockquote br caption dd div dl dt figcaption figure footer form
        h1 h2 h3 h4 h5 h6 header hr li main nav ol option p pre section table td th title tr ul
        """,
    )
)


def clean_line(text: str) -> str:
    """One line of clean text: NFC, no controls or invisible marks, white space collapsed."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return " ".join(_composed(_without_invisible(text)).split())


def clean_text(text: str) -> str:
    """Paragraphs as lines, each as `clean_line` makes it; empty ones are dropped."""
    lines = _composed(_without_invisible(text)).splitlines()
    return "\n".join(" ".join(line.split()) for line in lines if line.strip())


def plain_text(markup: str) -> str:
    """The text of HTML as feeds carry it, escaped once or twice; blocks become lines.

    Scripts and styles go with their content. Text without markup comes out as `clean_text` makes
    it. A "<" that could still open a tag after three unescapings is dropped. What stands beyond
    `MARKUP_LIMIT` characters is not read.
    """
    text = markup[:MARKUP_LIMIT]
    for _ in range(_UNESCAPES):
        if not _MARKUP.search(text):
            break
        text = _text_of(text)
    return clean_text(_TAG_OPENS.sub("", _without_invisible(text)))


def visible(text: str) -> str:
    """The text for terminals and logs: every control, bidi or invisible character as a mark.

    Line ends are marked too: what is one value stays on one line.
    """
    return _UNFIT_TO_SHOW.sub(_mark_of, text)


def _mark_of(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)
    return "\N{SYMBOL FOR DELETE}" if code == 0x7F else f"⟨U+{code:04X}⟩"


def _without_invisible(text: str) -> str:
    if _SURROGATE.search(text):
        # Two halves of a pair that a sloppy decoder left apart become the one character they are.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _INVISIBLE.sub("", text)


def _composed(text: str) -> str:
    text = unicodedata.normalize("NFC", _LONG_RUN.sub(_calmed, text))
    if "\u200c" in text or "\u200d" in text:
        text = unicodedata.normalize("NFC", _JOINER.sub(r"\1", text))
    return _LONG_RUN.sub(_calmed, text)  # one mark may have become two


def _calmed(match: re.Match[str]) -> str:
    return "".join(_first_marks(match.group()))


def _first_marks(run: str) -> Iterator[str]:
    marks = 0
    for character in run:
        if character in "\u200c\u200d":
            yield character  # may be taken out later, and then joins the marks around it
            continue
        marks = marks + 1 if unicodedata.category(character).startswith("M") else 0
        if marks <= _MARKS_IN_A_ROW:
            yield character


class _TextOfMarkup:
    """Target of lxml's parser: gathers text, building no tree."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.hidden = 0

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        self.hidden += tag in _HIDDEN
        if tag in _BLOCKS:
            self.parts.append("\n")

    def end(self, tag: str) -> None:
        self.hidden -= tag in _HIDDEN
        if tag in _BLOCKS:
            self.parts.append("\n")

    def data(self, text: str) -> None:
        if not self.hidden:
            self.parts.append(text)

    def close(self) -> str:
        return "".join(self.parts)


def _text_of(markup: str) -> str:
    clean = _CDATA.sub("", _without_invisible(markup))
    target = _TextOfMarkup()
    # The stubs ask for every event; lxml sends only those that the target has methods for.
    parser = etree.HTMLParser(target=target, encoding="utf-8", huge_tree=True)  # type: ignore[call-overload]
    # Without an element an empty text would be an error to the parser.
    parser.feed(f"<p>{clean}".encode())
    parser.close()
    return target.close()
