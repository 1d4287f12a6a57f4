"""Shows a sheet as it was sent: its first rows and the rows with faults, each faulty cell with what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pipelines.findings import column_letter
from pipelines.handouts.annotated.marks import place
from pipelines.mending.personal import mask_text
from pipelines.reading.opening import open_workbook
from pipelines.reading.sheets import Sheet, Unreadable

FIRST_ROWS: Final = 12
MOST_ROWS: Final = 60
MOST_COLUMNS: Final = 26
SEVERITIES: Final = ("error", "warning", "info")


@dataclass(frozen=True)
class GridCell:
    """A cell as text; with a fault its severity and what is wrong in zh and en, else empty texts."""

    text: str
    severity: str = ""
    zh: str = ""
    en: str = ""


@dataclass(frozen=True)
class Grid:
    """A part of a sheet. `rows`: the number of each row and its cells; a gap in the numbers is left-out rows."""

    sheet: str
    letters: tuple[str, ...]
    rows: tuple[tuple[int, tuple[GridCell, ...]], ...]
    height: int
    width: int


def grids_of(path: Path, findings: Sequence[dict[str, Any]]) -> tuple[Grid, ...]:
    """The sheets of a file with something in them; none where the file can't be read."""
    try:
        sheets = open_workbook(path).sheets
    except (Unreadable, OSError):
        return ()
    return tuple(
        _grid(one, [row for row in findings if (row["source_sheet"] or "") in (one.name, "")])
        for one in sheets
        if one.cells.width
    )


def _grid(sheet: Sheet, findings: Sequence[dict[str, Any]]) -> Grid:
    faults: dict[tuple[int, int], dict[str, Any]] = {}
    for one in sorted(findings, key=lambda row: -SEVERITIES.index(row["severity"])):
        at = place(one["source_cell"] or "")
        if at is not None:
            faults[at] = one
    height, width = sheet.cells.height, sheet.cells.width
    faulty = sorted({row for row, _ in faults if row >= FIRST_ROWS})
    shown = [*range(min(FIRST_ROWS, height)), *faulty][:MOST_ROWS]
    columns = [column for column in range(width) if column < MOST_COLUMNS]
    rows = []
    for row in shown:
        texts = sheet.cells.row(row) if row < height else (None,) * width
        cells = tuple(_cell(texts[column], faults.get((row, column)), sheet, row, column) for column in columns)
        rows.append((row + 1, cells))
    return Grid(sheet.name, tuple(column_letter(one) for one in columns), tuple(rows), height, width)


def _cell(text: str | None, fault: dict[str, Any] | None, sheet: Sheet, row: int, column: int) -> GridCell:
    shown = text or sheet.errors.get((row, column), "")
    shown = mask_text(shown.removesuffix(" 00:00:00"))[0] if shown else ""
    if fault is None:
        return GridCell(shown)
    return GridCell(shown, fault["severity"], fault["message_zh"], fault["message_en"])
