"""Native charts on slides for the kinds that presentation programs know; values are those that people read.

Lines and limits bear their words at their right end; the charts with two number axes are in `pptx_xy.py`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Inches, Pt

from dashboard.charts.dots import DotPlot
from dashboard.charts.fields import FunnelChart, Quadrants
from dashboard.charts.kinds import Chart
from dashboard.charts.run import RunChart, Step, Trends
from dashboard.charts.stars import StarBoard
from dashboard.charts.times import Ageing, CategoryBars, Expenses
from dashboard.printers.captions import clean
from dashboard.printers.measure import wide
from dashboard.printers.pptx_text import named, rgb
from dashboard.printers.pptx_xy import Place, Room, dots, funnel, inner, label, marked, quadrants, shifted
from dashboard.theme import PAPER, RAMP, Mark
from dashboard.words import say
from pipelines.words import Language

FEW: Final = 8
"""So many steps bear their full names."""
VERDICTS: Final[tuple[Mark, ...]] = ("better", "worse")


def native(slide: Any, chart: Chart, place: Place, lang: Language, said: str = "") -> Any | None:
    """Adds the chart at (left, top, width, height) in inches; None where programs know no such kind. `said`: what the
    slide says: a last value that is not in it is not written beside it."""
    match chart:
        case RunChart():
            return _run(slide, chart, place, lang, said)
        case Trends():
            return _trends(slide, chart, place, lang)
        case DotPlot():
            return dots(slide, chart, place, lang) if any(one.value is not None for one in chart.rows) else None
        case FunnelChart():
            return funnel(slide, chart, place, lang) if chart.spots else None
        case Quadrants():
            return quadrants(slide, chart, place, lang) if chart.spots else None
        case CategoryBars():
            return _tickets(slide, chart, place, lang)
        case Ageing():
            return _ages(slide, chart, place, lang)
        case StarBoard():
            return _stars(slide, chart, place, lang)
        case Expenses():
            data = _categories([one.name for one in chart.rows])
            data.add_series(clean(chart.headings[0] or "1"), [one.amount for one in chart.rows])
            shown = _add(slide, XL_CHART_TYPE.BAR_CLUSTERED, place, data, lang)
            _fill(shown, (PAPER.dot,))
            shown.has_legend = False
            _labels(shown, "#,##0")
            return _upright(shown)
        case _:
            return None


def _categories(names: Sequence[str] | Sequence[date], number_format: str = "General") -> Any:
    data: Any = CategoryChartData(number_format=number_format)
    data.categories = [clean(one) if isinstance(one, str) else one for one in names]
    return data


def _add(slide: Any, kind: Any, place: Place, data: Any, lang: Language) -> Any:
    shown = slide.shapes.add_chart(kind, *(Inches(one) for one in place), data).chart
    shown.font.size = Pt(12)
    shown.font.color.rgb = rgb(PAPER.ink2)
    for properties in shown._chartSpace.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}defRPr"):
        named(properties, lang)
    shown.has_title = False
    shown.has_legend = True
    shown.legend.position = XL_LEGEND_POSITION.BOTTOM
    shown.legend.include_in_layout = False
    return shown


def _run(slide: Any, chart: RunChart, place: Place, lang: Language, said: str) -> Any:
    number_format = f"0{'.' + '0' * chart.decimals if chart.decimals else ''}"
    data = _categories(_steps(chart.steps), number_format)
    values = [one.value for one in chart.steps]
    lines = [(clean(f"{chart.name} {chart.unit}"), values, PAPER.ink)]
    if any(one.low is not None for one in chart.steps):
        lines.append((say("slides.low", lang), [one.low for one in chart.steps], PAPER.dot))
        lines.append((say("slides.high", lang), [one.high for one in chart.steps], PAPER.dot))
    if chart.stretches:
        for key in ("mean", "lower", "upper"):
            limits = [_limit(chart, at, key) for at in range(len(chart.steps))]
            lines.append((say(f"slides.{key}", lang), limits, PAPER.dot))
    if chart.target is not None:
        word = clean(chart.target_word) or say("slides.target", lang)
        lines.append((word, [chart.target] * len(chart.steps), PAPER.accent))
    marks = [one for one in VERDICTS if any(step.mark == one for step in chart.steps)]
    for name, numbers, _ in lines:
        data.add_series(name, numbers)
    for mark in marks:
        proof = [step.value if step.mark == mark else None for step in chart.steps]
        data.add_series(say(f"slides.mark_{mark}", lang), proof)
    shown = _add(slide, XL_CHART_TYPE.LINE_MARKERS, place, data, lang)
    shown.has_legend = False
    room = Room(left=0.06, width=0.74, height=0.84)
    inner(shown, room)
    drawn = list(shown.plots[0].series)
    _lines(drawn[: len(lines)], [colour for _, _, colour in lines], first_marked=True)
    for series, mark in zip(drawn[len(lines) :], marks, strict=True):
        series.smooth = False
        series.format.line.fill.background()
        marked(series.marker, mark, 10)
    blank = shown._chartSpace.chart.find(qn("c:dispBlanksAs"))
    if blank is not None:
        blank.set("val", "gap")
    known = [one for _, numbers, _ in lines for one in numbers if one is not None]
    _axis(shown, known, chart.unit)
    _named(drawn, lines, chart, place[3], room, said, lang)
    _dated(shown, chart.steps, place[2] * room.width)
    return shown


def _steps(steps: Sequence[Step]) -> list[str] | list[date]:
    """The steps' names; where they are many, their days: programs name as many of these as there is room for."""
    if _is_dated(steps):
        return [one.start for one in steps]
    return [clean(one.label) for one in steps]


