"""Pages that stand where an article should: robot checks, consent and login walls, "not found".

Promise: a page is refused only when it is short and says in so many words what it is; an article
that writes about such pages is not.
"""

from __future__ import annotations

import re

from crawler.news.titles import first_part

LOGIN = "a login wall"
MISSING = "a page that says there is none"

_SHORT_TEXT = 1_500
_LINE = 160
# How such pages begin or are entitled, a regular expression a line; each ends the line or goes on.
_ROBOT_CHECK = r"""
just a moment\W*
attention required\W.*
checking your browser.*
verify(ing)? (that )?you are (a )?human.*
are you a (ro)?bot\W*
access (to this page has been )?denied\W*
please enable (javascript|js) and .*
enable javascript and cookies to continue.*
please complete the security check.*
security (check|verification)\W*
ddos-guard\W*
pardon our interruption\W*
one more step\W*
robot check\W*
403 forbidden\W*
our systems have detected unusual traffic.*
you have been blocked.*
проверка (вашего )?браузера.*
подтвердите,? что вы не робот.*
доступ (запрещ[её]н|ограничен)\W*
перевірка (вашого )?браузера.*
підтвердіть,? що ви не робот.*
доступ заборонено\W*
로봇이 아닙니다.*
보안\s?(확인|문자)\W*
접근이 (거부|차단)되었습니다.*
アクセスが(拒否|制限)され.*
ロボットではないことを.*
请完成(安全)?验证.*
安全验证\W*
访问(被拒绝|受限).*
zugriff verweigert\W*
sind sie ein mensch\W*
accès refusé\W*
"""
_CONSENT_WALL = r"""
before you continue( to .*)?\W*
we (value|care about) your privacy.*
your privacy( choices)?\W*
cookie (consent|settings|policy)\W*
privacy settings\W*
manage (your )?cookies\W*
mit werbung weiterlesen.*
wir und unsere partner.*
(ihre )?privatsphäre( ist uns wichtig.*)?
datenschutz-?einstellungen\W*
(nous respectons|le respect de) votre vie privée.*
"""
_LOGIN = r"""
(please )?(sign|log) ?in\W*
(please )?(sign|log) ?in (or (register|subscribe) )?to (continue|read|view|access).*
(subscribe|register|create (a|an|your) (free )?account) to (continue|keep|read|unlock|view).*
(this (article|content|story|page) is )?(only )?(for|available to) (our )?subscribers( only)?\W*
subscribers only\W*
you have (reached|read) (your|the) (limit|last|maximum).{0,40}\W*
(войдите|авторизуйтесь|зарегистрируйтесь),? чтобы (продолжить|читать).*
(только )?для подписчиков\W*
вход( на сайт)?\W*
увійдіть,? щоб (продовжити|читати).*
로그인(이 필요|하세요|\s?해\s?주).*
(유료\s?)?회원 ?(전용|만).{0,20}
ログイン(してください|が必要).*
(この記事は)?(有料)?会員限定.*
请(先)?登[录錄入].*
(登录|登錄|登入)后?(继续|繼續|查看|阅读).*
(bitte )?(melden sie sich an|anmelden)( um.*)?\W*
connectez-vous pour.*
"""
_MISSING = r"""
(error\W*)?404\b.*
(the )?(page|article|story|content)( you .{0,40})? (was |is |could |can)?(not (be )?found|gone).*
(the )?(page|article|story)( you .{0,40})? (does not|doesn.t) exist.*
not found\W*
(oops|sorry)\W+(the |this |that )?page .{0,40}
page (missing|unavailable)\W*
(ошибка\W*)?(такой )?(страниц[аы]|публикация|новость|статья) (больше )?не (найден[ао]?|существует).*
сторінк[уа] не (знайдено|існує).*
(요청하신 )?페이지를 찾을 수 없.*
(존재하지 않는|삭제된) (기사|페이지|게시물).*
(お探しの)?(ページ|記事)(が|は)(見つかりません|存在しません|削除され).*
(您(访问|請求|请求)的)?(页面|頁面|文章|网页|網頁)(不存在|未找到|找不到|已被?[删刪]除).*
(die )?seite (wurde )?nicht gefunden.*
artikel (wurde )?nicht gefunden.*
page (introuvable|non trouvée).*
página no encontrada.*
strona nie istnieje.*
"""


def _compile(lines: str) -> re.Pattern[str]:
    return re.compile(rf"\W*(?:{'|'.join(lines.split(chr(10))[1:-1])})", re.IGNORECASE | re.DOTALL)


_WALLS = {
    "a robot check": _compile(_ROBOT_CHECK),
    "a consent wall": _compile(_CONSENT_WALL),
    LOGIN: _compile(_LOGIN),
    MISSING: _compile(_MISSING),
}


def name_wall(titles: tuple[str | None, ...], text: str) -> str | None:
    """Name what stands in the article's place; None where it may be an article.

    A short page is refused for its title, or for its first line where it has but a few.
    """
    if len(text) > _SHORT_TEXT:
        return None
    first = text.lstrip()[:300].split("\n", 1)[0]
    lines = [first_part(title) for title in titles if title]
    if len(text) < _SHORT_TEXT // 3:
        lines.append(first)
    for line in lines:
        for wall, pattern in _WALLS.items():
            if len(line) <= _LINE and pattern.fullmatch(line):
                return wall
    return None
