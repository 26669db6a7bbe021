"""Weighing: points for what a title and a text say of the two parties, each with its reason.

The weights stand in the topic file, the lengths here. Promise: a reason never adds points that its
words do not tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from crawler.news.evidence import Passage
from crawler.news.lexicon import Topic
from crawler.news.matchers import Lexicon

# Two names this near (in characters) are spoken of in one breath; wide scripts say it in a third.
_CLOSE = 90
_CLOSE_WIDE = 30
_DENSE = 3  # mentions of the rarer party
_DOMINANT = 8  # times as often as the other
_LONG = 1.2  # units of text in which a single mention is an aside
_SPOKEN = 4  # sentences about the other party in an organ's own text ...
_SPOKEN_SHARE = 0.2  # ... and their share of all


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Points for or against, and why."""

    points: float
    words: str

    def __str__(self) -> str:
        return f"{self.points:+.1f} {self.words}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An article as read: the title, the sentences, and how many of them are its lead.

    `length` is in units of 1,000 characters (350 in wide scripts). `implied` is the side ("a" or
    "b") that the outlet's scope takes for granted. `is_headless`: a sentence serves as the title.
    """

    title: Passage
    is_headless: bool
    sentences: tuple[Passage, ...]
    lead: int
    length: float
    implied: str | None

    def in_lead(self, side: str) -> bool:
        """Whether the lead names a party outright."""
        return any(p.names(side) for p in self.sentences[: self.lead])


def is_crowded(passage: Passage) -> bool:
    """Whether others stand beside the two, so that the sentence may be about them."""
    joined = passage.is_bound or passage.is_shared or passage.lists
    return bool(joined or (passage.is_listed and passage.rivals))


def has_force(topic: Topic, lexicon: Lexicon, passage: Passage) -> bool:
    """Whether one of the topics beside which weak words count (troops, arms) is spoken of."""
    found = lexicon.cues.find(passage.folded)
    return any(cue.lastgroup in topic.rules.force_topics for cue in found)


def is_theatre(topic: Topic, lexicon: Lexicon, passage: Passage) -> bool:
    """Whether it has one party's troops or arms at the other's war, which it does not name."""
    side = topic.theatre
    if side is None or not passage.weakly(side) or passage.names(side):
        return False
    return passage.names(_other(side)) and has_force(topic, lexicon, passage)


def weigh(topic: Topic, lexicon: Lexicon, case: Case) -> Iterator[Reason]:
    """Every reason for and against, the title's first."""
    if case.title.names_pair:
        yield from _weigh_pair(topic, lexicon, case)
    else:
        yield from _weigh_half(topic, lexicon, case)
    yield from _weigh_title_company(topic, case)
    yield from _weigh_sentences(topic, lexicon, case)
    yield from _weigh_balance(topic, case)
    if lexicon.digest.finds(case.title.folded):
        weights = topic.weights
        points = weights.digest_both if case.title.names_pair else weights.digest
        yield Reason(points=points, words="the title is a digest's")


def _other(side: str) -> str:
    return "b" if side == "a" else "a"


def _weigh_pair(topic: Topic, lexicon: Lexicon, case: Case) -> Iterator[Reason]:
    """A title that names both."""
    weights, title = topic.weights, case.title
    if title.both:
        yield Reason(points=weights.title_compound, words="the title names both in one word")
        return
    yield Reason(points=weights.title_both, words="the title names both")
    alone = not (title.rivals or lexicon.foes.finds(title.folded))
    if title.is_listed and not alone and not lexicon.bond.finds(title.folded):
        words = "the title merely lists the two"
        yield Reason(points=weights.title_listed_pair, words=words)
    told = len(case.sentences) > 1 and not any(
        p.names_pair or is_theatre(topic, lexicon, p) for p in case.sentences
    )
    if told and len(title.rivals) > (0 if case.is_headless else 1):
        words = "the title has others too, and no sentence names the two together"
        yield Reason(points=weights.title_unsupported, words=words)


def _weigh_half(topic: Topic, lexicon: Lexicon, case: Case) -> Iterator[Reason]:
    """A title that names one party outright, or none."""
    weights, title = topic.weights, case.title
    named = next((side for side in "ab" if title.names(side)), None)
    if named is None:
        if title.three:
            yield _weigh_three(topic, lexicon, title)
        elif case.in_lead("a") and case.in_lead("b"):
            yield Reason(points=weights.lead_both, words="the lead names both")
        return
    here, there = topic.name_of(named), topic.name_of(_other(named))
    if title.three:
        yield _weigh_three(topic, lexicon, title)
    elif case.in_lead(_other(named)):
        yield Reason(points=weights.title_lead, words=f"{here} in the title, {there} in the lead")
    if is_theatre(topic, lexicon, title):
        words = f"{here} with troops or arms in the title, at the war of {there}"
        yield Reason(points=weights.title_theatre, words=words)
    elif title.weakly(_other(named)):
        yield Reason(
            points=weights.title_weak, words=f"{here} in the title, {there} by a weak word"
        )
    elif _at_war_in_lead(topic, lexicon, case, named):
        words = f"{here} with troops or arms in the title, the war of {there} in the lead"
        yield Reason(points=weights.title_weak, words=words)
    if case.implied == _other(named) and not (title.rivals or case.in_lead(case.implied)):
        yield Reason(points=weights.implied, words=f"the outlet takes {there} for granted")


