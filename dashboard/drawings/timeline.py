"""Draws who ran an estate when: companies in greys, months without one hatched, free service dotted, years below."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from markupsafe import Markup, escape

from dashboard.charts.times import Spell, Timeline
from dashboard.theme import SCREEN

WIDE = 1240.0
"""The width in px for which words are fitted; narrower screens read the list below instead."""
TEXT = 14.0
BAR = 30.0
PAST = ("#6B727B", "#C3C7CC")
PATTERNS = Markup(
    '<defs><pattern id="lp-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="6" height="6" fill="{ground}"/><line x1="0" y1="0" x2="0" y2="6" stroke="{dot}" stroke-width="1.6"/>'
    '</pattern><pattern id="lp-dots" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<rect width="6" height="6" fill="{ground}"/><circle cx="3" cy="3" r="1.1" fill="{dot}"/></pattern></defs>'
).format(ground=SCREEN.ground, dot=SCREEN.dot)


def timeline(chart: Timeline) -> Markup:
    """The picture, as wide as its place: lengths are shares of it, letters stay as large as they are."""
    if not chart.spells:
        return Markup("")
    first, last = chart.spells[0].start, chart.today
    days = max((last - first).days, 1)

    def share(day: date) -> float:
        return min(max((day - first).days / days, 0.0), 1.0) * 100

    bars = [
        _bar(one, share(one.start), share(one.end), fill) for one, fill in zip(chart.spells, _fills(chart), strict=True)
    ]
    notes = Markup("").join(
        Markup('<li class="{}">{}</li>').format(
            "short" if not _fits(one, share) or one.band != "company" else "long", note
        )
        for one, note in zip(chart.spells, chart.notes, strict=False)
    )
    return Markup(
        '<div class="lp-timeline"><svg width="100%" height="54" role="img" aria-label="{label}">{defs}{bars}{years}'
        '<line x1="100%" x2="100%" y1="-3" y2="{foot}" stroke="{ink}" stroke-width="1.5"/>'
        '<text x="100%" y="49" text-anchor="end" font-size="14" fill="{ink}">{today}</text></svg><ol>{notes}</ol></div>'
    ).format(
        label="; ".join(chart.notes or [one.word for one in chart.spells]), defs=PATTERNS, bars=Markup("").join(bars),
        years=_years(first, last, share), foot=BAR + 5, ink=SCREEN.ink, today=chart.today_word, notes=notes,
    )  # fmt: skip


def _fills(chart: Timeline) -> list[str]:
    fills, place = [], 0
    latest = max((at for at, one in enumerate(chart.spells) if one.band == "company"), default=-1)
    for at, one in enumerate(chart.spells):
        if one.band == "company":
            fills.append(SCREEN.ink2 if at == latest and one.end >= chart.today else PAST[place % 2])
            place += 1
        else:
            fills.append({"unmanaged": "url(#lp-hatch)", "free_service": "url(#lp-dots)"}.get(one.band, SCREEN.rule2))
    return fills


def _bar(spell: Spell, left: float, right: float, fill: str) -> Markup:
    width = right - left
    parts = [
        Markup(
            '<rect x="{}%" y="0" width="{}%" height="{}" fill="{}" stroke="{}" stroke-width="1">'
            "<title>{}</title></rect>"
        ).format(f"{left:.2f}", f"{width:.2f}", BAR, fill, SCREEN.ground, spell.word)
    ]
    if _width(spell.word) + 16 <= width / 100 * WIDE:
        is_dark = fill in {SCREEN.ink2, PAST[0]}
        plain = spell.band not in {"company", "unknown"}
        parts.append(
            Markup(
                '<text class="word{}" x="{}%" y="{}" text-anchor="middle" font-size="{}" fill="{}">{}</text>'
            ).format(" plain" if plain else "", f"{left + width / 2:.2f}", BAR / 2 + 5, TEXT,
                     SCREEN.paper if is_dark else SCREEN.ink, escape(spell.word))
        )  # fmt: skip
    return Markup("").join(parts)


def _fits(spell: Spell, share: Callable[[date], float]) -> bool:
    left, right = (share(day) for day in (spell.start, spell.end))
    return _width(spell.word) + 16 <= (right - left) / 100 * WIDE


def _width(word: str) -> float:
    return sum(TEXT if ord(one) > 0x2E7F else TEXT * 0.56 for one in word)


def _years(first: date, last: date, share: Callable[[date], float]) -> Markup:
    years = list(range(first.year + (first > date(first.year, 1, 15)), last.year + 1))
    step = max(1, -(-len(years) // 14))
    parts = []
    for place, year in enumerate(years[::step]):
        x = share(date(year, 1, 1))
        rare = " rare" if place % 2 and len(years) > 6 else ""
        near = " near" if x > 90 else " late" if x > 66 else ""
        parts.append(
            Markup(
                '<line x1="{x}%" x2="{x}%" y1="{a}" y2="{b}" stroke="{c}"/>'
                '<text class="year{k}" x="{x}%" dx="3" y="49" font-size="14" fill="{c}">{y}</text>'
            ).format(x=f"{x:.2f}", a=BAR, b=BAR + 5, c=SCREEN.ink3, k=rare + near, y=year)
        )
    return Markup("").join(parts)
