"""Writes pages as the files that offices send, to the same bytes every time: no clock, no compression, fixed dates."""

from __future__ import annotations

import csv
import html
import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

import xlsxwriter
import xlwt  # type: ignore[import-untyped]
from odf.element import Element  # type: ignore[import-untyped]
from odf.opendocument import OpenDocumentSpreadsheet  # type: ignore[import-untyped]
from odf.table import CoveredTableCell, Table, TableCell, TableRow  # type: ignore[import-untyped]
from odf.text import P  # type: ignore[import-untyped]

from pipelines.handouts.demo.page import Cell, Page, Percent
from pipelines.handouts.demo.world import FICTION

_ZIP_DATE: Final = (1980, 1, 1, 0, 0, 0)


def xlsx(pages: Sequence[Page], modified: datetime) -> bytes:
    """An Excel workbook whose own modified date is `modified`."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": modified, "comments": FICTION})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    time = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    rate = book.add_format({"num_format": "0.0%"})
    for page in pages:
        sheet = book.add_worksheet(page.name)
        if page.hidden:
            sheet.hide()
        for top, left, bottom, right in page.merges:
            sheet.merge_range(top, left, bottom, right, "")
        for (row, column), value in page.cells.items():
            match value:
                case Percent():
                    sheet.write_number(row, column, value.value, rate)
                case datetime():
                    sheet.write_datetime(row, column, value, time)
                case date():
                    sheet.write_datetime(row, column, value, day)
                case str():
                    sheet.write_string(row, column, value)
                case int() | float():
                    sheet.write_number(row, column, value)
        for row in page.hidden_rows:
            sheet.set_row(row, None, None, {"hidden": True})
    book.close()
    return repack(out.getvalue())


def xls(pages: Sequence[Page]) -> bytes:
    """An Excel 97 workbook."""
    book = xlwt.Workbook(encoding="utf-8")
    styles = {
        Percent: xlwt.easyxf(num_format_str="0.0%"),
        datetime: xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm"),
        date: xlwt.easyxf(num_format_str="yyyy-mm-dd"),
    }
    plain = xlwt.XFStyle()
    for page in pages:
        sheet = book.add_sheet(page.name)
        spans = {(top, left): (bottom, right) for top, left, bottom, right in page.merges}
        for (row, column), value in sorted(page.cells.items(), key=lambda each: each[0]):
            style = styles.get(type(value), plain)
            shown = value.value if isinstance(value, Percent) else value
            if (row, column) in spans:
                bottom, right = spans[row, column]
                sheet.write_merge(row, bottom, column, right, shown, style)
            else:
                sheet.write(row, column, shown, style)
        for row in sorted(page.hidden_rows):
            sheet.row(row).hidden = True
        if page.hidden:
            sheet.visibility = 1
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _ods_cell(value: Cell, span: dict[str, int]) -> Element:
    match value:
        case None:
            return TableCell(**span)
        case Percent():
            cell = TableCell(valuetype="percentage", value=repr(value.value), **span)
            cell.addElement(P(text=f"{value.value:.1%}"))
        case date():
            written = value.isoformat()
            cell = TableCell(valuetype="date", datevalue=written, **span)
            cell.addElement(P(text=written.replace("T", " ")))
        case str():
            cell = TableCell(valuetype="string", **span)
            for text in value.split("\n"):
                cell.addElement(P(text=text))
        case _:
            cell = TableCell(valuetype="float", value=repr(value), **span)
            cell.addElement(P(text=str(value)))
    return cell


def ods(pages: Sequence[Page]) -> bytes:
    """An OpenDocument spreadsheet; the same bytes whatever the process has read or written before."""
    Element.namespaces = {}  # odfpy keeps one list for the whole process and declares all that it ever met
    book = OpenDocumentSpreadsheet()
    for page in pages:
        table = Table(name=page.name)
        spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in page.merges}
        covered = {
            (row, column)
            for top, left, bottom, right in page.merges
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        } - set(spans)
        for row, values in enumerate(page.grid()):
            line = TableRow(visibility="collapse") if row in page.hidden_rows else TableRow()
            for column, value in enumerate(values):
                if (row, column) in covered:
                    line.addElement(CoveredTableCell())
                    continue
                down, across = spans.get((row, column), (1, 1))
                span = {"numberrowsspanned": down, "numbercolumnsspanned": across} if down * across > 1 else {}
                line.addElement(_ods_cell(value, span))
            table.addElement(line)
        book.spreadsheet.addElement(table)
    out = io.BytesIO()
    book.write(out)
    return repack(out.getvalue(), dropping=("meta.xml",))


def _text(value: Cell) -> str:
    match value:
        case None:
            return ""
        case Percent():
            return f"{value.value:.1%}"
        case datetime():
            return value.strftime("%Y-%m-%d %H:%M:%S")
        case float():
            return f"{value:.2f}" if round(value, 2) == value else repr(value)
        case _:
            return str(value)


def delimited(page: Page, *, encoding: str, delimiter: str = ",") -> bytes:
    """A text table in that encoding (`utf-8`, `utf-8-sig`, `gb18030`)."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    for row in page.grid():
        writer.writerow([_text(value) for value in row])
    return out.getvalue().encode(encoding)


def web_table(page: Page) -> bytes:
    """A page of HTML with one table, as many systems "export to Excel": named .xls all the same."""
    spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in page.merges}
    covered = {
        (row, column)
        for top, left, bottom, right in page.merges
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    } - set(spans)
    rows: list[str] = []
    for row, values in enumerate(page.grid()):
        cells: list[str] = []
        for column, value in enumerate(values):
            if (row, column) in covered:
                continue
            down, across = spans.get((row, column), (1, 1))
            span = (f' rowspan="{down}"' if down > 1 else "") + (f' colspan="{across}"' if across > 1 else "")
            cells.append(f"<td{span}>{html.escape(_text(value)).replace(chr(10), '<br>')}</td>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    head = f'<head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><title>{page.name}</title></head>'
    return f"<html>{head}<body><table border=1>\n{chr(10).join(rows)}\n</table></body></html>\n".encode()


def packed(members: Sequence[tuple[str, bytes]]) -> bytes:
    """A zip with these members in this order, uncompressed and dated 1980: the same bytes on every machine."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as made:
        for name, content in members:
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.create_system = 3
            entry.external_attr = 0o600 << 16
            made.writestr(entry, content)
    return out.getvalue()


def repack(zipped: bytes, dropping: tuple[str, ...] = ()) -> bytes:
    """The same zip without its clock and without compression; `dropping` empties members that hold dates."""
    with zipfile.ZipFile(io.BytesIO(zipped)) as read:
        members = [(name, _EMPTY_META if name in dropping else read.read(name)) for name in read.namelist()]
    return packed(members)


_EMPTY_META: Final = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-meta '
    b'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.2"><office:meta/>'
    b"</office:document-meta>"
)
