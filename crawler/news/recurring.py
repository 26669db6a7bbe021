"""Lines that an outlet prints on page after page: learned from its own pages, and forgotten again.

What is remembered of a page are fingerprints of its lines; pages in, fingerprints of furniture out.
Promise: memory is bounded by pages and lines; a lead, a quotation and a long paragraph are never
furniture, however often they come; copies of one article count once.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from crawler.news.printed import key_of

PAGES = 60  # the latest of an outlet; what it stopped printing is forgotten with them
LINES = 60  # of a page: where there are more, the middle of it is text
_FIRST_LINES = 15
_LONGEST = 400  # characters; measured, longer lines that recur are text
_LABEL = 120
# On how many articles a line must stand. A sentence may be the background of a running story,
# which an outlet on one subject prints often: it must be on nearly every page.
_LABEL_PAGES = 3
_SENTENCE_PAGES = 6
_SENTENCE_SHARE = 0.7
_COPY = 0.5  # share of the smaller page's sentences that makes two pages one article
_FOUND_LONG = 0.5  # of the text; more than that is no furniture but the article
_QUOTED = re.compile('[“”„«»「」『』"]')
_SENTENCE_END = re.compile(r"[.!?。！？…:;»”\"')\]」』]$")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLines:
    """What is remembered of a page: its id (that of its URL), and its lines' fingerprints."""

    page: str
    labels: tuple[int, ...] = ()
    sentences: tuple[int, ...] = ()


def remember(page: str, lines: Sequence[str]) -> PageLines:
    """Make of the text of a page what is remembered of it; its lead is not."""
    after_lead = [line for line in lines[1:] if _can_recur(line)]
    if len(after_lead) > LINES:
        after_lead = after_lead[:_FIRST_LINES] + after_lead[_FIRST_LINES - LINES :]
    labels = [line for line in after_lead if not _is_sentence(line)]
    sentences = [line for line in after_lead if _is_sentence(line)]
    return PageLines(
        page=page,
        labels=tuple(dict.fromkeys(map(fingerprint, labels))),
        sentences=tuple(dict.fromkeys(map(fingerprint, sentences))),
    )


def find_recurring(pages: Iterable[PageLines]) -> frozenset[int]:
    """Find the lines that recur; `pages` are of one outlet, the latest last.

    A page that was read again counts as it was read last; of copies only the latest counts.
    """
    latest = {page.page: page for page in pages}
    articles = _distinct(list(latest.values())[-PAGES:])
    labels = Counter(line for article in articles for line in article.labels)
    sentences = Counter(line for article in articles for line in article.sentences)
    often = max(_SENTENCE_PAGES, _SENTENCE_SHARE * len(articles))
    return frozenset(
        {line for line, pages in labels.items() if pages >= _LABEL_PAGES}
        | {line for line, pages in sentences.items() if pages >= often}
    )


def find_known(lines: Sequence[str], recurring: Collection[int]) -> set[int]:
    """Find the places of the lines that are known to recur; never the lead, never most of it."""
    if not recurring:
        return set()
    places = {
        place
        for place, line in enumerate(lines)
        if place and _can_recur(line) and fingerprint(line) in recurring
    }
    found = sum(len(lines[place]) for place in places)
    return places if found <= _FOUND_LONG * sum(map(len, lines)) else set()


def fingerprint(line: str) -> int:
    """63 bits of a line's letters and digits."""
    digest = hashlib.blake2b(key_of(line).encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def _can_recur(line: str) -> bool:
    return len(line) <= _LONGEST and not _QUOTED.search(line) and bool(key_of(line))


def _is_sentence(line: str) -> bool:
    return len(line) > _LABEL or bool(_SENTENCE_END.search(line))


def _distinct(pages: Sequence[PageLines]) -> list[PageLines]:
    """Keep one page of each article: those that share most of their sentences are copies."""
    kept: list[PageLines] = []
    for page in reversed(pages):
        sentences = set(page.sentences)
        if not any(_is_copy(sentences, set(other.sentences)) for other in kept):
            kept.append(page)
    return kept


def _is_copy(sentences: set[int], others: set[int]) -> bool:
    smaller = min(len(sentences), len(others))
    # Two lines in common are no copy yet: they may be the very furniture that is looked for.
    return smaller > 3 and len(sentences & others) > _COPY * smaller
