"""How wide the columns of a printed table are: as wide as what stands in them, so that no figure or short name breaks.

Tables of one kind (the accounts of a rating) get the same widths. Where not everything fits on one line, figures break
before their unit and nowhere else, and the sentences take what is left.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dashboard.printers.captions import clean
from dashboard.printers.measure import wide
from dashboard.stories.report import Grid, Report

KEPT: Final = 12
"""Tables of up to so many rows are kept on one page."""
LONG: Final = 20
"""Tables of more rows are set smaller."""
LONG_SIZE: Final = 8.5
"""Type of long tables."""
PAD: Final = 10.0
"""Points that a cell's margins take, left and right together, with a little room for other fonts."""
NAME: Final = 9.0
"""A text of at most so many times the type size is a name, and stays on one line."""
ROOMY: Final = 1.04
"""Fonts other than the one that is measured are up to so much wider."""
_PIECES: Final = re.compile(r"[^\s\u2e80-\u9fff\uff00-\uffef]+|[\u2e80-\u9fff\uff00-\uffef]")


@dataclass(frozen=True)
class Fitted:
    """A table as it is printed: points of each column, heads and cells with their line breaks, type size."""

    widths: tuple[float, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    size: float


def fitted(block: Grid, report: Report, size: float, room: float) -> Fitted:
    """The table in a column of `room` points, in type of `size` (smaller where it is long)."""
    alike = [one for one in report.grids if one.table.id == block.table.id and _heads(one) == _heads(block)]
    size = size if len(block.table.rows) <= LONG else min(size, LONG_SIZE)
    widths = _widths(alike or [block], size, room)
    numbers = [one.is_number for one in block.table.columns]
    rows = tuple(
        tuple(
            _broken(text, size, width) if is_number else text
            for text, is_number, width in zip(row, numbers, widths, strict=True)
        )
        for row in cells(block)
    )
    return Fitted(tuple(widths), tuple(_heads(block)), rows, size)


def cells(block: Grid) -> list[list[str]]:
    """The words of the cells, with the mark of their verdict before them."""
    signs = {"better": "● ", "worse": "◆ "}
    return [
        [
            ("" if cell.text.startswith(("●", "◆")) else signs.get(cell.mark or "", "")) + clean(cell.text)
            for cell in row
        ]
        for row in block.table.rows
    ]


def _heads(block: Grid) -> list[str]:
    return [clean(one.heading + (f"\n{one.unit}" if one.unit else "")) for one in block.table.columns]


def _widths(blocks: Sequence[Grid], size: float, room: float) -> list[float]:
    columns = blocks[0].table.columns
    least, whole, hard = [], [], []
    size *= ROOMY
    for place, column in enumerate(columns):
        texts = [row[place] for one in blocks for row in cells(one)]
        heads = _heads(blocks[0])[place].split("\n")
        full = max([wide(one, size) for one in (*texts, *heads)], default=0.0) + PAD
        longest = max((wide(one, size) for one in texts), default=0.0)
        if column.is_number:
            parts = [part for one in texts for part in one.rsplit(" ", 1)]
        elif longest <= NAME * size:
            parts = texts
        else:
            parts = [part for one in texts for part in _PIECES.findall(one)] + ["　" * 5]
        small = max([wide(one, size) for one in parts] + [_head_need(one, size) for one in heads]) + PAD
        least.append(small)
        good = longest if column.is_number else min(longest, 8 * size)
        hard.append(max(good + PAD, small))
        whole.append(full)
    if sum(whole) <= room:
        spare = (room - sum(whole)) / sum(whole)
        return [one * (1 + spare) for one in whole]
    start = hard if sum(hard) <= room else least
    if sum(start) >= room:
        return [one * room / sum(start) for one in start]
    wish = [max(full - low, 0.0) for full, low in zip(whole, start, strict=True)]
    spare = (room - sum(start)) / (sum(wish) or 1.0)
    return [low + more * spare for low, more in zip(start, wish, strict=True)]


def _head_need(text: str, size: float) -> float:
    """What a heading needs: its longest word; Chinese ones of more than four characters may take two lines."""
    pieces = _PIECES.findall(text)
    if any(len(one) > 1 for one in pieces) or not pieces:
        return max((wide(one, size) for one in pieces), default=0.0)
    return wide(text, size) if len(text) <= 4 else wide(text[: -(-len(text) // 2)], size)


def _broken(text: str, size: float, width: float) -> str:
    """A figure that is too wide, broken before its unit."""
    return "\n".join(text.rsplit(" ", 1)) if wide(text, size) > width - PAD + 1.0 else text
