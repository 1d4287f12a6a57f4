"""Draws tickets by category as a table with bars: closed solid, open hollow, the open and overdue in figures."""

from __future__ import annotations

from markupsafe import Markup

from dashboard import numbers
from dashboard.charts.times import CategoryBar, CategoryBars

FULL = 82.0
"""The share of its place that the longest bar takes; the rest is for its count."""


def category_bars(chart: CategoryBars) -> Markup:
    """The table."""
    if not chart.rows:
        return Markup("")
    most = max(one.closed + one.open for one in chart.rows)
    rows = Markup("").join(_row(one, most, chart) for one in chart.rows)
    return Markup(
        '<table class="lp-bars"><thead><tr><th scope="col">{}</th>'
        '<th scope="col"><i class="closed key"></i>{}<i class="open key"></i>{}</th>'
        '<th scope="col" class="num">{}</th></tr></thead><tbody>{}</tbody></table>'
    ).format(chart.headings[0], chart.words[0], chart.words[1], chart.headings[1], rows)


def _row(one: CategoryBar, most: int, chart: CategoryBars) -> Markup:
    bars = Markup("").join(
        Markup('<i class="{}" style="width:{}%"></i>').format(name, f"{count / most * FULL:.1f}")
        for name, count in (("closed", one.closed), ("open", one.open))
        if count
    )
    over = Markup(' <span class="lp-worse">{} {}</span>').format(chart.headings[2], one.overdue) if one.overdue else ""
    return Markup(
        '<tr><th scope="row">{}</th><td><span class="bar" title="{} {}，{} {}">{}<em>{}</em></span></td>'
        '<td class="num">{}{}</td></tr>'
    ).format(
        one.name, chart.words[0], one.closed, chart.words[1], one.open, bars, numbers.number(one.closed + one.open),
        numbers.number(one.open), over,
    )  # fmt: skip
