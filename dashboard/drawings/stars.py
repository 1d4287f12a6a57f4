"""Draws stars: the glyph of five, the ladder of thresholds with a score's interval, and the map of stars."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi, sin
from typing import Final

from markupsafe import Markup

from dashboard.charts.stars import Rungs
from dashboard.charts.street import Place, StreetMap
from dashboard.drawings.scales import linear
from dashboard.stories.atoms import Link
from dashboard.theme import RAMP, SCREEN

MOST: Final = 5
INNER: Final = 0.4
HOLLOW: Final = "#A9ADB3"
EDGE: Final = 20.0
RADIUS: Final = 11.0
TEXT: Final = 13.0
NEAR: Final = 13.0
"""Closer than this (% of the width) two words would touch."""


def stars(count: int, label: str, *, trial: bool = False, size: float = 18.0) -> Markup:
    """Five stars, `count` of them filled; in a trial they are outlined in the accent instead, so that none is given."""
    side, gap = size, size * 0.15
    width = MOST * side + (MOST - 1) * gap
    drawn = Markup("").join(
        _star(side / 2 + place * (side + gap), side / 2, side * 0.48, given=place < count, trial=trial)
        for place in range(MOST)
    )
    frame = Markup(
        '<svg class="lp-stars" role="img" aria-label="{}" width="{}" height="{}" viewBox="0 0 {} {}">{}</svg>'
    )
    return frame.format(label, f"{width:.0f}", f"{side:.0f}", f"{width:.1f}", f"{side:.1f}", drawn)


def rungs(chart: Rungs) -> Markup:
    """The score on the ladder of thresholds, its middle 80 % as a bar; as wide as its place, letters as large as text.

    Thresholds that stand too near to one already named are drawn without their word.
    """
    known = [at for at, _ in chart.steps] + [chart.score]
    known += [one for one in (chart.low, chart.high) if one is not None]
    low, high = min(known), max(known)
    room = max((high - low) * 0.14, 2.0)
    x = linear(low - room, high + room, 0, 100)
    parts = [Markup('<i class="line"></i>')]
    if chart.low is not None and chart.high is not None:
        bar = Markup('<i class="bar" style="left:{:.1f}%;width:{:.1f}%"></i>')
        parts.append(bar.format(x(chart.low), max(x(chart.high) - x(chart.low), 0.5)))
    last = -1e9
    for at, word in chart.steps:
        is_named = x(at) - last > NEAR
        last = x(at) if is_named else last
        step = Markup('<i class="step" style="left:{:.1f}%"></i><span class="word" style="left:{:.1f}%">{}</span>')
        parts.append(step.format(x(at), x(at), word if is_named else ""))
    own = Markup('<i class="dot" style="left:{:.1f}%"></i><b style="left:{:.1f}%">{}</b>')
    parts.append(own.format(x(chart.score), x(chart.score), chart.text))
    frame = Markup('<div class="lp-rungs" role="img" aria-label="{}">{}</div>')
    return frame.format(chart.label, Markup("").join(parts))


def star_map(chart: StreetMap, href: Callable[[Link], str], links: dict[str, Link], *, width: float = 560.0) -> Markup:
    """The map of stars: in each estate's circle the number of its stars; no star dashed, unmanaged hatched."""
    corners = [corner for area in chart.areas for part in area.parts for corner in part[0]]
    corners += [(one.x, one.y) for one in chart.places]
    if not corners:
        return Markup("")
    left, right = min(x for x, _ in corners), max(x for x, _ in corners)
    bottom, top = min(y for _, y in corners), max(y for _, y in corners)
    scale = (width - 2 * EDGE) / max(right - left, 1.0)
    height = (top - bottom) * scale + 2 * EDGE

    def at(x: float, y: float) -> tuple[float, float]:
        return EDGE + (x - left) * scale, EDGE + (top - y) * scale

    styles = {
        "street": (SCREEN.band, SCREEN.dot, 1.4),
        "community": ("none", SCREEN.dot, 1.2),
        "estate": (SCREEN.paper, SCREEN.rule, 1.0),
    }
    parts: list[Markup] = []
    for level in ("street", "estate", "community"):
        fill, line, stroke = styles[level]
        for area in (one for one in chart.areas if one.level == level):
            for part in area.parts:
                path = " ".join(f"{px:.1f},{py:.1f}" for px, py in (at(*one) for one in part[0]))
                polygon = Markup('<polygon points="{}" fill="{}" stroke="{}" stroke-width="{}"/>')
                parts.append(polygon.format(path, fill, line, stroke))
    shrink = min(1.0, (40.0 / len(chart.places)) ** 0.5) if chart.places else 1.0
    for one in chart.places:
        drawn = _place(one, *at(one.x, one.y), RADIUS * max(shrink, 0.6), chart.selected)
        if one.subject in links:
            drawn = Markup('<a href="{}">{}</a>').format(href(links[one.subject]), drawn)
        parts.append(drawn)
    hatch = Markup(
        '<defs><pattern id="lp-hatch" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="4" height="4" fill="{}"/><line x1="0" y1="0" x2="0" y2="4" stroke="{}"/></pattern></defs>'
    ).format(SCREEN.paper, SCREEN.ink2)
    frame = Markup('<svg class="lp-starmap" role="img" aria-label="{}" width="100%" viewBox="0 0 {} {}">{}{}</svg>')
    return frame.format(chart.name, f"{width:.0f}", f"{height:.0f}", hatch, Markup("").join(parts))


