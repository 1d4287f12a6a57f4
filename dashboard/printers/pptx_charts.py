"""Native charts on slides for the kinds that presentation programs know; values are those that people read.

The funnel and the quadrants stay pictures: not every program shows the dots of a scatter chart that has lines, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION
from pptx.enum.dml import MSO_LINE
from pptx.util import Inches, Pt

from dashboard.charts.kinds import Chart
from dashboard.charts.run import RunChart, Trends
from dashboard.charts.times import CategoryBars, Expenses
from dashboard.printers.captions import clean
from dashboard.printers.pptx_text import named
from dashboard.theme import PAPER, Mark
from dashboard.words import say
from pipelines.words import Language

Place = tuple[float, float, float, float]


def native(slide: Any, chart: Chart, place: Place, lang: Language) -> Any | None:
    """Adds the chart at (left, top, width, height) in inches; None where programs know no such kind."""
    match chart:
        case RunChart():
            return _run(slide, chart, place, lang)
        case Trends():
            return _trends(slide, chart, place, lang)
        case CategoryBars():
            data = _categories([one.name for one in chart.rows])
            data.add_series(clean(chart.words[0]), [one.closed for one in chart.rows])
            data.add_series(clean(chart.words[1]), [one.open for one in chart.rows])
            shown = _add(slide, XL_CHART_TYPE.BAR_STACKED, place, data, lang)
            _fill(shown, (PAPER.dot, PAPER.worse))
            return _upright(shown)
        case Expenses():
            data = _categories([one.name for one in chart.rows])
            data.add_series(clean(chart.headings[0] or "1"), [one.amount for one in chart.rows])
            shown = _add(slide, XL_CHART_TYPE.BAR_CLUSTERED, place, data, lang)
            _fill(shown, (PAPER.dot,))
            shown.has_legend = False
            _labels(shown, "#,##0", 11)
            return _upright(shown)
        case _:
            return None


def _categories(names: Sequence[str], number_format: str = "General") -> Any:
    data: Any = CategoryChartData(number_format=number_format)
    data.categories = [clean(one) for one in names]
    return data


def _add(slide: Any, kind: Any, place: Place, data: Any, lang: Language) -> Any:
    shown = slide.shapes.add_chart(kind, *(Inches(one) for one in place), data).chart
    shown.font.size = Pt(12)
    shown.font.color.rgb = _rgb(PAPER.ink2)
    for properties in shown._chartSpace.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}defRPr"):
        named(properties, lang)
    shown.has_title = False
    shown.has_legend = True
    shown.legend.position = XL_LEGEND_POSITION.BOTTOM
    shown.legend.include_in_layout = False
    return shown


def _run(slide: Any, chart: RunChart, place: Place, lang: Language) -> Any:
    number_format = f"0{'.' + '0' * chart.decimals if chart.decimals else ''}"
    data = _categories([one.label or f"{one.start:%Y-%m-%d}" for one in chart.steps], number_format)
    values = [one.value for one in chart.steps]
    data.add_series(clean(f"{chart.name} {chart.unit}"), values)
    lines = [PAPER.ink]
    if any(one.low is not None for one in chart.steps):
        data.add_series(say("slides.low", lang), [one.low for one in chart.steps])
        data.add_series(say("slides.high", lang), [one.high for one in chart.steps])
        lines += [PAPER.bar, PAPER.bar]
    if chart.stretches:
        for key in ("mean", "lower", "upper"):
            data.add_series(say(f"slides.{key}", lang), [_limit(chart, at, key) for at in range(len(chart.steps))])
        lines += [PAPER.dot] * 3
    if chart.target is not None:
        data.add_series(clean(chart.target_word) or say("slides.target", lang), [chart.target] * len(chart.steps))
        lines.append(PAPER.accent)
    shown = _add(slide, XL_CHART_TYPE.LINE_MARKERS, place, data, lang)
    _lines(shown, lines, first_marked=True)
    known = [one for one in values if one is not None]
    for at, step in enumerate(chart.steps):
        if step.mark in ("better", "worse"):
            point = shown.plots[0].series[0].points[at]
            _mark(point.marker, step.mark)
    _axis(shown, known + [one for step in chart.steps for one in (step.low, step.high) if one is not None])
    return shown


def _limit(chart: RunChart, at: int, key: str) -> float | None:
    found = next((one for one in chart.stretches if one.first <= at <= one.last), None)
    return None if found is None else float(getattr(found, key))


def _trends(slide: Any, chart: Trends, place: Place, lang: Language) -> Any:
    steps = sorted({(one.start, one.label) for each in chart.charts for one in each.steps})
    data = _categories([label or f"{start:%Y-%m-%d}" for start, label in steps])
    for each in chart.charts:
        held = {one.start: one.value for one in each.steps}
        data.add_series(clean(each.name), [held.get(start) for start, _ in steps])
    shown = _add(slide, XL_CHART_TYPE.LINE_MARKERS, place, data, lang)
    colours = (PAPER.ink, PAPER.accent, PAPER.better, PAPER.dot, PAPER.worse, PAPER.bar)
    _lines(shown, [colours[at % len(colours)] for at in range(len(chart.charts))], first_marked=False)
    _axis(shown, [one.value for each in chart.charts for one in each.steps if one.value is not None])
    return shown


def _lines(shown: Any, colours: Sequence[str], *, first_marked: bool) -> None:
    for at, series in enumerate(shown.plots[0].series):
        series.smooth = False
        line = series.format.line
        line.color.rgb = _rgb(colours[at])
        line.width = Pt(1.75 if at == 0 or not first_marked else 1)
        if first_marked and at:
            line.dash_style = MSO_LINE.DASH
            series.marker.style = XL_MARKER_STYLE.NONE
        else:
            series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, 5
            _paint(series.marker, colours[at])


def _mark(marker: Any, mark: Mark) -> None:
    marker.style = XL_MARKER_STYLE.CIRCLE if mark == "better" else XL_MARKER_STYLE.DIAMOND
    marker.size = 10
    _paint(marker, PAPER.of(mark))


def _paint(marker: Any, colour: str) -> None:
    marker.format.fill.solid()
    marker.format.fill.fore_color.rgb = _rgb(colour)
    marker.format.line.color.rgb = _rgb(colour)


def _fill(shown: Any, colours: Sequence[str]) -> None:
    shown.plots[0].gap_width = 60
    for series, colour in zip(shown.plots[0].series, colours, strict=True):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = _rgb(colour)


def _labels(shown: Any, number_format: str, size: float) -> None:
    plot = shown.plots[0]
    plot.has_data_labels = True
    plot.data_labels.number_format, plot.data_labels.number_format_is_linked = number_format, False
    plot.data_labels.font.size = Pt(size)


def _upright(shown: Any) -> Any:
    shown.category_axis.reverse_order = True
    shown.value_axis.has_major_gridlines = False
    shown.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    shown.value_axis.visible = False
    return shown


def _axis(shown: Any, values: Sequence[float]) -> None:
    shown.value_axis.major_gridlines.format.line.color.rgb = _rgb(PAPER.rule2)
    shown.value_axis.format.line.fill.background()
    shown.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    if values:
        shown.value_axis.minimum_scale = _below(values)


def _below(values: Sequence[float]) -> float:
    low, high = min(values), max(values)
    return 0.0 if low <= (high - low) else float(f"{low - (high - low) * 0.25:.2g}")


def _rgb(colour: str) -> RGBColor:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return RGBColor(red, green, blue)
