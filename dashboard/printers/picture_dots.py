"""Draws the ranked dot plot and the strip of peers on paper."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from dashboard import numbers
from dashboard.charts.dots import DotPlot, DotRow, Strip
from dashboard.drawings.scales import Scale, linear
from dashboard.printers.axis import tick_text
from dashboard.printers.measure import cut, wide, wrapped
from dashboard.printers.plate import WIDE, Drawn, Paper
from dashboard.printers.shapes import DOTTED, SOLID, Align, Dash, Line, Shape, Spot, Words, marked
from dashboard.theme import Ink

ROW: Final = 1.82
"""Height of a row in sizes of the body type; many rows stand closer."""
CLOSE: Final = 1.32
MANY: Final = 22
NONE: Final = numbers.NONE
OWN: Final = 3
PLOT: Final = 0.36
"""Columns of a row's own, and the share of the width that dots need; other metrics only stand where room is left."""


def dot_plot(chart: DotPlot, *, paper: Paper, ink: Ink) -> Drawn:
    """Rows with name, dot and interval, then value, sample, households; on a slide also the other metrics."""
    size, axis = paper.body, paper.axis
    row = size * (ROW if len(chart.rows) <= MANY else CLOSE)
    shown = [one for one in chart.rows if one.value is not None]
    absent = [one for one in chart.rows if one.value is None]
    left, right = paper.margin, paper.width - paper.margin
    names = min(max([wide(one.name, size) for one in chart.rows] or [0.0]) + 10, (right - left) * 0.27)
    columns = _columns(chart, paper, right)
    while len(columns) > OWN and columns[0][1] - columns[0][2] - left - names < PLOT * (right - left):
        chart = replace(chart, beside=chart.beside[:-1])
        columns = _columns(chart, paper, right)
    x = linear(chart.low, chart.high, left + names + 6, min(columns[0][1], right) - columns[0][2] - 14)
    x0, x1 = x(chart.low), x(chart.high)
    top = axis * 4.2
    shapes: list[Shape] = [Line(left, top, right, top, ink.dot, 0.7)]
    foot = top + 4 + row * len(shown)
    for tick in chart.ticks:
        shapes.append(Line(x(tick), top, x(tick), foot, ink.rule2, 0.6, z=0))
        shapes.append(
            Words(x(tick), top - axis * 0.8, tick_text(tick, chart.ticks, chart.unit), ink.ink3, axis, "center")
        )
    for heading, place, _, _ in columns:
        shapes += [
            Words(place, top - axis * (0.8 + 1.15 * (len(parts) - 1 - at)), part, ink.ink2, axis, "right")
            for parts in [heading]
            for at, part in enumerate(parts)
        ]
    shapes += _lines(chart, x, top, foot, paper, ink)
    for place, one in enumerate(shown):
        y = top + 4 + row * (place + 0.5)
        shapes += _row(one, x, y, row, paper, ink)
        shapes += _name(one.name, left, y, names, row, size, ink)
        shapes += _cells(one, columns, y, size, ink)
    shapes.append(Line(left, foot, right, foot, ink.dot, 0.7))
    y = foot
    for one in absent:
        room = columns[0][1] - columns[0][2] - x0 - 8
        lines = wrapped(one.reason, axis, room)
        tall = max(row, len(lines) * axis * 1.35)
        shapes += _name(one.name, left, y + tall / 2, names, row, size, ink)
        shapes += [
            Words(x0, y + tall / 2 + (at - (len(lines) - 1) / 2) * axis * 1.3, line, ink.ink2, axis)
            for at, line in enumerate(lines)
        ]
        shapes += _cells(one, columns, y + tall / 2, size, ink)
        y += tall
    if absent:
        shapes.append(Line(left, y, right, y, ink.dot, 0.7))
    assert x1 > x0  # noqa: S101 - the columns leave room for the plot
    return Drawn(tuple(shapes), y + 2)


_Column = tuple[list[str], float, float, str]


def _columns(chart: DotPlot, paper: Paper, right: float) -> list[_Column]:
    """Heading (its lines), right edge, width and what it shows, from left to right."""
    size, axis = paper.body, paper.axis
    kinds: list[tuple[list[str], str, list[str]]] = [
        (_lines_of(chart.name, axis, axis * 8), "value", [one.text for one in chart.rows]),
        ([chart.headings[2]], "sample", [one.sample + "△" for one in chart.rows]),
        ([chart.headings[1]], "households", [one.households for one in chart.rows]),
    ]
    if paper is WIDE:
        for place, (name, unit) in enumerate(chart.beside):
            texts = [one.beside[place].text for one in chart.rows if place < len(one.beside)]
            kinds.append(([*_lines_of(name, axis, axis * 9), *([unit] if unit else [])], f"beside{place}", texts))
    columns: list[_Column] = []
    edge = right
    for heading, what, texts in reversed(kinds):
        width = max([*(wide(one, axis) for one in heading), *(wide(one, size) for one in texts)])
        columns.insert(0, (heading, edge, width, what))
        edge -= width + size * (1.1 if paper is not WIDE else 1.6)
    return columns


