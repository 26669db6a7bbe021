"""`tumen outlets discover`: from a home page to a card that is ready to paste.

Promise: the card is valid as it is printed; what was guessed says so, and what else was found
stands below it as comments.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

import click

from crawler.app import options
from crawler.app.exploring import Exploration, Finding
from crawler.app.terminal import Progress, say, write_line, write_text
from crawler.app.visiting import Visitor, visit
from crawler.news.card_drafts import Draft, draft_card
from crawler.news.discovery import Ranked, lists_of
from crawler.news.language import detect_language
from crawler.news.outlets import Outlet, all_sources_of, source_key
from crawler.news.records import Article
from crawler.news.urls import absolute_url
from crawler.parse_pool import ParsePool
from crawler.storage.catalogue import load_catalogue, read_topic

PARTLY_FAILED = 1
# Requests for one site: what it names itself, and all usual places once.
REQUESTS = 80
_SHOWN: Final = 8
# What feeds put around the name of their outlet.
_FURNITURE: Final = re.compile(
    r"\s*(?:[-–|:»]\s*)?\b(?:rss|atom)?\s*feeds?\b.*$|\s*[-–|:»]?\s*\brss\b.*$", re.IGNORECASE
)


@click.command(epilog="Example: tumen outlets discover https://www.example.org/ > card.toml")
@click.argument("urls", metavar="URL...", nargs=-1, required=True)
@click.option("--id", metavar="ID", help="The outlet's id (default: made of its name).")
@options.card_values
@click.option(
    "--requests", type=click.IntRange(3, 500), default=REQUESTS, show_default=True,
    help="At most this many for one site.",
)  # fmt: skip
@click.option("--data", metavar="DIR", help="Data folder (default: ./data).")
@options.as_json
def discover(
    urls: tuple[str, ...],
    requests: int,
    data: str | None,
    json_lines: bool,
    **values: str | None,
) -> int:
    """Find where a site announces its articles, and print a card for it.

    Feeds, news sitemaps and list pages are found in the page's head and links, in robots.txt and
    at the usual places, tried politely, and ranked by how fresh they are, how much of the front
    page they cover and how much they tell. The card goes to standard output: look it through, then
    tumen outlets add card.toml.
    """
    config = options.config_of(data=data)
    catalogue = load_catalogue(config.outlets, config.data_dir)
    homes = [_checked(url) for url in urls]
    output = _Output(catalogue, options.chosen_values(values), json_lines=json_lines)
    pool = ParsePool(read_topic(config.topic), 1)
    progress = Progress("discovering")

    async def work(visitor: Visitor) -> None:
        for home in homes:
            finding = await Exploration(visitor, pool, home, requests, progress.tell).run()
            output.show(finding)

    progress.start()
    try:
        visit(config, catalogue, work, addresses=homes)
    finally:
        progress.stop()
        pool.close()
    return 0 if output.cards == len(homes) else PARTLY_FAILED


class _Output:
    """Shows findings as they come; `cards` counts the sites for which there is a card."""

    def __init__(
        self, catalogue: Sequence[Outlet], choices: Mapping[str, str], *, json_lines: bool
    ) -> None:
        self.cards = 0
        self._choices = choices
        self._json_lines = json_lines
        self._taken = [outlet.id for outlet in catalogue]
        self._watched = {
            source_key(source.url): outlet.id
            for outlet in catalogue
            for source in all_sources_of(outlet)
        }

    def show(self, finding: Finding) -> None:
        """Show what was found out about one site."""
        self.cards += bool(finding.chosen)
        if self._json_lines:
            for ranked in finding.ranking:
                write_line(json.dumps(_row(ranked, finding), ensure_ascii=False))
            return
        _say_what_was_found(finding)
        if not finding.chosen:
            return
        for ranked in finding.chosen:
            if owner := self._watched.get(source_key(ranked.trial.url)):
                say(f"{ranked.trial.url} is watched already, as a source of {owner}")
        name, card = draft_card(_draft(finding), self._taken, self._choices)
        self._taken.append(name)
        write_text(card + "".join(_others(finding)) + "\n")


def _checked(url: str) -> str:
    clean = absolute_url(url if "://" in url else f"https://{url}", "")
    if clean is None:
        raise click.BadParameter(f"{url} is no http or https address", param_hint="URL")
    return clean


def _draft(finding: Finding) -> Draft:
    best, front = finding.chosen[0].trial, finding.front
    article = finding.article if isinstance(finding.article, Article) else None
    name = _FURNITURE.sub("", best.title or "") or (article.publisher if article else None)
    parts = urlsplit(finding.home)
    return Draft(
        homepage=front.url if front else f"{parts.scheme}://{parts.netloc}/",
        name=(front.name if front else None) or name,
        country=front.country if front else None,
        language=_language(finding, article),
        sources=lists_of(finding.chosen),
        others=_others_on_card(finding),
    )


def _language(finding: Finding, article: Article | None) -> str | None:
    """What the titles are written in, in the words of whoever declares the same."""
    entries, front = finding.chosen[0].trial.entries, finding.front
    told = front.language if front and front.language else entries[0].language
    titles = " ".join(entry.title or "" for entry in entries[:20])
    detected = detect_language(titles, declared=told, fallback=article.language if article else "")
    return told if told and detected == told.partition("-")[0] else detected or told


def _others_on_card(finding: Finding) -> dict[str, Any]:
    """What the article that was tried, and the day, say about the outlet."""
    article, best = finding.article, finding.chosen[0]
    today = datetime.now(UTC).date()
    others: dict[str, Any] = {}
    if isinstance(article, Article) and article.free_access is False:
        others["paywall"] = True
    if isinstance(article, str) and "whole texts" in best.reasons[2]:
        others["text_source"] = "feed"
    others["note"] = f"Found by discovery on {today}: {'; '.join(best.reasons[:3])}."
    others["evidence"] = f"the site itself, {today}"
    return others


def _others(finding: Finding) -> Iterable[str]:
    """The sources that are not on the card, as comments below it."""
    rest = [ranked for ranked in finding.ranking if ranked not in finding.chosen][:_SHOWN]
    if rest:
        yield "# Also found, the best first:\n"
    for ranked in rest:
        yield f"# {ranked.trial.candidate.kind} {ranked.trial.url} ({'; '.join(ranked.reasons)})\n"


def _say_what_was_found(finding: Finding) -> None:
    if finding.problem:
        say(f"{finding.home}: {finding.problem}")
    failed = len(finding.failed)
    say(
        f"{finding.home}: {finding.asked} requests, {len(finding.ranking)} sources, {failed} "
        f"addresses without one"
    )
    if not finding.ranking:
        say(
            "No source was found. Look on the site for a list of its news and name that page: "
            "tumen outlets discover URL-OF-THE-LIST"
        )
        return
    for ranked in finding.ranking[:_SHOWN]:
        trial = ranked.trial
        say(f"{ranked.points:5}  {trial.candidate.kind:8} {trial.url}\n{'; '.join(ranked.reasons)}")
    say(_words_for_article(finding.article))


def _words_for_article(article: Article | str | None) -> str:
    if isinstance(article, Article):
        dated = f"dated {article.published.raw}" if article.published else "without a date"
        return f"an article was read: {article.title!r}, {len(article.text)} characters, {dated}"
    return f"no article could be read: {article}" if article else "no article was tried"


def _row(ranked: Ranked, finding: Finding) -> dict[str, Any]:
    trial = ranked.trial
    return {
        "home": finding.home,
        "kind": trial.candidate.kind,
        "url": trial.url,
        "points": ranked.points,
        "chosen": ranked in finding.chosen,
        "shape": trial.shape,
        "entries": len(trial.entries),
        "reasons": list(ranked.reasons),
    }
