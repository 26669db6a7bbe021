"""Exploring a site: candidates are found, tried one after the other, and ranked.

Promise: what the site says of itself is tried before anything is guessed, nothing is guessed once
something good was found, and the number of requests is bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from crawler.app.visiting import Answer, NoAnswer, Visitor
from crawler.errors import PageError, SourceError
from crawler.news.candidates import (
    Candidate,
    named_in_robots,
    usual_feeds,
    usual_lists,
    usual_sitemaps,
)
from crawler.news.discovery import Ranked, Trial, choose, rank
from crawler.news.front_pages import FrontPage
from crawler.news.outlets import Outlet
from crawler.news.records import Article, ChildSitemap, Entry, SourceKind, SourceReading
from crawler.news.verdicts import FrontTask, PageTask, SourceTask
from crawler.parse_pool import ParseDeath, ParsePool

CHILDREN = 2  # sub-sitemaps that are looked into, for what an index announces
_CENTURY_S = 100 * 365 * 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was found out about a site; `problem` says why its page could not be had."""

    home: str
    front: FrontPage | None
    problem: str | None
    ranking: tuple[Ranked, ...]
    chosen: tuple[Ranked, ...]
    failed: tuple[Trial, ...]
    article: Article | str | None
    asked: int


class Exploration:
    """One site: what was tried so far, within a number of requests."""

    def __init__(
        self, visitor: Visitor, pool: ParsePool, home: str, limit: int, tell: Callable[[str], None]
    ) -> None:
        self._visitor = visitor
        self._pool = pool
        self._home = home
        self._begun = visitor.asked
        self._limit = limit
        self._tell = tell
        self._now = datetime.now(UTC)
        self._front: FrontPage | None = None
        self._problem: str | None = None
        self._trials: dict[str, Trial] = {}

    async def run(self) -> Finding:
        """Explore the site."""
        named = await self._look_at_home()
        await self._try_all(found for found in named if found.kind != "section")
        if not self._has_good():
            await self._try_until_good([*usual_feeds(self._home), *usual_sitemaps(self._home)])
        if not self._has_good():
            lists = [found for found in named if found.kind == "section"]
            await self._try_all(lists if self._ranking() else [*lists, *usual_lists(self._home)])
        ranking = self._ranking()
        chosen = choose(ranking, self._articles)
        return Finding(
            home=self._home,
            front=self._front,
            problem=self._problem,
            ranking=tuple(ranking),
            chosen=tuple(chosen),
            failed=tuple(trial for trial in self._trials.values() if not trial.entries),
            article=await self._read_article(chosen),
            asked=self._asked,
        )

    @property
    def _articles(self) -> frozenset[str]:
        return self._front.articles if self._front else frozenset()

    @property
    def _asked(self) -> int:
        return self._visitor.asked - self._begun

    def _ranking(self) -> list[Ranked]:
        return rank(self._trials.values(), self._articles, self._now)

    def _has_good(self) -> bool:
        return any(ranked.is_good for ranked in self._ranking())

    async def _look_at_home(self) -> list[Candidate]:
        """Read the page that was given, and what robots.txt and it say of sources."""
        origin = "{0.scheme}://{0.netloc}/".format(urlsplit(self._home))
        got = await self._ask(self._home)
        if isinstance(got, NoAnswer):
            self._problem = got.why
            if self._home != origin and not isinstance(root := await self._ask(origin), NoAnswer):
                got = root
        named: list[Candidate] = []
        if isinstance(got, Answer):
            named = await self._read_home(got)
        robots = await self._visitor.robots_text(self._home)
        in_robots = named_in_robots(robots, origin)
        declared = [found for found in named if found.how in ("given", "declared")]
        return [*declared, *in_robots, *(found for found in named if found not in declared)]

    async def _read_home(self, got: Answer) -> list[Candidate]:
        kinds: tuple[SourceKind, ...] = ("feed", "sitemap")
        for kind in kinds:
            trial = await self._read(Candidate(url=got.url, kind=kind, how="given"), got)
            if trial.entries:
                self._trials[got.url] = trial
                return []
        front = await self._read_front(got)
        self._front = front
        if front is None:
            return []
        # The page itself is a list, too, and needs no further request.
        self._trials[got.url] = await self._read(
            Candidate(url=got.url, kind="section", how="given"), got
        )
        return list(front.candidates)

    async def _try_all(self, candidates: Iterable[Candidate]) -> None:
        for candidate in candidates:
            await self._try(candidate)

    async def _try_until_good(self, candidates: Iterable[Candidate]) -> None:
        for candidate in candidates:
            if self._has_good():
                return
            await self._try(candidate)

    async def _try(self, candidate: Candidate) -> None:
        if candidate.url in self._trials or self._asked >= self._limit:
            return
        got = await self._ask(candidate.url)
        if isinstance(got, NoAnswer):
            self._trials[candidate.url] = Trial(candidate, candidate.url, problem=got.why)
            return
        trial = await self._read(candidate, got)
        self._trials[candidate.url] = trial
        if trial.problem and candidate.how == "linked":
            # Where a link to a feed gives a page, that page may list the feeds.
            front = await self._read_front(got)
            listed = [found for found in front.candidates if found.kind == "feed"] if front else []
            for found in listed:
                if found.how == "declared" or found.url.startswith(got.url.rstrip("/")):
                    await self._try(Candidate(url=found.url, kind="feed", how="declared"))

    async def _ask(self, url: str) -> Answer | NoAnswer:
        if self._asked >= self._limit:
            return NoAnswer(url=url, why="no request was left for it")
        self._tell(f"{self._asked} requests, now {url}")
        return await self._visitor.ask(url)

    async def _read(self, candidate: Candidate, got: Answer) -> Trial:
        try:
            reading = await self._read_source(candidate, got)
        except (SourceError, ParseDeath) as error:
            problem = error.problem if isinstance(error, SourceError) else str(error)
            return Trial(candidate, got.lasting_url, problem=problem)
        entries = list(reading.entries)
        for child in _likeliest(reading.children):
            entries += await self._entries_of(child)
        return Trial(
            candidate,
            got.lasting_url,
            shape=reading.shape,
            title=reading.title,
            entries=tuple(entries),
            problem=None if entries else "there is nothing in it",
        )

    async def _entries_of(self, child: ChildSitemap) -> tuple[Entry, ...]:
        got = await self._ask(child.url)
        if isinstance(got, NoAnswer):
            return ()
        candidate = Candidate(url=child.url, kind="sitemap", how="declared")
        try:
            return (await self._read_source(candidate, got)).entries
        except (SourceError, ParseDeath):
            return ()  # the index is judged by what can be read of it

    async def _read_source(self, candidate: Candidate, got: Answer) -> SourceReading:
        task = SourceTask(
            kind=candidate.kind,
            body=got.body,
            url=got.url,
            content_type=got.content_type,
            outlet=None,
            known=(),
            max_age_s=_CENTURY_S,
            now=self._now,
        )
        return (await self._pool.read_source(task)).reading

    async def _read_front(self, got: Answer) -> FrontPage | None:
        task = FrontTask(body=got.body, url=got.url, content_type=got.content_type, now=self._now)
        try:
            return await self._pool.read_front(task)
        except (SourceError, ParseDeath) as error:
            self._problem = self._problem or str(error)
            return None

    async def _read_article(self, chosen: list[Ranked]) -> Article | str | None:
        """Try one article of the best source; a text says why it could not be read."""
        if not chosen or self._asked >= self._limit:
            return None
        entry = chosen[0].trial.entries[0]
        got = await self._ask(entry.url)
        if isinstance(got, NoAnswer):
            return got.why
        task = PageTask(
            body=got.body,
            url=got.url,
            content_type=got.content_type,
            outlet=self._outlet(),
            entry=entry,
            now=self._now,
        )
        try:
            return (await self._pool.read_page(task)).article
        except (PageError, ParseDeath) as error:
            return error.problem if isinstance(error, PageError) else str(error)

    def _outlet(self) -> Outlet | None:
        """What a crawl would know of the outlet: its name is no headline."""
        if self._front is None or self._front.name is None:
            return None
        return Outlet(
            id="site",
            name=self._front.name,
            country="ZZ",
            language=self._front.language or "en",
            kind="national",
            scope="general",
            homepage=self._home,
        )


def _likeliest(children: Iterable[ChildSitemap]) -> list[ChildSitemap]:
    """The sub-sitemaps that probably hold the news: those named so, then the newest."""
    of_news = sorted(children, key=lambda child: "news" not in urlsplit(child.url).path.lower())
    return of_news[:CHILDREN]
