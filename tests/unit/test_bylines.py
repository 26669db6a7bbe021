"""Who wrote an article: declared, labeled for previews, or printed with it."""

from datetime import UTC, datetime

import pytest

from crawler.news.markup import parse_html
from crawler.news.metadata import read_metadata

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
QUAY = "<h1>Quay opened after storm</h1>"


def _authors(head="", body=""):
    page = f"<html><head>{head}</head><body><article>{QUAY}{body}</article></body></html>"
    read = read_metadata(
        parse_html(page), "https://x.example/7", outlet=None, announced=None, now=NOW
    )
    return read.authors


@pytest.mark.parametrize(
    ("head", "authors"),
    [
        pytest.param(
            '<meta name="twitter:label1" content="Written by">'
            '<meta name="twitter:data1" content="Mara Quill">',
            ("Mara Quill",),
            id="first label",
        ),
        pytest.param(
            '<meta name="twitter:label1" content="Reading time">'
            '<meta name="twitter:data1" content="3 minutes">'
            '<meta name="twitter:label2" content="Geschrieben von">'
            '<meta name="twitter:data2" content="Ida Strand">',
            ("Ida Strand",),
            id="second label, in German",
        ),
        pytest.param(
            '<meta property="twitter:misc:Written by" content="Ole Dahl">',
            ("Ole Dahl",),
            id="named in the key",
        ),
        pytest.param(
            '<meta name="twitter:label1" content="Price"><meta name="twitter:data1" content="9">',
            (),
            id="another label",
        ),
        pytest.param(
            '<meta name="author" content="desk@x.example">'
            '<meta name="twitter:label1" content="Автор">'
            '<meta name="twitter:data1" content="Вера Лунина">',
            ("Вера Лунина",),
            id="where the author is an address",
        ),
    ],
)
def test_a_label_for_previews_names_the_author(head, authors):
    assert _authors(head) == authors


@pytest.mark.parametrize(
    ("body", "authors"),
    [
        pytest.param(
            '<ul class="who"><li><a href="/author/quill/">Mara Quill</a></li>'
            '<li><a href="/author/dahl/">Ole Dahl</a></li></ul>',
            ("Mara Quill", "Ole Dahl"),
            id="a list",
        ),
        pytest.param(
            '<p>von <a href="/autoren/name/strand">Dr. Ida Strand</a></p>',
            ("Dr. Ida Strand",),
            id="in a line",
        ),
        pytest.param(
            '<p><a href="/author/quill/">Mara Quill</a></p>'
            '<div><p><a href="/author/dahl/">Ole Dahl</a></p></div>',
            ("Mara Quill",),
            id="of the first list only",
        ),
        pytest.param('<p><a href="/author/">All authors</a></p>', (), id="the list of all"),
        pytest.param(
            '<div class="related"><a href="/author/dahl/">Ole Dahl</a></div>', (), id="in the frame"
        ),
    ],
)
def test_links_to_pages_of_authors_name_them_where_nothing_else_does(body, authors):
    assert _authors(body=body) == authors