def _is_dated(steps: Sequence[Step]) -> bool:
    """Many steps, or some between which nothing was reported: those have no names."""
    return len(steps) > FEW or not all(one.label for one in steps)


def _named(
    drawn: Sequence[Any], lines: Sequence[tuple[str, Sequence[float | None], str]], chart: RunChart, high: float,
    room: Room, said: str, lang: Language,
) -> None:  # fmt: skip
    """Words at the right end of each line, moved up and down until none stands on another."""
    ends = []
    for at, (name, numbers, colour) in enumerate(lines):
        last = max((place for place, one in enumerate(numbers) if one is not None), default=None)
        if last is None:
            continue
        value = float(numbers[last] or 0.0)
        text = f"{value:,.{chart.decimals}f}"
        word = f"{name} {text}"
        if at == 0:
            word = f"{chart.name} {text}{chart.unit if chart.unit == '%' else ''}" if text in said else chart.name
        if name == clean(chart.target_word):
            word = name
        ends.append((value, at, last, word, colour))
    low, top, _ = scale([one for _, numbers, _ in lines for one in numbers if one is not None],
                        ceiling=100.0 if chart.unit == "%" else None)  # fmt: skip
    order = sorted(ends, reverse=True)
    wanted = [room.top + room.height * (1 - (one[0] - low) / ((top - low) or 1.0)) for one in order]
    for (_, at, last, word, colour), old, new in zip(order, wanted, apart(wanted, 0.24 / high), strict=True):
        shown = drawn[at].points[last].data_label
        label(shown, word, "right", lang, PAPER.ink2 if colour == PAPER.dot else colour)
        if abs(new - old) > 1e-6:
            shifted(shown, new - old)


def apart(wanted: Sequence[float], least: float) -> list[float]:
    """Places from the top down, as near as can be to those wanted, no two nearer than `least`."""
    groups: list[list[float]] = []
    for one in wanted:
        groups.append([one, 1.0])
        while len(groups) > 1 and groups[-1][0] - groups[-2][0] < least * (groups[-1][1] + groups[-2][1]) / 2:
            middle, count = groups.pop()
            before, more = groups[-1]
            groups[-1] = [(before * more + middle * count) / (more + count), more + count]
    return [
        middle + (at - (count - 1) / 2) * least for middle, count in groups for at in range(int(count))
    ]  # fmt: skip


