"""A sheet as addressed cells: what every file format is turned into before anything is understood."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import polars as pl

from pipelines.reading.words import plain


class Merge(NamedTuple):
    """A merged range, inclusive, all counted from 0."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Sheet:
    """One sheet.

    `cells` holds only String columns named "0", "1", … for A, B, …; its row i is the row that the spreadsheet program
    numbers i + 1 (leading blank rows and columns are there, trailing ones are not). Null is an empty cell; a cell of
    only white space is null too. Numbers are written plainly (`8`, `0.25`), never with an exponent; dates as
    `2025-03-01 00:00:00`; booleans as `true` and `false`; the text of a text cell is untouched.

    `errors` maps (row, column), both from 0, to the text of an error cell (`#DIV/0!`); `uncached` are formula cells
    without a stored result; `percents` are number cells shown as a percentage. All are empty where the format
    doesn't tell.
    """

    name: str
    cells: pl.DataFrame
    merges: tuple[Merge, ...] = ()
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncached: frozenset[tuple[int, int]] = frozenset()
    percents: frozenset[tuple[int, int]] = frozenset()
    hidden: bool = False


@dataclass(frozen=True)
class Workbook:
    """A file that could be read: its format (`xlsx`, `xls`, `ods`, `csv`, `html`, `xml`), its sheets, and the
    modified date that it carries inside, if any."""

    format: str
    sheets: tuple[Sheet, ...]
    modified: datetime | None = None


class Unreadable(Exception):  # noqa: N818 -- a state of a file, not a fault of ours
    """A file that can't be read, with the reason and what to do, for people, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        """Takes the reason and the advice in both languages."""
        super().__init__(en)
        self.zh = zh
        self.en = en


class Grid:
    """Random access to the cells of a sheet, merged ranges expanded for headings."""

    def __init__(self, sheet: Sheet) -> None:
        """Takes the sheet; merged ranges over whole rows or columns are left alone."""
        self.sheet = sheet
        self.height = sheet.cells.height
        self.width = sheet.cells.width
        self._top: dict[tuple[int, int], Merge] = {}
        self._rows: dict[int, tuple[str | None, ...]] = {}
        for merge in sheet.merges:
            if (merge.bottom - merge.top + 1) * (merge.right - merge.left + 1) > 100_000:
                continue
            for row in range(merge.top, merge.bottom + 1):
                for column in range(merge.left, merge.right + 1):
                    self._top[row, column] = merge

    def row(self, index: int) -> tuple[str | None, ...]:
        """The cells of a row, null where empty."""
        if index not in self._rows:
            start = index - index % 256
            for offset, cells in enumerate(self.sheet.cells.slice(start, 256).iter_rows()):
                self._rows[start + offset] = cells
        return self._rows[index]

    def merge(self, row: int, column: int) -> Merge | None:
        """The merged range that a cell lies in."""
        return self._top.get((row, column))

    def text(self, row: int, column: int) -> str:
        """The plain text of a cell, of a merged range's first cell where it lies in one."""
        merge = self._top.get((row, column))
        if merge:
            row, column = merge.top, merge.left
        value = self.row(row)[column] if row < self.height and column < self.width else None
        return plain(value) if value else ""

    def filled(self, index: int) -> list[int]:
        """The columns of a row that hold something."""
        return [column for column, value in enumerate(self.row(index)) if value is not None]
