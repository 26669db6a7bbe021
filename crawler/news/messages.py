"""What an alert says: a headline, a beginning of bounded length, reasons, the link, and its id.

    Message(id="5f2c...", title="shells: Depot burns near Khasan", body="...")

Promise: no message holds more of a text than its excerpt unless it is asked for, nor anything that
acts where it arrives: no control character, no mention of people there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crawler.news.characters import clean_line, clean_text
from crawler.news.excerpts import EXCERPT, excerpt_of, shortened
from crawler.news.watches import Watch

TITLE_MOST = 200
_IN_DIGEST = 150
_REASONS_MOST = 4
# "@everyone" and "<!channel>" call people in chat programs; a headline must not.
_CALLS = (("@", "＠"), ("<!", "‹!"), ("<#", "‹#"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is sent, with the id by which a receiver knows a repeat."""

    id: str
    title: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing in a message: a record with a word on its story, or words alone."""

    said: Mapping[str, Any] | None = None
    voices: str | None = None
    words: str | None = None


def compose(watch: Watch, name: str, items: Sequence[Item], *, full_text: bool) -> Message:
    """The message of this id (`name`) that tells the items."""
    if len(items) == 1:
        title, parts = _headline(items[0]), [*_whole(items[0], full_text)]
    else:
        title = f"{len(items)} {'events' if watch.on == 'health' else 'reports'}"
        parts = ["\n".join(_row(nth, item)) for nth, item in enumerate(items, 1)]
    parts.append(f"alert {name}")
    return Message(
        id=name,
        title=shortened(f"{watch.name}: {title}", TITLE_MOST),
        body="\n\n".join(part for part in parts if part),
    )


def sample(watch_name: str, name: str) -> Message:
    """A message that tries out a target."""
    body = f"This is how alerts of {watch_name} arrive. Nothing happened.\n\nalert {name}"
    return Message(id=name, title=f"{watch_name}: a test of Tumen's alerts", body=body)


def _headline(item: Item) -> str:
    return _line(item.words if item.said is None else item.said["title"])


def _whole(item: Item, full_text: bool) -> Iterator[str]:
    said = item.said
    if said is None:
        yield shortened(_line(item.words), EXCERPT)
        return
    yield _who_and_when(said)
    yield _calm(clean_text(said.get("text") or "")) if full_text else _line(excerpt_of(said))
    reasons = [_line(reason) for reason in (said.get("match") or {}).get("reasons") or ()]
    told = [
        ("because", "; ".join(reasons[:_REASONS_MOST])),
        ("topics", ", ".join(said.get("topics") or ())),
        ("told by", item.voices and _line(item.voices)),
    ]
    yield "\n".join(f"{label}: {value}" for label, value in told if value)
    yield _link(said)


def _row(nth: int, item: Item) -> Iterator[str]:
    yield f"{nth}. {shortened(_headline(item), TITLE_MOST)}"
    if item.said is not None:
        yield _who_and_when(item.said)
        yield shortened(_line(excerpt_of(item.said)), _IN_DIGEST)
        yield _link(item.said)


def _who_and_when(said: Mapping[str, Any]) -> str:
    day = said.get("date_published") or said["date_discovered"]
    when = day[:10] if said.get("date_precision") == "day" else day[:16].replace("T", " ")
    who = said.get("publisher") or said.get("outlet") or said["domain"]
    return " · ".join(filter(None, (_line(who), when, said.get("language"))))


def _link(said: Mapping[str, Any]) -> str:
    # An address is a link as it stands; what is no character of one was escaped before.
    return clean_line(said["url"])


def _line(text: str | None) -> str:
    return _calm(clean_line(text or ""))


def _calm(text: str) -> str:
    for call, harmless in _CALLS:
        text = text.replace(call, harmless)
    return re.sub(r"\n{3,}", "\n\n", text)