def badge(step: int | None, text: str, state: str = "value") -> Markup:
    """A circle as it stands on the map, for the legend."""
    place = Place("", "", "", 0, 0, 9, None, "value" if state == "value" else "unmanaged", None, text, "", step, "none",
                  is_named=False)  # fmt: skip
    if state == "missing":
        drawn = Markup('<circle cx="12" cy="12" r="9" fill="{}" stroke="{}" stroke-dasharray="3 2.4"/>').format(
            SCREEN.paper, SCREEN.ink2
        )
    else:
        drawn = _place(place, 12, 12, 9, "-")
    return Markup('<svg width="24" height="24" viewBox="0 0 24 24" aria-hidden="true">{}</svg>').format(drawn)


def _place(one: Place, x: float, y: float, radius: float, selected: str) -> Markup:
    title = Markup("<title>{}</title>").format(f"{one.name} {one.word or one.text}".strip())
    ring = Markup("")
    if selected and one.subject == selected:
        ring = Markup('<circle cx="{:.1f}" cy="{:.1f}" r="{:.1f}" fill="none" stroke="{}" stroke-width="2.5"/>').format(
            x, y, radius + 4, SCREEN.ink
        )
    circle = Markup('<circle cx="{:.1f}" cy="{:.1f}" r="{:.1f}" fill="{}" stroke="{}"{}/>')
    if one.state == "value" and one.step is not None:
        light = one.step == len(RAMP) - 1
        body = circle.format(x, y, radius, RAMP[one.step], SCREEN.ramp_line, Markup(""))
        body += _word(x, y + TEXT * 0.36, one.text, SCREEN.paper if light else SCREEN.ink, TEXT)
    elif one.state == "unmanaged":
        body = circle.format(x, y, radius, "url(#lp-hatch)", SCREEN.ink2, Markup(""))
    else:
        body = circle.format(x, y, radius, SCREEN.paper, SCREEN.ink2, Markup(' stroke-dasharray="3 2.4"'))
    return Markup("<g>{}{}{}</g>").format(title, ring, body)


def _star(x: float, y: float, radius: float, *, given: bool, trial: bool) -> Markup:
    points = []
    for place in range(10):
        reach = radius if place % 2 == 0 else radius * INNER
        turn = -pi / 2 + place * pi / 5
        points.append(f"{x + reach * cos(turn):.2f},{y + reach * sin(turn):.2f}")
    fill = SCREEN.accent if given and not trial else "none"
    line = SCREEN.accent if given else HOLLOW
    polygon = Markup('<polygon points="{}" fill="{}" stroke="{}" stroke-width="{}"/>')
    return polygon.format(" ".join(points), fill, line, 1.6 if given and trial else 1)


def _word(x: float, y: float, text: str, colour: str, size: float) -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="middle" font-size="{}" fill="{}">{}</text>').format(
        x, y, size, colour, text
    )
