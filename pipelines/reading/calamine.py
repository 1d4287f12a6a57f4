"""The one place that calls the spreadsheet decoder, and the one place that knows how it fails."""

from __future__ import annotations

import fastexcel
import polars as pl

from pipelines.reading.archive import damaged


def load_frames(data: bytes, sheets: int) -> list[pl.DataFrame]:
    """The first `sheets` sheets of a workbook as frames of String columns, from row 1 on and from the first column that
    holds anything; numbers are rounded to nine decimals. Raises `Unreadable` where the decoder fails or panics."""
    try:
        book = fastexcel.read_excel(data)
        frames = [
            book.load_sheet(i, header_row=None, skip_rows=0, dtypes="string", whitespace_as_null=True).to_polars()
            for i in range(sheets)
        ]
    except fastexcel.FastExcelError as fault:
        raise damaged() from fault
    except BaseException as fault:
        if type(fault).__name__ == "PanicException":
            raise damaged() from fault
        raise
    return frames
