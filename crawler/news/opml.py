"""OPML: the lists of feeds that readers of feeds exchange.

Promise: what is imported has the name, address and folders that the list gave it, and nothing in a
list is followed, expanded or trusted; what is exported is read by any reader, folders and all.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from lxml import etree

from crawler.errors import ConfigError
from crawler.news.announcements import TITLE_LENGTH, shorten
from crawler.news.characters import clean_line
from crawler.news.decoding import decode
from crawler.news.outlets import Outlet, sources_of
from crawler.news.urls import absolute_url, site
from crawler.news.xml_text import mend, root_of

SIZE_LIMIT: Final = 5 * 1024**2
FEED_LIMIT: Final = 5_000
_DEPTH: Final = 20  # of folders; lists go two or three deep


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFeed:
    """A feed in a list: `categories` are the folders around it, and those that it names itself."""

    url: str
    name: str | None = None
    homepage: str | None = None
    language: str | None = None
    categories: tuple[str, ...] = ()


def read_opml(body: bytes, origin: str) -> tuple[tuple[ListedFeed, ...], Counter[str]]:
    """The feeds of a list, each address once, and a count of what was left out, by reason.

    Raises ConfigError for what is no OPML, or too large.
    """
    if len(body) > SIZE_LIMIT:
        raise ConfigError(f"{origin}: larger than {SIZE_LIMIT >> 20} MB; split the list")
    document = mend(decode(body, declared=None).text.lstrip())
    if root_of(document) != "opml":
        raise ConfigError(f"{origin}: this is no OPML; export the list of feeds from your reader")
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(document.encode(), parser=parser)
    except etree.XMLSyntaxError as error:
        raise ConfigError(
            f"{origin}: broken beyond reading ({error.msg}); export it anew"
        ) from error
    left: Counter[str] = Counter()
    feeds: dict[str, ListedFeed] = {}
    for outline, folders in _outlines(root):
        raw = outline.get("xmlUrl") or outline.get("xmlurl")
        url = absolute_url(raw, raw) if raw else None
        if url is None:
            left["no http address"] += 1
        elif url in feeds:
            left["twice"] += 1
        elif len(feeds) == FEED_LIMIT:
            left[f"over {FEED_LIMIT}"] += 1
        else:
            feeds[url] = _feed(outline, url, folders)
    return tuple(feeds.values()), left


def by_outlet(feeds: Iterable[ListedFeed]) -> list[list[ListedFeed]]:
    """Bring the feeds of one home page and folder together: they become one card."""
    groups: dict[tuple[str, tuple[str, ...]], list[ListedFeed]] = defaultdict(list)
    for feed in feeds:
        groups[feed.homepage or site(feed.url), feed.categories].append(feed)
    return list(groups.values())


def write_opml(outlets: Iterable[Outlet]) -> str:
    """The feeds of outlets as OPML 2.0, in the folders of their cards, or one for each country."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Outlets of Tumen"
    body = etree.SubElement(root, "body")
    folders: dict[str, etree._Element] = {}
    for outlet in outlets:
        categories = outlet.categories or (outlet.country,)
        for source in sources_of(outlet):
            if source.kind == "feed":
                parent = _folder(categories[0], body, folders)
                etree.SubElement(parent, "outline", _attributes(outlet, source.url, categories))
    text = etree.tostring(root, encoding="unicode", pretty_print=True)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'


def _outlines(root: etree._Element) -> Iterator[tuple[etree._Element, list[str]]]:
    """Walk the outlines that are feeds, each with the names of its folders, outermost first."""
    for outline in root.iter("outline"):
        if outline.get("xmlUrl") or outline.get("xmlurl"):
            above = islice(outline.iterancestors("outline"), _DEPTH)
            names = [(_text(folder) or "").replace("/", "-") for folder in above]
            yield outline, [name for name in reversed(names) if name]


def _feed(outline: etree._Element, url: str, folders: Sequence[str]) -> ListedFeed:
    home = outline.get("htmlUrl") or ""
    named = [part.strip().strip("/") for part in (outline.get("category") or "").split(",")]
    categories = ["/".join(folders), *(_line(part) or "" for part in named)]
    return ListedFeed(
        url=url,
        name=_text(outline),
        homepage=absolute_url(home, url) if home else None,
        language=outline.get("language"),
        categories=tuple(dict.fromkeys(part for part in categories if part)),
    )


def _text(outline: etree._Element) -> str | None:
    return _line(outline.get("title") or outline.get("text") or "")


def _line(text: str) -> str | None:
    return shorten(clean_line(text), TITLE_LENGTH)


def _folder(path: str, body: etree._Element, folders: dict[str, etree._Element]) -> etree._Element:
    """Find or make the folder of a path such as "Asia/Wires"."""
    if path not in folders:
        above, _, name = path.rpartition("/")
        parent = _folder(above, body, folders) if above else body
        folders[path] = etree.SubElement(parent, "outline", text=name)
    return folders[path]


def _attributes(outlet: Outlet, url: str, categories: Sequence[str]) -> dict[str, str]:
    attributes = {
        "type": "rss",
        "text": outlet.name,
        "title": outlet.name,
        "xmlUrl": url,
        "htmlUrl": outlet.homepage,
        "language": outlet.language,
    }
    if categories[1:]:  # the first is the folder; a comma parts them in this attribute
        attributes["category"] = ",".join(f"/{path.replace(',', ' ')}" for path in categories[1:])
    return attributes
