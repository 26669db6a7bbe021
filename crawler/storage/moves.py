"""What the moves of the frontier are told, and what they answer.

Promise: plain values; who moves what is in frontier.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from crawler.storage.jobs import Job, Lease

Blame = Literal["failure", "death", "none"]
# What a visit tells of its host: "heard" when it answered and what that means is learned elsewhere,
# "none" when it tells nothing, as no request went out.
Mood = Literal["ok", "throttled", "heard", "unreachable", "none"]
# Whose fault it is that a host cannot be reached: its own, that of our network, or one of both, so
# that it is asked once more before anything is held against anybody.
Fault = Literal["host", "network", "unsure"]
# What is claimed: all, or only sources of a pass or a check.
Kinds = Literal["all", "open sources"]
# What becomes of a line that was found: it was settled already, it counts from now on, another slot
# settled the same record or it is to be forgotten (cut it), or another worker is at it (ask again).
Adoption = Literal["counted", "ours", "other", "wait"]
Tally = Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What CLAIM gave: leases, or how long to wait before asking again."""

    leases: tuple[Lease, ...]
    wait_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What a visit showed of the network. `fault` is None for a host that was reached.

    `begins`: with this host there is no network. `tried_again`: with this one there is one again,
    and so many hosts that had been asked in vain are asked anew.
    """

    fault: Fault | None = None
    begins: bool = False
    tried_again: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """Who may write a record. `won`: we; `former_slots` may hold a line of an earlier attempt.

    `is_forgotten`: nobody, as a person had it removed.
    """

    won: bool
    former_slots: tuple[str, ...] = ()
    is_forgotten: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A job for later that goes by revisions: put unless it is there in the same or a later one."""

    job: Job
    revision: int
    pause_s: float
