"""Draws the funnel and the quadrants on paper."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from dashboard import numbers
from dashboard.charts.fields import FunnelChart, Quadrants
from dashboard.charts.fields import Spot as Estate
from dashboard.drawings.scales import Scale, linear, root, ticks
from dashboard.printers.axis import tick_text
from dashboard.printers.measure import wide
from dashboard.printers.plate import WIDE, Drawn, Paper
from dashboard.printers.shapes import DASHED, SOLID, Dash, Line, Shape, Words, marked
from dashboard.theme import Ink

TALL: Final = 0.56
"""Height of a field as a share of its width; on a slide what is left of it."""
TALL_WIDE: Final = 0.31


def funnel(chart: FunnelChart, *, paper: Paper, ink: Ink) -> Drawn:
    """Rates against samples on a square-root scale, the limits 95 % dashed and 99.8 % solid around the centre."""
    axis = paper.axis
    words = (*chart.limit_words, chart.centre_word)
    left, right = paper.margin + axis * 3.6, paper.width - paper.margin - max(wide(one, axis) for one in words) - 8
    top = axis * 2.2
    bottom = top + paper.width * (TALL_WIDE if paper is WIDE else TALL)
    most = max([one.x for one in chart.spots] + [one.x for one in chart.limits] + [1.0])
    x = root(0, most, left, right)
    y = linear(chart.y_low, chart.y_high, bottom, top)
    shapes: list[Shape] = [Line(left, bottom, right, bottom, ink.dot, 0.7)]
    rungs = ticks(chart.y_low, chart.y_high, 6)
    for tick in rungs:
        shapes.append(Line(left, y(tick), right, y(tick), ink.rule2, 0.6, z=0))
        shapes.append(Words(left - 4, y(tick), tick_text(tick, rungs, chart.unit), ink.ink3, axis, "right"))
    for tick in _root_ticks(most):
        shapes.append(Line(x(tick), bottom, x(tick), bottom + 3, ink.dot, 0.6))
        shapes.append(Words(x(tick), bottom + axis * 1.2, numbers.number(tick), ink.ink3, axis, "center"))
    shapes.append(Words(right, bottom + axis * 2.5, chart.x_word, ink.ink2, axis, "right"))
    shapes.append(Words(paper.margin, top - axis * 1.3, chart.y_word, ink.ink2, axis))
    shapes.append(Line(left, y(chart.centre), right, y(chart.centre), ink.ink, 0.8, z=2))
    ends: list[tuple[float, str, str]] = [(y(chart.centre), chart.centre_word, ink.ink)]
    styles: tuple[tuple[str, str, Dash], ...] = (("low998", "high998", SOLID), ("low95", "high95", DASHED))
    for (low, high, dash), word in zip(styles, chart.limit_words, strict=True):
        for one, other in pairwise(chart.limits):
            for side in (low, high):
                first, last = getattr(one, side), getattr(other, side)
                if not (first == last and first in {chart.y_low, chart.y_high}):
                    clipped = [min(max(value, chart.y_low), chart.y_high) for value in (first, last)]
                    shapes.append(Line(x(one.x), y(clipped[0]), x(other.x), y(clipped[1]), ink.dot, 0.8, dash, z=2))
        if chart.limits:
            ends.append((y(min(getattr(chart.limits[-1], high), chart.y_high)), word, ink.ink2))
    for place, word, colour in _apart(ends, axis * 1.25):
        shapes.append(Words(right + 4, place, word, colour, axis))
    shapes += _spots(chart.spots, x, y, (left, right, top, bottom), paper, ink)
    return Drawn(tuple(shapes), bottom + axis * 3.4)


def quadrants(chart: Quadrants, *, paper: Paper, ink: Ink) -> Drawn:
    """Two metrics of one peer group, lines at its medians, the corners in words."""
    axis = paper.axis
    left, right = paper.margin + axis * 3.2, paper.width - paper.margin - 4
    top = axis * 2.4
    bottom = top + paper.width * (TALL_WIDE if paper is WIDE else TALL)
    if not chart.spots:
        return Drawn((), 0.0)
    xs, ys = [one.x for one in chart.spots], [one.y for one in chart.spots]
    low_x, high_x = _padded([*xs, chart.x_median])
    low_y, high_y = _padded([*ys, chart.y_median])
    columns, rows = ticks(low_x, high_x, 6), ticks(low_y, high_y, 6)
    x, y = linear(low_x, high_x, left, right), linear(low_y, high_y, bottom, top)
    shapes: list[Shape] = [
        Line(left, bottom, right, bottom, ink.dot, 0.7),
        Line(left, top, left, bottom, ink.dot, 0.7),
        Line(x(chart.x_median), top, x(chart.x_median), bottom, ink.ink2, 0.8, DASHED),
        Line(left, y(chart.y_median), right, y(chart.y_median), ink.ink2, 0.8, DASHED),
        Words(paper.margin, top - axis * 1.4, chart.y_word, ink.ink2, axis),
        Words(right, bottom + axis * 2.5, chart.x_word, ink.ink2, axis, "right"),
        Words(left + 5, top + axis, chart.corners[0], ink.ink3, axis),
        Words(right - 5, top + axis, chart.corners[1], ink.ink3, axis, "right"),
        Words(left + 5, bottom - axis, chart.corners[2], ink.ink3, axis),
        Words(right - 5, bottom - axis, chart.corners[3], ink.ink3, axis, "right"),
    ]
    shapes += [
        Words(x(tick), bottom + axis * 1.1, tick_text(tick, columns), ink.ink3, axis, "center") for tick in columns
    ]
    shapes += [Words(left - 4, y(tick), tick_text(tick, rows), ink.ink3, axis, "right") for tick in rows]
    shapes += _spots(chart.spots, x, y, (left, right, top, bottom), paper, ink)
    return Drawn(tuple(shapes), bottom + axis * 3.4)


def _spots(
    spots: Sequence[Estate], x: Scale, y: Scale, frame: tuple[float, float, float, float], paper: Paper, ink: Ink
) -> list[Shape]:
    """The marks, and the names where no other name or mark stands: right, left, above or below."""
    left, right, top, bottom = frame
    size = paper.axis
    shapes: list[Shape] = []
    taken = [(x(one.x) - 3, y(one.y) - 3, x(one.x) + 3, y(one.y) + 3) for one in spots]
    for one in spots:
        shapes += marked(one.mark, x(one.x), y(one.y), ink, paper.body * 0.31)
    for one in sorted(spots, key=lambda spot: spot.mark not in {"better", "worse"}):
        if not one.is_named:
            continue
        width = wide(one.name, size)
        px, py = x(one.x), y(one.y)
        for dx, dy in ((6, 0), (-6 - width, 0), (-width / 2, -size), (-width / 2, size), (5, -size), (5, size)):
            box = (px + dx, py + dy - size * 0.5, px + dx + width, py + dy + size * 0.5)
            inside = box[0] >= left and box[2] <= right + 2 and box[1] >= top - 2 and box[3] <= bottom
            if inside and not any(
                box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3] for other in taken
            ):
                taken.append(box)
                shapes.append(Words(px + dx, py + dy, one.name, ink.ink, size))
                break
    return shapes


def _apart(ends: list[tuple[float, str, str]], least: float) -> list[tuple[float, str, str]]:
    """Words at the right end, moved down so far that none covers another."""
    placed: list[tuple[float, str, str]] = []
    for y, word, colour in sorted(ends):
        placed.append((max(y, placed[-1][0] + least) if placed else y, word, colour))
    return placed


def _padded(values: list[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    pad = (high - low) * 0.08 or abs(high) * 0.1 or 1.0
    return low - pad, high + pad


def _root_ticks(most: float) -> list[float]:
    return [one for one in (10, 50, 100, 200, 400, 800, 1600, 3200, 6400) if one <= most * 1.02]
