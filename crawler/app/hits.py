"""How records that were found are shown: as rows, as cards, as JSON.

Promise: the same record reads alike in every listing; JSON has the names that records have.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crawler.storage.gathering import Story
from crawler.storage.library import Hit

# So many digits of an id are shown and are enough to ask for it again.
SHORT = 10

_MARKS = (("used", "is_used"), ("seen", "is_seen"))


def when(hit: Hit) -> str:
    """The day on which a record appeared, with the time where that is known."""
    if hit.published is None:
        return f"{hit.discovered[:10]} found"
    if hit.precision == "day":
        return hit.published[:10]
    return hit.published[:16].replace("T", " ")


def who(hit: Hit) -> str:
    """The outlet of a record, or its site."""
    return hit.outlet or hit.publisher or hit.domain


def marks(hit: Hit) -> str:
    """What users said of it, in a word or two."""
    said = [word for word, name in _MARKS if getattr(hit, name)]
    said += ["withdrawn"] if hit.cause == "gone" else []
    said += [f"note: {hit.note}"] if hit.note else []
    return ", ".join(said)


def as_json(hit: Hit, snippet: str | None = None) -> dict[str, Any]:
    """A record that was found, with the names that records have."""
    told: dict[str, Any] = {
        "id": hit.id,
        "revision": hit.revision,
        "url": hit.url,
        "title": hit.title,
        "excerpt": hit.excerpt,
        "outlet": hit.outlet,
        "publisher": hit.publisher,
        "country": hit.country,
        "language": hit.language,
        "date_published": hit.published,
        "date_precision": hit.precision,
        "date_discovered": hit.discovered,
        "topics": list(hit.topics),
        "score": hit.score,
        "cites": [dict(cite) for cite in hit.cites],
        "story_id": hit.story,
        "duplicate_of": hit.copy_of,
        "withdrawn": hit.cause == "gone",
        "seen": hit.is_seen,
        "used": hit.is_used,
        "note": hit.note,
    }
    return told if snippet is None else {**told, "snippet": snippet}


def card_of(hit: Hit) -> list[tuple[str, str]]:
    """What a card says of a record below its headline."""
    return [
        ("topics", ", ".join(hit.topics)),
        ("owes it to", ", ".join(origins_of(hit.cites))),
        ("marked", marks(hit)),
    ]


def origins_of(cites: tuple[Mapping[str, Any], ...]) -> list[str]:
    """The names of those to whom a record owes its news."""
    return [str(cite["name"]) for cite in cites if cite.get("role") == "origin"]


def story_as_json(story: Story) -> dict[str, Any]:
    """A story with its origins and reports."""
    return {
        "story_id": story.id,
        "headline": story.headline,
        "event_day": story.event_day,
        "event_day_is_told": story.is_event_day_told,
        "topics": list(story.topics),
        "outlets": story.outlets,
        "independent_origins": len(story.origins),
        "origins": [
            {"name": o.name, "is_held": o.is_held, "first": o.first, "reports": list(o.reports)}
            for o in story.origins
        ],
        "best": story.best.url,
        "reports": [
            {**as_json(hit), "like": hit.like, "because": list(hit.because)}
            for hit in story.reports
        ],
    }
