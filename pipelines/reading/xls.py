"""Read an .xls workbook of Excel 97 to 2003 and of the Chinese office programs that write the same format."""

from __future__ import annotations

import io

import polars as pl
import python_calamine

from pipelines.reading.archive import damaged, password_protected
from pipelines.reading.calamine import load_frames
from pipelines.reading.grid import cells_of_frame, merges_within
from pipelines.reading.sheets import Merge, Sheet, Workbook


def read_xls(data: bytes) -> Workbook:
    """The workbook. Raises `Unreadable`."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise password_protected()
    try:
        book = python_calamine.CalamineWorkbook.from_object(io.BytesIO(data))
        metas = book.sheets_metadata
        plain = [book.get_sheet_by_index(i) for i in range(len(metas))]
    except python_calamine.CalamineError as fault:
        raise damaged() from fault
    sheets = []
    for meta, sheet, frame in zip(metas, plain, load_frames(data, len(metas)), strict=True):
        left = sheet.start[1] if sheet.start else 0
        shifted = (
            frame.select(*(pl.lit(None, pl.String).alias(f"before {i}") for i in range(left)), *frame.columns)
            if left
            else frame
        )
        cells = cells_of_frame(shifted)
        merges = [Merge(a[0], a[1], b[0], b[1]) for a, b in sheet.merged_cell_ranges or []]
        hidden = meta.visible != python_calamine.SheetVisibleEnum.Visible
        sheets.append(Sheet(meta.name, cells, merges_within(merges, cells), hidden=hidden))
    return Workbook("xls", tuple(sheets))
