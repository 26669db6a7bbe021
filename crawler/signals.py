"""Signals of Tumen's own, beside Scrapy's: what a display or a monitor wants to hear.

Promise: a signal is sent after what it tells has happened: on disk and settled, never before.
"""

# record: Record, place: Place
record_stored = object()
# outlet, stage, found, title: str; reasons: tuple[str, ...]; outlet and found may be None
entry_dropped = object()
# outlet: str | None, url: str, listed: int, new: int, problem: str | None
source_polled = object()
# outlet: str | None, result: str, duration_s: float | None, size_bytes: int
request_ended = object()
# duration_s: float
store_synced = object()
