"""Weighing: the grounds for and against that a title and a text give, each in plain words.

The points per ground stand in the topic file, the lengths here. Promise: a ground is found only
where its words are true.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.news.evidence import Passage, party_side
from crawler.news.lexicon import Topic
from crawler.news.matchers import Lexicon

# Two names this near (in characters) are spoken of in one breath; wide scripts say it in a third.
_CLOSE = 90
_CLOSE_WIDE = 30
# Characters of text below the lead per sentence about both: one in more of them is an aside.
_ASIDE = 1000
_ASIDE_WIDE = 350
_TOLD = 4  # sentences from which on shares say something
_CREDITED = 2  # sentences in which a text tells whose it is
_SPOKEN_LEAST = 2  # sentences about the other party in an organ's own text ...
_SPOKEN_FULL = 1 / 3  # ... and their share from which on it speaks of nothing else
_MEETING = frozenset(["summit"])
_SEPARATORS = re.compile(r"[,;:，；、|/•]| [-–—] |\.{3}|…")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A ground (see grounds.py), how much of it, and what was found in plain words."""

    ground: str
    words: str
    amount: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An article as read: the title, the sentences, and how many of them are its lead.

    `implied` is the side ("a" or "b") that the outlet's scope takes for granted. `is_headless`: a
    sentence serves as the title.
    """

    title: Passage
    is_headless: bool
    sentences: tuple[Passage, ...]
    lead: int
    implied: str | None

    def in_lead(self, side: str) -> bool:
        """Whether the lead names a party outright."""
        return any(p.names(side) for p in self.sentences[: self.lead])


def is_crowded(passage: Passage) -> bool:
    """Whether others stand beside the two, so that the sentence may be about them."""
    joined = passage.is_bound or passage.is_shared or passage.lists
    return bool(joined or (passage.is_listed and passage.rivals))


def has_cue(lexicon: Lexicon, passage: Passage, topics: frozenset[str]) -> bool:
    """Whether one of these topics is spoken of."""
    return any(cue.lastgroup in topics for cue in lexicon.cues.find(passage.folded))


def is_theatre(topic: Topic, lexicon: Lexicon, passage: Passage) -> bool:
    """Whether it has one party's troops or arms at the other's war, which it does not name."""
    side = topic.theatre
    if side is None or not passage.weakly(side) or passage.names(side):
        return False
    return passage.names(_other(side)) and has_cue(lexicon, passage, topic.rules.force_topics)


def find_reasons(topic: Topic, lexicon: Lexicon, case: Case) -> Iterator[Reason]:
    """Every reason for and against, the title's first."""
    if case.title.names_pair:
        yield from _read_pair(topic, lexicon, case)
    else:
        yield from _read_half(topic, lexicon, case)
    yield from _read_company(lexicon, case)
    if share := _share_alone(lexicon, case):
        words = "title and lead name the two and nobody else"
        yield Reason(ground="alone", amount=share, words=words)
    yield from _read_sentences(lexicon, case)
    yield from _read_balance(topic, case)


def _share_alone(lexicon: Lexicon, case: Case) -> float:
    """How much of the lead is about whom the title does not name, where nobody else is named.

    The share of its sentences that name the rarer party; 0 where a third is named, or the title
    names both.
    """
    lead = [p for p in case.sentences[: case.lead] if p is not case.title]
    told = (case.title, *lead)
    if case.title.names_pair or lexicon.foes.finds(case.title.folded) or not lead:
        return 0.0
    if any(p.rivals or p.third or p.lists or p.three for p in told):
        return 0.0
    missing = [side for side in "ab" if not case.title.names(side)]
    return min(sum(p.names(side) for p in lead) / len(lead) for side in missing)


def _other(side: str) -> str:
    return "b" if side == "a" else "a"


