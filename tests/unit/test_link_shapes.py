"""Addresses of links: what speaks for an article, what for the rooms of the house."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.news.link_shapes import LIKE_ARTICLE, is_file, shape_of

SITE = "https://a.example"


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/2026/11/20/freight/", id="date and a word"),
        pytest.param("/2026/11/20/17", id="date and a number"),
        pytest.param("/20261120/1987654321.html", id="compact date"),
        pytest.param("/n1/2026/1120/c1002-40112233.html", id="People's Daily kind"),
        pytest.param("/view/AEN20261120001500325", id="date within a code"),
        pytest.param("/en/article/q/c5478b2f04.kcmsf", id="hash"),
        pytest.param("/articles/ASTCM4R2KTCMUTFK01MM.html", id="code of capitals"),
        pytest.param("/d/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f", id="UUID"),
        pytest.param("/news/12345.html", id="number"),
        pytest.param("/world-europe-12345678", id="words and a number"),
        pytest.param("/freight-returns-to-the-bridge/", id="slug"),
        pytest.param("/%EB%B6%81%EB%9F%AC-%EC%B2%A0%EB%8F%84/", id="slug of another script"),
        pytest.param("/news/articleView.html?idxno=123", id="id in the query"),
        pytest.param("/bbs/view.do?nttId=77&page=2", id="id, and the list's page to go back to"),
        pytest.param("/story?ref=20411", id="long number under any name"),
        pytest.param("/en/index.php?MTJAMjAyMy0wMS0wMS1OMDAxQDE1QDFAQDBAMUA=", id="bare code"),
    ],
)
def test_an_address_of_an_article_is_known_by_itself(path: str) -> None:
    assert shape_of(SITE + path).points >= LIKE_ARTICLE


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/", id="home page"),
        pytest.param("/en/category/politics", id="category"),
        pytest.param("/tag/north-korea-russia-relations/", id="tag with a slug"),
        pytest.param("/en/category/articles/q/5a9ffe42f9b8d3cf.kcmsf", id="category with a hash"),
        pytest.param("/author/a-reporter-of-many-names/", id="author"),
        pytest.param("/2026/11/20/", id="list of a day"),
        pytest.param("/archive/2026/11/", id="list of a month"),
        pytest.param("/news/?page=12345", id="far page of a list"),
        pytest.param("/news/page/2/", id="page of a list"),
        pytest.param("/news/articleList.html?sc_section_code=S1N1", id="section of a Korean CMS"),
        pytest.param("/member/login.html?returnUrl=%2F", id="login"),
        pytest.param("/news/world/", id="words only"),
        pytest.param("/ukraine2026/", id="word and year"),
        pytest.param("/covid1919a/", id="word that turns to a number and back"),
    ],
)
def test_an_address_of_the_house_is_no_article_by_itself(path: str) -> None:
    assert shape_of(SITE + path).points < LIKE_ARTICLE


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        pytest.param("/news/1001.html", "/news/1002.html", True, id="numbers"),
        pytest.param("/a/freight-is-on-time/", "/a/coal-at-pier-three/", True, id="slugs"),
        pytest.param("/v.php?no=1&s=world", "/v.php?s=asia&no=2", True, id="order of parameters"),
        pytest.param("/x.php?MTJAMjAyMy0wMS0w=", "/x.php?MTNAMjAyMi0wOS0x=", True, id="bare codes"),
        pytest.param("/2026/11/20/a-b/", "/2025/01/02/c-d/", True, id="dates"),
        pytest.param("/news/1001.html", "/news/1001", False, id="extension"),
        pytest.param("/news/1001", "/blog/1001", False, id="folder"),
        pytest.param("/news/1001", "/news/world", False, id="number and word"),
    ],
)
def test_articles_of_one_list_share_a_pattern(one: str, other: str, alike: bool) -> None:
    assert alike == (shape_of(SITE + one).template == shape_of(SITE + other).template)


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/report.PDF?x=1", True), ("/rss/all.xml", True), ("/pdf/1", False), ("/a.html", False)],
)
def test_a_file_is_told_by_its_ending(path: str, expected: bool) -> None:
    assert expected == is_file(SITE + path)


@given(st.text(st.sampled_from("/?&=-_.%019azAZкл가;"), max_size=60))
def test_any_address_has_a_shape(path: str) -> None:
    assert shape_of(f"{SITE}/{path}").points <= 5.0
