"""Finding a record by what a person has of it: its id, the beginning of one, or an address.

Promise: what is found is what was meant, or it is said that several records fit; the store is read
once, line by line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crawler.errors import ConfigError
from crawler.news.lines import parse_line
from crawler.news.urls import absolute_url, canonical_url, url_id
from crawler.notation import hide_logins
from crawler.storage.layout import FOLDERS
from crawler.storage.reading import iter_lines

# Eight hex digits tell a hundred thousand records apart with odds of one in a million or so.
_ID = re.compile(r"[0-9a-f]{6,32}")
_ADDRESSES = ("url", "url_announced", "url_final")


def find_id(data_dir: Path, words: str) -> str | None:
    """The id of the record or the page left out that is meant; None when there is none.

    Raises ConfigError for words that are neither an id nor an address, and for an id's beginning
    that several records share.
    """
    if "://" in words:
        return _find_address(data_dir, words)
    beginning = words.strip().lower()
    if not _ID.fullmatch(beginning):
        raise ConfigError(f"{words!r} is neither a record's id (6 to 32 hex digits) nor a URL")
    found = _ids_that_begin(data_dir, beginning)
    if len(found) > 1:
        shown = ", ".join(sorted(found)[:5])
        raise ConfigError(f"{len(found)} records begin with {words}: {shown}; give more of the id")
    return found.pop() if found else None


def records_of(data_dir: Path, record_id: str) -> list[dict[str, Any]]:
    """Every revision of a record, in order."""
    needle = b'"id":"%s"' % record_id.encode()
    lines = (line for _place, line in iter_lines(data_dir, "articles") if needle in line)
    said = [record for record in map(parse_line, lines) if record.get("id") == record_id]
    return sorted(said, key=lambda record: int(record["revision"]))


def _ids_that_begin(data_dir: Path, beginning: str) -> set[str]:
    field = re.compile(rb'"id":"(%s[0-9a-f]*)"' % beginning.encode())
    lines = (line for folder in FOLDERS for _place, line in iter_lines(data_dir, folder))
    return {match[1].decode() for line in lines if (match := field.search(line))}


def _find_address(data_dir: Path, words: str) -> str | None:
    clean = absolute_url(words, words)
    if clean is None:
        raise ConfigError(f"{hide_logins(words)!r} is no http or https address")
    wanted, canonical = {words, clean, canonical_url(clean)}, canonical_url(clean)
    for folder in FOLDERS:
        for _place, line in iter_lines(data_dir, folder):
            if _page_name(canonical) in line and _names(parse_line(line), wanted):
                return str(parse_line(line)["id"])
    known = url_id(canonical)
    return known if _ids_that_begin(data_dir, known) else None


def _page_name(url: str) -> bytes:
    # The last piece of the path stands in every spelling of the address.
    return url.rstrip("/").rpartition("/")[2].partition("?")[0].encode()


def _names(said: Mapping[str, Any], wanted: set[str]) -> bool:
    named = [said.get(name) for name in _ADDRESSES] + list(said.get("alternate_urls", ()))
    return any(address in wanted for address in named)