def _read_pair(topic: Topic, lexicon: Lexicon, case: Case) -> Iterator[Reason]:
    """A title that names both."""
    title = case.title
    if case.is_headless:
        yield Reason(ground="opening_pair", words="the first words name both")
    elif title.both:
        yield Reason(ground="title_compound", words="the title names both in one word")
    else:
        yield Reason(ground="title_pair", words="the title names both")
    foes = lexicon.foes.finds(title.folded)
    deals = not foes and has_cue(lexicon, title, topic.rules.deal_topics)
    if deals and not case.is_headless:
        yield Reason(ground="title_deal", words="the title says what the two exchange or do")
    if foes and (title.both or title.is_listed):
        yield Reason(ground="title_foes", words="the title names the two as somebody's foes")
    if title.rivals and not (title.both or deals or lexicon.bond.finds(title.folded)):
        yield from _read_beside(lexicon, title)


def _read_beside(lexicon: Lexicon, title: Passage) -> Iterator[Reason]:
    """Others beside the two, in a title that does not say what the two do."""
    kinds = [mention.kind for mention in title.mentions if not mention.kind.startswith("weak_")]
    # Who stands first meets: in "Trump meets Putin, then Kim" the two do nothing.
    if has_cue(lexicon, title, _MEETING) and not kinds[0].startswith("other_"):
        return
    if {"person_a", "person_b"} <= set(kinds) and lexicon.statesmen.finds(title.folded):
        words = "leaders of others beside theirs, and nothing that the two do"
        yield Reason(ground="title_idle", words=words)
    elif title.is_listed:
        yield Reason(ground="title_listed", words="the title merely lists the two, beside others")


def _read_half(topic: Topic, lexicon: Lexicon, case: Case) -> Iterator[Reason]:
    """A title that names one party outright, or none."""
    title = case.title
    if title.three and has_cue(lexicon, title, _MEETING):
        yield Reason(ground="title_three_meet", words="the two and a third meet")
    named = next((side for side in "ab" if title.names(side)), None)
    if named is None:
        if not title.three and case.in_lead("a") and case.in_lead("b"):
            yield Reason(ground="lead_both", words="the lead names both")
        if _is_war(topic, lexicon, case):
            words = "troops or arms of one in the lead, at the war of the other"
            yield Reason(ground="lead_theatre", words=words)
        return
    here, there = topic.name_of(named), topic.name_of(_other(named))
    if not title.three and case.in_lead(_other(named)):
        yield Reason(ground="title_lead", words=f"{here} in the title, {there} in the lead")
    if is_theatre(topic, lexicon, title) and not case.is_headless:
        words = f"{here} with troops or arms in the title, at the war of {there}"
        yield Reason(ground="title_theatre", words=words)
    elif title.weakly(_other(named)):
        words = f"{here} in the title, {there} by a weak word"
        yield Reason(ground="title_weak", words=words)
    elif _at_war_in_lead(topic, lexicon, case, named):
        words = f"{here} with troops or arms in the title, the war of {there} in the lead"
        yield Reason(ground="title_weak", words=words)
    if case.implied == _other(named) and not (title.rivals or case.in_lead(case.implied)):
        yield Reason(ground="implied", words=f"the outlet takes {there} for granted")


def _is_war(topic: Topic, lexicon: Lexicon, case: Case) -> bool:
    """Whether title and lead tell of one's troops or arms, and of the other's war, not of it."""
    told = (case.title, *case.sentences[: case.lead])
    side = topic.theatre
    if side is None or any(p.names(side) for p in told):
        return False
    if not any(p.weakly(side) for p in told):
        return False
    force = topic.rules.force_topics
    for passage in told:
        is_theirs = passage.names(_other(side)) and not passage.rivals
        if is_theirs and has_cue(lexicon, passage, force):
            return True
    # "Missile debris found in Kharkiv", and the lead tells who made the missile.
    is_about_it = case.title.weakly(side) and has_cue(lexicon, case.title, force)
    return is_about_it and case.in_lead(_other(side)) and not any(p.rivals for p in told)


def _at_war_in_lead(topic: Topic, lexicon: Lexicon, case: Case, named: str) -> bool:
    if topic.theatre != _other(named) or not has_cue(lexicon, case.title, topic.rules.force_topics):
        return False
    return any(p.weakly(topic.theatre) for p in case.sentences[: case.lead])


