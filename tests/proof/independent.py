"""Which rows of a spreadsheet hold something, counted without any code of ours.

openpyxl reads .xlsx, xlrd .xls, the standard library .ods (as XML), text and web pages. A row holds something when one
of its cells does. A cell does when, stripped of white space (as Unicode defines it, and NUL), something is left; an
error cell does; a formula without a stored result does; a formula whose stored result is an empty text does not; of a
merged range only the first cell counts. Rows are numbered from 1 as the spreadsheet programs number them: of a text,
records are rows (a record may run over several lines) and a first line `sep=;` is none; of a web page, a line of text
outside the tables is a row.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import xlrd

Rows = list[tuple[str, int]]
"""(sheet, row), in order; a sheet without a name is ''."""

WHITE = "\t\n\x0b\x0c\r \x00\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
ODS = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
ANNOTATION = f"{OFFICE}annotation"
XML2003 = "{urn:schemas-microsoft-com:office:spreadsheet}"
ROWS_AT_MOST = 1_048_576


class CannotTellError(Exception):
    """This reader can't read the file, or can't say which rows it has."""


def rows_of(path: Path) -> Rows:
    """The rows that hold something. Raises CannotTellError, and nothing else."""
    try:
        return list(_rows(path.read_bytes()))
    except Exception as fault:
        raise CannotTellError(f"{type(fault).__name__}: {fault}") from fault


def _rows(data: bytes) -> Iterator[tuple[str, int]]:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return _xls(data)
    if data.startswith(b"PK"):
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
        return _ods(data) if "content.xml" in names else _xlsx(data)
    text = _decoded(data)
    if text.lstrip().startswith("<"):
        return _xml_2003(text) if "office:spreadsheet" in text[:4096] else _html(text)
    return _csv(text)


def holds(value: object) -> bool:
    """Whether a value is more than white space."""
    if isinstance(value, str):
        return bool(ESCAPE.sub(lambda found: chr(int(found[1], 16)), value).strip(WHITE))
    return value is not None


def _xlsx(data: bytes) -> Iterator[tuple[str, int]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
        formulas = openpyxl.load_workbook(io.BytesIO(data)) if _has_formulas(data) else None
    for index, sheet in enumerate(book.worksheets):
        held = {cell.row for cell in sheet._cells.values() if holds(cell.value)}
        if formulas is not None:
            for cell in formulas.worksheets[index]._cells.values():
                # openpyxl keeps the type of a cell as stored where the result is empty: `str` is an empty text.
                if cell.data_type == "f" and cell.row not in held:
                    result = sheet._cells[cell.row, cell.column]
                    if result.value is None and result.data_type != "str":
                        held.add(cell.row)
        yield from ((sheet.title, row) for row in sorted(held))


def _has_formulas(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return any(b"<f" in parts.read(name) for name in parts.namelist() if "worksheets/" in name)


def _xls(data: bytes) -> Iterator[tuple[str, int]]:
    book = xlrd.open_workbook(file_contents=data, logfile=io.StringIO())
    empty = (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK)
    for sheet in book.sheets():
        for row in range(sheet.nrows):
            if any(cell.ctype not in empty and holds(cell.value) for cell in sheet.row(row)):
                yield sheet.name, row + 1


def _ods(data: bytes) -> Iterator[tuple[str, int]]:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        root = ElementTree.fromstring(parts.read("content.xml"))
    for table in root.iterfind(f".//{OFFICE}spreadsheet/{ODS}table"):
        row = 1
        for line in table.iter(f"{ODS}table-row"):
            count = int(line.get(f"{ODS}number-rows-repeated") or 1)
            if any(_ods_holds(cell) for cell in line.iterfind(f"{ODS}table-cell")):
                if row + count > ROWS_AT_MOST:
                    raise CannotTellError("too long")
                yield from ((table.get(f"{ODS}name") or "", row + i) for i in range(count))
            row += count


def _ods_holds(cell: ElementTree.Element) -> bool:
    kind = cell.get(f"{OFFICE}value-type")
    if kind not in (None, "string"):
        return True
    if kind is None and cell.get(f"{ODS}formula") is not None and not len(cell):
        return True
    text = "".join("".join(_shown(line)) for line in cell if line.tag in (f"{TEXT}p", f"{TEXT}h"))
    return holds(text) or holds(cell.get(f"{OFFICE}string-value"))


def _shown(element: ElementTree.Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag != ANNOTATION:
            yield from _shown(child)
        yield child.tail or ""


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16")
    raise CannotTellError("neither UTF-8 nor GB18030")


def _csv(text: str) -> Iterator[tuple[str, int]]:
    text = text.replace("\x00", "").removesuffix("\x1a")
    if stated := re.match(r"sep=(.)\r?\n", text, re.IGNORECASE):
        text, delimiter = text[stated.end() :], stated[1]
    else:
        delimiter = max(",;\t", key=lambda one: sum(one in line for line in text.splitlines()))
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as fault:
        if "unexpected end" not in str(fault):
            raise
        # A quotation mark that nothing closes: lines are records.
        records = [re.split(f'[{delimiter}"]', line) for line in re.split(r"\r\n|\r|\n", text)]
    for number, record in enumerate(records, 1):
        if any(holds(re.sub(r'^="([^"]*)"$', r"\1", value)) for value in record):
            yield "", number


def _xml_2003(text: str) -> Iterator[tuple[str, int]]:
    root = ElementTree.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    for sheet in root.iter(f"{XML2003}Worksheet"):
        row = 0
        for line in sheet.iter(f"{XML2003}Row"):
            row = int(line.get(f"{XML2003}Index") or row + 1)
            for cell in line.iterfind(f"{XML2003}Cell"):
                data = cell.find(f"{XML2003}Data")
                formula = cell.get(f"{XML2003}Formula") is not None
                if holds("".join(data.itertext())) if data is not None else formula:
                    yield sheet.get(f"{XML2003}Name") or "", row
                    break
            row += int(line.get(f"{XML2003}Span") or 0)


class _Page(HTMLParser):
    """The rows of a web page: of its tables, and lines of text outside them; a cell that spans rows is in its first."""

    BREAKS = frozenset({"br", "hr", "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "center", "caption", "pre"})
    SILENT = frozenset({"head", "script", "style", "title", "select", "noscript", "xml"})

    def __init__(self) -> None:
        super().__init__()
        self.row = 0
        self.held: list[int] = []
        self.depth = 0
        self.silent = 0
        self.words: list[str] = []
        self.in_row = False

    def handle_starttag(self, tag: str, attributes: object) -> None:
        if tag in self.SILENT:
            self.silent += 1
        elif tag == "table":
            self.end_line()
            self.depth += 1
            if self.depth > 1:
                raise CannotTellError("a table within a table")
        elif tag == "tr":
            self.end_row()
            self.row += 1
            self.in_row = True
        elif tag in self.BREAKS and not self.depth:
            self.end_line()

    def handle_endtag(self, tag: str) -> None:
        if tag in self.SILENT:
            self.silent -= 1
        elif tag == "table":
            self.end_row()
            self.depth -= 1
        elif tag == "tr":
            self.end_row()
        elif tag in self.BREAKS and not self.depth:
            self.end_line()

    def handle_data(self, data: str) -> None:
        if self.silent:
            return
        if self.depth and not self.in_row and holds(data):
            raise CannotTellError("text in a table, but in none of its rows, which programs put before or after it")
        self.words.append(data)

    def end_row(self) -> None:
        if self.in_row and holds("".join(self.words)):
            self.held.append(self.row)
        self.in_row = False
        self.words.clear()

    def end_line(self) -> None:
        if not self.depth and holds("".join(self.words)):
            self.row += 1
            self.held.append(self.row)
        self.words.clear()


def _html(text: str) -> Iterator[tuple[str, int]]:
    page = _Page()
    page.feed(text)
    page.close()
    page.end_row()
    page.end_line()
    if "<table" not in text.lower():
        raise CannotTellError("no table")
    name = re.search(r"<x:Name>([^<]*)</x:Name>", text)
    for row in page.held:
        yield (name[1].strip() if name else ""), row
