"""Prints a report as a workbook: one sheet a table with live formulas, the data of each picture with a native chart.

Frozen headers, print areas and repeated heads; definitions and where everything comes from on sheets of their own.
Whatever text the data hold is written as text, never as a formula.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any, Final

import xlsxwriter

from dashboard.printers.captions import clean, numbered
from dashboard.printers.grids import grid as data_of
from dashboard.printers.workbook import FONT, RISKY, insert_figure
from dashboard.stories.atoms import Cell
from dashboard.stories.report import Format, Grid, Heading, Paragraph, Points, Report, Rule
from dashboard.theme import PAPER
from dashboard.words import say

FIRST: Final = 4
"""Row (from 0) of a table's first data: caption, a blank, heads and units stand above."""
SHOWN: Final[dict[Format, str]] = {
    "text": "General", "whole": "#,##0", "one": "#,##0.0", "two": "#,##0.00", "percent": "0.0%", "day": "yyyy-mm-dd",
}  # fmt: skip
LINE: Final = 15.0
"""Points of a line of text."""
ABOUT: Final = 70
"""Characters across the sheet of sentences."""
WIDEST: Final = 36
UPRIGHT: Final = 140
"""A table of more characters than this lies across the paper; others are made smaller if they must be."""
FULL: Final = 96
"""Characters across A4 upright at full size."""
ONE_PAGE: Final = 780.0
"""Points of rows that a page takes, made a little smaller if it must be."""
TOLERANCE: Final = 0.006
"""A sum may differ so much from its printed total before it is no sum of what is shown."""


