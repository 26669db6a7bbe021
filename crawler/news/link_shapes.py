"""What the address of a link tells: an article, a list of articles, or the house's own rooms.

Promise: judged from the address alone, without a look at the page; points above `LIKE_ARTICLE` are
those of an article, below zero those of navigation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from crawler.news.dates import date_in_url

LIKE_ARTICLE: Final = 2.0

_ROOMS = re.compile(
    r"about|account|advertis\w*|archives?|authors?|calendar|careers?|cart|categor(?:y|ies)|comments?"
    r"|contacts?|cookies?|corrections|donate|events|faq|feeds?|help|imprint|impressum|jobs"
    r"|journalists?|keywords?|labels?|lists?|log-?in|log-?out|mailform|members?|my-?page|newsletters?"
    r"|page|pages|partners|policy|popular|privacy|profiles?|register|regist|reporters?|rss|rubrics?"
    r"|rubrika|search|sections?|series|share|shop|sign-?(?:in|up)|sitemap|staff|subscri\w+|tags?|team"
    r"|terms|themes?|topics?|users?|articlelist\w*|newslist\w*",
    re.IGNORECASE,
)
_STORY = re.compile(
    r"a|arti|articles?|articleview\w*|blog|content|detail|news|newsview\w*|posts?|press|read|report"
    r"|stor(?:y|ies)|text|view\w*",
    re.IGNORECASE,
)
_ID_NAMES = re.compile(
    r"\w*(?:id|idx|no|num|seq|code|key)|a|art|article|n|nid|p|news|view|aid|sn", re.IGNORECASE
)
_PAGE_NAMES = re.compile(r"page|pg|paged|pageno|p_no|start|offset|pageindex|curpage", re.IGNORECASE)
_EXTENSION = re.compile(r"\.(?:[sx]?html?|php\d?|aspx?|jsp|do|kcmsf|ece|shtm)$", re.IGNORECASE)
_FILES = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|ico|css|js|json|xml|rss|atom|zip|gz|rar|7z|exe|apk|mp[34]|m4a|wav"
    r"|avi|mov|webm|docx?|xlsx?|pptx?|hwpx?|pdf|epub|txt|csv|ics)$",
    re.IGNORECASE,
)
_LONG_NUMBER = re.compile(r"(?:^|[-_a-z])\d{5,}$|^\d{5,}(?=[-_])", re.IGNORECASE)
_CODE = re.compile(r"[0-9a-z]{8,64}={0,2}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I)
_HEX = re.compile(r"[0-9a-f-]+", re.IGNORECASE)
_CHANGE = re.compile(r"[a-z](?=\d)|\d(?=[a-z])", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_WORD = re.compile(r"[^\W_]+")

_POINTS = {"number": 1.0, "id": 2.0, "hash": 2.0, "slug": 2.0, "words": 0.5, "word": 0.0}
_QUERY_FIELDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What an address looks like: points for an article, and the pattern it shares with others."""

    points: float
    template: str


def is_file(url: str) -> bool:
    """Whether an address names a picture, a document or a feed, and no page."""
    return _FILES.search(urlsplit(url).path) is not None


def shape_of(url: str) -> Shape:
    """Judge an address by its parts: date, number, hash and slug speak for an article."""
    web = urlsplit(url)
    path = unquote(web.path)
    extension = _EXTENSION.search(path)
    segments = [part for part in _EXTENSION.sub("", path).split("/") if part]
    kinds = [_kind_of(segment) for segment in segments]
    query = parse_qsl(web.query, keep_blank_values=True)[:_QUERY_FIELDS]
    has_id = any(_names_article(name, value) for name, value in query)
    points = max(_POINTS[kind] for kind in kinds) if kinds else 0.0
    points = max(points, 2.0 * has_id, _date_points(url, kinds))
    points += 0.5 * bool(extension) + 0.5 * any(map(_STORY.fullmatch, segments))
    points -= 3.0 * any(map(_ROOMS.fullmatch, segments))
    if not has_id and any(_PAGE_NAMES.fullmatch(name) for name, _ in query):
        points -= 4.0
    if not segments and not has_id:
        points -= 10.0  # the home page
    end = extension.group() if extension else ""
    names = ",".join(sorted(name if value else _kind_of(name) for name, value in query))
    folders = [
        segment.lower() if kind == "word" else kind
        for segment, kind in zip(segments[:-1], kinds[:-1], strict=True)
    ]
    template = f"{web.netloc}/{'/'.join([*folders, *kinds[-1:]])}{end}?{names}"
    return Shape(points=points, template=template)


def _kind_of(segment: str) -> str:
    if segment.isdigit():
        return "number" if len(segment) < 4 or _YEAR.fullmatch(segment) else "id"
    if _LONG_NUMBER.search(segment):
        return "id"
    if _is_code(segment):
        return "hash"
    words = len(_WORD.findall(segment))
    if words > 3 or not segment.isascii():
        return "slug"
    return "words" if words > 1 else "word"


def _is_code(segment: str) -> bool:
    """Whether a segment is a hash or another code: letters and digits in turn."""
    if not _CODE.fullmatch(segment):
        return False
    changes = len(_CHANGE.findall(segment))
    return changes > 3 or (changes > 1 and _HEX.fullmatch(segment) is not None)


def _names_article(name: str, value: str) -> bool:
    """Whether a parameter says which article: idxno=123, or a code without a name."""
    if not value:
        return _is_code(name)
    if _PAGE_NAMES.fullmatch(name):
        return False
    if not _ID_NAMES.fullmatch(name):
        return len(value) > 3 and value.isdigit()
    return value.isdigit() or _LONG_NUMBER.search(value) is not None or _is_code(value)


def _date_points(url: str, kinds: list[str]) -> float:
    """Give a date its points, unless it ends the address: that is the list of a day."""
    if date_in_url(url) is None:
        return 0.0
    lists_day = kinds[-1:] == ["number"] and kinds[-4:].count("number") < 4
    return 0.0 if lists_day else 3.0
