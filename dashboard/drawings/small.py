"""Draws the small evidence of a signal: a promise with its due dates, and one square an estate for who has reported."""

from __future__ import annotations

from markupsafe import Markup

from dashboard.charts.times import Ageing, Promise, Squares, Timeline
from dashboard.drawings.marks import mark
from dashboard.drawings.scales import linear
from dashboard.theme import SCREEN

TEXT = 14.0
HATCH = Markup(
    '<defs><pattern id="lp-hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<line x1="0" x2="0" y1="0" y2="5" stroke="{}" stroke-width="1.4"/></pattern></defs>'
)


def promise(chart: Promise, *, width: float = 252.0, height: float = 52.0, text: float = TEXT) -> Markup:
    """A line from the day it was promised, hollow circles at each due date, the time past due in the worse colour."""
    last = max(chart.today, *chart.dues)
    x = linear(0, max((last - chart.raised).days, 1), 6, width - 12)
    places = [x((one - chart.raised).days) for one in chart.dues]
    end, y = x((chart.today - chart.raised).days), 14.0
    parts = [_line(6, places[-1] if chart.is_over else end, y, SCREEN.dot, 1.4)]
    if chart.is_over:
        parts.append(_line(places[-1], end, y, SCREEN.worse, 2.6))
    parts += [mark("same", one, y, 3.8) for one in (6.0, *places)]
    parts.append(mark("worse" if chart.is_over else "same", end, y, 4.6))
    due_at = max(min(places[-1], width - 2.2 * text), 6 * text)
    parts += [_text(text, 0, height - 10, chart.first_word), _text(text, due_at, height - 10, chart.due_word, "middle")]
    label = f"{chart.first_word}, {chart.due_word}"
    return _svg(parts, width, height, label)


def squares(chart: Squares, *, width: float = 252.0, height: float = 52.0, text: float = TEXT) -> Markup:
    """Filled: reported; outlined: not; in rows as long as the width allows, smaller for larger streets."""
    count = max(len(chart.estates), 1)
    rows = 2 if count <= 60 else 4
    columns = -(-count // rows)
    side = min(11.0, (height - 1.5 * text) / rows - 2, width / columns - 2)
    parts = []
    for place, (name, told) in enumerate(chart.estates):
        x, y = (place % columns) * (side + 2), (place // columns) * (side + 2)
        fill = SCREEN.dot if told == "reported" else SCREEN.ground
        edge = SCREEN.dot if told == "reported" else SCREEN.worse if told == "missing" else SCREEN.dot
        parts.append(
            Markup(
                '<rect x="{}" y="{}" width="{s}" height="{s}" fill="{}" stroke="{}"><title>{}</title></rect>'
            ).format(f"{x + 0.5:.1f}", f"{y + 0.5:.1f}", fill, edge, name, s=f"{side:.1f}")
        )
    parts += [
        _text(text, 0, height - 2, chart.words[0]),
        _text(text, width - 4, height - 2, chart.words[1], "end", SCREEN.worse),
    ]
    return _svg(parts, width, height, ", ".join(chart.words))


def ageing(chart: Ageing, *, width: float = 252.0, height: float = 52.0, text: float = TEXT) -> Markup:
    """One mark a ticket on a line of days, the limit dashed and named, the oldest with its days."""
    last = max((one.days for one in chart.tickets), default=1.0)
    x = linear(0, last, 4, width - 4.6 * text)
    y = 18.0
    parts = [_line(4, width - 4 * text, y + 10, SCREEN.rule, 1)]
    oldest_first = sorted(chart.tickets, key=lambda ticket: -ticket.days)
    parts += [mark("worse" if one.is_over else "same", x(one.days), y, 4.4) for one in oldest_first]
    if chart.limit is not None:
        at = x(min(chart.limit, last))
        parts.append(
            Markup('<line x1="{x}" x2="{x}" y1="2" y2="{}" stroke="{}" stroke-dasharray="3 2"/>').format(
                y + 14, SCREEN.ink2, x=f"{at:.1f}"
            )
        )
        parts.append(_text(text, max(min(at, width - 90), 2.2 * text), height - 3, chart.limit_word, "middle"))
    parts.append(_text(text, x(last) + 9, y + 4, chart.last_word, colour=SCREEN.worse))
    return _svg(parts, width, height, f"{chart.limit_word} {chart.last_word}")


def timeline(chart: Timeline, *, width: float = 252.0, height: float = 52.0, text: float = TEXT) -> Markup:
    """Who ran it: a grey bar, hatched without a company, hollow for what is still to come; today a line."""
    first, last = min(one.start for one in chart.spells), max(one.end for one in chart.spells)
    x = linear(0, max((last - first).days + 1, 1), 0, width - 12)
    parts: list[Markup] = [HATCH.format(SCREEN.worse)]
    for place, one in enumerate(chart.spells):
        left, right = x((one.start - first).days), x((one.end - first).days + 1)
        fill = SCREEN.dot if one.band == "company" else "url(#lp-hatch)" if one.band == "unmanaged" else SCREEN.ground
        edge = SCREEN.worse if one.band == "unmanaged" else SCREEN.dot
        parts.append(
            Markup('<rect x="{}" y="6" width="{}" height="14" fill="{}" stroke="{}"/>').format(
                f"{left + 0.5:.1f}", f"{max(right - left - 1, 2):.1f}", fill, edge
            )
        )
        is_last = place == len(chart.spells) - 1
        colour = SCREEN.worse if one.band == "unmanaged" else SCREEN.ink3
        at = width - 12 if is_last and place else left
        parts.append(_text(text, at, height - 10, one.word, "end" if is_last and place else "start", colour))
    if first <= chart.today < last:
        at = x((chart.today - first).days + 1)
        parts.append(
            Markup('<line x1="{x}" x2="{x}" y1="1" y2="25" stroke="{}" stroke-width="2"/>').format(
                SCREEN.ink, x=f"{at:.1f}"
            )
        )
    return _svg(parts, width, height, ", ".join(one.word for one in chart.spells))


def _svg(parts: list[Markup], width: float, height: float, label: str) -> Markup:
    return Markup('<svg width="{w}" height="{h}" viewBox="0 0 {w} {h}" role="img" aria-label="{}">{}</svg>').format(
        label, Markup("").join(parts), w=f"{width:.0f}", h=f"{height:.0f}"
    )


def _line(x1: float, x2: float, y: float, colour: str, weight: float) -> Markup:
    return Markup('<line x1="{}" x2="{}" y1="{y}" y2="{y}" stroke="{}" stroke-width="{}"/>').format(
        f"{x1:.1f}", f"{x2:.1f}", colour, weight, y=y
    )


def _text(size: float, x: float, y: float, words: str, anchor: str = "start", colour: str = SCREEN.ink3) -> Markup:
    return Markup('<text x="{}" y="{}" font-size="{}" fill="{}" text-anchor="{}">{}</text>').format(
        f"{x:.1f}", f"{y:.1f}", f"{size:.0f}", colour, anchor, words
    )
