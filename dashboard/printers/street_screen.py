"""The map as a live Altair chart: it fills whatever room the page gives it without bending the street, and is clicked.

Scales are in metres. Both follow the room by the same signal, so that a metre east stays as long as a metre north.
"""

from __future__ import annotations

from typing import Any, Final, cast

import altair as alt

from dashboard.charts.street import Place, StreetMap
from dashboard.theme import FALLBACK, RAMP, SCREEN

INSIDE: Final = 13.0
"""From this radius (px) on the value stands within the circle."""
TEXT: Final = 13
NARROW: Final = 620
"""Under this width (px) circles shrink, and only those that a test sets apart and the chosen one are named."""
EDGE: Final = 46
HATCH: Final = "M-0.95,0.3L0.3,-0.95M-0.7,0.7L0.7,-0.7M-0.3,0.95L0.95,-0.3"
CLICK: Final = "estate"
"""The name under which the page hears of a click."""


def screen_map(chart: StreetMap, *, text: int = TEXT) -> dict[str, Any]:
    """The Vega-Lite spec; a click on a circle selects its `subject`. `text`: size of names and values in px."""
    corners = [corner for area in chart.areas for part in area.parts for corner in part[0]]
    corners += [(one.x, one.y) for one in chart.places]
    left, right = (side(x for x, _ in corners) for side in (min, max))
    bottom, top = (side(y for _, y in corners) for side in (min, max))
    edge = f"(width < {NARROW} ? 24 : {2 * EDGE})"
    per_px = f"max({max(right - left, 1):.1f} / (width - {edge}), {max(top - bottom, 1):.1f} / (height - {edge}))"
    x = alt.X("x:Q", axis=None, scale=_scale((left + right) / 2, "width", per_px))
    y = alt.Y("y:Q", axis=None, scale=_scale((bottom + top) / 2, "height", per_px))
    layers = [*_areas(chart, x, y), *_circles(chart, x, y), *_names(chart, x, y, text)]
    whole = alt.layer(*layers).properties(width="container", height="container", padding=0, background="transparent")
    spec = whole.configure(font=FALLBACK, view=alt.ViewConfig(stroke=None)).to_dict(validate=False)
    return cast("dict[str, Any]", spec)


def _scale(middle: float, side: str, per_px: str) -> alt.Scale:
    half = f"{side} / 2 * {per_px}"
    return alt.Scale(
        domainMin=cast("Any", {"expr": f"{middle:.1f} - {half}"}),
        domainMax=cast("Any", {"expr": f"{middle:.1f} + {half}"}),
        nice=False,
        zero=False,
    )


def _rows(rows: list[dict[str, Any]]) -> alt.Chart:
    return alt.Chart(cast("Any", alt.Data)(values=rows))


