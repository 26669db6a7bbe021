"""Catalogue texts: reading cards, joining files, and laying one catalogue over another.

Promise: a card that reaches the crawl is whole and valid; anything else is refused with file, line
and the fix. What each key may hold is in `cards.py`; files are read in `crawler/storage`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crawler.errors import OutletError
from crawler.news import cards
from crawler.news.card_places import Place, locate_stranger
from crawler.news.outlets import Outlet, outlet_from, source_key

# A catalogue text, and its name for errors.
Part = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Draft:
    """A card as it stands so far: its keys, and where each of them was written."""

    values: Mapping[str, Any]
    places: Mapping[str, Place]
    place: Place

    def refuse(self, key: str, problem: str, entry: str = "") -> OutletError:
        """The error that names the line of a key, or of an entry of its list."""
        place = self.places.get(key, self.place)
        return OutletError(place.origin, place.line(key, entry), problem)


def parse_catalogue(text: str, origin: str, *, zones: Collection[str] = ()) -> tuple[Outlet, ...]:
    """The outlets of one catalogue text (TOML, one [[outlet]] table per card).

    `origin` names the text in errors. `zones` are the time zones that exist; without them only the
    shape of a zone is checked. Raises OutletError for the first card that is wrong.
    """
    return join_catalogues((text, origin), zones=zones)


def join_catalogues(*parts: Part, zones: Collection[str] = ()) -> tuple[Outlet, ...]:
    """The outlets of several catalogue texts, each given as (text, origin), as one catalogue.

    An id or a source that two cards claim is refused, whichever files they stand in: one address
    polled for two outlets would give every article two homes.
    """
    return layer_catalogues([parts], zones=zones)


def layer_catalogues(
    layers: Iterable[Sequence[Part]], *, zones: Collection[str] = ()
) -> tuple[Outlet, ...]:
    """The outlets of catalogues that lie one over another, each a list of texts.

    A card of an upper layer with the id of one below changes that one: the keys that it writes win,
    the others stay. Any other card is an outlet of its own.
    """
    drafts: dict[str, _Draft] = {}
    for parts in layers:
        below = dict(drafts)
        for draft in _drafts(parts, zones):
            name = draft.values["id"]
            drafts[name] = _laid_over(below[name], draft) if name in below else draft
            _refuse_unless_whole(drafts[name], below, zones)
    _refuse_shared_sources(drafts.values())
    return tuple(outlet_from(draft.values) for draft in drafts.values())


def _drafts(parts: Iterable[Part], zones: Collection[str]) -> list[_Draft]:
    """Read the cards of one layer, in which no id may stand twice."""
    found: dict[str, _Draft] = {}
    for text, origin in parts:
        for nth, card in enumerate(_read_cards(text, origin)):
            place = Place(text, origin, nth)
            draft = _Draft(values=card, places=dict.fromkeys(card, place), place=place)
            wrong = cards.find_wrong_key(card, zones)
            if wrong is not None:
                raise _refusal(draft, *wrong)
            if "id" not in card:
                raise _refusal(draft, "", 'the card has no id; add a line id = "..."')
            if card["id"] in found:
                raise _claimed(draft, "id", card["id"], found[card["id"]], "id", card["id"])
            found[card["id"]] = draft
    return list(found.values())


def _laid_over(below: _Draft, above: _Draft) -> _Draft:
    return _Draft(
        values={**below.values, **above.values},
        places={**below.places, **above.places},
        place=above.place,
    )


def _refuse_unless_whole(
    draft: _Draft, below: Mapping[str, _Draft], zones: Collection[str]
) -> None:
    wrong = cards.find_problem(draft.values, zones)
    if wrong is None:
        return
    key, problem = wrong
    if below and draft.values["id"] not in below:
        name = draft.values["id"]
        problem += f'; no outlet has the id "{name}" yet{cards.suggest(name, below)}'
    raise _refusal(draft, key, problem)


def _refusal(draft: _Draft, key: str, problem: str) -> OutletError:
    quoted = re.search(r'"([^"]+)"', problem) if key else None
    return draft.refuse(key, problem, quoted[1] if quoted else "")


def _refuse_shared_sources(drafts: Iterable[_Draft]) -> None:
    claims: dict[str, tuple[_Draft, str, str]] = {}
    for draft in drafts:
        for key in cards.SOURCES:
            for url in map(cards.url_of, draft.values.get(key, ())):
                name = source_key(url)
                if name in claims:
                    raise _claimed(draft, key, url, *claims[name])
                claims[name] = draft, key, url


def _claimed(
    draft: _Draft, key: str, value: str, owner: _Draft, under: str, written: str
) -> OutletError:
    """The error about what stands on another card, there under a key and as it is written."""
    place = owner.places[under]
    fix = "give this card an id of its own" if key == "id" else "list a source once"
    where = f"{place.origin}, line {place.line(under, written)}"
    return draft.refuse(key, f'{key}: "{value}" already stands in {where}; {fix}', value)


def _read_cards(text: str, origin: str) -> list[dict[str, Any]]:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        # Python 3.14 has error.lineno; before, the message is the only place that tells.
        told = re.search(r"\(at line (\d+)", str(error))
        line = int(told[1]) if told else text.rstrip("\n").count("\n") + 1
        raise OutletError(origin, line, f"this is no TOML: {error}") from error
    for key in table:
        if key != "outlet":
            problem = f'unknown key "{key}" outside of a card; every card begins with [[outlet]]'
            raise OutletError(origin, locate_stranger(text, key), problem)
    found = table.get("outlet", [])
    if not isinstance(found, list) or not all(isinstance(card, dict) for card in found):
        problem = "a card begins with [[outlet]], in double brackets"
        raise OutletError(origin, locate_stranger(text, "outlet"), problem)
    return found
