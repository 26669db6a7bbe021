"""Outlets that no list knows, found by what sentences call them: "the newspaper X", 《X》, X新聞.

Promise: a name is taken only where the words around it, or a part of it, say that it is an outlet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.news.cite_names import Cited, Mention

_LATIN_NAME = (
    r"(?P<name>[A-ZÀ-Ü][\w.&’'-]*(?:\s(?:of|the|de|der|du|la|el)?\s?[A-ZÀ-Ü][\w.&’'-]*){0,4})"
)
_PATTERNS = {
    "latin": (
        # What it is called, then the name: the newspaper Zolotoy Rog, die Zeitung „X“.
        r"(?:[Nn]ewspaper|[Dd]aily|[Nn]ews agency|[Nn]ews site|[Nn]ews outlet|[Bb]roadcaster|"
        r"[Mm]agazine|[Zz]eitung|[Nn]achrichtenagentur|[Mm]agazin|[Ss]ender|quotidien|l['’]agence|"
        rf"diario|agencia|periódico|dziennik|portal)\s[“\"„«]?{_LATIN_NAME}",
        # A name that ends as names of papers end.
        r"(?P<name>(?:[A-Z][\w’'-]+\s){1,3}(?:Times|Post|Journal|Herald|Tribune|Daily|Gazette|"
        r"Chronicle|Review|Ilbo|Shimbun|Observer|Weekly|Dispatch|Courier|Broadcasting|"
        r"News Agency))\b",
    ),
    # газета «Золотой Рог», видання «X», телеграм-канал «X»
    "cyrillic": (
        r"(?:[Гг]азет|[Ии]здани|[Аа]гентств|[Тт]елеканал|[Пп]ортал|[Жж]урнал|[Сс]айт|[Вв]идан|"
        r"[Аа]генці|[Тт]елеграм-канал|Telegram-канал|[Рр]адио|[Рр]адіо)[а-яіїє]*\s"
        r"[«\"“](?P<name>[^»\"”]{2,40})[»\"”]",
    ),
    # The rest by the last part of the name, or by the marks that titles of papers stand in.
    "hangul": (r"(?P<name>[가-힣A-Z]{2,8}(?:일보|신문|통신|방송|타임스|저널|데일리))",),
    "kana": (r"(?P<name>[ァ-ヶー一-龥]{2,10}(?:新聞|日報|時報|通信|テレビ|放送|タイムズ|ポスト))",),
    "han": (
        r"《(?P<name>[^》]{2,16})》",
        r"(?P<name>[\u4e00-\u9fff]{2,6}(?:通讯社|通訊社|日报|日報|时报|時報|晚报|新闻网|新聞網|"
        r"电视台|電視台))",
    ),
}
_COMPILED = {script: tuple(map(re.compile, patterns)) for script, patterns in _PATTERNS.items()}
_COMMON = frozenset({"Daily", "News", "The Daily", "Breaking News"})
# "State television", "foreign news" and the like are no names.
_STATE = re.compile("国営|国有|官方|官営|国際|国内|最新|국영|관영|현지|외국|국제")


def find_strangers(sentence: str, script: str) -> Iterator[Mention]:
    """Find names that must be outlets' by what they are called in sentences of a script."""
    for pattern in _COMPILED[script]:
        for found in pattern.finditer(sentence):
            name = found["name"].strip()
            if name not in _COMMON and not _STATE.match(name):
                yield Mention(Cited((name,)), name, found.start("name"), found.end("name"), "")
