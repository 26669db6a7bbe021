"""The words of dates: month names, named zones and half-days as outlets print them.

Here are tables only; `dates.py` reads with them. Promise: a word stands here only if it means one
thing, so that no reader has to guess.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

# One line per month: English, German, French, Spanish, Italian, Portuguese, Russian (genitive,
# nominative), Ukrainian (the same). Three-letter English and shortened forms are added below.
_MONTH_NAMES = (
    "january januar jänner janvier enero gennaio janeiro января январь січня січень",
    "february februar février febrero febbraio fevereiro февраля февраль лютого лютий",
    "march märz mars marzo março марта март березня березень",
    "april avril abril aprile апреля апрель квітня квітень",
    "may mai mayo maggio maio мая май травня травень",
    "june juni juin junio giugno junho июня июнь червня червень",
    "july juli juillet julio luglio julho июля июль липня липень",
    "august août agosto августа август серпня серпень",
    "september septembre septiembre settembre setembro сентября сентябрь вересня вересень",
    "october oktober octobre octubre ottobre outubro октября октябрь жовтня жовтень",
    "november novembre noviembre novembro ноября ноябрь листопада листопад",
    "december dezember décembre diciembre dicembre dezembro декабря декабрь грудня грудень",
)
_MONTH_SHORTS = (
    "jan jän janv ene gen янв січ",
    "feb févr fév fev февр фев лют",
    "mar mär mrz мар бер",
    "apr avr abr апр квіт кві",
    "mag трав тра",
    "jun giu июн черв чер",
    "jul juil lug июл лип",
    "aug aou ago авг серп сер",
    "sep sept set сент сен вер",
    "oct okt ott out окт жовт жов",
    "nov ноя нояб лист лис",
    "dec dez déc dic дек груд гру",
)

MONTHS: Mapping[str, int] = {
    word: number
    for names in (_MONTH_NAMES, _MONTH_SHORTS)
    for number, line in enumerate(names, start=1)
    for word in line.split()
}

# Minutes east of Greenwich. IST (India, Israel, Ireland) is left out: it means three things.
ZONE_OFFSETS: Mapping[str, int] = {
    "z": 0, "utc": 0, "gmt": 0, "ut": 0, "wet": 0,
    "west": 60, "bst": 60, "cet": 60, "mez": 60, "cest": 120, "mesz": 120,
    "eet": 120, "eest": 180, "msk": 180, "мск": 180, "msd": 240,
    "sgt": 480, "hkt": 480, "awst": 480, "pht": 480, "wib": 420, "ict": 420,
    "kst": 540, "jst": 540, "aest": 600, "aedt": 660, "vlat": 600,
    "est": -300, "edt": -240, "cst": -360, "cdt": -300,
    "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
}  # fmt: skip
CHINA_STANDARD = 480  # what CST means to an outlet in Asia

# Zones by which American papers go, summer or winter.
ZONE_NAMES: Mapping[str, str] = {
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
}

# Where 11/9/2026 is the ninth of November.
MONTH_FIRST_ZONES = re.compile(
    r"America/(New_York|Chicago|Denver|Los_Angeles|Phoenix|Anchorage|Detroit|Boise|Indiana/\w+"
    r"|Kentucky/\w+|North_Dakota/\w+)|US/\w+|Pacific/(Honolulu|Guam)|Asia/Manila"
)

MORNING = frozenset({"am", "오전", "午前", "上午"})
AFTERNOON = frozenset({"pm", "오후", "午後", "下午"})
