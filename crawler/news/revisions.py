"""Revisions: whether a page that was read again says something else, and the record of it then.

Promise: what a page shows otherwise at every look (counters, clocks, lists of links, its markup) is
no change of the article, a changed figure in a sentence is; a revision keeps identity and
provenance of the first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from crawler.news.fields import ArchivePlace, Fetch, listed, provenance_fields
from crawler.news.jsonl import read_time, write_time
from crawler.news.lines import Found, Record, RevisionCause
from crawler.news.printed import key_of
from crawler.news.records import Entry, Moment
from crawler.news.sentences import split_sentences

# A revisit comes somewhat before or after its time, so that a burst of articles spreads.
EARLIEST = 0.9
SPREAD = 0.2
# "404 or 410 twice, a day apart": a page that is moved or mended for an hour is not gone.
MISSING_S = 86_400.0

# Shorter ones are labels and counters; a script without spaces says more in a letter.
_FEWEST_LETTERS = 12
_FEWEST_SIGNS = 6
# Headlines of other articles end without a stop; a paragraph that does is longer than these.
_LONGEST_HEADLINE = 140
_STOPS = tuple(".!?…。！？”\"'’»」』)）")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_DIGITS = re.compile(r"\d+")
# What is counted anew at every look; the sentence then differs in its digits only.
_COUNTED = re.compile(
    r"\d\s*(?:sec|min|hour|day)\w* ago\b|\b\d+ (?:views?|reads?|comments?|shares?)\b"
    r"|\d+ \w+ назад|просмотр|переглядів|комментар|조회|댓글|\d분 전|시간 전"
    r"|分前|時間前|分钟前|小时前|阅读|浏览|閲覧"
)
# A page whose time of change lies this near to our visit prints its clock, or was just changed.
_CLOCK_S = 120.0
_SAME_MOMENT_S = 60.0


def next_visit_s(
    steps: Sequence[float], stored_at: datetime, now: datetime, *, spread: float
) -> float | None:
    """Seconds until an article is looked at again; None when it has been looked at often enough.

    `steps` are seconds after its first fetch, `spread` in [0, 1) moves the visit about its step.
    """
    age_s = (now - stored_at).total_seconds()
    for step_s in sorted(steps):
        if step_s * EARLIEST > age_s:
            return max(0.0, step_s * (EARLIEST + SPREAD * spread) - age_s)
    return None


def differences(former: Record, fresh: Record) -> tuple[str, ...]:
    """Which of title, text, authors and dates say something else; empty when nothing does.

    What the fresh reading could not find (a title, authors, a date) is no difference, and neither
    is a text of which only the lead is free by now.
    """
    told = {
        "title": key_of(fresh.title) not in ("", key_of(former.title)),
        "text": _text_differs(former, fresh),
        "authors": bool(fresh.authors) and _keys(fresh.authors) != _keys(former.authors),
        "date_published": _published_differs(former, fresh),
        "date_modified": _modified_differs(former, fresh),
    }
    return tuple(name for name, differs in told.items() if differs)


def revise(former: Record, fresh: Record, cause: RevisionCause) -> Record:
    """The next revision of a record, from a fresh reading of its page."""
    return replace(
        fresh,
        id=former.id,
        url_rule=former.url_rule,
        revision=former.revision + 1,
        revision_cause=cause,
        url=former.url,
        url_announced=former.url_announced,
        alternate_urls=[
            other
            for other in listed([*former.alternate_urls, *fresh.alternate_urls])
            if other != former.url
        ],
        domain=former.domain,
        date_discovered=former.date_discovered,
        found_in=former.found_in,
        story_id=former.story_id,
        duplicate_of=former.duplicate_of,
    )


def withdraw(former: Record, fetch: Fetch) -> Record:
    """The revision that says that the page is gone; all that it once said is kept."""
    asked = provenance_fields(fetch, Found(kind="manual"))
    return replace(
        former,
        revision=former.revision + 1,
        revision_cause="gone",
        url_final=asked["url_final"],
        http=asked["http"],
        date_fetched=write_time(fetch.fetched_at),
        archive=None,
    )


def archived_at(record: Record, place: ArchivePlace | None) -> Record:
    """The record with the place of its response in the archive."""
    return replace(record, archive={"file": place.file, "offset": place.offset} if place else None)


def announced_by(record: Record) -> Entry:
    """The entry that announced a record, as far as the record tells: it is weighed again."""
    from_source = record.date_source in ("feed", "sitemap")
    return Entry(
        url=record.url_announced,
        title=record.found_in["title"],
        guid=record.found_in["guid"],
        published=_moment_of(record) if from_source else None,
        text=record.text if record.text_source == "feed" else None,
    )


def _moment_of(record: Record) -> Moment | None:
    if record.date_published is None:
        return None
    told: dict[str, Any] = {"precision": record.date_precision, "source": record.date_source}
    return Moment(
        at=read_time(record.date_published),
        raw=record.date_published_raw or record.date_published,
        local_day=record.date_local,
        **told,
    )


def _keys(names: Sequence[str]) -> set[str]:
    return {key_of(name) for name in names}


def _text_differs(former: Record, fresh: Record) -> bool:
    if fresh.text_status == "lead" and former.text_status != "lead":
        return False
    if key_of(former.text) == key_of(fresh.text):
        return False
    old, new = _telling(former.text), _telling(fresh.text)
    return set(old) != set(new) and not _only_counts(old, new)


def _telling(text: str) -> dict[str, str]:
    """The sentences that say something, by their letters and digits."""
    return {key_of(said): said for said in split_sentences(text) if _says_something(said)}


def _says_something(sentence: str) -> bool:
    letters = len(key_of(sentence))
    fewest = _FEWEST_SIGNS if _UNSPACED.search(sentence) else _FEWEST_LETTERS
    return letters >= fewest and (sentence.endswith(_STOPS) or letters > _LONGEST_HEADLINE)


def _only_counts(old: dict[str, str], new: dict[str, str]) -> bool:
    gone = [said for key, said in old.items() if key not in new]
    come = [said for key, said in new.items() if key not in old]
    if not all(_COUNTED.search(said.casefold()) for said in (*gone, *come)):
        return False
    return {_DIGITS.sub("0", key_of(said)) for said in gone} == {
        _DIGITS.sub("0", key_of(said)) for said in come
    }


def _published_differs(former: Record, fresh: Record) -> bool:
    if fresh.date_published is None:
        return False
    if former.date_published is None:
        return True
    if "day" in (former.date_precision, fresh.date_precision):
        return fresh.date_published[:10] != former.date_published[:10]
    return _apart_s(former.date_published, fresh.date_published) > _SAME_MOMENT_S


def _modified_differs(former: Record, fresh: Record) -> bool:
    if fresh.date_modified is None:
        return False
    if former.date_modified is None:
        # It may be news that it was changed; that the page begins to tell what always held is not.
        return fresh.date_modified > former.date_fetched and not _is_clock(fresh)
    if _is_clock(former) and _is_clock(fresh):
        return False
    return _apart_s(former.date_modified, fresh.date_modified) > _SAME_MOMENT_S


def _is_clock(record: Record) -> bool:
    at = record.date_modified
    return at is not None and _apart_s(at, record.date_fetched) < _CLOCK_S


def _apart_s(one: str, other: str) -> float:
    return abs((read_time(one) - read_time(other)).total_seconds())
