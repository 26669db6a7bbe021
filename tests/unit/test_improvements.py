"""Whether a page that is read again reads better."""

import pytest

from crawler.news.improvements import improvements

BEFORE = {
    "text": "The quay opened on Friday.\nPhoto: Mara Quill\nBoats moored there at once.",
    "title": "Quay opens | Daily X",
    "authors": ["Mara Quill"],
    "date_published": "2026-11-20T00:00:00Z",
    "date_precision": "day",
    "language": None,
    "cites": [],
}
CREDIT = ("Photo: Mara Quill",)


def _after(**changed):
    return {**BEFORE, **changed}


@pytest.mark.parametrize(
    ("after", "better"),
    [
        pytest.param({}, (), id="the same"),
        pytest.param(
            {"text": "The quay opened on Friday.\nBoats moored there at once."},
            ("text",),
            id="a credit less",
        ),
        pytest.param(
            {"text": BEFORE["text"] + "\nA ferry follows in spring."}, ("text",), id="a line more"
        ),
        pytest.param({"text": BEFORE["text"].replace("\n", " ")}, (), id="broken otherwise"),
        pytest.param({"text": "The quay opened on Friday."}, (), id="text lost"),
        pytest.param({"text": ""}, (), id="no text"),
        pytest.param({"title": "Quay opens"}, ("title",), id="the site's name cut"),
        pytest.param({"title": "Harbor news"}, (), id="another title"),
        pytest.param({"authors": ["Mara Quill", "Ole Dahl"]}, ("authors",), id="an author more"),
        pytest.param({"authors": []}, (), id="authors lost"),
        pytest.param(
            {"date_published": "2026-11-20T09:15:00Z", "date_precision": "minute"},
            ("date_published",),
            id="to the minute",
        ),
        pytest.param(
            {"date_published": "2026-06-20T09:15:00Z", "date_precision": "minute"},
            (),
            id="another day",
        ),
        pytest.param({"date_published": None}, (), id="date lost"),
        pytest.param({"language": "en"}, ("language",), id="language told"),
        pytest.param(
            {"cites": [{"name": "Reuters", "role": "origin"}]}, ("cites",), id="somebody cited"
        ),
        pytest.param({"authors": [], "language": "en"}, (), id="one better, one lost"),
    ],
)
def test_only_what_loses_nothing_is_better(after, better):
    assert improvements(BEFORE, _after(**after), explained=CREDIT) == better


def test_a_line_may_go_only_with_a_reason():
    after = _after(text="The quay opened on Friday.\nBoats moored there at once.")
    assert improvements(BEFORE, after, explained=()) == ()


def test_a_first_date_is_an_improvement():
    before = _after(date_published=None, date_precision=None)
    assert improvements(before, BEFORE) == ("date_published",)
