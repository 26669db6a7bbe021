"""The file of alerts: watches and targets, as people write them in TOML.

    timezone = "Asia/Seoul"

    [targets]
    desk = "ntfys://ntfy.example.org/desk"
    mail = { file = "/run/secrets/mail" }

    [[watch]]
    name = "shells"
    search = "artillery shells"
    on = "story"
    to = ["desk"]

Promise: every error is named with file, line and what to write instead, all of them at once; the
URL of a target is in none.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, time, timedelta, tzinfo
from typing import Any, Final

from crawler.errors import ConfigError
from crawler.news import cards
from crawler.news.card_places import locate, locate_stranger
from crawler.news.cards import Check, list_of, one_of, suggest
from crawler.news.lexicon import TOPICS
from crawler.news.queries import Query
from crawler.news.watches import OCCASIONS, PACES, Target, Watch, Watches
from crawler.news.words import phrases_of
from crawler.notation import parse_duration

Problem = tuple[int, str]
_TOP: Final = ("timezone", "targets", "watch")
_TIME: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+-]*://\S")
_MOST_ORIGINS: Final = 50
# Which key belongs to which occasion or pace only.
_ONLY: Final[Mapping[str, tuple[str, str]]] = {
    "origins": ("on", "origins"),
    "within": ("on", "origins"),
    "lasting": ("on", "health"),
    "at": ("send", "daily"),
}
_NOT_OF_HEALTH: Final = ("search", "topics", "cites")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What names may stand in the file: time zones, and the outlets of the catalogue."""

    zone_of: Callable[[str], tzinfo]
    zones: Collection[str]
    outlets: Collection[str]


