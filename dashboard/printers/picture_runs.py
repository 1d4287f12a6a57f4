"""Draws run charts and small multiples on paper."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from dashboard import numbers
from dashboard.charts.run import RunChart, Trends
from dashboard.drawings.scales import Scale, linear, ticks
from dashboard.printers.axis import tick_text
from dashboard.printers.measure import cut, wide, wrapped
from dashboard.printers.plate import NARROW, WIDE, Drawn, Paper
from dashboard.printers.shapes import DASHED, DOTTED, Box, Line, Shape, Spot, Words, marked
from dashboard.theme import Ink

TALL: Final = 0.25
TALL_WIDE: Final = 0.27
TALL_NARROW: Final = 0.2
Frame = tuple[float, float, float, float]


def run_chart(chart: RunChart, *, paper: Paper, ink: Ink) -> Drawn:
    """One series with its limits, breaks and verdict."""
    axis = paper.axis
    words = [one for one in (chart.upper_word, chart.lower_word, chart.target_word) if one]
    room = max([wide(one, axis) for one in words] or [0.0]) + 10
    top, left = axis * 2.4, paper.margin + axis * 3.4
    tall = TALL_WIDE if paper is WIDE else TALL_NARROW if paper is NARROW else TALL
    frame = (left, paper.width - paper.margin - room, top, top + paper.width * tall)
    low, high = _reach(chart)
    shapes = [
        *_grid(low, high, frame, axis, ink, chart.unit),
        *_series(chart, low, high, frame, paper, ink, words=True),
    ]
    y = frame[3] + axis * 3.4
    if chart.verdict:
        for at, line in enumerate(wrapped(chart.verdict, paper.body, paper.width - 2 * paper.margin - 14)):
            if at == 0:
                shapes += marked(chart.mark, paper.margin + 4, y, ink, paper.body * 0.34)
            colour = ink.of(chart.mark) if chart.mark in {"better", "worse"} else ink.ink2
            shapes.append(Words(paper.margin + 13, y, line, colour, paper.body))
            y += paper.body * 1.5
    return Drawn(tuple(shapes), y)


def trends(chart: Trends, *, paper: Paper, ink: Ink) -> Drawn:
    """Small multiples with the same scales: each its name, its last value and the peers' median."""
    axis, body = paper.axis, paper.body
    columns = 3 if len(chart.charts) > 4 or paper is WIDE else 2
    gap = axis * 2.2
    room = paper.width - 2 * paper.margin
    width = (room - gap * (columns - 1)) / columns
    tall = width * (0.5 if columns == 3 else 0.42)
    shapes: list[Shape] = []
    deep = axis * 2.2 + tall + axis * 3.6
    begin = 0.0
    if chart.median is not None:
        begin = axis * 2.2
        shapes.append(Line(paper.margin, axis * 0.4, paper.margin + 18, axis * 0.4, ink.ink2, 0.8, DASHED))
        shapes.append(Words(paper.margin + 23, axis * 0.4, chart.median_word, ink.ink2, axis))
    for place, one in enumerate(chart.charts):
        left = paper.margin + (place % columns) * (width + gap)
        top = begin + (place // columns) * deep
        known = [step.value for step in one.steps if step.value is not None]
        last = f"{numbers.number(known[-1], one.decimals)}{one.unit if one.unit == '%' else ''}" if known else ""
        shapes.append(Words(left, top + body * 0.7, cut(one.name, body, width - wide(last, body) - 6), ink.ink, body))
        colour = ink.of(one.mark) if one.mark in {"better", "worse"} else ink.ink
        shapes.append(Words(left + width, top + body * 0.7, last, colour, body, "right"))
        frame = (left + axis * 2.4, left + width, top + axis * 2.2, top + axis * 2.2 + tall)
        shapes += _grid(chart.low, chart.high, frame, axis, ink, "")
        middle = chart.medians[place] if place < len(chart.medians) else chart.median
        if middle is not None and chart.low <= middle <= chart.high:
            y = linear(chart.low, chart.high, frame[3], frame[2])(middle)
            shapes.append(Line(frame[0], y, frame[1], y, ink.ink2, 0.8, DASHED, z=2))
        shapes += _series(one, chart.low, chart.high, frame, paper, ink, words=False)
    rows = -(-len(chart.charts) // columns)
    return Drawn(tuple(shapes), begin + rows * deep)


def _reach(chart: RunChart) -> tuple[float, float]:
    values = [
        end
        for one in chart.steps
        if one.value is not None
        for end in (one.value, one.value if one.low is None else one.low, one.value if one.high is None else one.high)
    ]
    values += [edge for one in chart.stretches for edge in (one.lower, one.upper)]
    values += [chart.target] if chart.target is not None else []
    if not values:
        return 0.0, 1.0
    low, high = min(values), max(values)
    pad = (high - low) * 0.06 or abs(high) * 0.05 or 1.0
    return low - pad, high + pad


def _grid(low: float, high: float, frame: Frame, axis: float, ink: Ink, unit: str) -> list[Shape]:
    left, right, top, bottom = frame
    y = linear(low, high, bottom, top)
    rungs = ticks(low, high, 4 if bottom - top < 90 else 6)
    shapes: list[Shape] = [Line(left, bottom, right, bottom, ink.dot, 0.7, z=1)]
    for tick in rungs:
        shapes.append(Line(left, y(tick), right, y(tick), ink.rule2, 0.5, z=1))
        shapes.append(Words(left - 3, y(tick), tick_text(tick, rungs, unit), ink.ink3, axis, "right"))
    return shapes


def _series(
    chart: RunChart, low: float, high: float, frame: Frame, paper: Paper, ink: Ink, *, words: bool
) -> list[Shape]:
    left, right, top, bottom = frame
    axis = paper.axis
    x = linear(0, max(len(chart.steps) - 1, 1), left + 5, right - 5)
    straight = linear(low, high, bottom, top)

    def y(value: float) -> float:
        return min(max(straight(value), top), bottom)

    shapes: list[Shape] = []
    for stretch in chart.stretches:
        first, last = x(stretch.first), max(x(stretch.last), x(stretch.first) + 2)
        shapes.append(Box(first, y(stretch.upper), last, y(stretch.lower), ink.band, z=0))
        shapes.append(Line(first, y(stretch.mean), last, y(stretch.mean), ink.dot, 0.8, DASHED))
    if chart.target is not None and words:
        shapes.append(Line(left, y(chart.target), right, y(chart.target), ink.ink2, 0.8, DOTTED))
    if words:
        shapes += _limit_words(chart, y, right, axis, ink)
    cuts = {one.place for one in chart.breaks}
    for cut_at in chart.breaks:
        place = (x(cut_at.place) + x(max(cut_at.place - 1, 0))) / 2
        shapes.append(Line(place, top - (axis * 1.2 if words else 0), place, bottom, ink.ink2, 0.8))
        if words:
            is_left = place + 3 + wide(cut_at.word, axis) > paper.width - paper.margin
            shapes.append(
                Words(place - 3 if is_left else place + 3, top - axis * 0.8, cut_at.word, ink.ink2, axis,
                      "right" if is_left else "left")
            )  # fmt: skip
    points = [(place, one) for place, one in enumerate(chart.steps) if one.value is not None]
    for (before, one), (after, other) in pairwise(points):
        gap = any(before < at <= after for at in cuts) or after - before > 1
        if not gap and one.value is not None and other.value is not None:
            shapes.append(Line(x(before), y(one.value), x(after), y(other.value), ink.dot, 1.0, z=3))
    for place, one in points:
        if one.value is None:
            continue
        if one.low is not None and one.high is not None:
            shapes.append(Line(x(place), y(one.low), x(place), y(one.high), ink.ink2, 0.9, z=3))
        if one.mark in {"better", "worse"} or place == points[-1][0]:
            shapes += marked(one.mark or "same", x(place), y(one.value), ink, 3.2 if place == points[-1][0] else 2.3)
        else:
            shapes.append(Spot(x(place), y(one.value), "circle", 1.3, ink.ink2, ink.ink2))
    if chart.steps:
        begin, end = chart.steps[0].label, chart.steps[-1].label
        shapes.append(Words(left, bottom + axis * 1.2, begin, ink.ink3, axis))
        if len(chart.steps) > 1 and wide(begin + end, axis) + 8 < right - left:
            shapes.append(Words(right, bottom + axis * 1.2, end, ink.ink3, axis, "right"))
    return shapes


def _limit_words(chart: RunChart, y: Scale, right: float, axis: float, ink: Ink) -> list[Shape]:
    """The words at the right end, one below the other where the lines are near."""
    there: list[tuple[float, str]] = []
    if chart.stretches:
        last = chart.stretches[-1]
        there = [(y(last.upper), chart.upper_word), (y(last.lower), chart.lower_word)]
    if chart.target is not None:
        there.append((y(chart.target), chart.target_word))
    shapes: list[Shape] = []
    before = float("-inf")
    for place, word in sorted(there):
        at = max(place, before + axis * 1.25)
        shapes.append(Words(right + 5, at, word, ink.ink2, axis))
        before = at
    return shapes
