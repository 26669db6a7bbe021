"""The log on stderr: for a person on a terminal, for a machine everywhere else.

On a terminal a line is time, level and facts; into a file, a pipe or a container's log it is one
JSON object. What others log (Scrapy, Twisted) has no facts and is `event: message`.

Promise: one event is one line without secrets, and nothing in it can forge another or steer a
terminal.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

from crawler.events import Facts
from crawler.news.characters import visible
from crawler.notation import hide_secrets

# Loggers of others that tell us nothing below a warning.
_QUIET = (
    "scrapy",
    "twisted",
    "asyncio",
    "trafilatura",
    "htmldate",
    "charset_normalizer",
    "tldextract",
    "filelock",
)


class LineFormatter(logging.Formatter):
    """Time, level and facts on one line, whatever is in them, and no secret; a trace below."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        head, *trace = hide_secrets(super().format(record)).split("\n")
        return "\n".join([visible(head), *(f"    {visible(line)}" for line in trace)])


class JsonFormatter(logging.Formatter):
    """One JSON object: at, level, event, its facts; message and trace where there are any."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).replace(tzinfo=None)
        told: dict[str, object] = {
            "at": at.isoformat(timespec="milliseconds") + "Z",
            "level": record.levelname.lower(),
            **{name: _shown(value) for name, value in _facts_of(record).items()},
        }
        if record.exc_info:
            told["trace"] = hide_secrets(self.formatException(record.exc_info))
        # In ASCII, so that whoever prints it on a terminal after all comes to no harm.
        return json.dumps(told, separators=(",", ":"))


def _shown(value: object) -> object:
    return value if isinstance(value, int | float | None) else hide_secrets(str(value))


def _facts_of(record: logging.LogRecord) -> dict[str, object]:
    match record.args:
        case (Facts() as told,):
            return dict(told.values)
    return {"event": "message", "logger": record.name, "message": record.getMessage()}


def begin_log(level: str) -> None:
    """Log to stderr from now on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LineFormatter() if sys.stderr.isatty() else JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
