"""The text of an article: its paragraphs, without what stands between and around them."""

from datetime import UTC, datetime

import pytest

from crawler.news import extract
from crawler.news.blocks import read_blocks
from crawler.news.extract import TEXT_LIMIT, Known, read_text
from crawler.news.furniture import find_furniture, is_date, name_furniture
from crawler.news.markup import mend_layout, parse_html
from crawler.news.metadata import Metadata
from crawler.news.outlets import Outlet

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
LINE = "The harbor master opened the northern quay on Friday, two years after the storm took it."
MORE = "Fishing boats from three villages were the first to moor there, and two of them had waited."


def _text(body, *, metadata=None, titles=(), **selectors):
    tree = parse_html(f"<html><body>{body}</body></html>")
    outlet = Outlet(
        id="quay",
        name="Quay",
        country="NO",
        language="en",
        kind="national",
        scope="general",
        homepage="https://quay.example/",
        selectors=selectors,
    )
    known = Known(url="https://quay.example/a/1", now=NOW, titles=titles, outlet=outlet)
    return read_text(tree, metadata or Metadata(), known)


@pytest.mark.parametrize(
    "line",
    [
        "Related Articles",
        "Source link",
        "Must read",
        "- Advertisement -",
        "Back to top button",
        "Sorting by",
        "관련기사",
        "무단전재 및 재배포 금지",
        "Читайте также",
        "- Реклама -",
        "Джерело",
        "関連記事",
        "- 広告 -",
        "相关阅读",
        "返回顶部",
        "Mehr zum Thema",
        "- Anzeige -",
        "×",
        "|  |",
        "Main photo source: KCNA",
        "Photo: Mara Quill / Daily X",
        "(사진=한빛일보)",
        "© 2026 Daily X. All rights reserved.",
        "저작권자 ⓒ 한빛일보, 무단전재 금지",
        "김하나 기자 hana@hanbit.example",
        "5 min read",
        "Фото: пресс-служба",
    ],
)
def test_furniture_is_known(line):
    assert name_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        LINE,
        "Related articles were found in the wreck, the coast guard said.",
        "The advertisement ran in three newspapers.",
        "Photographs of the pier were shown at the hearing on Friday morning in the town hall.",
        "Источник в порту сообщил, что причал открыт.",
        "US concern",
        "“All rights reserved for others,” he said. " + MORE * 3,
    ],
)
def test_a_sentence_is_no_furniture(line):
    assert name_furniture(line) is None


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("2026-11-20 12:33", True),
        ("입력 2026-11-20 12:33", True),
        ("12:33", True),
        ("20. November 2026", True),
        ("Monday", False),
        ("On 20 November 2026 the quay was opened again.", False),
        ("The quay of 20 November 2026 is a quay like any other one on this coast", False),
        ("a b c d e f g h i j k 2026-11-20", False),
    ],
)
def test_a_date_line_tells_a_date_and_nothing_else(line, told):
    assert is_date(line, NOW) is told


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        pytest.param(["Quay opened", "By Mara Quill", "20 November 2026", LINE], [LINE], id="head"),
        pytest.param([*[LINE] * 7, "Mara Quill"], [LINE] * 7, id="signature"),
        pytest.param(
            [LINE, "Mara Quill said the quay was sound.", MORE],
            [LINE, "Mara Quill said the quay was sound.", MORE],
            id="author in a sentence",
        ),
        pytest.param(
            [LINE, MORE, "More news", "Port fees rise", "A bridge waits"],
            [LINE, MORE],
            id="list of others",
        ),
        pytest.param([LINE, "More news", MORE], [LINE, MORE], id="no list of others"),
        pytest.param(["Mara Quill, Vladivostok", LINE], [LINE], id="byline with a place"),
        pytest.param(
            ["Reporting by the sea is what Mara Quill did for twenty years or longer.", LINE],
            ["Reporting by the sea is what Mara Quill did for twenty years or longer.", LINE],
            id="no byline",
        ),
        pytest.param(
            [LINE] * 7 + ["Quay opened"], [LINE] * 7 + ["Quay opened"], id="headline far below"
        ),
    ],
)
def test_only_the_article_s_own_lines_stay(lines, kept):
    found = find_furniture(lines, titles=("Quay opened", None), authors=("Mara Quill",), now=NOW)
    assert [line for place, line in enumerate(lines) if place not in found] == kept


