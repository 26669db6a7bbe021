"""Topics: what an article about the pair is about, from cue words, each with its reason.

Promise: a topic is never evidence of relevance; a title's cue always counts, a sentence's only
where the sentence names the parties.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crawler.news.evidence import Passage, read_passage
from crawler.news.lexicon import TOPICS, Topic
from crawler.news.matchers import Lexicon
from crawler.news.sentences import split_sentences

_SENTENCES_READ = 3


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
    found: dict[str, str] = {}
    for cue in lexicon.cues.find(title.folded):
        found.setdefault(str(cue.lastgroup), f"title: {cue[0].lower()}")
    for passage in sentences[:_SENTENCES_READ]:
        for cue in lexicon.cues.find(passage.folded):
            name = str(cue.lastgroup)
            if name not in topic.rules.title_topics:
                found.setdefault(name, f"text: {cue[0].lower()}")
    return {name: found[name] for name in TOPICS if name in found}
