"""Makes an .xlsx with the values of a file that can't be marked itself: .xls, .ods, .csv, a web page named .xls."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import xlsxwriter

from pipelines.reading.sheets import Sheet, Workbook

NUMBER: Final = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,12})?")
DATE: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
FIRST_DAY: Final = datetime(1900, 3, 1)
"""Earlier dates are counted differently by different programs; they stay text."""
WIDEST: Final = 40
NAME_LENGTH: Final = 31
ROWS, COLUMNS = 1_048_576, 16_384


def names_of(workbook: Workbook) -> dict[str, str]:
    """What each sheet is called in the copy: a name that every program takes, no two alike."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for sheet in workbook.sheets:
        plain = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", sheet.name).strip("' ")[:NAME_LENGTH] or "Sheet1"
        name, number = plain, 1
        while name.casefold() in taken or name.casefold() == "history":
            number += 1
            name = f"{plain[: NAME_LENGTH - 4]} {number}"
        taken.add(name.casefold())
        names[sheet.name] = name
    return names


def copy_of(workbook: Workbook, names: Mapping[str, str]) -> bytes:
    """The values of the sheets as an .xlsx; merged cells stay merged."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    formats = {
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "time": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        "percent": book.add_format({"num_format": "0.00%"}),
        "wrapped": book.add_format({"text_wrap": True}),
        "merged": book.add_format({"valign": "top", "text_wrap": True}),
    }
    for sheet in workbook.sheets:
        page = book.add_worksheet(names[sheet.name])
        _merge(page, sheet, formats["merged"])
        _fill(page, sheet, formats)
    book.close()
    return out.getvalue()


def _merge(page: Any, sheet: Sheet, look: Any) -> None:
    """Merges what was merged; the value is written over it afterwards."""
    for one in sheet.merges:
        page.merge_range(one.top, one.left, one.bottom, one.right, "", look)


def _fill(page: Any, sheet: Sheet, formats: Mapping[str, Any]) -> None:
    covered = {
        (row, column)
        for one in sheet.merges
        for row in range(one.top, one.bottom + 1)
        for column in range(one.left, one.right + 1)
    } - {(one.top, one.left) for one in sheet.merges}
    for column, name in enumerate(sheet.cells.columns[:COLUMNS]):
        widest = 8
        for row, text in enumerate(sheet.cells[name].head(ROWS).to_list()):
            if text is not None and (row, column) not in covered:
                _write(page, row, column, text, formats, is_percent=(row, column) in sheet.percents)
                if not any(one.left <= column < one.right and one.top == row for one in sheet.merges):
                    widest = max(widest, *(sum(2 if ord(c) > 0x2E7F else 1 for c in part) for part in text.split("\n")))
        page.set_column(column, column, min(WIDEST, widest + 2))
    for (row, column), error in sheet.errors.items():
        page.write_formula(row, column, f"={error}", None, error)


def _write(page: Any, row: int, column: int, text: str, formats: Mapping[str, Any], *, is_percent: bool) -> None:
    if NUMBER.fullmatch(text) and repr(float(text)).removesuffix(".0") == text:
        page.write_number(row, column, float(text), formats["percent"] if is_percent else None)
    elif DATE.fullmatch(text) and (moment := _moment(text)) is not None:
        page.write_datetime(row, column, moment, formats["day" if text.endswith("00:00:00") else "time"])
    else:
        page.write_string(row, column, text[:32_767], formats["wrapped"] if "\n" in text else None)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment >= FIRST_DAY else None
