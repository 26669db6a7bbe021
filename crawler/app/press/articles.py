"""The articles of the sample press, and what a perfect crawl makes of them.

Read from articles/*.toml beside this module. Promise: apart from the moment at which the press
opens, from which all dates count back, two openings publish exactly the same.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import resources
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

Announces = Literal["rss", "rdf", "atom", "json", "news-sitemap", "sitemap-index", "section"]
Layout = Literal["magazine", "app", "portal", "gazette", "bulletin"]
Fate = Literal["answers", "gone", "forbidden", "soft-error"]

SOURCE_PATHS: Final[Mapping[Announces, str]] = {
    "rss": "/feed.xml",
    "rdf": "/index.rdf",
    "atom": "/atom.xml",
    "json": "/feed.json",
    "news-sitemap": "/sitemap-news.xml",
    "sitemap-index": "/sitemap.xml",
    "section": "/en/latest",
}
_CARD_KEYS: Final[Mapping[Announces, str]] = {
    "rss": "feeds",
    "rdf": "feeds",
    "atom": "feeds",
    "json": "feeds",
    "news-sitemap": "sitemaps",
    "sitemap-index": "sitemaps",
    "section": "sections",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleArticle:
    """One invented article. `relevant` is a reader's verdict, `why` the reason where it is no.

    `fate` is what becomes of a visit to `path`; `moved_from` is the address that was announced
    where it is another one; `edit` is the paragraph that a later edition adds.
    """

    number: int
    slug: str
    title: str
    paragraphs: tuple[str, ...]
    hours_ago: float
    relevant: bool
    path: str
    topics: tuple[str, ...] = ()
    author: str | None = None
    why: str = ""
    fate: Fate = "answers"
    moved_from: str | None = None
    amp: bool = False
    edit: str | None = None
    copy_of: str | None = None

    @property
    def amp_path(self) -> str:
        """Where the AMP variant lies, if there is one."""
        return self.path.removesuffix(".html") + ".amp.html"

    @property
    def announced_paths(self) -> tuple[str, ...]:
        """Every path under which the outlet announces it."""
        first = self.moved_from or self.path
        return (first, self.amp_path) if self.amp else (first,)


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleOutlet:
    """One invented outlet: its card, its manners and its articles, newest first."""

    id: str
    name: str
    country: str
    language: str
    kind: str
    scope: str
    timezone: str
    announces: Announces
    layout: Layout
    aliases: tuple[str, ...]
    articles: tuple[SampleArticle, ...]
    charset: str = "utf-8"
    tracking: str = ""
    crawl_delay: float | None = None

    @property
    def source_path(self) -> str:
        """Where it announces."""
        return SOURCE_PATHS[self.announces]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What a perfect crawl does with one article.

    `url` is the address of the record, `announced` are those that the source names. `published` is
    exact to the minute, or the day in the outlet's own zone at 00:00 UTC where `precision` is day.
    `edited_text` is the text after `Press.edit()`. `reason` says why an article is not kept.
    """

    outlet: str
    url: str
    announced: tuple[str, ...]
    title: str
    text: str
    language: str
    published: datetime
    precision: Literal["minute", "day"]
    relevant: bool
    kept: bool
    reason: str
    topics: tuple[str, ...]
    copy_of: str | None
    edited_text: str | None


def load_outlets() -> tuple[SampleOutlet, ...]:
    """Every outlet of the sample press, by id."""
    folder = resources.files(__package__).joinpath("articles")
    files = sorted(file.name for file in folder.iterdir() if file.name.endswith(".toml"))
    return tuple(_read_outlet(folder.joinpath(name).read_text(encoding="utf-8")) for name in files)


def catalogue(bases: Mapping[str, str]) -> str:
    """The catalogue (TOML) of the outlets whose addresses are given by outlet id."""
    return "\n".join(_card(outlet, bases[outlet.id]) for outlet in load_outlets())


