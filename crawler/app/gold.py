"""Files of labeled items (gold), read for `tumen eval` and `tumen train`.

Promise: a line that is no labeled item stops the reading with its file, its number and what to do;
figures are never made from half a set.
"""

from __future__ import annotations

import json
from pathlib import Path

import click

from crawler.errors import ConfigError
from crawler.news.measuring import Labeled, read_labeled

files = click.argument(
    "paths",
    metavar="GOLD...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)


def read_gold(path: Path) -> list[Labeled]:
    """The labeled items of a file of JSON lines. Raises ConfigError."""
    items = []
    with path.open(encoding="utf-8", errors="backslashreplace") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                items.append(read_labeled(json.loads(line)))
            except (ValueError, RecursionError) as error:
                raise ConfigError(
                    f"{path}, line {number}: no labeled item ({error}); "
                    "expected {id, lang, title, text, label}"
                ) from error
    if not items:
        raise ConfigError(f"{path}: there is no labeled item in it")
    return items
