"""What is fuzzed: every reader that strangers' bytes reach, and the promises that each keeps.

A target takes any bytes and returns; the errors that its reader documents are no findings, every
other exception and every broken promise is. The first bytes choose the options of the reader.
"""

from __future__ import annotations

import json
import pickle
import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.errors import PageUnreadable, SourceError
from crawler.news.cadence import fresh_for_s, retry_after_s
from crawler.news.decoding import charset_of, decode
from crawler.news.fields import Fetch, Found
from crawler.news.front_pages import read_front
from crawler.news.jsonl import is_clean
from crawler.news.lexicon import parse_topic
from crawler.news.lines import build_record, to_line
from crawler.news.outlets import Outlet
from crawler.news.reading import read_and_judge, read_and_sort
from crawler.news.records import Article, Entry, Judgement, Moment
from crawler.news.urls import (
    absolute_url,
    article_url,
    canonical_url,
    fingerprint,
    host_key,
    redact,
    same_site,
    url_id,
)
from crawler.news.verdicts import PageTask, SourceTask
from crawler.robots import CRAWL_DELAY_LIMIT_S, read_rules
from crawler.storage.catalogue import read_topic

Target = Callable[[bytes], None]

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
URL = "https://news.example.org/world/2026/11/freight-office-opens-4101.html"
TOPIC = parse_topic(*read_topic())
CONTENT_TYPES = (
    None, "text/html", "text/html; charset=euc-kr", "application/xml; charset=utf-8",
    "text/plain; charset=windows-1251", "application/json", "x; charset=utf-7", "\x00\xff",
)  # fmt: skip
CHARSETS = (None, "euc-kr", "windows-1251", "shift_jis", "nonsense")
ZONES = (None, "Asia/Seoul", "America/New_York")
# Everything that a line or a terminal must not get; text may have line feeds.
UNCLEAN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
OUTLET = Outlet(
    id="sample", name="The Sample", country="KR", language="ko", kind="national", scope="general",
    homepage="https://news.example.org/", feeds=("https://news.example.org/feed",),
)  # fmt: skip


def feed(data: bytes) -> None:
    """Feeds of every kind, up to the fate of their entries."""
    _source("feed", data)


def sitemap(data: bytes) -> None:
    """Sitemaps, indexes, lists of addresses."""
    _source("sitemap", data)


def section(data: bytes) -> None:
    """List pages."""
    _source("section", data)


def _source(kind: str, data: bytes) -> None:
    options, body = _split(data)
    task = SourceTask(
        kind=kind,  # type: ignore[arg-type]
        body=body,
        url=URL,
        content_type=_of(CONTENT_TYPES, options, 0),
        outlet=OUTLET if options[1] & 1 else None,
        known=("00000000",) if options[1] & 2 else (),
        max_age_s=259_200.0,
        now=NOW,
    )
    try:
        verdict = read_and_sort(TOPIC, task)
    except SourceError:
        return
    _travels(verdict)
    for sorted_entry in verdict.entries:
        entry = sorted_entry.entry
        assert absolute_url(entry.url, URL) == entry.url
        assert canonical_url(entry.url) == sorted_entry.url
        _is_plausible(entry.published, entry.modified)
        for text in (entry.title, entry.summary, entry.guid):
            assert text is None or not UNCLEAN.search(text)
            assert text is None or "\n" not in text
    for child in verdict.reading.children:
        assert same_site(child.url, URL)
    assert len(verdict.entries) <= 50_000


def page(data: bytes) -> None:
    """Pages, from bytes to the line in the store."""
    options, body = _split(data)
    announced = Entry(url=URL, title="Russia and North Korea agree", text=None)
    task = PageTask(
        body=body,
        url=URL,
        content_type=_of(CONTENT_TYPES, options, 0),
        outlet=OUTLET if options[1] & 1 else None,
        entry=announced if options[1] & 2 else None,
        now=NOW,
    )
    try:
        verdict = read_and_judge(TOPIC, task)
    except PageUnreadable:
        return
    _travels(verdict)
    article = verdict.article
    _is_plausible(article.published, article.modified)
    for text in (article.title, article.text, *article.authors, *article.tags):
        assert not UNCLEAN.search(text)
    assert article.text
    assert same_site(verdict.url, URL)
    _write(article, verdict.judgement, verdict.url)


def front(data: bytes) -> None:
    """Pages as discovery reads them."""
    options, body = _split(data)
    try:
        _travels(read_front(body, URL, content_type=_of(CONTENT_TYPES, options, 0), now=NOW))
    except SourceError:
        return


def charset(data: bytes) -> None:
    """Bytes to text."""
    options, body = _split(data)
    declared = charset_of(_of(CONTENT_TYPES, options, 0))
    decoded = decode(body, declared=declared, hint=_of(CHARSETS, options, 1))
    decoded.text.encode()  # no lone surrogate
    assert len(decoded.text) <= len(body) + 1


def url(data: bytes) -> None:
    """Links, to addresses and their canonical form."""
    text = data.decode("utf-8", "surrogateescape")
    link, _, base = text.partition("\n")
    redact(link)
    address = absolute_url(link, URL if not base else f"https://{base}")
    if address is None:
        return
    assert address.isascii()
    assert re.fullmatch(r"https?://[^\s@\\/?#]+/[^\s\\#]*", address), address
    canonical = canonical_url(address)
    assert canonical_url(canonical) == canonical
    assert same_site(canonical, address)
    assert absolute_url(canonical, URL) == canonical
    assert article_url(address, link)
    assert fingerprint(address) == fingerprint(canonical)
    assert host_key(address)
    assert len(url_id(canonical)) == 32


