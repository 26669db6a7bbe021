"""The scan of raw bytes: it never passes over what matchers would find, in whatever spelling."""

import re
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.news.byte_patterns import spell_pattern
from crawler.news.prefilter import build_prefilter
from crawler.news.relevance import judge
from tests.unit.test_decoding import TEXTS
from tests.watched import SHIPPED

# A page in an older charset is told by what it spells, so it must spell something.
AROUND = {
    "cp1251": TEXTS["ru"],
    "koi8-r": TEXTS["ru"],
    "koi8-u": TEXTS["uk"],
    "euc-kr": TEXTS["ko"],
    "shift_jis": TEXTS["ja"],
    "euc-jp": TEXTS["ja"],
    "iso-2022-jp": TEXTS["ja"],
    "gb18030": TEXTS["zh"],
    "big5": TEXTS["tw"],
}
PREFILTER = build_prefilter(SHIPPED)
RUSSIA = " Russia, Россия, 러시아, ロシア, 俄罗斯 "


def _missing(body, *, implied=None, known=()):
    return PREFILTER.missing_side(body, implied=implied, known=known)


def _page(text, charset="utf-8"):
    return f"<html><body><article><p>{text}</p></article></body></html>".encode(charset)


@pytest.mark.parametrize(
    ("name", "charset"),
    [
        pytest.param("North Korea", "utf-8", id="English"),
        pytest.param("NORTH KOREA", "ascii", id="in capitals"),
        pytest.param("Nordkorea", "cp1252", id="German"),
        pytest.param("Corée du Nord", "cp1252", id="French in windows-1252"),
        pytest.param("КНДР", "utf-8", id="Russian"),
        pytest.param("КНДР", "cp1251", id="Russian in windows-1251"),
        pytest.param("Северной Кореей", "koi8-r", id="Russian in KOI8-R"),
        pytest.param("Північна Корея", "koi8-u", id="Ukrainian in KOI8-U"),
        pytest.param("북한", "utf-8", id="Korean"),
        pytest.param("김정은", "euc-kr", id="Korean in EUC-KR"),
        pytest.param("北朝鮮", "shift_jis", id="Japanese in Shift_JIS"),
        pytest.param("金正恩", "euc-jp", id="Japanese in EUC-JP"),
        pytest.param("平壌", "iso-2022-jp", id="Japanese in seven bits"),
        pytest.param("朝鲜", "gb18030", id="Chinese in GB18030"),
        pytest.param("北韓", "big5", id="Chinese in Big5"),
        pytest.param("평양", "utf-16", id="Korean in UTF-16"),
        pytest.param("평양", "utf-16-le", id="in UTF-16 without a mark"),
    ],
)
def test_a_party_is_found_in_every_charset(name, charset):
    around = AROUND.get(charset, "The bridge was opened to traffic in the autumn of the year. ")
    assert _missing(_page(f"{around} {name}. {around}", charset)) != "a"


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param("&#48513;&#54620;", id="decimal entities"),
        pytest.param("&#xBD81;&#xD55C;", id="hexadecimal entities"),
        pytest.param(r"\ubd81\ud55c", id="escapes of JSON"),
        pytest.param(r"\u041a\u041d\u0414\u0420", id="Cyrillic escapes"),
        pytest.param("Cor&eacute;e du Nord", id="named entity"),
        pytest.param(r"Cor\u00e9e du Nord", id="escape of an accent"),
        pytest.param("North&nbsp;Korea", id="hard space"),
        pytest.param("North <b>Korea</b>", id="tag between"),
        pytest.param("North\n  Korea", id="line end between"),
        pytest.param("Nord\u00adkorea", id="soft hyphen"),
        pytest.param("Nord&shy;korea", id="soft hyphen as an entity"),
        pytest.param(r'"body":"\nDPRK officials"', id="after an escaped line end"),
        pytest.param("KCNA는", id="a word with a particle"),
    ],
)
def test_a_party_is_found_however_it_is_spelled(markup):
    assert _missing(_page(markup) + RUSSIA.encode()) != "a"


