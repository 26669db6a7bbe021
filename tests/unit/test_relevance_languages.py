"""Relevance in nine languages: what is kept, and what only mentions or resembles the pair."""

from __future__ import annotations

import pytest

from crawler.news.relevance import judge
from tests.watched import SHIPPED

KEPT = [
    pytest.param(
        "en",
        "Pyongyang ships a new batch of shells to Moscow, Seoul says",
        "Freight cars left the border town at night. North Korea has sent Russia a third train "
        "of artillery ammunition since spring, a lawmaker said.",
        id="en: arms, a third country tells",
    ),
    pytest.param(
        "en",
        "Kyiv offers to exchange captured North Korean soldiers",
        "The two men have been held in the capital since January and are being treated for wounds.",
        id="en: soldiers at the war, Russia never named",
    ),
    pytest.param(
        "en",
        "Putin, Kim vow closer ties",
        "The two leaders spoke by telephone for an hour on the eve of the anniversary.",
        id="en: surnames only",
    ),
    pytest.param(
        "en",
        "Delegation leaves for Vladivostok",
        "Pyongyang, May 4 (KCNA) -- A delegation of the Ministry of Fisheries left for a joint "
        "commission in Vladivostok. It was seen off by staff of the Russian embassy.",
        id="en: a place stands for the country",
    ),
    pytest.param(
        "ko",
        "북·러, 두만강 자동차 다리 내년 개통 합의",
        "북한과 러시아가 국경을 잇는 다리를 내년 여름까지 열기로 했다고 양국 정부가 밝혔다.",
        id="ko: one word for both",
    ),
    pytest.param(
        "ko",
        "우크라 “북한군 포로 2명 추가 생포”",
        "우크라이나군은 국경 지역 전투에서 북한군 병사 두 명을 사로잡았다고 발표했다.",
        id="ko: prisoners at the war",
    ),
    pytest.param(
        "ru",
        "В Расоне открылась выставка приморских рыбаков",
        "Рыболовные компании Приморья показали в северокорейском Расоне свою продукцию, КНДР "
        "готова закупать минтай у российских предприятий.",
        id="ru: places stand for the countries",
    ),
    pytest.param(
        "ru",
        "Лавров передал главе МИД КНДР приглашение в Москву",
        "Стороны обсудили договор о партнёрстве и сроки визита.",
        id="ru: diplomacy",
    ),
    pytest.param(
        "uk",
        "На Курщині помітили нові підрозділи з КНДР",
        "Північнокорейські сапери розміновують поля поблизу кордону, повідомив Генштаб.",
        id="uk: sappers",
    ),
    pytest.param(
        "uk",
        "У Харкові знайшли уламки північнокорейської ракети",
        "Експерти вивчають маркування, за їхніми словами, ракету зібрали торік.",
        id="uk: a missile at the war, Russia never named",
    ),
    pytest.param(
        "ja",
        "ロ朝、直行便を週3便に増便",
        "ロシアの航空会社は夏からモスクワと平壌を結ぶ便を増やすと発表した。",
        id="ja: one word for both",
    ),
    pytest.param(
        "zh",
        "普丁致電金正恩 祝賀建國紀念日",
        "俄羅斯總統普丁在電文中表示，願與北韓深化各領域合作。",
        id="zh: traditional letters",
    ),
    pytest.param(
        "zh",
        "朝鲜工兵抵达库尔斯克参与重建",
        "俄方说，来自朝鲜的工兵将修复道路和学校。",
        id="zh: engineers",
    ),
    pytest.param(
        "de",
        "Moskau und Pjöngjang planen gemeinsame Werft",
        "Nordkorea soll Arbeiter stellen, Russland die Pläne liefern.",
        id="de: shipyard",
    ),
    pytest.param(
        "fr",
        "La Corée du Nord enverra mille démineurs en Russie",
        "L'accord a été conclu à Pyongyang lors d'une visite du ministre russe de la Défense.",
        id="fr: sappers",
    ),
    pytest.param(
        "es",
        "Rusia y Corea del Norte abren una línea de trenes",
        "El primer convoy salió de Moscú con destino a Pionyang.",
        id="es: trains",
    ),
]
LEFT_OUT = [
    pytest.param(
        "en",
        "Hackers from Russia, China, Iran and North Korea target hospitals",
        "The report lists forty attacks of the past year.",
        id="en: a list of countries",
    ),
    pytest.param(
        "en",
        "Our town is run like North Korea, says Moscow theatre director",
        "The director left Russia last year and works in Berlin.",
        id="en: a comparison",
    ),
    pytest.param(
        "en",
        "Officer Kim of Moscow, Idaho, wins bravery medal",
        "Residents applauded the policeman in the town hall.",
        id="en: another Moscow, another Kim",
    ),
    pytest.param(
        "en",
        "Trump and Putin to talk next week; meeting with Kim Jong Un left open",
        "The US president told reporters on his plane that he would phone Vladimir Putin. "
        "He spoke warmly of the North Korean leader, too.",
        id="en: two leaders who do not deal with each other",
    ),
    pytest.param(
        "en",
        "Join us for a walk through Kursk's cathedral",
        "The tour takes an hour; give us a call.",
        id="en: one party alone",
    ),
    pytest.param(
        "ko",
        "경북 달러 투자 설명회에 러닝 동호인 몰려",
        "북한산 둘레길에서 열린 행사에는 페이스북으로 신청한 3.7조로 나뉜 참가자들이 왔다.",
        id="ko: syllables that only look like the pair",
    ),
    pytest.param(
        "ko",
        "시진핑·푸틴 베이징서 회담…김정은은 열차로 이동 중",
        "두 정상은 에너지 협력을 논의했다. 가스관 가격은 정하지 못했다.",
        id="ko: two others meet",
    ),
    pytest.param(
        "ru",
        "Десять корейских закусок, которые полюбили в Москве",
        "Кимчи и острая морковь продаются у каждой станции метро.",
        id="ru: food",
    ),
    pytest.param(
        "ru",
        "КНДР запустила две ракеты в сторону моря, передаёт РИА Новости",
        "О пуске сообщили военные Южной Кореи.",
        id="ru: the agency is no party",
    ),
    pytest.param(
        "uk",
        "За резолюцію голосували 140 країн, проти - Росія, Білорусь, КНДР та Сирія",
        "Документ не має обов'язкової сили.",
        id="uk: a vote",
    ),
    pytest.param(
        "uk",
        "Фестиваль показав фільм про підводний човен «Курськ»",
        "Стрічку дивилися і гості з Південної Кореї.",
        id="uk: a submarine",
    ),
    pytest.param(
        "ja",
        "朝日新聞、露天商の歴史を特集",
        "朝露にぬれた市場の写真が並ぶ。北海道の読者からも便りが届いた。",
        id="ja: morning, dew and north",
    ),
    pytest.param(
        "zh",
        "俄亥俄州举办朝鲜族美食节",
        "王朝餐厅送出俄式面包，朝阳区的游客也来了。",
        id="zh: Ohio and a minority's cooking",
    ),
    pytest.param(
        "de",
        "Südkorea liefert Polen Haubitzen",
        "Warschau sieht sich von Russland bedroht.",
        id="de: the other Korea",
    ),
    pytest.param(
        "fr",
        "Salade russe et cuisine coréenne au menu",
        "Le chef revient de Séoul.",
        id="fr: a salad",
    ),
    pytest.param(
        "es",
        "La ONU condena la guerra: Rusia, Siria, Corea del Norte y Cuba votan en contra",
        "La resolución no es vinculante.",
        id="es: a vote",
    ),
]


@pytest.mark.parametrize(("language", "title", "text"), KEPT)
def test_coverage_of_the_pair_is_kept(language: str, title: str, text: str) -> None:
    assert judge(SHIPPED, title=title, text=text, language=language).relevant


@pytest.mark.parametrize(("language", "title", "text"), LEFT_OUT)
def test_what_only_mentions_or_resembles_the_pair_is_left_out(
    language: str, title: str, text: str
) -> None:
    assert not judge(SHIPPED, title=title, text=text, language=language).relevant
