"""What the children of the parse pool are forked with: models and caches, loaded once.

Importing this module loads them; the server that forks the children imports it before the first
one, so that none of them, nor any that replaces one, spends a second on it.

Promise: nothing of it depends on a topic, a catalogue or a setting.
"""

from __future__ import annotations

import trafilatura

import crawler.news.reading  # noqa: F401 # all that reading a page imports
from crawler.news.language import detect_language
from crawler.news.urls import site

_WORDS = "Words to be read once, before the first page that counts. "
_PAGE = f"<html><body><article>{f'<p>{_WORDS}</p>' * 8}</article></body></html>"

trafilatura.extract(_PAGE)
detect_language(_WORDS * 8, declared=None, fallback=None)
site("https://page.invalid/")
