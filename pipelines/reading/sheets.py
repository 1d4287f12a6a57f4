"""A sheet as addressed cells: what every file format is turned into before anything is understood."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import polars as pl


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
