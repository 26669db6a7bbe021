"""Whether a text looks like print: how many of its letters are those that print is full of.

Bytes of one East Asian charset are sound bytes of the next, so that only what they spell tells
which it is. Promise: text read with its own charset scores near 1, read with another below a half.
"""

from __future__ import annotations

import re
from functools import cache

# The most frequent letters and signs of each language, and the share of its text that they make.
_FREQUENT = {
    "ko": ("이다는에의가을를은고한하지로서도기사대일해리인시자정부라나으과있것들수", 0.36),
    "ja": ("のにはをたがでてとしれさいるなかもこうすっりまらく。、ンスル", 0.45),
    "zh": (
        "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动"
        "同工也能下过子说产面而方后多定行学法所民得经日本新月，。",
        0.30,
    ),
    "zh-Hant": (
        "的一是在不了有和人這中大為上個國我以要他時來用們生到作地於出就分對成會可主發年動"
        "同工也能下過子說產面而方後多定行學法所民得經日本新月，。",
        0.30,
    ),
    "ru": ("оеаинтсрвлкмі", 0.66),
}
_BEYOND = re.compile(r"[^\x00-\xa0\u2010-\u2026\u2116\ufffd]")


def plausibility(text: str, language: str) -> float:
    """Score a text as print in a language; Russian stands for all that is Cyrillic."""
    letters = len(_BEYOND.findall(text))
    if not letters:
        return 0.0
    pattern, expected = _patterns()[language]
    return len(pattern.findall(text)) / letters / expected


@cache
def _patterns() -> dict[str, tuple[re.Pattern[str], float]]:
    return {
        language: (re.compile(f"[{letters}]"), expected)
        for language, (letters, expected) in _FREQUENT.items()
    }
