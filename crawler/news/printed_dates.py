"""Dates as people and programs print them, in the forms and languages of the watched press.

Here is what a text says; whether to believe it is the business of `dates.py`. Promise: what is read
was printed; an incomplete or impossible date raises ValueError.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from datetime import timezone as fixed_zone
from zoneinfo import ZoneInfo

from crawler.news.calendar_words import (
    AFTERNOON,
    CHINA_STANDARD,
    MONTH_FIRST_ZONES,
    MONTHS,
    MORNING,
    ZONE_NAMES,
    ZONE_OFFSETS,
)
from crawler.news.records import Precision

_Day = tuple[int, int, int]
Printed = tuple[datetime, Precision]

_GAP_LENGTH = 24  # "2026 года, пятница, в 14:05"
_HALF = "오전|오후|午前|午後|上午|下午"

# The form that feeds and sitemaps use by the ten thousand; the tables below would read it too.
_STAMP = re.compile(
    r"((?:19|20)\d\d)-(\d\d)-(\d\d)"
    r"(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)?\s?(Z|[+-]\d\d:?\d\d)?)?",
    re.ASCII | re.IGNORECASE,
)
_CLOCK = re.compile(
    rf"(?<![\d:])(?:(?P<half>{_HALF})\s*)?(?P<hour>\d\d?)\s*"
    r"(?:[:時时시h]\s*(?P<minute>\d\d?)"
    r"(?::(?P<second>\d\d)(?:[.,]\d{1,9})?|\s*[분分](?:\s*(?P<spoken>\d\d?)\s*[초秒])?)?"
    r"|\.(?P<dotted>\d\d)(?=\s*uhr|\s*[ap]\.?\s?m\b))?"
    r"(?![\d:])(?:\s*uhr\b)?(?:\s*(?P<letter>[ap])\.?\s?m\b\.?)?",
    re.ASCII | re.IGNORECASE,
)
_GAP = re.compile(rf"\D{{0,{_GAP_LENGTH}}}?(?=(?:(?:{_HALF})\s*)?\d)", re.ASCII)
_ZONE = re.compile(
    r"\s*[,(\[]?\s*(?:(?:GMT|UTC)\s?([+-]\d\d?(?::?\d\d)?)(?!\d)|([+-]\d\d:?\d\d)(?!\d)"
    r"|([^\W\d_]{1,4})(?![^\W_]))|([+-]\d\d)(?!\d)",
    re.IGNORECASE,
)


def read_printed(raw: str, timezone: str | None) -> Printed:
    """Read the first date of a text with the time beside it, aware if a zone is named.

    `timezone` (IANA) only tells 11/9 from 9/11 and American from Chinese standard time.
    """
    return _read_stamp(raw) or _read_text(unicodedata.normalize("NFKC", raw), timezone)


def _read_stamp(raw: str) -> Printed | None:
    """Read ISO 8601 as machines write it."""
    found = _STAMP.fullmatch(raw)
    if not found:
        return None
    day = int(found[1]), int(found[2]), int(found[3])
    if found[4] is None:
        return _midnight(day, None), "day"
    zone = _fixed(found[7]) if found[7] else None
    return _compose(day, found[4], found[5], found[6], zone)


def _read_text(text: str, timezone: str | None) -> Printed:
    matches = [(found, read) for pattern, read in _FORMS if (found := _find_day(pattern, text))]
    if not matches:
        raise ValueError("no date")
    found, read = min(matches, key=lambda match: match[0].start())
    day = read(found, timezone)
    within = found.groupdict()
    if within.get("hh"):
        zone = _read_zone(text[found.end() :], timezone)
        return _compose(day, within["hh"], within["mm"], within["ss"], zone)
    if within.get("clock"):
        clock, rest = _CLOCK.match(within["clock"]), text[found.end("clock") :]
    else:
        clock, rest = _clock_beside(text, found.start(), found.end())
    if clock is None:
        return _midnight(day, None), "day"
    half = clock["half"] or (clock["letter"] or "") + "m"
    return _compose(
        day,
        _whole_hour(int(clock["hour"]), half.lower()),
        clock["minute"] or clock["dotted"] or "0",
        clock["second"] or clock["spoken"],
        _read_zone(rest, timezone),
    )


def _clock_beside(text: str, start: int, end: int) -> tuple[re.Match[str] | None, str]:
    """Find the time of day next to a date, after it or else before it, and what follows it."""
    gap = _GAP.match(text, end)
    after = _CLOCK.match(text, gap.end()) if gap else None
    if after and _tells_time(after):
        return after, text[after.end() :]
    before = [clock for clock in _CLOCK.finditer(text, 0, start) if _tells_time(clock)]
    if before and start - before[-1].end() <= _GAP_LENGTH:
        return before[-1], text[before[-1].end() : start]
    return None, ""


def _tells_time(clock: re.Match[str]) -> bool:
    """Whether a number is a time of day: it has minutes or names a half of the day."""
    return any(clock[part] for part in ("half", "minute", "dotted", "letter"))


def _whole_hour(hour: int, half: str) -> str:
    if half in AFTERNOON and hour < 12:
        hour += 12
    elif half in MORNING and hour == 12:
        hour = 0
    return str(hour)


def _midnight(day: _Day, zone: tzinfo | None) -> datetime:
    return datetime(*day, tzinfo=zone)


def _compose(day: _Day, hour: str, minute: str, second: str | None, zone: tzinfo | None) -> Printed:
    """Put day and time together; 24:00 is the next midnight, a leap second the second before it."""
    ends_day = (int(hour), int(minute), int(second or 0)) == (24, 0, 0)
    at = _midnight(day, zone).replace(
        hour=0 if ends_day else int(hour),
        minute=int(minute),
        second=59 if second == "60" else int(second or 0),
    )
    return at + timedelta(days=ends_day), "minute" if second is None else "second"


def _read_zone(rest: str, timezone: str | None) -> tzinfo | None:
    """Read the zone that follows a time; None where no known one stands there."""
    found = _ZONE.match(rest)
    if not found:
        return None
    name = found[3]
    if not name:
        return _fixed(found[1] or found[2] or found[4])
    lowered = name.lower()
    if lowered not in ZONE_OFFSETS and lowered not in ZONE_NAMES:
        return None
    # "14:05 et" goes on in French; zones are printed in capitals, but for these.
    if not name.isupper() and lowered not in ("z", "мск", "utc", "gmt"):
        return None
    if lowered in ZONE_NAMES:
        return ZoneInfo(ZONE_NAMES[lowered])
    if lowered == "cst" and (timezone or "").startswith("Asia/"):
        return fixed_zone(timedelta(minutes=CHINA_STANDARD))
    return fixed_zone(timedelta(minutes=ZONE_OFFSETS[lowered]))


def _fixed(offset: str) -> tzinfo | None:
    """Read +09:00, +0900, +09, +9 or Z; an offset that no place on Earth has is None."""
    if offset in ("Z", "z"):
        return UTC
    digits = offset[1:].replace(":", "")
    minutes = int(digits) * 60 if len(digits) < 3 else int(digits[:-2]) * 60 + int(digits[-2:])
    if minutes > 14 * 60:
        return None
    return fixed_zone(timedelta(minutes=-minutes if offset[0] == "-" else minutes))


def _year_first(found: re.Match[str], _timezone: str | None) -> _Day:
    return int(found["y"]), int(found["m"]), int(found["d"])


def _numbers(found: re.Match[str], timezone: str | None) -> _Day:
    """Tell day from month in 20.11.2026, 20/11/2026 and 11/20/2026."""
    first, second, year = int(found["a"]), int(found["b"]), int(found["y"])
    if found["mark"] == "." or first > 12 or first == second:
        return year, second, first
    if second > 12:
        return year, first, second
    if not timezone:
        raise ValueError("either number may be the month")
    if MONTH_FIRST_ZONES.fullmatch(timezone):
        return year, first, second
    return year, second, first


def _named(found: re.Match[str], _timezone: str | None) -> _Day:
    if short := found.groupdict().get("short"):  # as RFC 822 had it before 1989
        year = int(short) + (2000 if int(short) < 70 else 1900)
    else:
        year = int(found["y"])
    return year, MONTHS[found["month"].lower()], int(found["d"])


def _form(pattern: str) -> re.Pattern[str]:
    year = r"(?P<y>(?:19|20)\d\d)(?!\d)"
    pattern = pattern.replace("YEAR", year).replace("DAY", r"(?P<d>\d\d?)")
    word = r"(?<![^\W\d_])(?P<month>[^\W\d_]{3,12})(?![^\W\d_])\.?"
    return re.compile(pattern.replace("MONTH", word), re.IGNORECASE)


def _find_day(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    for found in pattern.finditer(text):
        if found.groupdict().get("month", "may").lower() in MONTHS:
            return found
    return None


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str | None], _Day]], ...] = (
    (_form(r"(?<!\d)YEAR\s?([./-])\s?(?P<m>\d\d?)\s?\2\s?DAY(?!\d)\.?"), _year_first),
    (_form(r"(?<!\d)YEAR\s*[年년]\s*(?P<m>\d\d?)\s*[月월]\s*DAY(?!\d)\s*[日일号]?"), _year_first),
    (
        _form(
            r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)"
            r"(?:T?(?P<hh>\d\d):?(?P<mm>\d\d)(?::?(?P<ss>\d\d))?)?(?!\d)"
        ),
        _year_first,
    ),
    (
        _form(r"(?<![\d.])(?P<a>\d\d?)\s?(?P<mark>[./-])\s?(?P<b>\d\d?)\s?(?P=mark)\s?YEAR"),
        _numbers,
    ),
    (_form(r",\s?(?P<a>\d\d?)(?P<mark>\s)(?P<b>\d\d?)\sYEAR"), _numbers),
    (
        _form(
            r"(?<!\d)DAY\s*(?:st|nd|rd|th|er|[.º])?[\s-]*(?:(?:de|of)\s+)?MONTH,?[\s-]*"
            r"(?:del?\s+)?(?:YEAR|(?P<short>\d\d)(?=\s+\d\d?:\d\d))"
        ),
        _named,
    ),
    (_form(r"MONTH\s*DAY(?:st|nd|rd|th)?(?:\s*,\s*|\s+)YEAR"), _named),
    (_form(r"MONTH\s+DAY\s+(?P<clock>\d\d?:\d\d(?::\d\d)?)\s+(?:[A-Z]{1,5}\s+)?YEAR"), _named),
    (_form(r"(?<!\d)YEAR[\s-]+MONTH[\s-]+DAY(?!\d)"), _named),
)
