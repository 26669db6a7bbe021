"""`tumen outlets import` and `export`: lists of feeds (OPML), to and from other readers.

Promise: what the catalogue knows already is not added again; what could not be taken is said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import BinaryIO
from urllib.parse import urlsplit

import click

from crawler.app import options
from crawler.app.own_cards import own_catalogue, write_cards
from crawler.app.terminal import say, write_text
from crawler.news.card_drafts import Draft, draft_card
from crawler.news.codes import COUNTRIES
from crawler.news.opml import SIZE_LIMIT, ListedFeed, by_outlet, read_opml, write_opml
from crawler.news.outlets import Outlet, all_sources_of, select, source_key, sources_of
from crawler.storage.catalogue import load_catalogue


@click.command("import", epilog="Example: tumen outlets import feeds.opml --print > cards.toml")
@click.argument("opml", metavar="[FILE|-]", type=click.File("rb"), default="-")
@click.option("--print", "only_shown", is_flag=True, help="Show the cards, write nothing.")
@options.card_values
@click.option("--data", metavar="DIR", help="Data folder (default: ./data).")
def import_outlets(
    opml: BinaryIO, only_shown: bool, data: str | None, **values: str | None
) -> None:
    """Take the feeds of an OPML list into your own catalogue.

    Feeds of one home page become one card, folders its categories. Country and language are guessed
    where the list does not tell them: look the cards through in outlets.toml.
    """
    config, chosen = own_catalogue(data), options.chosen_values(values)
    origin = getattr(opml, "name", "the list")
    feeds, left = read_opml(opml.read(SIZE_LIMIT + 1), str(origin))
    catalogue = load_catalogue((), config.data_dir)
    known = {source_key(source.url) for outlet in catalogue for source in all_sources_of(outlet)}
    new = [feed for feed in feeds if source_key(feed.url) not in known]
    left["already in the catalogue"] += len(feeds) - len(new)
    _say_left(left)
    if not new:
        say("nothing to add")
        return
    text = "\n".join(_cards(new, [outlet.id for outlet in catalogue], chosen))
    if only_shown:
        write_text(text)
    else:
        write_cards(config, text)


@click.command("export", epilog="Example: tumen outlets export --country KR > feeds.opml")
@click.option("--country", metavar="CC", multiple=True, help="Only outlets of this country.")
@click.option("--kind", metavar="KIND", multiple=True, help="Only outlets of this kind.")
@click.option("--only", metavar="ID", multiple=True, help="Only this outlet (repeatable).")
@options.catalogue
@click.option("--data", metavar="DIR", help="Data folder (default: ./data).")
def export_outlets(
    country: tuple[str, ...],
    kind: tuple[str, ...],
    only: tuple[str, ...],
    outlet_paths: tuple[str, ...],
    data: str | None,
) -> None:
    """Write the feeds of the catalogue as an OPML list, for other readers."""
    config = options.config_of(data=data, outlet_paths=outlet_paths)
    catalogue = load_catalogue(config.outlets, config.data_dir)
    chosen = select(catalogue, only=only, countries=country, kinds=kind)
    write_text(write_opml(chosen))
    _say_exported(chosen)


def _cards(feeds: Sequence[ListedFeed], ids: Sequence[str], chosen: dict[str, str]) -> list[str]:
    taken, cards = list(ids), []
    for group in by_outlet(feeds):
        first = group[0]
        address = urlsplit(first.url)
        draft = Draft(
            homepage=first.homepage or f"{address.scheme}://{address.netloc}/",
            name=first.name,
            country=next((code for code in first.categories if code in COUNTRIES), None),
            language=first.language,
            sources={"feeds": [feed.url for feed in group]},
            others={"categories": first.categories} if first.categories else {},
        )
        name, card = draft_card(draft, taken, chosen)
        taken.append(name)
        cards.append(card)
    return cards


def _say_left(left: Counter[str]) -> None:
    for reason, n in left.items():
        if n:
            say(f"{n} left out: {reason}")


def _say_exported(chosen: Sequence[Outlet]) -> None:
    kinds = Counter(source.kind for outlet in chosen for source in sources_of(outlet))
    others = kinds.total() - kinds["feed"]
    say(f"{kinds['feed']} feeds of {len(chosen)} outlets")
    if others:
        say(f"left out, as OPML lists feeds only: {others} sitemaps, section pages and searches")
