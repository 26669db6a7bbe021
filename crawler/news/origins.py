"""Independent origins: how many voices a story has, where twenty outlets may tell what one said.

Editions of one house, copies of one text, and reports that owe their news to the same source fold
into one; so does the source's own report with them.

Promise: whatever two reports have in common of these, directly or over others, they count once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A report as a voice: whose it is, and to whom it owes its news.

    `group` is the house of its outlet. `cited` are the origins it names: an outlet's id, or None
    for who is in no catalogue, and the name as it was printed.
    """

    id: str
    group: str
    name: str
    copy_of: str | None = None
    cited: tuple[tuple[str | None, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a story's news came from: one voice, and the reports that fold into it.

    `is_held`: its own report is among them, so that what it said can be read. `first` is the
    report that came first.
    """

    name: str
    is_held: bool
    reports: tuple[str, ...]
    first: str


@dataclass(slots=True)
class _Folds:
    """Sets that are one when they share anything (union and find)."""

    over: dict[str, str] = field(default_factory=dict)

    def find(self, name: str) -> str:
        self.over.setdefault(name, name)
        while self.over[name] != name:
            self.over[name] = self.over[self.over[name]]
            name = self.over[name]
        return name

    def fold(self, one: str, other: str) -> None:
        self.over[self.find(one)] = self.find(other)


def independent_origins(
    voices: Sequence[Voice], groups: Mapping[str, str], names: Mapping[str, str]
) -> tuple[Origin, ...]:
    """The origins of reports that are given in order of time, the widest first.

    `groups` tells the house of an outlet's id, `names` the name of a house.
    """
    folds = _Folds()
    for voice in voices:
        for key in _own_keys(voice):
            folds.fold(f"report {voice.id}", key)
        if voice.copy_of is not None:
            folds.fold(f"report {voice.id}", f"report {voice.copy_of}")
        for outlet, name in voice.cited:
            folds.fold(f"report {voice.id}", _cited_key(outlet, name, groups))
    folded: dict[str, list[Voice]] = {}
    for voice in voices:
        folded.setdefault(folds.find(f"report {voice.id}"), []).append(voice)
    origins = [_origin(members, groups, names) for members in folded.values()]
    return tuple(sorted(origins, key=lambda origin: -len(origin.reports)))


def told(outlets: int, origins: Sequence[Origin]) -> str:
    """The count in words: "7 outlets, 1 origin: The New York Times, not held"."""
    counted = (
        f"{outlets} outlet{'s' * (outlets != 1)}, {len(origins)} origin{'s' * (len(origins) != 1)}"
    )
    named = [f"{o.name}{'' if o.is_held else ', not held'}" for o in origins[:3]]
    more = "; …" if len(origins) > 3 else ""
    return f"{counted}: {'; '.join(named)}{more}" if named else counted


def _cited_key(outlet: str | None, name: str, groups: Mapping[str, str]) -> str:
    if outlet is not None:
        return f"house {groups.get(outlet, outlet)}"
    return f"name {name.casefold()}"


def _own_keys(voice: Voice) -> tuple[str, str]:
    # By name too: who cites it may not have told which outlet of the catalogue it is.
    return f"house {voice.group}", f"name {voice.name.casefold()}"


def _origin(
    members: Sequence[Voice], groups: Mapping[str, str], names: Mapping[str, str]
) -> Origin:
    cited: dict[str, tuple[int, str]] = {}
    for voice in members:
        for outlet, name in voice.cited:
            key = _cited_key(outlet, name, groups)
            count, known = cited.get(key, (0, name))
            cited[key] = (count + 1, known)
    first = members[0]
    if not cited:
        reports = tuple(voice.id for voice in members)
        return Origin(name=first.name, is_held=True, reports=reports, first=first.id)
    key, (_count, name) = max(cited.items(), key=lambda item: item[1][0])
    house = key.removeprefix("house ")
    return Origin(
        name=names.get(house, name),
        is_held=any(key in _own_keys(voice) for voice in members),
        reports=tuple(voice.id for voice in members),
        first=first.id,
    )
