"""What a page prints around its headline: the headline itself, the byline, the date.

Read only where the page declares nothing. Promise: nothing is taken from the frame of the page
(header, menus, side columns, lists of other articles), where clocks and other people's names are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice, takewhile

from lxml.cssselect import CSSSelector, SelectorError
from lxml.html import HtmlElement

from crawler.news.dates import parse_moment
from crawler.news.records import Moment

_FRAME_TAGS = frozenset({"nav", "aside", "footer", "form", "select", "script", "style", "noscript"})
_FRAME = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|menu|sidebar|side|aside|footer|related|recommend\w*|popular|trending"
    r"|comments?|reply|respond|widget|weather|clock|today|now|current|calendar|ticker|latest|must"
    r"|read-?more|promo|teaser|banner|topbar|masthead|breadcrumbs?|copyright|share|social|most"
    r"|site-?header|header-?top|top-?header|header-?menu|mod-?list|ranking)(?:$|[\s_-])"
    r"|^header$|td-header",
    re.IGNORECASE,
)
_HEADLINE = re.compile(r"title|headline|heading|subject|tit(?:$|[\s_-])", re.IGNORECASE)
# Names that themes give to the article's own headline, and to no other.
_MAIN_HEADLINE = re.compile(
    r"(?:^|\s)(?:article|news|post|entry|story|view|main)[\w-]{0,12}(?:title|headline|subject)(?:$|\s)"
    r"|(?:^|\s)headline(?:$|\s)",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?:^|[\s_-])(?:date\w*|\w*date|time\w*|\w*time|publish\w*|pub|posted\w*|info|byline|dateline"
    r"|meta|written|regist\w*|write|created|input|tarih|fecha|datum|data|giorno|дата|heure)(?:$|[\s_-])",
    re.IGNORECASE,
)
_MODIFIED = re.compile(
    r"updated?|modified|geändert|aktualisiert|обновл|изменен|оновлен|수정|更新|mis à jour"
    r"|actualizado",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"(?:^|[\s_-])(?:author|authors|byline|by-line|author-?name|article-?author|reporter|writer"
    r"|autor|journalist|post-?author|entry-?author|name-author)(?:$|[\s_-]|__name|-name)",
    re.IGNORECASE,
)
_AUTHOR_PAGE = re.compile(
    r"/(?:authors?|autor(?:en|es|i|zy)?|auteurs?|journalists?|reporters?|contributors?|profile)/[^?#]+$",
    re.IGNORECASE,
)
_NO_LETTER = re.compile(r"[\W_]+")
_LINE = 160  # characters of a date line or byline, at most
_TRIES = 40
_LINES = 300  # candidates for a date line or byline, at most
_HEADER_PARTS = 30  # elements of a header looked at for its headline
_READ = 2_000  # characters of an element that tell what it is


def select(tree: HtmlElement, css: str | None) -> list[HtmlElement]:
    """Find the elements of a card's CSS selector; none where it is missing or wrong."""
    if not css:
        return []
    try:
        return list(CSSSelector(css, translator="html")(tree))
    except SelectorError:
        return []


def line_of(element: HtmlElement) -> str:
    """Read an element's text as one line; of a long text, the beginning."""
    parts: list[str] = []
    length = 0
    for part in element.itertext(with_tail=False):
        parts.append(part)
        length += len(part)
        if length > _READ:
            break
    return " ".join("".join(parts).split())


def key_of(text: str | None) -> str:
    """Fold a line to its letters and digits, for comparisons."""
    return _NO_LETTER.sub("", (text or "").casefold())


def find_headline(tree: HtmlElement, titles: Iterable[str | None]) -> HtmlElement | None:
    """Find the element that prints the headline: one that equals a title, else the page's h1."""
    wanted = {key for title in titles if (key := key_of(title))}
    first = None
    for element in tree.iter("h1", "h2", "h3", "div", "p", "td", "span", "strong"):
        heading = element.tag in ("h1", "h2", "h3")
        if not heading and not _HEADLINE.search(_names(element)):
            continue
        key = key_of(line_of(element))
        if key and key in wanted and not _framed(element):
            return element
        main = element.tag == "h1" or _MAIN_HEADLINE.search(_names(element))
        if first is None and main and _is_long(key) and not _framed(element):
            first = element
    return first


def _is_long(key: str) -> bool:
    """Whether letters may be a headline's; one of a wide script says as much as three."""
    return len(key.encode("utf-8", "replace")) > 8 and len(key) < _LINE * 2


