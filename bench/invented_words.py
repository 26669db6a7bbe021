"""Made-up sentences for the invented pages of the benchmarks.

Promise: only text that is asked for as relevant is about the two parties; of the other texts those
of "one party" name one of them once.
"""

from __future__ import annotations

import random
from typing import Literal

Kind = Literal["relevant", "furniture", "one party", "neither"]

_WHO = (
    "The harbor board", "A spokeswoman for the council", "The ferry company", "A local cooperative",
    "The regional court", "An engineer on the project", "The school district", "A group of growers",
    "The museum’s director", "The transport ministry", "A veteran of the league", "A water utility",
)  # fmt: skip
_DID = (
    "said it would delay", "announced plans to extend", "published figures on", "is to vote on",
    "has quietly shelved", "agreed to pay for", "is looking again at", "defended the cost of",
    "apologized for the state of", "reopened the debate about",
)  # fmt: skip
WHAT = (
    "the northern bypass", "a second footbridge", "its winter timetable", "the old tannery site",
    "new rules for short lets", "a pension scheme for drivers", "the flood wall by the market",
    "the youth orchestra’s tour", "a reservoir above the town", "the price of season tickets",
)  # fmt: skip
# Sentences are laid of single words: of ready phrases all articles would be copies of each other.
_KINDS = (
    "old", "new", "small", "northern", "southern", "coastal", "local", "regional", "public",
    "private", "long", "early", "late", "costly", "quiet", "narrow", "wooden", "wide",
    "empty", "crowded", "former", "annual", "joint", "open", "hidden", "steady", "sudden",
    "rare", "modest", "heavy",
)  # fmt: skip
_THINGS = (
    "harbor", "bridge", "council", "school", "market", "river", "road", "tunnel", "garden",
    "station", "factory", "library", "theater", "museum", "orchard", "ferry", "village",
    "valley", "budget", "timetable", "permit", "contract", "survey", "report", "vote",
    "meeting", "inquiry", "pension", "harvest", "winter", "storm", "flood", "drought",
    "repair", "design", "festival", "season", "ticket", "engine", "cable", "pipeline",
    "reservoir", "warehouse", "bakery", "workshop", "stadium", "archive", "clinic",
)  # fmt: skip
_ACTS = (
    "praised", "delayed", "opened", "closed", "repaired", "sold", "visited", "measured",
    "planned", "refused", "renewed", "doubled", "halved", "promised", "counted", "blamed",
    "painted", "flooded", "moved", "saved", "tested",
)  # fmt: skip
_JOINTS = (
    "near", "behind", "beyond", "after", "before", "without", "above", "against", "toward",
    "during", "for", "beside",
)  # fmt: skip
_SYLLABLES = (
    "al", "bor", "dan", "el", "fen", "gar", "hol", "ik", "jor", "kel",
    "lun", "mar", "nes", "os", "pel", "rin", "sel", "tor", "ul", "ven",
)  # fmt: skip
_AGREED = (
    "extend the rail freight agreement", "sign a protocol on fisheries",
    "open a ferry line", "plan a bridge for lorries", "renew a treaty on customs",
    "exchange delegations of teachers", "agree on coal and grain",
)  # fmt: skip
BOTH = (
    "North Korea and Russia agreed to run freight trains over the Tumangang crossing twice a week",
    "Pyongyang sent a delegation to Moscow to discuss the supply of coal and grain",
    "Russian and North Korean officials signed a protocol on railway maintenance in Khasan",
    "Moscow thanked Pyongyang for its help and promised to deliver more fuel to the DPRK",
    "The foreign ministers of Russia and the DPRK spoke about the treaty between the two countries",
    "North Korean workers are to build apartments in Vladivostok under a contract with Russia",
)
_ONE = (
    "Exports to Russia fell again in the autumn, dealers said",
    "A concert by a pianist from Moscow was sold out within the hour",
    "The Russian team withdrew from the tournament because of an injury",
)


def title_of(chance: random.Random, kind: Kind, number: int) -> str:
    """A title of its own for every number."""
    if kind == "relevant":
        agreed = f"{chance.choice(_AGREED)} by way of {_name(chance)}"
        return f"Russia and North Korea {agreed}, report {number}"
    return f"{chance.choice(_WHO)} {chance.choice(_DID)} {chance.choice(WHAT)}, no {number}"


def sentence(chance: random.Random) -> str:
    """Some hundred characters without a full stop."""
    first, second, third, fourth = chance.sample(_THINGS, 4)
    return (
        f"The {chance.choice(_KINDS)} {first} of {_name(chance)} {chance.choice(_ACTS)} the "
        f"{second} {chance.choice(_JOINTS)} a {chance.choice(_KINDS)} {third}, and "
        f"{chance.randrange(2, 900)} people {chance.choice(_ACTS)} the {fourth}"
    )


def _name(chance: random.Random) -> str:
    # Articles of different papers share few names; without any they would all be alike.
    return "".join(chance.choice(_SYLLABLES) for _ in range(3)).capitalize()


def article(chance: random.Random, kind: Kind) -> list[str]:
    """The paragraphs of an article: as many and as long as on real pages."""
    paragraphs = []
    for place in range(chance.randrange(4, 18)):
        sentences = [sentence(chance) for _ in range(chance.randrange(1, 4))]
        if kind == "relevant" and place % 2 == 0:
            sentences.insert(0, f"{chance.choice(BOTH)}, {_name(chance)} of {_name(chance)} said")
        if kind == "one party" and place == 3:
            sentences.append(chance.choice(_ONE))
        paragraphs.append(". ".join(sentences) + ".")
    return paragraphs


def headline(chance: random.Random) -> str:
    """What a teaser says."""
    return f"{chance.choice(_WHO)} {chance.choice(_DID)} {chance.choice(WHAT)}"