@pytest.mark.parametrize(
    ("markup", "lines"),
    [
        pytest.param("<div>a<br><br>b<br><br><br>c</div>", ["a", "b", "c"], id="double breaks"),
        pytest.param(
            "<div>a <b>bold</b> end<br> <br>b<br>c</div>",
            ["a bold end", "b", "c"],
            id="inline kept",
        ),
        pytest.param("<p>a<br><br>b</p>", ["a", "b"], id="in a paragraph"),
        pytest.param("<font>a<br><br>b</font>", ["a", "b"], id="in an inline element"),
        pytest.param(
            "<div>a<br><br><ul><li>x</li></ul>b</div>", ["a", "x", "b"], id="around a block"
        ),
        pytest.param("<div>a<br>b</div>", ["a b"], id="one break is a space"),
        pytest.param(
            "<table><tr><td><div>a</div></td><td><p>b</p></td></tr></table>",
            ["a", "b"],
            id="layout table",
        ),
        pytest.param(
            f"<table><tr><td>{'w ' * 300}</td></tr></table>",
            [("w " * 300).strip()],
            id="a long cell",
        ),
        pytest.param("<table><tr><td>a<br><br>b</td></tr></table>", ["a", "b"], id="broken cell"),
        pytest.param(
            "<div><table><tr><td><div>cap</div></td></tr></table>tail <i>of</i> text<p>p</p></div>",
            ["cap", "tail of text", "p"],
            id="loose text after a layout table",
        ),
        pytest.param(
            "<table><tr><td><table><tr><td>1</td></tr></table></td></tr></table>",
            ["1"],
            id="figures within",
        ),
        pytest.param("<div>a<script>x</script><button>y</button>b</div>", ["ab"], id="unread"),
        pytest.param("<br><br><p> </p>", [], id="nothing but breaks"),
    ],
)
def test_paragraphs_are_mended(markup, lines):
    tree = parse_html(f"<html><body>{markup}</body></html>")
    mend_layout(tree)
    assert [block.text for block in read_blocks(tree)] == lines


def test_a_table_of_figures_stays_a_table():
    tree = parse_html("<table><tr><td>1</td><td>2</td></tr></table>")
    mend_layout(tree)
    assert tree.find(".//td") is not None


@pytest.mark.parametrize("page", ["", "  ", "<!-- a -->"])
def test_what_has_no_element_is_no_page(page):
    assert parse_html(page) is None


def test_controls_do_not_break_the_mending():
    tree = parse_html("<div>a&#1;<br><br>b&#x0b;\x02<i>&#3;c</i>&#4;</div>")
    mend_layout(tree)
    assert read_blocks(tree)[0].text == "a"


def test_the_main_text_is_read():
    extracted = _text(
        f"<article><h1>Quay</h1><p>{LINE}</p><p>{MORE}</p></article>", titles=("Quay",)
    )
    assert (extracted.text, extracted.status, extracted.source) == (
        f"{LINE}\n{MORE}",
        "full",
        "page",
    )


def test_the_densest_block_serves_where_the_reader_finds_little():
    menu = "".join(f"<li><a href=/{n}>Port fees rise again in the east</a></li>" for n in range(9))
    body = f"<ul>{menu}</ul><div class='comment'><p>{LINE}</p><p>{MORE}</p></div>"
    assert _text(body).text == f"{LINE}\n{MORE}"


def test_json_ld_serves_where_the_page_shows_little():
    whole = "\n".join([LINE, MORE] * 5)
    extracted = _text(f"<article><p>{LINE}</p></article>", metadata=Metadata(body=whole))
    assert (extracted.text, extracted.source) == (whole, "json-ld")


def test_marked_up_json_ld_becomes_lines():
    extracted = _text("<p>.</p>", metadata=Metadata(body=f"<p>{LINE}</p><p>{MORE}</p>"))
    assert extracted.text == f"{LINE}\n{MORE}"


def test_the_card_s_selectors_are_honored():
    aside = f"<div class=b><p>{MORE * 9}</p></div>"
    body = f"<div class=a><p>{LINE}</p><p class=x>Buy now.</p></div>{aside}"
    assert _text(body, text=".a", drop=".x").text == LINE


def test_a_selector_that_finds_nothing_leaves_the_reader_to_it():
    assert _text(f"<article><p>{LINE}</p><p>{MORE}</p></article>", text=".no").text.startswith(LINE)


def test_an_endless_text_is_cut_at_a_paragraph():
    paragraphs = "".join(f"<p>{LINE} {n}</p>" for n in range(TEXT_LIMIT // len(LINE) + 9))
    extracted = _text(f"<div class=a>{paragraphs}</div>", text=".a")
    assert extracted.status == "cut"
    assert len(extracted.text) <= TEXT_LIMIT
    assert extracted.text.split("\n")[-1].startswith(LINE)


def test_an_endless_line_is_cut_too():
    extracted = _text(f"<div class=a>{'word ' * TEXT_LIMIT}</div>", text=".a")
    assert (extracted.status, len(extracted.text)) == ("cut", TEXT_LIMIT)


def test_a_page_too_large_for_the_reader_is_read_by_its_densest_block(monkeypatch):
    monkeypatch.setattr(extract, "_ELEMENT_LIMIT", 3)
    assert _text(f"<div><p>{LINE}</p><p>{MORE}</p></div>").text == f"{LINE}\n{MORE}"


def test_a_short_text_that_is_not_free_is_a_lead():
    extracted = _text(f"<article><p>{LINE}</p></article>", metadata=Metadata(free_access=False))
    assert extracted.status == "lead"


def test_the_reader_s_caches_are_emptied_now_and_then(monkeypatch):
    monkeypatch.setattr(extract, "_CACHES_SERVE", 1)
    assert _text(f"<article><p>{LINE}</p><p>{MORE}</p></article>").text


def test_an_empty_page_has_no_text():
    assert _text("").text == ""