def _name(name: str, left: float, y: float, room: float, row: float, size: float, ink: Ink) -> list[Shape]:
    """An estate's name; a long one on two lines, as close as the row is high."""
    if wide(name, size) <= room:
        return [Words(left, y, name, ink.ink, size)]
    small = min(size * 0.86, row * 0.56)
    first, *rest = wrapped(name, small, room)
    lines = [first, cut("".join(rest), small, room)] if rest else [first]
    step = min(small * 1.1, row * 0.48)
    return [Words(left, y + (at - (len(lines) - 1) / 2) * step, one, ink.ink, small) for at, one in enumerate(lines)]


def _lines_of(text: str, size: float, room: float) -> list[str]:
    return wrapped(text, size, room)[:3]


def _cells(one: DotRow, columns: list[_Column], y: float, size: float, ink: Ink) -> list[Shape]:
    shapes: list[Shape] = []
    for _, edge, _, what in columns:
        colour, text = ink.ink2, NONE
        if what == "value" and one.value is not None:
            colour, text = (ink.of(one.mark) if one.mark in {"better", "worse"} else ink.ink), one.text
        elif what == "sample":
            text = one.sample or NONE
            if one.cautioned:
                shapes.append(Words(edge, y, "△", ink.ink2, size * 0.9))
        elif what == "households":
            text = one.households or NONE
        elif what.startswith("beside") and int(what[6:]) < len(one.beside):
            text = one.beside[int(what[6:])].text
        shapes.append(Words(edge, y, text, colour, size, "right"))
    return shapes


def _row(one: DotRow, x: Scale, y: float, row: float, paper: Paper, ink: Ink) -> list[Shape]:
    shapes: list[Shape] = []
    flagged = one.mark in {"better", "worse"}
    if one.low is not None and one.high is not None:
        dash = (2.2, 1.6) if one.cautioned else SOLID
        colour = ink.of(one.mark) if flagged else ink.dot
        shapes.append(Line(x(one.low), y, x(one.high), y, colour, 1.3, dash, z=3))
    if one.peer_median is not None:
        shapes.append(Line(x(one.peer_median), y - row * 0.3, x(one.peer_median), y + row * 0.3, ink.ink, 0.9, z=3))
    if one.value is not None:
        shapes += marked(one.mark, x(one.value), y, ink, paper.body * 0.31)
    return shapes


def _lines(chart: DotPlot, x: Scale, top: float, foot: float, paper: Paper, ink: Ink) -> list[Shape]:
    """The street and the target, their words above the axis, side by side where they are near each other."""
    axis = paper.axis
    shapes: list[Shape] = []
    there: list[tuple[float, str, str, Dash]] = [
        (value, word, colour, dash)
        for value, word, colour, dash in (
            (chart.street, chart.street_word, ink.ink, SOLID), (chart.target, chart.target_word, ink.ink2, DOTTED),
        )
        if value is not None and chart.low <= value <= chart.high
    ]  # fmt: skip
    for at, (value, word, colour, dash) in enumerate(sorted(there)):
        shapes.append(Line(x(value), top - axis * 1.5, x(value), foot, colour, 0.9, dash, z=1))
        is_left = at == 0 and (len(there) == 2 or x(value) > (x(chart.low) + x(chart.high)) / 2)
        shapes.append(
            Words(
                x(value) + (-2 if is_left else 2), top - axis * 2.2, word, colour, axis, "right" if is_left else "left"
            )
        )
    return shapes


def strip(chart: Strip, *, paper: Paper, ink: Ink) -> Drawn:
    """All peers as pale dots on one line, the median's tick with its word, this estate's mark, the ends' words."""
    axis = paper.axis
    left, right = paper.margin + 6, paper.width - paper.margin - 6
    values = [one.value for one in chart.dots] + [one for one in (chart.own, chart.median) if one is not None]
    if not values:
        return Drawn((), 0.0)
    x = linear(min(values), max(values), left, right)
    y = axis * 3.6
    shapes: list[Shape] = [Line(left, y, right, y, ink.rule, 0.8)]
    shapes += [Spot(x(one.value), y, "circle", 2.6, ink.bar, ink.bar, z=3) for one in chart.dots]
    if chart.median is not None:
        place = x(chart.median)
        shapes.append(Line(place, y - 7, place, y + 7, ink.ink, 1.0, z=3))
        shapes.append(Words(place, y + axis * 1.9, chart.median_word, ink.ink, axis, _side(place, left, right)))
    if chart.own is not None:
        place = x(chart.own)
        shapes += marked(chart.mark, place, y, ink, 4.0)
        shapes.append(Words(place, y - axis * 1.8, chart.own_text, ink.ink, paper.body, _side(place, left, right)))
    low = Words(left, y + axis * 3.4, chart.low_word, ink.ink3, axis)
    high = Words(right, y + axis * 3.4, chart.high_word, ink.ink3, axis, "right")
    return Drawn((*shapes, low, high), y + axis * 4.4)


def _side(place: float, left: float, right: float) -> Align:
    if place < left + 60:
        return "left"
    return "right" if place > right - 60 else "center"
