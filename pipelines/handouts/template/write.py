"""Writes the template workbook: guide, nine sheets, drop-downs, cell checks, examples, and what is known beforehand."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

import xlsxwriter

from pipelines.findings import column_letter
from pipelines.handouts.template import guide
from pipelines.handouts.template.checks import LONGEST_LIST, REMINDER_LENGTH, Check
from pipelines.handouts.template.known import Known, Row
from pipelines.handouts.template.sheets import Column, Sheet, sheets

FIRST_ROW: Final = 2
"""The first row for data, from 0: below the headings and the example."""
ROWS: Final = 5000
"""How many rows are checked."""
STAR: Final = "★"
FONT: Final = "微软雅黑"


def template(known: Known | None = None) -> bytes:
    """The template as an .xlsx file, filled in with what is known of a community."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    looks = _Looks(book)
    _guide(book, looks, known)
    beforehand: dict[str, tuple[Row, ...]] = (
        {"estates": known.estates, "tickets": known.tickets, "actions": known.actions} if known else {}
    )
    for sheet in sheets(listed=known is not None):
        _sheet(book, looks, sheet, beforehand.get(sheet.kind, ()))
    book.close()
    return out.getvalue()


class _Looks:
    """The cell formats of the template, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Any] = {}

    def of(self, **properties: object) -> Any:
        """The format with these properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({"font_name": FONT, "font_size": 11, **properties})
        return self._made[key]


def _guide(book: Any, looks: _Looks, known: Known | None) -> None:
    page = book.add_worksheet(guide.SHEET)
    page.hide_gridlines(2)
    page.set_column(0, 0, 104)
    lines: list[tuple[str, Any]] = [(guide.TITLE, looks.of(bold=True, font_size=16))]
    text = looks.of(text_wrap=True, valign="top")
    small = looks.of(text_wrap=True, valign="top", font_size=9, font_color="#595959")
    counts = _counts(known)
    if known is not None:
        lines.append((guide.FILLED_IN.format(community=known.community, **counts), looks.of(bold=True, text_wrap=True)))
    lines += [(one, text) for one in guide.STEPS]
    lines.append((guide.TITLE_EN, looks.of(bold=True)))
    if known is not None:
        lines.append((guide.FILLED_IN_EN.format(community=known.community, **counts), small))
    lines += [(one, small) for one in guide.STEPS_EN]
    for row, (line, look) in enumerate(lines):
        page.write_string(row, 0, line, look)
        wide = sum(2 if ord(one) > 0x2E7F else 1 for one in line)
        page.set_row(row, 30 if row == 0 else 20 * -(-wide // (130 if look is small else 96)))
    page.set_paper(9)
    page.fit_to_pages(1, 1)


def _counts(known: Known | None) -> Mapping[str, int]:
    if known is None:
        return {}
    return {"estates": len(known.estates), "tickets": len(known.tickets), "actions": len(known.actions)}


def _sheet(book: Any, looks: _Looks, sheet: Sheet, rows: Iterable[Row]) -> None:
    page = book.add_worksheet(sheet.name)
    places = {column.field: column_letter(at) for at, column in enumerate(sheet.columns)}
    heading = {"bold": True, "text_wrap": True, "valign": "vcenter", "align": "center", "border": 1}
    for at, column in enumerate(sheet.columns):
        star = STAR if column.needed else ""
        colour = "#FCE4D6" if column.needed else "#DDEBF7"
        page.set_column(at, at, column.width, looks.of(num_format=column.check.format))
        page.write_string(0, at, star + column.heading, looks.of(**heading, bg_color=colour))
        example = looks.of(italic=True, font_color="#7F7F7F", bg_color="#F2F2F2", num_format="@", text_wrap=True)
        page.write_string(1, at, guide.EXAMPLE + column.example, example)
        if column.check.message:
            page.data_validation(FIRST_ROW, at, FIRST_ROW + ROWS - 1, at, _validation(column, at, places))
    page.set_row(0, 34)
    page.set_row(1, 50)
    page.freeze_panes(FIRST_ROW, 1)
    for at_row, row in enumerate(rows, start=FIRST_ROW):
        for at, column in enumerate(sheet.columns):
            _write(page, at_row, at, row.get(column.field), looks.of(num_format=column.check.format))
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)


def _validation(column: Column, at: int, places: Mapping[str, str]) -> dict[str, object]:
    """The check of a column as the spreadsheet program takes it, for its first cell."""
    check = column.check
    asked: dict[str, object] = {
        "ignore_blank": False,
        "error_title": "请核对" if check.firmness == "warning" else "填写有误",
        "error_message": check.message[:REMINDER_LENGTH],
        "error_type": check.firmness,
        "input_title": column.heading[:32],
        "input_message": f"如：{column.example}"[:REMINDER_LENGTH],
    }
    if check.estates:
        last = FIRST_ROW + ROWS
        cells = f"小区台账!$A${FIRST_ROW + 1}:$A${last}"
        source = f"=OFFSET(小区台账!$A${FIRST_ROW + 1},0,0,MAX(1,COUNTA({cells})),1)"
        return asked | {"validate": "list", "source": source}
    if check.words:
        if len(",".join(check.words)) > LONGEST_LIST:
            raise ValueError(f"too many words for a drop-down: {column.heading}")
        return asked | {"validate": "list", "source": list(check.words)}
    return asked | {"validate": "custom", "value": "=" + formula(check, at, places, FIRST_ROW + 1)}


def formula(check: Check, at: int, places: Mapping[str, str], row: int) -> str:
    """A check's formula for a row as the spreadsheet program numbers it; `places` maps fields to column letters."""
    letter = column_letter(at)
    cells = {field: f"{column}{row}" for field, column in places.items()}
    column = f"${letter}${FIRST_ROW + 1}:${letter}${FIRST_ROW + ROWS}"
    return check.formula.format(me=f"{letter}{row}", all=column, **cells)


def _write(page: Any, row: int, column: int, value: object, look: Any) -> None:
    match value:
        case None:
            return
        case bool():
            page.write_string(row, column, "是" if value else "否", look)
        case int() | float():
            page.write_number(row, column, value, look)
        case datetime() | date():
            page.write_datetime(row, column, value, look)
        case list():
            page.write_string(row, column, "、".join(map(str, value)), look)
        case _:
            page.write_string(row, column, str(value), look)
