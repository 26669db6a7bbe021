"""Relevance: is the relationship of the two parties a subject of an article, or a mention?

Evidence is weighed in points (the weights stand in the topic file); every point has its reason in
plain words. Points are log odds, so the score is the chance of being relevant, as far as labeled
items tell. Promise: the same title and text always give the same judgement, no evidence gives 0,
and the threshold is always the score 0.5.
"""

from __future__ import annotations

import math

from crawler.news.evidence import Passage, party_side, read_passage
from crawler.news.lexicon import Topic
from crawler.news.matchers import Lexicon
from crawler.news.records import Judgement
from crawler.news.sentences import split_sentences
from crawler.news.topics import tag_topics
from crawler.news.weighing import Case, Reason, find_reasons, is_crowded, is_theatre

THRESHOLD = 0.5  # of the score, whatever the topic's threshold in points
_TERMS_MOST = 12
_SENTENCES_MOST = 3
_SENTENCE_LENGTH = 1000  # longer ones are tables or broken pages, no evidence a reader wants
_STAND_IN = 3  # sentences among which a missing title is sought
_LEAD = 350  # characters; wide scripts say as much in 140
_LEAD_WIDE = 140


def judge(
    topic: Topic, *, title: str, text: str, language: str | None, scope: str | None = None
) -> Judgement:
    """Weigh an article. `scope` is its outlet's: one about a party takes that party for granted."""
    lexicon = topic.lexicon(language, f"{title}\n{text[:200]}")
    case = _read_case(topic, lexicon, title, text, scope)
    reasons = tuple(find_reasons(topic, lexicon, case))
    points = round(sum(_points(topic, reason) for reason in reasons), 6)
    deciding = _deciding(topic, lexicon, case)
    tags = tag_topics(topic, lexicon, case.title, deciding)
    return Judgement(
        relevant=points >= topic.rules.threshold,
        score=score_of(points, topic.rules.threshold),
        threshold=THRESHOLD,
        ruleset=topic.ruleset,
        terms=_terms(topic, case),
        reasons=tuple(f"{_points(topic, r):+.1f} {r.words}" for r in reasons),
        sentences=tuple(p.text for p in deciding if len(p.text) <= _SENTENCE_LENGTH),
        topics=tuple(tags),
        topic_reasons=tags,
    )


def unread(topic: Topic, reason: str) -> Judgement:
    """The judgement on a page that was not read, which says why."""
    return Judgement(
        relevant=False,
        score=0.0,
        threshold=THRESHOLD,
        ruleset=topic.ruleset,
        terms={party.id: () for party in topic.parties},
        reasons=(reason,),
    )


def weigh(topic: Topic, *, title: str, text: str, language: str | None) -> dict[str, float]:
    """How much of each ground an article shows, for whoever fits the weights."""
    lexicon = topic.lexicon(language, f"{title}\n{text[:200]}")
    case = _read_case(topic, lexicon, title, text, None)
    amounts: dict[str, float] = {}
    for reason in find_reasons(topic, lexicon, case):
        amounts[reason.ground] = amounts.get(reason.ground, 0.0) + reason.amount
    return amounts


def score_of(points: float, threshold: float) -> float:
    """Points as a score from 0 to 1: none is 0, the threshold 0.5, and more is never less.

    Rounded down, so that nothing below the threshold shows its score.
    """
    if points <= 0:
        return 0.0
    return math.floor(10_000 / (1.0 + math.exp(threshold - points))) / 10_000


def _points(topic: Topic, reason: Reason) -> float:
    return topic.weights[reason.ground] * reason.amount


def _read_case(topic: Topic, lexicon: Lexicon, title: str, text: str, scope: str | None) -> Case:
    passages = [read_passage(lexicon, sentence) for sentence in split_sentences(text)]
    headline = read_passage(lexicon, title)
    if not headline.folded and passages:
        # The first sentence that names somebody stands in for a missing title.
        spare = [n for n, p in enumerate(passages[:_STAND_IN]) if p.names("a") or p.names("b")]
        headline = passages[spare[0] if spare else 0]
    lead = read = 0
    while lead < len(passages) and read < (_LEAD_WIDE if lexicon.is_wide else _LEAD):
        read += len(passages[lead].folded)
        lead += 1
    return Case(
        title=headline,
        is_headless=not title.strip(),
        sentences=tuple(passages),
        lead=lead,
        implied=topic.implied_side(scope),
    )


def _deciding(topic: Topic, lexicon: Lexicon, case: Case) -> list[Passage]:
    """The sentences that decided, in the order of the text: the clearest that name both first."""
    named = [p for p in case.sentences if p.names_pair]
    named.sort(key=is_crowded)
    chosen = named[:_SENTENCES_MOST]
    for passage in case.sentences:
        if len(chosen) == _SENTENCES_MOST:
            break
        if is_theatre(topic, lexicon, passage):
            chosen.append(passage)
    place = {id(p): n for n, p in enumerate(case.sentences)}
    return sorted(chosen, key=lambda p: place[id(p)])


def _terms(topic: Topic, case: Case) -> dict[str, tuple[str, ...]]:
    """What named each party, as found, weak words only where nothing else did."""
    terms = {}
    for side, party in zip("ab", topic.parties, strict=True):
        strong: dict[str, None] = {}
        weak: dict[str, None] = {}
        for passage in (case.title, *case.sentences):
            for mention in passage.mentions:
                if party_side(mention) == side or mention.kind in ("both", "three"):
                    strong[mention.text.lower()] = None
                elif mention.kind == f"weak_{side}":
                    weak[mention.text.lower()] = None
        terms[party.id] = tuple(strong or weak)[:_TERMS_MOST]
    return terms
