"""Finds the cells of a sheet that a correction speaks of, and tells whether they say what it expects."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pipelines.findings import column_letter
from pipelines.mending.corrections import CELL, Correction
from pipelines.reading.sheets import Sheet
from pipelines.reading.words import compact, heading_key


def places_of(one: Correction, sheet: Sheet) -> tuple[list[tuple[int, int]], tuple[int, int] | None]:
    """Cells (row, column, from 0) that the entry changes, and, where it changes none, one that it speaks of."""
    cells = sheet.cells
    if one.action == "rename":
        key = compact(one.expect)
        places = [
            (row, column)
            for column in range(cells.width)
            for row, text in enumerate(cells.to_series(column).to_list())
            if text is not None and compact(text) == key
        ]
        return places, None
    spoken = _spoken(one, sheet)
    if one.action == "skip":
        places = [(row, column) for row, column in spoken if _row_says(sheet, row, one.expect)]
    else:
        places = [(row, column) for row, column in spoken if _says(sheet, row, column, one.expect)]
    return places, spoken[0] if spoken else None


def _spoken(one: Correction, sheet: Sheet) -> list[tuple[int, int]]:
    cells = sheet.cells
    if one.cell is not None:
        found = CELL.fullmatch(one.cell)
        if found is None:
            return []
        column = next((i for i in range(cells.width) if column_letter(i) == found.group(1)), None)
        row = int(found.group(2)) - 1
        return [] if column is None or row >= cells.height else [(row, column)]
    rows = _rows_with(sheet, one.row)
    if one.heading is None:
        return [(row, 0) for row in rows]
    key = heading_key(one.heading)
    places: list[tuple[int, int]] = []
    for column in range(cells.width):
        texts = cells.to_series(column).to_list()
        heads = [row for row, text in enumerate(texts) if text is not None and heading_key(text) == key]
        places += [(row, column) for row in rows if heads and row > heads[0]]
    return places


def _rows_with(sheet: Sheet, wanted: Sequence[str]) -> list[int]:
    """Rows that hold all the texts, in cells of their own or written once above (a column filled down)."""
    rows: set[int] | None = None
    for text in wanted:
        key = compact(text)
        holding: set[int] = set()
        for column in range(sheet.cells.width):
            current = False
            for row, cell in enumerate(sheet.cells.to_series(column).to_list()):
                current = compact(cell) == key if cell is not None else current
                if current:
                    holding.add(row)
        rows = holding if rows is None else rows & holding
    filled = sheet.cells.select(pl.any_horizontal(pl.all().is_not_null())).to_series().to_list() if rows else []
    return sorted(row for row in rows or () if filled[row])


def _says(sheet: Sheet, row: int, column: int, text: str) -> bool:
    cell = sheet.cells.item(row, column)
    cell = sheet.errors.get((row, column)) if cell is None else cell
    return cell is not None and compact(cell) == compact(text)


def _row_says(sheet: Sheet, row: int, text: str) -> bool:
    return any(_says(sheet, row, column, text) for column in range(sheet.cells.width))
