"""The words around an article, by language: menus, promotion, notices. None of them is its text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The furniture of a page in one language. `notice` tells the reader that all is invented."""

    menu: tuple[str, str, str, str]
    related: str
    most_read: str
    share: str
    advert: str
    newsletter: str
    subscribe: str
    copyright: str
    updated: str
    not_found: str
    notice: str


WORDS: Final[Mapping[str, Words]] = {
    "en": Words(
        menu=("Home", "World", "Business", "Weather"),
        related="More on this",
        most_read="Most read this week",
        share="Share this article",
        advert="Advertisement",
        newsletter="Get the morning letter in your inbox",
        subscribe="Sign up",
        copyright="All rights reserved",
        updated="Updated",
        not_found="We could not find that page",
        notice="Sample text, written for the demonstration of Tumen. Nothing on this page is news.",
    ),
    "ko": Words(
        menu=("홈", "정치", "국제", "날씨"),
        related="함께 볼 기사",
        most_read="이번 주 많이 읽힌 기사",
        share="기사 나누기",
        advert="광고",
        newsletter="아침 편지를 받아 보세요",
        subscribe="신청하기",
        copyright="무단 전재와 재배포를 금합니다",
        updated="수정",
        not_found="찾으시는 페이지가 없습니다",
        notice="Tumen 시연을 위해 지어낸 견본 글입니다. 실제 뉴스가 아닙니다.",
    ),
    "ru": Words(
        menu=("Главная", "Край", "Экономика", "Погода"),
        related="Ещё по теме",
        most_read="Самое читаемое за неделю",
        share="Рассказать друзьям",
        advert="Реклама",
        newsletter="Утреннее письмо редакции",
        subscribe="Подписаться",
        copyright="Все права защищены",
        updated="Обновлено",
        not_found="Такой страницы нет",
        notice="Образец текста для показа программы Tumen. Это не новости.",
    ),
    "uk": Words(
        menu=("Головна", "Світ", "Економіка", "Погода"),
        related="Більше про це",
        most_read="Найчитаніше за тиждень",
        share="Поділитися статтею",
        advert="Реклама",
        newsletter="Ранковий лист редакції",
        subscribe="Підписатися",
        copyright="Усі права захищено",
        updated="Оновлено",
        not_found="Такої сторінки немає",
        notice="Зразок тексту для показу програми Tumen. Це не новини.",
    ),
    "ja": Words(
        menu=("トップ", "政治", "国際", "天気"),
        related="あわせて読みたい",
        most_read="今週よく読まれた記事",
        share="この記事を共有",
        advert="広告",
        newsletter="朝のメールをお届けします",
        subscribe="登録する",
        copyright="無断転載を禁じます",
        updated="更新",
        not_found="ページが見つかりません",
        notice="Tumenの実演用に作られた見本の文章です。実際のニュースではありません。",
    ),
    "zh-Hans": Words(
        menu=("首页", "国际", "财经", "天气"),
        related="延伸阅读",
        most_read="本周热读",
        share="转发本文",
        advert="广告",
        newsletter="订阅早间信",
        subscribe="订阅",
        copyright="未经许可不得转载",
        updated="更新于",
        not_found="您访问的页面不存在或已被删除",
        notice="本文为Tumen演示而虚构的样例文字，并非新闻。",
    ),
}
