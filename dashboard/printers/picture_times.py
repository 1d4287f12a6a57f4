"""Draws on paper who ran an estate when, the age of open tickets, tickets by category, and the expense sheet."""

from __future__ import annotations

from datetime import date
from typing import Final

from dashboard import numbers
from dashboard.charts.times import Ageing, CategoryBars, Expenses, Promise, Squares, Timeline
from dashboard.drawings.scales import linear, ticks
from dashboard.printers.measure import cut, wide, wrapped
from dashboard.printers.plate import Drawn, Paper
from dashboard.printers.shapes import DASHED, DOTTED, Align, Box, Line, Shape, Words, hatched, marked
from dashboard.theme import Ink
from dashboard.words import say
from pipelines.words import Language

BAR: Final = 22.0
GREYS: Final = ("bar", "rule", "band")


def timeline(chart: Timeline, *, paper: Paper, ink: Ink) -> Drawn:
    """Companies in greys with their names, unmanaged time hatched, free service dotted, today an upright line."""
    axis = paper.axis
    if not chart.spells:
        return Drawn((), 0.0)
    left, right = paper.margin + 1, paper.width - paper.margin - 1
    first, last = min(one.start for one in chart.spells), max(chart.today, *(one.end for one in chart.spells))
    x = linear(first.toordinal(), last.toordinal() + 1, left, right)
    top, shapes, runs, below = axis * 2.0, list[Shape](), 0, list[tuple[float, str]]()
    for one in chart.spells:
        x1, x2 = x(one.start.toordinal()), x(one.end.toordinal() + 1)
        if one.band == "company":
            shapes.append(Box(x1, top, x2, top + BAR, getattr(ink, GREYS[runs % 2]), ink.paper))
            runs += 1
        else:
            shapes.append(Box(x1, top, x2, top + BAR, ink.paper, ink.dot))
        if one.band == "unmanaged":
            shapes += _hatch(x1, x2, top, top + BAR, ink)
        elif one.band == "free_service":
            shapes += [
                Line(x1, top + BAR * part, x2, top + BAR * part, ink.dot, 0.8, DOTTED) for part in (0.2, 0.5, 0.8)
            ]
        if wide(one.word, axis) + 6 < x2 - x1:
            if one.band != "company":
                middle, half = (x1 + x2) / 2, wide(one.word, axis) / 2 + 2
                shapes.append(Box(middle - half, top + 5, middle + half, top + BAR - 5, ink.paper, z=4))
            shapes.append(Words((x1 + x2) / 2, top + BAR / 2, one.word, ink.ink, axis, "center"))
        else:
            below.append(((x1 + x2) / 2, one.word))
    rows: list[float] = []
    for place, word in below:
        half = wide(word, axis) / 2
        at = min(max(place, left + half), right - half)
        row = next((number for number, end in enumerate(rows) if at - half > end + 4), len(rows))
        rows[row : row + 1] = [at + half]
        y = top + BAR + axis * (1.6 + 1.3 * row)
        shapes += [
            Line(place, top + BAR, place, y - axis * 0.6, ink.dot, 0.5),
            Words(at, y, word, ink.ink2, axis, "center"),
        ]
    y = top + BAR + axis * (1.4 + 1.3 * len(rows))
    for year in range(first.year, last.year + 1):
        at = x(date(year, 1, 1).toordinal())
        every = 1 if (right - left) / max(last.year - first.year, 1) > axis * 2.6 else 5
        if at >= left and year % every == 0:
            shapes.append(Line(at, y - axis * 0.3, at, y + 2, ink.dot, 0.6))
            shapes.append(Words(at, y + axis, str(year), ink.ink3, axis, _side(at, left, right)))
    now = x(chart.today.toordinal())
    shapes.append(Line(now, top - 4, now, top + BAR + 4, ink.ink, 1.2, z=4))
    is_right = now + wide(chart.today_word, axis) / 2 > right
    shapes.append(Words(now, top - axis * 1.1, chart.today_word, ink.ink, axis, "right" if is_right else "center"))
    return Drawn(tuple(shapes), y + axis * 2.0)


def _side(place: float, left: float, right: float) -> Align:
    if place < left + 12:
        return "left"
    return "right" if place > right - 12 else "center"


