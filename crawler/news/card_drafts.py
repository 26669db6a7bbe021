"""The first draft of a card, from what a site or a list of feeds tells about an outlet.

Promise: a draft is a whole and valid card; what nobody told is guessed from the address, and a
comment on its line says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from crawler.news.card_text import write_card
from crawler.news.cards import KINDS, SCOPES
from crawler.news.codes import COUNTRIES, LANGUAGES
from crawler.news.urls import site

# Country: its zone, or that of its capital where it has several, and the language of its press.
_COUNTRIES: Final[Mapping[str, tuple[str, str]]] = {
    "AE": ("Asia/Dubai", "ar"), "AM": ("Asia/Yerevan", "hy"), "AT": ("Europe/Vienna", "de"),
    "AU": ("Australia/Sydney", "en"), "AZ": ("Asia/Baku", "az"), "BE": ("Europe/Brussels", "fr"),
    "BG": ("Europe/Sofia", "bg"), "BR": ("America/Sao_Paulo", "pt"), "BY": ("Europe/Minsk", "ru"),
    "CA": ("America/Toronto", "en"), "CH": ("Europe/Zurich", "de"), "CN": ("Asia/Shanghai", "zh"),
    "CZ": ("Europe/Prague", "cs"), "DE": ("Europe/Berlin", "de"), "DK": ("Europe/Copenhagen", "da"),
    "EE": ("Europe/Tallinn", "et"), "ES": ("Europe/Madrid", "es"), "FI": ("Europe/Helsinki", "fi"),
    "FR": ("Europe/Paris", "fr"), "GB": ("Europe/London", "en"), "GE": ("Asia/Tbilisi", "ka"),
    "GR": ("Europe/Athens", "el"), "HK": ("Asia/Hong_Kong", "zh"), "HU": ("Europe/Budapest", "hu"),
    "ID": ("Asia/Jakarta", "id"), "IE": ("Europe/Dublin", "en"), "IL": ("Asia/Jerusalem", "he"),
    "IN": ("Asia/Kolkata", "en"), "IR": ("Asia/Tehran", "fa"), "IT": ("Europe/Rome", "it"),
    "JP": ("Asia/Tokyo", "ja"), "KG": ("Asia/Bishkek", "ru"), "KH": ("Asia/Phnom_Penh", "km"),
    "KP": ("Asia/Pyongyang", "ko"), "KR": ("Asia/Seoul", "ko"), "KZ": ("Asia/Almaty", "ru"),
    "LA": ("Asia/Vientiane", "lo"), "LT": ("Europe/Vilnius", "lt"), "LV": ("Europe/Riga", "lv"),
    "MD": ("Europe/Chisinau", "ro"), "MN": ("Asia/Ulaanbaatar", "mn"),
    "MY": ("Asia/Kuala_Lumpur", "ms"), "NL": ("Europe/Amsterdam", "nl"),
    "NO": ("Europe/Oslo", "no"), "NZ": ("Pacific/Auckland", "en"), "PH": ("Asia/Manila", "en"),
    "PK": ("Asia/Karachi", "en"), "PL": ("Europe/Warsaw", "pl"), "PT": ("Europe/Lisbon", "pt"),
    "QA": ("Asia/Qatar", "ar"), "RO": ("Europe/Bucharest", "ro"), "RS": ("Europe/Belgrade", "sr"),
    "RU": ("Europe/Moscow", "ru"), "SE": ("Europe/Stockholm", "sv"), "SG": ("Asia/Singapore", "en"),
    "SK": ("Europe/Bratislava", "sk"), "TH": ("Asia/Bangkok", "th"),
    "TR": ("Europe/Istanbul", "tr"), "TW": ("Asia/Taipei", "zh"), "UA": ("Europe/Kyiv", "uk"),
    "US": ("America/New_York", "en"), "UZ": ("Asia/Tashkent", "uz"),
    "VN": ("Asia/Ho_Chi_Minh", "vi"), "ZA": ("Africa/Johannesburg", "en"),
}  # fmt: skip
_ENDINGS: Final = {
    "gov": "US", "mil": "US", "su": "RU", "uk": "GB", "xn--p1ai": "RU", "xn--j1amh": "UA",
    "xn--3e0b707e": "KR", "xn--fiqs8s": "CN",
}  # fmt: skip
# Endings of small countries that the whole world uses.
_WORLDWIDE: Final = frozenset(
    ("ai", "cc", "co", "fm", "gg", "io", "is", "ly", "me", "sh", "to", "tv", "ws")
)
# Languages that are at home in one country; of the others none can be told.
_HOMES: Final[Mapping[str, str]] = {
    "da": "DK", "he": "IL", "hu": "HU", "ja": "JP", "ko": "KR", "mn": "MN", "pl": "PL", "sv": "SE",
    "th": "TH", "uk": "UA", "vi": "VN",
}  # fmt: skip
_TRADITIONAL: Final = ("HK", "MO", "TW")
_SUBTAGS: Final = re.compile(r"([a-z]{2})(?:[-_]([A-Z][a-z]{3}))?\b")
_UNFIT: Final = re.compile(r"[^a-z0-9]+")
_ID_LENGTH: Final = 40

Choices = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is known of an outlet so far.

    `sources` holds addresses by the key of their list, `others` what else is to stand on the card.
    """

    homepage: str
    name: str | None = None
    country: str | None = None
    language: str | None = None
    sources: Mapping[str, Sequence[str]]
    others: Mapping[str, Any] = field(default_factory=dict)


