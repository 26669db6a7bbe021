"""Drawings are well-formed and bounded, whatever they are made from."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.news.charts import Column, Dot, Span, period_chart, report_chart, sparkline

HOSTILE = '"><script>alert(1)</script>&\u202e\x00'
texts = st.text(max_size=80) | st.just(HOSTILE)
counts = st.dictionaries(st.sampled_from(["arms", "trade", "", "labour"]), st.integers(1, 90_000))


def column(day: int, **records: int) -> Column:
    """A column of a day in November."""
    return Column(start=f"2026-11-{day:02}", label=f"{day} Nov", counts=records)


def span(first: int, last: int, headline: str = "Bridge opens") -> Span:
    """A story over some columns."""
    return Span(
        first=first, last=last, headline=headline, language="en", voices="2 outlets",
        href="/stories/ab",
    )  # fmt: skip


def drawn(svg: str) -> ET.Element:
    """The drawing as a tree, with no element that could act."""
    tree = ET.fromstring(svg)
    kinds = {element.tag for element in tree.iter()}
    assert kinds <= {"svg", "g", "a", "rect", "line", "circle", "text", "title"}
    names = {name for element in tree.iter() for name in element.attrib}
    assert not {name for name in names if name.startswith("on") or name == "style"}
    return tree


@given(days=st.lists(counts, max_size=70), title=texts)
def test_any_period_can_be_drawn(days: list[dict[str, int]], title: str) -> None:
    columns = [Column(start="2026-11-01", label="1 Nov", counts=day) for day in days]
    spans = [span(0, max(0, len(days) - 1), title)] if days else []
    tree = drawn(period_chart(columns, ["arms", "trade"], spans))
    _left, _top, width, height = map(float, tree.attrib["viewBox"].split())
    for bar in tree.iter("rect"):
        assert float(bar.attrib["x"]) >= 0
        assert float(bar.attrib["x"]) + float(bar.attrib["width"]) <= width + 0.5
        assert -0.5 <= float(bar.attrib["y"]) <= height


@given(at=st.lists(st.floats(0, 1), min_size=1, max_size=30), title=texts)
def test_any_story_can_be_drawn(at: list[float], title: str) -> None:
    dots = [Dot(at=one, row=0, label=title, href="#report-ab") for one in at]
    tree = drawn(report_chart(dots, [title or "English"], ("then", "now")))
    assert len(list(tree.iter("circle"))) == len(at)


@given(st.lists(st.integers(0, 10**9), max_size=60))
def test_any_weeks_can_be_drawn(weeks: list[int]) -> None:
    assert len(list(drawn(sparkline(weeks, HOSTILE)).iter("rect"))) == len(weeks)


def test_bars_are_as_high_as_their_records() -> None:
    tree = drawn(period_chart([column(1, arms=10), column(2, arms=5, trade=5)], ["arms"], []))
    heights = [(bar.attrib["class"], float(bar.attrib["height"])) for bar in tree.iter("rect")]
    assert heights == [("c1", 190), ("c1", 95), ("c0", 95)]


@pytest.mark.parametrize(
    ("most", "end"), [(0, "2"), (3, "4"), (7, "10"), (11, "20"), (41, "100"), (101, "200")]
)
def test_the_scale_ends_at_a_round_number(most: int, end: str) -> None:
    tree = drawn(period_chart([column(1, arms=most)], ["arms"], []))
    axis = [text.text for text in tree.iter("text")]
    assert axis[:3] == ["0", f"{int(end) / 2:g}", end]


def test_stories_that_would_touch_stand_in_lanes_of_their_own() -> None:
    columns = [column(day, arms=1) for day in range(1, 31)]
    tree = drawn(period_chart(columns, ["arms"], [span(0, 2), span(1, 3), span(20, 22)]))
    rows = [link.find("rect").attrib["y"] for link in tree.iter("a")]  # type: ignore[union-attr]
    assert rows[0] == rows[2] != rows[1]


def test_stories_for_which_there_is_no_room_are_left_out() -> None:
    columns = [column(day, arms=1) for day in range(1, 31)]
    tree = drawn(period_chart(columns, ["arms"], [span(5, 6)] * 20))
    assert len(list(tree.iter("a"))) == 6


def test_a_drawing_names_its_bars_for_a_pointer_that_rests_there() -> None:
    tree = drawn(period_chart([column(1, arms=2, trade=1)], ["arms"], []))
    assert [title.text for title in tree.iter("title")] == ["2026-11-01: 2 arms, 1 trade"]
