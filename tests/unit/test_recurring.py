"""What an outlet prints on page after page, learned from its own pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.news.recurring import (
    LINES,
    PAGES,
    PageLines,
    find_known,
    find_recurring,
    fingerprint,
    remember,
)

LABEL = "Daily X on your phone"
NOTICE = "Daily X has told the news of this coast for a hundred years and means to go on."
LEAD = "The quay opened on Friday, officials said, and boats moored there at once."


def _page(n, *extra):
    text = [f"{LEAD} ({n})", f"Report {n} goes on for a while.", f"It ends with the number {n}."]
    return remember(f"page-{n}", [*text, *extra])


def test_a_label_on_three_pages_recurs():
    pages = [_page(n, LABEL) for n in range(3)]
    assert find_recurring(pages[:2]) == frozenset()
    assert find_recurring(pages) == {fingerprint(LABEL)}


def test_a_page_read_again_counts_once():
    assert find_recurring([_page(1, LABEL)] * 9) == frozenset()


def test_copies_of_one_article_count_once():
    lines = [LEAD, *(f"Sentence {n} of the report is told in all papers." for n in range(6)), LABEL]
    copies = [remember(f"copy-{n}", lines) for n in range(9)]
    assert find_recurring(copies) == frozenset()


def test_a_sentence_must_be_on_nearly_every_page():
    some = [_page(n, NOTICE) for n in range(6)] + [_page(n) for n in range(6, 12)]
    assert find_recurring(some) == frozenset()
    assert find_recurring([_page(n, NOTICE) for n in range(6)]) == {fingerprint(NOTICE)}


def test_what_an_outlet_stopped_printing_is_forgotten():
    old = [_page(n, LABEL) for n in range(5)]
    new = [_page(100 + n) for n in range(PAGES)]
    assert find_recurring([*old, *new]) == frozenset()


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("“We are here to stay,” said the harbor master", id="a quotation"),
        pytest.param("The long tale of the coast " * 20, id="a long paragraph"),
    ],
)
def test_a_quotation_and_a_long_paragraph_never_recur(line):
    assert find_recurring([_page(n, line) for n in range(9)]) == frozenset()


def test_the_lead_is_never_remembered_and_never_dropped():
    pages = [remember(f"p{n}", [LABEL, f"Report {n} goes on."]) for n in range(9)]
    assert find_recurring(pages) == frozenset()
    assert find_known([LABEL, LEAD, LEAD], {fingerprint(LABEL)}) == set()


def test_known_lines_are_found_in_their_places():
    lines = [LEAD, LABEL, f"{LEAD} It goes on.", "- Daily X on your phone -"]
    assert find_known(lines, {fingerprint(LABEL)}) == {1, 3}


def test_most_of_a_text_is_never_furniture():
    lines = ["Short lead.", LABEL, LABEL, LABEL]
    assert find_known(lines, {fingerprint(LABEL)}) == set()


@given(st.lists(st.text(max_size=500), max_size=300))
def test_memory_is_bounded_whatever_the_page(lines):
    kept = remember("p", lines)
    assert len(kept.labels) + len(kept.sentences) <= LINES
    assert all(0 <= mark < 1 << 63 for mark in (*kept.labels, *kept.sentences))


def test_a_page_that_was_taken_back_teaches_nothing():
    pages = [_page(n, LABEL) for n in range(3)]
    assert find_recurring([*pages[:2], PageLines(page="page-2")]) == frozenset()
