"""JSON-LD as sites write it: the article's object, and values out of it."""

import pytest

from crawler.news.json_ld import address_of, claim_of, find_article, path_of, texts_of
from crawler.news.links import absolute
from crawler.news.markup import parse_html

URL = "https://x.example/news/7"


def _linked(text):
    return f'<script type="application/ld+json">{text}</script>'


@pytest.mark.parametrize(
    ("script", "headline"),
    [
        pytest.param('{"@type":"NewsArticle","headline":"A"}', "A", id="plain"),
        pytest.param('{"@type":["Thing","Article"],"headline":"A"}', "A", id="several types"),
        pytest.param(
            '{"@graph":[{"@type":"WebPage"},{"@type":"BlogPosting","headline":"A"}]}',
            "A",
            id="graph",
        ),
        pytest.param('<!-- {"@type":"Article","headline":"A"} -->', "A", id="in a comment"),
        pytest.param('//<![CDATA[\n{"@type":"Article","headline":"A"}\n//]]>', "A", id="CDATA"),
        pytest.param('{"@type":"Article","headline":"A",}', "A", id="trailing comma"),
        pytest.param('{"@type":"Article","headline":"A\n\tB"}', "A B", id="raw controls"),
        pytest.param('{"@type":"Article","headline":"A &amp;amp; B"}', "A & B", id="escaped twice"),
        pytest.param('{"@type":"Article","headline":"A"', None, id="cut off"),
        pytest.param("[" * 50_000, None, id="nested too deep"),
        pytest.param('"just text"', None, id="no object"),
        pytest.param("", None, id="empty"),
        pytest.param('{"@type":"Organization","headline":"A"}', None, id="no article"),
        pytest.param('{"@type":7,"headline":"A"}', None, id="type of no sense"),
    ],
)
def test_json_ld_is_found_however_it_is_wrapped(script, headline):
    article = find_article(parse_html(f"<html><body>{_linked(script)}</body></html>"), URL)
    assert next(texts_of(article.get("headline")), None) == headline


@pytest.mark.parametrize(
    ("scripts", "headline"),
    [
        pytest.param(
            '[{"@type":"Article","headline":"other","datePublished":"2026-11-01","url":"/o"},'
            f'{{"@type":"Article","headline":"own","mainEntityOfPage":{{"@id":"{URL}"}}}}]',
            "own",
            id="of this address",
        ),
        pytest.param(
            '[{"@type":"Article","headline":"bare"},'
            '{"@type":"Article","headline":"dated","datePublished":"2026-11-01"}]',
            "dated",
            id="with a date",
        ),
        pytest.param(
            '[{"@type":"Article","headline":"first"},{"@type":"Article","headline":"second"}]',
            "first",
            id="the first",
        ),
    ],
)
def test_of_several_article_objects_the_likeliest_is_taken(scripts, headline):
    article = find_article(parse_html(f"<html><body>{_linked(scripts)}</body></html>"), URL)
    assert article["headline"] == headline


def test_a_page_of_countless_objects_is_read_to_a_bound():
    many = "[" + ",".join(['{"a":{}}'] * 4_000) + ',{"@type":"Article","headline":"A"}]'
    assert find_article(parse_html(f"<html><body>{_linked(many)}</body></html>"), URL) == {}


def test_a_script_of_another_type_is_no_json_ld():
    page = '<html><body><script>{"@type":"Article","headline":"A"}</script></body></html>'
    assert find_article(parse_html(page), URL) == {}


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        pytest.param(" a  b ", ["a b"], id="text"),
        pytest.param(["a", {"name": "b"}, ["c"]], ["a", "b", "c"], id="nested"),
        pytest.param({"@value": "a"}, ["a"], id="value object"),
        pytest.param(["", None, 7, {}], [], id="nothing readable"),
    ],
)
def test_texts_come_out_of_any_value(value, texts):
    assert list(texts_of(value)) == texts


@pytest.mark.parametrize(
    ("value", "address"),
    [
        pytest.param("https://a.example/i", "https://a.example/i", id="text"),
        pytest.param([{}, {"url": "https://a.example/i"}], "https://a.example/i", id="list"),
        pytest.param({"contentUrl": ["/i"]}, "/i", id="content of an image"),
        pytest.param(7, None, id="number"),
    ],
)
def test_an_address_comes_out_of_any_value(value, address):
    assert address_of(value) == address


def test_a_broken_address_has_no_path():
    assert path_of("http://[x/a") == ""
    assert absolute(URL, "http://[x/a") is None


@pytest.mark.parametrize(
    ("value", "claim"),
    [(True, True), ("True", True), ("false", False), ("maybe", None), (1, None)],
)
def test_a_claim_is_true_false_or_not_made(value, claim):
    assert claim_of(value) is claim
