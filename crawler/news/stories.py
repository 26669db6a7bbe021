"""Stories: reports of one event, whatever outlet and language they come from, put together.

Reports come in the order of their time; each joins the story of the report that it is most like, or
begins one that bears its id. What is kept of earlier reports is a window of days.

Promise: the same reports in the same order always make the same stories, and so does a window that
was built again in between; memory is bounded by the window, and a report is compared with a bounded
number of others.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from crawler.news.happenings import Concepts
from crawler.news.near_duplicates import bands
from crawler.news.same_event import (
    COPY_DAYS,
    EVENT_DAYS,
    SAME_EVENT,
    Likeness,
    Report,
    compare,
    weights_of,
)

# A report is kept so many days after it came: a copy's distance, and a week for old news.
WINDOW_DAYS = COPY_DAYS + 7
# A concept that more reports share than this is no way to find a like one.
_TELLING = 1.9
_CANDIDATES = 40
# Of those that share a concept the latest so many are looked at.
_SHARING_MOST = 300
# A story is known by its latest reports; a new one must fit them on the whole, not just one.
_COMPARED = 12
_FITS = 0.71
# So many stories are looked at whole, the likeliest first.
_STORIES_MOST = 3
# Two stories that one report fits become one when their reports are as alike as this on the whole.
_UNITES = 0.5
# Reports kept however short the window is: ten times what the busiest week brought.
_KEPT_MOST = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where a report belongs and why. `like` is the report that it is most like, None for a first.

    `copy_of` is the report whose text it repeats. `united` are reports that the story takes over
    from another one, as this report showed that the two tell of one event.
    """

    id: str
    story: str
    like: str | None = None
    copy_of: str | None = None
    because: tuple[str, ...] = ()
    united: tuple[str, ...] = ()


@dataclass(slots=True)
class Window:
    """The reports of the last days, with the story of each.

    `began` tells of each story the key and id of its first report.
    """

    weights: Mapping[str, float]
    reports: OrderedDict[str, Report] = field(default_factory=OrderedDict)
    story_of: dict[str, str] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)
    began: dict[str, tuple[str, str]] = field(default_factory=dict)
    by_concept: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    by_band: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def over(cls, concepts: Concepts) -> Window:
        """An empty window for reports that name these concepts."""
        return cls(weights=weights_of(concepts.rates))

    def place(self, report: Report) -> Placement:
        """Find the story of a report, and keep the report for those that come later."""
        self._forget_before(report)
        placed = self._find(report)
        self.keep(report, placed.story, (report.key, report.id))
        return placed

    def keep(self, report: Report, story: str, began: tuple[str, str]) -> None:
        """Take in a report whose story is known, and when the story began, by key and id."""
        self.reports[report.id] = report
        self.story_of[report.id] = story
        self.members.setdefault(story, []).append(report.id)
        self.began.setdefault(story, began)
        for concept in self._telling(report):
            self.by_concept[concept].append(report.id)
        for band in _bands(report):
            self.by_band[band].append(report.id)

    def _find(self, report: Report) -> Placement:
        alike = {
            other: compare(report, self.reports[other], self.weights)
            for other in self._candidates(report)
        }
        fitting = self._fitting(report, alike)
        if not fitting:
            return Placement(id=report.id, story=report.id)
        like = fitting[0]
        story, united = self._unite([self.story_of[other] for other in fitting])
        return Placement(
            id=report.id,
            story=story,
            like=like,
            copy_of=like if alike[like].is_copy else None,
            because=alike[like].reasons,
            united=united,
        )

    def _fitting(self, report: Report, alike: Mapping[str, Likeness]) -> list[str]:
        """For each story that a report fits the member that it is most like; the best first."""
        likely = [other for other, found in alike.items() if found.points >= SAME_EVENT]
        likely.sort(key=lambda other: (-alike[other].points, other))
        nearest: dict[str, str] = {}
        for other in likely:
            nearest.setdefault(self.story_of[other], other)
        return [
            other
            for other in islice(nearest.values(), _STORIES_MOST)
            if alike[other].is_copy or self._chance([report], self._latest(other, report)) >= _FITS
        ]

    def _unite(self, stories: Sequence[str]) -> tuple[str, tuple[str, ...]]:
        """Put the stories together that are one; the earliest keeps its name."""
        held, moved = stories[0], []
        for other in stories[1:]:
            parts = [[self.reports[m] for m in self.members[s][-_COMPARED:]] for s in (held, other)]
            if self._chance(*parts) < _UNITES:
                continue
            first, second = sorted((held, other), key=self.began.__getitem__)
            del self.began[second]
            for member in self.members.pop(second):
                self.story_of[member] = first
                self.members[first].append(member)
                moved.append(member)
            # In the order of coming, as a window has them that is built again.
            self.members[first].sort(key=self._place_in_time)
            held = first
        return held, tuple(moved)

    def _place_in_time(self, member: str) -> tuple[str, str]:
        return (self.reports[member].key, member)

    def _latest(self, member: str, report: Report) -> list[Report]:
        """The latest reports of a member's story, of those that could be of the same event."""
        members = (self.reports[m] for m in self.members[self.story_of[member]])
        return [one for one in members if _is_near(one, report)][-_COMPARED:]

    def _chance(self, some: Sequence[Report], others: Sequence[Report]) -> float:
        """How likely reports are of one event on average: one pair may be a bridge to nowhere."""
        chances = [compare(a, b, self.weights).chance for a in some for b in others]
        return sum(chances) / len(chances)

    def _candidates(self, report: Report) -> list[str]:
        copies = dict.fromkeys(
            other for band in _bands(report) for other in self.by_band.get(band, ())
        )
        likely: Counter[str] = Counter()
        for concept in sorted(self._telling(report)):
            weight = self.weights.get(concept, 0.0)
            for other in self.by_concept.get(concept, ())[-_SHARING_MOST:]:
                if not _is_near(self.reports[other], report):
                    continue
                likely[other] += weight  # type: ignore[assignment]  # counts weights
        ranked = sorted(likely, key=lambda other: (-likely[other], other))
        return [*copies, *(other for other in ranked[:_CANDIDATES] if other not in copies)]

    def _telling(self, report: Report) -> Iterable[str]:
        return (c for c in report.facts.concepts if self.weights.get(c, 0.0) > _TELLING)

    def _forget_before(self, report: Report) -> None:
        oldest = next(iter(self.reports.values()), None)
        while oldest is not None and (len(self.reports) >= _KEPT_MOST or _is_past(oldest, report)):
            self._drop(oldest)
            oldest = next(iter(self.reports.values()), None)

    def _drop(self, report: Report) -> None:
        del self.reports[report.id]
        story = self.story_of.pop(report.id)
        self.members[story].remove(report.id)
        if not self.members[story]:
            del self.members[story], self.began[story]
        for index, keys in (
            (self.by_concept, self._telling(report)),
            (self.by_band, _bands(report)),
        ):
            for key in keys:
                index[key].remove(report.id)
                if not index[key]:
                    del index[key]


def _bands(report: Report) -> Sequence[str]:
    return bands(report.signature) if report.signature is not None else ()


def _is_past(old: Report, new: Report) -> bool:
    return old.seen is not None and new.seen is not None and new.seen - old.seen > WINDOW_DAYS


def _is_near(one: Report, other: Report) -> bool:
    return one.day is None or other.day is None or abs(one.day - other.day) <= EVENT_DAYS