def draft_card(
    draft: Draft, taken: Collection[str], choices: Choices | None = None
) -> tuple[str, str]:
    """The id of a draft and its card as TOML; `choices` are values that a person gave by key.

    `taken` are the ids of which it must be none.
    """
    chosen = dict(choices or {})
    host = urlsplit(draft.homepage).hostname or "outlet"
    name = chosen.get("name") or draft.name or host.removeprefix("www.")
    country = chosen.get("country") or draft.country or _country(host, draft.language)
    zone, spoken = _COUNTRIES.get(country, ("UTC", "en"))
    language = _language(draft.language, country) or _language(spoken, country)
    card: dict[str, Any] = {
        "id": chosen.get("id") or _free_id(name, draft.homepage, taken),
        "name": name,
        "country": country,
        "language": chosen.get("language") or language,
        "kind": chosen.get("kind", "national"),
        "scope": chosen.get("scope", "general"),
        "homepage": draft.homepage,
        **{key: list(urls) for key, urls in draft.sources.items() if urls},
        "timezone": zone,
        "aliases": [name],
        **draft.others,
    }
    told = {key for key in ("country", "language") if getattr(draft, key)}
    return card["id"], write_card(card, _comments(chosen, told, country))


def country_of(host: str) -> str:
    """The country that the ending of a host stands for; ZZ where it tells nothing."""
    ending = host.rpartition(".")[2].lower()
    code = _ENDINGS.get(ending, ending.upper())
    return code if code in COUNTRIES and ending not in _WORLDWIDE else "ZZ"


def _comments(chosen: Choices, told: Collection[str], country: str) -> dict[str, str]:
    guessed = {
        "id": "never changes once articles are stored",
        "country": "guessed: correct it" if country != "ZZ" else "none is known: correct it",
        "language": "guessed from the country",
        "kind": f"or {', '.join(kind for kind in KINDS if kind != 'national')}",
        "scope": f"or {', '.join(scope for scope in SCOPES if scope != 'general')}",
        "timezone": "guessed from the country: in which its dates are printed",
        "aliases": "as others cite it, in every language",
    }
    return {key: words for key, words in guessed.items() if key not in chosen and key not in told}


def _country(host: str, language: str | None) -> str:
    by_address = country_of(host)
    found = _SUBTAGS.match(language or "")
    return _HOMES.get(found[1], "ZZ") if by_address == "ZZ" and found else by_address


def _language(tag: str | None, country: str) -> str | None:
    found = _SUBTAGS.match(tag or "")
    if found is None or found[1] not in LANGUAGES:
        return None
    if found[1] == "zh" and not found[2]:
        is_traditional = country in _TRADITIONAL or (tag or "")[-2:].upper() in _TRADITIONAL
        return "zh-Hant" if is_traditional else "zh-Hans"
    return f"{found[1]}-{found[2]}" if found[2] else found[1]


def _free_id(name: str, homepage: str, taken: Collection[str]) -> str:
    slug = _slug(name)
    if len(slug) < 2:  # a name in letters that are none of ASCII's
        slug = _slug(site(homepage).partition(".")[0]) or "outlet"
    if slug.isdigit():
        slug = f"outlet-{slug}"
    numbered = (f"{slug}-{n}" for n in range(2, len(taken) + 3))
    return slug if slug not in taken else next(other for other in numbered if other not in taken)


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _UNFIT.sub("-", plain.replace("'", "")).strip("-")[:_ID_LENGTH].strip("-")
