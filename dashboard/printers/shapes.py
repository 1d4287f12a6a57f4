"""The few shapes that pictures on paper are made of, and the Altair chart that draws them.

Coordinates are points (1/72 inch) from the top left corner. All layers share the same two straight scales.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, Literal, TypeAlias, TypeVar, cast

import altair as alt

from dashboard.theme import FONT, Ink, Mark

Align = Literal["left", "center", "right"]
One = TypeVar("One")
Dash = tuple[float, ...]
SOLID: Final[Dash] = ()
DASHED: Final[Dash] = (3.0, 2.0)
DOTTED: Final[Dash] = (1.0, 1.6)


@dataclass(frozen=True)
class Line:
    """A straight line."""

    x: float
    y: float
    x2: float
    y2: float
    colour: str
    width: float = 0.6
    dash: Dash = SOLID
    z: int = 2


@dataclass(frozen=True)
class Words:
    """One line of text; `y` is its middle."""

    x: float
    y: float
    text: str
    colour: str
    size: float = 7.5
    align: Align = "left"
    z: int = 5
    turned: float = 0.0


@dataclass(frozen=True)
class Spot:
    """A symbol of radius `size`. Without a fill it is hollow."""

    x: float
    y: float
    shape: Literal["circle", "diamond"]
    size: float
    line: str
    fill: str | None
    width: float = 1.0
    dash: Dash = SOLID
    z: int = 4


@dataclass(frozen=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    x2: float
    y2: float
    fill: str | None
    line: str | None = None
    z: int = 1


@dataclass(frozen=True)
class Polygon:
    """A closed shape, filled where it has a fill."""

    points: tuple[tuple[float, float], ...]
    fill: str | None
    line: str | None
    width: float = 0.6
    z: int = 1


Shape: TypeAlias = Line | Words | Spot | Box | Polygon


def marked(mark: Mark, x: float, y: float, ink: Ink, size: float = 2.6, z: int = 4) -> tuple[Shape, ...]:
    """One of the four marks: filled circle, filled diamond, hollow circle, dashed hollow circle."""
    colour = ink.of(mark)
    if mark == "better":
        return (Spot(x, y, "circle", size, colour, colour, z=z),)
    if mark == "worse":
        return (Spot(x, y, "diamond", size * 1.2, colour, colour, z=z),)
    if mark == "none":
        return ()
    dash = (1.4, 1.2) if mark == "caution" else SOLID
    return (Spot(x, y, "circle", size, colour, ink.paper, dash=dash, z=z),)


def hatched(x: float, y: float, radius: float, colour: str, z: int = 4) -> tuple[Shape, ...]:
    """Slanting lines within a circle, 1.3 pt apart: what nobody runs."""
    reach = radius * 0.92
    offsets = [step * 1.8 for step in range(-int(reach / 1.3), int(reach / 1.3) + 1) if abs(step * 1.8) < reach * 1.35]
    lines = []
    for offset in offsets:
        half = max(2 * reach**2 - offset**2, 0.0) ** 0.5 / 2
        lines.append(Line(x + offset / 2 - half, y + offset / 2 + half, x + offset / 2 + half, y + offset / 2 - half,
                          colour, 0.5, z=z))  # fmt: skip
    return tuple(lines)


def altair(shapes: Sequence[Shape], width: float, height: float, ink: Ink) -> alt.LayerChart:
    """The shapes as one layered chart of `width` × `height` points; what has a higher `z` lies above."""
    placed = sorted(enumerate(shapes), key=lambda one: (one[1].z, _style(one[1]), one[0]))
    layers = [
        _layer([shape for _, shape in group], width, height)
        for _, group in groupby(placed, key=lambda one: (one[1].z, _style(one[1])))
    ]
    chart = alt.layer(*layers).properties(width=width, height=height, padding=0, background=ink.ground)
    return cast("alt.LayerChart", chart.configure_view(stroke=None))


def _style(shape: Shape) -> tuple[Any, ...]:
    """What one layer has in common, as words that can be sorted."""
    if isinstance(shape, Line):
        return ("line", str(shape.dash), shape.width)
    if isinstance(shape, Words):
        return ("words", shape.align, shape.turned)
    if isinstance(shape, Spot):
        return ("spot", shape.shape, str(shape.dash), shape.width, shape.fill or "")
    if isinstance(shape, Box):
        return ("box", shape.fill or "", shape.line or "")
    return ("polygon", shape.fill or "", shape.line or "", shape.width)


def _layer(shapes: Sequence[Shape], width: float, height: float) -> alt.Chart:
    first = shapes[0]
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, width], range=[0, width], nice=False, zero=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0, height], range=[0, height], nice=False, zero=False))
    colour = alt.Stroke("c:N", scale=None, legend=None)
    if isinstance(first, Line):
        rows = [{"x": one.x, "y": one.y, "x2": one.x2, "y2": one.y2, "c": one.colour} for one in _all(shapes, Line)]
        rule = _rows(rows).mark_rule(strokeWidth=first.width, strokeDash=list(first.dash), strokeCap="butt")
        return cast("alt.Chart", rule.encode(x, y, alt.X2("x2"), alt.Y2("y2"), colour))
    if isinstance(first, Words):
        rows = [{"x": w.x, "y": w.y, "t": w.text, "c": w.colour, "s": w.size} for w in _all(shapes, Words)]
        text = _rows(rows).mark_text(align=first.align, baseline="middle", font=FONT, angle=first.turned % 360)
        fill = alt.Color("c:N", scale=None, legend=None)
        return cast("alt.Chart", text.encode(x, y, alt.Text("t:N"), fill, alt.Size("s:Q", scale=None, legend=None)))
    if isinstance(first, Spot):
        rows = [{"x": s.x, "y": s.y, "c": s.line, "s": _area(s)} for s in _all(shapes, Spot)]
        spot = _rows(rows).mark_point(
            shape=first.shape, fill=first.fill or "transparent", strokeWidth=first.width, strokeDash=list(first.dash),
            opacity=1,
        )  # fmt: skip
        return cast("alt.Chart", spot.encode(x, y, colour, alt.Size("s:Q", scale=None, legend=None)))
    if isinstance(first, Box):
        rows = [{"x": one.x, "y": one.y, "x2": one.x2, "y2": one.y2} for one in _all(shapes, Box)]
        box = _rows(rows).mark_rect(
            fill=first.fill or "transparent", stroke=first.line or "transparent", strokeWidth=0.5, opacity=1
        )
        return cast("alt.Chart", box.encode(x, y, alt.X2("x2"), alt.Y2("y2")))
    rows = [
        {"x": px, "y": py, "n": place, "o": order}
        for place, one in enumerate(_all(shapes, Polygon))
        for order, (px, py) in enumerate(one.points)
    ]
    closed = _rows(rows).mark_line(
        fill=first.fill or "transparent", stroke=first.line or "transparent", strokeWidth=first.width,
        interpolate="linear-closed", strokeJoin="round",
    )  # fmt: skip
    return cast("alt.Chart", closed.encode(x, y, alt.Detail("n:N"), alt.Order("o:Q")))


def _rows(rows: list[dict[str, Any]]) -> alt.Chart:
    return alt.Chart(cast("Any", alt.Data)(values=rows))


def _all(shapes: Iterable[Shape], kind: type[One]) -> list[One]:
    return [one for one in shapes if isinstance(one, kind)]


def _area(spot: Spot) -> float:
    """Vega's size of a symbol: the area of its box for a circle, of half a square for a diamond."""
    return 3.1416 * spot.size**2 if spot.shape == "circle" else 2 * 2 * spot.size**2