def _read_company(lexicon: Lexicon, case: Case) -> Iterator[Reason]:
    """Others in the title: whoever deals with a third need not deal with the other party."""
    title = case.title
    if title.is_bound or (case.is_headless and title.is_shared):
        words = "the title joins a party to somebody else"
        yield Reason(ground="title_bound", words=words)
    elif title.third:
        words = "the title is about dealings with somebody else"
        yield Reason(ground="title_third", amount=min(2, title.third), words=words)
    if title.names_pair and title.rivals and not case.is_headless:
        rivals = sorted(rival.removeprefix("other_") for rival in title.rivals)[:2]
        words = f"others in the title: {', '.join(rivals)}"
        yield Reason(ground="title_rival", amount=len(rivals), words=words)
    if lexicon.sport.finds(title.folded) and not lexicon.bond.finds(title.folded):
        yield Reason(ground="title_sport", words="a title of sports")
    if lexicon.digest.finds(title.folded):
        yield Reason(ground="digest", words="the title is a digest's")
        if title.names_pair and not _in_one_part(title):
            words = "a digest that does not name the two in one breath"
            yield Reason(ground="digest_apart", words=words)


def _in_one_part(title: Passage) -> bool:
    """Whether both are named between two of the signs that part the items of a digest."""
    ends = [sign.start() for sign in _SEPARATORS.finditer(title.folded)]
    part, sides = 0, set[str | None]()
    for mention in title.mentions:
        while part < len(ends) and ends[part] <= mention.start:
            part, sides = part + 1, set()
        sides.add(party_side(mention))
        if {"a", "b"} <= sides:
            return True
    return bool(title.both)


def _read_sentences(lexicon: Lexicon, case: Case) -> Iterator[Reason]:
    """Sentences that name both; those that name them beside others count apart."""
    near = _CLOSE_WIDE if lexicon.is_wide else _CLOSE
    length = sum(len(p.folded) for p in case.sentences[case.lead :])
    thinned = max(1.0, length / (_ASIDE_WIDE if lexicon.is_wide else _ASIDE))
    close = crowded = 0
    weight = 0.0
    for n, passage in enumerate(case.sentences):
        if not passage.names_pair:
            continue
        if is_crowded(passage) and not passage.both:
            crowded += 1
        elif passage.gap is not None and passage.gap <= near:
            close += 1
            weight += 1.0 if n < case.lead else 1.0 / thinned
    if close:
        words = f"{close} sentence(s) naming both in one breath"
        yield Reason(ground="close_sentence", amount=min(2.0, weight), words=words)
    if crowded:
        words = f"{crowded} sentence(s) naming both beside others"
        yield Reason(ground="crowded_sentence", amount=min(2, crowded), words=words)


def _read_balance(topic: Topic, case: Case) -> Iterator[Reason]:
    """How often each is named in a text of this length."""
    told = case.sentences if case.is_headless else (case.title, *case.sentences)
    counts = [sum(p.count(side) for p in told) for side in "ab"]
    few = min(counts)
    spoken = [(side, share) for side in "ab" if (share := _share_spoken(case, side))]
    for side, share in spoken:
        words = f"{topic.name_of(side)} speaks of {topic.name_of(_other(side))}"
        yield Reason(ground="spoken", amount=share, words=words)
    # Who speaks up for the other speaks against somebody, and names him often.
    if not spoken and (rival := _outrunner(case, few)):
        yield Reason(ground="outrun", words=f"{rival} is named oftener than one of the two")


def _outrunner(case: Case, few: int) -> str | None:
    """The other country that is named oftener than the rarer of the two, in a text worth it."""
    if len(case.sentences) < _TOLD:
        return None
    others = Counter(
        m.kind for p in case.sentences for m in p.mentions if m.kind.startswith("other_")
    )
    most = others.most_common(1)
    return most[0][0].removeprefix("other_") if most and most[0][1] > max(few, 1) else None


def _share_spoken(case: Case, side: str) -> float:
    """The share of sentences about the other party in what an organ of one publishes as its own."""
    # Not an outlet about the party: that reports, and its own voice is nobody's.
    speaks = any(side in p.voices for p in (case.title, *case.sentences[:_CREDITED]))
    about = sum(p.names(_other(side)) for p in case.sentences)
    if not speaks or about < _SPOKEN_LEAST or len(case.sentences) < _TOLD:
        return 0.0
    return min(1.0, about / len(case.sentences) / _SPOKEN_FULL)
