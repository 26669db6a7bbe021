"""Drawings: a period with its stories, a story's reports, an outlet's weeks. Values in, SVG out.

Colors and fonts are classes of the page's style sheet, so that a drawing fits both themes and needs
no style of its own.

Promise: a drawing is well-formed whatever stands in a title, holds no script and names no other
host; it costs a bounded amount for any number of records.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from crawler.news.characters import clean_line

_WIDTH = 960
_LEFT, _RIGHT = 40, 8
_BARS = 190  # height of the bars
_LANE = 24
_LANES_MOST = 6
_LETTER = 6.4  # width of a Latin letter of a label; a wide one takes two
_LABEL_MOST = 44


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One bar: a day or a week, with its records by topic."""

    start: str
    label: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A story above the bars: from which column to which, with its headline and its page."""

    first: int
    last: int
    headline: str
    language: str | None
    voices: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A report of a story: when it appeared (a share of the whole time), in which row, whose."""

    at: float
    row: int
    label: str
    href: str


def period_chart(columns: Sequence[Column], topics: Sequence[str], spans: Sequence[Span]) -> str:
    """Bars of columns, stacked by topic in this order, the rest on top; stories in lanes above."""
    lanes = _lanes(spans, len(columns))
    top = 14 + _LANE * (max(lanes, default=-1) + 1)
    height = top + _BARS + 28
    most = max((sum(column.counts.values()) for column in columns), default=0)
    scale = _nice(most)
    step = (_WIDTH - _LEFT - _RIGHT) / max(1, len(columns))
    parts = [
        f'<svg class="chart period" viewBox="0 0 {_WIDTH} {height}" role="group" '
        f'aria-label="Records by topic, with the stories that most outlets tell above them">',
        '<g aria-hidden="true">',
        *_grid(scale, top),
        *_bars(columns, topics, scale, step, top),
        *_days(columns, step, top),
        "</g>",
        *(_span(span, lane, step) for span, lane in zip(spans, lanes, strict=True) if lane >= 0),
        "</svg>",
    ]
    return "".join(parts)


def sparkline(values: Sequence[int], label: str) -> str:
    """Small bars, one for each value, the last one last."""
    width, height = 6 * len(values), 24
    most = max(values, default=0) or 1
    bars = []
    for place, value in enumerate(values):
        tall = max(1.0, height * value / most) if value else 1.0
        kind = "s" if value else "s0"
        bars.append(
            f'<rect class="{kind}" x="{6 * place}" y="{height - tall:.1f}" width="4" '
            f'height="{tall:.1f}"/>'
        )
    return (
        f'<svg class="spark" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label={_attribute(label)}>{"".join(bars)}</svg>'
    )


def report_chart(dots: Sequence[Dot], rows: Sequence[str], ends: tuple[str, str]) -> str:
    """A story's reports over time, a row for each language; `ends` are the first and last time."""
    left, row_height = 110, 30
    height = row_height * len(rows) + 26
    wide = _WIDTH - left - 24
    lines = []
    for place, name in enumerate(rows):
        y = row_height * place + 18
        lines.append(f'<line class="rule" x1="{left}" x2="{_WIDTH - 8}" y1="{y}" y2="{y}"/>')
        lines.append(f'<text class="axis" x="{left - 14}" y="{y + 4}" text-anchor="end">'
                     f"{_text(name)}</text>")  # fmt: skip
    marks = [
        f"<a href={_attribute(dot.href)} aria-label={_attribute(dot.label)}>"
        f'<circle class="dot" cx="{left + 10 + wide * min(1.0, max(0.0, dot.at)):.1f}" '
        f'cy="{row_height * dot.row + 18}" r="7"><title>{_text(dot.label)}</title></circle></a>'
        for dot in dots
    ]
    foot = row_height * len(rows) + 18
    return (
        f'<svg class="chart reports" viewBox="0 0 {_WIDTH} {height}" role="group" '
        f'aria-label="Reports by time and language"><g aria-hidden="true">{"".join(lines)}'
        f'<text class="axis" x="{left}" y="{foot}">{_text(ends[0])}</text>'
        f'<text class="axis" x="{_WIDTH - 8}" y="{foot}" text-anchor="end">{_text(ends[1])}</text>'
        f"</g>{''.join(marks)}</svg>"
    )


def _grid(scale: int, top: int) -> Iterable[str]:
    for share in (0, 0.5, 1):
        y = top + _BARS * (1 - share)
        yield f'<line class="rule" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield (
            f'<text class="axis" x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">'
            f"{scale * share:g}</text>"
        )


