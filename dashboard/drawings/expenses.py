"""Draws the expense sheet as a table with bars: the largest first, labour dark, the sums and what came in below."""

from __future__ import annotations

from markupsafe import Markup

from dashboard.charts.times import Expenses, Share


def expenses(chart: Expenses) -> Markup:
    """The table."""
    if not chart.rows:
        return Markup("")
    largest = max(one.share for one in chart.rows)
    rows = Markup("").join(_row(one, largest) for one in chart.rows)
    totals = Markup("").join(
        Markup(
            '<tr class="total"><th scope="row">{}</th><td class="num">{}</td><td class="num">{}</td>'
            '<td class="bars"></td>'
            '<td class="num">{}</td><td class="num">{}</td></tr>'
        ).format(*one)
        for one in chart.totals
    )
    return Markup(
        '<table class="lp-expenses"><thead><tr><th scope="col">{}</th><th scope="col" class="num">{}</th>'
        '<th scope="col" class="num">{}</th><th class="bars"></th><th scope="col" class="num">{}</th>'
        '<th scope="col" class="num">{}</th></tr></thead><tbody>{}{}</tbody></table>'
    ).format(chart.headings[0], chart.unit_words[0], chart.headings[1], *chart.unit_words[1:], rows, totals)


def _row(one: Share, largest: float) -> Markup:
    width = one.share / largest * 100 if largest > 0 else 0.0
    return Markup(
        '<tr><th scope="row">{}</th><td class="num">{}</td><td class="num">{}%</td>'
        '<td class="bars"><i class="{}" style="width:{}%"></i></td><td class="num">{}</td><td class="num">{}</td></tr>'
    ).format(
        one.name, one.text, f"{one.share * 100:.0f}", "labour" if one.is_labour else "", f"{max(width, 0):.1f}",
        one.per_m2,
        one.per_household,
    )  # fmt: skip
