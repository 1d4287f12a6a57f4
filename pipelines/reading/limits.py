"""How big a submission may be: beyond these, a file is refused instead of filling the memory."""

from __future__ import annotations

from typing import Final

from pipelines.reading.sheets import Unreadable

FILE_BYTES: Final = 100 * 1024 * 1024
"""Size on disk."""

UNPACKED_BYTES: Final = 256 * 1024 * 1024
"""Size of all parts of a zipped workbook that are read, counted while they are unpacked."""

ZIP_ENTRIES: Final = 10_000
"""Entries in a zipped workbook."""

MARKUP_BYTES: Final = 40 * 1024 * 1024
"""Size of a web page or XML spreadsheet."""

SHEETS: Final = 1_000
"""Sheets in a workbook."""

ROWS: Final = 1_048_576
"""Rows of a sheet: what the spreadsheet programs can hold."""

COLUMNS: Final = 16_384
"""Columns of a sheet: what the spreadsheet programs can hold."""

CELLS: Final = 4_000_000
"""Cells of the rectangle from A1 to the last filled row and column of a sheet."""


def check_box(sheet: str, rows: int, columns: int, last_cell: str = "") -> None:
    """Raise `Unreadable` when a sheet whose filled cells reach `rows` rows and `columns` columns is too big."""
    if rows <= ROWS and columns <= COLUMNS and rows * columns <= CELLS:
        return
    where_zh = f"（最远的单元格是 {last_cell}）" if last_cell else ""
    where_en = f" (the farthest cell is {last_cell})" if last_cell else ""
    raise Unreadable(
        f"工作表“{sheet}”太大：有内容的区域达 {rows} 行 × {columns} 列{where_zh}，上限为 {CELLS // 10_000} 万个单元格。"
        "请删去表格以外的零星内容，或把数据拆成几个文件。",
        f"Sheet “{sheet}” is too big: its contents span {rows} rows × {columns} columns{where_en}; "
        f"the limit is {CELLS:,} cells. Delete stray cells outside the table, or split the data into several files.",
    )


def check_sheet_count(count: int) -> None:
    """Raise `Unreadable` when a workbook has too many sheets."""
    if count > SHEETS:
        raise Unreadable(
            f"文件里有 {count} 张工作表，上限为 {SHEETS} 张。请拆成几个文件。",
            f"The file has {count} sheets; the limit is {SHEETS}. Split it into several files.",
        )
