"""Pages of real size for the benchmarks, invented: text of made-up sentences in a site's markup.

The weight of a page lies where it lies on real ones: a third in scripts and styles that a whole
site shares, most of the rest in menus, teasers and their attributes; the article itself is a few
kilobytes. Shape and size are those of real pages of 30 to 200 KB (770 elements, 160 links, 15 KB
of visible text). trafilatura needs 14 ms for one of these, and 25 ms for a real one on the same
machine, as real markup is messier: against extractors Tumen comes out too low rather than too high.

Promise: the same number gives the same page; only pages asked for as relevant are about the two
parties, and of the others about a third name one of them somewhere.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from functools import cache
from typing import Literal

Kind = Literal["relevant", "furniture", "one party", "neither"]

MEAN_BYTES = 85_000
_SPREAD = 0.45  # of the logarithm of a page's size
_SCRIPTS = 0.25  # of a page's bytes, besides styles
_COMMENTED = (1, 2, 3)  # of five sites
_WHO = (
    "The harbor board", "A spokeswoman for the council", "The ferry company", "A local cooperative",
    "The regional court", "An engineer on the project", "The school district", "A group of growers",
    "The museum's director", "The transport ministry", "A veteran of the league", "A water utility",
)  # fmt: skip
_DID = (
    "said it would delay", "announced plans to extend", "published figures on", "is to vote on",
    "has quietly shelved", "agreed to pay for", "is looking again at", "defended the cost of",
    "apologized for the state of", "reopened the debate about",
)  # fmt: skip
_WHAT = (
    "the northern bypass", "a second footbridge", "its winter timetable", "the old tannery site",
    "new rules for short lets", "a pension scheme for drivers", "the flood wall by the market",
    "the youth orchestra's tour", "a reservoir above the town", "the price of season tickets",
)  # fmt: skip
_WHEN = (
    "after a meeting that ran late into the evening", "before the end of the quarter",
    "in spite of objections from residents", "for the third time in as many years",
    "as soon as the weather allows", "while an inquiry is still under way",
    "with money that had been set aside for roads", "once the last permits are signed",
)  # fmt: skip
_BOTH = (
    "North Korea and Russia agreed to run freight trains over the Tumangang crossing twice a week",
    "Pyongyang sent a delegation to Moscow to discuss the supply of coal and grain",
    "Russian and North Korean officials signed a protocol on railway maintenance in Khasan",
    "Moscow thanked Pyongyang for its help and promised to deliver more fuel to the DPRK",
    "The foreign ministers of Russia and the DPRK spoke about the treaty between the two countries",
    "North Korean workers are to build apartments in Vladivostok under a contract with Russia",
)
_ONE = (
    "Exports to Russia fell again in the autumn, dealers said",
    "A concert by a pianist from Moscow was sold out within the hour",
    "The Russian team withdrew from the tournament because of an injury",
)


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
    title = _title(chance, kind, number)
    paragraphs = _article(chance, kind)
    head, menu, foot = _frame(site)
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
    text = _laid_out(site, [_marked_up(chance, paragraph) for paragraph in paragraphs])
    frame = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta property="og:type" content="article"><meta property="og:title" content="{title}">'
        f'<link rel="canonical" href="{base}{path}">'
        f'<script type="application/ld+json">{json.dumps(declared)}</script>{head}</head>'
        f'<body class="single single-post layout-{site}">{menu}<main id="main"><div class="wrap">'
        f'<article class="post entry hentry"><h1 class="entry-title">{title}</h1>'
        f'<div class="meta"><span class="author">Ada Brook {site}</span>'
        f'<time datetime="2026-11-25T06:00:00Z">25 November 2026</time></div>'
        f'<div class="entry-content">{text}</div></article>'
    )
    script = _script(site, int(size * _SCRIPTS))
    room = int(size) - len(frame) - len(foot) - len(script)
    said = _comments(chance, room // 2) if site % 5 in _COMMENTED else ""
    teasers = _teasers(chance, kind, room - len(said))
    page = f"{frame}{said}{teasers}</div></main>{foot}<script>{script}</script></body></html>"
    return Page(path=path, kind=kind, body=page.encode())


def _title(chance: random.Random, kind: Kind, number: int) -> str:
    if kind == "relevant":
        return f"Russia and North Korea extend rail freight agreement, report {number}"
    return f"{chance.choice(_WHO)} {chance.choice(_DID)} {chance.choice(_WHAT)}, no {number}"


def _sentence(chance: random.Random) -> str:
    parts = chance.choice(_WHO), chance.choice(_DID), chance.choice(_WHAT), chance.choice(_WHEN)
    return " ".join(parts) + f", {chance.randrange(2, 900)} people were told"


def _article(chance: random.Random, kind: Kind) -> list[str]:
    paragraphs = []
    for place in range(chance.randrange(6, 24)):
        sentences = [_sentence(chance) for _ in range(chance.randrange(2, 5))]
        if kind == "relevant" and place % 2 == 0:
            sentences.insert(0, chance.choice(_BOTH))
        if kind == "one party" and place == 3:
            sentences.append(chance.choice(_ONE))
        paragraphs.append(". ".join(sentences) + ".")
    return paragraphs


def _comments(chance: random.Random, room: int) -> str:
    """What readers said, until the room is used: longer than the article on many a page."""
    said, used = [], 0
    while used < room:
        number = chance.randrange(9**6)
        one = (
            f'<div class="comment depth-{number % 3}" id="e-{number}">'
            f'<div class="comment-author vcard"><b class="fn">reader {number % 977}</b></div>'
            '<div class="comment-content"><p>'
            f"{'. '.join(_sentence(chance) for _ in range(1 + number % 3))}.</p></div></div>"
        )
        said.append(one)
        used += len(one)
    return f'<div id="comments" class="comments-area">{"".join(said)}</div>'


def _laid_out(site: int, paragraphs: list[str]) -> str:
    """Paragraphs as three of five sites have them; the others break lines or nest boxes instead."""
    if site % 5 == 0:
        bare = (
            p.replace('<p class="has-text">', "").replace("</p>", "<br><br>") for p in paragraphs
        )
        return f'<div class="story-body">{"".join(bare)}</div>'
    if site % 5 == 1:
        rows = (
            p.replace('<p class="has-text">', '<div class="row"><div class="col"><div>').replace(
                "</p>", "</div></div></div>"
            )
            for p in paragraphs
        )
        return "".join(rows)
    return "\n".join(paragraphs)


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
            f'src="/img/{number}.jpg"></picture><figcaption>{_sentence(chance)}</figcaption></figure>'
        )
    return f'{before}<p class="has-text">{" ".join(words)}</p>'


def _teasers(chance: random.Random, kind: Kind, room: int) -> str:
    """Boxes of teasers until the room is used."""
    boxes, used = [], 0
    while used < room or not boxes:
        shown = [
            f"{chance.choice(_WHO)} {chance.choice(_DID)} {chance.choice(_WHAT)}" for _ in range(6)
        ]
        if kind == "furniture" and not boxes:
            shown[5] = chance.choice(_BOTH)
        cards = "".join(_teaser(chance, text) for text in shown)
        box = (
            '<section class="block block--related"><div class="block__inner"><h2 class="block__t">'
            f'<span>More from us</span></h2><div class="grid grid--3">{cards}</div></div></section>'
        )
        boxes.append(box)
        used += len(box)
    return f'<aside class="sidebar">{"".join(boxes)}</aside>'


def _teaser(chance: random.Random, text: str) -> str:
    number = chance.randrange(9**6)
    return (
        f'<div class="card card--{number % 7} js-track" data-id="{number}" data-section="news" '
        f'data-analytics=\'{{"position":{number % 40},"component":"related","v":{number}}}\'>'
        f'<a class="card__link" href="/2026/11/{number}.html"><div class="card__media"><img alt="" '
        f'loading="lazy" sizes="(max-width: 600px) 100vw, 320px" src="/img/{number}.webp" '
        f'srcset="/img/{number}-320.webp 320w, /img/{number}-640.webp 640w"></div></a>'
        f'<div class="card__body"><span class="card__kicker">Region</span>'
        f'<h3 class="card__title"><a href="/2026/11/{number}.html">{text}</a></h3>'
        f'<time class="card__time" datetime="2026-11-24">24 November</time></div></div>'
    )


@cache
def _frame(site: int) -> tuple[str, str, str]:
    """What every page of a site has in common: head, menu, foot."""
    chance = random.Random(f"site {site}")
    rules = "".join(
        f".c{chance.randrange(9**5)}>.m{n}{{margin:{n % 9}px;color:#{chance.randrange(16**6):06x}}}"
        for n in range(260)
    )
    head = f'<meta name="viewport" content="width=device-width"><style>{rules}</style>'
    links = "".join(
        f'<li><a href="/section/{n}">{chance.choice(_WHAT)}</a></li>' for n in range(70)
    )
    menu = f'<header><nav class="menu"><ul>{links}</ul></nav></header>'
    foot = f"<footer><ul>{links}</ul><p>Halden Press {site}. All rights reserved.</p></footer>"
    return head, menu, foot


def _script(site: int, size: int) -> str:
    """The beginning of a site's bundle of scripts."""
    bundle = _bundle(site)
    return (bundle * (size // len(bundle) + 1))[:size]


@cache
def _bundle(site: int) -> str:
    chance = random.Random(f"bundle {site}")
    letters = "abcdefghijklmnopqrstuvwxyz"
    parts = []
    for _ in range(900):
        a, b, c = (chance.choice(letters) + chance.choice(letters) for _ in range(3))
        parts.append(
            f"function {a}{b}(e,t){{var n={chance.randrange(9**5)};return e.{c}?"
            f't["{chance.choice(_WHAT)}"]={chance.random():.6f}*n:{b}.push({{id:n,"{c}":!0}})}}'
        )
    return "".join(parts)
