"""How the outlets of the sample press announce: four kinds of feed, and sitemaps.

Each function turns notices into the text of one source. Promise: what is announced is exactly the
notices given, in their order, dated in the outlet's own zone.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Final

from crawler.app.press.articles import Announces, SampleOutlet

_SITEMAPS: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NEWS: Final = "http://www.google.com/schemas/sitemap-news/0.9"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One announcement: where the article is, and what the source tells of it."""

    url: str
    number: int
    title: str
    author: str | None
    paragraphs: tuple[str, ...]
    published: datetime
    modified: datetime | None


Renderer = Callable[[SampleOutlet, str, Sequence[Notice]], str]


def render_rss(outlet: SampleOutlet, base: str, notices: Sequence[Notice]) -> str:
    """RSS 2.0 with the first paragraph as summary, in markup, as many outlets send it."""
    e = html.escape
    items = "".join(
        f"<item><title>{e(notice.title)}</title><link>{e(notice.url)}</link>"
        f'<guid isPermaLink="false">{outlet.id}-{notice.number}</guid>'
        f"<pubDate>{format_datetime(notice.published)}</pubDate>"
        f"<description>{e(f'<p>{e(notice.paragraphs[0])}</p>')}</description>"
        f"{_rss_update(notice)}</item>\n"
        for notice in notices
    )
    return (
        f'<?xml version="1.0" encoding="{outlet.charset}"?>\n<rss version="2.0"'
        ' xmlns:atom="http://www.w3.org/2005/Atom"><channel>'
        f"<title>{e(outlet.name)}</title><link>{base}/</link><description>{e(outlet.name)}"
        f"</description><language>{outlet.language}</language><ttl>15</ttl>\n{items}"
        "</channel></rss>\n"
    )


def _rss_update(notice: Notice) -> str:
    # RSS has no word for a later edition; feeds that tell of one borrow Atom's.
    if notice.modified is None:
        return ""
    return f"<atom:updated>{notice.modified.isoformat()}</atom:updated>"


def render_rdf(outlet: SampleOutlet, base: str, notices: Sequence[Notice]) -> str:
    """RSS 1.0 (RDF): titles and Dublin Core dates only."""
    e = html.escape
    order = "".join(f'<rdf:li rdf:resource="{e(notice.url)}"/>' for notice in notices)
    items = "".join(
        f'<item rdf:about="{e(notice.url)}"><title>{e(notice.title)}</title>'
        f"<link>{e(notice.url)}</link><dc:date>{notice.published.isoformat()}</dc:date></item>\n"
        for notice in notices
    )
    return (
        f'<?xml version="1.0" encoding="{outlet.charset}"?>\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        f' xml:lang="{outlet.language}"><channel rdf:about="{base}/index.rdf">'
        f"<title>{e(outlet.name)}</title><link>{base}/</link><description>{e(outlet.name)}"
        f"</description><items><rdf:Seq>{order}</rdf:Seq></items></channel>\n{items}</rdf:RDF>\n"
    )


def render_atom(outlet: SampleOutlet, base: str, notices: Sequence[Notice]) -> str:
    """Atom 1.0 that carries the whole text, as think tanks often do."""
    e = html.escape
    entries = "".join(
        f'<entry><title>{e(notice.title)}</title><link rel="alternate" href="{e(notice.url)}"/>'
        f"<id>tag:{outlet.id}.example,2026:{notice.number}</id>"
        f"<published>{notice.published.isoformat()}</published>"
        f"<updated>{(notice.modified or notice.published).isoformat()}</updated>"
        f"<author><name>{e(notice.author or outlet.name)}</name></author>"
        f'<content type="html">{e("".join(f"<p>{e(text)}</p>" for text in notice.paragraphs))}'
        "</content></entry>\n"
        for notice in notices
    )
    newest = max(notice.modified or notice.published for notice in notices)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{outlet.language}">'
        f'<title>{e(outlet.name)}</title><id>{base}/</id><link rel="self" href="{base}/atom.xml"/>'
        f"<updated>{newest.isoformat()}</updated>\n{entries}</feed>\n"
    )


def render_json_feed(outlet: SampleOutlet, base: str, notices: Sequence[Notice]) -> str:
    """JSON Feed 1.1 with summaries."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "language": outlet.language,
        "home_page_url": f"{base}/",
        "feed_url": f"{base}/feed.json",
        "items": [
            {
                "id": f"{outlet.id}-{notice.number}",
                "url": notice.url,
                "title": notice.title,
                "summary": notice.paragraphs[0],
                "date_published": notice.published.isoformat(),
                "authors": [{"name": notice.author or outlet.name}],
            }
            for notice in notices
        ],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1)


def render_news_sitemap(outlet: SampleOutlet, base: str, notices: Sequence[Notice]) -> str:
    """A news sitemap: titles and dates in the namespace that news search asks for."""
    e = html.escape
    rows = "".join(
        f"<url><loc>{e(notice.url)}</loc><news:news><news:publication>"
        f"<news:name>{e(outlet.name)}</news:name><news:language>{outlet.language}</news:language>"
        "</news:publication><news:publication_date>"
        f"{notice.published.isoformat()}</news:publication_date>"
        f"<news:title>{e(notice.title)}</news:title></news:news></url>\n"
        for notice in notices
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<urlset xmlns="{_SITEMAPS}" xmlns:news="{_NEWS}">\n{rows}</urlset>\n'
    )


def render_sitemap(notices: Sequence[Notice]) -> str:
    """A plain sitemap: addresses and days of last change, no titles."""
    rows = "".join(
        f"<url><loc>{html.escape(notice.url)}</loc>"
        f"<lastmod>{(notice.modified or notice.published).isoformat()}</lastmod></url>\n"
        for notice in notices
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="{_SITEMAPS}">\n{rows}</urlset>\n'
    )


def render_sitemap_index(children: Mapping[str, datetime]) -> str:
    """A sitemap index: the children's addresses with the moment of their last change."""
    rows = "".join(
        f"<sitemap><loc>{html.escape(url)}</loc><lastmod>{changed.isoformat()}</lastmod></sitemap>\n"
        for url, changed in children.items()
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<sitemapindex xmlns="{_SITEMAPS}">\n'
        f"{rows}</sitemapindex>\n"
    )


RENDERERS: Final[Mapping[Announces, tuple[str, Renderer]]] = {
    "rss": ("application/rss+xml", render_rss),
    "rdf": ("application/rdf+xml", render_rdf),
    "atom": ("application/atom+xml", render_atom),
    "json": ("application/feed+json", render_json_feed),
    "news-sitemap": ("application/xml", render_news_sitemap),
}
