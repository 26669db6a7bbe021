"""Moments: what a declared or printed date is worth, and which of two dates to believe.

How a text is read is in `printed_dates.py`. Promise: a moment is what its source wrote, or it is
None and never a guess: a day that cannot be, one before 1990, one still to come, "two hours ago",
and 03/04 without a country are all None.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from crawler.news.printed_dates import read_printed
from crawler.news.records import DateSource, Moment

FIRST_YEAR = 1990
FUTURE_LIMIT = timedelta(hours=26)  # the eastmost day begins 14 h early, and clocks may be wrong
AGREEMENT = timedelta(days=3)
READ_LENGTH = 200

_WITNESSES = ("json-ld", "meta", "feed", "sitemap", "html", "url")
_URL_DAY = re.compile(
    r"(?<=[/_=.-])((?:19[89]|20\d)\d)"
    r"(?:/(\d\d?)/(\d\d?)(?!\d)|-(\d\d?)-(\d\d?)(?!\d)|/(\d\d)(\d\d)(?=/)|(\d\d)/(\d\d)(?=/))"
    r"|(?<=[/_=.a-zA-Z-])((?:19[89]|20\d)\d)(\d\d)(\d\d)(?!\d{1,3}(?!\d))",
    re.ASCII,
)


def parse_moment(
    raw: str, *, source: DateSource, timezone: str | None, now: datetime
) -> Moment | None:
    """Read a date as its source wrote it; None where it names no full, possible, past day.

    `timezone` is the outlet's IANA zone: it serves where the text names none (else UTC), tells
    11/9 from 9/11 and sets `local_day`. The first date of a text counts; 200 characters are read.
    """
    raw = _shortened(raw)
    try:
        printed, precision = read_printed(raw, timezone)
    except ValueError:  # no date, or 30 February, or 25:61
        return None
    if not FIRST_YEAR <= printed.year <= now.year + 1:
        return None
    if precision == "day":
        at, local_day = printed.replace(tzinfo=UTC), printed.date()
    else:
        home = ZoneInfo(timezone) if timezone else None
        aware = printed if printed.tzinfo else printed.replace(tzinfo=home or UTC)
        at, local_day = aware.astimezone(UTC), aware.astimezone(home or aware.tzinfo).date()
    if at > now + FUTURE_LIMIT:
        return None
    return Moment(
        at=at, precision=precision, source=source, raw=raw, local_day=local_day.isoformat()
    )


def raw_of(text: str | None) -> str | None:
    """What a source wrote in the place of a date, as a Moment would keep it."""
    return (_shortened(text) or None) if text else None


def _shortened(raw: str) -> str:
    return " ".join(raw[: READ_LENGTH * 2].split())[:READ_LENGTH]


def weigh(page: Moment | None, entry: Moment | None) -> Moment | None:
    """Choose the publication date of an article from its page's date and its announcement's.

    Within three days of each other the better witness wins: json-ld or meta with a time, a feed or
    sitemap with a time, a printed time; then the days: json-ld or meta, feed, printed, address.
    Further apart the earlier one wins, whoever says it. For the usual faults all date an article
    too late: a feed that stamps its items when it is built, an old report put on top again, a page
    template that prints its own hour, "updated" in place of "published". Next to nothing dates too
    early.
    """
    if page is None or entry is None:
        return page or entry
    if abs(page.at - entry.at) > AGREEMENT:
        return min(page, entry, key=lambda moment: moment.at)
    return min(page, entry, key=_rank)


def _rank(moment: Moment) -> tuple[bool, int]:
    return moment.precision == "day", _WITNESSES.index(moment.source)


def date_in_url(url: str, *, now: datetime | None = None) -> Moment | None:
    """Read the day that an address carries: /2026/11/20/, /20261120..., /2026/1120/, /202611/20/.

    A run of 9 to 11 digits is a number and no date. With `now`, a day still to come is None.
    """
    path = url[:2048].partition("?")[0].partition("#")[0]
    for found in _URL_DAY.finditer(path):
        year, month, day = (int(part) for part in found.groups() if part)
        try:
            at = datetime(year, month, day, tzinfo=UTC)
        except ValueError:
            continue
        if year >= FIRST_YEAR and (now is None or at <= now + FUTURE_LIMIT):
            return Moment(
                at=at,
                precision="day",
                source="url",
                raw=found.group(),
                local_day=at.date().isoformat(),
            )
    return None