def expect(
    bases: Mapping[str, str], opened_at: datetime, max_age: timedelta = timedelta(days=3)
) -> tuple[Expectation, ...]:
    """What becomes of each article when the press that opened at `opened_at` is crawled."""
    outlets = load_outlets()
    urls = {
        f"{outlet.id}/{article.number}": bases[outlet.id] + article.path
        for outlet in outlets
        for article in outlet.articles
    }
    return tuple(
        _expectation(outlet, article, urls, opened_at, max_age)
        for outlet in outlets
        for article in outlet.articles
    )


def published_at(article: SampleArticle, opened_at: datetime) -> datetime:
    """When an article came out, whole minutes, for a press that opened at `opened_at`."""
    return opened_at.replace(second=0, microsecond=0) - timedelta(hours=article.hours_ago)


def _read_outlet(text: str) -> SampleOutlet:
    table = tomllib.loads(text)
    pattern = table.pop("path")
    articles = tuple(_read_article(raw, pattern) for raw in table.pop("article"))
    newest_first = tuple(sorted(articles, key=lambda article: article.hours_ago))
    aliases = tuple(table.pop("aliases"))
    return SampleOutlet(**table, aliases=aliases, articles=newest_first)


def _read_article(raw: dict[str, Any], pattern: str) -> SampleArticle:
    path = raw.pop("path", None) or pattern.format(slug=raw["slug"], number=raw["number"])
    paragraphs = tuple(raw.pop("text").strip().split("\n\n"))
    edit = raw.pop("edit", "").strip() or None
    topics = tuple(raw.pop("topics", ()))
    return SampleArticle(**raw, path=path, paragraphs=paragraphs, edit=edit, topics=topics)


def _card(outlet: SampleOutlet, base: str) -> str:
    # JSON's strings and lists of strings are TOML's, too.
    values = {
        "id": outlet.id,
        "name": outlet.name,
        "country": outlet.country,
        "language": outlet.language,
        "kind": outlet.kind,
        "scope": outlet.scope,
        "homepage": f"{base}/",
        _CARD_KEYS[outlet.announces]: [base + outlet.source_path],
        "timezone": outlet.timezone,
        "aliases": list(outlet.aliases),
        "note": "An invented outlet of the sample press.",
    }
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    return "\n".join(["[[outlet]]", *lines, ""])


def _expectation(
    outlet: SampleOutlet,
    article: SampleArticle,
    urls: Mapping[str, str],
    opened_at: datetime,
    max_age: timedelta,
) -> Expectation:
    url = urls[f"{outlet.id}/{article.number}"]
    base = url.removesuffix(article.path)
    mark = f"?{outlet.tracking}" if outlet.tracking else ""
    published = published_at(article, opened_at)
    is_dated_by_day = outlet.layout == "bulletin"
    if is_dated_by_day:
        day = published.astimezone(ZoneInfo(outlet.timezone)).date()
        published = datetime(day.year, day.month, day.day, tzinfo=opened_at.tzinfo)
    reason = _reason(article, max_age)
    text = "\n".join(article.paragraphs)
    return Expectation(
        outlet=outlet.id,
        url=url,
        announced=tuple(base + path + mark for path in article.announced_paths),
        title=article.title,
        text=text,
        language=outlet.language,
        published=published,
        precision="day" if is_dated_by_day else "minute",
        relevant=article.relevant,
        kept=not reason,
        reason=reason,
        topics=article.topics,
        copy_of=urls[article.copy_of] if article.copy_of else None,
        edited_text=f"{text}\n{article.edit}" if article.edit else None,
    )


def _reason(article: SampleArticle, max_age: timedelta) -> str:
    """Why a perfect crawl does not keep an article; "" when it does."""
    if not article.relevant:
        return f"not relevant: {article.why}"
    if timedelta(hours=article.hours_ago) > max_age:
        return "older than asked for"
    if article.fate == "answers":
        return ""
    return {
        "gone": "the page is gone (404)",
        "forbidden": "robots.txt forbids the page",
        "soft-error": "the page answers 200 and holds an error, no article",
    }[article.fate]
