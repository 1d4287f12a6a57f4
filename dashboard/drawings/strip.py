"""Draws all peers on one line: pale dots, the median's tick, and this estate's mark; as wide as its place."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from dashboard.charts.dots import Strip
from dashboard.drawings.marks import mark
from dashboard.stories.atoms import Link
from dashboard.theme import SCREEN

HEIGHT = 58
LINE = 30


def strip(chart: Strip, href: Callable[[Link], str]) -> Markup:
    """The picture. A click on a peer leads to its page."""
    known = [one.value for one in chart.dots] + ([chart.own] if chart.own is not None else [])
    if not known:
        return Markup("")
    low, high = min(known), max(known)

    def place(value: float) -> float:
        return (value - low) / (high - low) * 100 if high > low else 50.0

    parts = [
        Markup('<line x1="0" x2="100%" y1="{y}" y2="{y}" stroke="{c}"/>').format(y=LINE, c=SCREEN.rule),
        *(
            Markup(
                '<a href="{}"><circle cx="{}%" cy="{}" r="4.5" fill="{}" fill-opacity=".45" stroke="{}" '
                'stroke-opacity=".8"/>'
                "<title>{}</title></a>"
            ).format(href(Link("estate", {"estate": one.subject})), f"{place(one.value):.2f}", LINE, SCREEN.dot,
                     SCREEN.dot, one.text)
            for one in chart.dots
        ),
    ]  # fmt: skip
    if chart.median is not None:
        x = place(chart.median)
        parts.append(
            Markup(
                '<line x1="{x}%" x2="{x}%" y1="{a}" y2="{b}" stroke="{c}" stroke-width="2"/>'
                '<text x="{x}%" y="13" font-size="14" fill="{d}" text-anchor="{t}">{w}</text>'
            ).format(
                x=f"{x:.2f}", a=LINE - 11, b=LINE + 11, c=SCREEN.ink, d=SCREEN.ink2, t=_anchor(x), w=chart.median_word
            )
        )
    if chart.own is not None:
        parts.append(
            Markup('<svg x="{}%" y="{}" overflow="visible">{}<title>{}</title></svg>').format(
                f"{place(chart.own):.2f}", LINE, mark(chart.mark, 0, 0, 6), chart.own_text
            )
        )
    parts.append(
        Markup(
            '<text x="0" y="{y}" font-size="14" fill="{c}">{a}</text>'
            '<text x="100%" y="{y}" font-size="14" fill="{c}" text-anchor="end">{b}</text>'
        ).format(y=HEIGHT - 2, c=SCREEN.ink3, a=chart.low_word, b=chart.high_word)
    )
    return Markup(
        '<div class="lp-strip"><svg width="100%" height="{}" role="img" aria-label="{}">{}</svg></div>'
    ).format(HEIGHT, f"{chart.own_text}. {chart.median_word}", Markup("").join(parts))


def _anchor(x: float) -> str:
    return "start" if x < 25 else "end" if x > 75 else "middle"
