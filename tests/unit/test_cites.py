"""To whom a report owes its news, and whom it quotes: names, roles, links, and what is neither."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.news.cite_names import CitedOutlet, cited_outlets, gather_names
from crawler.news.cites import Report, find_cites
from crawler.news.outlets import Outlet
from crawler.news.source_links import SourceLink

CATALOGUE = (
    CitedOutlet("harbor-en", ("Harbor Wire", "Harbor"), "en", "harbor.example"),
    CitedOutlet("harbor-ko", ("하버와이어", "Harbor Wire"), "ko", "harbor.example"),
    CitedOutlet("tass-ru", ("ТАСС", "TASS"), "ru", "tass.ru"),
)
NAMES = gather_names(CATALOGUE)


def _cites(text, *, title="", language="en", sources=(), own=()):
    report = Report(title=title, text=text, language=language, sources=sources, own=own)
    return [(cited.name, cited.role) for cited in find_cites(report, NAMES)]


def test_a_voice_is_cited_once_and_as_origin_if_it_is_one():
    text = "Reuters commented on the plan.\nA train crossed, Reuters reported. Reuters noted more."
    report = Report(title="", text=text, language="en")
    (cited,) = find_cites(report, NAMES)
    assert (cited.name, cited.role, cited.sentence) == (
        "Reuters",
        "origin",
        "A train crossed, Reuters reported.",
    )


@pytest.mark.parametrize(
    ("language", "text", "outlet"),
    [
        pytest.param(
            "en", "Harbor Wire reported it.", "harbor-en", id="the edition of the language"
        ),
        pytest.param("ko", "하버와이어에 따르면 부두가 열렸다.", "harbor-ko", id="in another one"),
        pytest.param("de", "Das meldete Harbor Wire.", "harbor-en", id="else the first"),
        pytest.param("ru", "Об этом сообщает ТАСС.", "tass-ru", id="known to the press list too"),
        pytest.param("en", "Bloomberg reported it.", None, id="not in the catalogue"),
    ],
)
def test_an_outlet_of_the_catalogue_carries_its_id(language, text, outlet):
    (cited,) = find_cites(Report(title="", text=text, language=language), NAMES)
    assert cited.outlet == outlet


@pytest.mark.parametrize(
    ("title", "cites"),
    [
        pytest.param("“New York Times”: the two to meet", ["The New York Times"], id="in front"),
        pytest.param("Шойгу летит в Пхеньян — Reuters", ["Reuters"], id="behind a dash"),
        pytest.param("Second train crosses the bridge (Yonhap)", ["Yonhap"], id="in brackets"),
        pytest.param("Reuters reporter turned away at the bridge", [], id="talked about"),
    ],
)
def test_a_title_names_its_source(title, cites):
    assert [name for name, _role in _cites("", title=title)] == cites


def test_an_outlet_does_not_cite_itself():
    text = "Harbor Wire reported it. Yonhap reported it later."
    assert _cites(text, own=("Harbor Wire", "harbor.example")) == [("Yonhap", "origin")]


@pytest.mark.parametrize(
    ("source", "cited"),
    [
        pytest.param(
            SourceLink("Source link", "https://www.nytimes.com/a/1"),
            ("The New York Times", None, "https://www.nytimes.com/a/1"),
            id="a link to a known paper",
        ),
        pytest.param(
            SourceLink("Source link", "https://harbor.example/a/1"),
            ("Harbor Wire", "harbor-en", "https://harbor.example/a/1"),
            id="to one of the catalogue",
        ),
        pytest.param(
            SourceLink("Source", "https://news.quay.example/1"),
            ("quay.example", None, "https://news.quay.example/1"),
            id="to a site nobody knows",
        ),
        pytest.param(
            SourceLink("출처: 연합뉴스"), ("연합뉴스", None, None), id="a label without a link"
        ),
    ],
)
def test_a_source_link_is_an_origin(source, cited):
    (found,) = find_cites(Report(title="", text="", language="en", sources=(source,)), NAMES)
    assert found.role == "origin"
    assert (found.name, found.outlet, found.url) == cited


def test_a_link_to_a_cited_paper_adds_its_address():
    sources = (SourceLink("Source link", "https://www.nytimes.com/a/1"),)
    text = "The New York Times reported it."
    (found,) = find_cites(Report(title="", text=text, language="en", sources=sources), NAMES)
    assert (found.sentence, found.url) == (text, "https://www.nytimes.com/a/1")


@pytest.mark.parametrize(
    "text",
    [
        "Main photo source: KCNA",
        "사진=연합뉴스",
        "Фото: ТАСС",
        "The TASS building was lit up.",
        "A lexicon of independents was found.",
        "据消息报道，码头已经启用。",
    ],
)
def test_credits_buildings_and_parts_of_words_are_no_citations(text):
    assert _cites(text) == []


def test_governments_are_no_outlets_to_cite():
    cards = [
        Outlet(
            id=kind.replace(" ", "-"),
            name=f"{kind.title()} Voice",
            country="NO",
            language="en",
            kind=kind,
            scope="general",
            homepage=f"https://{kind.replace(' ', '')}.example/",
        )
        for kind in ("government", "wire", "state media")
    ]
    assert [cited.id for cited in cited_outlets(cards)] == ["wire", "state-media"]


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="Reuters said 로이터는 ТАСС、《》,.'()\n ", max_size=400))
def test_whatever_is_cited_stands_in_a_sentence_of_the_text(text):
    for cited in find_cites(Report(title="", text=text, language=None), NAMES):
        assert cited.sentence in text
