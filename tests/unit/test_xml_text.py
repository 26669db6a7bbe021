"""Mending: what is well-formed keeps its meaning, what breaks off keeps its whole entries."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.news.xml_text import close_torn, drop_monsters, mend, root_of, thin_out


@pytest.mark.parametrize(
    ("text", "root"),
    [
        pytest.param("<rss version='2.0'>", "rss", id="plain"),
        pytest.param(
            "<?xml version='1.0'?>\n<!DOCTYPE x>\n<RDF:rdf>", "rdf", id="prefix, capitals"
        ),
        pytest.param("<!-- <html> --><feed>", "feed", id="behind a comment"),
        pytest.param("<!-- <html> <feed>", "", id="in a comment that never ends"),
        pytest.param("<?php <html> ?><feed>", "feed", id="behind an instruction"),
        pytest.param("1 < 2", "", id="none"),
    ],
)
def test_the_root_is_the_first_element(text: str, root: str) -> None:
    assert root_of(text) == root


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        pytest.param("<r>a &amp; b &lt; &#65;</r>", "<r>a &amp; b &lt; &#65;</r>", id="sound"),
        pytest.param("<r>a & b</r>", "<r>a &amp; b</r>", id="a bare ampersand"),
        pytest.param("<r>?a=1&b=2</r>", "<r>?a=1&amp;b=2</r>", id="an address"),
        pytest.param("<r>&eacute;&hellip;</r>", "<r>é…</r>", id="entities of HTML"),
        pytest.param("<r>&LT;b&GT;</r>", "<r>&amp;LT;b&amp;GT;</r>", id="no markup comes of it"),
        pytest.param("<r>&mine;</r>", "<r>&amp;mine;</r>", id="an entity of its own"),
        pytest.param("<r>&#0;&#x1F;&#xD800;&#xFFFF;</r>", "<r></r>", id="forbidden numbers"),
        pytest.param("<r>&#9;&#x10FFFF;</r>", "<r>&#9;&#x10FFFF;</r>", id="allowed numbers"),
        pytest.param("<r>\x00a\x1b\ufffe</r>", "<r>a</r>", id="forbidden characters"),
        pytest.param(
            "<r><![CDATA[a & b]]> & </r>", "<r><![CDATA[a & b]]> &amp; </r>", id="section"
        ),
        pytest.param("<r><![CDATA[a & b", "<r><![CDATA[a & b", id="a section that never ends"),
        pytest.param("<?xml version='1.0' encoding='x'?><r/>", "<r/>", id="the declaration goes"),
        pytest.param("Warning: x\n<rss>", "<rss>", id="words before the document"),
        pytest.param("<br/>Warning\n<?xml version='1.0'?><rss>", "<rss>", id="markup before it"),
        pytest.param("<html><rss>", "<html><rss>", id="a page stays a page"),
    ],
)
def test_what_a_strict_parser_would_refuse_is_mended(text: str, mended: str) -> None:
    assert mend(text) == mended


@settings(deadline=None, max_examples=60)
@given(st.text(st.sampled_from("<>&;#x!?-[]CDATArss/amp 1\x00"), max_size=60))
def test_mending_again_changes_nothing(text: str) -> None:
    mended = mend(f"<rss>{text}</rss>")
    assert mend(mended) == mended


@pytest.mark.parametrize(
    ("text", "closed", "torn"),
    [
        pytest.param("<rss><item>1</item></rss>", "<rss><item>1</item></rss>", 0, id="whole"),
        pytest.param("<rss><item>1</item>", "<rss><item>1</item></rss>", 0, id="end missing"),
        pytest.param("<rss><item>1</item><item>2", "<rss><item>1</item></rss>", 1, id="torn entry"),
        pytest.param("<rss><item>1</item><item", "<rss><item>1</item></rss>", 0, id="torn tag"),
        pytest.param(
            "<rss><channel><item>1</item><item\n>2",
            "<rss><channel><item>1</item></channel></rss>",
            1,
            id="the channel is closed",
        ),
        pytest.param(
            "<x:R><channel></channel><item>1</item><b",
            "<x:R><channel></channel><item>1</item></x:R>",
            0,
            id="a channel of its own, a prefix",
        ),
        pytest.param("<rss><channel/></rss>", "<rss><channel/></rss>", 0, id="no entry"),
        pytest.param("<rss/> ", "<rss/> ", 0, id="nothing in it"),
    ],
)
def test_a_document_that_breaks_off_is_closed_behind_its_last_entry(
    text: str, closed: str, torn: int
) -> None:
    assert close_torn(text, ("item", "entry")) == (closed, torn)


def test_a_document_without_a_whole_entry_is_broken() -> None:
    with pytest.raises(ValueError, match="breaks off"):
        close_torn("<rss><channel><item>1", ("item",))


def test_the_middle_of_an_endless_document_goes() -> None:
    items = [f"<item>{n}</item>" for n in range(9)]
    document = f"<rss>{''.join(items)}</rss>"
    kept = f"<rss>{''.join(items[:2] + items[-2:])}</rss>"
    assert thin_out(document, ("item", "entry"), 2) == (kept, 5)
    assert thin_out(kept, ("item", "entry"), 2) == (kept, 0)


SPACE = " " * 99


@pytest.mark.parametrize(
    ("text", "left", "dropped"),
    [
        pytest.param("<c><item>a</item></c>", "<c><item>a</item></c>", 0, id="none"),
        pytest.param(f"<c><item>a</item><item>{'<b>' * 99}</item><item>z</item></c>",
                     "<c><item>a</item><item>z</item></c>", 1, id="in the middle"),
        pytest.param(f"<c><item>{'x' * 99}</item></c>", "<c></c>", 1, id="alone"),
        pytest.param(f"<c><item>a</item>{SPACE}</c>", f"<c><item>a</item>{SPACE}</c>", 0,
                     id="much behind the last"),
        pytest.param(f"<c><item>{'x' * 99}", f"<c><item>{'x' * 99}", 0, id="never closed"),
        pytest.param("<c></c>", "<c></c>", 0, id="nothing in it"),
    ],
)  # fmt: skip
def test_entries_of_monstrous_size_are_taken_out(text: str, left: str, dropped: int) -> None:
    assert drop_monsters(text, ("item", "entry"), 50) == (left, dropped)
