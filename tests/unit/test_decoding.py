"""Bytes in every charset of the watched press: labeled right, wrong, not at all, and broken."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.news.decoding import charset_of, decode

TEXTS = {
    "ko": "두만강 철교의 보수 공사가 이번 주에 마무리됐다고 소식통이 전했다. 시험 운행을 마쳤다. ",
    "ru": "Второй пункт пропуска на границе начал работу в понедельник, сообщила администрация. ",
    "uk": "Невеликий порт готується приймати кораблі із зерном, є надія на роботу. Її ждуть. ",
    "ja": "北浜港の漁船六隻が朝、十年ぶりに出漁した。ロシアとの協定が結び直された。",
    "zh": "图们江口的小镇迎来入冬以来的第一场雪，边境口岸照常开放，班车推迟发车。",
    "tw": "圖們江口的小鎮迎來入冬以來的第一場雪，邊境口岸照常開放，班車延後發車。",
}
CASES = [
    pytest.param(language, charset, id=charset)
    for language, charset in (
        ("ko", "euc-kr"),
        ("ko", "cp949"),
        ("ru", "windows-1251"),
        ("uk", "windows-1251"),
        ("ru", "koi8-r"),
        ("uk", "koi8-u"),
        ("ja", "shift_jis"),
        ("ja", "euc-jp"),
        ("ja", "iso-2022-jp"),
        ("zh", "gb18030"),
        ("zh", "gb2312"),
        ("tw", "big5"),
        ("ko", "utf-16"),
        ("ru", "utf-16-le"),
        ("ja", "utf-16-be"),
        ("ko", "utf-8"),
        ("ru", "utf-8"),
    )
]


def _page(text, label=None):
    meta = f"<meta charset='{label}'>" if label else ""
    menu = "<div class=menu><a href=/world/>World</a></div>" * 20
    return f"<html><head>{meta}<title>T</title></head><body>{menu}<p>{text * 3}</p></body></html>"


@pytest.mark.parametrize(("language", "charset"), CASES)
@pytest.mark.parametrize("label", ["right", "utf-8", "iso-8859-1", "nonsense", None])
def test_text_survives_its_label(language, charset, label):
    page = _page(TEXTS[language], charset if label == "right" else label)
    assert decode(page.encode(charset), declared=None).text == page


@pytest.mark.parametrize(("language", "charset"), CASES)
@pytest.mark.parametrize("label", ["right", "utf-8", "iso-8859-1", None])
def test_text_survives_its_header(language, charset, label):
    page = _page(TEXTS[language])
    header = charset if label == "right" else label
    declared = charset_of(f"text/html; charset={header}") if header else None
    assert decode(page.encode(charset), declared=declared).text == page


@pytest.mark.parametrize(("language", "charset"), CASES)
@pytest.mark.parametrize("label", ["right", None])
def test_one_broken_byte_costs_a_character_or_two(language, charset, label):
    page = _page(TEXTS[language], charset if label == "right" else None)
    body = page.encode(charset)
    end = len(body) - len("</p></body></html>".encode(charset)) - 4
    cut = end - end % 2
    text = decode(body[:cut] + b"\xff" + body[cut + 1 :], declared=None).text
    assert text.count(TEXTS[language].strip()) >= 2


@pytest.mark.parametrize(
    ("language", "charset"),
    [case for case in CASES if not case.values[1].startswith(("iso-2022", "utf-16"))],
)
@pytest.mark.parametrize("label", ["right", "utf-8", "shift_jis", "windows-1251", None])
@pytest.mark.parametrize("broken", [b"\xff", b"\xff\xff"], ids=["replaced", "put in"])
def test_a_broken_byte_in_mid_text_spoils_neither_page_nor_paragraph(
    language, charset, label, broken
):
    text = TEXTS[language].strip()
    page = _page(text, charset if label == "right" else label)
    body = page.encode(charset)
    at = body.index(text.encode(charset)) + 40
    got = decode(body[:at] + broken + body[at + 2 :], declared=None).text
    assert got.count(text[-12:]) >= 2
    assert got.count(text[:8]) >= 2


@pytest.mark.parametrize(
    ("language", "charset", "label"),
    [
        pytest.param("zh", "gb18030", "euc-kr", id="Chinese labeled Korean"),
        pytest.param("ja", "euc-jp", "gb2312", id="Japanese labeled Chinese"),
        pytest.param("tw", "big5", "gb2312", id="traditional labeled simplified"),
        pytest.param("ko", "euc-kr", "shift_jis", id="Korean labeled Japanese"),
        pytest.param("ru", "koi8-r", "windows-1251", id="KOI8-R labeled windows-1251"),
        pytest.param("ru", "windows-1251", "iso-8859-5", id="windows-1251 labeled ISO"),
        pytest.param("uk", "cp866", "windows-1251", id="DOS labeled Windows"),
    ],
)
def test_what_the_bytes_spell_outweighs_a_label_of_the_same_kind(language, charset, label):
    text = TEXTS[language].replace("і", "и").replace("є", "е").replace("ї", "и")
    page = _page(text, label)
    assert decode(page.encode(charset), declared=label).text == page


def test_bytes_that_are_broken_all_over_cost_little():
    decoded = decode(b"\xff\x80\xb0\xa1" * 250_000, declared="gb2312")
    assert decoded.text


@pytest.mark.parametrize(
    ("charset", "body"),
    [
        pytest.param("utf-8", "\ufeffGrüße".encode(), id="utf-8 with a mark"),
        pytest.param("utf-16", "Grüße".encode("utf-16"), id="utf-16 with a mark"),
        pytest.param("utf-32", "Grüße".encode("utf-32"), id="utf-32 with a mark"),
    ],
)
def test_a_byte_order_mark_outweighs_every_label(charset, body):
    decoded = decode(body, declared="cp1251", hint="cp949")
    assert (decoded.text, decoded.charset, decoded.guessed) == ("Grüße", charset, False)


def test_the_hint_of_the_card_serves_where_the_page_says_nothing():
    body = "caf\xe9 \u010d".encode("cp1250")
    decoded = decode(body, declared=None, hint="windows-1250")
    assert (decoded.text, decoded.charset, decoded.guessed) == ("caf\xe9 \u010d", "cp1250", False)


def test_a_guess_is_told_as_one():
    decoded = decode(_page(TEXTS["ru"]).encode("cp1251"), declared="utf-8")
    assert (decoded.charset, decoded.guessed) == ("cp1251", True)


def test_a_french_page_stays_western():
    page = _page("L’été dernier, où étaient-ils ? C’était déjà connu à Sète. ")
    decoded = decode(page.encode("cp1252"), declared="iso-8859-1")
    assert (decoded.text, decoded.charset) == (page, "cp1252")


def test_ascii_in_two_bytes_is_read():
    page = _page("Nothing beyond ASCII here. ")
    assert decode(page.encode("utf-16-le"), declared=None).text == page


def test_korean_in_seven_bits_is_read():
    page = _page(TEXTS["ko"])
    assert decode(page.encode("iso2022_kr"), declared=None).text == page


def test_an_escape_in_utf8_text_is_no_charset():
    page = _page(TEXTS["ru"] + "\x1b$B")
    assert decode(page.encode(), declared=None).charset == "utf-8"


def test_bytes_that_nothing_explains_still_become_text():
    decoded = decode(b"\x80\xff" * 4, declared=None)
    assert (decoded.text, decoded.guessed) == ("\ufffd" * 8, True)


@pytest.mark.parametrize(
    ("content_type", "charset"),
    [
        pytest.param("text/html; charset=EUC-KR", "cp949", id="superset of EUC-KR"),
        pytest.param("text/html; charset=gb2312", "gb18030", id="superset of GB2312"),
        pytest.param("text/html;charset='x'", None, id="unknown"),
        pytest.param("text/html; charset=zlib", None, id="a codec that is no charset"),
        pytest.param("text/html; charset=utf-7", None, id="utf-7 hides markup"),
        pytest.param("text/html; charset=unicode_escape", None, id="escapes hide markup"),
        pytest.param("text/html", None, id="nothing declared"),
        pytest.param(None, None, id="no header"),
    ],
)
def test_a_header_names_a_charset_or_none(content_type, charset):
    assert charset_of(content_type) == charset


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=300) | st.text(max_size=80).map(lambda text: text.encode("utf-16")),
    st.sampled_from(["gb18030", "big5", "koi8-r", "iso2022_kr", "utf-16", "johab", "x", None]),
)
def test_any_bytes_become_text_without_lone_surrogates(body, declared):
    decode(body, declared=declared, hint=declared).text.encode()
