"""The pages of the sample press: an article, and all that surrounds articles on the web.

Five layouts of the kinds that crawlers meet, and the error page. Promise: the paragraphs of an
article stand on its page whole and in order, and every page carries the notice that it is invented.
"""

from __future__ import annotations

import hashlib
import html
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from crawler.app.press.articles import Layout, SampleArticle, SampleOutlet
from crawler.app.press.furniture import WORDS, Words

SECTIONS: Final = ("world", "business", "weather")
_FEED_TYPES: Final = {
    "rss": "application/rss+xml",
    "rdf": "application/rdf+xml",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One article as it is shown: by whom, where, when, and among which others.

    `published` and `modified` are in the outlet's own zone.
    """

    outlet: SampleOutlet
    article: SampleArticle
    base: str
    published: datetime
    modified: datetime | None
    others: tuple[SampleArticle, ...]

    @property
    def words(self) -> Words:
        """The furniture in the outlet's language."""
        return WORDS[self.outlet.language]

    @property
    def url(self) -> str:
        """The page's own address."""
        return self.base + self.article.path

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The text as it stands now: with the later edition's paragraph once there is one."""
        added = (self.article.edit,) if self.modified and self.article.edit else ()
        return (*self.article.paragraphs, *added)


def render_article(view: View) -> str:
    """The page of an article in its outlet's layout."""
    return _LAYOUTS[view.outlet.layout](view)


def render_amp(view: View) -> str:
    """The same article as AMP: little furniture, and the plain page named as canonical."""
    e, words = html.escape, view.words
    return (
        f'<!doctype html><html amp lang="{view.outlet.language}"><head><meta charset="utf-8">'
        f"<title>{e(view.article.title)}</title>"
        f'<link rel="canonical" href="{e(view.url)}">'
        '<script async src="https://cdn.ampproject.example/v0.js"></script></head><body>'
        f'<header class="amp-bar"><a href="/">{e(view.outlet.name)}</a></header>'
        f'<article class="amp-article"><h1>{e(view.article.title)}</h1>'
        f'<time datetime="{view.published.isoformat()}">{view.published:%d %b %Y}</time>'
        f"{_blocks(view.paragraphs)}"
        f'<amp-ad width="300" height="250"></amp-ad></article>'
        f"<footer><p>{e(words.notice)}</p></footer></body></html>"
    )


def render_list(outlet: SampleOutlet, rows: Sequence[tuple[str, str, datetime]]) -> str:
    """A page of links, newest first: `rows` are (path, title, date in the outlet's zone)."""
    e, words = html.escape, WORDS[outlet.language]
    items = "".join(
        f'<li class="row"><a href="{e(path)}">{e(title)}</a> <span>[{day:%Y.%m.%d}]</span></li>'
        for path, title, day in rows
    )
    feed = _FEED_TYPES.get(outlet.announces)
    link = f'<link rel="alternate" type="{feed}" href="{outlet.source_path}">' if feed else ""
    return (
        f'<!doctype html><html lang="{outlet.language}"><head><meta charset="{outlet.charset}">'
        f"<title>{e(outlet.name)}</title>{link}</head><body>{_menu(outlet)}"
        f'<h2>{e(words.menu[1])}</h2><ul class="rows">{items}</ul>{_footer(outlet)}</body></html>'
    )


def render_error(outlet: SampleOutlet) -> str:
    """The page that says there is no such page, whatever status it is sent with."""
    e, words = html.escape, WORDS[outlet.language]
    return (
        f'<!doctype html><html lang="{outlet.language}"><head><meta charset="{outlet.charset}">'
        f"<title>{e(words.not_found)} | {e(outlet.name)}</title></head><body>{_menu(outlet)}"
        f'<div class="empty"><h1>{e(words.not_found)}</h1><p><a href="/">{e(words.menu[0])}</a></p>'
        f"</div>{_footer(outlet)}</body></html>"
    )


def _blocks(paragraphs: Sequence[str]) -> str:
    return "".join(f"<p>{html.escape(text)}</p>\n" for text in paragraphs)


def _menu(outlet: SampleOutlet) -> str:
    words = WORDS[outlet.language]
    paths = ("/", *(f"/section/{name}" for name in SECTIONS))
    rows = zip(paths, words.menu, strict=True)
    items = "".join(f'<li><a href="{path}">{html.escape(word)}</a></li>' for path, word in rows)
    return f'<nav class="menu"><ul>{items}</ul></nav>'


def _links(articles: Sequence[SampleArticle]) -> str:
    return "".join(
        f'<li><a href="{html.escape(article.path)}">{html.escape(article.title)}</a></li>'
        for article in articles
    )


def _footer(outlet: SampleOutlet) -> str:
    e, words = html.escape, WORDS[outlet.language]
    return (
        f'<footer class="foot"><form><label>{e(words.newsletter)}<input type="email"></label>'
        f"<button>{e(words.subscribe)}</button></form><p>© {e(outlet.name)}. {e(words.copyright)}."
        f'</p><p class="notice">{e(words.notice)}</p></footer>'
    )


def _head(view: View, *extra: str) -> str:
    e, outlet = html.escape, view.outlet
    return (
        f'<head><meta charset="{outlet.charset}">'
        f"<title>{e(view.article.title)} | {e(outlet.name)}</title>"
        f'<link rel="canonical" href="{e(view.url)}">'
        f'<meta property="og:title" content="{e(view.article.title)}">'
        f'<meta property="og:type" content="article">'
        f'<meta property="og:site_name" content="{e(outlet.name)}">{"".join(extra)}</head>'
    )


def _magazine(view: View) -> str:
    """As a common blog software prints it: og and article metadata, sidebar, comments."""
    e, words, article = html.escape, view.words, view.article
    meta = [f'<meta property="article:published_time" content="{view.published.isoformat()}">']
    if view.modified:
        stamp = view.modified.isoformat()
        meta.append(f'<meta property="article:modified_time" content="{stamp}">')
    if article.author:
        meta.append(f'<meta name="author" content="{e(article.author)}">')
    if article.amp:
        meta.append(f'<link rel="amphtml" href="{e(view.base + article.amp_path)}">')
    half = (len(view.paragraphs) + 1) // 2
    return (
        f'<!doctype html><html lang="{view.outlet.language}">{_head(view, *meta)}'
        f'<body class="single single-post"><header class="masthead">{_menu(view.outlet)}'
        '<form role="search"><input name="s"></form></header><main><article class="post">'
        f'<h1 class="entry-title">{e(article.title)}</h1><div class="entry-meta">'
        f'<span class="byline">By {e(article.author or view.outlet.name)}</span> '
        f'<time class="entry-date" datetime="{view.published.isoformat()}">'
        f"{view.published:%B %d, %Y %H:%M}</time></div>"
        f'<ul class="share-bar"><li>{e(words.share)}</li><li>Mail</li><li>Print</li></ul>'
        f'<figure><img src="/img/{article.number}.jpg" alt=""><figcaption>Archive picture. '
        f"Photo: {e(view.outlet.name)}</figcaption></figure>"
        f'<div class="entry-content">{_blocks(view.paragraphs[:half])}'
        f'<div class="ad-slot"><span>{e(words.advert)}</span></div>'
        f"{_blocks(view.paragraphs[half:])}</div>"
        f'<section class="related"><h3>{e(words.related)}</h3><ul>{_links(view.others[:4])}</ul>'
        '</section><section id="comments"><h3>2 comments</h3><ol><li><p>Thanks, I had wondered '
        "about this for a while.</p></li><li><p>First!</p></li></ol></section></article>"
        f'<aside class="sidebar"><h3>{e(words.most_read)}</h3><ol>{_links(view.others[2:7])}</ol>'
        f"</aside></main>{_footer(view.outlet)}</body></html>"
    )


def _app(view: View) -> str:
    """As a JavaScript framework renders it: JSON-LD, hashed class names, no semantic elements."""
    e, words, article = html.escape, view.words, view.article
    mark = hashlib.sha256(article.path.encode()).hexdigest()[:6]
    told = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "datePublished": view.published.isoformat(),
        "dateModified": (view.modified or view.published).isoformat(),
        "inLanguage": view.outlet.language,
        "mainEntityOfPage": view.url,
        "isAccessibleForFree": True,
        "author": [{"@type": "Person", "name": article.author}],
        "publisher": {"@type": "NewsMediaOrganization", "name": view.outlet.name},
    }
    # "<" as an escape, so that no title can close the script element.
    block = json.dumps(told, ensure_ascii=False).replace("<", "\\u003c")
    script = f'<script type="application/ld+json">{block}</script>'
    body = "".join(f'<div class="b-{mark}"><p>{e(text)}</p></div>' for text in view.paragraphs)
    return (
        f'<!doctype html><html lang="{view.outlet.language}">'
        f"{_head(view, script)}"
        f'<body><div id="root"><div class="h-{mark}">{_menu(view.outlet)}</div>'
        f'<div class="m-{mark}"><h1 class="t-{mark}">{e(article.title)}</h1>'
        f'<div class="y-{mark}">{e(article.author or "")} · <time>{view.published:%H:%M}</time>'
        f'</div><div class="s-{mark}"><button>{e(words.share)}</button></div>'
        f'<div class="c-{mark}">{body}</div>'
        f'<div class="p-{mark}"><h2>{e(words.newsletter)}</h2><button>{e(words.subscribe)}</button>'
        f'</div><div class="r-{mark}"><h2>{e(words.related)}</h2><ul>{_links(view.others[:5])}</ul>'
        f"</div></div>{_footer(view.outlet)}</div>"
        f'<script>window.__PAGE__={{"id":{article.number}}}</script></body></html>'
    )


