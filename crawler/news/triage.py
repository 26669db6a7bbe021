"""Triage: is an entry worth fetching, from what its source says of it? Recall first.

An entry that is not fetched is lost for good, a useless fetch costs seconds. Promise: an entry of
which nothing is told is fetched; its caller limits how many.
"""

from __future__ import annotations

from crawler.news.evidence import Passage, read_passage
from crawler.news.lexicon import Topic
from crawler.news.records import Triage
from crawler.news.relevance import score_of
from crawler.news.sentences import split_sentences

_SUMMARY_LENGTH = 2000  # a feed that carries whole texts is read as far as its lead
# Points of the answers; the topic file's triage_threshold decides which of them mean "fetch".
_BOTH, _ONE, _PERHAPS, _HARDLY, _NO = 3.0, 2.0, 1.0, 0.5, 0.0


def triage(
    topic: Topic,
    *,
    title: str | None,
    summary: str | None,
    language: str | None,
    scope: str | None,
) -> Triage:
    """Decide whether to fetch. One party named is enough; a weak word must have company."""
    told = [(title or "").strip(), *split_sentences((summary or "")[:_SUMMARY_LENGTH])]
    told = [part for part in told if part]
    lexicon = topic.lexicon(language, "\n".join(told))
    passages = [read_passage(lexicon, part) for part in told]
    if len(told) == 1 and lexicon.digest.finds(passages[0].folded):
        points, words = _PERHAPS, "a digest, and nothing is told of what it holds"
    else:
        points, words = _weigh_told(topic, passages, topic.implied_side(scope))
    threshold = topic.rules.triage_threshold
    return Triage(
        fetch=points >= threshold,
        score=score_of(points, threshold),
        ruleset=topic.ruleset,
        reasons=(words,),
    )


def _weigh_told(topic: Topic, passages: list[Passage], implied: str | None) -> tuple[float, str]:
    if not passages:
        return _PERHAPS, "nothing is told of it"
    named = [side for side in "ab" if any(p.names(side) or p.three for p in passages)]
    if len(named) == len("ab"):
        return _BOTH, "both parties are named"
    if named and named[0] != implied:
        return _ONE, f"{topic.name_of(named[0])} is named"
    weak = [side for side in "ab" if any(p.weakly(side) for p in passages)]
    if implied is None:
        return _weigh_weak(weak)
    other = "b" if implied == "a" else "a"
    if other not in weak and any(p.rivals or p.third for p in passages):
        return _HARDLY, f"a third is named, and {topic.name_of(other)} is not"
    return _PERHAPS, f"the outlet takes {topic.name_of(implied)} for granted"


def _weigh_weak(weak: list[str]) -> tuple[float, str]:
    if len(weak) == len("ab"):
        return _PERHAPS, "both parties are named by weak words"
    return (_HARDLY, "a weak word alone") if weak else (_NO, "neither party is named")