def record(data: bytes) -> None:
    """Whatever strings an article has, its line is one line of clean JSON that reads back."""
    text = data.decode("utf-16", "surrogatepass") if len(data) % 2 == 0 else data.decode("latin-1")
    parts = text.split("\x1f")
    one, rest = parts[0], parts[1:]
    moment = Moment(at=NOW, precision="day", source="html", raw=one[:200])
    article = Article(
        title=one,
        text=text,
        description=one,
        authors=tuple(rest),
        tags=tuple(rest),
        image=one,
        published=moment if len(rest) & 1 else None,
        published_raw=one,
        publisher=one,
        alternates=tuple(rest),
    )
    judgement = Judgement(
        relevant=True, score=0.5, threshold=0.5, ruleset="r/1", terms={"dprk": tuple(rest)},
        reasons=tuple(rest), sentences=tuple(rest),
    )  # fmt: skip
    _write(article, judgement, URL, one)


def robots(data: bytes) -> None:
    """robots.txt: read in the worker itself."""
    rules = read_rules(data.decode("utf-8", "replace"))
    rules.allow(URL)
    assert 0 <= rules.crawl_delay_s <= CRAWL_DELAY_LIMIT_S


def headers(data: bytes) -> None:
    """Headers that are read in the worker itself."""
    text = data.decode("latin-1")
    waits = retry_after_s(text, NOW)
    assert waits is None or waits >= 0
    fresh = fresh_for_s(text, text[::-1])
    assert fresh is None or fresh >= 0
    charset_of(text)


TARGETS: dict[str, Target] = {
    target.__name__: target
    for target in (feed, sitemap, section, page, front, charset, url, record, robots, headers)
}


def seeds(name: str) -> Iterator[bytes]:
    """Inputs to begin with: our own fixtures, behind two bytes of options."""
    fixtures = Path(__file__).parents[1] / "fixtures"
    folders = {
        "feed": "sources/feeds",
        "sitemap": "sources/sitemaps",
        "section": "sources/sections",
    }
    folder = fixtures / folders.get(name, "pages")
    if name in ("feed", "sitemap", "section", "page", "front", "charset"):
        for path in sorted(folder.iterdir()):
            if path.suffix != ".json" or "expected" not in path.name:
                yield b"\x01\x03" + path.read_bytes()[:60_000]
    yield from _SEEDS.get(name, ())


_SEEDS: dict[str, tuple[bytes, ...]] = {
    "url": (b"/news/1?utm_source=x&id=7#top", "https://сайт.рф/путь\nb.example/x".encode(),
            b"//h.example:8080/a/../b%2f?a=1&amp;b=2", b"http://127.0.0.1:80/", b"http://[::1]/x"),
    "record": ("Title\x1fKim\x1f\u2028\ud800".encode("utf-16", "surrogatepass"), b"plain"),
    "robots": (b"User-agent: *\nDisallow: /a*b$\nAllow: /\nCrawl-delay: 7\n",
               b"User-agent: tumen\nDisallow: /\nSitemap: https://h/s.xml\nVisit-time: 0600-0845"),
    "headers": (b"120", b"Fri, 31 Dec 9999 23:59:59 GMT", b"max-age=600, s-maxage=5",
                b"text/html; charset=euc-kr"),
}  # fmt: skip


def _split(data: bytes) -> tuple[bytes, bytes]:
    return data[:2].ljust(2, b"\0"), data[2:]


def _of(choices: tuple[str | None, ...], options: bytes, place: int) -> str | None:
    return choices[options[place] % len(choices)]


def _is_plausible(*moments: Moment | None) -> None:
    for moment in moments:
        assert moment is None or 1990 <= moment.at.year
        assert moment is None or moment.at <= NOW + timedelta(hours=26)


def _write(article: Article, judgement: Judgement, address: str, told: str = "") -> None:
    fetch = Fetch(
        url_announced=URL, url_final=URL, status=200, fetched_at=NOW, discovered_at=NOW,
        etag=told or None, content_type=told or None,
    )  # fmt: skip
    found = Found(kind="feed", url=URL, guid=told or None, title=told or None)
    made = build_record(
        article=article, judgement=judgement, fetch=fetch, found=found, outlet=OUTLET, url=address,
        alternates=article.alternates,
    )  # fmt: skip
    line = to_line(made)
    assert line.count(b"\n") == 1
    assert len(line.decode().splitlines()) == 1
    assert len(line) < 16 * 1024**2
    for text in _strings(json.loads(line)):
        assert is_clean(text)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, held in value.items():
            yield name
            yield from _strings(held)
    elif isinstance(value, list):
        for held in value:
            yield from _strings(held)


def _travels(verdict: object) -> None:
    """A verdict goes from child to parent: plain values, none of a library's."""
    pickle.loads(pickle.dumps(verdict))
    _is_plain(verdict)


def _is_plain(value: object) -> None:
    if is_dataclass(value):
        for part in fields(value):
            _is_plain(getattr(value, part.name))
    elif isinstance(value, str):
        assert type(value) is str, type(value)
    elif isinstance(value, tuple | list | frozenset | set):
        for held in value:
            _is_plain(held)
    elif isinstance(value, dict):
        for name, held in value.items():
            _is_plain(name)
            _is_plain(held)
