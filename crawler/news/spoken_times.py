"""Times as people write them: 2026-03, yesterday, 7d, "march 2026", "5 March", monday.

Promise: what is read is one span of time, the widest that the words mean; what means nothing is
refused with the forms that do.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from crawler.notation import parse_duration

EXPECTED = (
    'a day (2026-03-05, "5 March", yesterday, monday), a month (2026-03, "March 2026"), a year, '
    "or an age (36h, 7d)"
)

_MONTH_NAMES = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = {form: n for n, name in enumerate(_MONTH_NAMES, 1) for form in (name, name[:3])}
_MONTHS["sept"] = 9
_DAYS = {form: n for n, name in enumerate(_DAY_NAMES) for form in (name, name[:3])}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What words for a time mean: from `start` until just before `end`."""

    start: datetime
    end: datetime


def read_span(text: str, now: datetime) -> Span:
    """The span of time that words mean, in UTC; raises ValueError with the forms that are known."""
    words = " ".join(text.strip().lower().replace(",", " ").split())
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    for pattern, read in _FORMS:
        found = pattern.fullmatch(words)
        if found:
            try:
                return read(found, midnight, now)
            except (ValueError, OverflowError) as error:
                raise ValueError(f"there is no such time: expected {EXPECTED}") from error
    raise ValueError(f"expected {EXPECTED}")


def _day(start: datetime) -> Span:
    return Span(start=start, end=start + timedelta(days=1))


def _month(year: int, month: int) -> Span:
    start = datetime(year, month, 1, tzinfo=UTC)
    return Span(start=start, end=(start + timedelta(days=32)).replace(day=1))


def _year(year: int) -> Span:
    return Span(start=datetime(year, 1, 1, tzinfo=UTC), end=datetime(year + 1, 1, 1, tzinfo=UTC))


def _read_date(found: re.Match[str], _midnight: datetime, _now: datetime) -> Span:
    return _day(datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=UTC))


def _read_moment(found: re.Match[str], _midnight: datetime, _now: datetime) -> Span:
    at = datetime.fromisoformat(found[0].upper().replace(" ", "T"))
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return Span(start=at, end=at)


def _read_age(found: re.Match[str], _midnight: datetime, now: datetime) -> Span:
    at = now.astimezone(UTC) - timedelta(seconds=parse_duration(found[1]))
    return Span(start=at, end=at)


def _read_named_day(found: re.Match[str], midnight: datetime, _now: datetime) -> Span:
    back = {"today": 0, "yesterday": 1}.get(found[1])
    if back is None:
        back = (midnight.weekday() - _DAYS[found[1]]) % 7
    return _day(midnight - timedelta(days=back))


def _read_last(found: re.Match[str], midnight: datetime, _now: datetime) -> Span:
    which, unit = found[1], found[2]
    if unit == "year":
        return _year(midnight.year - (which == "last"))
    if unit == "month":
        start = midnight.replace(day=1)
        start = (start - timedelta(days=1)).replace(day=1) if which == "last" else start
        return _month(start.year, start.month)
    monday = midnight - timedelta(days=midnight.weekday() + (7 if which == "last" else 0))
    return Span(start=monday, end=monday + timedelta(days=7))


def _read_day_of_month(found: re.Match[str], midnight: datetime, _now: datetime) -> Span:
    said = {key[0]: value for key, value in found.groupdict().items() if value}
    month = _MONTHS[said["m"]]
    if "y" in said:
        return _day(datetime(int(said["y"]), month, int(said["d"]), tzinfo=UTC))
    this_year = datetime(midnight.year, month, int(said["d"]), tzinfo=UTC)
    return _day(this_year if this_year <= midnight else this_year.replace(year=midnight.year - 1))


def _read_month(found: re.Match[str], midnight: datetime, _now: datetime) -> Span:
    month = _MONTHS[found[1]]
    if found[2]:
        return _month(int(found[2]), month)
    return _month(midnight.year if month <= midnight.month else midnight.year - 1, month)


_Read = Callable[[re.Match[str], datetime, datetime], Span]
_FORMS: tuple[tuple[re.Pattern[str], _Read], ...] = (
    (re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"), _read_date),
    (
        re.compile(r"\d{4}-\d{2}-\d{2}[t ]\d{2}:\d{2}(?::\d{2})?(?:z|[+-]\d{2}:\d{2})?"),
        _read_moment,
    ),
    (
        re.compile(r"(\d{4})[-/.](\d{1,2})"),
        lambda found, _midnight, _now: _month(int(found[1]), int(found[2])),
    ),
    (re.compile(r"(\d{4})"), lambda found, _midnight, _now: _year(int(found[1]))),
    (re.compile(r"((?:\d+(?:ms|s|m|h|d|w))+)(?: ago)?"), _read_age),
    (re.compile(rf"(?:last )?(today|yesterday|{'|'.join(_DAYS)})"), _read_named_day),
    (re.compile(r"(this|last) (week|month|year)"), _read_last),
    (
        re.compile(
            rf"(?P<d1>\d{{1,2}})\.? (?P<m1>{_MONTH})\.?(?: (?P<y1>\d{{4}}))?"
            rf"|(?P<m2>{_MONTH})\.? (?P<d2>\d{{1,2}})(?: (?P<y2>\d{{4}}))?"
        ),
        _read_day_of_month,
    ),
    (re.compile(rf"({_MONTH})\.?(?: (\d{{4}}))?"), _read_month),
)
