"""Kinds of page that readers get wrong, each as the press builds it; all words are ours."""

from datetime import UTC, datetime

import pytest

from crawler.errors import PageUnreadable
from crawler.news.pages import Visit, read_in_full, read_page
from crawler.news.records import Entry

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
URL = "https://quay.example/world/2026/11/20/quay-opens"


def _read(html, *, url=URL, entry=None):
    return read_page(
        html.encode(), url, content_type="text/html", outlet=None, entry=entry, now=NOW
    )


LEAD = "The northern quay opened on Friday, two years after the storm took it, officials said."
MORE = "Fishing boats from three villages were the first to moor there; two had waited since dawn."
LAST = "The ferry line to the islands will follow in the spring, once the pilots are trained."
TEXT = f"{LEAD}\n{MORE}\n{LAST}"
PARAGRAPHS = f"<p>{LEAD}</p><p>{MORE}</p><p>{LAST}</p>"


def _posts(count):
    return "".join(
        f"<div class='post'><div class='post-head'><a href='#post-{n}'>1{n % 10}:{n:02d}</a></div>"
        f"<h3>Entry {n}: the pilot boat is back</h3><div class='post-body'>"
        f"<p>Boat number {n} has left the inner harbor and is heading for the quay now.</p>"
        f"<p>Its crew of {n + 2} reports calm water and a light wind from the north east.</p>"
        "</div></div>"
        for n in range(count)
    )


def test_a_live_blog_keeps_all_its_entries():
    page = (
        "<html><body><main><h1>Quay opens: live</h1><div class='key-moments'><ul>"
        "<li><a href='#post-1'>Entry 1: the pilot boat is back</a></li></ul></div>"
        f"<div class='post-body'><p>{LEAD}</p><p>{MORE}</p></div>{_posts(12)}</main></body></html>"
    )
    text = _read(page).text
    assert [n for n in range(12) if f"Boat number {n} has left" not in text] == []
    assert [n for n in range(12) if f"Its crew of {n + 2} reports" not in text] == []
    assert "Entry 7: the pilot boat is back" in text


def test_a_text_in_several_parts_is_read_whole():
    parts = [f"Part {n} of the report tells of pier {n}, mended in a week." for n in range(9)]
    body = "".join(
        f"<div class='grid paywall'><div class='body article'>"
        f"<p>{part}</p><p>{MORE} ({n})</p></div>"
        "<div class='ad-slot'><p>Advertisement</p></div></div>"
        for n, part in enumerate(parts)
    )
    text = _read(f"<html><body><article><h1>Nine piers</h1>{body}</article></body></html>").text
    assert [part for part in parts if part not in text] == []
    assert "Advertisement" not in text


def test_an_old_table_layout_is_read_without_its_columns():
    menu = "".join(f"<a href='/s/{n}'>Section {n}</a><br>" for n in range(20))
    page = (
        "<html><body><table width=780><tr><td colspan=3><img src=logo.gif></td></tr><tr>"
        f"<td width=150><font size=1>{menu}</font></td>"
        "<td><table><tr><td><font size=4><b>Quay opens</b></font></td></tr>"
        f"<tr><td>2026-11-20 10:20</td></tr><tr><td>{LEAD}<br><br>{MORE}<br><br>{LAST}</td></tr>"
        "</table></td>"
        "<td width=160><table><tr><td><a href='/a/1'>Port fees rise again in the east</a></td></tr>"
        "<tr><td><a href='/a/2'>A bridge waits for its second span</a></td></tr></table></td>"
        "</tr></table></body></html>"
    )
    assert _read(page).text == TEXT


def test_a_table_of_figures_stays_in_its_place():
    rows = "".join(
        f"<tr><td>{year}</td><td>{year * 3 % 97} tons</td></tr>" for year in range(2020, 2026)
    )
    page = (
        f"<html><body><article><h1>Quay</h1><p>{LEAD}</p><p>{MORE}</p>"
        f"<table><tr><th>Year</th><th>Freight</th></tr>{rows}</table><p>{LAST}</p></article></body>"
    )
    lines = _read(page).text.split("\n")
    assert lines[0] == LEAD
    assert lines[-1] == LAST
    assert f"2024 | {2024 * 3 % 97} tons" in lines


def test_a_page_that_exists_in_scripts_only_is_read_from_json_ld():
    page = (
        '<html><head><title>Quay opens</title><script type="application/ld+json">'
        '{"@context":"https://schema.org","@type":"NewsArticle","headline":"Quay opens",'
        f'"datePublished":"2026-11-20T10:20:00+09:00","articleBody":"{LEAD}\\n\\n{MORE}\\n\\n{LAST}"}}'
        '</script></head><body><div id="root"></div><script src="/app.js"></script></body></html>'
    )
    article = _read(page)
    assert (article.text, article.text_source) == (TEXT, "json-ld")
    assert article.published.at == datetime(2026, 11, 20, 1, 20, tzinfo=UTC)


