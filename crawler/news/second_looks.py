"""Second looks: what today's rules say of what earlier ones left out or kept.

Promise: a decision of the same ruleset is not questioned, nor one that no rule made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crawler.news.lexicon import Topic
from crawler.news.outlets import Outlet
from crawler.news.relevance import judge
from crawler.news.triage import triage

JUDGED_STAGES = ("triage", "relevance")


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondLook:
    """What was decided then, and what is decided now, of one page."""

    id: str
    url: str
    title: str | None
    outlet: str | None
    source: str | None
    stage: str
    kept_then: bool
    keeps_now: bool
    score: float
    reasons: tuple[str, ...]


def look_at_omission(
    topic: Topic, said: Mapping[str, Any], outlet: Outlet | None
) -> SecondLook | None:
    """A line of the journal again; None for one that these rules decided, or no rules at all.

    What was left out after it had been read is judged by its title and how its text begins: enough
    to fetch it once more, and the whole text decides then.
    """
    stage = said.get("stage")
    if stage not in JUDGED_STAGES or said.get("ruleset") == topic.ruleset:
        return None
    title, summary = said.get("title") or "", said.get("summary") or ""
    language = said.get("language") or (outlet.language if outlet else None)
    scope = outlet.scope if outlet else None
    if stage == "triage":
        told = triage(topic, title=title, summary=summary, language=language, scope=scope)
        return _of_omission(said, told.fetch, told.score, told.reasons)
    judged = judge(topic, title=title, text=summary, language=language, scope=scope)
    return _of_omission(said, judged.relevant, judged.score, judged.reasons)


def wanted_by_user(said: Mapping[str, Any]) -> SecondLook:
    """A line of the journal about a page that a user wants, whatever rules say of it."""
    return _of_omission(said, True, 1.0, ("a user wants it",))


def _of_omission(
    said: Mapping[str, Any], keeps: bool, score: float, reasons: tuple[str, ...]
) -> SecondLook:
    return SecondLook(
        id=said["id"],
        url=said["url"],
        title=said.get("title"),
        outlet=said.get("outlet"),
        source=said.get("source"),
        stage=said["stage"],
        kept_then=False,
        keeps_now=keeps,
        score=score,
        reasons=reasons,
    )


def look_at_record(
    topic: Topic, said: Mapping[str, Any], outlet: Outlet | None
) -> SecondLook | None:
    """A stored record again; None for one that these rules decided, or that a person asked for."""
    asked_for = said["found_in"]["kind"] == "manual"
    if asked_for or said["match"].get("ruleset") == topic.ruleset:
        return None
    judged = judge(
        topic,
        title=said["title"],
        text=said["text"],
        language=said.get("language"),
        scope=outlet.scope if outlet else None,
    )
    return SecondLook(
        id=said["id"],
        url=said["url"],
        title=said["title"],
        outlet=said.get("outlet"),
        source=None,
        stage="stored",
        kept_then=True,
        keeps_now=judged.relevant,
        score=judged.score,
        reasons=judged.reasons,
    )
