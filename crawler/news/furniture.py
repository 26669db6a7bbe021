"""Lines that stand among an article's paragraphs and are not its text.

Promise: only lines that are short and wholly furniture go, each with its reason; a sentence that
mentions an advertisement, a photographer or a date stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from crawler.news.dates import parse_moment
from crawler.news.furniture_words import LABELS, NOTICES, POINTERS, RELATED
from crawler.news.printed import key_of


def _phrases(words: str) -> list[str]:
    return [phrase for line in words.split("\n") for phrase in line.split("|") if phrase]


_FURNITURE = frozenset(map(key_of, _phrases(LABELS) + _phrases(RELATED)))
_LISTS = frozenset(map(key_of, _phrases(RELATED)))
_POINTER = re.compile(
    rf"\W*(?:{'|'.join(_phrases(POINTERS))})\s*(?:[:：»>→|]|[-–—]\s).{{3,200}}", re.IGNORECASE
)
_CREDIT = re.compile(
    r"(?:main |cover |top |title )?(?:photo|image|picture|photograph|video|illustration|foto|bild"
    r"|фото|фотография|світлина|видео|відео|사진|写真|画像|图|图片|圖|資料圖|图源)"
    r"(?: ?(?:source|credit|courtesy|by|from|via|quelle|제공|提供|cr[ée]dit|de|автора))*"
    r"\s*(?:[:：=©/|]|\bby\b)\s*.{1,90}"
    r"|\(?(?:photo|image|foto|фото|사진|写真)[^.!?。]{0,40}\)?"
    r"|[(\[【]?(?:ap|afp|reuters|epa|getty images|kcna|tass|тасс)[ /]?(?:photo|images?|фото)?\W*",
    re.IGNORECASE,
)
_RIGHTS = re.compile(
    r".{0,60}(?:©|ⓒ|\(c\)|copyright|all rights reserved|все права защищены|усі права захищено"
    r"|무단\s?전재|無断転載|版权所有|未经授权|未經授權|alle rechte vorbehalten).{0,90}",
    re.IGNORECASE,
)
_NOTICE = re.compile(rf"\W*(?:{'|'.join(_phrases(NOTICES))})", re.IGNORECASE)
_ADDRESS_LINE = re.compile(r"[\w .·ㆍ,/|가-힣]{0,30}\s*[\w.+-]{2,40}@[\w-]+(?:\.[\w-]+)+\W{0,3}")
_LINK_LINE = re.compile(r"\S{0,12}\s?(?:https?://|www\.)\S+", re.IGNORECASE)
_MINUTES = re.compile(r"\d+\s*(?:min|minutes?|мин|хв|분|分)\W{0,3}(?:read|lesezeit|чтения)?", re.I)
_BY = re.compile(
    r"(?:by|von|par|por|текст|автор|written by|posted by)\b[:：]?\s.{2,80}"
    r"|[가-힣]{2,4}\s?(?:기자|특파원)|(?:记者|記者|文|作者)\s*[:：/|]?\s*\S{2,12}",
    re.IGNORECASE,
)
_BIO = re.compile(
    r"\s(?:is|was) (?:an?|the) .*(?:reporter|writer|editor|correspondent|journalist|columnist"
    r"|fellow|professor|analyst|director)\b|\s(?:covers|writes (?:about|on|for))\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?。！？…:;»”\"')\]」』]$")
_HEAD = 6  # lines at the top where headline, byline and date line are looked for
_SHORT = 100
_NOTICE_LENGTH = 320
_ALIKE = 0.6  # share of the longer of two headlines that is the shorter


def find_furniture(
    lines: Sequence[str], *, titles: Iterable[str | None], authors: Iterable[str], now: datetime
) -> dict[int, str]:
    """Name the lines that are not the article's own, by place, each with the reason."""
    headlines = {key for title in titles if (key := key_of(title))}
    names = {key for author in authors if (key := key_of(author))}
    end = _list_begins(lines)
    found = dict.fromkeys(range(end, len(lines)), "a list of other articles")
    kept = 0
    for place, line in enumerate(lines[:end]):
        at_top = kept == 0 or place < _HEAD
        reason = _reason_at_top(line, headlines, names, now) if at_top else None
        reason = reason or name_furniture(line)
        if reason:
            found[place] = reason
        kept += not reason
    for place in range(end - 1, -1, -1):
        if place not in found:
            if not _is_signature(lines[place], authors):
                break
            found[place] = "about the author"
    return found


def name_furniture(line: str) -> str | None:
    """Name what a line is that is a label, a credit or a notice and nothing else."""
    if len(line) > _NOTICE_LENGTH:
        return None
    key = key_of(line)
    if not key or key in _FURNITURE:
        return "a label of the page"
    if _NOTICE.match(line):
        return "a notice"
    if len(line) > _SHORT * 2:
        return None
    if len(line) <= _SHORT and _CREDIT.fullmatch(line):
        return "a credit"
    if _POINTER.fullmatch(line):
        return "points to another article"
    if _RIGHTS.fullmatch(line):
        return "a notice of rights"
    if _ADDRESS_LINE.fullmatch(line) or _MINUTES.fullmatch(line) or _LINK_LINE.fullmatch(line):
        return "a label of the page"
    return None


def is_date(line: str, now: datetime) -> bool:
    """Whether a line only tells a date or a time of day."""
    if len(line) > 60 or not any(letter.isdigit() for letter in line) or len(line.split()) > 10:
        return False
    if _SENTENCE_END.search(line) and sum(letter.isalpha() for letter in line) > 25:
        return False
    clock = re.fullmatch(r"\W*\d{1,2}[:.]\d{2}\W*", line)
    return bool(clock) or parse_moment(line, source="html", timezone=None, now=now) is not None


def _reason_at_top(line: str, headlines: set[str], names: set[str], now: datetime) -> str | None:
    key = key_of(line)
    is_sentence = bool(_SENTENCE_END.search(line))
    if any(_alike(key, headline, is_sentence) for headline in headlines):
        return "the headline"
    if _is_byline(line, key, names):
        return "a byline"
    return "a date" if is_date(line, now) else None


def _alike(key: str, headline: str, is_sentence: bool) -> bool:
    """Whether a line is a headline, or nearly: one with its section, or cut short."""
    if key == headline or (is_sentence and len(key) > len(headline)):
        return key == headline
    shorter, longer = sorted((key, headline), key=len)
    return len(shorter) > _ALIKE * len(longer) and len(shorter) > 12 and shorter in longer


def _is_byline(line: str, key: str, names: set[str]) -> bool:
    if len(line) > _SHORT or (_SENTENCE_END.search(line) and len(line.split()) > 8):
        return False
    return (
        key in names
        or bool(_BY.fullmatch(line))
        or (len(line) < 80 and any(name in key and len(name) * 3 > len(key) for name in names))
    )


def _is_signature(line: str, authors: Iterable[str]) -> bool:
    """Whether a line at the end only says who wrote the article."""
    for author in authors:
        if len(line) <= _SHORT and key_of(line) == key_of(author):
            return True
        if line.startswith(author) and len(line) < 400 and _BIO.match(line[len(author) :]):
            return True
    return False


def _list_begins(lines: Sequence[str]) -> int:
    """Find where a trailing list of other articles begins, its label included."""
    for place, line in enumerate(lines):
        if place and len(line) < _SHORT and key_of(line) in _LISTS:
            rest = lines[place + 1 :]
            if all(len(other) <= _SHORT * 2 and not _SENTENCE_END.search(other) for other in rest):
                return place
    return len(lines)
