"""Pages of real size for the benchmarks, invented: text of made-up sentences in a site's markup.

Size and shape are those of real pages of 30 to 200 KB, as `python -m bench.shapes` shows side by
side: elements, links, scripts, comments, visible text, the article's own text, and where it stands.
Only their languages are not: it is all English, and extractors are quicker with that.

Promise: the same number gives the same page; only pages asked for as relevant are about the two
parties, and of the others about a third name one of them somewhere.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass

from bench.invented_sites import LAYOUTS, around, frame, script
from bench.invented_words import BOTH, Kind, article, headline, sentence, title_of

MEAN_BYTES = 85_000
SIZES = range(30_000, 200_001)  # of the real pages that these are like
_SPREAD = 0.45  # of the logarithm of a page's size
_SCRIPTS = 0.17  # of a page's bytes, besides styles
_COMMENTED = (1,)  # of five sites


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of an outlet: its path, its bytes, and what it is about."""

    path: str
    kind: Kind
    body: bytes


def kind_of(number: int, relevant_share: float) -> Kind:
    """What a page is about, spread evenly by its number."""
    place = (number * 0.6180339887) % 1.0
    if place < relevant_share:
        return "relevant"
    rest = (place - relevant_share) / max(1e-9, 1 - relevant_share)
    if rest < 0.02:
        return "furniture"
    return "one party" if rest < 0.32 else "neither"