def _hatch(x1: float, x2: float, top: float, bottom: float, ink: Ink) -> list[Shape]:
    """Slanting lines 3.4 pt apart within a rectangle."""
    deep = bottom - top
    shapes: list[Shape] = []
    start = x1 - deep
    while start < x2:
        begin, end = max(start, x1), min(start + deep, x2)
        if end > begin:
            shapes.append(Line(begin, bottom - (begin - start), end, bottom - (end - start), ink.dot, 0.5, z=3))
        start += 4.8
    return shapes


def ageing(chart: Ageing, *, paper: Paper, ink: Ink) -> Drawn:
    """One mark a ticket on an axis of days, stacked where ages are alike; the limit dashed, beyond it diamonds."""
    axis = paper.axis
    left, right = paper.margin + 8, paper.width - paper.margin - 8
    most = max([one.days for one in chart.tickets] + [chart.limit or 0.0, 1.0])
    x = linear(0, most * 1.02, left, right)
    step = 6.4
    stacks: dict[int, int] = {}
    spots = []
    for one in sorted(chart.tickets, key=lambda ticket: ticket.days):
        column = round(x(one.days) / step)
        stacks[column] = stacks.get(column, 0) + 1
        spots.append((one, x(one.days), stacks[column]))
    highest = max(stacks.values(), default=1)
    close = min(step, 150.0 / highest)
    bottom = axis * 2.4 + close * highest + 6
    shapes: list[Shape] = [Line(left - 6, bottom, right + 6, bottom, ink.dot, 0.7)]
    for ticket, place, height in spots:
        shapes += marked("worse" if ticket.is_over else "same", place, bottom - 3.6 - close * (height - 1), ink, 2.3)
    for tick in ticks(0, most, 7):
        shapes.append(Line(x(tick), bottom, x(tick), bottom + 3, ink.dot, 0.6))
        shapes.append(Words(x(tick), bottom + axis * 1.2, numbers.number(tick), ink.ink3, axis, "center"))
    shapes.append(Words(right, bottom + axis * 2.5, chart.unit_word, ink.ink2, axis, "right"))
    if chart.limit is not None:
        place = x(chart.limit)
        shapes.append(Line(place, axis * 1.4, place, bottom, ink.ink2, 0.9, DASHED))
        room = place + wide(chart.limit_word, axis) + 4 < right
        shapes.append(Words(place + (3 if room else -3), axis * 0.9, chart.limit_word, ink.ink2, axis,
                            "left" if room else "right"))  # fmt: skip
    lines = wrapped(chart.last_word, paper.body, right - left) if chart.last_word else []
    shapes += [
        Words(left - 6, bottom + axis * 4.0 + at * paper.body * 1.4, line, ink.ink2, paper.body)
        for at, line in enumerate(lines)
    ]
    return Drawn(tuple(shapes), bottom + axis * 3.4 + len(lines) * paper.body * 1.5)


def category_bars(chart: CategoryBars, *, paper: Paper, ink: Ink, lang: Language) -> Drawn:
    """Tickets by category: closed solid, open hollow, and how many of the open are over their limit."""
    size, axis = paper.body, paper.axis
    left, right = paper.margin, paper.width - paper.margin
    names = min(max([wide(one.name, size) for one in chart.rows] or [0.0]) + 10, (right - left) * 0.3)
    most = max([one.closed + one.open for one in chart.rows] + [1])
    x = linear(0, most, left + names, right - size * 9)
    y = axis * 0.8
    shapes: list[Shape] = []
    at = left + names
    for word, fill in zip(chart.words, (ink.dot, ink.paper), strict=True):
        shapes += [Box(at, y - 3.5, at + 9, y + 3.5, fill, ink.dot), Words(at + 13, y, word, ink.ink2, axis)]
        at += 13 + wide(word, axis) + 16
    if any(one.overdue for one in chart.rows):
        shapes += [
            *marked("worse", at + 3, y, ink, 2.6),
            Words(at + 10, y, say("picture.overdue", lang), ink.ink2, axis),
        ]
    y += axis * 1.2
    for one in chart.rows:
        y += size * 1.8
        middle = y - size * 0.7
        shapes.append(Words(left, middle, cut(one.name, size, names - 6), ink.ink, size))
        shapes.append(Box(x(0), middle - 4, x(one.closed), middle + 4, ink.dot, ink.dot))
        if one.open:
            shapes.append(Box(x(one.closed), middle - 4, x(one.closed + one.open), middle + 4, ink.paper, ink.dot))
        text = numbers.number(one.closed + one.open)
        end = x(one.closed + one.open) + 5
        shapes.append(Words(end, middle, text, ink.ink, size))
        if one.overdue:
            end += wide(text, size) + 8
            shapes += marked("worse", end + 2, middle, ink, 2.6)
            shapes.append(Words(end + 8, middle, numbers.number(one.overdue), ink.worse, size))
    return Drawn(tuple(shapes), y + size)