def _portal(view: View) -> str:
    """As older newsroom systems of East Asia print it: tables, line breaks, no metadata."""
    e, words, article = html.escape, view.words, view.article
    text = "<br><br>\n".join(e(paragraph) for paragraph in view.paragraphs)
    label = "입력" if view.outlet.language == "ko" else "掲載"
    return (
        f'<html lang="{view.outlet.language}">{_head(view)}<body><table width="980"><tr>'
        f'<td colspan="2">{_menu(view.outlet)}</td></tr><tr><td width="640" valign="top">'
        f'<h2 class="title">{e(article.title)}</h2>'
        f'<div class="info">{label} {view.published:%Y.%m.%d %H:%M} | {e(article.author or "")}'
        f'</div><div class="tools">{e(words.share)}</div><div id="articleBody">{text}</div>'
        f'<div class="copyright">ⓒ {e(view.outlet.name)}, {e(words.copyright)}</div>'
        f'</td><td width="340" valign="top"><div class="banner">{e(words.advert)}</div>'
        f"<h4>{e(words.most_read)}</h4><ol>{_links(view.others[:6])}</ol></td></tr></table>"
        f"{_footer(view.outlet)}</body></html>"
    )


def _gazette(view: View) -> str:
    """As a hand-made site prints it: microdata, and promotion between the paragraphs."""
    e, words, article = html.escape, view.words, view.article
    first, *rest = view.paragraphs
    return (
        f'<!doctype html><html lang="{view.outlet.language}">{_head(view)}<body>'
        f'<div class="top">{_menu(view.outlet)}</div>'
        '<div class="wrap" itemscope itemtype="https://schema.org/NewsArticle">'
        f'<h1 itemprop="headline">{e(article.title)}</h1>'
        f'<meta itemprop="datePublished" content="{view.published.isoformat()}">'
        f'<div class="when">{view.published:%d.%m.%Y %H:%M}</div>'
        f'<div class="who" itemprop="author">{e(article.author or "")}</div>'
        f'<div class="text" itemprop="articleBody">{_blocks([first])}'
        f'<div class="inset"><b>{e(words.related)}</b><ul>{_links(view.others[:2])}</ul></div>'
        f'{_blocks(rest)}</div><div class="share">{e(words.share)}</div></div>'
        f'<div class="side"><div class="ad">{e(words.advert)}</div><h3>{e(words.most_read)}</h3>'
        f"<ul>{_links(view.others[:6])}</ul></div>{_footer(view.outlet)}</body></html>"
    )


def _bulletin(view: View) -> str:
    """As a state agency prints it: bare, the day in brackets, nothing for machines."""
    e, article = html.escape, view.article
    body = "".join(f'<p class="line">{e(text)}</p>' for text in view.paragraphs)
    return (
        f"<html><head><title>{e(view.outlet.name)}</title></head><body>{_menu(view.outlet)}"
        f'<div class="article-title">{e(article.title)}</div><div class="article-body">{body}</div>'
        f'<div class="article-date">{e(view.outlet.name)} ({view.published:%Y.%m.%d.})</div>'
        f"{_footer(view.outlet)}</body></html>"
    )


_LAYOUTS: Final[Mapping[Layout, Callable[[View], str]]] = {
    "magazine": _magazine,
    "app": _app,
    "portal": _portal,
    "gazette": _gazette,
    "bulletin": _bulletin,
}
