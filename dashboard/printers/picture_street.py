"""Draws the map of the street on paper: the same circles, ramp and words as on the screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from dashboard.charts.street import Place, StreetMap
from dashboard.printers.measure import wide
from dashboard.printers.plate import WIDE, Drawn, Paper
from dashboard.printers.shapes import Box, Polygon, Shape, Spot, Words, hatched, marked
from dashboard.theme import RAMP, Ink
from dashboard.words import say
from pipelines.words import Language

SCREEN_WIDTH: Final = 1180.0
"""Px of the map on a full screen, for which the radii are given."""
INSIDE: Final = 8.0
"""From this radius (points) on the value stands within the circle."""
TALL: Final = 0.82
TALL_WIDE: Final = 0.33
Box4 = tuple[float, float, float, float]
At = Callable[[float, float], tuple[float, float]]


def street_map(chart: StreetMap, *, paper: Paper, ink: Ink, lang: Language) -> Drawn:
    """Areas, circles with value and name, then the ramp with its counts, the symbols and the sizes."""
    axis = paper.axis
    left, right, top = paper.margin + 4, paper.width - paper.margin - 4, axis * 1.5
    points = [corner for area in chart.areas for part in area.parts for corner in part[0]]
    points += [(one.x, one.y) for one in chart.places]
    if not points:
        return Drawn((), 0.0)
    low_x, high_x = min(x for x, _ in points), max(x for x, _ in points)
    low_y, high_y = min(y for _, y in points), max(y for _, y in points)
    room = paper.width * (TALL_WIDE if paper is WIDE else TALL)
    edge = 26.0
    scale = min((right - left - 2 * edge) / max(high_x - low_x, 1.0), room / max(high_y - low_y, 1.0))
    start = (left + right - (high_x - low_x) * scale) / 2
    bottom = top + edge + (high_y - low_y) * scale + edge

    def at(x: float, y: float) -> tuple[float, float]:
        return start + (x - low_x) * scale, top + edge + (high_y - y) * scale

    shapes: list[Shape] = []
    styles: dict[str, tuple[str, str, float, int]] = {
        "street": (ink.band, ink.dot, 0.8, 0),
        "community": (ink.band, ink.dot, 0.8, 1),
        "estate": (ink.paper, ink.rule, 0.4, 2),
    }
    for area in chart.areas:
        fill, line, width, z = styles[area.level]
        shapes += [Polygon(tuple(at(x, y) for x, y in part[0]), fill, line, width, z) for part in area.parts]
    shrink = min((right - left) / SCREEN_WIDTH * (1.25 if paper is not WIDE else 1.0), 1.0)
    shapes += _circles(chart, at, shrink, paper, ink, (left, right))
    legend = _legend(chart, bottom + axis * 1.6, shrink, paper, ink, lang)
    return Drawn((*shapes, *legend.shapes), legend.height)


def _circles(
    chart: StreetMap, at: At, shrink: float, paper: Paper, ink: Ink, frame: tuple[float, float]
) -> list[Shape]:
    size = paper.axis
    shapes: list[Shape] = []
    circles = {one.subject: (*at(one.x, one.y), max(one.radius * shrink, 3.4)) for one in chart.places}
    taken: list[Box4] = [(x - r, y - r, x + r, y + r) for x, y, r in circles.values()]
    for one in chart.places:
        shapes += _circle(one, *circles[one.subject], chart, ink, size)
    order = sorted(chart.places, key=lambda one: (not one.is_named, -one.radius))
    for one in order:
        if not one.is_named:
            continue
        x, y, r = circles[one.subject]
        word = one.text if one.state == "value" else one.word
        inside = one.state == "value" and r >= INSIDE
        text = one.name + ("△" if "△" in word else "") if inside or not word else f"{one.name} {word}"
        width = wide(text, size)
        for dx, dy in ((0, r + size * 0.75), (0, -r - size * 0.75), (r + 3 + width / 2, 0), (-r - 3 - width / 2, 0)):
            box = (x + dx - width / 2, y + dy - size * 0.55, x + dx + width / 2, y + dy + size * 0.55)
            free = frame[0] <= box[0] and box[2] <= frame[1]
            if free and not any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
                taken.append(box)
                shapes.append(
                    Words(x + dx, y + dy, text, ink.ink if one.state == "value" else ink.ink2, size, "center")
                )
                break
    for area in chart.areas:
        if area.level == "community":
            x, y = at(area.label_x, area.label_y)
            shapes += _named(area.name, x, y, size, taken, ink, frame)
    return shapes


def _named(
    name: str, x: float, y: float, size: float, taken: list[Box4], ink: Ink, frame: tuple[float, float]
) -> list[Shape]:
    """A community's name, as near to its place as nothing else stands."""
    width = wide(name, size + 1)
    x = min(max(x, frame[0] + width / 2), frame[1] - width / 2)
    for dy in (0.0, -10.0, 10.0, -20.0, 20.0, -30.0, 30.0, 40.0, -40.0):
        box = (x - width / 2, y + dy - size * 0.7, x + width / 2, y + dy + size * 0.7)
        if not any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
            taken.append(box)
            return [Words(x, y + dy, name, ink.ink3, size + 1, "center")]
    return []


