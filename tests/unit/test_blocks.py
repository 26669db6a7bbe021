"""The blocks of a page: lines, and the signs of what they are."""

import pytest

from crawler.news.blocks import read_blocks
from crawler.news.frames import signs_of
from crawler.news.markup import parse_html


def _blocks(body):
    return read_blocks(parse_html(f"<html><body>{body}</body></html>"))


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        pytest.param("a<p>b</p>c<div>d <i>e</i></div>f", ["a", "b", "c", "d e", "f"], id="flow"),
        pytest.param("<ul><li>a<li>b</ul>", ["a", "b"], id="items"),
        pytest.param("<table><tr><th>a<td>b<tr><td>c</table>", ["a | b", "c"], id="rows"),
        pytest.param("<p>One.<br>Two.</p>", ["One.", "Two."], id="a break after a sentence"),
        pytest.param("<p>one<br>two</p>", ["one two"], id="a break within one"),
        pytest.param(
            "<p>一。\u3000\u3000二。</p>", ["一。", "二。"], id="an indent in East Asian print"
        ),
        pytest.param("<p>a<script>b</script>c<svg><text>d</text></svg>e</p>", ["ace"], id="unread"),
        pytest.param("<p> \n </p><nav>menu</nav>", [], id="nothing to read"),
    ],
)
def test_lines_are_those_that_a_reader_sees(body, lines):
    assert [block.text for block in _blocks(body)] == lines


def test_a_block_knows_its_links():
    first, second = _blocks("<p><a href='/x'>All of it</a></p><p>Half <a href='/y'>half</a></p>")
    assert (first.linked, first.href) == (1.0, "/x")
    assert (round(second.linked, 1), second.href) == (0.4, "/y")


@pytest.mark.parametrize(
    ("href", "away"),
    [
        pytest.param("/other", True, id="another page"),
        pytest.param("https://y.example/here", False, id="the same path"),
        pytest.param("/here?page=2", True, id="a query"),
        pytest.param("#part", False, id="a part of the page"),
        pytest.param("mailto:x@y.example", False, id="a mail address"),
        pytest.param("http://[", False, id="no address"),
        pytest.param("", False, id="no link"),
    ],
)
def test_a_link_leads_away_or_not(href, away):
    (block,) = _blocks(f"<p><a href='{href}'>A link of several words</a></p>")
    assert block.leads_away("/here") is away


def test_places_are_inherited():
    caption, hidden, framed, plain = _blocks(
        "<figure><div>c</div></figure><div style='display: none'><p>h</p></div>"
        "<div class='related-list'><section><p>f</p></section></div><p>p</p>"
    )
    assert caption.place.caption == "<figure>"
    assert hidden.place.is_hidden
    assert framed.place.frames == ("related",)
    assert (plain.place.frames, plain.place.caption, plain.place.is_hidden) == ((), None, False)


@pytest.mark.parametrize(
    ("names", "frame"),
    [
        pytest.param("sidebar", "sidebar", id="whole"),
        pytest.param("c-related__list", "related", id="between marks"),
        pytest.param("has-sidebar no-sidebar", None, id="of the page's layout"),
        pytest.param("tag-share post-1", None, id="of its subject"),
        pytest.param("footage shareholder", None, id="in other words"),
        pytest.param("body-text ad-slot", "ad-slot", id="a place for advertisements"),
        pytest.param("most-read", "most-read", id="a phrase"),
    ],
)
def test_a_name_tells_a_frame_by_its_own_words(names, frame):
    assert signs_of(names).frame == frame


@pytest.mark.parametrize(
    ("names", "signs"),
    [
        pytest.param("photo-credit", (None, "photo-credit", False), id="caption"),
        pytest.param("article__standfirst", (None, None, True), id="lead"),
        pytest.param("", (None, None, False), id="no name"),
    ],
)
def test_a_name_tells_captions_and_leads(names, signs):
    assert signs_of(names) == signs


def test_the_deepest_page_is_walked():
    deep = "<div>" * 240 + "x" + "</div>" * 240
    assert [block.text for block in _blocks(deep)] == ["x"]