def test_an_amp_page_is_read_like_its_plain_one():
    page = (
        "<!doctype html><html amp><head><style amp-boilerplate>body{}</style>"
        "<link rel=canonical href='/world/quay'></head><body><amp-sidebar id=s><ul><li>"
        "<a href='/'>Home</a></li></ul></amp-sidebar><article><h1>Quay opens</h1>"
        "<amp-img src=a.jpg><noscript><img src=a.jpg></noscript></amp-img>"
        f"<p>{LEAD}</p><amp-ad></amp-ad><p>{MORE}</p>"
        f"<amp-social-share type=email></amp-social-share><p>{LAST}</p></article></body></html>"
    )
    article = _read(page)
    assert article.text == TEXT
    assert article.canonical == "https://quay.example/world/quay"


def test_the_lead_of_a_paid_article_says_that_it_is_one():
    page = (
        '<html><head><script type="application/ld+json">{"@type":"NewsArticle",'
        '"headline":"Quay opens","isAccessibleForFree":"False"}</script></head><body><article>'
        f"<h1>Quay opens</h1><p>{LEAD}</p><p>{MORE}</p><div class='paywall-offer'>"
        "<p>Subscribe to our newspaper to read on. Cancel whenever you like, no strings.</p>"
        "<ul><li>All articles of the archive</li><li>The printed page as a file</li></ul></div>"
        "</article></body></html>"
    )
    article = _read(page)
    assert (article.text, article.text_status) == (f"{LEAD}\n{MORE}", "lead")


def test_a_feed_s_whole_text_outweighs_a_lead():
    page = (
        '<html><head><meta property="article:content_tier" content="locked"></head><body>'
        f"<article><h1>Quay opens</h1><p>{LEAD}</p></article></body></html>"
    )
    entry = Entry(url=URL, title="Quay opens", text=f"<p>{LEAD}</p><p>{MORE}</p><p>{LAST}</p>")
    article = _read(page, entry=entry)
    assert (article.text, article.text_source) == (TEXT, "feed")


def test_of_several_articles_on_a_page_only_its_own_is_read():
    others = "".join(
        f"<article class='post-{n}'><h1><a href='/x/{n}'>Another tale of harbor {n}</a></h1>"
        f"<p>Harbor {n} has a tale of its own, which is told at length on a page of its own.</p>"
        f"<p>It began in the year 19{n}0, when the first crane of harbor {n} was put up there.</p>"
        "</article>"
        for n in range(1, 6)
    )
    page = (
        f"<html><head><title>Quay opens</title></head><body><article class='post-9'>"
        f"<h1>Quay opens</h1>{PARAGRAPHS}</article>{others}</body></html>"
    )
    assert _read(page).text == TEXT


def test_teasers_below_the_text_are_left_out():
    teasers = "".join(
        f"<div class='card'><h4><a href='/n/{n}'>Port fees rise again in district {n}</a></h4>"
        f"<span>Nov {n}, 2026</span><p>Shippers in district {n} complain that the fees rose twice"
        " within one year.</p></div>"
        for n in range(1, 6)
    )
    page = f"<html><body><h1>Quay opens</h1>{PARAGRAPHS}<h3>More tales</h3>{teasers}"
    assert _read(page).text == TEXT


KOREAN = (
    "북항의 새 부두가 금요일에 문을 열었다고 항만 당국이 밝혔다.",
    "세 마을의 어선들이 가장 먼저 부두에 배를 댔고 두 척은 새벽부터 기다렸다.",
    "섬으로 가는 여객선은 도선사 교육이 끝나는 내년 봄부터 다닌다.",
)


def test_a_korean_portal_is_read_without_reporter_rights_and_rankings():
    page = (
        "<html><head><meta charset=utf-8><title>북항 새 부두 개장 - 한빛일보</title></head><body>"
        "<div id=header><a href=/>한빛일보</a><a href=/p>정치</a></div>"
        "<div class=article-head-title>북항 새 부두 개장</div>"
        "<div class=info>입력 2026.11.20 10:20 | 김하나 기자 hana@hanbit.example</div>"
        "<div id=article-view-content-div><div class=photo><img src=a.jpg>"
        "<div class=caption>새 부두의 모습. [사진=한빛일보]</div></div>"
        f"{KOREAN[0]}<br><br>{KOREAN[1]}<br><br>{KOREAN[2]}<br><br>"
        "김하나 기자 hana@hanbit.example<br><br>"
        "저작권자 © 한빛일보 무단전재 및 재배포 금지</div>"
        "<div class=rank><h3>많이 본 뉴스</h3><ol>"
        "<li><a href=/1>항만 이용료 또 오른다</a></li><li><a href=/2>두 번째 다리는 아직</a></li>"
        "<li><a href=/3>겨울 축제 시작</a></li></ol></div>"
        "</body></html>"
    )
    article = _read(page)
    assert article.text.split("\n") == list(KOREAN)
    assert (article.title, article.language) == ("북항 새 부두 개장", "ko")


CHINESE = (
    "北港新码头星期五正式启用，港口管理部门当天对外公布了这一消息。",
    "三个村庄的渔船最先靠岸，其中两艘从清晨就开始在港外等候进港。",
    "开往各岛的渡轮将在引航员完成培训之后，于明年春天投入运营。",
)


