"""`tumen outlets add`, `enable` and `disable`: the user's own catalogue over the built-in one.

Promise: what is written fits into the catalogue, and nothing else of the user's file is touched; a
card that is wrong is refused with its line, and nothing is written.
"""

from __future__ import annotations

from typing import BinaryIO

import click

from crawler.app import options
from crawler.app.terminal import say
from crawler.config import Config
from crawler.errors import ConfigError
from crawler.news.outlets import Outlet, sources_of
from crawler.storage.catalogue import add_cards, load_catalogue, own_file, switch_outlets

_data = click.option("--data", metavar="DIR", help="Data folder (default: ./data).")


@click.command("add", epilog="Example: tumen outlets add card.toml")
@click.argument("cards", metavar="[FILE|-]", type=click.File("rb"), default="-")
@_data
def add_outlets(cards: BinaryIO, data: str | None) -> None:
    """Add cards from a file or standard input to your own catalogue.

    They are written to outlets.toml in the data folder. A card with the id of a built-in outlet
    changes that one: the keys that it has win, the others stay.
    """
    config = own_catalogue(data)
    try:
        text = cards.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"not UTF-8 at byte {error.start}; save the card as UTF-8") from error
    write_cards(config, text)


@click.command(epilog="Example: tumen outlets enable kcna-ja")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@_data
def enable(ids: tuple[str, ...], data: str | None) -> None:
    """Switch outlets on, in your own catalogue."""
    config = own_catalogue(data)
    switch_outlets(config.data_dir, ids, enabled=True)
    for outlet in load_catalogue((), config.data_dir):
        if outlet.id in ids:
            say(f"{outlet.id}: on{_hint(outlet)}")


@click.command(epilog="Example: tumen outlets disable rt-en sputnik-en")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@_data
def disable(ids: tuple[str, ...], data: str | None) -> None:
    """Switch outlets off, in your own catalogue."""
    config = own_catalogue(data)
    switch_outlets(config.data_dir, ids, enabled=False)
    for name in ids:
        say(f"{name}: off")


def own_catalogue(data: str | None) -> Config:
    """The configuration; raises ConfigError where the user's own catalogue would not be read."""
    config = options.config_of(data=data)
    if config.outlets:
        named = ", ".join(map(str, config.outlets))
        raise ConfigError(
            f"TUMEN_OUTLETS takes the place of the built-in catalogue and of your own: change the "
            f"cards in {named}, or unset it"
        )
    return config


def write_cards(config: Config, text: str) -> None:
    """Add cards to the user's own catalogue and say what became of them."""
    known = {outlet.id for outlet in load_catalogue((), config.data_dir)}
    changed = add_cards(config.data_dir, text)
    if not changed:
        raise ConfigError("there is no card that adds or changes anything; see tumen outlets list")
    path = own_file(config.data_dir)
    for outlet in changed:
        what = "changed" if outlet.id in known else "added"
        say(f"{outlet.id}: {what} in {path}{_hint(outlet)}")
    names = " ".join(f"--only {outlet.id}" for outlet in changed[:3])
    say(f"try it: tumen crawl {names} --max-age 30d")


def _hint(outlet: Outlet) -> str:
    if not outlet.enabled or sources_of(outlet):
        return ""
    return f"; its sources are doubtful, see which answer: tumen outlets check {outlet.id}"