def _circle(one: Place, x: float, y: float, r: float, chart: StreetMap, ink: Ink, size: float) -> list[Shape]:
    shapes: list[Shape] = []
    if one.state == "value" and one.step is not None:
        dash = (1.8, 1.4) if one.mark == "caution" else ()
        shapes.append(Spot(x, y, "circle", r, ink.ramp_line, RAMP[one.step], 0.7, dash, z=3))
        if r >= INSIDE:
            colour = ink.paper if one.step == len(RAMP) - 1 else ink.ink
            shapes.append(Words(x, y, one.text.removesuffix("△"), colour, size, "center"))
    elif one.state == "unmanaged":
        shapes.append(Spot(x, y, "circle", r, ink.ink2, ink.paper, 0.8, z=3))
        shapes += hatched(x, y, r, ink.ink2)
    else:
        shapes.append(Spot(x, y, "circle", r, ink.dot, ink.paper, 0.9, (1.8, 1.4), z=3))
    if one.mark in {"better", "worse"}:
        shapes += marked(one.mark, x + r * 0.9, y - r * 0.9, ink, 2.4)
    if one.subject == chart.selected:
        shapes.append(Spot(x, y, "circle", r + 2.6, ink.ink, None, 1.2))
    return shapes


def _legend(chart: StreetMap, y: float, shrink: float, paper: Paper, ink: Ink, lang: Language) -> Drawn:
    axis = paper.axis
    left = paper.margin
    brackets = ("（", "）") if lang == "zh" else (" (", ")")
    heading = chart.name + (brackets[0] + chart.unit + brackets[1] if chart.unit else "")
    shapes: list[Shape] = [Words(left, y, heading, ink.ink, axis)]
    y += axis * 1.1
    step = min((paper.width - 2 * left) / 4, 112.0)
    for place, (rung, colour) in enumerate(zip(chart.rungs, RAMP, strict=True)):
        x = left + place * step
        shapes.append(Box(x, y, x + step - 6, y + axis, colour, ink.ramp_line))
        shapes.append(Words(x, y + axis * 1.8, rung.word, ink.ink, axis))
        shapes.append(Words(x + step - 8, y + axis * 1.8, str(rung.count), ink.ink2, axis, "right"))
    y += axis * 3.2 + max([radius * shrink for _, radius, _ in chart.sizes] + [axis * 0.5])
    x = left
    states = {one.state for one in chart.places}
    for state in ("missing", "few", "unmanaged"):
        if state not in states:
            continue
        count = sum(one.state == state for one in chart.places)
        word = chart.other_words[0] if state == "missing" and chart.is_stars else say(f"picture.{state}", lang)
        word = f"{word} {count}"
        if state == "unmanaged":
            shapes += [Spot(x + 4, y, "circle", 3.4, ink.ink2, ink.paper, 0.8, z=3), *hatched(x + 4, y, 3.4, ink.ink2)]
        else:
            shapes.append(Spot(x + 4, y, "circle", 3.4, ink.dot, ink.paper, 0.9, (1.8, 1.4)))
        shapes.append(Words(x + 11, y, word, ink.ink2, axis))
        x += 11 + wide(word, axis) + 14
    if chart.sizes:
        shapes.append(Words(x, y, say("picture.households", lang), ink.ink2, axis))
    x += wide(say("picture.households", lang), axis) + 4
    for _, radius, word in chart.sizes:
        r = max(radius * shrink, 3.4)
        shapes += [Spot(x + r, y, "circle", r, ink.ink2, ink.paper, 0.7), Words(x + 2 * r + 3, y, word, ink.ink2, axis)]
        x += 2 * r + 3 + wide(word, axis) + 12
    y += max([radius * shrink for _, radius, _ in chart.sizes] + [axis])
    return Drawn(tuple(shapes), y + axis * 0.6)
