"""Names that pages give to their parts: around an article, under its pictures, above its text.

Promise: a name is judged by its own words only, and each name once; whether a part so named holds
the article after all is told by its text, not here.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

# As themes and newsrooms name them; a word counts where it stands alone between - and _.
_FRAME_WORDS = r"""
nav|navbar|navigation|menu|subnav|topbar|toolbar|tools|masthead|breadcrumbs?|pagination|pager
sidebar|aside|rightcol[a-z]*|right-?column|widgets|widget_[a-z]+|widget-area|foot|footer|footnotes?
rel|related[a-z]*|recommend[a-z]*|recirc[a-z]*|popular|trending|latest|ranking|most-?read|must-?read
read-?more|see-?also|also-?read|teasers?|more-?(?:news|stories|from|on)|links?-?(?:list|box)?
(?:other|last|hot|top)-?(?:news|stories)|news-?list|key-?moments|timeline-nav
comments?|commentlist|disqus|respond|rating|poll|vote
promo[a-z]*|banners?|advert[a-z]*|adv|sponsor[a-z]*|outbrain|taboola|newsletter[a-z]*|subscri[a-z]*|sign-?up
login|messenger|identity|paywall[a-z]*|premium|gating|regwall|cookie[a-z]*|consent|popup|modal|tooltip
share|sharing|social[a-z]*|print|copyright|disclaimer|tags|tag-?list|keywords|weather|clock|calendar
ticker|author-?(?:bio|info|box)|bio|about-?author|short_desc|infobox|fact-?box
"""
_FRAME = re.compile(
    rf"(?:^|[_-])({'|'.join(_FRAME_WORDS.split())})(?:$|[_-])"
    r"|^(ads?|ad-\w+|side|right|tools|header|more|td-header\S*)$|^(ad)[_-](?:slot|unit|box|wrapper)",
    re.IGNORECASE,
)
# Names that tell of the page or its subject, not of the part: "has-sidebar", "tag-politics".
_NEUTRAL = re.compile(
    r"(?:has|with|no|is|not|without|tag|category|cat|post|type|status|format|single|page|wp|js"
    r"|template|col|span|theme|layout|grid|u|l|o|lg|md|sm|xs)[-_]",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"(?:^|[_-])(captions?[a-z]*|[a-z]*caption|credits?|photo-?credit|photographer|fotocredit|gallery[a-z]*"
    r"|slideshow|(?:img|image|photo|picture|foto|bild|media)-?(?:info|desc[a-z]*|text|title|source|by))"
    r"(?:$|[_-])",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"(?:^|[_-])(?:lead|lede|stand-?first|deck|dek|sub-?title|sub-?head\w*|summary|intro\w*"
    r"|announce|anons|lid|excerpt|chapo|vorspann|sottotitolo|description|sapo|abstract|leadtext)"
    r"(?:$|[_-])",
    re.IGNORECASE,
)

_NAMES = 20  # of an element; more are generated


class Signs(NamedTuple):
    """What the names of one element say: the word of a frame, of a caption, and of a lead."""

    frame: str | None
    caption: str | None
    lead: bool


_NOTHING = Signs(None, None, False)


@lru_cache(maxsize=8192)
def signs_of(names: str) -> Signs:
    """Read the class and id of an element: the first word of each kind counts."""
    found = [_signs_of_name(name) for name in names.split()[:_NAMES]]
    return Signs(
        next((signs.frame for signs in found if signs.frame), None),
        next((signs.caption for signs in found if signs.caption), None),
        any(signs.lead for signs in found),
    )


@lru_cache(maxsize=16384)
def _signs_of_name(name: str) -> Signs:
    if _NEUTRAL.match(name):
        return _NOTHING
    frame, caption = _FRAME.search(name), _CAPTION.search(name)
    return Signs(
        next(word for word in frame.groups() if word).lower() if frame else None,
        caption[1].lower() if caption else None,
        bool(_LEAD.search(name)),
    )