def _bars(
    columns: Sequence[Column], topics: Sequence[str], scale: int, step: float, top: int
) -> Iterable[str]:
    wide = max(1.0, step * 0.82)
    for place, column in enumerate(columns):
        x, y = _LEFT + step * place + (step - wide) / 2, float(top + _BARS)
        named = [(f"c{n}", column.counts.get(topic, 0)) for n, topic in enumerate(topics, 1)]
        rest = sum(column.counts.values()) - sum(count for _kind, count in named)
        told = ", ".join(
            f"{count} {topic or 'other'}" for topic, count in sorted(column.counts.items())
        )
        pieces = []
        for kind, count in (*named, ("c0", rest)):
            if count > 0:
                tall = _BARS * count / scale
                y -= tall
                pieces.append(f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" '
                              f'height="{tall:.1f}"/>')  # fmt: skip
        if pieces:
            yield f"<g><title>{_text(f'{column.start}: {told}')}</title>{''.join(pieces)}</g>"


def _days(columns: Sequence[Column], step: float, top: int) -> Iterable[str]:
    every = max(1, round(90 / step))
    for place, column in enumerate(columns):
        # The newest day is always named.
        if (len(columns) - 1 - place) % every == 0:
            x = min(_LEFT + step * (place + 0.5), _WIDTH - 24)
            if x > _LEFT + 12:
                yield (
                    f'<text class="axis" x="{x:.1f}" y="{top + _BARS + 18}" text-anchor="middle">'
                    f"{_text(column.label)}</text>"
                )


def _span(span: Span, lane: int, step: float) -> str:
    x, end, label_x, anchor, label = _place(span, step)
    y = 12 + _LANE * lane
    return (
        f'<a class="span{" over" if label_x < end and anchor == "start" else ""}" '
        f"href={_attribute(span.href)}>"
        f"<title>{_text(f'{span.headline} ({span.voices})')}</title>"
        f'<rect x="{x:.1f}" y="{y - 5}" width="{max(8.0, end - x):.1f}" height="10" rx="5"/>'
        f'<text x="{label_x:.1f}" y="{y + 4}" text-anchor="{anchor}"'
        f"{f' lang={_attribute(span.language)}' if span.language else ''}>{_text(label)}</text></a>"
    )


def _lanes(spans: Sequence[Span], columns: int) -> list[int]:
    """For each story the lane in which it touches no other; -1 where all are full."""
    step = (_WIDTH - _LEFT - _RIGHT) / max(1, columns)
    taken: list[list[tuple[float, float]]] = [[] for _ in range(_LANES_MOST)]
    found = []
    for span in spans:
        x, end, label_x, anchor, label = _place(span, step)
        wide = _width(label)
        start, stop = (
            (x, label_x + wide) if anchor == "start" else (label_x - wide, max(end, x + 8))
        )
        free = (
            lane
            for lane, held in enumerate(taken)
            if all(stop + 10 < other or start - 10 > last for other, last in held)
        )
        lane = next(free, -1)
        if lane >= 0:
            taken[lane].append((start, stop))
        found.append(lane)
    return found


def _place(span: Span, step: float) -> tuple[float, float, float, str, str]:
    """Where the bar of a story begins and ends, and where its label stands, on which side."""
    x, end = _LEFT + step * span.first, _LEFT + step * (span.last + 1)
    label = _shortened(span.headline)
    if end + 6 + _width(label) <= _WIDTH:
        return x, end, max(end, x + 8) + 6, "start", label
    if x - 6 - _width(label) >= 0:
        return x, end, x - 6, "end", label
    return x, end, x + 8, "start", label  # over the bar, which takes all the room there is


def _shortened(text: str) -> str:
    kept: list[str] = []
    wide = 0.0
    for sign in clean_line(text):
        wide += _signs(sign)
        if wide > _LABEL_MOST:
            return "".join(kept).rstrip() + "…"
        kept.append(sign)
    return "".join(kept)


def _width(text: str) -> float:
    return _LETTER * sum(map(_signs, text))


def _signs(sign: str) -> int:
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def _nice(most: int) -> int:
    """The end of the scale: the next of 2, 4, 10, 20, 40, 100 ... above the highest bar."""
    scale = 2
    while scale < most:
        scale = scale * 5 // 2 if str(scale).startswith("4") else scale * 2
    return scale


def _text(text: str) -> str:
    return escape(clean_line(text))


def _attribute(text: str) -> str:
    return quoteattr(clean_line(text))
