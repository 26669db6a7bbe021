"""Deciding what is told: which reports, stories and sources are an occasion for a watch.

Promise: the same facts give the same occasions with the same ids, whoever looks, how often and
when; what was told is not told again, also when two stories became one meanwhile.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.news.health import TROUBLES
from crawler.news.jsonl import read_time
from crawler.news.watches import Watch

_STATES = {"failing": "fails", "retired": "is retired", "silent": "brings nothing new"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Something to tell: `subject` (a record's id, or words on a source) is told once per watch.

    `others` are records that may stand for the subject when it is gone by the time of sending;
    `words` is all there is to say of a source.
    """

    subject: str
    others: tuple[str, ...] = ()
    words: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report of a story: when it was found, and when it appeared by what is known."""

    id: str
    found: str
    appeared: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """How a source does: `since` when it is in trouble, and why."""

    source: str
    outlet: str
    country: str
    language: str
    health: str
    since: str | None
    why: str | None


def message_id(watch: str, subjects: Iterable[str]) -> str:
    """The id of a message: the same for the same content, on every attempt."""
    said = "\0".join([watch, *subjects])
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def first_of_story(fitting: Sequence[Report], told: Collection[str]) -> str | None:
    """The first report of a story that fits a watch; None when one of them was told already."""
    if not fitting or any(report.id in told for report in fitting):
        return None
    return min(fitting, key=lambda report: (report.found, report.id)).id


def burst(
    watch: Watch, origins: Sequence[Sequence[Report]], told: Collection[str], since: str
) -> Told | None:
    """The report by which enough independent origins told a story within the watch's time.

    `origins` holds the reports of each origin. What was complete before `since` is no news.
    """
    if any(report.id in told for reports in origins for report in reports):
        return None
    firsts = sorted(
        (min(reports, key=lambda one: (one.appeared, one.id)) for reports in origins if reports),
        key=lambda one: (one.appeared, one.id),
    )
    for at in range(watch.origins - 1, len(firsts)):
        group = firsts[at - watch.origins + 1 : at + 1]
        if _span(group) <= watch.within and max(one.found for one in group) >= since:
            last = group[-1].id
            others = tuple(one.id for one in reversed(group[:-1]))
            return Told(subject=last, others=others)
    return None


def health_told(
    watch: Watch, sources: Iterable[SourceHealth], told: Collection[str], since: str, now: datetime
) -> Iterator[Told]:
    """What is to be told of sources: that one has been failing for long, that it works again."""
    for source in sources:
        if not _is_watched(watch, source):
            continue
        if source.health in TROUBLES and source.since is not None:
            subject = f"{source.source} {source.health} since {source.since}"
            is_lasting = now - read_time(source.since) >= watch.lasting
            # Of a silent one only its last news is known, which may be older than the watch.
            is_new = source.health == "silent" or source.since >= since
            if is_lasting and is_new and subject not in told:
                yield Told(subject=subject, words=_trouble_words(source))
        elif source.health not in TROUBLES and (failure := _last_told(source.source, told)):
            subject = f"{source.source} works again, {failure}"
            if subject not in told:
                words = f"{source.source} ({source.outlet}) works again, after {failure}"
                yield Told(subject=subject, words=words)


def _span(reports: Sequence[Report]) -> timedelta:
    return read_time(reports[-1].appeared) - read_time(reports[0].appeared)


def _is_watched(watch: Watch, source: SourceHealth) -> bool:
    asked = watch.query
    return (
        (not asked.outlets or source.outlet in asked.outlets)
        and (not asked.countries or source.country in asked.countries)
        and (
            not asked.languages
            or any(
                source.language == tag or source.language.startswith(f"{tag}-")
                for tag in asked.languages
            )
        )
    )


def _trouble_words(source: SourceHealth) -> str:
    state = _STATES[source.health]
    return f"{source.source} ({source.outlet}) {state} since {source.since}: {source.why or '?'}"


def _last_told(source: str, told: Collection[str]) -> str | None:
    """The last trouble of a source that was told: "failing since ..."; None when there was none."""
    heads = tuple(f"{source} {word} since " for word in _STATES)
    failures = [subject.removeprefix(f"{source} ") for subject in told if subject.startswith(heads)]
    return max(failures, key=lambda failure: failure[-20:], default=None)
