"""Draws small multiples: one estate a picture, all on one scale, limits and changes of company marked."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from markupsafe import Markup

from dashboard import numbers
from dashboard.charts.run import RunChart, Trends
from dashboard.drawings.marks import mark
from dashboard.drawings.scales import Scale, linear
from dashboard.stories.atoms import Link
from dashboard.theme import SCREEN

WIDTH, HEIGHT = 212.0, 112.0
RIGHT, TOP, BOTTOM = 50.0, 22.0, 26.0
TEXT = 14.0


def trends(chart: Trends, href: Callable[[Link], str]) -> Markup:
    """All pictures; each name leads to the estate's page."""
    medians = chart.medians or (chart.median,) * len(chart.charts)
    parts = [
        Markup('<figure><figcaption><a href="{}" title="{}">{}</a></figcaption>{}<p class="{}">{}</p></figure>').format(
            href(Link("estate", {"estate": one.name})), one.name, one.name, _small(one, middle, chart),
            f"lp-third lp-{one.mark}", one.verdict,
        )
        for one, middle in zip(chart.charts, medians, strict=True)
    ]  # fmt: skip
    return Markup('<div class="lp-trends">{}</div>').format(Markup("").join(parts))


def _small(one: RunChart, middle: float | None, of: Trends) -> Markup:
    x = linear(0, max(len(one.steps) - 1, 1), 6, WIDTH - RIGHT)
    y = linear(of.low, of.high, HEIGHT - BOTTOM - 6, TOP + 4)
    parts = [*_band(one, x, y, of), *_median(middle, x, y, one), *_breaks(one, x), *_walk(one, x, y)]
    known = [(place, step) for place, step in enumerate(one.steps) if step.value is not None]
    parts.append(_text(0, HEIGHT - 6, one.steps[0].label, "start"))
    parts.append(_text(WIDTH, HEIGHT - 6, one.steps[-1].label, "end"))
    place, last = known[-1]
    value = last.value or 0.0
    colour = SCREEN.of(one.mark) if one.mark in ("better", "worse") else SCREEN.ink2
    parts.append(mark(last.mark or one.mark, x(place), y(value), 4.5))
    parts.append(_text(x(place) + 10, y(value) + 5, numbers.number(value, one.decimals), "start", colour))
    label = (
        f"{one.name} {known[0][1].label}–{last.label}: {numbers.number(value, one.decimals)} {one.unit}. {one.verdict}"
    )
    return Markup('<svg viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
        f"{WIDTH:.0f}", f"{HEIGHT:.0f}", label, Markup("").join(parts)
    )


def _band(one: RunChart, x: Scale, y: Scale, of: Trends) -> list[Markup]:
    parts = []
    for stretch in one.stretches:
        upper, lower = min(stretch.upper, of.high), max(stretch.lower, of.low)
        if upper > lower:
            parts.append(
                Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>').format(
                    f"{x(stretch.first):.1f}", f"{y(upper):.1f}", f"{x(stretch.last) - x(stretch.first):.1f}",
                    f"{y(lower) - y(upper):.1f}", SCREEN.band,
                )
            )  # fmt: skip
    return parts


def _median(middle: float | None, x: Scale, y: Scale, one: RunChart) -> list[Markup]:
    if middle is None:
        return []
    return [
        Markup('<line x1="{}" x2="{}" y1="{at}" y2="{at}" stroke="{}" stroke-dasharray="4 3"/>').format(
            f"{x(0):.1f}", f"{x(len(one.steps) - 1):.1f}", SCREEN.dot, at=f"{y(middle):.1f}"
        )
    ]


def _breaks(one: RunChart, x: Scale) -> list[Markup]:
    parts, free = [], 0.0
    for cut in one.breaks:
        at = (x(cut.place) + x(max(cut.place - 1, 0))) / 2
        parts.append(
            Markup('<line x1="{at}" x2="{at}" y1="4" y2="{}" stroke="{}"/>').format(
                f"{HEIGHT - BOTTOM:.1f}", SCREEN.ink2, at=f"{at:.1f}"
            )
        )
        long = sum(TEXT if ord(letter) > 0x2E7F else TEXT * 0.56 for letter in cut.word)
        right = at + 4 + long <= WIDTH
        start = at + 4 if right else at - 4 - long
        if start >= free:
            parts.append(_text(at + 4 if right else at - 4, 15, cut.word, "start" if right else "end", SCREEN.ink2))
            free = start + long + 4
    return parts


def _walk(one: RunChart, x: Scale, y: Scale) -> list[Markup]:
    cuts = {cut.place for cut in one.breaks}
    known = [(place, step) for place, step in enumerate(one.steps) if step.value is not None]
    parts = []
    for (before, first), (after, second) in pairwise(known):
        if any(before < cut <= after for cut in cuts):
            continue
        parts.append(
            Markup('<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="1.4"/>').format(
                f"{x(before):.1f}", f"{y(first.value or 0.0):.1f}", f"{x(after):.1f}", f"{y(second.value or 0.0):.1f}",
                SCREEN.dot,
            )
        )  # fmt: skip
    for place, step in known[:-1]:
        if step.mark in ("better", "worse"):
            parts.append(mark(step.mark, x(place), y(step.value or 0.0), 3.0))
        else:
            parts.append(
                Markup('<circle cx="{}" cy="{}" r="1.9" fill="{}"/>').format(
                    f"{x(place):.1f}", f"{y(step.value or 0.0):.1f}", SCREEN.ink2
                )
            )
    return parts


def _text(x: float, y: float, text: str, anchor: str, colour: str = SCREEN.ink3) -> Markup:
    return Markup('<text x="{}" y="{}" font-size="{}" fill="{}" text-anchor="{}">{}</text>').format(
        f"{x:.1f}", f"{y:.1f}", f"{TEXT:.0f}", colour, anchor, text
    )
