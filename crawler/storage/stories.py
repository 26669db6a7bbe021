"""Which texts are copies of each other: a window of signatures in Redis.

Promise: the same id asked twice gets the same answer, so a retried article is no duplicate of
itself; and a copy is found whatever worker stored the first.
"""

from __future__ import annotations

from dataclasses import dataclass

from crawler.news.near_duplicates import SAME_TEXT, Signature, bands
from crawler.storage.connection import Connection

# An agency's copy turns up within hours; two weeks also catch weeklies and late translations.
WINDOW_S = 14 * 86400


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The story of a text, and the record that holds the same text already, if any does."""

    id: str
    duplicate_of: str | None


async def place_in_story(redis: Connection, record_id: str, signature: Signature) -> Story:
    """Join the text to the story of its copies, or begin one that bears its id."""
    text = signature.to_text()
    width = len(text) // len(signature.slots)
    least = round(SAME_TEXT * len(signature.slots))
    story, first = await redis.run(
        "story", record_id, text, width, least, WINDOW_S, *bands(signature)
    )
    return Story(id=story, duplicate_of=first or None)
