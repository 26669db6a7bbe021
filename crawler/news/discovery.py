"""Which of the sources that a site has is the one to watch.

Promise: the order follows from what was read: how fresh, how much of what the front page shows, how
much it tells of each article; every rank comes with its reasons in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

from crawler.news.announcements import moment_of_entry
from crawler.news.candidates import Candidate, How
from crawler.news.records import Entry
from crawler.news.urls import canonical_url

_ENTRIES_LIMIT: Final = 2_000  # of a sitemap; the newest come first
# (age of the newest entry in days, points)
_FRESHNESS: Final = ((1, 3.0), (3, 2.5), (7, 2.0), (31, 1.0), (92, 0.0))
_STANDS_STILL: Final = -4.0
_UNDATED: Final = 1.0
# (entries, points)
_SIZES: Final = ((20, 2.0), (10, 1.5), (5, 1.0), (1, 0.5))
_COVERAGE: Final = 3.0  # for all that the front page shows
_FRONT: Final = 4  # articles on a front page that is worth comparing with
# A feed says what is new, a sitemap what there is, of a section page it has to be guessed.
_KINDS: Final = {"feed": 2.0, "sitemap": 1.0, "section": -2.5}
_GOOD_FRESHNESS: Final = 2.0
_HALF: Final = 0.5
_COMES: Final[dict[How, float]] = {
    "given": 0.5, "declared": 0.4, "robots": 0.3, "linked": 0.2, "menu": 0.1, "guessed": 0.0,
}  # fmt: skip
_COMMENTS: Final = -5.0
_ADDS: Final = 0.2  # of the front page's articles; a source that adds less is not worth its polls
_SOURCES: Final = 3
_KEYS: Final = {"feed": "feeds", "sitemap": "sitemaps", "section": "sections"}


@dataclass(frozen=True)
class Trial:
    """What became of a candidate: what it announced, or the problem. `url` is where it lies."""

    candidate: Candidate
    url: str
    shape: str = ""
    title: str | None = None
    entries: tuple[Entry, ...] = ()
    problem: str | None = None

    @cached_property
    def articles(self) -> frozenset[str]:
        """The canonical addresses that it announces."""
        return frozenset(canonical_url(entry.url) for entry in self.entries[:_ENTRIES_LIMIT])


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A source with its points and what they are for.

    One that is good is fresh and tells titles: nobody needs to guess at others.
    """

    trial: Trial
    points: float
    reasons: tuple[str, ...]
    has_titles: bool
    is_good: bool


def rank(trials: Iterable[Trial], front: frozenset[str], now: datetime) -> list[Ranked]:
    """The sources that work, the best first; `front` are the articles of the site's front page."""
    working = [_judge(trial, front, now) for trial in trials if trial.entries]
    once: dict[tuple[str, frozenset[str]], Ranked] = {}
    for ranked in sorted(working, key=lambda ranked: -ranked.points):
        # The same feed under another address says nothing new.
        once.setdefault((ranked.trial.candidate.kind, ranked.trial.articles), ranked)
    return list(once.values())


def choose(ranking: Sequence[Ranked], front: frozenset[str]) -> list[Ranked]:
    """What goes onto the card: the best source, and up to two more that add to it."""
    chosen = list(ranking[:1])
    covered = frozenset[str]().union(*(ranked.trial.articles for ranked in chosen))
    for ranked in ranking[1:]:
        added = len((ranked.trial.articles & front) - covered)
        is_worth_it = len(front) >= _FRONT and added / len(front) >= _ADDS
        if is_worth_it and ranked.has_titles and len(chosen) < _SOURCES:
            chosen.append(ranked)
            covered |= ranked.trial.articles
    return chosen


def lists_of(chosen: Iterable[Ranked]) -> dict[str, list[str]]:
    """The chosen sources by the key of their list on a card."""
    lists: dict[str, list[str]] = {key: [] for key in _KEYS.values()}
    for ranked in chosen:
        lists[_KEYS[ranked.trial.candidate.kind]].append(ranked.trial.url)
    return lists


def _judge(trial: Trial, front: frozenset[str], now: datetime) -> Ranked:
    entries = trial.entries
    fresh, age = _freshness(entries, now)
    share = _share(trial, front)
    cover, extent = _coverage(trial, share)
    rich, told = _richness(entries)
    points = fresh + cover + rich + _KINDS[trial.candidate.kind] + _COMES[trial.candidate.how]
    has_titles = "titles" in told
    # What tells no dates is alive if the front page shows what it announces.
    is_undated = not any(map(moment_of_entry, entries))
    is_alive = fresh >= _GOOD_FRESHNESS or (is_undated and (share or 0) >= _HALF)
    is_good = is_alive and has_titles and trial.candidate.kind != "section"
    if _is_of_comments(trial):
        points, is_good = points + _COMMENTS, False
        told += ", of readers' comments"
    return Ranked(
        trial=trial,
        points=round(points, 2),
        reasons=(age, extent, told, trial.candidate.how),
        has_titles=has_titles,
        is_good=is_good,
    )


def _freshness(entries: Sequence[Entry], now: datetime) -> tuple[float, str]:
    moments = [moment for entry in entries if (moment := moment_of_entry(entry))]
    if not moments:
        return _UNDATED, "no dates"
    age = max(now - max(moment.at for moment in moments), timedelta())
    days = age / timedelta(days=1)
    points = next((points for limit, points in _FRESHNESS if days <= limit), _STANDS_STILL)
    if days < 2:
        return points, f"newest {age / timedelta(hours=1):.0f} h old"
    return points, f"newest {days:.0f} days old"


def _share(trial: Trial, front: frozenset[str]) -> float | None:
    """How much of the front page a source announces; None where it shows too little to tell."""
    return len(trial.articles & front) / len(front) if len(front) >= _FRONT else None


def _coverage(trial: Trial, share: float | None) -> tuple[float, str]:
    n = len(trial.entries)
    size = next((points for least, points in _SIZES if n >= least), 0.0)
    if share is None:
        return size + _COVERAGE * _HALF, f"{n} entries"
    return size + _COVERAGE * share, f"{n} entries, {share:.0%} of the front page"


def _richness(entries: Sequence[Entry]) -> tuple[float, str]:
    n = len(entries)
    titled = sum(entry.title is not None for entry in entries) / n
    dated = sum(moment_of_entry(entry) is not None for entry in entries) / n
    summed = sum(bool(entry.summary or entry.text) for entry in entries) / n
    whole = sum(entry.text is not None for entry in entries) / n
    shares = {"titles": titled, "dates": dated, "summaries": summed, "whole texts": whole}
    told = [name for name, share in shares.items() if share >= 0.5]
    return 2 * titled + dated + 0.5 * summed + 0.5 * whole, ", ".join(told) or "addresses only"


def _is_of_comments(trial: Trial) -> bool:
    words = f"{trial.title or ''} {trial.url}".lower()
    return "comments" in words.replace("/", " ").split()