@pytest.mark.parametrize(
    ("text", "side"),
    [
        pytest.param("A bridge between Norway and Sweden was opened.", "a", id="neither"),
        pytest.param("Russia opened a bridge.", "a", id="the second alone"),
        pytest.param("North Korea opened a bridge.", "b", id="the first alone"),
        pytest.param("North Korea and Russia opened a bridge.", None, id="both"),
        pytest.param("North Korean troops in Ukraine.", None, id="one by its war"),
        pytest.param("NK sends troops to Russia.", None, id="a word in capitals"),
        pytest.param("Russia: follow the link below.", "a", id="its letters in another word"),
        pytest.param("Russia sent Kimberley a front.", "a", id="the beginning of another word"),
        pytest.param("Таким образом Россия решила.", "a", id="the end of another word"),
        pytest.param("«Ким» и Россия", None, id="a name between quotes"),
    ],
)
def test_the_side_that_is_missing_is_named(text, side):
    assert _missing(_page(text)) == side


def test_what_an_outlet_takes_for_granted_need_not_be_named():
    assert _missing(_page("Russia opened a bridge."), implied="a") is None
    assert _missing(_page("Norway opened a bridge."), implied="a") == "b"


def test_what_the_source_says_counts():
    page = _page("A bridge was opened.")
    assert _missing(page, known=("North Korea and Russia open a bridge", None)) is None


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"<html><title>Just a moment</title><p>Wait</p></html>", id="a wall"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"%PDF-1.7", id="no page"),
    ],
)
def test_what_declares_no_article_is_read(body):
    assert _missing(body) is None


def test_without_the_engine_every_page_is_read():
    code = """
import sys
sys.modules["re2"] = None
from crawler.news.lexicon import parse_topic
from crawler.news.prefilter import build_prefilter
from crawler.storage.catalogue import read_topic
prefilter = build_prefilter(parse_topic(*read_topic()))
page = b"<article>Norway opened a bridge.</article>"
print(prefilter.missing_side(page, implied=None), prefilter.missing_at_a_glance(page, implied=None))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "None None\n"


WORDS = (
    "Russia", "North Korea", "Kim Jong Un", "Putin", "Kursk", "KCNA", "and", "sent", "troops to",
    "Россия", "КНДР", "Украина", "войска", "и", "북한", "러시아", "김정은", "파병", "朝鲜",
    "俄罗斯",
    "北朝鮮", "ロシア", "DPRK-Russia", "a bridge", "the North", "Ukraine", "shells", "summit",
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join),
    st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join),
    st.sampled_from(["utf-8", "utf-16"]),
)
def test_no_relevant_article_is_passed_over(title, text, charset):
    relevant = judge(SHIPPED, title=title, text=text, language=None).relevant
    assert not relevant or _missing(_page(f"{title}</p><p>{text}", charset)) is None


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join),
    st.sampled_from(["utf-8", "utf-16", "cp1251"]),
    st.sampled_from([None, "a", "b"]),
    st.sampled_from([(), ("Russia",), ("DPRK", None)]),
)
def test_a_glance_tells_nothing_that_a_closer_look_would_not(text, charset, implied, known):
    body = _page(text, "utf-8").decode().encode(charset, "replace")
    glance = PREFILTER.missing_at_a_glance(body, implied=implied, known=known)
    assert glance in (None, _missing(body, implied=implied, known=known))


@pytest.mark.parametrize(
    ("body", "side"),
    [
        pytest.param(_page("Norway opened a bridge."), "a", id="plain text is told"),
        pytest.param(_page(f"A bridge.{RUSSIA}"), "a", id="and what names one party"),
        pytest.param(_page("Мост открыт. " * 9, "cp1251"), None, id="another charset is not"),
        pytest.param(_page("Norway op\u00adened a bridge."), None, id="nor hyphens in words"),
        pytest.param(_page("Norway &#48513; a bridge."), None, id="nor entities"),
        pytest.param(_page("Norway " * 90_000), None, id="nor what is large"),
    ],
)
def test_a_glance_tells_only_of_what_is_plain(body, side):
    assert PREFILTER.missing_at_a_glance(body, implied=None) == side


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        pytest.param("kim\\s+jong[\\s-]?un", "Kim&nbsp;Jong-un", id="gaps"),
        pytest.param("d\\.?p\\.?r\\.?k", "D.P.R.K", id="signs that may be absent"),
        pytest.param("workers’?\\s+party", "Workers&#8217; Party", id="an apostrophe"),
        pytest.param("(?<!x)(?:se[ou]l|busan)(?=,|\\))", "Seol,", id="choices and looks around"),
        pytest.param("a.{2}d", "abcd", id="repeats"),
    ],
)
def test_a_pattern_is_spelled_for_bytes(pattern, text):
    spelled = spell_pattern(pattern)
    assert re.search(spelled.encode(), text.encode(), re.IGNORECASE)
