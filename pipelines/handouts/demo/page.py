"""A sheet before it is a file: cells, merged ranges and hidden rows, put down as a clerk would."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple


class Percent(NamedTuple):
    """A number that the sheet shows as a percentage."""

    value: float


Cell = str | int | float | date | datetime | Percent | None


@dataclass
class Page:
    """One sheet. Rows and columns count from 0; `merges` are (top, left, bottom, right), inclusive."""

    name: str
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden: bool = False
    next_row: int = 0

    def put(self, row: int, column: int, value: Cell) -> None:
        """Write a cell; None leaves it empty."""
        if value is not None:
            self.cells[row, column] = value
        self.next_row = max(self.next_row, row + 1)

    def line(self, values: Sequence[Cell], column: int = 0) -> int:
        """Write a row below everything so far, from that column on, and say which row it is."""
        row = self.next_row
        self.next_row = row + 1
        for offset, value in enumerate(values):
            self.put(row, column + offset, value)
        return row

    def banner(self, text: str, width: int) -> int:
        """Write a title or note below everything so far, merged over `width` columns."""
        row = self.line([text])
        if width > 1:
            self.merges.append((row, 0, row, width - 1))
        return row

    def merge(self, top: int, left: int, bottom: int, right: int, value: Cell) -> None:
        """Write a merged cell."""
        self.put(top, left, value)
        self.next_row = max(self.next_row, bottom + 1)
        if (top, left) != (bottom, right):
            self.merges.append((top, left, bottom, right))

    def gap(self, rows: int = 1) -> None:
        """Leave rows empty."""
        self.next_row += rows

    @property
    def width(self) -> int:
        """How many columns are used."""
        return max((column for _, column in self.cells), default=-1) + 1

    def grid(self) -> list[list[Cell]]:
        """The cells as rows of equal length."""
        height = max((row for row, _ in self.cells), default=-1) + 1
        return [[self.cells.get((row, column)) for column in range(self.width)] for row in range(height)]
