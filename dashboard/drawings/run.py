"""Draws a run chart: band, mean, limits with their words, breaks, and the marks of the verdict."""

from __future__ import annotations

from itertools import pairwise

from markupsafe import Markup, escape

from dashboard import numbers
from dashboard.charts.run import RunChart
from dashboard.drawings.marks import mark
from dashboard.drawings.scales import Scale, linear
from dashboard.theme import SCREEN

TEXT = 14.0
RIGHT = 6.8
"""Room for the words of the limits, in sizes of the text."""


def run_chart(
    chart: RunChart, *, width: float = 340.0, height: float = 100.0, words: bool = True, text: float = TEXT
) -> Markup:
    """The chart, `width` × `height` px. Without `words` only the line, the band and the marks (a spark)."""
    known = [one for one in chart.steps if one.value is not None]
    if not known:
        return Markup("")
    right = RIGHT * text if words and chart.stretches else 12.0 if words or width < 180 else 4.4 * text
    x = linear(0, max(len(chart.steps) - 1, 1), 6, width - right)
    foot = 1.6 * text if words else 6.0
    y = _scale(chart, 8.0 + (text if words else 0), height - foot)
    parts = [
        *_limits(chart, x, y, text if words else 0.0),
        *_breaks(chart, x, height - foot, text if words else 0.0),
        *_line(chart, x, y),
    ]
    if words:
        parts += _ends(chart, x, y, height, text)
    elif right > 12 and known[-1].value is not None:
        at = x(len(chart.steps) - 1) + 11
        parts.append(_text(at, y(known[-1].value) + 5, chart.last_word, text, colour=SCREEN.of(chart.mark)))
    return Markup(
        '<svg width="{w}" height="{h}" viewBox="0 0 {w} {h}" role="img" aria-label="{label}">{body}</svg>'
    ).format(w=f"{width:.0f}", h=f"{height:.0f}", label=label(chart), body=Markup("").join(parts))


def label(chart: RunChart) -> str:
    """The picture in a sentence, for those who cannot see it."""
    known = [one for one in chart.steps if one.value is not None]
    last = known[-1]
    value = f"{numbers.number(last.value, chart.decimals)}{chart.unit}"
    return f"{chart.name} {known[0].label}–{last.label}: {value}. {chart.verdict}"


def _scale(chart: RunChart, top: float, bottom: float) -> Scale:
    values = [
        end for one in chart.steps if one.value is not None for end in (one.low or one.value, one.high or one.value)
    ]
    values += [edge for one in chart.stretches for edge in (one.lower, one.upper)]
    low, high = min(values), max(values)
    return linear(low, high, bottom, top) if high > low else linear(low - 1, low + 1, bottom, top)


def _limits(chart: RunChart, x: Scale, y: Scale, text: float) -> list[Markup]:
    parts = []
    for stretch in chart.stretches:
        left, right = x(stretch.first), max(x(stretch.last), x(stretch.first) + 2)
        parts.append(
            Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>').format(
                f"{left:.1f}",
                f"{y(stretch.upper):.1f}",
                f"{right - left:.1f}",
                f"{y(stretch.lower) - y(stretch.upper):.1f}",
                SCREEN.band,
            )
        )
        parts.append(
            Markup('<line x1="{}" x2="{}" y1="{y}" y2="{y}" stroke="{}" stroke-dasharray="5 4"/>').format(
                f"{left:.1f}", f"{right:.1f}", SCREEN.dot, y=f"{y(stretch.mean):.1f}"
            )
        )
    if chart.stretches and text:
        last = chart.stretches[-1]
        place = x(len(chart.steps) - 1) + 12
        upper, lower = y(last.upper) + 5, y(last.lower) + 5
        if lower - upper < 1.3 * text:
            middle = (upper + lower) / 2
            upper, lower = middle - 0.65 * text, middle + 0.65 * text
        parts += [_text(place, upper, chart.upper_word, text), _text(place, lower, chart.lower_word, text)]
    return parts


def _breaks(chart: RunChart, x: Scale, bottom: float, text: float) -> list[Markup]:
    parts = []
    ends = [-1e9, -1e9]
    for one in chart.breaks:
        place = (x(one.place) + x(max(one.place - 1, 0))) / 2
        parts.append(
            Markup('<line x1="{x}" x2="{x}" y1="4" y2="{}" stroke="{}"/>').format(
                f"{bottom:.1f}", SCREEN.ink2, x=f"{place:.1f}"
            )
        )
        if text:
            long = sum(text if ord(each) > 0x2E7F else text * 0.56 for each in one.word)
            is_late = place + 4 + long > x(len(chart.steps) - 1) + 12
            left = place - 4 - long if is_late else place + 4
            row = 0 if left > ends[0] + 4 else 1
            ends[row] = left + long
            parts.append(_text(left, text + row * (text + 1), one.word, text))
    return parts


def _line(chart: RunChart, x: Scale, y: Scale) -> list[Markup]:
    parts: list[Markup] = []
    points = [(place, one) for place, one in enumerate(chart.steps) if one.value is not None]
    cuts = {one.place for one in chart.breaks}
    for (before, one), (after, other) in pairwise(points):
        if any(before < cut <= after for cut in cuts) or one.value is None or other.value is None:
            continue
        parts.append(
            Markup('<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="1.4"/>').format(
                f"{x(before):.1f}", f"{y(one.value):.1f}", f"{x(after):.1f}", f"{y(other.value):.1f}", SCREEN.dot
            )
        )
    for place, one in points:
        if one.value is None:
            continue
        if one.low is not None and one.high is not None:
            parts.append(
                Markup('<line x1="{x}" x2="{x}" y1="{}" y2="{}" stroke="{}" stroke-width="1.4"/>').format(
                    f"{y(one.low):.1f}", f"{y(one.high):.1f}", SCREEN.ink2, x=f"{x(place):.1f}"
                )
            )
        is_last = place == points[-1][0]
        if one.mark in {"better", "worse"} or is_last:
            parts.append(mark(one.mark or "same", x(place), y(one.value), 5.0 if is_last else 3.4))
        else:
            parts.append(
                Markup('<circle cx="{}" cy="{}" r="2.4" fill="{}"/>').format(
                    f"{x(place):.1f}", f"{y(one.value):.1f}", SCREEN.ink2
                )
            )
    return parts


def _ends(chart: RunChart, x: Scale, y: Scale, height: float, text: float) -> list[Markup]:
    first, last = chart.steps[0], chart.steps[-1]
    parts = [_text(2, height - 4, first.label, text)]
    if len(chart.steps) > 1:
        parts.append(_text(x(len(chart.steps) - 1) + 4, height - 4, last.label, text, anchor="end"))
    if not chart.stretches and chart.steps[0].value is not None:
        parts.append(
            _text(
                2,
                min(max(y(chart.steps[0].high or chart.steps[0].value) - 8, 0.8 * text), height - 2.2 * text),
                numbers.number(chart.steps[0].value, chart.decimals),
                text,
            )
        )
    return parts


def _text(x: float, y: float, words: str, size: float, anchor: str = "start", colour: str = SCREEN.ink3) -> Markup:
    return Markup('<text x="{}" y="{}" font-size="{}" fill="{}" text-anchor="{}">{}</text>').format(
        f"{x:.1f}", f"{y:.1f}", f"{size:.0f}", colour, anchor, escape(words)
    )