def printed_moments(
    tree: HtmlElement, headline: HtmlElement | None, *, timezone: str | None, now: datetime
) -> Iterator[Moment]:
    """Read the dates printed near the headline, the likeliest first."""
    ranked = sorted(islice(_date_lines(tree, headline), _LINES), key=lambda line: line[:2])
    for _rank, place, raw in ranked[:_TRIES]:
        moment = parse_moment(raw, source="html", timezone=timezone, now=now)
        if moment is None:
            continue
        # A clock above the headline tells the reader's day, not the article's.
        if place >= _ABOVE and moment.precision == "day" and abs((now - moment.at).days) <= 1:
            continue
        yield moment


_ABOVE = 1_000_000  # added to the place of what stands above the headline


def _date_lines(tree: HtmlElement, headline: HtmlElement | None) -> Iterator[tuple[int, int, str]]:
    """Find what looks like a date line: how likely by its markup, how far from the headline."""
    below = headline is None
    since = 0
    for element in tree.iter():
        if element is headline:
            below, since = True, 0
        since += 1
        rank = _date_rank(element)
        if rank is None or _framed(element):
            continue
        raw = element.get("datetime") or element.get("content") or line_of(element)
        if not raw or len(raw) > _LINE or _MODIFIED.match(raw):
            continue
        if not below and headline is not None and not _together(element, headline):
            continue
        yield rank, since if below else _ABOVE + since, raw


def _date_rank(element: HtmlElement) -> int | None:
    declared = (element.get("itemprop") or element.get("property") or "").lower()
    if declared in ("datepublished", "dc:date", "schema:datepublished"):
        return 0
    names = _names(element)
    if element.tag == "time":
        published = "publish" in names or "entry-date" in names
        stale = _MODIFIED.search(names) and not published
        return 3 if stale else 1 if element.get("datetime") else 2
    return 2 if names and _DATE.search(names) else None


def printed_bylines(tree: HtmlElement) -> list[str]:
    """Read the bylines printed with the article: all that are marked as such, else the first."""
    marked: list[str] = []
    named: list[str] = []
    linked: list[tuple[HtmlElement | None, str]] = []
    for element, kind in islice(_byline_elements(tree), _LINES):
        line = _byline_of(element)
        if line and len(line) <= _LINE and not _framed(element):
            if kind == "linked":
                linked.append((_list_around(element), line))
            else:
                (marked if kind == "marked" else named).append(line)
    # Names in one list are of one article; those in the next are of another.
    together = [line for place, line in linked if place is linked[0][0]]
    return marked or named[:1] or together


def _byline_elements(tree: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    for element in tree.iter("a", "span", "div", "p", "address", "li", "h4", "strong", "em", "td"):
        if element.get("rel") == "author" or element.get("itemprop") in ("author", "creator"):
            yield element, "marked"
        elif _BYLINE.search(_names(element)):
            yield element, "named"
        elif element.tag == "a" and _AUTHOR_PAGE.search(element.get("href") or ""):
            yield element, "linked"


def _list_around(element: HtmlElement) -> HtmlElement | None:
    """Name what holds a list of links: past the spans and items that hold one each."""
    around = element.getparent()
    while around is not None and around.tag in ("span", "li", "strong", "em", "b"):
        around = around.getparent()
    return around


def _byline_of(element: HtmlElement) -> str:
    inner = element.xpath('.//*[@itemprop="name"]') if element.get("itemprop") else []
    return line_of(inner[0] if inner else element)


def _together(element: HtmlElement, headline: HtmlElement) -> bool:
    """Whether something above the headline belongs to it: both within a few steps."""
    near = [ancestor for _, ancestor in zip(range(3), headline.iterancestors(), strict=False)]
    return any(ancestor in near for ancestor in element.iterancestors() if ancestor.tag != "body")


def _framed(element: HtmlElement) -> bool:
    """Whether an element stands in the frame of the page and not in its article."""
    inside_article = False
    for ancestor in takewhile(_is_below_body, (element, *element.iterancestors())):
        if ancestor.tag in _FRAME_TAGS or _FRAME.search(_names(ancestor)):
            return True
        inside_article = inside_article or ancestor.tag in ("article", "main")
        if ancestor.tag == "header" and not inside_article and not _is_headed(ancestor):
            return True
    return False


def _is_headed(header: HtmlElement) -> bool:
    """Whether a header is an article's: it begins with a headline, not with a site's menus."""
    return any(part.tag == "h1" for part in islice(header.iterdescendants(), _HEADER_PARTS))


def _is_below_body(element: HtmlElement) -> bool:
    return element.tag not in ("body", "html")


def _names(element: HtmlElement) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}".strip()
