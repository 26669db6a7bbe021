"""How alerts go out: how many in one message, how long to wait after a failure, when to give up.

Promise: nobody is flooded, however much comes in or was held up; a batch that was tried once stays
the same, so that its id does.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

# More than this many alerts of one watch at a time are one message.
SINGLY_MOST: Final = 5
# Longer messages are cut by mail and chat programs.
BATCH_MOST: Final = 20
FIRST_PAUSE: Final = timedelta(seconds=10)
LONGEST_PAUSE: Final = timedelta(minutes=10)
# A receiver may be away over a weekend; what it refuses for longer needs a person.
TRIES_LEAST: Final = 8
HELD_FOR: Final = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An alert that is due at a target; `message` is the id under which it was tried already."""

    number: int
    watch: str
    subject: str
    due: str
    message: str | None = None


def next_batch(waiting: Sequence[Waiting], digests: Collection[str]) -> list[Waiting]:
    """What goes into the next message, of what is due at one target in its order.

    `digests` names the watches whose alerts of one due time belong together.
    """
    first = waiting[0]
    if first.message is not None:
        return [one for one in waiting if one.message == first.message]
    like = [one for one in waiting if one.watch == first.watch and one.message is None]
    if first.watch in digests:
        return [one for one in like if one.due == first.due][:BATCH_MOST]
    return like[:BATCH_MOST] if len(like) > SINGLY_MOST else [first]


def pause_after(failures: int) -> timedelta:
    """How long a target rests after so many failures in a row."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * (1 << min(max(failures - 1, 0), 10)))


def is_hopeless(tries: int, first_tried: datetime, now: datetime) -> bool:
    """Whether a message was refused for so long that a person should look."""
    return tries >= TRIES_LEAST and now - first_tried >= HELD_FOR
