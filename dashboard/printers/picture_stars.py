"""Draws the board of stars on paper: a row a subject, the stars, the score, the chance of each star, what moved."""

from __future__ import annotations

from math import cos, pi, sin
from typing import Final

from dashboard.charts.stars import StarBoard, StarRow
from dashboard.printers.measure import wide, wrapped
from dashboard.printers.plate import Drawn, Paper
from dashboard.printers.shapes import Box, Line, Polygon, Shape, Words, marked
from dashboard.theme import RAMP, Ink

SOME: Final = 0.1
INNER: Final = 0.4


def star_board(chart: StarBoard, *, paper: Paper, ink: Ink) -> Drawn:
    """The rows, best first. Notes wrap under the score's columns where they are long."""
    left, right, size = paper.margin, paper.width - paper.margin, paper.axis
    room = right - left
    name = max([wide(one.subject, size) for one in chart.rows] + [wide(chart.heads[0], size)]) + size * 2.4
    at = [left, left + size * 1.8, left + name]
    stars_end = at[2] + size * 7.2
    score = stars_end + size * 3.2
    cell = min(size * 3.6, (room * 0.3) / max(len(chart.star_words), 1))
    chances = score + size
    moved = chances + cell * len(chart.star_words) + size
    to_next = moved + size * 7.6
    note = to_next + size
    tops = [wrapped(word, size, cell - 1) for word in chart.star_words]
    y = size * (1.6 + 1.15 * (max((len(one) for one in tops), default=1) - 1))
    shapes: list[Shape] = []
    for x, text, align in (
        (at[1], chart.heads[0], "left"), (at[2], chart.heads[1], "left"), (score, chart.heads[2], "right"),
        (moved, chart.heads[3], "left"), (to_next, chart.heads[4], "right"), (note, chart.heads[5], "left"),
    ):  # fmt: skip
        shapes.append(Words(x, y, text, ink.ink2, size, "right" if align == "right" else "left"))
    for place, words in enumerate(tops):
        for up, word in enumerate(reversed(words)):
            middle = chances + cell * (place + 0.5)
            shapes.append(Words(middle, y - up * size * 1.15, word, ink.ink2, size, "center"))
    y += size
    shapes.append(Line(left, y, right, y, ink.rule))
    for row in chart.rows:
        lines = list(wrapped(row.note, size * 0.92, max(right - note, size * 6))) if row.note else []
        height = max(size * 1.9, size * 0.5 + len(lines) * size * 1.2)
        middle = y + height / 2
        shapes.append(Words(left + size * 1.2, middle, row.rank, ink.ink2, size, "right"))
        shapes.append(Words(at[1], middle, row.subject, ink.ink, size))
        shapes += _stars(row, chart, at[2], middle, size, ink)
        shapes.append(Words(score, middle, row.score, ink.ink, size, "right"))
        shapes += _chances(row, chances, cell, middle, size, ink)
        start = moved
        if row.mark in {"better", "worse", "same"}:
            shapes += marked(row.mark, moved + size * 0.4, middle, ink, size * 0.32)
            start += size * 1.2
        colour = ink.of(row.mark) if row.mark in {"better", "worse"} else ink.ink
        shapes.append(Words(start, middle, row.moved, colour, size))
        shapes.append(Words(to_next, middle, row.to_next, ink.ink2, size, "right"))
        for place, text in enumerate(lines):
            line = middle + (place - (len(lines) - 1) / 2) * size * 1.2
            shapes.append(Words(note, line, text, ink.ink2, size * 0.92))
        y += height
        shapes.append(Line(left, y, right, y, ink.rule2))
    return Drawn(tuple(shapes), y)


def _stars(row: StarRow, chart: StarBoard, x: float, y: float, size: float, ink: Ink) -> list[Shape]:
    if row.stars is None:
        return [Words(x, y, row.star_word, ink.ink2, size)]
    shapes: list[Shape] = []
    for place in range(5):
        is_given = place < row.stars
        fill = ink.accent if is_given and not chart.is_trial else ink.paper
        line = ink.accent if is_given else ink.dot
        shapes.append(Polygon(_star(x + size * (0.6 + place * 1.3), y, size * 0.6), fill, line, 0.6, 3))
    return shapes


def _chances(row: StarRow, x: float, cell: float, y: float, size: float, ink: Ink) -> list[Shape]:
    shapes: list[Shape] = []
    for place, one in enumerate(row.chances):
        left = x + place * cell
        fill = ink.accent if one.is_given else RAMP[1] if one.share >= SOME else None
        if fill is not None:
            shapes.append(Box(left + 0.8, y - size * 0.72, left + cell - 0.8, y + size * 0.72, fill, z=2))
        colour = ink.paper if one.is_given else ink.ink
        shapes.append(Words(left + cell / 2, y, one.text, colour, size, "center"))
    return shapes


def _star(x: float, y: float, radius: float) -> tuple[tuple[float, float], ...]:
    return tuple(
        (x + reach * cos(turn), y + reach * sin(turn))
        for place in range(10)
        for reach, turn in [(radius if place % 2 == 0 else radius * INNER, -pi / 2 + place * pi / 5)]
    )
