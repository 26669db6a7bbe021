"""What every page of an invented site has in common: its layout, head, menu, foot and scripts.

Promise: the same number gives the same site.
"""

from __future__ import annotations

import random
from functools import cache

from bench.invented_words import WHAT

# Where the text stands, as often as on real pages: 4 of 10 in a container of a name that extractors
# know, one in a bare <article>, others in "story", "content" or <main>, one in nothing that tells.
# An opening, the text's own box, what ends the article, what ends the page after the teasers.
LAYOUTS = (
    ('<main id="main"><div class="row"><article class="post hentry">',
     '<div class="entry-content">', "</article>", "</div></main>"),
    ('<main id="main"><div class="row"><article class="article">',
     '<div class="article-body" itemprop="articleBody">', "</article>", "</div></main>"),
    ('<div class="wrap"><div class="row"><div class="article-wrap">',
     '<div class="article-text clearfix">', "</div>", "</div></div>"),
    ('<div class="wrap"><div class="row"><div id="artwrap">',
     '<div id="articleContent">', "</div>", "</div></div>"),
    ('<div class="wrap"><div class="row"><article class="c-piece">',
     '<div class="c-piece__in">', "</article>", "</div></div>"),
    ('<div class="wrap"><div class="row"><div class="story">',
     '<div class="copy">', "</div>", "</div></div>"),
    ('<div class="wrap"><div class="row"><div id="content" class="left">',
     '<div class="txt">', "</div>", "</div></div>"),
    ('<div class="wrap"><div class="row"><div class="content">',
     '<div class="detail">', "</div>", "</div></div>"),
    ('<div class="wrap"><main class="lead"><div class="col">',
     '<div class="zw">', "</div>", "</main></div>"),
    ('<div class="wrap"><div class="grid0"><div class="col-a">',
     '<div class="txt-w">', "</div>", "</div></div>"),
)  # fmt: skip


@cache
def around(site: int) -> tuple[str, str]:
    """What stands in an article above and below its text: buttons, keywords, who wrote it."""
    icon = '<svg width="16" height="16" viewBox="0 0 16 16"><path d="M2 2h12v12H2zM4 6h8"/></svg>'
    tools = "".join(
        f'<li class="share__item"><button type="button" class="share__btn share__btn--{way}" '
        f'data-share="{way}" aria-label="{way}">{icon}<span class="sr-only">'
        f"{way}</span></button></li>"
        for way in ("mail", "link", "print", "post")
    )
    keywords = "".join(
        f'<a rel="tag" href="/tag/{n}">{what}</a> ' for n, what in enumerate(WHAT[:4])
    )
    above = f'<div class="share"><ul class="share__list">{tools}</ul></div>' if site % 5 < 2 else ""
    below = (
        f'<footer class="entry-footer"><span class="cat-links">{keywords}</span><div '
        f'class="author-box"><img alt="" src="/faces/{site}.jpg" width="64" height="64"><p>Ada '
        f"Brook has covered the coast since {1990 + site % 30}.</p></div></footer>"
        if site % 3 == 0
        else ""
    )
    return above, below


@cache
def frame(site: int) -> tuple[str, str, str]:
    """What every page of a site has in common: head, menu, foot."""
    chance = random.Random(f"site {site}")
    rules = "".join(
        f".c{chance.randrange(9**5)}>.m{n}{{margin:{n % 9}px;color:#{chance.randrange(16**6):06x}}}"
        for n in range(200)
    )
    metas = "".join(
        f'\n  <meta name="site:part-{n}" content="{chance.choice(WHAT)}">' for n in range(16)
    )
    links = "".join(
        f'\n  <link rel="preload" as="style" href="/assets/{chance.randrange(16**8):08x}.css">'
        for _ in range(14)
    )
    scripts = "".join(
        f'\n  <!-- tag {n} -->\n  <script async src="/assets/{chance.randrange(16**8):08x}.js">'
        "</script>"
        for n in range(16)
    )
    head = (
        f'\n  <meta name="viewport" content="width=device-width">{metas}{links}{scripts}'
        f"\n  <style>{rules}</style>\n"
    )
    items = "".join(
        f'\n        <li id="menu-item-{n}" class="menu-item menu-item-{n}"><a href="/section/{n}">'
        f"{chance.choice(WHAT)}</a></li>"
        for n in range(28)
    )
    choices = "".join(f'<option value="{n}">{what}</option>' for n, what in enumerate(WHAT[:4]))
    search = (
        '\n    <form class="search" action="/search"><label for="q">Search</label>\n      '
        f'<input id="q" name="q" type="search"><select name="in">{choices}</select>\n      '
        '<input type="hidden" name="from" value="menu"><button type="submit">Go</button></form>'
    )
    menu = (
        f'\n  <!-- masthead -->\n  <header id="masthead">{search}\n    <nav class="menu" id="nav">'
        f"\n      <ul>{items}\n      </ul>\n    </nav>\n  </header>\n  <!-- /masthead -->\n"
    )
    tags = "".join(
        f"\n  <!-- {n} --><script>(window.layer=window.layer||[]).push("
        f"{{n:{n},v:{chance.random():.9f}}})</script>"
        for n in range(14)
    )
    tongues = " · ".join(("Español", "Français", "Português", "العربية", "日本語", "ไทย", "हिन्दी"))
    foot = (
        f'\n  <footer id="colophon">\n    <ul>{items}\n    </ul>\n    <p>{tongues}</p>\n    <p>'
        f"© Halden Press {site}. All rights reserved.</p>\n  </footer>{tags}\n"
    )
    return head, menu, foot


def script(site: int, size: int) -> str:
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
            f't["{chance.choice(WHAT)}"]={chance.random():.6f}*n:{b}.push({{id:n,"{c}":!0}})}}'
        )
    return "".join(parts)