def test_a_chinese_portal_with_indented_lines_is_split_into_paragraphs():
    indented = "".join(f"\u3000\u3000{line}\n" for line in CHINESE)
    page = (
        "<html><body><div class=top><a href=/>首页</a></div><h1>北港新码头启用</h1>"
        "<div class=from>2026-11-20 10:20　来源：海家日报　责任编辑：林一</div>"
        f"<div class=content>{indented}</div><div>（责任编辑：林一）</div>"
        "<div class=links><ul>"
        "<li><a href=/1>港口收费再次上涨</a></li><li><a href=/2>第二座桥</a></li>"
        "<li><a href=/3>冬季节日开幕</a></li></ul></div></body></html>"
    )
    article = _read(page)
    assert article.text.split("\n") == list(CHINESE)
    assert [(cited.name, cited.role) for cited in article.cites] == [("海家日报", "origin")]


JAPANESE = (
    "北港の新しい岸壁が金曜日に完成し、港湾当局が同日、使用の開始を発表した。",
    "三つの村の漁船が最初に着岸し、そのうち二隻は夜明けから港の外で待っていた。",
    "島への定期船は、水先人の訓練が終わる来年の春から運航を始める予定だという。",
)


def test_a_japanese_page_is_read_without_notes_for_members():
    page = (
        "<html><body><article><h1>北港に新しい岸壁</h1><time datetime='2026-11-20T10:20:00+09:00'>"
        f"11月20日</time><p>{JAPANESE[0]}</p><p>{JAPANESE[1]}</p><p>{JAPANESE[2]}</p>"
        "<p>この記事は会員限定です。残り1,204文字</p><p>無断転載禁止</p></article>"
        "<aside><h2>関連記事</h2><ul><li><a href=/1>港の料金また上がる</a></li></ul></aside></body>"
    )
    article = _read(page)
    assert (article.text.split("\n"), article.language) == (list(JAPANESE), "ja")


RUSSIAN = (
    "Новый причал в северной гавани открылся в пятницу, сообщили в управлении порта.",
    "Первыми к нему подошли рыбацкие суда из трёх деревень, два из них ждали с рассвета.",
    "Паромная линия на острова заработает весной, когда лоцманы закончат обучение.",
)


def test_a_russian_page_is_read_without_prompts_and_registration():
    page = (
        "<html><body><div class=b-article><h1>В гавани открылся причал</h1>"
        "<div class=b-article__date>20 ноября 2026, 10:20</div>"
        f"<div class=b-article__text><p>{RUSSIAN[0]}</p>"
        f"<p>Читайте также: Портовые сборы снова растут</p><p>{RUSSIAN[1]}</p>"
        f"<p>{RUSSIAN[2]}</p><p>Фото: пресс-служба порта</p>"
        "<p>Нашли ошибку? Выделите её и нажмите Ctrl+Enter</p></div></div>"
        "<div class=footer><p>Сетевое издание зарегистрировано Роскомнадзором. Адрес редакции:"
        " улица Портовая, дом 1, телефон 000-00-00. Главный редактор: И. И. Причалов.</p></div>"
    )
    assert _read(page).text.split("\n") == list(RUSSIAN)


def test_quotes_subheads_and_lists_stay_in_reading_order():
    quote = "“We had waited long enough,” said the harbor master, who had come in his old uniform."
    page = (
        f"<html><body><article><h1>Quay opens</h1><p>{LEAD}</p><h2>What comes next</h2>"
        f"<blockquote><p>{quote}</p></blockquote><ul><li>A second crane will be put up in May.</li>"
        f"<li>The road to the quay will be widened.</li></ul><p>{LAST}</p></article></body></html>"
    )
    assert _read(page).text.split("\n") == [
        LEAD,
        "What comes next",
        quote,
        "A second crane will be put up in May.",
        "The road to the quay will be widened.",
        LAST,
    ]


def test_a_clock_on_the_page_and_in_the_feed_is_no_date():
    page = (
        "<html><body><div class=td-header><span>18 C</span>"
        "<span class=td_data_time>Sunday, November 22, 2026</span></div>"
        f"<main><h1>Quay opens</h1>{PARAGRAPHS}</main></body></html>"
    )
    assert _read(page, url="https://quay.example/a/7").published is None


def test_a_page_without_an_article_is_refused():
    with pytest.raises(PageUnreadable, match="no text found"):
        _read("<html><body><ul><li><a href='/1'>One</a></li></ul></body></html>")


def test_what_was_dropped_is_told_with_the_reason():
    page = (
        f"<html><body><article><h1>Quay opens</h1><p>{LEAD}</p><p>Photo: Mara Quill / Quay</p>"
        f"<p>{MORE}</p><p>Read more: Port fees rise again</p><p>{LAST}</p></article></body></html>"
    )
    reading = read_in_full(page.encode(), Visit(url=URL, now=NOW))
    reasons = {dropped.line: dropped.reason for dropped in reading.extracted.dropped}
    assert reasons["Photo: Mara Quill / Quay"] == "a credit"
    assert reasons["Read more: Port fees rise again"] == "points to another article"
    assert reading.extracted.opinion.startswith("trafilatura")
