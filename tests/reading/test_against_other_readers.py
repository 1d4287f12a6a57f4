"""Every cell of real workbooks, as read by us and by another library.

Normalisation of the other library's values, and nothing else: numbers as plain decimals, rounded to nine places;
serial numbers in the built-in date formats of East Asia (27-36, 50-58, unknown to openpyxl) as dates; dates as
`YYYY-MM-DD HH:MM:SS` (milliseconds where there are any); a mere time of day on 1899-12-31, the spreadsheets' day 0;
booleans as true and false; cells of only white space, and error cells, as empty; `_xHHHH_` escapes resolved.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import odf.opendocument
import odf.table
import odf.teletype
import odf.text
import openpyxl
import pytest
import xlrd
from openpyxl.utils.datetime import from_excel

from pipelines.reading.opening import open_workbook
from pipelines.reading.sheets import Sheet, Unreadable

EAST_ASIAN_DATES = {*range(27, 37), *range(50, 59)}
SHARED = Path(__file__).resolve().parents[2] / "../shared"
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
FOLDERS = ("corpus", "real/workbooks", "real/satisfaction")


def files(ending: str) -> list[Path]:
    return sorted(path for folder in FOLDERS for path in (SHARED / folder).glob(f"*{ending}"))


def plain(value: object) -> str | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, str):
        return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        text = format(Decimal(repr(round(float(value), 9))), "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, time):
        value = datetime.combine(date(1899, 12, 31), value)
    elif isinstance(value, timedelta):
        value = datetime(1899, 12, 31) + value
    elif isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    assert isinstance(value, datetime)
    milliseconds = value.microsecond // 1000
    return f"{value:%Y-%m-%d %H:%M:%S}" + (f".{milliseconds:03}" if milliseconds else "")


def filled(sheet: Sheet) -> dict[tuple[int, int], str]:
    return {
        (row, column): value
        for row, values in enumerate(sheet.cells.iter_rows())
        for column, value in enumerate(values)
        if value is not None
    }


def other_xlsx(path: Path) -> Iterator[tuple[str, bool, dict, dict, set, set]]:
    book = openpyxl.load_workbook(path, data_only=True)
    for sheet in book.worksheets:
        values, errors, percents = {}, {}, set()
        for row in sheet.iter_rows():
            for cell in row:
                at = (cell.row - 1, cell.column - 1)
                value = cell.value
                if cell.data_type == "n" and value is not None and cell._style.numFmtId in EAST_ASIAN_DATES:
                    value = from_excel(value, book.epoch)
                if cell.data_type == "e":
                    errors[at] = cell.value
                elif (text := plain(value)) is not None:
                    values[at] = text
                    if cell.data_type == "n" and "%" in cell.number_format:
                        percents.add(at)
        merges = {(m.min_row - 1, m.min_col - 1, m.max_row - 1, m.max_col - 1) for m in sheet.merged_cells.ranges}
        yield sheet.title, sheet.sheet_state != "visible", values, errors, percents, merges


def other_xls(path: Path) -> Iterator[tuple[str, bool, dict, dict, set, set]]:
    book = xlrd.open_workbook(path, formatting_info=True)
    for sheet in book.sheets():
        values, errors, percents = {}, {}, set()
        for row in range(sheet.nrows):
            for column in range(sheet.ncols):
                cell = sheet.cell(row, column)
                value: object = cell.value
                if cell.ctype == xlrd.XL_CELL_ERROR:
                    errors[row, column] = xlrd.error_text_from_code[cell.value]
                    continue
                if cell.ctype == xlrd.XL_CELL_BOOLEAN:
                    value = bool(cell.value)
                if cell.ctype == xlrd.XL_CELL_DATE:
                    value = xlrd.xldate_as_datetime(cell.value, book.datemode)
                if (text := plain(value)) is not None:
                    values[row, column] = text
                    code = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
                    if cell.ctype == xlrd.XL_CELL_NUMBER and "%" in code:
                        percents.add((row, column))
        merges = {(top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells}
        yield sheet.name, sheet.visibility != 0, values, errors, percents, merges


def other_ods(path: Path) -> Iterator[tuple[str, bool, dict, dict, set, set]]:
    book = odf.opendocument.load(path)
    for sheet in book.spreadsheet.getElementsByType(odf.table.Table):
        values, percents, merges = {}, set(), set()
        row = 0
        for line in sheet.getElementsByType(odf.table.TableRow):
            for _ in range(int(line.getAttribute("numberrowsrepeated") or 1)):
                column = 0
                for cell in line.childNodes:
                    kind = cell.getAttribute("valuetype")
                    across = int(cell.getAttrNS(TABLE, "number-columns-spanned") or 1)
                    down = int(cell.getAttrNS(TABLE, "number-rows-spanned") or 1)
                    if across > 1 or down > 1:
                        merges.add((row, column, row + down - 1, column + across - 1))
                    value: object
                    if kind in ("float", "percentage", "currency"):
                        value = float(cell.getAttribute("value"))
                    elif kind == "date":
                        value = datetime.fromisoformat(cell.getAttribute("datevalue"))
                    else:
                        value = "\n".join(map(odf.teletype.extractText, cell.getElementsByType(odf.text.P)))
                    for _ in range(int(cell.getAttribute("numbercolumnsrepeated") or 1)):
                        if (text := plain(value)) is not None:
                            values[row, column] = text
                            if kind == "percentage":
                                percents.add((row, column))
                        column += 1
                row += 1
        yield sheet.getAttribute("name"), False, values, {}, percents, merges


OTHERS = {".xlsx": other_xlsx, ".xls": other_xls, ".ods": other_ods}
PATHS = [path for ending in OTHERS for path in files(ending)]


@pytest.mark.skipif(not PATHS, reason="the shared workbooks are not beside this repository")
@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_every_cell_is_what_another_library_reads(path: Path) -> None:
    try:
        ours = open_workbook(path).sheets
    except Unreadable:
        with pytest.raises(Exception, match=r"."):
            list(OTHERS[path.suffix](path))
        return
    theirs = list(OTHERS[path.suffix](path))
    assert [(s.name, s.hidden) for s in ours] == [(name, hidden) for name, hidden, *_ in theirs]
    for sheet, (_, _, values, errors, percents, merges) in zip(ours, theirs, strict=True):
        assert filled(sheet) == values
        assert sheet.errors == errors
        assert sheet.percents == percents
        height, width = sheet.cells.shape
        cut = {(t, le, min(b, height - 1), min(r, width - 1)) for t, le, b, r in merges}
        assert set(sheet.merges) == {m for m in cut if m[0] <= m[2] and m[1] <= m[3] and m[:2] != m[2:]}
