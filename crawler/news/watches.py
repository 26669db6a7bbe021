"""A watch: what is to be told, when, and to whom. `watch_file.py` reads them from TOML.

Promise: a watch is a value; two that are equal tell the same of the same store.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Final, Literal, get_args

from crawler.news.queries import Query

Occasion = Literal["record", "story", "origins", "health"]
Pace = Literal["at once", "hourly", "daily"]
OCCASIONS: Final[tuple[str, ...]] = get_args(Occasion)
PACES: Final[tuple[str, ...]] = get_args(Pace)
MORNING: Final = time(8, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What somebody wants to hear of.

    `on` is the occasion: each "record" that the query finds; the first such report of a "story"; a
    story as soon as so many independent `origins` report it `within` a time; or the "health" of a
    source: that it has been failing for as long as `lasting`, and that it works again. `send` says
    how: at once, or digests every hour or every day `at` a time of the day.
    """

    name: str
    query: Query = field(default_factory=Query)
    on: Occasion = "record"
    origins: int = 3
    within: timedelta = timedelta(hours=1)
    lasting: timedelta = timedelta(hours=1)
    send: Pace = "at once"
    at: time = MORNING
    targets: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        """A word that changes when the watch begins to look for something else."""
        asked = (self.query, self.on, self.origins, self.within, self.lasting)
        return hashlib.sha256(repr(asked).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Target:
    """Where messages go: an Apprise URL, or the file or environment variable that holds it.

    It has no repr, as the URL may hold a password.
    """

    name: str
    url: str | None = None
    file: str | None = None
    variable: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watches:
    """All that a file of alerts says; the times of digests are meant in `zone`."""

    watches: tuple[Watch, ...] = ()
    targets: Mapping[str, Target] = field(default_factory=dict)
    zone: tzinfo = UTC

    def named(self, name: str) -> Watch | None:
        """The watch of a name."""
        return next((watch for watch in self.watches if watch.name == name), None)


def due_at(watch: Watch, now: datetime, zone: tzinfo) -> datetime:
    """When what is noticed now is to be told: now, or in the next digest after now, in UTC."""
    if watch.send == "at once":
        return now
    local = now.astimezone(zone)
    if watch.send == "hourly":
        # By the clock of the zone: there are zones that are half an hour off.
        hour = local.replace(minute=0, second=0, microsecond=0)
        return hour.astimezone(UTC) + timedelta(hours=1)
    # Two days on there is one in any case: clocks may go back over the time of the digest.
    days = (local.date() + timedelta(days=ahead) for ahead in range(3))
    digests = (datetime.combine(day, watch.at, tzinfo=zone).astimezone(UTC) for day in days)
    return next(due for due in digests if due > now)


def shareable(watch: Watch, **changes: object) -> Query:
    """The query of a watch for what may leave the machine."""
    return replace(watch.query, shareable=True, **changes)  # type: ignore[arg-type]
