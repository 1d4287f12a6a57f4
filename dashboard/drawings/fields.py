"""Draws the funnel and the quadrants: estates as marks in two dimensions, the flagged ones with their names."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from markupsafe import Markup

from dashboard import numbers
from dashboard.charts.fields import FunnelChart, Limit, Quadrants, Spot
from dashboard.drawings.marks import mark
from dashboard.drawings.scales import Scale, linear, root, ticks
from dashboard.stories.atoms import Link
from dashboard.theme import SCREEN

TEXT = 14.0
LEFT, RIGHT, TOP, BOTTOM = 46.0, 12.0, 14.0, 44.0
Box = tuple[float, float, float, float]


def funnel(chart: FunnelChart, href: Callable[[Link], str], *, width: float, height: float) -> Markup:
    """The funnel, `width` × `height` px, samples on a square-root scale."""
    first, last = chart.limits[0].x, chart.limits[-1].x
    x = root(first * 0.85, max(last * 1.08, first + 1), LEFT, width - RIGHT)
    y = linear(chart.y_low, chart.y_high, height - BOTTOM, TOP)
    unit = "%" if chart.unit == "%" else ""
    parts = [
        *_levels(chart.y_low, chart.y_high, y, width, chart.decimals, unit),
        *_samples(first, last, x, width, height),
    ]
    curves = (("low998", ""), ("high998", ""), ("low95", "4 4"), ("high95", "4 4"))
    parts += [_curve(chart.limits, side, dash, x, y, chart) for side, dash in curves]
    parts.append(_line(LEFT, width - RIGHT, y(chart.centre), y(chart.centre), SCREEN.ink2))
    taken = [(x(one.x) - 6, y(one.y) - 6, x(one.x) + 6, y(one.y) + 6) for one in chart.spots]
    lines: list[Box] = [(LEFT, y(chart.centre) - 1, width, y(chart.centre) + 1)]
    lines += [
        (x(one.x) - 2, y(edge) - 2, x(one.x) + 2, y(edge) + 2)
        for one in chart.limits
        for edge in (one.low95, one.high95, one.low998, one.high998)
    ]
    parts += _above(chart, x, y, taken, width)
    parts += _on_line(chart.centre_word, y(chart.centre), taken, width)
    parts += _spots(chart.spots, x, y, taken, lines, href, width, height)
    parts.append(_text(width - RIGHT, height - 4, chart.x_word, SCREEN.ink3, "end"))
    return _svg(parts, width, height, f"{chart.y_word}, {chart.x_word}")


def quadrants(chart: Quadrants, href: Callable[[Link], str], *, width: float, height: float) -> Markup:
    """The quadrants, `width` × `height` px, with lines at the group's medians and words in the corners."""
    x_low, x_high = _roomy([one.x for one in chart.spots])
    y_low, y_high = _roomy([one.y for one in chart.spots])
    y_high = min(y_high, 100.0)
    x = linear(x_low, x_high, LEFT, width - RIGHT)
    y = linear(y_low, y_high, height - BOTTOM - 20, TOP + 20)
    parts = _levels(y_low, y_high, y, width, 0, "%")
    for one in ticks(x_low, x_high, 4):
        decimals = chart.x_decimals if (x_high - x_low) < 1 else 1
        parts.append(_text(x(one), height - BOTTOM + 18, numbers.number(one, decimals), SCREEN.ink3, "middle"))
    parts.append(_line(LEFT, width - RIGHT, y(chart.y_median), y(chart.y_median), SCREEN.ink2))
    parts.append(_line(x(chart.x_median), x(chart.x_median), TOP, height - BOTTOM, SCREEN.ink2))
    corners = ((LEFT + 4, TOP + 12, "start"), (width - RIGHT, TOP + 12, "end"),
               (LEFT + 4, height - BOTTOM - 5, "start"), (width - RIGHT, height - BOTTOM - 5, "end"))  # fmt: skip
    taken = [(x(one.x) - 6, y(one.y) - 6, x(one.x) + 6, y(one.y) + 6) for one in chart.spots]
    for word, (at, level, anchor) in zip(chart.corners, corners, strict=True):
        parts.append(_text(at, level, word, SCREEN.ink2, anchor))
        start = at if anchor == "start" else at - _width(word)
        taken.append((start, level - 13, start + _width(word), level + 4))
    lines: list[Box] = [
        (LEFT, y(chart.y_median) - 1, width, y(chart.y_median) + 1),
        (x(chart.x_median) - 1, 0.0, x(chart.x_median) + 1, height),
    ]
    parts += _spots(chart.spots, x, y, taken, lines, href, width, height)
    parts.append(_text(width - RIGHT, height - 4, chart.x_word, SCREEN.ink3, "end"))
    return _svg(parts, width, height, f"{chart.y_word}, {chart.x_word}")


def _above(chart: FunnelChart, x: Scale, y: Scale, taken: list[Box], width: float) -> list[Markup]:
    """The name of the outer limit, above the right end of its curve."""
    word = chart.limit_words[0]
    start = width - RIGHT - _width(word)
    under = [y(one.high998) for one in chart.limits if x(one.x) >= start - 8 and one.high998 <= chart.y_high]
    if not under or min(under) - 18 < 0:
        return []
    base = min(under) - 5
    taken.append((start, base - 12, width - RIGHT, base + 3))
    return [_text(width - RIGHT, base, word, SCREEN.ink3, "end")]


