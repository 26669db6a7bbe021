"""Dates: a moment is what its source wrote, or it is None."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawler.news.dates import READ_LENGTH, parse_moment
from crawler.news.records import Moment

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SEOUL = "Asia/Seoul"
MOSCOW = "Europe/Moscow"
BERLIN = "Europe/Berlin"
NEW_YORK = "America/New_York"


def parse(raw: str, timezone: str | None = None, now: datetime = NOW) -> Moment | None:
    return parse_moment(raw, source="feed", timezone=timezone, now=now)


def told(raw: str, timezone: str | None = None) -> str | None:
    """What was read as one text: the day alone, or the minute or second in UTC."""
    moment = parse(raw, timezone)
    if moment is None:
        return None
    length = {"day": 10, "minute": 16, "second": 19}[moment.precision]
    return moment.at.isoformat()[:length]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param("Fri, 20 Nov 2026 14:05:06 +0900", "2026-11-20T05:05:06", id="as ruled"),
        pytest.param("Fri, 20 Nov 2026 14:05:06 GMT", "2026-11-20T14:05:06", id="GMT"),
        pytest.param("20 Nov 2026 14:05 +0900", "2026-11-20T05:05", id="no weekday, no second"),
        pytest.param("Sun,27 Sep 2026 14:05:00 +0900", "2026-09-27T05:05:00", id="no blank"),
        pytest.param("Fri, 20 11 2026 14:05:00 +0900", "2026-11-20T05:05:00", id="month a number"),
        pytest.param("20 Nov 26 14:05 EST", "2026-11-20T19:05", id="two digits of the year"),
        pytest.param("20 Nov 96 14:05 EST", "1996-11-20T19:05", id="two digits, old"),
        pytest.param("Fri, 2 Jan 2026 4:05:06 Z", "2026-01-02T04:05:06", id="short numbers"),
        pytest.param("fri, 20 NOV 2026 14:05:06 gmt", "2026-11-20T14:05:06", id="odd case"),
        pytest.param("Fri,  20  Nov\n 2026\t14:05:06 +09:00", "2026-11-20T05:05:06", id="folded"),
        pytest.param("Fri, 20 November 2026 14:05:06 UT", "2026-11-20T14:05:06", id="whole month"),
        pytest.param("Xyz, 20 Nov 2026 14:05:06 +0000", "2026-11-20T14:05:06", id="wrong weekday"),
        pytest.param("Fri Nov 20 14:05:06 2026", "2026-11-20T14:05:06", id="ctime"),
        pytest.param("Fri Nov 20 14:05:06 UTC 2026", "2026-11-20T14:05:06", id="date command"),
        pytest.param(
            "Fri Nov 20 2026 14:05:06 GMT+0900 (Korean Standard Time)",
            "2026-11-20T05:05:06",
            id="JavaScript",
        ),
    ],
)
def test_dates_of_mail_are_read_as_feeds_bend_them(raw: str, expected: str) -> None:
    assert told(raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param("2026-11-20T14:05:06Z", "2026-11-20T14:05:06", id="Z"),
        pytest.param("2026-11-20t14:05:06z", "2026-11-20T14:05:06", id="small letters"),
        pytest.param("2026-11-20T14:05:06.123456+09:00", "2026-11-20T05:05:06", id="fraction"),
        pytest.param("2026-11-20T14:05+0900", "2026-11-20T05:05", id="no seconds"),
        pytest.param("2026-11-20T14:05:06+09", "2026-11-20T05:05:06", id="hours of offset"),
        pytest.param("2026-11-20 14:05:06 +0900", "2026-11-20T05:05:06", id="blanks"),
        pytest.param("2026-11-20T14:05:06-0330", "2026-11-20T17:35:06", id="west, half an hour"),
        pytest.param("20261120T140506Z", "2026-11-20T14:05:06", id="basic"),
        pytest.param("20261120140506", "2026-11-20T14:05:06", id="fourteen digits"),
        pytest.param("202611201405", "2026-11-20T14:05", id="twelve digits"),
        pytest.param("20261120", "2026-11-20", id="eight digits"),
        pytest.param("2026-11-20", "2026-11-20", id="day"),
        pytest.param("2026-11-20T24:00:00Z", "2026-11-21T00:00:00", id="midnight at the end"),
        pytest.param("2026-11-20T23:59:60Z", "2026-11-20T23:59:59", id="leap second"),
        pytest.param("2026-11-20T14:05:06+23:00", "2026-11-20T14:05:06", id="no such offset"),
    ],
)
def test_dates_of_machines_are_read(raw: str, expected: str) -> None:
    assert told(raw) == expected


@pytest.mark.parametrize(
    ("raw", "timezone", "expected"),
    [
        pytest.param("2026.11.20.", SEOUL, "2026-11-20", id="dots"),
        pytest.param("[2026.11.20.]", SEOUL, "2026-11-20", id="in brackets"),
        pytest.param("www.agency.example (2026.11.20.)", SEOUL, "2026-11-20", id="signature"),
        pytest.param("2026/11/20 14:05", SEOUL, "2026-11-20T05:05", id="slashes"),
        pytest.param("입력 2026-11-20 14:05 수정 2026-11-21 10:00", SEOUL, "2026-11-20T05:05",
                     id="the first of two"),
        pytest.param("2026-11-20 (금) 14:05", SEOUL, "2026-11-20T05:05", id="weekday between"),
        pytest.param("14:05 20.11.2026", MOSCOW, "2026-11-20T11:05", id="time first"),
        pytest.param("14:05 09:30 20.11.2026", MOSCOW, "2026-11-20T06:30", id="the nearer time"),
        pytest.param("20.11.2026 14:05", MOSCOW, "2026-11-20T11:05", id="day first"),
        pytest.param("20.11.2026 - 3 min read", MOSCOW, "2026-11-20", id="a number is no time"),
        pytest.param("20.11.2026 and very far below that 14:05", MOSCOW, "2026-11-20",
                     id="time far behind"),
        pytest.param("14:05 and far before that day 20.11.2026", MOSCOW, "2026-11-20",
                     id="time far before"),
        pytest.param("20/11/2026", NEW_YORK, "2026-11-20", id="the month is no 20"),
        pytest.param("11/20/2026 2:05 PM", NEW_YORK, "2026-11-20T19:05", id="American"),
        pytest.param("11/20/2026", SEOUL, "2026-11-20", id="20 is no month anywhere"),
        pytest.param("11/9/2026", NEW_YORK, "2026-11-09", id="November to Americans"),
        pytest.param("11/9/2026", BERLIN, "2026-09-11", id="September to Europeans"),
        pytest.param("11/9/2026", None, None, id="either, without a country"),
        pytest.param("9/9/2026", None, "2026-09-09", id="the same either way"),
        pytest.param("11.9.2026", None, "2026-09-11", id="dots are European"),
        pytest.param("11-09-2026", MOSCOW, "2026-09-11", id="hyphens"),
        pytest.param("20-Nov-2026 14:05", SEOUL, "2026-11-20T05:05", id="hyphens and a name"),
        pytest.param("2026-Nov-20", SEOUL, "2026-11-20", id="year, name, day"),
        pytest.param("2026년 11월 20일 오후 2:05", SEOUL, "2026-11-20T05:05", id="Korean"),
        pytest.param("2026년 11월 20일 오후 2시 5분", SEOUL, "2026-11-20T05:05", id="Korean words"),
        pytest.param("2026년 11월 20일 오전 12:05", SEOUL, "2026-11-19T15:05",
                     id="Korean midnight"),
        pytest.param("2026년11월20일 14시 5분 6초", SEOUL, "2026-11-20T05:05:06",
                     id="Korean second"),
        pytest.param("2026. 11. 20. 오후 12:05", SEOUL, "2026-11-20T03:05", id="Korean noon"),
        pytest.param("2026年11月20日", SEOUL, "2026-11-20", id="Chinese"),
        pytest.param("2026年11月20日14:05", "Asia/Shanghai", "2026-11-20T06:05", id="Chinese time"),
        pytest.param("2026年11月20日 下午2:05", "Asia/Taipei", "2026-11-20T06:05", id="Taiwan"),
        pytest.param("2026年11月20日（金）午後2時05分", "Asia/Tokyo", "2026-11-20T05:05",
                     id="Japanese"),
        pytest.param("2026年11月20日 14時", "Asia/Tokyo", "2026-11-20", id="an hour is no minute"),
        pytest.param("２０２６年１１月２０日", "Asia/Tokyo", "2026-11-20", id="wide digits"),
    ],
)  # fmt: skip
def test_dates_in_numbers_are_read_as_the_outlet_s_country_writes_them(
    raw: str, timezone: str | None, expected: str | None
) -> None:
    assert told(raw, timezone) == expected


@pytest.mark.parametrize(
    ("raw", "timezone", "expected"),
    [
        pytest.param("20 ноября 2026, 14:05", MOSCOW, "2026-11-20T11:05", id="Russian"),
        pytest.param("20 ноября 2026 года, пятница, в 14:05 (МСК)", "Asia/Vladivostok",
                     "2026-11-20T11:05", id="Russian, Moscow time"),
        pytest.param("14:05, 20 ноября 2026", MOSCOW, "2026-11-20T11:05", id="Russian, time first"),
        pytest.param("1 мая 2026 г.", MOSCOW, "2026-05-01", id="Russian May"),
        pytest.param("20 листопада 2026, 14:05", "Europe/Kyiv", "2026-11-20T12:05", id="Ukrainian"),
        pytest.param("7 липня 2026", "Europe/Kyiv", "2026-07-07", id="Ukrainian July"),
        pytest.param("20. November 2026, 14.05 Uhr", BERLIN, "2026-11-20T13:05", id="German"),
        pytest.param("3. März 2026, 14:05 Uhr", BERLIN, "2026-03-03T13:05", id="German umlaut"),
        pytest.param("20 novembre 2026 à 14h05", "Europe/Paris", "2026-11-20T13:05", id="French"),
        pytest.param("1er août 2026", "Europe/Paris", "2026-08-01", id="French first"),
        pytest.param("20 de noviembre de 2026 14:05", "America/Mexico_City", "2026-11-20T20:05",
                     id="Spanish"),
        pytest.param("20 novembro 2026", "America/Sao_Paulo", "2026-11-20", id="Portuguese"),
        pytest.param("20 gennaio 2026", "Europe/Rome", "2026-01-20", id="Italian"),
        pytest.param("Nov. 20, 2026, 2:05 p.m. ET", None, "2026-11-20T19:05", id="American paper"),
        pytest.param("2:05 PM EST, Fri November 20, 2026", None, "2026-11-20T19:05",
                     id="American broadcast"),
        pytest.param("12:05 AM, November 20th, 2026", "Europe/London", "2026-11-20T00:05",
                     id="after midnight"),
        pytest.param("November 20, 2026, 2 PM", "Europe/London", "2026-11-20T14:00", id="an hour"),
        pytest.param("Friday 20 November 2026 at 2.05pm GMT", None, "2026-11-20T14:05",
                     id="British"),
        pytest.param("the 1st of May, 2026", None, "2026-05-01", id="in a sentence"),
        pytest.param("Week 12 of 2026, 20 Nov 2026 | 5 comments", None, "2026-11-20",
                     id="other numbers around"),
        pytest.param("5 items 2026 and 20 Nov 2026", None, "2026-11-20", id="no month is passed"),
    ],
)  # fmt: skip
def test_months_are_read_by_name(raw: str, timezone: str | None, expected: str) -> None:
    assert told(raw, timezone) == expected


@pytest.mark.parametrize(
    ("zone", "timezone", "expected"),
    [
        pytest.param("KST", None, "05:05:06", id="Korea"),
        pytest.param("JST", None, "05:05:06", id="Japan"),
        pytest.param("MSK", None, "11:05:06", id="Moscow"),
        pytest.param("мск", None, "11:05:06", id="Moscow, by itself"),
        pytest.param("CET", None, "13:05:06", id="Central Europe"),
        pytest.param("EDT", None, "18:05:06", id="American summer"),
        pytest.param("ET", None, "19:05:06", id="Eastern, in winter"),
        pytest.param("CST", None, "20:05:06", id="Central"),
        pytest.param("CST", "Asia/Shanghai", "06:05:06", id="China"),
        pytest.param("UTC+3", SEOUL, "11:05:06", id="an offset by name"),
        pytest.param("(GMT+9)", None, "05:05:06", id="in brackets"),
        pytest.param("+0900", MOSCOW, "05:05:06", id="an offset before the outlet's zone"),
        pytest.param("IST", SEOUL, "05:05:06", id="a name of three zones is none"),
        pytest.param("et", SEOUL, "05:05:06", id="a French word is none"),
        pytest.param("|", SEOUL, "05:05:06", id="nothing but the outlet's"),
        pytest.param("", None, "14:05:06", id="nothing at all is UTC"),
    ],
)
def test_zones_are_those_named_else_the_outlet_s(
    zone: str, timezone: str | None, expected: str
) -> None:
    assert told(f"20 Nov 2026 14:05:06 {zone}", timezone) == f"2026-11-20T{expected}"


@pytest.mark.parametrize(
    ("raw", "timezone", "local_day"),
    [
        pytest.param("2026-11-20", SEOUL, "2026-11-20", id="a day stays as printed"),
        pytest.param("2026-11-20T20:05:00Z", SEOUL, "2026-11-21", id="the outlet's morning"),
        pytest.param("2026-11-20T02:05:00Z", NEW_YORK, "2026-11-19", id="the outlet's evening"),
        pytest.param("2026-11-20T02:05:00+09:00", None, "2026-11-20", id="the text's own zone"),
        pytest.param("2026-11-20T02:05:00", None, "2026-11-20", id="no zone at all"),
    ],
)
def test_the_local_day_is_the_outlet_s(raw: str, timezone: str | None, local_day: str) -> None:
    moment = parse(raw, timezone)
    assert moment is not None
    assert moment.local_day == local_day


def test_a_day_is_kept_at_the_midnight_that_is_nobody_s() -> None:
    assert parse(" 2026년 11월  20일 ", SEOUL) == Moment(
        at=datetime(2026, 11, 20, tzinfo=UTC),
        precision="day",
        source="feed",
        raw="2026년 11월 20일",
        local_day="2026-11-20",
    )


def test_a_summer_and_a_winter_hour_differ() -> None:
    assert told("2026-07-20 14:05", BERLIN) == "2026-07-20T12:05"
    assert told("2026-01-20 14:05", BERLIN) == "2026-01-20T13:05"


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param("", id="empty"),
        pytest.param("2026-02-30", id="30 February"),
        pytest.param("30 Feb 2026", id="30 February by name"),
        pytest.param("2026-00-10", id="no month"),
        pytest.param("2026-11-20T25:61:00Z", id="no such time"),
        pytest.param("20 Nov 2026 14:75", id="no such minute"),
        pytest.param("1989-12-31", id="before 1990"),
        pytest.param("1901-01-01T00:00:00Z", id="long before"),
        pytest.param("0001-01-01T00:00:00Z", id="the zero of a database"),
        pytest.param("1970-01-01T00:00:00Z", id="the zero of Unix"),
        pytest.param("2026-11-23T14:01:00Z", id="still to come"),
        pytest.param("2026-11-24", id="a day to come"),
        pytest.param("2099-01-01", id="far off"),
        pytest.param("9999-12-31T23:59:59Z", id="the end of time"),
        pytest.param("9999-12-31T24:00:00Z", id="past the end of time"),
        pytest.param("Sun,27 Sep", id="no year"),
        pytest.param("20 ноября", id="no year either"),
        pytest.param("November 2026", id="no day"),
        pytest.param("20 Foo 2026", id="no such month"),
        pytest.param("2 hours ago", id="relative"),
        pytest.param("오늘 14:05", id="today"),
        pytest.param("1795183506", id="a count of seconds"),
        pytest.param("+82-2-1234-5678", id="a telephone number"),
    ],
)
def test_what_is_no_full_possible_past_day_is_none(raw: str) -> None:
    assert parse(raw, SEOUL) is None


def test_the_eastmost_day_has_begun_before_ours() -> None:
    assert told("2026-11-23") == "2026-11-23"
    assert told("2026-11-23T14:00:00Z") == "2026-11-23T14:00:00"


def test_what_was_written_is_kept_up_to_a_length() -> None:
    moment = parse("2026-11-20 " + "x" * 5_000)
    assert moment is not None
    assert len(moment.raw) == READ_LENGTH


_PIECES = st.sampled_from([
    "2026", "1999", "20", "11", "9", "0", "31", "24:00:00", "14:05", "25:61", "Nov", "ноября",
    "may", "年", "月", "日", "년", "월", "일", "오후", "午後", "am", "p.m.", "T", "Z", "+0900",
    "-99:99", "+14", "GMT", "UTC+", "KST", "ET", "CST", "-", "/", ".", ",", ":", "(", ")",
    "9999-12-31", "٣", "²",
])  # fmt: skip
_ANY_DATE = st.lists(_PIECES | st.sampled_from([" ", ""]), max_size=14).map("".join)


@settings(deadline=None)
@given(
    st.text(max_size=60) | _ANY_DATE,
    st.sampled_from([None, SEOUL, NEW_YORK]),
)
@example("9999-12-31 24:00:00", None)
@example("19991231T2400", None)
def test_any_text_is_a_past_moment_or_none(raw: str, timezone: str | None) -> None:
    moment = parse(raw, timezone)
    assert moment is None or (
        datetime(1989, 12, 31, tzinfo=UTC) <= moment.at <= NOW + timedelta(hours=26)
        and moment.at.tzinfo is UTC
    )


@settings(deadline=None, max_examples=50)
@given(
    st.integers(700_000_000, 1_795_000_000),
    st.sampled_from([SEOUL, MOSCOW, NEW_YORK, "Asia/Kathmandu"]),
    st.sampled_from(["%Y-%m-%dT%H:%M:%S%z", "%a, %d %b %Y %H:%M:%S %z", "%d.%m.%Y %H:%M:%S %z"]),
)
def test_a_written_moment_is_read_back(stamp: int, timezone: str, form: str) -> None:
    aware = datetime.fromtimestamp(stamp, ZoneInfo(timezone))
    moment = parse(aware.strftime(form), timezone)
    assert moment is not None
    assert moment.at == aware
    assert moment.local_day == aware.date().isoformat()