def _dated(shown: Any, steps: Sequence[Step], room: float) -> None:
    """The axis of many steps: months (2024-01) at equal distances, as many as there is room for."""
    if not _is_dated(steps):
        return
    axis = shown.category_axis._element
    months = (steps[-1].start.year - steps[0].start.year) * 12 + steps[-1].start.month - steps[0].start.month + 1
    most = int(room / (wide("2024-01", 12) / 72 + 0.25))
    every = next((one for one in (1, 2, 3, 6, 12) if months / one <= most), 24)
    is_monthly = all(one.start.day == 1 for one in steps)
    for tag in ("baseTimeUnit", "majorUnit", "majorTimeUnit"):
        for old in axis.findall(qn(f"c:{tag}")):
            axis.remove(old)
    lasting = [("baseTimeUnit", "months" if is_monthly else "days"), ("majorUnit", every), ("majorTimeUnit", "months")]
    for tag, value in lasting:
        axis.append(parse_xml(f'<c:{tag} {nsdecls("c")} val="{value}"/>'))
    labels = shown.category_axis.tick_labels
    labels.number_format, labels.number_format_is_linked = "yyyy\\-mm", False
    shown.category_axis.tick_labels.font.size = Pt(12)
    axis.find(qn("c:txPr")).find(qn("a:bodyPr")).set("rot", "0")


def _limit(chart: RunChart, at: int, key: str) -> float | None:
    found = next((one for one in chart.stretches if one.first <= at <= one.last), None)
    return None if found is None else float(getattr(found, key))


def _trends(slide: Any, chart: Trends, place: Place, lang: Language) -> Any:
    starts = sorted({(one.start, one.end, one.label) for each in chart.charts for one in each.steps})
    first = chart.charts[0]
    steps = [Step(label, start, end, None) for start, end, label in starts]
    data = _categories(_steps(steps))
    for each in chart.charts:
        held = {one.start: one.value for one in each.steps}
        data.add_series(clean(each.name), [held.get(start) for start, _, _ in starts])
    shown = _add(slide, XL_CHART_TYPE.LINE_MARKERS, place, data, lang)
    colours = (PAPER.ink, PAPER.accent, PAPER.better, PAPER.dot, PAPER.worse, PAPER.bar)
    drawn = list(shown.plots[0].series)
    _lines(drawn, [colours[at % len(colours)] for at in range(len(drawn))], first_marked=False)
    _axis(shown, [one.value for each in chart.charts for one in each.steps if one.value is not None], first.unit)
    _dated(shown, steps, place[2] * 0.9)
    return shown


def _tickets(slide: Any, chart: CategoryBars, place: Place, lang: Language) -> Any:
    data = _categories([one.name for one in chart.rows], "#,##0;;")
    data.add_series(clean(chart.words[0]), [one.closed for one in chart.rows])
    data.add_series(say("slides.open_in_time", lang), [one.open - one.overdue for one in chart.rows])
    data.add_series(say("slides.open_overdue", lang), [one.overdue for one in chart.rows])
    shown = _add(slide, XL_CHART_TYPE.BAR_STACKED, place, data, lang)
    _fill(shown, (PAPER.bar, PAPER.dot, PAPER.worse))
    _labels(shown, "#,##0;;")
    return _upright(shown)


def _ages(slide: Any, chart: Ageing, place: Place, lang: Language) -> Any | None:
    if not chart.tickets:
        return None
    many = sorted(chart.tickets, key=lambda one: -one.days)
    names = [
        one.ticket if one.ticket and one.ticket != "None" else say("slides.unnumbered", lang) for one in many
    ]  # fmt: skip
    data = _categories(names, "0")
    data.add_series(say("slides.over_limit", lang), [round(one.days) if one.is_over else None for one in many])
    if not all(one.is_over for one in many):
        data.add_series(say("slides.in_limit", lang), [None if one.is_over else round(one.days) for one in many])
    left, top, width, height = place
    shown = _add(slide, XL_CHART_TYPE.BAR_CLUSTERED, (left, top, width, min(height, 1.0 + 0.6 * len(many))), data, lang)
    shown.plots[0].overlap = 100
    _fill(shown, (PAPER.worse, PAPER.dot)[: len(list(shown.plots[0].series))])
    unit = f'0" {chart.unit_word}";;' if lang == "en" else f'0"{chart.unit_word}";;'
    _labels(shown, unit, XL_LABEL_POSITION.OUTSIDE_END)
    return _upright(shown)


