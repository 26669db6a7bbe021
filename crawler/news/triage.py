"""Triage: is an entry worth fetching, from what its source says of it? Recall first.

An entry that is not fetched is lost unless somebody reviews it, a useless fetch costs seconds.
Promise: an entry of which little is told is fetched where one party is named; its caller limits
how many of those of which nothing is told.
"""

from __future__ import annotations

from dataclasses import dataclass

from crawler.news.evidence import Passage, read_passage
from crawler.news.lexicon import Topic
from crawler.news.records import Triage
from crawler.news.sentences import split_sentences

_SUMMARY_LENGTH = 2000  # a feed that carries whole texts is read as far as its lead
# Characters in which a report about both would have named both; wide scripts say as much in fewer.
_ENOUGH = 150
_ENOUGH_WIDE = 60
# Points of the answers; the topic file's triage_threshold decides which of them mean "fetch".
_BOTH, _ONE, _PERHAPS, _HARDLY, _NO = 3.0, 2.0, 1.0, 0.5, 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What is told of an entry: sentences, and whether they are enough to name both parties."""

    passages: list[Passage]
    is_enough: bool

    def names(self, side: str) -> bool:
        return any(p.names(side) or p.three for p in self.passages)

    def hints(self, side: str) -> bool:
        return self.names(side) or any(p.hints(side) for p in self.passages)


def triage(
    topic: Topic,
    *,
    title: str | None,
    summary: str | None,
    language: str | None,
    scope: str | None,
) -> Triage:
    """Decide whether to fetch. One party named is enough; a weak word must have company."""
    parts = [(title or "").strip(), *split_sentences((summary or "")[:_SUMMARY_LENGTH])]
    parts = [part for part in parts if part]
    lexicon = topic.lexicon(language, "\n".join(parts))
    passages = [read_passage(lexicon, part) for part in parts]
    enough = _ENOUGH_WIDE if lexicon.is_wide else _ENOUGH
    told = _Told(passages=passages, is_enough=sum(len(p.folded) for p in passages) >= enough)
    if len(parts) == 1 and lexicon.digest.finds(passages[0].folded):
        points, words = _PERHAPS, "a digest, and nothing is told of what it holds"
    else:
        points, words = _weigh_told(topic, told, topic.implied_side(scope))
    threshold = topic.rules.triage_threshold
    return Triage(
        fetch=points >= threshold,
        score=_score_of(points, threshold),
        ruleset=topic.ruleset,
        reasons=(words,),
    )


def _score_of(points: float, threshold: float) -> float:
    """Points as a score from 0 to 1: none is 0, the threshold 0.5."""
    return round(points**2 / (points**2 + threshold**2), 4)


def _weigh_told(topic: Topic, told: _Told, implied: str | None) -> tuple[float, str]:
    if not told.passages:
        return _PERHAPS, "nothing is told of it"
    named = [side for side in "ab" if told.names(side)]
    if len(named) == len("ab"):
        return _BOTH, "both parties are named"
    if words := _tells_of_everyday_only(topic, told, implied):
        return _HARDLY, words
    if named and named[0] != implied:
        return _ONE, f"{topic.name_of(named[0])} is named"
    return _weigh_scope(topic, told, implied)


def _tells_of_everyday_only(topic: Topic, told: _Told, implied: str | None) -> str:
    """Why nothing hints at the rarer party, where the other is in the news every day; or ""."""
    everyday = topic.everyday
    rarer = "b" if everyday == "a" else "a"
    if everyday is None or implied == rarer or told.hints(rarer):
        return ""
    party = topic.name_of(everyday)
    if told.is_enough and (implied == everyday or told.names(everyday)):
        return f"enough is told, and only {party} is named"
    if told.names(everyday) and any(p.weakly(everyday) for p in told.passages):
        return f"{party} and its war, and no word of the other"
    return ""


def _weigh_scope(topic: Topic, told: _Told, implied: str | None) -> tuple[float, str]:
    """What names nobody, or only the party that its outlet takes for granted."""
    weak = [side for side in "ab" if any(p.hints(side) for p in told.passages)]
    if implied is None:
        if len(weak) == len("ab"):
            return _PERHAPS, "both parties are named by weak words"
        return (_HARDLY, "a weak word alone") if weak else (_NO, "neither party is named")
    other = "b" if implied == "a" else "a"
    if other not in weak and any(p.rivals or p.third for p in told.passages):
        return _HARDLY, f"a third is named, and {topic.name_of(other)} is not"
    return _PERHAPS, f"the outlet takes {topic.name_of(implied)} for granted"
