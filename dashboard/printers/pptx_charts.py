"""Native charts on slides for the kinds that presentation programs know; values are those that people read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION
from pptx.enum.dml import MSO_LINE
from pptx.util import Inches, Pt

from dashboard.charts.fields import FunnelChart, Quadrants, Spot
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
        case FunnelChart():
            return _funnel(slide, chart, place, lang)
        case Quadrants():
            return _quadrants(slide, chart, place, lang)
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


def _funnel(slide: Any, chart: FunnelChart, place: Place, lang: Language) -> Any:
    data: Any = XyChartData()
    groups = _grouped(data, chart.spots, lang)
    for word, keys in ((chart.limit_words[1], ("low95", "high95")), (chart.limit_words[0], ("low998", "high998"))):
        for key in keys:
            line = data.add_series(clean(word))
            for limit in chart.limits:
                line.add_data_point(limit.x, getattr(limit, key))
    centre = data.add_series(clean(chart.centre_word) or say("slides.centre", lang))
    for limit in chart.limits:
        centre.add_data_point(limit.x, chart.centre)
    shown = _add(slide, XL_CHART_TYPE.XY_SCATTER, place, data, lang)
    _spotted(shown, groups, [PAPER.dot, PAPER.dot, PAPER.dot, PAPER.dot, PAPER.ink])
    shown.value_axis.minimum_scale, shown.value_axis.maximum_scale = round(chart.y_low), round(chart.y_high)
    shown.value_axis.tick_labels.number_format, shown.value_axis.tick_labels.number_format_is_linked = "0", False
    _titles(shown, chart.x_word, f"{chart.y_word} {chart.unit}", lang)
    return shown


def _quadrants(slide: Any, chart: Quadrants, place: Place, lang: Language) -> Any:
    data: Any = XyChartData()
    groups = _grouped(data, chart.spots, lang)
    xs, ys = [one.x for one in chart.spots], [one.y for one in chart.spots]
    for word, ends in (
        (chart.median_words[0], ((min(xs), chart.y_median), (max(xs), chart.y_median))),
        (chart.median_words[1], ((chart.x_median, min(ys)), (chart.x_median, max(ys)))),
    ):
        line = data.add_series(clean(word))
        for x, y in ends:
            line.add_data_point(x, y)
    shown = _add(slide, XL_CHART_TYPE.XY_SCATTER, place, data, lang)
    _spotted(shown, groups, [PAPER.dot, PAPER.dot])
    for series, (_, spots) in zip(shown.plots[0].series, groups, strict=False):
        for at, one in enumerate(spots):
            frame = series.points[at].data_label.text_frame
            frame.text = clean(one.name)
            for run in frame.paragraphs[0].runs:
                run.font.size = Pt(9)
                named(run._r.get_or_add_rPr(), lang)
    shown.value_axis.minimum_scale = _below(ys)
    shown.category_axis.minimum_scale = _below(xs)
    _titles(shown, chart.x_word, chart.y_word, lang)
    return shown


Groups = list[tuple[Mark, list[Spot]]]


def _grouped(data: Any, spots: Sequence[Spot], lang: Language) -> Groups:
    """One series a verdict, so that the legend names the marks."""
    found: Groups = []
    for mark in ("same", "better", "worse"):
        those = [one for one in spots if (one.mark if one.mark in ("better", "worse") else "same") == mark]
        if those:
            key = "slides.estates" if mark == "same" else f"slides.estates_{mark}"
            series = data.add_series(say(key, lang))
            for one in those:
                series.add_data_point(one.x, one.y)
            found.append((mark, those))
    return found


def _spotted(shown: Any, groups: Groups, lines: Sequence[str]) -> None:
    """The first series are dots, the others lines."""
    for at, series in enumerate(shown.plots[0].series):
        if at < len(groups):
            series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, 8
            _paint(series.marker, PAPER.ink2)
            if groups[at][0] in ("better", "worse"):
                _mark(series.marker, groups[at][0])
            continue
        series.marker.style = XL_MARKER_STYLE.NONE
        series.format.line.color.rgb = _rgb(lines[at - len(groups)])
        series.format.line.width = Pt(1)
        series.format.line.dash_style = MSO_LINE.DASH


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


def _titles(shown: Any, x_word: str, y_word: str, lang: Language) -> None:
    shown.value_axis.major_gridlines.format.line.color.rgb = _rgb(PAPER.rule2)
    for axis, word in ((shown.category_axis, x_word), (shown.value_axis, y_word)):
        axis.has_title = True
        frame = axis.axis_title.text_frame
        frame.text = clean(word)
        for run in frame.paragraphs[0].runs:
            run.font.size, run.font.bold = Pt(12), False
            named(run._r.get_or_add_rPr(), lang)


def _rgb(colour: str) -> RGBColor:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return RGBColor(red, green, blue)