def make_page(number: int, site: int, base: str, relevant_share: float) -> Page:
    """The page of this number on a site that is served at `base`."""
    chance = random.Random(number)
    kind = kind_of(number, relevant_share)
    title = title_of(chance, kind, number)
    paragraphs = article(chance, kind)
    head, menu, foot = frame(site)
    path = f"/2026/11/{number}-{title.lower().replace(' ', '-').replace(',', '')[:60]}.html"
    declared = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": title,
        "datePublished": "2026-11-25T06:00:00Z",
        "author": {"@type": "Person", "name": f"Ada Brook {site}"},
        "mainEntityOfPage": base + path,
    }
    size = MEAN_BYTES * chance.lognormvariate(-(_SPREAD**2) / 2, _SPREAD)
    text = _laid_out(
        site, _interrupted(chance, site, [_marked_up(chance, part) for part in paragraphs])
    )
    tools, below = around(site)
    begin, inner, end, after = LAYOUTS[site % len(LAYOUTS)]
    top = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta property="og:type" content="article"><meta property="og:title" content="{title}">'
        f'<link rel="canonical" href="{base}{path}">'
        f'<script type="application/ld+json">{json.dumps(declared)}</script>{head}</head>'
        f'<body class="single single-post layout-{site}"><div id="page" class="site"><div '
        f'class="site-inner">{menu}{begin}<h1 class="headline">{title}</h1><div class="meta">'
        f'<span class="author">Ada Brook {site}</span>'
        f'<time datetime="2026-11-25T06:00:00Z">25 November 2026</time></div>'
        f"{tools}{inner}{text}</div>{below}{end}"
    )
    bundle = script(site, int(size * _SCRIPTS))
    room = int(size) - len(top) - len(foot) - len(bundle)
    said = _comments(chance, room // 4) if site % 5 in _COMMENTED else ""
    teasers = _teasers(chance, kind, room - len(said))
    page = f"{top}{said}{teasers}{after}{foot}</div></div><script>{bundle}</script></body></html>"
    return Page(path=path, kind=kind, body=page.encode())


def _comments(chance: random.Random, room: int) -> str:
    """What readers said, until the room is used: longer than the article on many a page."""
    said, used = [], 0
    while used < room:
        number = chance.randrange(9**6)
        one = (
            f'<div class="comment depth-{number % 3}" id="e-{number}">'
            f'<div class="comment-author vcard"><b class="fn">reader {number % 977}</b></div>'
            '<div class="comment-content"><p>'
            f"{'. '.join(sentence(chance) for _ in range(1 + number % 3))}.</p></div></div>"
        )
        said.append(one)
        used += len(one)
    return f'<div id="comments" class="comments-area">{"".join(said)}</div>'


def _laid_out(site: int, paragraphs: list[str]) -> str:
    """Paragraphs as three of five sites have them; the others break lines or nest boxes instead."""
    way = site // len(LAYOUTS) % 5
    if way == 0:
        bare = (
            p.replace('<p class="has-text">', "").replace("</p>", "<br><br>") for p in paragraphs
        )
        return f'<div class="story-body">{"".join(bare)}</div>'
    if way == 1:
        rows = (
            p.replace('<p class="has-text">', '<div class="row"><div class="col"><div>').replace(
                "</p>", "</div></div></div>"
            )
            for p in paragraphs
        )
        return "".join(rows)
    return "\n        " + "\n        ".join(paragraphs) + "\n      "


def _marked_up(chance: random.Random, paragraph: str) -> str:
    """A paragraph with a link or an emphasis, now and then a picture or a box before it."""
    words = paragraph.split(" ")
    at = chance.randrange(len(words) - 3)
    words[at] = f'<a href="/tag/{chance.randrange(900)}" class="inline-link">{words[at]}'
    words[at + 2] += "</a>"
    before = ""
    if chance.random() < 0.12:
        number = chance.randrange(9**6)
        before = (
            f'<figure class="wp-block-image size-large" id="attachment-{number}"><picture>'
            f'<source type="image/webp" srcset="/img/{number}-640.webp 640w, /img/{number}.webp">'
            f'<img loading="lazy" decoding="async" width="1280" height="853" alt="" '
            f'src="/img/{number}.jpg"></picture><figcaption>{sentence(chance)}</figcaption></figure>'
        )
    return f'{before}<p class="has-text">{" ".join(words)}</p>'


def _interrupted(chance: random.Random, site: int, paragraphs: list[str]) -> list[str]:
    """Paragraphs with what sites put between them, each site the same on all of its pages."""
    at = len(paragraphs) // 2
    between = list(paragraphs)
    if site % 3:
        slot = chance.randrange(9**6)
        between.insert(
            at,
            f'<div class="ad-slot ad-slot--inline" id="slot-{slot}" aria-hidden="true"><script>'
            f"window.slots=window.slots||[];slots.push({{id:{slot},sizes:[[300,250],[320,100]]}});"
            "</script></div>",
        )
    if site % 5 in (2, 4):
        links = "".join(
            f'<li><a href="/2026/11/{chance.randrange(9**6)}.html">{headline(chance)}</a></li>'
            for _ in range(3)
        )
        between.insert(
            at + 1, f'<aside class="related-inline"><h4>Read also</h4><ul>{links}</ul></aside>'
        )
    if site % 5 == 3:
        between.insert(
            at,
            f'<div class="embed"><iframe src="/player/{chance.randrange(9**6)}" '
            'width="560" height="315" title="video" allowfullscreen></iframe></div>',
        )
    if site % 4 == 1:
        between.append(
            '<form class="newsletter" action="/letters" method="post"><label for="mail">The '
            'morning letter, in your inbox at seven</label><input id="mail" type="email" '
            'name="mail" placeholder="you@example.org"><button type="submit">Sign up</button>'
            "</form>"
        )
    return between


def _teasers(chance: random.Random, kind: Kind, room: int) -> str:
    """Boxes of teasers until the room is used: cards with pictures, or rows of links."""
    boxes, used = [], 0
    while used < room or not boxes:
        shown = [headline(chance) for _ in range(6)]
        if kind == "furniture" and not boxes:
            shown[5] = chance.choice(BOTH)
        is_first, number = not boxes, chance.randrange(9**6)
        inner = _cards(chance, shown) if is_first or number % 3 == 0 else _rows(chance, shown)
        box = (
            f'\n      <!-- block {number} -->\n      <section class="block block--related" '
            f'id="block-{number}">\n        <h2 class="block__t"><span>More from us</span></h2>\n'
            f"{inner}\n      </section>\n      <!-- /block {number} -->\n      <script>"
            f'window.blocks=window.blocks||[];blocks.push({{"id":{number},"lazy":true,"at":"related"}})'
            "</script>"
        )
        boxes.append(box)
        used += len(box)
    return f'\n    <aside class="sidebar">{"".join(boxes)}\n    </aside>\n'


def _cards(chance: random.Random, shown: list[str]) -> str:
    cards = "".join(_teaser(chance, text) for text in shown)
    return f'        <div class="grid grid--3">{cards}\n        </div>'


def _rows(chance: random.Random, shown: list[str]) -> str:
    rows = "".join(
        f'\n          <li class="list__item list__item--{n}" data-position="{n}">\n            '
        f'<a class="list__link js-track" href="/2026/11/24/{chance.randrange(9**6)}-'
        f'{text.lower().replace(" ", "-").replace("’", "")}.html?itm_source=list">{text}</a>\n'
        "          </li>"
        for n, text in enumerate(shown)
    )
    return f'        <ul class="list list--plain">{rows}\n        </ul>'


def _teaser(chance: random.Random, text: str) -> str:
    number = chance.randrange(9**6)
    slug = text.lower().replace(" ", "-").replace("’", "")
    image = f"/resize/{number:016x}/2026/11/24/{number}"
    sizes = ", ".join(f"{image}.jpg?w={width}&amp;q=75 {width}w" for width in (320, 640))
    return (
        f'\n          <div class="card card--{number % 7} js-track" data-id="{number}" '
        f'data-section="news" data-analytics=\'{{"position":{number % 40},"component":"related",'
        f'"list":"more-from-us","v":{number}}}\'>\n            <div class="card__media">'
        f'<a class="card__link" href="/2026/11/24/{slug}-{number}.html?itm_source=more-from-us"'
        f'><img alt="" loading="lazy" decoding="async" sizes="(max-width: 600px) 100vw, 320px" '
        f'src="{image}.jpg?w=320&amp;q=75" srcset="{sizes}"></a></div>\n            '
        f'<div class="card__body"><h3 class="card__title"><a href="/2026/11/24/{slug}-'
        f'{number}.html"><span>{text}</span></a></h3>\n            <time class="card__time" '
        'datetime="2026-11-24T06:00:00Z">24 November</time></div>\n          </div>'
    )
