"""Native charts with two number axes: ranked dots with their intervals, the funnel with its limits, the quadrants.

Rows are named by labels of points at the axis, since no such axis has names. Intervals and ticks are one series of
lines with gaps, so that every value stands in the chart's own sheet and can be edited there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from pptx.chart.data import XyChartData
from pptx.enum.chart import (
    XL_AXIS_CROSSES,
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.enum.dml import MSO_LINE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Inches, Pt

from dashboard.charts.dots import DotPlot, DotRow
from dashboard.charts.fields import FunnelChart, Quadrants, Spot
from dashboard.printers.captions import clean
from dashboard.printers.pptx_text import named, rgb
from dashboard.theme import PAPER, Mark
from dashboard.words import say
from pipelines.words import Language

Place = tuple[float, float, float, float]
Side = Literal["left", "right", "above", "below", "centre"]
MARKS: Final[tuple[Mark, ...]] = ("better", "same", "worse", "caution")
_FILLS: Final[dict[Mark, str]] = {"better": PAPER.better, "worse": PAPER.worse, "caution": PAPER.bar}
_LINES: Final[dict[Mark, str]] = {"better": PAPER.better, "worse": PAPER.worse}
_SIDES: Final = {
    "left": XL_LABEL_POSITION.LEFT, "right": XL_LABEL_POSITION.RIGHT, "above": XL_LABEL_POSITION.ABOVE,
    "below": XL_LABEL_POSITION.BELOW, "centre": XL_LABEL_POSITION.CENTER,
}  # fmt: skip


@dataclass(frozen=True)
class Series:
    """Points with a mark, or a line of a colour (with gaps where x is None), or neither: what bears labels. Labels
    are as many as points, empty for those without one."""

    name: str
    points: tuple[tuple[float | None, float | None], ...]
    mark: Mark | None = None
    line: str = ""
    width: float = 1.25
    dash: Any = None
    labels: tuple[str, ...] = ()
    side: Side = "right"
    is_smooth: bool = False
    is_listed: bool = False


@dataclass(frozen=True)
class Axis:
    """One of the two: its ends, its words, the step of its numbers, and whether it has any."""

    low: float
    high: float
    title: str = ""
    number_format: str = "General"
    step: float | None = None
    base: int = 0
    has_numbers: bool = True
    has_grid: bool = False


@dataclass(frozen=True)
class Room:
    """The part of the chart that is drawn in, as shares of its width and height."""

    left: float = 0.1
    top: float = 0.04
    width: float = 0.86
    height: float = 0.76


def dots(slide: Any, chart: DotPlot, place: Place, lang: Language) -> Any:
    """The rows that have a value, the first at the top."""
    rows: list[DotRow | str] = []
    for one in chart.rows:
        if one.value is None:
            continue
        if one.group and one.group != next((each.group for each in reversed(rows) if isinstance(each, DotRow)), ""):
            rows.append(one.group)
        rows.append(one)
    count = len(rows)
    heights = {at: float(count - at) for at in range(count)}
    known = [(heights[at], one) for at, one in enumerate(rows) if isinstance(one, DotRow)]
    found: list[Series] = []
    for mark in MARKS:
        mine = [(y, one) for y, one in known if _mark(one) == mark]
        lines = [
            point
            for y, one in mine
            if one.low is not None
            for point in (
                (one.low, y),
                (chart.high if one.high is None else min(one.high, chart.high), y),
                (None, None),
            )
        ]
        if lines:
            found.append(
                Series(say("slides.intervals", lang), tuple(lines), line=_LINES.get(mark, PAPER.dot),
                       dash=MSO_LINE.DASH if mark == "caution" else None)
            )  # fmt: skip
        word = re.split("[：:]", chart.legend[("better", "same", "worse", "caution").index(mark)])[0]
        if mine:
            spots = tuple((one.value, y) for y, one in mine)
            found.append(Series(word, spots, mark=mark, is_listed=bool(word)))
    medians = [
        point
        for y, one in known
        if one.peer_median is not None and chart.low <= one.peer_median <= chart.high
        for point in ((one.peer_median, y - 0.32), (one.peer_median, y + 0.32), (None, None))
    ]
    if medians:
        word = chart.median_word[:1].upper() + chart.median_word[1:]
        found.insert(0, Series(word, tuple(medians), line=PAPER.ink, width=1.5, is_listed=True))
    found += _uprights(chart, count)
    names = tuple(_name(one) if isinstance(one, DotRow) else one for one in rows)
    found.append(
        Series(say("slides.names", lang), tuple((chart.low, heights[at]) for at in range(count)), labels=names,
               side="left")
    )  # fmt: skip
    values = tuple(_figure(one, chart) if isinstance(one, DotRow) else "" for one in rows)
    found.append(
        Series(say("slides.values", lang), tuple((chart.high, heights[at]) for at in range(count)), labels=values)
    )
    step = chart.ticks[1] - chart.ticks[0] if len(chart.ticks) > 1 else None
    unit = f'0"{chart.unit}"' if chart.unit == "%" else "General"
    low, high = _ends(chart.low, chart.high, step)
    found = [_moved(one, chart.low, low, chart.high, high) for one in found]
    across = Axis(low, high, number_format=unit, step=step, has_grid=True)
    return draw(slide, found, across, Axis(0.4, count + 1.5, has_numbers=False), place, lang,
                room=Room(left=0.2, top=0.1, width=0.62, height=0.82))  # fmt: skip


def _ends(low: float, high: float, step: float | None) -> tuple[float, float]:
    """The ends of the axis at whole steps, so that its numbers are round."""
    if not step:
        return low, high
    half = step / 2
    return (low // half) * half, -((-high) // half) * half


def _moved(one: Series, low: float, new_low: float, high: float, new_high: float) -> Series:
    """The labels at the ends follow the ends."""
    if not one.labels or one.line:
        return one
    points = tuple((new_low if x == low else new_high if x == high else x, y) for x, y in one.points)
    return Series(one.name, points, labels=one.labels, side=one.side)


def _mark(one: DotRow) -> Mark:
    return "caution" if one.cautioned else one.mark if one.mark in MARKS else "same"


def _name(one: DotRow) -> str:
    return f"{one.name} △" if one.cautioned else one.name


def _figure(one: DotRow, chart: DotPlot) -> str:
    unit = "%" if chart.unit == "%" else ""
    return f"{one.text.removesuffix(' △')}{unit}" + (f"  n={one.sample}" if one.low is not None and one.sample else "")


def _uprights(chart: DotPlot, count: int) -> list[Series]:
    """The lines of the street and of the target, their words above, away from each other."""
    told = [(chart.street, chart.street_word, None), (chart.target, chart.target_word, MSO_LINE.ROUND_DOT)]
    known = sorted(
        ((x, word, dash) for x, word, dash in told if x is not None and chart.low <= x <= chart.high),
        key=lambda one: one[0],
    )
    sides: tuple[Side, ...] = ("left", "right") if len(known) == 2 else ("right",)
    return [
        Series(word, ((x, 0.4), (x, count + 1.0)), line=PAPER.ink2, dash=dash, labels=("", word), side=side)
        for (x, word, dash), side in zip(known, sides, strict=True)
    ]


def funnel(slide: Any, chart: FunnelChart, place: Place, lang: Language) -> Any:
    """Limits as smooth lines, samples on a logarithmic axis (programs know no square root), names where it has any."""
    found: list[Series] = []
    lines: tuple[tuple[str, int, Any, float], ...] = (("998", 0, None, 1.25), ("95", 1, MSO_LINE.DASH, 1.0))
    for key, word, dash, width in lines:
        for side in ("low", "high"):
            points = [(one.x, float(getattr(one, f"{side}{key}"))) for one in chart.limits]
            inner = tuple(one for one in points if chart.y_low <= one[1] <= chart.y_high)
            label = ("",) * (len(inner) - 1) + (chart.limit_words[word],) if side == "low" else ()
            if inner:
                name = f"{chart.limit_words[word]} {'↓' if side == 'low' else '↑'}"
                found.append(Series(name, inner, line=PAPER.dot, dash=dash, width=width, is_smooth=True, labels=label))
    xs = [one.x for one in chart.limits] + [one.x for one in chart.spots]
    low, high = _power(min(xs), up=False), _power(max(xs), up=True)
    found.insert(
        0,
        Series(chart.centre_word, ((low, chart.centre), (high, chart.centre)), line=PAPER.ink, width=1,
               labels=("", chart.centre_word), side="above")
    )  # fmt: skip
    found += _spots(chart.spots, lang)
    unit = "0%" if chart.unit == "%" else "0"
    up = Axis(
        max(0.0, chart.y_low // 5 * 5), chart.y_high, chart.y_word, '0"%"' if unit == "0%" else "0", has_grid=True
    )
    return draw(slide, found, Axis(low, high, chart.x_word, "0", base=10), up, place, lang,
                room=Room(left=0.09, top=0.09, width=0.8, height=0.74))  # fmt: skip


def quadrants(slide: Any, chart: Quadrants, place: Place, lang: Language) -> Any:
    """Every estate by name, the lines at the medians, the corners in words."""
    xs, ys = [one.x for one in chart.spots], [one.y for one in chart.spots]
    wide, high = (max(xs) - min(xs)) or 1.0, (max(ys) - min(ys)) or 1.0
    x_low, x_high = min(xs) - wide * 0.15, max(xs) + wide * 0.25
    y_low, y_high = min(ys) - high * 0.2, max(ys) + high * 0.2
    found = [
        Series(chart.median_words[0] or say("slides.median", lang), ((x_low, chart.y_median), (x_high, chart.y_median)),
               line=PAPER.dot, dash=MSO_LINE.DASH),
        Series(chart.median_words[1] or say("slides.median", lang), ((chart.x_median, y_low), (chart.x_median, y_high)),
               line=PAPER.dot, dash=MSO_LINE.DASH),
    ]  # fmt: skip
    left, right = x_low + (x_high - x_low) * 0.07, x_high - (x_high - x_low) * 0.07
    below, above = y_low + (y_high - y_low) * 0.05, y_high - (y_high - y_low) * 0.05
    ends = ((left, above), (right, above), (left, below), (right, below))
    found.append(Series(say("slides.corners", lang), ends, labels=chart.corners, side="centre"))
    named_spots = [replace(one, is_named=True, text=one.name) for one in chart.spots]
    found += _spots(named_spots, lang)
    across = Axis(x_low, x_high, chart.x_word, f"0.{'0' * chart.x_decimals}" if chart.x_decimals else "0")
    return draw(slide, found, across, Axis(y_low, y_high, chart.y_word, "0"), place, lang,
                room=Room(left=0.09, top=0.09, width=0.88, height=0.74))  # fmt: skip


def _spots(spots: Sequence[Spot], lang: Language) -> list[Series]:
    found = []
    for mark in MARKS:
        mine = [one for one in spots if (one.mark if one.mark in MARKS else "same") == mark]
        if mine:
            labels = tuple(one.text if one.is_named else "" for one in mine)
            found.append(
                Series(say(f"picture.mark_{mark}", lang), tuple((one.x, one.y) for one in mine), mark=mark,
                       labels=labels if any(labels) else (), is_listed=True)
            )  # fmt: skip
    return found


def _power(value: float, *, up: bool) -> float:
    found = 1.0
    while found * 10 <= value:
        found *= 10
    return found * 10 if up and found < value else found


def draw(
    slide: Any, series: Sequence[Series], across: Axis, up: Axis, place: Place, lang: Language, *, room: Room
) -> Any:
    """Adds the chart at (left, top, width, height) in inches. The longest series comes first: LibreOffice loses those
    before it."""
    longest = max(series, key=lambda one: len(one.points))
    series = [longest, *(one for one in series if one is not longest)]
    data: Any = XyChartData()
    for one in series:
        added = data.add_series(clean(one.name))
        for x, y in one.points:
            added.add_data_point(x, y)
    shown = slide.shapes.add_chart(
        XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS, *(Inches(one) for one in place), data
    ).chart
    shown.font.size = Pt(12)
    shown.font.color.rgb = rgb(PAPER.ink2)
    for properties in shown._chartSpace.iter(qn("a:defRPr")):
        named(properties, lang)
    shown.has_title = False
    for drawn, one in zip(shown.plots[0].series, series, strict=True):
        _style(drawn, one, lang)
    _axis(shown.category_axis, across, lang)
    _axis(shown.value_axis, up, lang)
    _legend(shown, series)
    inner(shown, room)
    blank = shown._chartSpace.chart.find(qn("c:dispBlanksAs"))
    if blank is not None:
        blank.set("val", "gap")
    return shown


def _style(drawn: Any, one: Series, lang: Language) -> None:
    drawn.smooth = one.is_smooth
    if one.line:
        drawn.format.line.color.rgb = rgb(one.line)
        drawn.format.line.width = Pt(one.width)
        if one.dash is not None:
            drawn.format.line.dash_style = one.dash
    else:
        drawn.format.line.fill.background()
    if one.mark is None:
        drawn.marker.style = XL_MARKER_STYLE.NONE
    else:
        marked(drawn.marker, one.mark, 9)
    for at, text in enumerate(one.labels):
        if text:
            label(drawn.points[at].data_label, text, one.side, lang, PAPER.ink2 if one.line else PAPER.ink)


def marked(marker: Any, mark: Mark, size: int) -> None:
    """The four marks of the look: filled circle, grey circle, filled diamond, pale circle. Not hollow: some programs
    draw no outlines of marks."""
    marker.style = XL_MARKER_STYLE.DIAMOND if mark == "worse" else XL_MARKER_STYLE.CIRCLE
    marker.size = size + 2 if mark == "worse" else size
    marker.format.fill.solid()
    marker.format.fill.fore_color.rgb = rgb(_FILLS.get(mark, PAPER.dot))
    marker.format.line.color.rgb = rgb(PAPER.of(mark))
    marker.format.line.width = Pt(1.25)


def label(shown: Any, text: str, side: Side, lang: Language, colour: str = PAPER.ink) -> None:
    """A label of a point in words of its own."""
    frame = shown.text_frame
    frame.text = {"right": "\u2002", "left": ""}.get(side, "") + clean(text)
    frame.word_wrap = False
    shown.position = _SIDES[side]
    for run in frame.paragraphs[0].runs:
        run.font.size = Pt(12)
        run.font.bold = False
        run.font.color.rgb = rgb(colour)
        named(run._r.get_or_add_rPr(), lang)


def shifted(shown: Any, down: float) -> None:
    """Moves a label down by a share of the chart's height, so that it doesn't stand on another."""
    place = f'<c:x val="0"/><c:y val="{down:.4f}"/>'
    layout = parse_xml(f"<c:layout {nsdecls('c')}><c:manualLayout>{place}</c:manualLayout></c:layout>")
    shown._dLbl.find(qn("c:idx")).addnext(layout)


def _axis(shown: Any, axis: Axis, lang: Language) -> None:
    shown.minimum_scale, shown.maximum_scale = axis.low, axis.high
    if axis.step:
        shown.major_unit = axis.step
    shown.has_major_gridlines = axis.has_grid
    if axis.has_grid:
        shown.major_gridlines.format.line.color.rgb = rgb(PAPER.rule2)
    shown.major_tick_mark = shown.minor_tick_mark = XL_TICK_MARK.NONE
    shown.format.line.color.rgb = rgb(PAPER.rule)
    shown.crosses = XL_AXIS_CROSSES.MINIMUM
    if axis.has_numbers:
        shown.tick_label_position = XL_TICK_LABEL_POSITION.LOW
        shown.tick_labels.number_format, shown.tick_labels.number_format_is_linked = axis.number_format, False
    else:
        shown.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    if axis.base:
        scaling = shown._element.find(qn("c:scaling"))
        scaling.insert(0, parse_xml(f'<c:logBase {nsdecls("c")} val="{axis.base}"/>'))
    shown.has_title = bool(axis.title)
    if axis.title:
        frame = shown.axis_title.text_frame
        frame.text = clean(axis.title)
        for run in frame.paragraphs[0].runs:
            run.font.size, run.font.bold = Pt(12), False
            run.font.color.rgb = rgb(PAPER.ink2)
            named(run._r.get_or_add_rPr(), lang)


def _legend(shown: Any, series: Sequence[Series]) -> None:
    shown.has_legend = any(one.is_listed for one in series)
    if not shown.has_legend:
        return
    shown.legend.position, shown.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    unlist(shown, [at for at, one in enumerate(series) if not one.is_listed])


def unlist(shown: Any, places: Sequence[int]) -> None:
    """Takes series out of the legend."""
    position = shown.legend._element.find(qn("c:legendPos"))
    for at in reversed(places):
        entry = parse_xml(f'<c:legendEntry {nsdecls("c")}><c:idx val="{at}"/><c:delete val="1"/></c:legendEntry>')
        position.addnext(entry)


def inner(shown: Any, room: Room) -> None:
    """Fixes the part that is drawn in, so that labels beside it have room."""
    area = shown._chartSpace.chart.plotArea
    for old in area.findall(qn("c:layout")):
        area.remove(old)
    places = (("x", room.left), ("y", room.top), ("w", room.width), ("h", room.height))
    modes = '<c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>'
    numbers = "".join(f'<c:{key} val="{value}"/>' for key, value in places)
    area.insert(0, parse_xml(f"<c:layout {nsdecls('c')}><c:manualLayout>{modes}{numbers}</c:manualLayout></c:layout>"))
