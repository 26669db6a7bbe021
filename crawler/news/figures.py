"""Numbers and days that a text names, read alike in nine languages.

Promise: "10,000", "1만", "1万" and "10 тысяч" are one number; a year, a day of the month, an
anniversary and a count below ten are none; a day is read only where its month or a word for "day"
stands with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

_MOST = 40  # numbers looked at in a text

_SCALES = {
    "천만": 10**7, "백만": 10**6, "십만": 10**5, "만": 10**4, "천": 10**3, "억": 10**8,
    "千万": 10**7, "百万": 10**6, "十万": 10**5, "万": 10**4, "萬": 10**4, "千": 10**3,
    "亿": 10**8, "億": 10**8,
    "thousand": 10**3, "million": 10**6, "billion": 10**9,
    "тыс": 10**3, "тысяч": 10**3, "тысячи": 10**3, "тысяча": 10**3,
    "млн": 10**6, "миллион": 10**6, "миллиона": 10**6, "миллионов": 10**6, "млрд": 10**9,
    "тис": 10**3, "тисяч": 10**3, "тисячі": 10**3, "тисяча": 10**3,
    "мільйон": 10**6, "мільйона": 10**6, "мільйони": 10**6, "мільйонів": 10**6,
    "tausend": 10**3, "millionen": 10**6, "mio": 10**6, "milliarden": 10**9,
    "mille": 10**3, "millions": 10**6, "milliards": 10**9,
    "mil": 10**3, "millones": 10**6,
}  # fmt: skip
_SCALE = "|".join(sorted(_SCALES, key=len, reverse=True))
_NUMBER = re.compile(
    r"(?<![A-Za-zА-яЁё\d.,-])(\d{1,3}(?:[,. \u00a0\u202f]\d{3})+(?!\d)|\d+(?:[.,]\d{1,2})?)"
    rf"(?:\s?({_SCALE})(?![a-zа-яёіїє])|(?!\d))",
    re.IGNORECASE,
)
# The 76th, an 80th anniversary: an occasion is no count.
_ORDINAL = re.compile(
    r"\d+(?:\s?(?:주년|돌|주기|周年|年|년|th\b|st\b|nd\b|rd\b|-?лет\w*|-?річ\w*)|-?[йая]\b|(?:st|nd|rd|th)\b"
    r"|\.?\s(?:jahrestag|aniversario|anniversaire|anniversary|годовщин\w*|річниц\w*))"
    r"|第\s?\d+|제\s?\d+",
    re.IGNORECASE,
)
_GROUPED = re.compile(r"\d{1,3}(?:[,. \u00a0\u202f]\d{3})+")
_YEARS = range(1900, 2101)
_LEAST = 10
_BEYOND = 10**12

_MONTHS = {
    1: "january jan января січня januar janvier enero",
    2: "february feb февраля лютого februar février fevrier febrero",
    3: "march mar марта березня märz mars marzo",
    4: "april apr апреля квітня avril abril",
    5: "may мая травня mai mayo",
    6: "june jun июня червня juni juin junio",
    7: "july jul июля липня juli juillet julio",
    8: "august aug августа серпня août aout agosto",
    9: "september sept sep сентября вересня septembre septiembre",
    10: "october oct октября жовтня oktober octobre octubre",
    11: "november nov ноября листопада novembre noviembre",
    12: "december dec декабря грудня dezember décembre decembre diciembre",
}
_MONTH = {name: month for month, names in _MONTHS.items() for name in names.split()}
_NAMES = "|".join(sorted(_MONTH, key=len, reverse=True))
_DAY = re.compile(
    rf"(?P<m1>\d{{1,2}})\s?[월月]\s?(?P<d1>\d{{1,2}})\s?[일日号號]"
    rf"|(?<!\d)(?P<d2>\d{{1,2}})\s?[일日](?!\w*(?:간|間|제|曜))"
    rf"|\b(?P<m3>{_NAMES})\.?\s(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s?(?:\d|%))"
    rf"|\b(?P<d4>\d{{1,2}})(?:st|nd|rd|th|\.|er)?(?:\s?[–—-]\s?\d{{1,2}})?\s(?:of\s|de\s)?(?P<m4>{_NAMES})\b",
    re.IGNORECASE,
)
_DATELINE = re.compile(r"\A[^\n]{0,60}?\((?:KCNA|Yonhap|AP|TASS|Reuters)\)\s*-*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class Day:
    """A day as a text names it; `month` is 0 where it names none ("on the 27th")."""

    month: int
    day: int


def numbers_in(text: str) -> frozenset[int]:
    """Counts and amounts of ten and more, without years and days."""
    bare = _ORDINAL.sub(" ", _DAY.sub(" ", _DATELINE.sub("", text)))
    found: list[int] = []
    end = -1
    for match in islice(_NUMBER.finditer(bare), _MOST):
        number = _value(match[1], _SCALES.get((match[2] or "").lower(), 1))
        if match.start() == end and found and number < found[-1]:
            found[-1] += number  # 1만5천: ten thousand and five thousand
        else:
            found.append(0 if _is_year(match) else number)
        end = match.end() if match[2] else -1
    return frozenset(number for number in found if _LEAST <= number < _BEYOND)


def _value(written: str, scale: int) -> int:
    if _GROUPED.fullmatch(written):
        return round(float(re.sub(r"\D", "", written)) * scale)
    return round(float(written.replace(",", ".")) * scale)


def _is_year(match: re.Match[str]) -> bool:
    return not match[2] and match[1].isdecimal() and int(match[1]) in _YEARS


def days_in(text: str) -> frozenset[Day]:
    """The days that a text names, its dateline's excepted."""
    found = set()
    for match in islice(_DAY.finditer(_DATELINE.sub("", text)), _MOST):
        said = {key[0]: value for key, value in match.groupdict().items() if value}
        month = said.get("m", "0")
        number = int(month) if month.isdecimal() else _MONTH[month.lower()]
        day = int(said["d"])
        if 0 <= number <= 12 and 1 <= day <= 31:
            found.add(Day(number, day))
    return frozenset(found)