def _stars(slide: Any, chart: StarBoard, place: Place, lang: Language) -> Any:
    """How likely each star is, a bar a subject; the darker the more stars."""
    rows = [one for one in chart.rows if one.chances]
    if not rows:
        return None
    data = _categories([f"{one.subject}  {one.score}" for one in rows], "0%;;")
    for at, word in enumerate(chart.star_words):
        data.add_series(clean(word), [one.chances[at].share for one in rows])
    shown = _add(slide, XL_CHART_TYPE.BAR_STACKED_100, place, data, lang)
    ramp = (PAPER.rule2, *RAMP[1:3], PAPER.ramp_line, RAMP[3])
    _fill(shown, [ramp[max(at + 5 - len(chart.star_words), 0)] for at in range(len(chart.star_words))])
    for at, series in enumerate(shown.plots[0].series):
        for place_of, one in enumerate(rows):
            if one.chances[at].share >= 0.12:
                shade = PAPER.paper if at + 5 - len(chart.star_words) >= 3 else PAPER.ink
                label(series.points[place_of].data_label, f"{one.chances[at].text}%", "centre", lang, shade)
    return _upright(shown)


def _lines(drawn: Sequence[Any], colours: Sequence[str], *, first_marked: bool) -> None:
    for at, series in enumerate(drawn):
        series.smooth = False
        line = series.format.line
        line.color.rgb = rgb(colours[at])
        line.width = Pt(1.75 if at == 0 or not first_marked else 1)
        if first_marked and at:
            line.dash_style = MSO_LINE.DASH
            series.marker.style = XL_MARKER_STYLE.NONE
        else:
            series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, 5
            _paint(series.marker, colours[at])


def _paint(marker: Any, colour: str) -> None:
    marker.format.fill.solid()
    marker.format.fill.fore_color.rgb = rgb(colour)
    marker.format.line.color.rgb = rgb(colour)


def _fill(shown: Any, colours: Sequence[str]) -> None:
    shown.plots[0].gap_width = 60
    for series, colour in zip(shown.plots[0].series, colours, strict=True):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = rgb(colour)


def _labels(shown: Any, number_format: str, position: Any = None) -> None:
    plot = shown.plots[0]
    plot.has_data_labels = True
    plot.data_labels.number_format, plot.data_labels.number_format_is_linked = number_format, False
    plot.data_labels.font.size = Pt(12)
    if position is not None:
        plot.data_labels.position = position


def _upright(shown: Any) -> Any:
    shown.category_axis.reverse_order = True
    shown.value_axis.has_major_gridlines = False
    shown.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    shown.value_axis.visible = False
    return shown


def _axis(shown: Any, values: Sequence[float], unit: str) -> None:
    shown.value_axis.major_gridlines.format.line.color.rgb = rgb(PAPER.rule2)
    shown.value_axis.format.line.fill.background()
    shown.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    shown.category_axis.format.line.color.rgb = rgb(PAPER.rule)
    if values:
        low, high, step = scale(values, ceiling=100.0 if unit == "%" else None)
        shown.value_axis.minimum_scale, shown.value_axis.maximum_scale = low, high
        shown.value_axis.major_unit = step
        places = max(0, -math.floor(math.log10(step) + 1e-9))
        labels = shown.value_axis.tick_labels
        labels.number_format = f"0{'.' + '0' * places if places else ''}" + ('"%"' if unit == "%" else "")
        labels.number_format_is_linked = False


def scale(values: Sequence[float], *, ceiling: float | None = None) -> tuple[float, float, float]:
    """Where an axis begins and ends, and its step: round numbers, with a little room around the values."""
    low, high = min(values), max(values)
    span = (high - low) or abs(high) or 1.0
    rough = span * 1.2 / 5
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(one * power for one in (1, 2, 5, 10) if one * power >= rough * 0.999)
    first = 0.0 if 0 <= low <= span * 0.5 else math.floor((low - span * 0.05) / step) * step
    last = math.ceil((high + span * 0.02) / step) * step
    if ceiling is not None and high <= ceiling:
        last = min(last, ceiling)
    return round(first, 9), round(last, 9), step
