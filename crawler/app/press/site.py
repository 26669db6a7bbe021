"""One outlet of the sample press as a web site: which address gives what.

Promise: an answer depends on the target, the request's headers, the moment of opening and whether
the edition has changed, and on nothing else; no network in here.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Final
from zoneinfo import ZoneInfo

from crawler.app.press import announcements as say
from crawler.app.press.articles import SampleArticle, SampleOutlet, published_at
from crawler.app.press.pages import (
    SECTIONS,
    View,
    render_amp,
    render_article,
    render_error,
    render_list,
)

_ARCHIVE_AFTER_H: Final = 48  # older articles move to the second child of the sitemap index
_CHILDREN: Final = ("/sitemaps/news.xml.gz", "/sitemaps/archive.xml.gz")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the site says to one request, before the connection adds its own headers."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class Site:
    """The web site of one outlet at `base`. `edited_at` is None until the edition changes."""

    def __init__(self, outlet: SampleOutlet, base: str, opened_at: datetime) -> None:
        self.outlet = outlet
        self.edited_at: datetime | None = None
        self._base = base
        self._opened_at = opened_at
        self._zone = ZoneInfo(outlet.timezone)
        self._articles = {article.path: article for article in outlet.articles}
        self._amp = {article.amp_path: article for article in outlet.articles if article.amp}
        self._moved = {
            article.moved_from: article.path for article in outlet.articles if article.moved_from
        }

    def answer(self, target: str, headers: Mapping[str, str]) -> Answer:
        """Answer a GET for `target` (path and query); header names in small letters."""
        path = target if target in self._articles else target.partition("?")[0]
        if path in self._moved:
            return Answer(status=301, headers={"Location": self._moved[path]})
        found = self._find(path)
        if found is None:
            return Answer(status=404, body=self._encode(render_error(self.outlet)), headers=_HTML)
        body, kind, changed = found
        tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
        validators = {"ETag": tag, "Last-Modified": format_datetime(changed, usegmt=True)}
        if _is_unchanged(headers, tag, changed):
            return Answer(status=304, headers=validators)
        return _compress(body, {"Content-Type": kind, **validators}, headers)

    def _find(self, path: str) -> tuple[bytes, str, datetime] | None:
        """Body, content type and last change of what lies at `path`; None for a 404."""
        outlet = self.outlet
        if path == "/robots.txt":
            return self._robots().encode(), "text/plain; charset=utf-8", self._floor()
        if path == outlet.source_path or path in _CHILDREN:
            return self._source(path)
        if path in ("/", *(f"/section/{name}" for name in SECTIONS)):
            return self._list()
        if path in self._amp:
            view = self._view(self._amp[path])
            return render_amp(view).encode(), "text/html; charset=utf-8", self._changed(view)
        article = self._articles.get(path)
        if article is None or article.fate == "gone":
            return None
        if article.fate == "soft-error":
            return self._encode(render_error(outlet)), self._page_type(), self._floor()
        view = self._view(article)
        return self._encode(render_article(view)), self._page_type(), self._changed(view)

    def _robots(self) -> str:
        lines = ["User-agent: *", "Disallow: /members/", "Disallow: /search"]
        if self.outlet.crawl_delay is not None:
            lines.append(f"Crawl-delay: {self.outlet.crawl_delay}")
        if self.outlet.announces in ("news-sitemap", "sitemap-index"):
            lines += ["", f"Sitemap: {self._base}{self.outlet.source_path}"]
        return "\n".join([*lines, ""])

    def _source(self, path: str) -> tuple[bytes, str, datetime] | None:
        outlet = self.outlet
        newest = self._newest(outlet.articles)
        if outlet.announces == "section":
            return self._list()
        if outlet.announces == "sitemap-index":
            return self._sitemap(path)
        if path != outlet.source_path:
            return None
        kind, render = say.RENDERERS[outlet.announces]
        notices = [notice for article in outlet.articles for notice in self._notices(article)]
        return self._encode(render(outlet, self._base, notices)), kind, newest

    def _sitemap(self, path: str) -> tuple[bytes, str, datetime]:
        fresh = [a for a in self.outlet.articles if a.hours_ago < _ARCHIVE_AFTER_H]
        parts = dict(zip(_CHILDREN, (fresh, self._older(fresh)), strict=True))
        changed = {child: self._newest(articles) for child, articles in parts.items()}
        if path not in parts:
            index = {self._base + child: moment for child, moment in changed.items()}
            body = say.render_sitemap_index(index).encode()
            return body, "application/xml", max(changed.values())
        notices = [notice for article in parts[path] for notice in self._notices(article)]
        packed = gzip.compress(say.render_sitemap(notices).encode(), mtime=0)
        return packed, "application/gzip", changed[path]

    def _older(self, fresh: list[SampleArticle]) -> list[SampleArticle]:
        return [article for article in self.outlet.articles if article not in fresh]

    def _notices(self, article: SampleArticle) -> Iterable[say.Notice]:
        mark = f"?{self.outlet.tracking}" if self.outlet.tracking else ""
        view = self._view(article)
        for path in article.announced_paths:
            yield say.Notice(
                url=self._base + path + mark,
                number=article.number,
                title=article.title,
                author=article.author,
                paragraphs=view.paragraphs,
                published=view.published,
                modified=view.modified,
            )

    def _list(self) -> tuple[bytes, str, datetime]:
        rows = [
            (article.announced_paths[0], article.title, self._local(article))
            for article in self.outlet.articles
        ]
        body = self._encode(render_list(self.outlet, rows))
        return body, self._page_type(), self._newest(self.outlet.articles)

    def _view(self, article: SampleArticle) -> View:
        is_edited = self.edited_at is not None and article.edit is not None
        return View(
            outlet=self.outlet,
            article=article,
            base=self._base,
            published=self._local(article),
            modified=self.edited_at.astimezone(self._zone)
            if self.edited_at and is_edited
            else None,
            others=tuple(other for other in self.outlet.articles if other is not article),
        )

    def _local(self, article: SampleArticle) -> datetime:
        return published_at(article, self._opened_at).astimezone(self._zone)

    def _changed(self, view: View) -> datetime:
        return (view.modified or view.published).astimezone(UTC).replace(microsecond=0)

    def _newest(self, articles: Iterable[SampleArticle]) -> datetime:
        return max(self._changed(self._view(article)) for article in articles)

    def _floor(self) -> datetime:
        return self._opened_at.astimezone(UTC).replace(second=0, microsecond=0)

    def _encode(self, text: str) -> bytes:
        return text.encode(self.outlet.charset, "xmlcharrefreplace")

    def _page_type(self) -> str:
        # Portals name their charset in the page only, as so many of them do.
        is_silent = self.outlet.layout == "portal"
        return "text/html" if is_silent else f"text/html; charset={self.outlet.charset}"


_HTML: Final = {"Content-Type": "text/html"}


def _is_unchanged(headers: Mapping[str, str], tag: str, changed: datetime) -> bool:
    """Whether the client has this version, by RFC 9110: a tag decides, a date only without one."""
    if "if-none-match" in headers:
        tags = [known.strip().removeprefix("W/") for known in headers["if-none-match"].split(",")]
        return tag in tags or "*" in tags
    if "if-modified-since" in headers:
        try:
            return changed <= parsedate_to_datetime(headers["if-modified-since"])
        except ValueError:
            return False  # what is no date is to be ignored
    return False


def _compress(body: bytes, told: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
    may_compress = "gzip" in headers.get("accept-encoding", "")
    is_text = told["Content-Type"] != "application/gzip"
    if may_compress and is_text:
        packed = gzip.compress(body, mtime=0)
        encoded = {**told, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        return Answer(status=200, body=packed, headers=encoded)
    return Answer(status=200, body=body, headers=told)
