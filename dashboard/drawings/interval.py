"""One interval on a line: a community's value against the street's."""

from __future__ import annotations

from markupsafe import Markup

from dashboard.drawings.marks import mark
from dashboard.drawings.scales import linear
from dashboard.theme import SCREEN, Mark


def interval(
    value: float | None,
    low: float | None,
    high: float | None,
    street: float | None,
    ends: tuple[float, float],
    kind: Mark,
) -> Markup:
    """The value with its interval on the line from `ends`, the street's value as an upright line; 180 × 22 px."""
    x = linear(ends[0], ends[1], 8, 172)
    parts = [Markup('<line x1="0" x2="180" y1="11" y2="11" stroke="{}"/>').format(SCREEN.rule2)]
    colour = SCREEN.of(kind) if kind in {"better", "worse"} else SCREEN.dot
    if low is not None and high is not None:
        parts.append(
            Markup('<line x1="{}" x2="{}" y1="11" y2="11" stroke="{}" stroke-width="2"/>').format(
                f"{x(low):.1f}", f"{x(high):.1f}", colour
            )
        )
    if street is not None:
        parts.append(
            Markup('<line x1="{0}" x2="{0}" y1="1" y2="21" stroke="{1}"/>').format(f"{x(street):.1f}", SCREEN.ink)
        )
    if value is not None:
        parts.append(mark(kind if kind != "none" else "same", x(value), 11, 5))
    return Markup('<svg width="180" height="22" viewBox="0 0 180 22" aria-hidden="true">{}</svg>').format(
        Markup("").join(parts)
    )