def _weigh_three(topic: Topic, lexicon: Lexicon, title: Passage) -> Reason:
    if any(cue.lastgroup == "summit" for cue in lexicon.cues.find(title.folded)):
        return Reason(points=topic.weights.title_three_meet, words="the two and a third meet")
    words = "the title names the two and a third"
    return Reason(points=topic.weights.title_trilateral, words=words)


def _at_war_in_lead(topic: Topic, lexicon: Lexicon, case: Case, named: str) -> bool:
    if topic.theatre != _other(named) or not has_force(topic, lexicon, case.title):
        return False
    return any(p.weakly(topic.theatre) for p in case.sentences[: case.lead])


def _weigh_title_company(topic: Topic, case: Case) -> Iterator[Reason]:
    """Others in the title: whoever deals with a third need not deal with the other party."""
    weights, title = topic.weights, case.title
    if title.is_bound or (case.is_headless and title.is_shared):
        words = "the title joins a party to somebody else"
        yield Reason(points=weights.title_bound, words=words)
    elif thirds := min(2, title.third):
        words = "the title is about dealings with somebody else"
        yield Reason(points=thirds * weights.title_third_pair, words=words)
    if rivals := sorted(rival.removeprefix("other_") for rival in title.rivals)[:2]:
        each = (
            weights.title_rival_both
            if title.names_pair and not case.is_headless
            else weights.title_rival
        )
        words = f"others in the title: {', '.join(rivals)}"
        yield Reason(points=each * len(rivals), words=words)


def _weigh_sentences(topic: Topic, lexicon: Lexicon, case: Case) -> Iterator[Reason]:
    """Sentences that name both; those beside others, or about the war alone, count less."""
    weights = topic.weights
    near = _CLOSE_WIDE if lexicon.is_wide else _CLOSE
    lead = later = crowded = theatre = close = 0
    for n, passage in enumerate(case.sentences):
        if not passage.names_pair:
            theatre += is_theatre(topic, lexicon, passage)
        elif is_crowded(passage) and not passage.both:
            crowded += 1
        else:
            lead, later = lead + (n < case.lead), later + (n >= case.lead)
            close += passage.gap is not None and passage.gap <= near
    left = weights.sentences_most
    for count, each, words in (
        (lead, weights.sentence_lead, "in the lead naming both"),
        (later, weights.sentence_later, "further down naming both"),
        (crowded, weights.sentence_crowded, "naming both beside others"),
        (theatre, weights.sentence_theatre, "with troops or arms at the war"),
    ):
        points = min(left, each * count)
        left -= points
        if points > 0:
            yield Reason(points=points, words=f"{count} sentence(s) {words}")
    if close:
        points = min(weights.close_most, weights.close * close)
        yield Reason(points=points, words=f"{close} of them in one breath")
    if compounds := sum(p.both for p in case.sentences):
        points = min(weights.text_compound_most, weights.text_compound * compounds)
        yield Reason(points=points, words="the text names both in one word")


def _weigh_balance(topic: Topic, case: Case) -> Iterator[Reason]:
    """How often each is named in a text of this length."""
    weights = topic.weights
    counts = [sum(p.count(side) for p in case.sentences) for side in "ab"]
    few, many = min(counts), max(counts)
    alone = any(p.names_pair and not is_crowded(p) for p in case.sentences)
    if alone and few >= _DENSE and few >= case.length:
        words = f"both run through the text ({counts[0]} and {counts[1]} mentions)"
        yield Reason(points=weights.dense, words=words)
    for side in "ab":
        if _speaks_at_length(case, side):
            words = f"{topic.name_of(side)} speaks of {topic.name_of(_other(side))} at length"
            yield Reason(points=weights.spoken, words=words)
    if case.title.names_pair:
        return
    if few and any(not (case.title.names(side) or case.in_lead(side)) for side in "ab"):
        yield Reason(points=weights.buried, words="one is named only below the lead")
    if few == 1 and case.length > _LONG:
        yield Reason(points=weights.scarce, words="a single mention of one in a long text")
    if few and many >= _DOMINANT * few and case.length > 1:
        yield Reason(points=weights.dominated, words="one is named far oftener than the other")


def _speaks_at_length(case: Case, side: str) -> bool:
    if not any(side in p.voices for p in (case.title, *case.sentences[: case.lead])):
        return False
    about = sum(p.names(_other(side)) for p in case.sentences)
    return about >= _SPOKEN and about >= _SPOKEN_SHARE * len(case.sentences)
