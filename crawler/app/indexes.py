"""`tumen index`: make the index beside the store anew, or the stories.

Promise: nothing of the store is changed; stories are decided anew only where that is asked for.
"""

from __future__ import annotations

import click

from crawler.app.selection import config_of_store, in_store, reading
from crawler.app.terminal import say
from crawler.errors import ConfigError
from crawler.news.queries import Query
from crawler.storage import index as beside
from crawler.storage.story_file import cut_placed


@click.group(epilog="Example: tumen index rebuild")
def index() -> None:
    """The index beside the store, by which it is searched."""


@index.command(epilog="Example: tumen index rebuild --stories")
@click.option("--stories", is_flag=True, help="Decide anew which records make a story.")
@in_store
def rebuild(stories: bool, data: str | None) -> int:
    """Throw the index away and make it again from the files of the store."""
    config = config_of_store(data)
    if not config.data_dir.is_dir():
        raise ConfigError(f"{config.data_dir} is not there; name the store with --data")
    beside.discard_safely(config.data_dir)
    if stories:
        cut_placed(config.data_dir, ("", ""))
    with reading(config) as library:
        say(f"{library.count(Query())} records are indexed")
    return 0
