"""The four marks as SVG: filled circle, filled diamond, hollow circle, dashed hollow circle."""

from __future__ import annotations

from markupsafe import Markup

from dashboard.theme import SCREEN, Mark

WORDS: dict[Mark, str] = {"better": "●", "worse": "◆", "same": "○", "caution": "◌", "none": ""}


def mark(kind: Mark, x: float, y: float, size: float = 5.0) -> Markup:
    """A mark centred at x, y; `size` is its radius in px."""
    colour = SCREEN.of(kind)
    if kind == "worse":
        r = size * 1.25
        points = f"{x:.1f},{y - r:.1f} {x + r:.1f},{y:.1f} {x:.1f},{y + r:.1f} {x - r:.1f},{y:.1f}"
        return Markup('<polygon points="{}" fill="{}"/>').format(points, colour)
    if kind == "better":
        return Markup('<circle cx="{}" cy="{}" r="{}" fill="{}"/>').format(f"{x:.1f}", f"{y:.1f}", size, colour)
    if kind == "none":
        return Markup("")
    dash = Markup(' stroke-dasharray="2.2 1.8"') if kind == "caution" else Markup("")
    return Markup('<circle cx="{}" cy="{}" r="{}" fill="{}" stroke="{}" stroke-width="1.5"{}/>').format(
        f"{x:.1f}", f"{y:.1f}", size, SCREEN.ground, colour, dash
    )


def glyph(kind: Mark, size: float = 6.0) -> Markup:
    """A mark on its own, to stand in a line of text."""
    side = size * 2.7
    return Markup(
        '<svg class="lp-glyph" width="{0}" height="{0}" viewBox="0 0 {0} {0}" aria-hidden="true">{1}</svg>'
    ).format(f"{side:.0f}", mark(kind, side / 2, side / 2, size))