def _areas(chart: StreetMap, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    styles = (("street", SCREEN.band, SCREEN.dot, 1.4), ("community", "transparent", SCREEN.dot, 1.2),
              ("estate", SCREEN.paper, SCREEN.rule, 1.0))  # fmt: skip
    layers: list[alt.Chart] = []
    for level, fill, line, width in styles:
        parts = [part for area in chart.areas if area.level == level for part in area.parts]
        rows = [
            {"x": px, "y": py, "n": number, "o": order}
            for number, part in enumerate(parts)
            for order, (px, py) in enumerate(part[0])
        ]
        if rows:
            closed = _rows(rows).mark_line(
                fill=fill,
                stroke=line,
                strokeWidth=width,
                interpolate="linear-closed",
                strokeJoin="round",
                tooltip=False,
            )
            layers.append(cast("alt.Chart", closed.encode(x, y, alt.Detail("n:N"), alt.Order("o:Q"))))
    return layers


def _circles(chart: StreetMap, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Circles with their marks, hatches and ring. The circles come last among them that catch clicks."""
    size = alt.value(cast("Any", {"expr": f"datum.s * (width < {NARROW} ? 0.36 : 1)"}))
    layers: list[alt.Chart] = []
    chosen = [_row(one, one.radius + 4) for one in chart.places if one.subject == chart.selected]
    if chosen:
        ring = _rows(chosen).mark_point(
            shape="circle", fill="transparent", stroke=SCREEN.ink, strokeWidth=2.5, opacity=1
        )
        layers.append(cast("alt.Chart", ring.encode(x, y, size=size)))
    picked = alt.selection_point(name=CLICK, fields=["subject"], on="click", clear=False, empty=False)
    circle = (
        _rows([_row(one, one.radius) for one in chart.places])
        .mark_point(shape="circle", opacity=1, strokeWidth=1.1, cursor="pointer")
        .encode(
            x,
            y,
            size=size,
            fill=alt.Fill("fill:N", scale=None, legend=None),
            stroke=alt.Stroke("line:N", scale=None, legend=None),
            strokeDash=alt.StrokeDash(
                "dash:N", scale=alt.Scale(domain=["yes", "no"], range=[[3, 2.4], [1, 0]]), legend=None
            ),
            tooltip=alt.Tooltip("told:N", title=""),
        )
        .add_params(picked)
    )
    layers.append(cast("alt.Chart", circle))
    hatched = [_row(one, one.radius) for one in chart.places if one.state == "unmanaged"]
    if hatched:
        layers.append(_symbol(hatched, x, y, size, HATCH, SCREEN.ink2, None))
    for mark, shape, colour in (("better", "circle", SCREEN.better), ("worse", "diamond", SCREEN.worse)):
        rows = [_row(one, 5.4) | {"r": one.radius} for one in chart.places if one.mark == mark]
        if rows:
            near = f"datum.r * 0.85 * (width < {NARROW} ? 0.6 : 1)"
            dot = _rows(rows).mark_point(
                shape=shape, fill=colour, stroke=SCREEN.paper, strokeWidth=1, opacity=1,
                xOffset=cast("Any", {"expr": near}), yOffset=cast("Any", {"expr": f"-({near})"}),
            )  # fmt: skip
            layers.append(cast("alt.Chart", dot.encode(x, y, size=alt.value(120 if shape == "diamond" else 92))))
    return layers


def _symbol(
    rows: list[dict[str, Any]], x: alt.X, y: alt.Y, size: Any, shape: str, line: str, fill: str | None
) -> alt.Chart:
    mark = _rows(rows).mark_point(shape=shape, fill=fill or "transparent", stroke=line, strokeWidth=1, opacity=1)
    return cast("alt.Chart", mark.encode(x, y, size=size))


def _names(chart: StreetMap, x: alt.X, y: alt.Y, text: int) -> list[alt.Chart]:
    """Values within large circles, names below; communities' names at their place."""
    inside, below = [], []
    for one in chart.places:
        word = one.text if one.state == "value" else one.word
        is_large = one.state == "value" and one.radius >= INSIDE * text / TEXT
        if is_large:
            inside.append(
                _row(one, 1) | {"t": one.text, "c": SCREEN.paper if one.step == len(RAMP) - 1 else SCREEN.ink}
            )
        if one.is_named or one.mark in {"better", "worse"}:
            label = one.name + ("△" if "△" in one.text else "") if is_large else f"{one.name} {word}".strip()
            keeps = one.mark == "worse" or one.subject == chart.selected
            below.append(_row(one, 1) | {"t": label, "c": SCREEN.ink if one.state == "value" else SCREEN.ink2,
                                         "r": one.radius, "k": int(keeps)})  # fmt: skip
    layers: list[alt.Chart] = []
    towns = [{"x": one.label_x, "y": one.label_y, "t": one.name} for one in chart.areas if one.level == "community"]
    shade = alt.Color("c:N", scale=None, legend=None)
    wide = f"width < {NARROW}"
    seen = cast("Any", {"expr": f"{wide} ? 0 : 1"})
    if towns:
        named = _rows(towns).mark_text(fontSize=text + 2, color=SCREEN.ink3, font=FALLBACK, opacity=seen)
        layers.append(cast("alt.Chart", named.encode(x, y, alt.Text("t:N"))))
    if inside:
        value = _rows(inside).mark_text(fontSize=text, font=FALLBACK, opacity=seen)
        layers.append(cast("alt.Chart", value.encode(x, y, alt.Text("t:N"), shade)))
    if below:
        name = _rows(below).mark_text(
            fontSize=text, font=FALLBACK, baseline="top",
            opacity=cast("Any", {"expr": f"{wide} && !datum.k ? 0 : 1"}),
            dy=cast("Any", {"expr": f"datum.r * ({wide} ? 0.6 : 1) + 4"}),
        )  # fmt: skip
        layers.append(cast("alt.Chart", name.encode(x, y, alt.Text("t:N"), shade)))
    return layers


def _row(one: Place, radius: float) -> dict[str, Any]:
    fill, line, dash = SCREEN.paper, SCREEN.dot, "yes"
    if one.state == "value" and one.step is not None:
        fill, line, dash = RAMP[one.step], SCREEN.ramp_line, "yes" if one.mark == "caution" else "no"
    elif one.state == "unmanaged":
        line, dash = SCREEN.ink2, "no"
    told = " ".join(word for word in (one.name, one.text, one.word) if word)
    return {"x": one.x, "y": one.y, "subject": one.subject, "s": round(3.1416 * radius**2, 1), "fill": fill,
            "line": line, "dash": dash, "told": told}  # fmt: skip
