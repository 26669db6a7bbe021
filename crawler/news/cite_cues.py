"""How reports say whose news they print, and through whom they quote: cues before and after a name.

By script: Latin (English, German, French, Spanish, Polish), Cyrillic (Russian, Ukrainian), Korean,
Japanese, Chinese. Promise: a cue stands beside the name that it is about, with nothing between them
but what outlets are called.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NEVER = r"(?!)"


@dataclass(frozen=True, slots=True)
class Cues:
    """The cues of one script, from the strongest to the weakest.

    Those before a name are searched up to its beginning, those after it matched from its end.
    """

    no_cite_before: re.Pattern[str]
    no_cite_after: re.Pattern[str]
    quoted_before: re.Pattern[str]
    quoted_after: re.Pattern[str]
    origin_before: re.Pattern[str]
    origin_after: re.Pattern[str]


def _before(pattern: str, gap: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern}){gap}\Z", re.IGNORECASE | re.VERBOSE)


def _after(pattern: str, gap: str) -> re.Pattern[str]:
    return re.compile(rf"{gap}(?:{pattern})", re.IGNORECASE | re.VERBOSE)


_QUOTES = r"[\"“”„«»‘’'‹›(]*"
# What an outlet is called before and after its name: "South Korea's state news agency".
_KIND = r"""(?:news|media|press|agency|agencies|newspaper|newspapers|daily|dailies|broadcaster|
network|outlets?|site|website|portal|magazine|weekly|paper|channel|television|tv|wire|service|state|
official|independent|local|nachrichtenagentur|agentur|zeitung|tageszeitung|magazin|sender|blatt|
staatliche[nr]?|amtliche[nr]?|l['’]agence|agence|quotidien|journal|cha[iî]ne|officielle|hebdomadaire|
agencia|diario|peri[oó]dico|cadena|estatal|revista|agencja|agencji|dziennik|dziennika|gazeta|portalu|
based|run|owned|backed)"""
_ARTICLE = r"""(?:the|a|an|its|der|die|das|dem|den|des|le|la|les|l['’]|du|de|d['’]|au|aux|à|el|los|
al|del|un|une|una|y|and|und|et|both|another|ein|eine[rnms]?)"""
_ADJECTIVE = r"\w+(?:isch|sch|ais|éen|éenne|ien|ienne|ain|aine|esa|ana|eana|iano|orean)(?:e[nrs]?)?"
_WORD = rf"(?:{_ARTICLE}|{_KIND}|(?-i:[A-ZÄÖÜÉ])[\w.’'-]+|\w+-\w+|{_ADJECTIVE})"
_LATIN_GAP = rf"\s+(?:{_QUOTES}{_WORD}[\s-]+){{0,6}}{_QUOTES}"
_LATIN_TAIL = rf"""{_QUOTES}(?:\s?\([^)]{{1,30}}\))?(?:,[^,.;:]{{2,70}},)?(?:['’]s?)?
(?:\s+(?:{_KIND}|has|have|had|hat|haben|a|ha|also|first|later|earlier|on|in|its|own|correspondents?|
monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|yesterday|am|montag|dienstag|mittwoch|
donnerstag|freitag|samstag|sonntag|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|el|\w+day's|
(?:on\s)?\w+\s\d{{1,2}}|recently|reportedly|separately|meanwhile|group|editorial\sboard)){{0,8}}\s+"""

_LATIN = Cues(
    no_cite_before=_before(
        r"""\b(?:works?|worked|working|writes)\s(?:for|at)|\breporters?\s(?:for|of|from|der|des|de)|
        \b(?:correspondent|journalist|editor|photographer|director|head|chief|offices?|building|
        korrespondent\w*|journalist\w*|reporter\w*|redakteur\w*|journaliste|correspondant|periodista|
        corresponsal|dziennikarz)\s(?:for|of|at|from|der|des|von|de|du|del|la|l['’])?|
        \b(?:photos?|image|picture|video)\s(?:by|of|from|via)""",
        rf"\s*(?:{_ARTICLE}\s)?{_QUOTES}",
    ),
    no_cite_after=_after(
        r"""(?:\w+\s)?(?:reporters?|correspondents?|journalists?|photographers?|bureau|buildings?|
        headquarters|director|editors?|cameras?|crew|offices?|studio|subscribers?|photos?|images?|
        handout|pool)\b|/|via\sgetty""",
        rf"{_QUOTES}(?:['’]s?)?\s?",
    ),
    quoted_before=_before(
        r"""\b(?:told|tells|telling|interview(?:ed)?(?:\s(?:with|by|to|for|in))?|
        (?:speaking|spoke|talking|comments?|remarks?|statement)\s(?:to|with)|
        (?:quoted\s(?:as\ssaying\s)?|cited\sas\ssaying\s)(?:by|in)|as\ssaying\s(?:by|in)|
        (?:commentary|editorial|column|op-ed|opinion\spiece|essay)\s(?:in|by|for|from)|
        (?:sagte|sagt|erklärte|bestätigte|erzählte|teilte)(?:\s\w+){0,4}\s(?:der|dem)|
        (?:gespräch|interview)\smit|gegenüber|zitierte?n?(?:\s\w+){0,3}|
        (?:déclaré|dit|confié|affirmé|expliqué|assuré|indiqué|répondu)(?:\s[\w’']+){0,3}\s(?:à|au|aux)|
        (?:entretien|interview)(?:\saccordée?)?(?:\s(?:à|au|avec))?|citée?\spar|
        (?:dijo|declaró|afirmó|explicó|contó|aseguró|señaló)(?:\s\w+){0,3}\s(?:a|al)|
        entrevista\s(?:con|a|en|de)|citad[oa]\spor|
        powiedział\w*|(?:rozmowie|wywiadzie)\s(?:z|dla)|cytuje)""",
        _LATIN_GAP,
    ),
    quoted_after=_after(
        r"""(?:quoted|quotes|commented|comments|opined|argued|argues|editorialized|
        (?:said|wrote|argued)\sin\s(?:an?|its)\s(?:editorial|commentary|op-ed)|
        (?:carried|ran|published|printed)\s(?:an?|its)\s(?:commentary|editorial|op-ed|essay)|
        editorial|commentary|called|criticized|denounced|condemned|slammed|praised|mocked|
        zitierte?|kommentierte?|nannte|kritisierte?|commente|estime|juge|cite|dénonce|
        opinó|opina|comentó|comenta|cita|cytuje|komentuje|ocenia)\b""",
        _LATIN_TAIL,
    ),
    origin_before=_before(
        r"""\b(?:according\sto|citing|cites?|cited\sby|reported(?:\s(?:by|in|on))?|reports?|
        reports?\s(?:by|from|in|of)|published\s(?:by|in)|revealed(?:\sby)?|disclosed\sby|
        (?:broadcast|aired|carried|released|obtained|seen|reviewed|verified|compiled)\sby|
        (?:investigation|analysis|data|estimates?|findings|footage|story|scoop)\s(?:by|from|in|of)|
        quoting|per|via|wrote|writes|said|says|announced|noted|confirmed|learned|
        laut|(?:angaben|informationen|recherchen|berichten|bericht|meldung(?:en)?)(?:\s(?:von|der|des|in))?|
        unter\sberufung\sauf|berichtete?t?|meldete?|schreibt|schrieb|wie|
        selon|d['’]après|citant|(?:rapporté|révélé|annoncé|publié)\spar|
        (?:informations?|enquête|article)\s(?:de|du|des|d['’])|rapporte|indique|annonce|
        según|de\sacuerdo\scon|citando|informó|publicó|reveló|recoge|
        według|jak\s(?:podaje|podała|informuje)|powołując\ssię\sna|podaje|informuje|poinformował\w*|
        donosi|pisze)""",
        _LATIN_GAP,
    ),
    origin_after=_after(
        r"""(?:reported|reports?|reporting|said|says|wrote|writes|revealed|reveals|disclosed|announced|
        learned|published|publishes|broadcast|aired|carried|found|showed|shows|notes?|noted|added|adds|
        confirmed|claims?|claimed|estimates?d?|described|describes|released|obtained|identified|
        investigation|analysis|story|exclusive|scoop|citing|quoting|explained|explains|suggested|
        berichtete?t?|meldete?|schreibt|schrieb|zufolge|erfuhr|erfahren|enthüllte?|veröffentlichte?|
        rapporte|rapporté|indiqué?|annoncé?|révélé?|révèle|écrit|affirmé?|publié?|
        informó|informa|reportó|publicó|anunció|anuncia|reveló|revela|aseguró|asegura|difundió|
        podaje|podała|podał|informuje|poinformował\w*|pisze|napisał\w*|donosi|doniósł|ujawnił\w*)\b""",
        _LATIN_TAIL,
    ),
)

_CYRILLIC_WORD = r"""(?:[\w-]*(?:агентств|агенці|издани|видан|газет|телеканал|канал|портал|журнал|
сайт|радио|радіо|телекомпани|медиа|медіа|сми|зми|пресс|прес)[\w-]*|
[\w-]+(?:ский|ская|ское|ские|ской|ского|ским|скую|ских|ському|ське|ська|ський|ської|ською|ного|ная|
ное|ный|ной|ным|не|на|ний|ного|ної|ному|ную)|(?-i:[A-ZА-ЯЇІЄҐ])[\w-]*|в|в\sсвоём|the|того\sже)"""
_CYRILLIC_GAP = rf"[\s:]+(?:{_QUOTES}{_CYRILLIC_WORD}\s+){{0,5}}{_QUOTES}"
_CYRILLIC_TAIL = rf"""{_QUOTES}(?:\s?\([^)]{{1,30}}\))?(?:,[^,.;:]{{2,70}},)?
(?:\s+(?:также|также|ранее|раніше|уже|позднее|пізніше|накануне|в\s\w+|во\s\w+|у\s\w+|\d+\s\w+|
сегодня|вчера|первым|первой|тоже)){{0,8}}\s+"""

_CYRILLIC = Cues(
    no_cite_before=_before(
        r"""(?<!передаёт\s)(?<!передает\s)(?<!сообщает\s)\b(?:корреспондент|журналист(?:к\w+)?|редактор|
        директор|гендиректор|офис|здание|сотрудни(?:к|ца)|глава|кореспондент|директор|редактор|
        журналістк\w+|будівля)(?:а|ы|и|у|ом|ов)?""",
        rf"\s+{_QUOTES}",
    ),
    no_cite_after=_after(_NEVER, ""),
    quoted_before=_before(
        r"""(?:заявил|рассказал|сказал|пояснил|отметил|уточнил|подтвердил|добавил|объяснил|
        прокомментировал|признал|розповів|розповіла|заявив|заявила|сказав|сказала|пояснив|пояснила|
        уточнив|підтвердив|підтвердила)[аи]?|
        (?:сообщил[аи]?|повідомив|повідомила)(?=[\s«"„]+\S+\s?\S*\Z)|
        (?:интервью|беседе\sс|комментарии|комментариях|разговоре\sс|эфире|корреспонденту|
        інтерв['’]ю|розмові\sз|коментарі|ефірі)|цитиру\w+(?:\s[\w-]+){0,4}|цитує(?:\s[\w-]+){0,3}""",
        _CYRILLIC_GAP,
    ),
    quoted_after=_after(
        r"""(?:цитиру\w+|цитирова\w+|цитує|процитув\w+|назва[лв]\w*|прокомментировал\w*|посвятил\w*|
        раскритиковал\w*|осудил\w*|высмеял\w*|прокоментув\w+|розкритикув\w+|засуди\w+)""",
        _CYRILLIC_TAIL,
    ),
    origin_before=_before(
        r"""(?:по\s(?:данным|информации|сообщени\w+|сведениям|версии|материалам|подсчётам|подсчетам)|
        за\s(?:даними|інформацією|повідомленням\w*|версією)|
        сообща[ею]т|сообщил[аои]?|переда[её]т|передают|передал[аои]?|пиш[еу]т|писал[аои]?|
        написал[аои]?|отмеча[ею]т|узнал[аои]?|информиру[ею]т|утвержда[ею]т|выяснил[аои]?|
        со\sссылкой\sна|ссылаясь\sна|по\sсообщению|корреспондент|
        повідомля[єю]\w*|повідоми\w+|переда[єю]\w*|пише|пишуть|з['’]ясува\w+|
        [іи]?з\sпосиланням\sна|посилаючись\sна|зазнача[єю]\w*)""",
        _CYRILLIC_GAP,
    ),
    origin_after=_after(
        r"""(?:сообща[ею]т|сообщил\w*|пиш[еу]т|писал\w*|написал\w*|передал\w*|переда[её]т|узнал\w*|
        выяснил\w*|опубликовал\w*|показал\w*|утвержда\w+|отмеча[ею]т|отметил\w*|уточня[ею]т|
        рассказал\w*|информиру[ею]т|информировал\w*|заявил\w*|раскрыл\w*|распространил\w*|
        со\sссылкой|ссылаясь|приводит|полагает|насчитал\w*|
        повідомля[єю]\w*|повідоми\w+|пише|писа\w+|переда[єю]\w*|передал\w*|з['’]ясува\w+|
        опублікува\w+|показа\w+|стверджує|розповіл\w*|дізнал\w*|оприлюдни\w+|
        [іи]з\sпосиланням)""",
        _CYRILLIC_TAIL,
    ),
)

_KOREAN_TAIL = r"(?:\s?(?:통신사?|방송|신문|뉴스|측|등))?(?:\s?\([^)]{1,20}\))?['’\"”>》」]*"

_KOREAN = Cues(
    no_cite_before=_before(
        r"사진\s?[=:]|사진\s?(?:출처|제공)\s?[=:：]|제공\s?[=:：]", r"\s*[<《「'‘]*"
    ),
    no_cite_after=_after(
        r"\s?(?:기자|특파원|건물|사옥|사장|본사|제공|캡처|홈페이지|건물|카메라|지국|편집)",
        _KOREAN_TAIL,
    ),
    quoted_before=_before(_NEVER, ""),
    quoted_after=_after(
        r"""(?:과|와)의?\s?(?:\S+\s){0,2}(?:인터뷰|대담|통화|회견)|\s(?:인터뷰|대담)에서|
        (?:에|에게)\s(?!따르|의하).{0,120}(?:말했|밝혔|전했|설명했|답했|강조했)|
        (?:은|는|이|가|도)?\s?(?:\S+\s){0,3}(?:논평|사설|칼럼|논설|담화)|의\s(?:논평|사설)|
        (?:은|는|이|가|도)\s.{0,160}(?:평가했|비판했|비난했|주장했|지적했|논평했|촉구했|꼬집었)""",
        _KOREAN_TAIL,
    ),
    origin_before=_before(_NEVER, ""),
    origin_after=_after(
        r"""에\s?(?:따르|의하)|의?\s?보도|의\s(?:취재|기사|단독|분석|추적)|(?:을|를|발로|발)\s?인용|발\s|
        (?:은|는|이|가|도|에서)?\s(?:.{0,200})(?:보도했|보도한|보도하|전했|전한|전하|알렸|알려|밝혔|밝힌|
        공개했|공개한|실었|실은|썼|쓴|내보냈|방영했|게재했|포착했|확인했|타전했|소개했|분석했)|
        \s(?:소식통|취재)""",
        _KOREAN_TAIL,
    ),
)

_JAPANESE_TAIL = (
    r"(?:通信社?|新聞|テレビ|放送|紙|ニュース|電子版|など)*(?:[（(][^）)]{1,20}[）)])?[」』》]*"
)

_JAPANESE = Cues(
    no_cite_before=_before(r"写真\s?[:：=＝]?|提供\s?[:：=＝]|画像\s?[:：]", r"[「『]*"),
    no_cite_after=_after(r"の?(?:記者|特派員|本社|建物|提供|支局|カメラ|スタジオ)", _JAPANESE_TAIL),
    quoted_before=_before(_NEVER, ""),
    quoted_after=_after(
        r"""の?(?:\S{1,8}の)?(?:取材|インタビュー|単独会見)|に(?:対し|対して)?、?.{0,60}(?:語っ|述べ|話し|答え)|
        (?:は|が)、?(?:\S{1,12}の)?(?:論評|社説|コラム|論説)|の(?:論評|社説|論説|コラム)|
        は、?.{0,120}(?:非難した|批判した|論評した|主張した|評した)""",
        _JAPANESE_TAIL,
    ),
    origin_before=_before(_NEVER, ""),
    origin_after=_after(
        r"""に(?:よると|よれば|よりますと)|(?:は|が|も)、?.{0,200}(?:報じ|伝え|報道し|明らかにし|公開し|
        掲載し|発表し|配信し|分析し)|の(?:報道|調査|まとめ|記事|集計)|が?(?:配信|既報)|電|を引用|[】\]]""",
        _JAPANESE_TAIL,
    ),
)

_CHINESE_TAIL = r"[》」』”\"]*(?:[（(][^）)]{1,20}[）)])?(?:网站|網站|等(?:\S{0,3}媒|媒体|媒體)?)?"
_CHINESE_TIME = r"""(?:\d+(?:月\d+)?日|本?周[一二三四五六日]|星期\S|近日|日前|当天|當天|昨日|今日|
(?:在|于|於)?\S{0,6}(?:头版|頭版|网站上|網站上)|\S{0,3}\d+月\d+日)?"""

_CHINESE = Cues(
    no_cite_before=_before(
        r"(?:图片?|圖片?|照片|摄影|攝影)(?:来源|來源|提供)?\s?[:：/／]?", r"[《「]*"
    ),
    no_cite_after=_after(
        r"(?:的|驻\S{0,4}|駐\S{0,4})?(?:记者|記者|大楼|大樓|总部|總部|社长|社長|总编|摄影|供图)",
        _CHINESE_TAIL,
    ),
    quoted_before=_before(
        r"(?:接受|告诉|告訴|(?<![针針面相])对|(?<![针針面相])對|向)(?:了)?", r"[《「]*"
    ),
    quoted_after=_after(
        r"""(?:的)?(?:专访|專訪|采访时|採訪時)|(?:发表|發表|刊发|刊登|在|的)?\S{0,6}(?:评论|評論|社评|社評|
        社论|社論|时评|時評|述评)""",
        _CHINESE_TAIL,
    ),
    origin_before=_before(
        r"(?:据|據|根据|根據|依据|援引|引述|引用|转引|轉引)[^，。；,]{0,12}?|(?:来源|來源|稿源)[:：]?",
        r"[《「]*",
    ),
    origin_after=_after(
        rf"""{_CHINESE_TIME}[^，。]{{0,8}}(?:报道|報道|報導|报导|消息|称|稱|援引|引述|披露|透露|刊登|
        刊文|刊发|发文|發文|调查|調查|获悉|獲悉|发布|發布|指出|证实|證實|表示|介绍|电$|电[\s:：]|電[\s:：])""",
        _CHINESE_TAIL,
    ),
)

BY_SCRIPT = {
    "latin": _LATIN,
    "cyrillic": _CYRILLIC,
    "hangul": _KOREAN,
    "kana": _JAPANESE,
    "han": _CHINESE,
}
