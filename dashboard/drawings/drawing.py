"""Finds the drawer of a picture."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from dashboard.charts.dots import DotPlot, Strip
from dashboard.charts.fields import FunnelChart, Quadrants
from dashboard.charts.kinds import Chart
from dashboard.charts.run import RunChart, Trends
from dashboard.charts.times import Ageing, CategoryBars, Expenses, Promise, Squares, Timeline
from dashboard.drawings import fields, small
from dashboard.drawings.ageing import ageing
from dashboard.drawings.category_bars import category_bars
from dashboard.drawings.dots import dot_plot
from dashboard.drawings.expenses import expenses
from dashboard.drawings.run import run_chart
from dashboard.drawings.strip import strip
from dashboard.drawings.timeline import timeline
from dashboard.drawings.trends import trends
from dashboard.stories.atoms import Link
from pipelines.words import Language


def draw(
    chart: Chart,
    lang: Language,
    href: Callable[[Link], str],
    width: float = 340.0,
    height: float = 96.0,
    *,
    words: bool = True,
    text: float = 14.0,
) -> Markup:
    """A picture as SVG (or HTML with SVG in it), `width` × `height` px. `href` makes addresses; no `words`: a spark."""
    if isinstance(chart, RunChart):
        return run_chart(chart, width=width, height=height, words=words, text=text)
    if isinstance(chart, Promise):
        return small.promise(chart, width=width, height=height, text=text)
    if isinstance(chart, Squares):
        return small.squares(chart, width=width, height=height, text=text)
    if isinstance(chart, Timeline) and not words:
        return small.timeline(chart, width=width, height=height, text=text)
    if isinstance(chart, Ageing) and not words:
        return small.ageing(chart, width=width, height=height, text=text)
    if isinstance(chart, Strip):
        return strip(chart, href)
    if isinstance(chart, Timeline):
        return timeline(chart)
    if isinstance(chart, CategoryBars):
        return category_bars(chart)
    if isinstance(chart, Ageing):
        return ageing(chart)
    if isinstance(chart, Expenses):
        return expenses(chart)
    if isinstance(chart, DotPlot):
        return dot_plot(chart, href)
    if isinstance(chart, FunnelChart):
        return fields.funnel(chart, href, width=width, height=height)
    if isinstance(chart, Quadrants):
        return fields.quadrants(chart, href, width=width, height=height)
    if isinstance(chart, Trends):
        return trends(chart, href)
    raise TypeError(f"no drawing for {type(chart).__name__}, {lang}, {href}")
