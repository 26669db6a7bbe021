"""The tree of a page: bounded, whatever was sent."""

from __future__ import annotations

import pytest
from lxml.html import tostring

from crawler.news.markup import cut_behind, parse_html

PAGE = "<body><div><p>a</p><p>b<i>c</i></p>d</div><p>e</p></body>"


@pytest.mark.parametrize(
    ("limit", "rest", "was_more"),
    [
        pytest.param(9, PAGE, False, id="more than there is"),
        pytest.param(7, PAGE, False, id="just as much as there is"),
        pytest.param(
            6, "<body><div><p>a</p><p>b<i>c</i></p>d</div></body>", True, id="between two parts"
        ),
        pytest.param(5, "<body><div><p>a</p><p>b</p>d</div></body>", True, id="loose text stays"),
        pytest.param(2, "<body></body>", True, id="nothing but the body"),
    ],
)
def test_what_stands_behind_the_limit_is_taken_out(limit: int, rest: str, was_more: bool) -> None:
    tree = parse_html(PAGE)
    assert tree is not None
    assert cut_behind(tree, limit) is was_more
    assert tostring(tree, encoding="unicode") == f"<html>{rest}</html>"
