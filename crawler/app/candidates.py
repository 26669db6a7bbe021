"""`tumen outlets candidates`: whose articles keep coming although there is no card for them.

Promise: it reads the store and asks nobody.
"""

from __future__ import annotations

import click

from crawler.app import options
from crawler.app.terminal import say, show_table, write_json
from crawler.news.outlets import homes_of
from crawler.news.strangers import gather
from crawler.storage.catalogue import load_catalogue
from crawler.storage.reading import iter_records

LEAST = 2


@click.command(epilog="Example: tumen outlets candidates --least 5")
@click.option(
    "--least", type=click.IntRange(1), default=LEAST, show_default=True,
    help="Only domains with so many relevant articles.",
)  # fmt: skip
@options.catalogue
@click.option("--data", metavar="DIR", help="Data folder (default: ./data).")
@options.as_json
def candidates(
    least: int, outlet_paths: tuple[str, ...], data: str | None, json_lines: bool
) -> None:
    """List the domains without a card that keep bringing relevant articles.

    Searches find them (tumen outlets enable gdelt). A card for one of them, so that all of its
    articles are seen: tumen outlets discover https://DOMAIN/ | tumen outlets add
    """
    config = options.config_of(data=data, outlet_paths=outlet_paths)
    homes = homes_of(load_catalogue(config.outlets, config.data_dir))
    found = gather((said for _place, said in iter_records(config.data_dir)), homes, least)
    for one in found if json_lines else ():
        write_json(
            {
                "domain": one.domain,
                "publisher": one.publisher,
                "articles": one.articles,
                "days": len(one.days),
                "first": one.first,
                "last": one.last,
                "languages": sorted(one.languages),
                "examples": [{"title": title, "url": url} for title, url in one.examples],
            }
        )
    if json_lines:
        return
    if not found:
        say("no domain without a card has brought so much; searches find such articles")
        return
    rows = [
        (
            one.domain,
            str(one.articles),
            str(len(one.days)),
            one.last,
            ", ".join(sorted(one.languages)),
            one.examples[0][0],
        )
        for one in found
    ]
    show_table(("domain", "articles", "days", "last", "in", "newest title"), rows, json_lines=False)
