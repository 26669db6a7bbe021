"""What an HTTP status means for the job that asked: the one place that sorts answers.

Promise: every status has exactly one meaning here, for pages, sources and robots.txt alike.
"""

from __future__ import annotations

from typing import Literal

Meaning = Literal["ok", "unchanged", "moved", "gone", "refused", "throttled", "server-error", "odd"]

GONE_FOR_GOOD = 410
PERMANENT = frozenset({301, 308})
_MOVED = frozenset({301, 302, 303, 307, 308})
_GONE = frozenset({404, 410, 451})
# 403 and its kin are how sites answer crawlers they do not like: it is shown, never worked around.
_REFUSED = frozenset({401, 402, 403, 406, 407})
_THROTTLED = frozenset({429, 503})


def meaning_of(status: int) -> Meaning:
    """What this status means."""
    if status in _MOVED:
        return "moved"
    if status == 304:
        return "unchanged"
    if status in _GONE:
        return "gone"
    if status in _REFUSED:
        return "refused"
    if status in _THROTTLED:
        return "throttled"
    if status >= 500 or status in (408, 425):
        return "server-error"
    return "ok" if 200 <= status < 300 else "odd"


_WORDS = {
    400: "bad request",
    401: "asks for a login",
    402: "asks for payment",
    403: "forbidden",
    404: "not found",
    406: "not acceptable",
    408: "request timed out",
    410: "gone",
    429: "too many requests",
    451: "withheld for legal reasons",
    500: "server error",
    502: "bad gateway",
    503: "unavailable",
    504: "gateway timed out",
}


def words_for(status: int) -> str:
    """A status in words, for health tables and journals."""
    return f"HTTP {status} ({_WORDS[status]})" if status in _WORDS else f"HTTP {status}"