def xlsx(report: Report, *, progress: Callable[[int, int], None] | None = None) -> bytes:
    """The workbook. `progress` is told how many tables and pictures of how many are done."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": False}
    )
    book.set_properties(
        {"title": clean(report.title), "subject": clean(report.subtitle), "author": clean(report.street)}
    )
    style = _Styles(book)
    _about(book, report, style)
    counted = numbered(report)
    for done, (_, one) in enumerate(counted.items(), 1):
        if isinstance(one.block, Grid):
            name = say("report.sheet_table", report.lang, number=one.number)
            _table(book.add_worksheet(name), one.block, one.caption, one.note, style)
        elif data_of(one.block.figure.chart, report.lang).rows:
            name = say("report.sheet_figure", report.lang, number=one.number)
            insert_figure(book, name, one.block.figure, report.lang, is_printed=True)
        if progress is not None:
            progress(done, len(counted))
    if report.definitions:
        _pairs(book, say("report.sheet_definitions", report.lang), report, style)
    _lineage(book, report, style)
    book.close()
    return stream.getvalue()


class _Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.kept: dict[str, Any] = {}

    def of(self, key: str, **more: Any) -> Any:
        """The format of these properties."""
        name = f"{key}{sorted(more.items())}"
        if name not in self.kept:
            base = {"font_name": FONT, "font_size": 10, "valign": "top"}
            self.kept[name] = self.book.add_format({**base, **more})
        return self.kept[name]


def _about(book: Any, report: Report, style: _Styles) -> None:
    sheet = book.add_worksheet(say("report.sheet_overview", report.lang))
    sheet.set_column(0, 0, ABOUT)
    sheet.write_string(0, 0, clean(report.title), style.of("title", font_size=15))
    sheet.set_row(0, 24)
    row = 1
    lines = [report.subtitle, report.scope, say(f"report.{report.edition}", report.lang)]
    lines.append(say("report.version_line", report.lang, as_of=report.as_of, version=report.version))
    lines.append(say("report.trace_line", report.lang))
    for text in lines:
        if text:
            _string(sheet, row, 0, text, style.of("sub", font_color=PAPER.ink2, text_wrap=True), style)
            sheet.set_row(row, _high([(text, ABOUT)]))
            row += 1
    row += 1
    for block in report.blocks:
        texts: list[tuple[str, dict[str, Any]]] = []
        if isinstance(block, Heading):
            texts = [(block.text, {"font_size": 12, "top": 1, "valign": "vcenter"})]
        elif isinstance(block, Paragraph):
            texts = [(block.lead + block.text, {"text_wrap": True})]
        elif isinstance(block, Points):
            texts = [
                (f"{block.first + at}. {block.leads[at] if block.leads else ''}{text}", {"text_wrap": True})
                for at, text in enumerate(block.texts)
            ]
        for text, more in texts:
            _string(sheet, row, 0, text, style.of("text", **more), style)
            sheet.set_row(row, 24 if isinstance(block, Heading) else _high([(text, ABOUT)]))
            row += 1
    row += 1
    for text in report.caveats:
        _string(sheet, row, 0, text, style.of("sub", font_color=PAPER.ink2, text_wrap=True), style)
        sheet.set_row(row, _high([(text, ABOUT)]))
        row += 1
    _printed(sheet, row, 0, report)


def _table(sheet: Any, block: Grid, caption: str, note: str, style: _Styles) -> None:
    table = block.table
    _string(sheet, 0, 0, caption, style.of("caption", font_size=13), style)
    widths = []
    sheet.set_row(0, 22)
    for place, column in enumerate(table.columns):
        more = _beside(block, place)
        sheet.write_string(2, place, clean(column.heading), style.of("head", text_wrap=True, valign="bottom", **more))
        sheet.write_string(3, place, clean(column.unit), style.of("unit", bottom=1, font_color=PAPER.ink2, **more))
        longest = max([_units(column.heading) * 0.75, *(_units(row[place].text) for row in table.rows)], default=8)
        widths.append(min(max(longest + 2 + more.get("indent", 0), 9), WIDEST))
        sheet.set_column(place, place, widths[-1])
    sheet.set_row(2, _high([(one.heading, width) for one, width in zip(table.columns, widths, strict=True)]))
    last = FIRST + len(table.rows) - 1
    for at, row in enumerate(table.rows):
        is_total = block.has_total and at == len(table.rows) - 1
        sheet.set_row(FIRST + at, _high([(cell.text, width) for cell, width in zip(row, widths, strict=True)]))
        for place, cell in enumerate(row):
            formula = _formula(block, at, place, is_total=is_total)
            more = ({"top": 1} if is_total else {}) | _beside(block, place)
            number = cell.value
            if number is None and table.columns[place].is_number:
                number = _number(cell.text)
            if isinstance(number, (int, float)) and not isinstance(number, bool):
                form = style.of("number", num_format=_shown(block.formats[place], cell), **more)
                if formula:
                    sheet.write_formula(FIRST + at, place, formula, form, float(number))
                else:
                    sheet.write_number(FIRST + at, place, float(number), form)
            else:
                _string(sheet, FIRST + at, place, cell.text, style.of("cell", text_wrap=True, **more), style)
    if note:
        row_of_note = last + 2
        wide = style.of("note", font_size=9, font_color=PAPER.ink2, text_wrap=True)
        sheet.merge_range(row_of_note, 0, row_of_note, max(len(table.columns) - 1, 1), clean(note), wide)
        sheet.set_row(row_of_note, _high([(note, sum(widths) * 1.08)]))
    sheet.freeze_panes(FIRST, 1)
    sheet.repeat_rows(2, 3)
    sheet.set_paper(9)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    high = sum(_high([(c.text, w) for c, w in zip(row, widths, strict=True)]) for row in table.rows)
    is_short = high * min(1.0, FULL / sum(widths)) < ONE_PAGE
    sheet.fit_to_pages(1, 1 if is_short else 0)
    sheet.print_area(0, 0, last + (2 if note else 0), max(len(table.columns) - 1, 1))
    sheet.set_footer("&C&P / &N")
    if sum(widths) > UPRIGHT:
        sheet.set_landscape()


def _beside(block: Grid, place: int) -> dict[str, Any]:
    """How a column stands: numbers to the right, and a text that follows numbers a little away from them."""
    columns = block.table.columns
    if columns[place].is_number:
        return {"align": "right"}
    apart = place > 0 and columns[place - 1].is_number
    return {"align": "left", "indent": 2} if apart else {"align": "left"}


def _number(text: str) -> float | None:
    """The number that a cell's text is: 29.6, −1,200, 89.1%, 21.0 小时; nothing for anything else."""
    found = re.fullmatch(r"([+\u2212-]?)(\d[\d,]*(?:\.\d+)?)(%?)(?: [^\d]{1,12})?", text.removesuffix(" △"))
    if found is None:
        return None
    value = float(found[2].replace(",", "")) * (-1 if found[1] in ("\u2212", "-") else 1)
    return round(value / 100, 12) if found[3] else value


