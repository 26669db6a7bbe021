"""What the children of the parse pool are forked with: models and caches, loaded once.

Importing this module loads them; the server that forks the children imports it before the first
one, so that none of them, nor any that replaces one, spends a second on it.

Promise: nothing of it depends on a topic, a catalogue or a setting.
"""

from __future__ import annotations

from datetime import UTC, datetime

from crawler.news.pages import Visit, read_in_full

_PAGE = (
    b"<html><head><title>Warm-up</title></head><body><article>"
    + b"<p>Words to be read once, before the first page that counts.</p>" * 8
)

read_in_full(_PAGE, Visit(url="https://page.invalid/", now=datetime.now(UTC)))
