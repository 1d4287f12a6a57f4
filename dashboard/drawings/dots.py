"""Draws the ranked dot plot: a table of rows whose pictures stretch with the column, so that it reads at any width.

Rows are HTML with a small SVG in each (places in percent); the lines that all rows share are drawn once behind them.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

from markupsafe import Markup

from dashboard import numbers
from dashboard.charts.dots import Beside, DotPlot, DotRow
from dashboard.stories.atoms import Link

Place = Callable[[float], float]


def dot_plot(chart: DotPlot, href: Callable[[Link], str]) -> Markup:
    """The plot as a table in HTML; each estate's name leads to its page."""
    place = _place(chart)
    ranked = [one for one in chart.rows if one.value is not None]
    rest = [one for one in chart.rows if one.value is None]
    parts = [_head(chart, place)]
    for group, rows in groupby(ranked, key=lambda one: one.group):
        lines = [Markup('<div class="g" role="row"><span role="cell">{}</span></div>').format(group)] if group else []
        lines.append(Markup('<div class="ranked" role="rowgroup">') + _shared(chart, place))
        lines += [_row(one, place, href) for one in rows]
        lines.append(Markup("</div>"))
        parts += lines
    if rest:
        parts.append(Markup('<div class="rest" role="rowgroup">'))
        parts += [_missing(one, href) for one in rest]
        parts.append(Markup("</div>"))
    return Markup('<div class="lp-dots" role="table" aria-label="{}" style="--beside:{}">{}</div>').format(
        f"{chart.name}, {chart.order_word}", len(chart.beside), Markup("").join(parts)
    )


def _place(chart: DotPlot) -> Place:
    width = chart.high - chart.low or 1.0
    return lambda value: min(max((value - chart.low) / width * 100, 0.0), 100.0)


def _head(chart: DotPlot, place: Place) -> Markup:
    estate, households, sample = chart.headings
    decimals = 0 if all(float(one).is_integer() for one in chart.ticks) else 1 if chart.high - chart.low > 1 else 2
    unit = "%" if chart.unit == "%" else ""
    axis = [
        Markup('<i style="left:{}%">{}</i>').format(f"{place(one):.1f}", f"{numbers.number(one, decimals)}{unit}")
        for one in chart.ticks
    ]
    lines = [(one, word) for one, word in ((chart.street, chart.street_word), (chart.target, chart.target_word)) if one]
    lines.sort(key=lambda one: one[0])
    for order, (value, word) in enumerate(lines):
        at = place(value)
        side = "before" if (len(lines) == 2 and order == 0) or (len(lines) == 1 and at > 70) else "after"
        axis.append(Markup('<em class="{}" style="left:{}%">{}</em>').format(side, f"{at:.1f}", word))
    beside = [
        Markup('<span class="b" role="columnheader">{}<br>{}</span>').format(name, _breakable(unit))
        for name, unit in chart.beside
    ]
    return Markup(
        '<div class="r head" role="row"><span class="n" role="columnheader">{}</span>'
        '<span class="h" role="columnheader">{}</span><span class="p" role="columnheader">{}</span>'
        '<span class="v" role="columnheader">{}</span><span class="s" role="columnheader">{}</span>{}</div>'
    ).format(
        estate,
        households,
        Markup("").join(axis),
        _breakable(chart.value_heading[1] or chart.unit),
        sample,
        Markup("").join(beside),
    )


def _breakable(unit: str) -> Markup:
    return Markup("/<wbr>").join(unit.split("/"))


def _shared(chart: DotPlot, place: Place) -> Markup:
    lines = [Markup('<i style="left:{}%"></i>').format(f"{place(one):.2f}") for one in chart.ticks]
    if chart.street is not None:
        lines.append(Markup('<i class="street" style="left:{}%"></i>').format(f"{place(chart.street):.2f}"))
    if chart.target is not None and chart.low <= chart.target <= chart.high:
        lines.append(Markup('<i class="target" style="left:{}%"></i>').format(f"{place(chart.target):.2f}"))
    return Markup('<div class="lines" aria-hidden="true">{}</div>').format(Markup("").join(lines))


def _row(row: DotRow, place: Place, href: Callable[[Link], str]) -> Markup:
    kind = row.mark if row.mark in ("better", "worse", "caution") else "same"
    return Markup(
        '<div class="r {}" role="row"><a class="n" role="cell" href="{}" title="{}">{}</a>'
        '<span class="h" role="cell">{}</span>'
        '<svg class="p" role="img" aria-label="{}"><title>{}</title>{}</svg><span class="v" role="cell">{}</span>'
        '<span class="s" role="cell">{}{}</span>{}</div>'
    ).format(
        f"{kind} dashed" if row.cautioned else kind,
        href(Link("estate", {"estate": row.subject})),
        row.name,
        row.name,
        row.households,
        row.word,
        row.hint,
        _picture(row, kind, place),
        row.text,
        row.sample,
        Markup("<u>△</u>") if row.cautioned else "",
        _beside(row.beside),
    )


def _picture(row: DotRow, kind: str, place: Place) -> Markup:
    parts = ""
    if row.low is not None:
        high = 100.0 if row.high is None else place(row.high)
        parts += f'<line class="m" x1="{place(row.low):.1f}%" x2="{high:.1f}%" y1="50%" y2="50%"/>'
    if row.peer_median is not None:
        at = f"{place(row.peer_median):.1f}%"
        parts += f'<line class="k" x1="{at}" x2="{at}" y1="22%" y2="78%"/>'
    at = f"{place(row.value or 0.0):.1f}%"
    if kind == "worse":
        parts += f'<svg x="{at}" y="50%" overflow="visible"><path d="M0-6.3 6.3 0 0 6.3-6.3 0z"/></svg>'
    else:
        parts += f'<circle cx="{at}" cy="50%" r="4.6"/>'
    return Markup(parts)  # noqa: S704 - numbers only


def _missing(row: DotRow, href: Callable[[Link], str]) -> Markup:
    return Markup(
        '<div class="r" role="row"><a class="n" role="cell" href="{}" title="{}">{}</a>'
        '<span class="h" role="cell">{}</span>'
        '<span class="why" role="cell" title="{}"><span>{}</span>{}</span>{}</div>'
    ).format(
        href(Link("estate", {"estate": row.subject})),
        row.name,
        row.name,
        row.households,
        row.reason,
        numbers.NONE,
        row.reason,
        _beside(row.beside),
    )


def _beside(found: tuple[Beside, ...]) -> Markup:
    return Markup("").join(
        Markup('<span class="b" role="cell"><b>{}</b>{}</span>').format(
            one.text,
            ""
            if one.share is None
            else Markup('<i style="width:calc({} * var(--bar-most))"></i>').format(f"{one.share:.3f}"),
        )
        for one in found
    )
