"""What a watch tells, as the items of a feed, and in a few words what it looks for.

Promise: a feed holds what the watch tells or would have told, and nothing that asks for no copies.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crawler.app.alert_rounds import Post
from crawler.news.alerts import message_id
from crawler.news.watches import Watch
from crawler.notation import format_duration
from crawler.storage.library import Library
from crawler.storage.noticing import fitting
from crawler.storage.outbox import open_outbox

_MOST = 200


def reports_of(library: Library, post: Post, watch: Watch) -> list[Mapping[str, Any]]:
    """The records that a watch of reports tells, newest first."""
    return [library.record(hit) for hit in fitting(library, watch, post.houses, _MOST)]


def troubles_of(post: Post, watch: Watch, home: str) -> list[Mapping[str, Any]]:
    """What a watch of health told, newest first; `home` stands where an outlet has no homepage."""
    homes = {outlet.id: outlet.homepage for outlet in post.catalogue}
    with open_outbox(post.config.data_dir) as outbox:
        told = outbox.words(watch.name, _MOST)
    return [
        {
            "id": message_id(watch.name, [subject]), "title": words.partition(":")[0],
            "url": homes.get(subject.partition(" ")[0].partition("/")[0], home),
            "description": words, "date_discovered": at,
        }
        for subject, words, at in told
    ]  # fmt: skip


def looks_for(watch: Watch) -> str:
    """The occasion and the conditions of a watch, in one line."""
    asked = watch.query
    parts: list[str | None] = [asked.text]
    parts += [*asked.topics, *asked.outlets, *asked.countries, *asked.languages]
    parts.append(asked.cites and f"cites {asked.cites}")
    words = ", ".join(part for part in parts if part)
    within = format_duration(watch.within.total_seconds())
    what = {
        "record": "each report",
        "story": "new stories",
        "origins": f"{watch.origins} origins within {within}",
        "health": f"sources failing {format_duration(watch.lasting.total_seconds())}",
    }[watch.on]
    return f"{what}: {words}" if words else what
