"""Signals of Tumen's own, beside Scrapy's: what a display or a monitor wants to hear.

Promise: a signal is sent after what it tells is on disk and settled, never before.
"""

record_stored = object()  # record: Record, place: Place
entry_dropped = (
    object()
)  # outlet: str | None, stage: str, title: str | None, reasons: tuple[str, ...]
source_polled = object()  # outlet: str | None, url: str, listed: int, new: int, problem: str | None
trouble = object()  # message: str, over: bool; Redis or the disk is away, or back