def expenses(chart: Expenses, *, paper: Paper, ink: Ink) -> Drawn:
    """Parts of the expenses, the largest first: bar (labour dark), amount, share, per square metre and household."""
    size, axis = paper.body, paper.axis
    left, right = paper.margin, paper.width - paper.margin
    names = min(max([wide(one.name, size) for one in chart.rows] or [0.0]) + 10, (right - left) * 0.3)
    texts = [
        [one.text for one in chart.rows], [one.per_m2 for one in chart.rows], [one.per_household for one in chart.rows],
    ]  # fmt: skip
    edges: list[float] = []
    edge = right
    for heading, column in reversed(list(zip(chart.unit_words, texts, strict=True))):
        edges.insert(0, edge)
        edge -= max([wide(heading, axis), *(wide(one, size) for one in column)]) + size * 1.4
    edge -= size * 3.5
    x = linear(0, max([one.share for one in chart.rows] + [0.01]), left + names, edge - 8)
    y = axis * 0.8
    shapes: list[Shape] = [
        Words(place, y, word, ink.ink2, axis, "right") for place, word in zip(edges, chart.unit_words, strict=True)
    ]
    y += axis * 0.9
    shapes.append(Line(left, y, right, y, ink.dot, 0.7))
    for one in chart.rows:
        y += size * 1.8
        middle = y - size * 0.8
        shapes.append(Words(left, middle, cut(one.name, size, names - 6), ink.ink, size))
        shapes.append(Box(x(0), middle - 4, x(max(one.share, 0.0)), middle + 4, ink.ink2 if one.is_labour else ink.bar))
        shapes.append(
            Words(x(max(one.share, 0.0)) + 4, middle, f"{numbers.number(one.share * 100, 1)}%", ink.ink2, size)
        )
        for place, text in zip(edges, (one.text, one.per_m2, one.per_household), strict=True):
            shapes.append(Words(place, middle, text or numbers.NONE, ink.ink, size, "right"))
    return Drawn(tuple(shapes), y + 4)


def promise(chart: Promise, *, paper: Paper, ink: Ink) -> Drawn:
    """When it was promised, each day it was due, and today."""
    axis = paper.axis
    left, right = paper.margin + 20, paper.width - paper.margin - 20
    days = [chart.raised, *chart.dues, chart.today]
    x = linear(min(days).toordinal(), max(days).toordinal() or 1, left, right)
    y = axis * 3
    shapes: list[Shape] = [Line(left, y, right, y, ink.rule, 1.0)]
    shapes += [Line(x(one.toordinal()), y - 5, x(one.toordinal()), y + 5, ink.ink2, 1.0) for one in chart.dues]
    shapes += marked("same", x(chart.raised.toordinal()), y, ink, 3.0)
    shapes += marked("worse" if chart.is_over else "same", x(chart.today.toordinal()), y, ink, 3.4)
    shapes.append(Words(left, y + axis * 2, chart.first_word, ink.ink2, axis))
    shapes.append(Words(right, y + axis * 2, chart.due_word, ink.ink2, axis, "right"))
    return Drawn(tuple(shapes), y + axis * 3)


def squares(chart: Squares, *, paper: Paper, ink: Ink) -> Drawn:
    """One square an estate: filled, outlined or hatched."""
    axis, side, gap = paper.axis, 9.0, 4.0
    columns = max(int((paper.width - 2 * paper.margin) // (side + gap)), 1)
    shapes: list[Shape] = []
    for place, (_, told) in enumerate(chart.estates):
        x, y = paper.margin + (place % columns) * (side + gap), (place // columns) * (side + gap)
        shapes.append(Box(x, y, x + side, y + side, ink.ink2 if told == "reported" else ink.paper, ink.ink2))
        if told == "unmanaged":
            shapes += hatched(x + side / 2, y + side / 2, side / 2, ink.ink2)
    y = -(-len(chart.estates) // columns) * (side + gap) + axis
    shapes.append(Words(paper.margin, y, "  ".join(chart.words), ink.ink2, axis))
    return Drawn(tuple(shapes), y + axis)