def _high(texts: list[tuple[str, float]]) -> float:
    """Points of a row in which each text wraps within so many characters. Said, since not every program reckons it."""
    return LINE * max(sum(max(1, -(-_units(part) // int(width * 0.94))) for part in text.split("\n"))
                      for text, width in texts) + 2  # fmt: skip


def _formula(block: Grid, at: int, place: int, *, is_total: bool) -> str:
    """The live formula of a cell, empty where it has none or would not give what is printed."""
    rule = next((one for one in block.rules if one.column == place), None)
    if rule is None:
        return ""
    rows = block.table.rows
    here = FIRST + at + 1
    if rule.kind == "sum":
        if not is_total or not _adds_up(block, rule, at):
            return ""
        letter = _letter(place)
        return f"=SUM({letter}{FIRST + 1}:{letter}{FIRST + len(rows) - 1})"
    over, under = rows[at][rule.over].value, rows[at][rule.under].value
    if rule.kind == "ratio":
        if not isinstance(over, (int, float)) or not isinstance(under, (int, float)) or not under:
            return ""
        printed = rows[at][place].value
        if not isinstance(printed, (int, float)) or abs(over / under - printed) > 1e-9 * max(1.0, abs(printed)):
            return ""
        return f"={_letter(rule.over)}{here}/{_letter(rule.under)}{here}"
    whole = rows[-1][rule.under].value
    if not isinstance(over, (int, float)) or not isinstance(whole, (int, float)) or not whole:
        return ""
    return f"={_letter(rule.over)}{here}/{_letter(rule.under)}${FIRST + len(rows)}"


def _adds_up(block: Grid, rule: Rule, at: int) -> bool:
    """Whether the rows above are all there: where some are kept back, a sum would be wrong."""
    values = [row[rule.column].value for row in block.table.rows[:at]]
    total = block.table.rows[at][rule.column].value
    known = [one for one in values if isinstance(one, (int, float))]
    return isinstance(total, (int, float)) and abs(sum(known) - total) <= TOLERANCE * max(1.0, abs(total) * 1e-6)


def _shown(fmt: Format, cell: Cell) -> str:
    """The number format of a column; where the column is text, that of the cell's own text (82.7%, 43.5 小时)."""
    if fmt != "text":
        return SHOWN[fmt] + ('" △"' if "△" in cell.text else "")
    found = re.search(r"\d[\d,]*(?:\.(\d+))?(.*)", cell.text)
    if found is None:
        return "General"
    decimals = "." + "0" * len(found[1]) if found[1] else ""
    sign = "+" if cell.text.startswith("+") else ""
    unit = found[2]
    if unit.startswith("%"):
        return f"0{decimals}%"
    plain = f'#,##0{decimals}"{unit}"' if unit else f"#,##0{decimals}"
    return f"{sign}{plain};\u2212{plain}" if cell.text[:1] in "+\u2212" else plain


def _pairs(book: Any, name: str, report: Report, style: _Styles) -> None:
    sheet = book.add_worksheet(name)
    for place, (key, width) in enumerate((("term_head", 24), ("text_head", 80))):
        sheet.write_string(0, place, say(f"report.{key}", report.lang), style.of("head", bottom=1))
        sheet.set_column(place, place, width)
    for row, one in enumerate(report.definitions, 1):
        _string(sheet, row, 0, one.term, style.of("cell", text_wrap=True), style)
        _string(sheet, row, 1, one.text, style.of("cell", text_wrap=True), style)
        sheet.set_row(row, _high([(one.term, 24), (one.text, 80)]))
    sheet.freeze_panes(1, 0)
    _printed(sheet, len(report.definitions), 1, report)


def _lineage(book: Any, report: Report, style: _Styles) -> None:
    sheet = book.add_worksheet(say("report.sheet_lineage", report.lang))
    widths = (44, 60, 24, 36)
    for place, (key, width) in enumerate(
        zip(("code_head", "title_head", "period_head", "source_head"), widths, strict=True)
    ):
        sheet.write_string(0, place, say(f"report.{key}", report.lang), style.of("head", bottom=1))
        sheet.set_column(place, place, width)
    for row, one in enumerate(report.lineage, 1):
        texts = (one.code, one.title, one.period, one.source)
        sheet.set_row(row, _high(list(zip(texts, widths, strict=True))))
        for place, text in enumerate(texts):
            _string(sheet, row, place, text, style.of("cell", text_wrap=True), style)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    _printed(sheet, len(report.lineage), 3, report)


def _printed(sheet: Any, last: int, columns: int, report: Report) -> None:
    sheet.set_paper(9)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, max(last, 1), columns)
    sheet.set_footer(f"&L{clean(report.title)[:80].replace('&', '&&')}&R&P / &N")


def _string(sheet: Any, row: int, column: int, text: str, form: Any, style: _Styles) -> None:
    shown = clean(text)
    if shown.startswith(RISKY):
        form = style.of("quoted", quote_prefix=True, text_wrap=True)
    sheet.write_string(row, column, shown, form)


def _letter(column: int) -> str:
    return chr(ord("A") + column)


def _units(text: str) -> int:
    return sum(2 if ord(one) > 0x2E80 else 1 for one in text)
