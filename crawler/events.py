"""What the log tells: events by names that stay, each with its facts.

    log.info("%s", facts(event="polled", outlet="harbor-post", listed=20, new=3))

Facts travel on the log record as values; whoever formats it writes them for a person or for a
machine (`app/logs.py`). EVENTS is the contract: docs/operating.md has the same table.

Promise: a name in here keeps its meaning; a name that is not in here is not logged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

EVENTS: Mapping[str, str] = {
    # a worker's life
    "watching": "a watch begins",
    "no_contact": "TUMEN_CONTACT is not set: outlets cannot see whom to ask",
    "serving": "metrics and health are served at this address",
    "stopped": "a watch ended, with what it did since its start",
    "repaired": "a start mended what a crash had left in the store or the archive",
    "heartbeat_ended": "a mistake of ours: leases of this worker run out from now on",
    "not_finished": "the drain is over: jobs in hand are given back",
    # sources
    "polled": "a source was asked and read, or was found unchanged",
    "health": "how a source does changed, from one word to another, with the reason",
    "source_broke_off": "a source broke off: its whole entries were read, and it is asked for anew",
    "source_proven": "a doubtful source answered for the first time: it is polled from now on",
    "sitemap_left": "an index of sitemaps lies too deep below others and is not followed",
    "source_lies": "a source said that nothing changed, while it had new entries",
    "source_moved": "a source is asked for at a new address from now on",
    "source_moved_back": "a source is asked for at its own address again",
    "robots_unreachable": "robots.txt cannot be had: its host rests",
    "no_network": "hosts cannot be reached and none answers: nothing is held against them",
    "network_back": "one host answered: those that were asked in vain are asked at once",
    # pages
    "kept": "an article was stored",
    "revised": "a later revision of an article was stored",
    "changed": "a page says something else than its newest revision",
    "dropped": "a page is not relevant",
    "gone": "a page is not there, or must not be read",
    "known": "a page is stored already, under another address",
    "moved": "a page redirects: its job waits for the new host",
    "retry": "a page is tried again later",
    "buried": "a job was given up: a dead letter",
    "unchanged": "a stored page is as it was",
    "missing": "a stored page was not there; it counts as gone when it is not a day later",
    "still_gone": "a page that is gone is still gone",
    "revisit_failed": "a stored page did not answer; next time again",
    "revisit_refused": "a stored page must not be read any more; next time again",
    "revisit_unread": "a stored page could not be read; next time again",
    "revisit_ended": "a stored page is looked at no more",
    # alerts
    "alerts_noticed": "records or turns of health that a watch for alerts names",
    "alerts_sent": "messages were taken by their targets",
    "alert_waits": "a target did not take its message, which is sent again later",
    "alerts_unread": "the file of alerts is wrong: the watches go on as they were",
    "alerts_trouble": "alerts could not be looked for or sent; tried again soon",
    "alerts_ended": "the process that sends alerts ended; it is started again",
    # troubles
    "parse_death": "a process that read a page or feed was ended (time, memory) or died",
    "readers_broken": "the processes that read pages are gone; they are started again",
    "mistake": "a mistake of ours, with its trace: please report it",
    "lease_lost": "a lease ran out under us: its result is dropped",
    "leases_left": "Redis is away at the end: leases run out by themselves",
    "redis_away": "Redis does not serve; it is waited for",
    "redis_back": "Redis serves again",
    "redis_taught": "Redis knew nothing of this store and was taught from it",
    "redis_forgets": "Redis remembered what is no longer there, and forgets it",
    "disk_fails": "the disk takes no lines; tried again now and then",
    "disk_works": "the disk takes lines again",
    "broken_line": "a line of the store cannot be read and is passed over",
    "cut": "a line that does not count was taken out",
    "cut_later": "a line that does not count could not be taken out yet",
    "forgotten": "lines of a record that was forgotten on request were taken out",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """An event and what is known of it; as text: `event=polled outlet=... new=3`."""

    values: Mapping[str, object]

    def __str__(self) -> str:
        return " ".join(f"{name}={value}" for name, value in self.values.items())


def facts(*, event: str, **values: object) -> Facts:
    """An event of the table with its facts; None is left out."""
    known = {name: value for name, value in values.items() if value is not None}
    return Facts({"event": event, **known})
