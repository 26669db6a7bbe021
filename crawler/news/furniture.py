"""Lines that stand among an article's paragraphs and are not its text.

Promise: only lines that are short and wholly furniture go; a sentence that mentions an
advertisement, a photographer or a date stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from crawler.news.dates import parse_moment
from crawler.news.printed import key_of

# As themes and newsrooms print them, by language; compared by letters and digits only.
_PHRASES = """
sorting by|sort by|source link|source|original source|read original|must read|advertisement|ad
sponsored|sponsored content|promoted|story continues below advertisement|skip advertisement
article continues below|continue reading|read more|read also|also read|see also|related
back to top button|back to top|scroll to top|share this story|share this article|share this
share|tweet|print|email|copy link|comments|leave a comment|leave a reply|subscribe|sign up
subscribe to our newsletter|sign up for our newsletter|newsletter|follow us|listen to this article
loading|close|menu|previous article|next article|view all|view comments|show more|watch now
정렬|광고|맨 위로|뉴스레터 구독|기사 공유하기|출처|원문|무단전재 및 재배포 금지
무단 전재 재배포 금지|저작권자|기사 제보|댓글|공유하기|구독하기|인쇄|글자 크기
본문 바로가기|이 기사를 공유합니다
сортировка|реклама|источник|наверх|подпишитесь на рассылку|подписаться|поделиться
поделиться новостью|комментарии|оставить комментарий|распечатать
ссылка на источник|на правах рекламы|подробнее
сортування|джерело|вгору|підпишіться на розсилку|підписатися|поділитися|коментарі|детальніше
並べ替え|広告|出典リンク|出典|トップへ戻る|メールマガジン登録|記事をシェア|シェア|印刷|無断転載禁止|続きを読む
排序|广告|廣告|来源链接|来源|來源|返回顶部|回到頂部|订阅电子报|分享本文|分享|打印|列印|责任编辑|收藏|扫一扫
sortieren|anzeige|werbung|quelle|nach oben|newsletter abonnieren|artikel teilen|teilen|drucken
merken|kommentare|weiterlesen|zur startseite|publicité|partager|lire la suite|s'abonner|imprimer
publicidad|compartir|leer más|suscríbete|imprimir|comentarios
"""
# Above lists of other articles: what follows to the end goes too, if it reads like such a list.
_RELATED = """
related articles|related stories|related news|related posts|related content|related topics|related
more articles|more stories|more news|more on this story|more from|latest article|latest articles
latest news|must read|most read|most popular|popular|trending|trending now|recommended
recommended for you|you may also like|you might also like|read next|up next|editors picks|read also
관련기사|관련 기사|관련뉴스|많이 본 뉴스|많이 본 기사|최신기사|최신 기사|추천기사
인기기사|이 시각 주요뉴스
читайте также|популярное|последние новости|по теме|материалы по теме|ещё по теме|еще по теме
главное|самое читаемое|новости партнёров|новости партнеров|другие новости|смотрите также
популярне|останні новини|за темою|читайте також|інші новини|дивіться також
関連記事|関連ニュース|人気記事|最新記事|おすすめ記事|アクセスランキング|あわせて読みたい
相关阅读|相關閱讀|相关新闻|相關新聞|相关报道|热门文章|熱門文章|最新文章|推荐阅读|延伸阅读|延伸閱讀|相关链接
mehr zum thema|meistgelesen|neueste artikel|lesen sie auch|das könnte sie auch interessieren
à lire aussi|sur le même sujet|les plus lus|lea también|noticias relacionadas|lo más leído
"""


def _keys(phrases: str) -> frozenset[str]:
    return frozenset(key_of(phrase) for line in phrases.split("\n") for phrase in line.split("|"))


_FURNITURE = _keys(_PHRASES) | _keys(_RELATED)
_LISTS = _keys(_RELATED)
_CREDIT = re.compile(
    r"(?:main |cover |top |title )?(?:photo|image|picture|photograph|video|illustration|foto|bild"
    r"|фото|фотография|світлина|видео|відео|사진|写真|画像|图|图片|圖|資料圖|图源)"
    r"(?: ?(?:source|credit|courtesy|by|from|via|quelle|제공|提供|cr[ée]dit|de|автора))*"
    r"\s*(?:[:：=©/|]|\bby\b)\s*.{1,90}"
    r"|\(?(?:photo|image|foto|фото|사진|写真)[^.!?。]{0,40}\)?"
    r"|[(\[【]?(?:ap|afp|reuters|epa|getty images|kcna|tass|тасс)[ /]?(?:photo|images?|фото)?\W*",
    re.IGNORECASE,
)
_RIGHTS = re.compile(
    r".{0,60}(?:©|ⓒ|\(c\)|copyright|all rights reserved|все права защищены|усі права захищено"
    r"|무단\s?전재|無断転載|版权所有|alle rechte vorbehalten).{0,90}",
    re.IGNORECASE,
)
_ADDRESS_LINE = re.compile(r"[\w .·ㆍ,/|가-힣]{0,30}\s*[\w.+-]{2,40}@[\w-]+(?:\.[\w-]+)+\W{0,3}")
_MINUTES = re.compile(r"\d+\s*(?:min|minutes?|мин|хв|분|分)\W{0,3}(?:read|lesezeit|чтения)?", re.I)
_BY = re.compile(
    r"(?:by|von|par|por|текст|автор|written by|posted by)\b[:：]?\s.{2,80}"
    r"|[가-힣]{2,4}\s?(?:기자|특파원)|(?:记者|記者|文|作者)\s*[:：/|]?\s*\S{2,12}",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?。！？…:;»”\"')\]」』]$")
_HEAD = 6  # lines at the top where headline, byline and date line are looked for
_SHORT = 100


def drop_furniture(
    lines: Sequence[str], *, titles: Iterable[str | None], authors: Iterable[str], now: datetime
) -> list[str]:
    """Keep the lines that are the article's own."""
    headlines = {key for title in titles if (key := key_of(title))}
    names = {key for author in authors if (key := key_of(author))}
    kept: list[str] = []
    for place, line in enumerate(_without_lists(lines)):
        at_top = len(kept) == 0 or place < _HEAD
        if at_top and (key_of(line) in headlines or _is_byline(line, names) or is_date(line, now)):
            continue
        if not is_furniture(line):
            kept.append(line)
    while kept and _is_signature(kept[-1], names):
        kept.pop()
    return kept


