"""How a job is written down in Redis: plain JSON of our own making, without what is empty.

Promise: a job reads back equal from its payload; what cannot be read back is an error, never
guessed at.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from crawler.news.records import Entry, Moment
from crawler.storage.jobs import Job, Revisit

_PLAIN = ("kind", "url", "fetch_url", "outlet", "source", "source_url", "found", "of_host")


def to_payload(job: Job) -> str:
    """A job as the JSON text that Redis keeps."""
    plain = {name: getattr(job, name) for name in _PLAIN}
    # Of a million jobs that wait, most are asked for under the address that they are known by.
    plain["fetch_url"] = job.fetch_url if job.fetch_url != job.url else None
    rest = {
        "entry": _entry_to_json(job.entry, job.fetch_url) if job.entry else None,
        "discovered_at": _write_time(job.discovered_at),
        "redirects": job.redirects,
        "is_for_good": job.is_for_good or None,
        "depth": job.depth or None,
        "revisit": _revisit_to_json(job.revisit) if job.revisit else None,
    }
    return json.dumps(_filled({**plain, **rest}), ensure_ascii=True, separators=(",", ":"))


def from_payload(payload: str) -> Job:
    """Back from `to_payload`; robots jobs are made by the claim script and carry less."""
    told = json.loads(payload)
    fetch_url = told.get("fetch_url", told["url"])
    if told["kind"] == "robots" and "of" in told:
        asked = {"url": told["url"], "fetch_url": fetch_url, "outlet": told.get("outlet")}
        return Job(kind="robots", of_host=told["of"], **asked)
    entry, revisit = told.get("entry"), told.get("revisit")
    plain = {name: told.get(name) for name in _PLAIN}
    return Job(
        **{**plain, "fetch_url": fetch_url},
        entry=_entry_from_json(entry, fetch_url) if entry is not None else None,
        discovered_at=_read_time(told.get("discovered_at")),
        redirects=tuple(told.get("redirects", ())),
        is_for_good=told.get("is_for_good", False),
        depth=told.get("depth", 0),
        revisit=_revisit_from_json(revisit) if revisit else None,
    )


def _filled(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, ())}


def _write_time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _read_time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _moment_to_json(moment: Moment | None) -> dict[str, Any] | None:
    if moment is None:
        return None
    return {
        "at": moment.at.isoformat(),
        "precision": moment.precision,
        "source": moment.source,
        "raw": moment.raw,
        "local_day": moment.local_day,
    }


def _moment_from_json(told: dict[str, Any] | None) -> Moment | None:
    if told is None:
        return None
    return Moment(**{**told, "at": datetime.fromisoformat(told["at"])})


def _entry_to_json(entry: Entry, fetch_url: str) -> dict[str, Any]:
    return _filled(
        {
            "url": entry.url if entry.url != fetch_url else None,
            "title": entry.title,
            "summary": entry.summary,
            "guid": entry.guid,
            "published": _moment_to_json(entry.published),
            "modified": _moment_to_json(entry.modified),
            "language": entry.language,
            "text": entry.text,
            "published_raw": entry.published_raw,
        }
    )


def _entry_from_json(told: dict[str, Any], fetch_url: str) -> Entry:
    dates = {name: _moment_from_json(told.get(name)) for name in ("published", "modified")}
    return Entry(**{"url": fetch_url, **told, **dates})


def _revisit_to_json(revisit: Revisit) -> dict[str, Any]:
    return _filled(
        {
            "record_id": revisit.record_id,
            "revision": revisit.revision,
            "slot": revisit.slot,
            "day": revisit.day.isoformat(),
            "stored_at": revisit.stored_at.isoformat(),
            "missing_since": _write_time(revisit.missing_since),
            "etag": revisit.etag,
            "last_modified": revisit.last_modified,
        }
    )


def _revisit_from_json(told: dict[str, Any]) -> Revisit:
    times = {
        "day": date.fromisoformat(told["day"]),
        "stored_at": datetime.fromisoformat(told["stored_at"]),
        "missing_since": _read_time(told.get("missing_since")),
    }
    return Revisit(**{**told, **times})
