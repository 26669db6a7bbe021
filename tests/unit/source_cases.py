"""The golden sources: an answer as it came, and beside it what is to be read from it.

A case is two files in tests/fixtures/sources/KIND: NAME, and NAME.expected.json
with what was given besides the body and the reading. To accept what the readers say now, write the
part "given" and run `python -m tests.unit.source_cases`; the difference is the review.
"""

import json
from datetime import UTC, datetime
from pathlib import Path

from crawler.errors import SourceError
from crawler.news.records import Moment, SourceReading
from crawler.news.sources import read_source

FOLDER = Path(__file__).parents[1] / "fixtures" / "sources"
NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
KINDS = {"feeds": "feed", "sitemaps": "sitemap", "sections": "section"}
SUFFIX = ".expected.json"


def cases() -> list[Path]:
    """Name the files that hold answers, all kinds, in a fixed order."""
    return sorted(Path(str(path).removesuffix(SUFFIX)) for path in FOLDER.glob(f"*/*{SUFFIX}"))


def expectation(case: Path) -> dict:
    """Read what was given with a case and what is expected of it."""
    return json.loads(Path(f"{case}{SUFFIX}").read_text(encoding="utf-8"))


def read_case(case: Path, given: dict) -> dict:
    """Read a case and bring the reading, or the error, into the form of the golden files."""
    given = {"content_type": None, "charset_hint": None, "timezone": None, **given}
    given["known"] = frozenset(given.get("known", ()))
    try:
        reading = read_source(KINDS[case.parent.name], case.read_bytes(), now=NOW, **given)
    except SourceError as error:
        return {"error": str(error)}
    return shown(reading)


def shown(reading: SourceReading) -> dict:
    """Show a reading as JSON: what is None or empty is left out, a moment is one line."""
    entries = [_filled(entry) for entry in reading.entries]
    children = [_filled(child) for child in reading.children]
    head = ("shape", "title", "charset", "pause_s")
    rows = {name: value for name in head if (value := getattr(reading, name)) is not None}
    return {
        **rows,
        **({"dropped": dict(sorted(reading.dropped.items()))} if reading.dropped else {}),
        **({"links": len(reading.links)} if reading.links else {}),
        **({"children": children} if children else {}),
        "entries": entries,
    }


def _filled(value: object) -> dict:
    fields = {name: getattr(value, name) for name in type(value).__slots__}
    return {
        name: _moment(field) if isinstance(field, Moment) else field
        for name, field in fields.items()
        if field is not None
    }


def _moment(moment: Moment) -> str:
    at = moment.at.isoformat().replace("+00:00", "Z")
    return f"{at} {moment.precision} {moment.source} {moment.local_day} <- {moment.raw}"


if __name__ == "__main__":
    for path in cases():
        said = expectation(path)["given"]
        whole = {"given": said, "reading": read_case(path, said)}
        text = json.dumps(whole, ensure_ascii=False, indent=1)
        Path(f"{path}{SUFFIX}").write_text(text + "\n", encoding="utf-8")