def _roomy(values: Sequence[float]) -> tuple[float, float]:
    room = (max(values) - min(values)) * 0.12 or abs(values[0]) * 0.1 or 1.0
    return min(values) - room, max(values) + room


def _levels(low: float, high: float, y: Scale, width: float, decimals: int, unit: str) -> list[Markup]:
    parts = []
    for one in ticks(low, high, 6):
        parts.append(_line(LEFT, width - RIGHT, y(one), y(one), SCREEN.rule2))
        parts.append(_text(LEFT - 6, y(one) + 5, f"{numbers.number(one, decimals)}{unit}", SCREEN.ink3, "end"))
    return parts


def _samples(first: float, last: float, x: Scale, width: float, height: float) -> list[Markup]:
    sizes = [base * 10.0**power for power in range(7) for base in (1, 2, 5)]
    parts, before = [], LEFT - 20.0
    for size in sizes:
        if first * 0.85 <= size <= last * 1.08 and x(size) - before > 40 and x(size) < width - RIGHT + 4:
            parts.append(_text(x(size), height - BOTTOM + 18, numbers.number(size), SCREEN.ink3, "middle"))
            before = x(size)
    return parts


def _curve(limits: Iterable[Limit], side: str, dash: str, x: Scale, y: Scale, chart: FunnelChart) -> Markup:
    inside = [(one.x, float(getattr(one, side))) for one in limits]
    points = " ".join(f"{x(at):.1f},{y(edge):.1f}" for at, edge in inside if chart.y_low <= edge <= chart.y_high)
    return Markup('<polyline points="{}" fill="none" stroke="{}" stroke-dasharray="{}"/>').format(
        points, SCREEN.dot, dash or "none"
    )


def _spots(
    spots: Iterable[Spot],
    x: Scale,
    y: Scale,
    taken: list[Box],
    lines: list[Box],
    href: Callable[[Link], str],
    width: float,
    height: float,
) -> list[Markup]:
    """The marks, the flagged above the others, then the names; `lines` are covered only where nothing else is free."""
    parts, names = [], []
    order = {"same": 0, "caution": 0, "none": 0, "better": 1, "worse": 1}
    for one in sorted(spots, key=lambda spot: order[spot.mark]):
        parts.append(
            Markup('<a href="{}"><title>{}</title>{}</a>').format(
                href(Link("estate", {"estate": one.subject})), one.text, mark(one.mark, x(one.x), y(one.y), 4.5)
            )
        )
        if one.is_named:
            colour = SCREEN.of(one.mark) if one.mark in ("better", "worse") else SCREEN.ink2
            names.append((one.name, (x(one.x), y(one.y)), colour))
    for name, at, colour in reversed(names):
        parts += _name(name, at, taken, lines, width, height, colour)
    return parts


def _name(
    word: str, at: tuple[float, float], taken: list[Box], lines: list[Box], width: float, height: float, colour: str
) -> list[Markup]:
    """A name beside its point where it covers no mark and no name: right, left, above, below; else not at all."""
    x, y = at
    long = _width(word)
    places = (
        (x + 9, y + 5), (x - 9 - long, y + 5), (x - long / 2, y - 10), (x - long / 2, y + 21),
        (x + 6, y - 8), (x + 6, y + 19), (x - 6 - long, y - 8), (x - 6 - long, y + 19),
    )  # fmt: skip
    for others in ([*taken, *lines], taken):
        for left, base in places:
            box = (left, base - 12, left + long, base + 3)
            inside = box[0] >= LEFT and box[2] <= width and box[1] >= 0 and box[3] <= height - BOTTOM
            if inside and not any(_meet(box, other) for other in others):
                taken.append(box)
                return [_text(left, base, word, colour, "start")]
    return []


def _on_line(word: str, y: float, taken: list[Box], width: float) -> list[Markup]:
    """The name of a level line, above or below its right or left end."""
    long = _width(word)
    for left in (width - RIGHT - long, LEFT + 2):
        for base in (y - 5, y + 16):
            box = (left, base - 12, left + long, base + 3)
            if not any(_meet(box, other) for other in taken):
                taken.append(box)
                return [_text(left, base, word, SCREEN.ink2, "start")]
    return []


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _width(word: str) -> float:
    return sum(TEXT if ord(one) > 0x2E7F else TEXT * 0.56 for one in word)


def _line(x1: float, x2: float, y1: float, y2: float, colour: str) -> Markup:
    return Markup('<line x1="{}" x2="{}" y1="{}" y2="{}" stroke="{}"/>').format(
        f"{x1:.1f}", f"{x2:.1f}", f"{y1:.1f}", f"{y2:.1f}", colour
    )


def _text(x: float, y: float, text: str, colour: str, anchor: str) -> Markup:
    return Markup('<text x="{}" y="{}" font-size="{}" fill="{}" text-anchor="{}">{}</text>').format(
        f"{x:.1f}", f"{y:.1f}", f"{TEXT:.0f}", colour, anchor, text
    )


def _svg(parts: Sequence[Markup], width: float, height: float, label: str) -> Markup:
    return Markup('<svg class="lp-field" viewBox="0 0 {w} {h}" role="img" aria-label="{label}">{body}</svg>').format(
        w=math.ceil(width), h=math.ceil(height), label=label, body=Markup("").join(parts)
    )