def is_furniture(line: str) -> bool:
    """Whether a line is a known label, a photo credit or a notice of rights, and nothing else."""
    if len(line) > _SHORT * 2:
        return False
    key = key_of(line)
    if not key or key in _FURNITURE:
        return True
    short = len(line) <= _SHORT
    return bool(
        (short and _CREDIT.fullmatch(line))
        or _RIGHTS.fullmatch(line)
        or _ADDRESS_LINE.fullmatch(line)
        or _MINUTES.fullmatch(line)
    )


def is_date(line: str, now: datetime) -> bool:
    """Whether a line only tells a date or a time of day."""
    if len(line) > 60 or not any(letter.isdigit() for letter in line) or len(line.split()) > 10:
        return False
    if _SENTENCE_END.search(line) and sum(letter.isalpha() for letter in line) > 25:
        return False
    clock = re.fullmatch(r"\W*\d{1,2}[:.]\d{2}\W*", line)
    return bool(clock) or parse_moment(line, source="html", timezone=None, now=now) is not None


def _is_byline(line: str, names: set[str]) -> bool:
    if len(line) > _SHORT or (_SENTENCE_END.search(line) and len(line.split()) > 8):
        return False
    key = key_of(line)
    return (
        key in names
        or bool(_BY.fullmatch(line))
        or (len(line) < 80 and any(name in key and len(name) * 3 > len(key) for name in names))
    )


def _is_signature(line: str, names: set[str]) -> bool:
    return len(line) <= _SHORT and key_of(line) in names


def _without_lists(lines: Sequence[str]) -> Sequence[str]:
    """Cut a trailing list of other articles, its label included."""
    for place, line in enumerate(lines):
        if place and len(line) < _SHORT and key_of(line) in _LISTS:
            rest = lines[place + 1 :]
            if all(len(other) <= _SHORT * 2 and not _SENTENCE_END.search(other) for other in rest):
                return lines[:place]
    return lines
