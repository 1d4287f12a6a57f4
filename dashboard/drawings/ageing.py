"""Draws the age of open tickets: one mark a ticket on an axis of days, those over their limit as diamonds."""

from __future__ import annotations

from collections import Counter

from markupsafe import Markup

from dashboard.charts.times import Ageing
from dashboard.drawings.marks import mark
from dashboard.drawings.scales import ticks
from dashboard.theme import SCREEN

PLACES = 26
"""So many marks stand side by side on the narrowest screen."""
TALLEST = 130.0
PITCH = 13.0


def ageing(chart: Ageing) -> Markup:
    """The picture, as wide as its place; as high as its highest pile."""
    if not chart.tickets:
        return Markup("")
    longest = max([one.days for one in chart.tickets] + [chart.limit or 0.0]) * 1.04 or 1.0
    piles = Counter(_pile(one.days, longest) for one in chart.tickets)
    pitch = min(PITCH, TALLEST / max(piles.values()))
    line = 24 + pitch * max(piles.values())
    filled: Counter[int] = Counter()
    parts = []
    for one in sorted(chart.tickets, key=lambda each: each.days):
        pile = _pile(one.days, longest)
        y = line - 8 - pitch * filled[pile]
        filled[pile] += 1
        shape = mark("worse" if one.is_over else "same", 0, 0, 4.6)
        parts.append(
            Markup('<svg x="{}%" y="{}" overflow="visible">{}<title>{}</title></svg>').format(
                f"{(pile + 0.5) / PLACES * 100:.2f}", f"{y:.1f}", shape, one.text
            )
        )
    axis = [Markup('<line x1="0" x2="100%" y1="{y}" y2="{y}" stroke="{c}"/>').format(y=f"{line:.1f}", c=SCREEN.rule)]
    steps = ticks(0, longest, 5)
    for place, value in enumerate(steps):
        is_last = place == len(steps) - 1
        text = f"{value:g}" + (f" {chart.unit_word}" if is_last else "")
        x = value / longest * 100
        axis.append(
            Markup('<text x="{}%" y="{}" font-size="14" fill="{}" text-anchor="{}">{}</text>').format(
                f"{x:.2f}",
                f"{line + 18:.1f}",
                SCREEN.ink3,
                "start" if not place else "end" if x > 92 else "middle",
                text,
            )
        )
    if chart.limit is not None:
        x = chart.limit / longest * 100
        axis.append(
            Markup(
                '<line x1="{x}%" x2="{x}%" y1="16" y2="{b}" stroke="{c}" stroke-dasharray="4 3"/>'
                '<text x="{x}%" y="12" font-size="14" fill="{c}" text-anchor="{a}">{w}</text>'
            ).format(x=f"{x:.2f}", b=f"{line:.1f}", c=SCREEN.ink2,
                     a="start" if x < 30 else "end" if x > 70 else "middle",
                     w=chart.limit_word)
        )  # fmt: skip
    return Markup(
        '<div class="lp-ageing"><svg width="100%" height="{}" role="img" aria-label="{}">{}</svg></div>'
    ).format(f"{line + 22:.0f}", chart.last_word, Markup("").join([*axis, *parts]))


def _pile(days: float, longest: float) -> int:
    return min(int(days / longest * PLACES), PLACES - 1)
