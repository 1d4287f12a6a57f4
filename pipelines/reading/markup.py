"""Read web pages and 2003 XML spreadsheets that are sent as .xls: tables with spans become addressed cells."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree, html

from pipelines.findings import address
from pipelines.reading import limits
from pipelines.reading.archive import damaged, entities, parse
from pipelines.reading.delimited import decode
from pipelines.reading.grid import cells_of_rows, merges_within, plain_number
from pipelines.reading.number_formats import is_percent, iso_date, modified_date
from pipelines.reading.sheets import Merge, Sheet, Unreadable, Workbook

SPREADSHEET: Final = "{urn:schemas-microsoft-com:office:spreadsheet}"
OFFICE: Final = "{urn:schemas-microsoft-com:office:office}"
EXCEL: Final = "{urn:schemas-microsoft-com:office:excel}"

MARKUP_START: Final = re.compile(
    rb"\s*(?:<\?xml|<\?mso|<!doctype\s+html|<html|<head|<body|<table|<meta|<style|<!--|<div|<center|<(?:\w+:)?workbook)",
    re.IGNORECASE,
)
MHTML_START: Final = re.compile(rb"\s*(?:mime-version:|from:[^\n]*\n|content-type:\s*multipart/related)", re.IGNORECASE)
CHARSET: Final = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
BLOCKS: Final = frozenset(
    {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "center", "caption", "blockquote", "pre"}
)
SILENT: Final = frozenset({"script", "style", "head", "title", "select", "noscript", "xml", "meta", "link"})


@dataclass
class _Grid:
    """Rows being filled from left to right, around what spans down from above."""

    sheet: str
    rows: list[list[str | None]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    taken: dict[int, set[int]] = field(default_factory=dict)
    width: int = 0

    def put(self, row: int, column: int, value: str | None, across: int = 1, down: int = 1) -> None:
        """Set a cell (counted from 0) that spans `across` columns and `down` rows."""
        last_row, last_column = row + down, column + across
        if across > 1 or down > 1:
            self.merges.append(Merge(row, column, last_row - 1, last_column - 1))
        if value is None or not value.strip():
            return
        self.width = max(self.width, column + 1)
        limits.check_box(self.sheet, row + 1, self.width, address(row + 1, column))
        while len(self.rows) <= row:
            self.rows.append([])
        cells = self.rows[row]
        cells += [None] * (column + 1 - len(cells))
        cells[column] = value


def is_markup(data: bytes) -> bool:
    """Whether the bytes begin like a web page, a single-file web page or an XML document."""
    start = data[:2048]
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if start.startswith(mark):
            start = start[len(mark) :].decode(encoding, errors="replace").encode()
    if MHTML_START.match(start):
        return b"multipart/related" in start.lower() or b"text/html" in start.lower()
    return MARKUP_START.match(start) is not None


def read_markup(data: bytes) -> Workbook:
    """The workbook in a web page, a single-file web page or a 2003 XML spreadsheet. Raises `Unreadable`."""
    if len(data) > limits.MARKUP_BYTES:
        limit = limits.MARKUP_BYTES // 1024 // 1024
        raise Unreadable(
            f"文件是网页或 XML 格式，超过上限 {limit} MB。请在 WPS 或 Excel 中另存为 .xlsx 后重发。",
            f"The file is a web page or XML over the limit of {limit} MB. Save it as .xlsx in WPS or Excel and resend.",
        )
    if MHTML_START.match(data[:2048]):
        return _read_mhtml(data)
    text = _decoded(data)
    if re.search(r"<(?:\w+:)?workbook[\s>]", text[:4096], re.IGNORECASE) and "office:spreadsheet" in text[:8192]:
        return _read_spreadsheet_xml(text)
    sheets = _html_sheets(text)
    if not sheets:
        raise Unreadable(
            "文件其实是网页或 XML，里面没有表格（有时是导出系统的登录页或报错页）。请重新导出，或另存为 .xlsx 后重发。",
            "The file is a web page or XML without a table in it (sometimes a log-in or error page of the exporting "
            "system). Export it again, or save it as .xlsx and resend.",
        )
    return Workbook("html", sheets)


def _decoded(data: bytes) -> str:
    """The text, in the encoding that it declares where that fits, else the one that fits."""
    if declared := CHARSET.search(data[:2048]):
        name = declared[1].decode("ascii").lower()
        try:
            return data.decode("gb18030" if name in ("gb2312", "gbk", "x-gbk") else name).removeprefix("\ufeff")
        except (LookupError, UnicodeError):
            pass
    return decode(data)


def _read_mhtml(data: bytes) -> Workbook:
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    sheets: list[Sheet] = []
    for part in message.walk():
        if part.get_content_type() != "text/html":
            continue
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            sheets += _html_sheets(_decoded(payload))
            limits.check_sheet_count(len(sheets))
    if not sheets:
        raise Unreadable(
            "文件其实是单个文件网页（MHTML），里面没有表格。请在 WPS 或 Excel 中另存为 .xlsx 后重发。",
            "The file is a single-file web page (MHTML) without a table in it. Save it as .xlsx and resend.",
        )
    return Workbook("html", tuple(sheets))


def _html_sheets(text: str) -> tuple[Sheet, ...]:
    """The page as one sheet, as the spreadsheet programs open it; none where it has no table."""
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ()
    if root.find(".//table") is None:
        return ()
    grid = _Grid("")
    row = 0
    for element in _lines(root):
        if isinstance(element, str):
            grid.put(row, 0, element)
            row += 1
        else:
            row = _html_table(element, grid, row)
    cells = cells_of_rows(grid.rows)
    return (Sheet(_html_sheet_name(text), cells, merges_within(grid.merges, cells)),)


def _html_sheet_name(text: str) -> str:
    found = re.search(r"<x:Name>([^<]*)</x:Name>", text)
    return found[1].strip() if found else ""


def _lines(element: etree._Element) -> Iterator[str | etree._Element]:
    """The lines of text outside tables and the outermost tables, in their order."""
    words: list[str] = []

    def flush() -> Iterator[str]:
        line = " ".join("".join(words).split())
        words.clear()
        if line:
            yield line

    walk = etree.iterwalk(element, events=("start", "end"))
    for event, node in walk:
        if event == "end":
            if node.tag in BLOCKS:
                yield from flush()
            if node is not element:
                words.append(node.tail or "")
        elif node.tag == "table":
            yield from flush()
            yield node
            walk.skip_subtree()
        elif node.tag in SILENT:
            walk.skip_subtree()
        else:
            if node.tag in BLOCKS or node.tag in ("br", "hr"):
                yield from flush()
            words.append(node.text or "")
    yield from flush()


def _html_table(table: etree._Element, grid: _Grid, top: int) -> int:
    """Put a table into the grid from row `top` on; gives the row after it."""
    row = top
    busy: dict[int, int] = {}
    for line in table.iter("tr"):
        if next(line.iterancestors("table")) is not table:
            continue
        column = 0
        for cell in line.iterchildren("td", "th"):
            while busy.get(column, 0) > row:
                column += 1
            across, down = _span(cell.get("colspan")), _span(cell.get("rowspan"))
            grid.put(row, column, _html_text(cell), across, down)
            for covered in range(column, min(column + across, limits.COLUMNS)):
                busy[covered] = row + down
            column += across
        row += 1
    return row


def _span(text: str | None) -> int:
    found = re.match(r"\s*(\d{1,7})", text or "")
    return min(max(int(found[1]), 1), limits.ROWS) if found else 1


def _html_text(cell: etree._Element) -> str:
    """The text of a cell: white space as a browser shows it, line breaks and paragraphs kept."""
    lines = [""]

    def walk(element: etree._Element) -> None:
        if element.tag in SILENT:
            return
        if element.tag == "br" or (element.tag in BLOCKS and lines[-1].strip()):
            lines.append("")
        lines[-1] += element.text or ""
        for child in element:
            walk(child)
            if child.tag in BLOCKS and lines[-1].strip():
                lines.append("")
            lines[-1] += child.tail or ""

    walk(cell)
    return "\n".join(re.sub(r"[ \t\r\n\f]+", " ", line).strip(" ") for line in lines).strip("\n")


def _read_spreadsheet_xml(text: str) -> Workbook:
    if re.search(r"<!(?:DOCTYPE|ENTITY)", text):
        raise entities()
    root = parse(re.sub(r"^\s*<\?xml[^>]*\?>", "", text).encode())
    percents = {
        style.get(f"{SPREADSHEET}ID") or ""
        for style in root.iter(f"{SPREADSHEET}Style")
        for shown in style.iter(f"{SPREADSHEET}NumberFormat")
        if is_percent(shown.get(f"{SPREADSHEET}Format") or "") or shown.get(f"{SPREADSHEET}Format") == "Percent"
    }
    sheets = [_xml_sheet(sheet, percents) for sheet in root.iter(f"{SPREADSHEET}Worksheet")]
    limits.check_sheet_count(len(sheets))
    saved = next((e.text for name in ("LastSaved", "Created") for e in root.iter(f"{OFFICE}{name}")), None)
    modified = modified_date(saved)
    return Workbook("xml", tuple(sheets), modified)


def _xml_sheet(sheet: etree._Element, percent_styles: set[str]) -> Sheet:
    name = sheet.get(f"{SPREADSHEET}Name") or ""
    grid = _Grid(name)
    errors: dict[tuple[int, int], str] = {}
    uncached: set[tuple[int, int]] = set()
    percents: set[tuple[int, int]] = set()
    busy: dict[int, int] = {}
    row = -1
    for line in sheet.iter(f"{SPREADSHEET}Row"):
        row = _place(line, row + 1)
        column = -1
        for cell in line.iterchildren(f"{SPREADSHEET}Cell"):
            start = column + 1
            while busy.get(start, -1) >= row:
                start += 1
            column = _place(cell, start)
            across, down = _more(cell, "MergeAcross"), _more(cell, "MergeDown")
            data = cell.find(f"{SPREADSHEET}Data")
            kind = data.get(f"{SPREADSHEET}Type") if data is not None else None
            value = "".join(data.itertext()) if data is not None else None
            if kind == "Error":
                errors[row, column] = (value or "#VALUE!").strip()
                value = None
            elif kind == "Number" and value:
                value = plain_number(value.strip())
                if (cell.get(f"{SPREADSHEET}StyleID") or "") in percent_styles:
                    percents.add((row, column))
            elif kind == "DateTime" and value:
                value = iso_date(value) or value
            elif kind == "Boolean" and value:
                value = "true" if value.strip() == "1" else "false"
            elif data is None and cell.get(f"{SPREADSHEET}Formula") is not None:
                uncached.add((row, column))
            grid.put(row, column, value, across + 1, down + 1)
            for covered in range(column, min(column + across + 1, limits.COLUMNS)):
                busy[covered] = row + down
            column += across
        row += _more(line, "Span")
    cells = cells_of_rows(grid.rows)
    hidden = any(
        (e.text or "").startswith("SheetHidden") or (e.text or "") == "SheetVeryHidden"
        for e in sheet.iter(f"{EXCEL}Visible")
    )
    return Sheet(
        name, cells, merges_within(grid.merges, cells), errors, frozenset(uncached), frozenset(percents), hidden
    )


def _place(element: etree._Element, otherwise: int) -> int:
    """Where a row or cell stands, from 0: by its index where it has one."""
    text = element.get(f"{SPREADSHEET}Index") or ""
    if not text.isdigit():
        return otherwise
    if not 0 < int(text[:9]) <= limits.ROWS:
        raise damaged()
    return int(text[:9]) - 1


def _more(element: etree._Element, name: str) -> int:
    text = element.get(f"{SPREADSHEET}{name}") or ""
    return min(int(text[:9]), limits.ROWS) if text.isdigit() else 0
