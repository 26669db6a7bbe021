"""Topics: what an article about the pair is about, from cue words, each with its reason.

Promise: a topic is never evidence of relevance, and no word of a name is a cue ("Workers' Party" is
no labor). A title's cue always counts; a text adds a topic where its sentences about the parties
insist on it, or where the title tells none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from crawler.news.evidence import Passage, read_passage
from crawler.news.lexicon import TOPICS, Topic
from crawler.news.matchers import Lexicon
from crawler.news.sentences import split_sentences

_SENTENCES_READ = 3
_INSISTING = 2  # sentences with a cue of one topic
_QUOTED = re.compile(r'"|[\w.]: ')


def topics_of(topic: Topic, *, title: str, text: str, language: str | None) -> Mapping[str, str]:
    """The topics of an article and why, in the order of TOPICS."""
    lexicon = topic.lexicon(language, f"{title}\n{text[:200]}")
    sentences = [read_passage(lexicon, sentence) for sentence in split_sentences(text)]
    named = [p for p in sentences if p.names_pair] or sentences
    return tag_topics(topic, lexicon, read_passage(lexicon, title), named[:_SENTENCES_READ])


def tag_topics(
    topic: Topic, lexicon: Lexicon, title: Passage, sentences: Sequence[Passage]
) -> Mapping[str, str]:
    """The topics of a title and the sentences that decided."""
    rules = topic.rules
    found: dict[str, str] = {}
    for name, word in _cues(lexicon, title):
        found.setdefault(name, f"title: {word}")
    told = [dict(_cues(lexicon, passage)) for passage in sentences[:_SENTENCES_READ]]
    often = Counter(name for cues in told for name in cues)
    is_told = bool(set(found) - rules.residual_topics)
    for cues in told:
        for name, word in cues.items():
            insists = often[name] >= _INSISTING or not is_told
            if insists and name not in rules.title_topics | rules.residual_topics:
                found.setdefault(name, f"text: {word}")
    if not found:
        found = _fall_back(rules.residual_topics - rules.title_topics, title, told)
    return {name: found[name] for name in TOPICS if name in found}


def _fall_back(
    residual: frozenset[str], title: Passage, told: Sequence[Mapping[str, str]]
) -> dict[str, str]:
    """What is left where nothing in particular is told of: words said, or a residual topic."""
    if _QUOTED.search(title.folded):
        return {"statement": "title: somebody is quoted"}
    return {name: f"text: {cues[name]}" for cues in told for name in cues if name in residual}


def _cues(lexicon: Lexicon, passage: Passage) -> Iterator[tuple[str, str]]:
    """Topic and word of every cue that is no part of a name."""
    names = [m for m in passage.mentions if not m.kind.startswith("weak_")]
    at = 0
    for cue in lexicon.cues.find(passage.folded):
        # Both come in their order, so one walk over the names is enough.
        while at < len(names) and names[at].end < cue.end():
            at += 1
        if at == len(names) or cue.start() < names[at].start:
            yield str(cue.lastgroup), cue[0]