def read_watches(text: str, origin: str, known: Known) -> Watches:
    """What a file of alerts says. Raises ConfigError with a line for each problem in it."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        told = re.search(r"\(at line (\d+)", str(error))
        line = int(told[1]) if told else text.rstrip("\n").count("\n") + 1
        raise ConfigError(f"{origin}, line {line}: this is no TOML: {error}") from error
    problems = sorted(set(_problems(table, text, known)))
    if problems:
        raise ConfigError("\n".join(f"{origin}, line {line}: {what}" for line, what in problems))
    targets = {name: _target(name, value) for name, value in table.get("targets", {}).items()}
    zone = table.get("timezone")
    return Watches(
        watches=tuple(_watch(entry, tuple(targets)) for entry in table.get("watch", [])),
        targets=targets,
        zone=known.zone_of(zone) if zone else UTC,
    )


def _problems(table: Mapping[str, Any], text: str, known: Known) -> Iterator[Problem]:
    for key in table:
        if key not in _TOP:
            yield locate_stranger(text, key), f'unknown key "{key}"{suggest(key, _TOP)}'
    if (zone := table.get("timezone", "UTC")) not in known.zones:
        hint = suggest(str(zone), known.zones) or '; write one such as "Asia/Seoul"'
        yield locate_stranger(text, "timezone"), f'timezone: "{zone}" is no time zone{hint}'
    targets = table.get("targets", {})
    if not isinstance(targets, dict):
        yield locate_stranger(text, "targets"), 'write targets as a table: [targets], name = "URL"'
        targets = {}
    for name, value in targets.items():
        if problem := cards.CHECKS["id"](name) or _wrong_target(value):
            yield locate_stranger(text, name), f"target {name}: {problem}"
    watches = table.get("watch", [])
    if not isinstance(watches, list) or not all(isinstance(entry, dict) for entry in watches):
        yield locate_stranger(text, "watch"), "a watch begins with [[watch]], in double brackets"
        return
    names: set[str] = set()
    for nth, entry in enumerate(watches):
        for key, problem in _wrong_keys(entry, targets, known):
            yield locate(text, nth, key, table="watch"), problem
        if "name" in entry and str(entry["name"]) in names:
            problem = f'name: "{entry["name"]}" is another watch\'s; give this one its own'
            yield locate(text, nth, "name", table="watch"), problem
        names.add(str(entry.get("name")))


def _wrong_target(value: object) -> str | None:
    """What is wrong with a target, without a word of its URL."""
    if isinstance(value, str):
        return None if _SCHEME.match(value) else 'this is no URL; write one such as "ntfys://..."'
    if isinstance(value, dict) and set(value) in ({"file"}, {"env"}):
        inner = next(iter(value.values()))
        return cards.text(inner)
    return 'write "scheme://...", { file = "/path" } or { env = "NAME" }'


def _wrong_keys(
    entry: Mapping[str, Any], targets: Collection[str], known: Known
) -> Iterator[tuple[str, str]]:
    checks = _checks(targets, known)
    for key, value in entry.items():
        if key not in checks:
            yield key, f'unknown key "{key}"{suggest(key, checks)}'
        elif problem := checks[key](value):
            yield key, f"{key}: {problem}"
    if "name" not in entry:
        yield "", 'the watch has no name; add a line name = "..."'
    for key, (other, wanted) in _ONLY.items():
        if key in entry and entry.get(other) != wanted:
            yield key, f'{key}: it belongs to {other} = "{wanted}"; add that, or take {key} out'
    for key in _NOT_OF_HEALTH:
        if key in entry and entry.get("on") == "health":
            yield key, f"{key}: a source has none; take it out (outlets, countries, languages fit)"


def _checks(targets: Collection[str], known: Known) -> Mapping[str, Check]:
    return {
        "name": cards.CHECKS["id"],
        "search": _search,
        "topics": list_of(one_of(TOPICS)),
        "outlets": list_of(_known_as("outlet", known.outlets)),
        "countries": list_of(cards.CHECKS["country"]),
        "languages": list_of(cards.CHECKS["language"]),
        "cites": cards.text,
        "on": one_of(OCCASIONS),
        "origins": _origins,
        "within": _duration,
        "lasting": _duration,
        "send": one_of(PACES),
        "at": _time,
        "to": list_of(_known_as("target", targets)),
    }


def _search(value: object) -> str | None:
    problem = cards.text(value)
    if problem is None and not phrases_of(str(value)):
        problem = f'"{value}" holds no word to look for; name one'
    return problem


def _known_as(what: str, names: Collection[str]) -> Check:
    def check(value: object) -> str | None:
        problem = cards.text(value)
        if problem is None and value not in names:
            hint = suggest(str(value), names)
            problem = f'there is no {what} "{value}"{hint or "; name one that there is"}'
        return problem

    return check


def _origins(value: object) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool) and 2 <= value <= _MOST_ORIGINS:
        return None
    return f"write a whole number from 2 to {_MOST_ORIGINS}"


def _duration(value: object) -> str | None:
    problem = cards.text(value)
    if problem is None:
        try:
            parse_duration(str(value))
        except ValueError as error:
            problem = str(error)
    return problem


def _time(value: object) -> str | None:
    if isinstance(value, time) or (isinstance(value, str) and _TIME.fullmatch(value)):
        return None
    return 'write a time of the day such as "07:30"'


def _target(name: str, value: Any) -> Target:
    if isinstance(value, str):
        return Target(name=name, url=value)
    return Target(name=name, file=value.get("file"), variable=value.get("env"))


def _watch(entry: Mapping[str, Any], targets: tuple[str, ...]) -> Watch:
    query = Query(
        text=entry.get("search"),
        cites=entry.get("cites"),
        topics=tuple(entry.get("topics", ())),
        outlets=tuple(entry.get("outlets", ())),
        countries=tuple(entry.get("countries", ())),
        languages=tuple(entry.get("languages", ())),
    )
    told: dict[str, Any] = {key: entry[key] for key in ("on", "origins", "send") if key in entry}
    for key in ("within", "lasting"):
        if key in entry:
            told[key] = timedelta(seconds=parse_duration(entry[key]))
    if "at" in entry:
        told["at"] = time.fromisoformat(str(entry["at"])).replace(second=0, microsecond=0)
    return Watch(name=entry["name"], query=query, targets=tuple(entry.get("to", targets)), **told)
