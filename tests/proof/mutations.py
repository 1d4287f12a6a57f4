"""Spreadsheets as careless hands, other programs and bad lines would have changed them: each from a seed alone.

A case takes one real file (all in turn), changes its cells, rows, columns or sheets, and writes it in its own format or
another; or it damages the bytes of the file, or of a part inside it. Personal data is planted in some. Spreadsheet
programs clear what a merged range covers, and so do we. Written with other libraries or by hand, no code of ours.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import openpyxl
import openpyxl.styles
import xlrd
import xlsxwriter
import xlwt
from independent import ODS, OFFICE, TEXT

PHONE = "13800000000"
IDENTITY = "11010519491231002X"
ENDINGS = (".xlsx", ".xls", ".ods", ".csv")
DATE = "yyyy-mm-dd"
ERRORS = {"#DIV/0!": 7, "#REF!": 23, "#N/A": 42, "#VALUE!": 15}
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
EMPTY_RESULT = "\ue001"
FILED = datetime(2025, 7, 1, 9, 0)


class Error(NamedTuple):
    """An error cell."""

    text: str


class Formula(NamedTuple):
    """A formula and its stored result; None where there is none."""

    text: str
    result: float | str | None


class Cell(NamedTuple):
    """A value and its number format."""

    value: object
    shown: str = "General"


Merge = tuple[int, int, int, int]
Place = tuple[int, int]


@dataclass
class Page:
    """A sheet: its cells by (row, column) from 0, its merged ranges (top, left, bottom, right), all inclusive."""

    name: str
    cells: dict[Place, Cell] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    hidden: bool = False
    blank_rows: int = 0

    @property
    def height(self) -> int:
        return max((row for row, _ in self.cells), default=-1) + 1

    @property
    def width(self) -> int:
        return max((column for _, column in self.cells), default=-1) + 1


Book = list[Page]


@dataclass(frozen=True)
class Case:
    """A changed file. `damaged` tells that its bytes were; `vast` that it may be over the limits of a spreadsheet."""

    seed: int
    source: str
    name: str
    data: bytes
    changes: tuple[str, ...]
    damaged: bool
    vast: bool
    planted: bool

    def __str__(self) -> str:
        return f"seed {self.seed}: {self.source} → {self.name}: {', '.join(self.changes)}"


def sources(folders: Sequence[Path]) -> list[Path]:
    """All spreadsheets below the folders, in order; never the log of arrivals."""
    found = [path for folder in folders for path in sorted(folder.rglob("*")) if path.suffix in ENDINGS]
    return [path for path in found if path.name != "arrivals.csv"]


def case_of(seed: int, files: Sequence[Path]) -> Case:
    """The case of a seed; the file is `files[seed % len(files)]`."""
    chance = random.Random(seed)
    path = files[seed % len(files)]
    data, ending = path.read_bytes(), path.suffix
    changes: list[str] = []
    damaged = chance.random() < 0.25
    if not damaged or chance.random() < 0.3:
        book = read_book(data)
        if book is not None:
            for _ in range(chance.randint(1, 4)):
                name = chance.choice(list(CHANGES))
                changes.append(f"{name} {CHANGES[name](book, chance)}".strip())
            ending = ending if chance.random() < 0.6 else chance.choice(ENDINGS)
            data, how = write_book(_settled(book), ending, chance)
            changes.append(f"written as {how}")
        else:
            damaged = True
    if damaged:
        data, how = _damage(data, chance)
        changes.append(how)
    told = " ".join(changes)
    return Case(
        seed,
        path.name,
        f"{seed:05}_{path.stem}{ending}",
        data,
        tuple(changes),
        damaged,
        "far cell" in told or "vast" in told,
        "planted" in told,
    )


# Reading into a book


def read_book(data: bytes) -> Book | None:
    """The cells of a spreadsheet, or None where another library can't read it."""
    try:
        if data.startswith(b"\xd0\xcf"):
            return _book_of_xls(data)
        if data.startswith(b"PK"):
            names = zipfile.ZipFile(io.BytesIO(data)).namelist()
            return _book_of_ods(data) if "content.xml" in names else _book_of_xlsx(data)
        return _book_of_text(data)
    except (zipfile.BadZipFile, KeyError, xlrd.XLRDError):
        return None


def _book_of_xlsx(data: bytes) -> Book:
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    pages = []
    for sheet in book.worksheets:
        page = Page(sheet.title, hidden=sheet.sheet_state != "visible")
        for (row, column), cell in sheet._cells.items():
            if cell.value is not None:
                value = Error(cell.value) if cell.data_type == "e" else cell.value
                page.cells[row - 1, column - 1] = Cell(value, cell.number_format)
        page.merges = [(m.min_row - 1, m.min_col - 1, m.max_row - 1, m.max_col - 1) for m in sheet.merged_cells.ranges]
        pages.append(page)
    return pages


def _book_of_xls(data: bytes) -> Book:
    book = xlrd.open_workbook(file_contents=data, formatting_info=True)
    pages = []
    for sheet in book.sheets():
        page = Page(sheet.name, hidden=bool(sheet.visibility))
        for row in range(sheet.nrows):
            for column, cell in enumerate(sheet.row(row)):
                value: object = cell.value
                if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                    continue
                if cell.ctype == xlrd.XL_CELL_DATE:
                    value = xlrd.xldate_as_datetime(cell.value, book.datemode)
                elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
                    value = bool(cell.value)
                elif cell.ctype == xlrd.XL_CELL_ERROR:
                    value = Error(xlrd.error_text_from_code[cell.value])
                shown = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
                page.cells[row, column] = Cell(value, shown)
        page.merges = [(t, left, b - 1, right - 1) for t, b, left, right in sheet.merged_cells]
        pages.append(page)
    return pages


def _book_of_ods(data: bytes) -> Book:
    root = ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(data)).read("content.xml"))
    pages = []
    for table in root.iterfind(f".//{OFFICE}spreadsheet/{ODS}table"):
        page, row = Page(table.get(f"{ODS}name") or ""), 0
        for line in table.iter(f"{ODS}table-row"):
            column = 0
            for cell in line:
                across = int(cell.get(f"{ODS}number-columns-spanned") or 1)
                down = int(cell.get(f"{ODS}number-rows-spanned") or 1)
                if across > 1 or down > 1:
                    page.merges.append((row, column, row + down - 1, column + across - 1))
                if cell.get(f"{OFFICE}value-type") or len(cell):
                    page.cells[row, column] = _ods_value(cell)
                column += int(cell.get(f"{ODS}number-columns-repeated") or 1)
            row += int(line.get(f"{ODS}number-rows-repeated") or 1)
        pages.append(page)
    return pages


def _ods_value(cell: ElementTree.Element) -> Cell:
    kind = cell.get(f"{OFFICE}value-type")
    if kind in ("float", "currency", "percentage"):
        return Cell(float(cell.get(f"{OFFICE}value") or 0), "0%" if kind == "percentage" else "General")
    if kind == "date":
        return Cell(datetime.fromisoformat(cell.get(f"{OFFICE}date-value") or "2025-01-01"), DATE)
    return Cell("\n".join("".join(p.itertext()) for p in cell.iterfind(f"{TEXT}p")))


def _book_of_text(data: bytes) -> Book:
    import csv
    import html

    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030")
    if text.lstrip().startswith("<"):
        lines = re.findall(r"<tr.*?</tr>", text, re.DOTALL | re.IGNORECASE)
        rows = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", line, re.DOTALL | re.IGNORECASE) for line in lines]
        rows = [[html.unescape(re.sub(r"<[^>]*>", "", cell)) for cell in row] for row in rows]
    else:
        delimiter = max(",;\t", key=lambda one: sum(one in line for line in text.splitlines()))
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    cells = {(r, c): Cell(value) for r, row in enumerate(rows) for c, value in enumerate(row) if value}
    return [Page("Sheet1", cells)]


# Changes of a book


def _page(book: Book, chance: random.Random) -> Page:
    filled = [page for page in book if page.cells]
    return chance.choice(filled or book)


def _place(page: Page, chance: random.Random) -> Place:
    return chance.choice(sorted(page.cells)) if page.cells else (0, 0)


def _swap(book: Book, chance: random.Random) -> str:
    page = _page(book, chance)
    one = _place(page, chance)
    how = chance.choice(("row", "column", "sheet"))
    others = [
        p for p in sorted(page.cells) if how == "sheet" or p[0 if how == "row" else 1] == one[0 if how == "row" else 1]
    ]
    if others:
        other = chance.choice(others)
        page.cells[one], page.cells[other] = page.cells[other], page.cells[one]
    return f"within a {how} at {one}"


def _order_rows(page: Page, order: Sequence[int | None]) -> None:
    """Makes old row `order[i]` row i; None is a blank row. A merged range stays where its rows stay together."""
    places: dict[int, list[int]] = {}
    for new, old in enumerate(order):
        if old is not None:
            places.setdefault(old, []).append(new)
    page.cells = {(new, c): cell for (r, c), cell in page.cells.items() for new in places.get(r, ())}
    moved = []
    for top, left, bottom, right in page.merges:
        for new in places.get(top, ()):
            if list(order[new : new + bottom - top + 1]) == list(range(top, bottom + 1)):
                moved += [(new, left, new + bottom - top, right)]
    page.merges = moved


def _turned(page: Page) -> None:
    page.cells = {(c, r): cell for (r, c), cell in page.cells.items()}
    page.merges = [(left, top, right, bottom) for top, left, bottom, right in page.merges]


def _reorder(order: list[int | None], chance: random.Random) -> str:
    at, to = chance.randrange(len(order)), chance.randrange(len(order))
    how = chance.choice(("duplicated", "blanked", "inserted", "moved", "deleted", "swapped"))
    if how == "duplicated":
        order[at:at] = [order[at]] * chance.choice((1, 1, 1, 3, 40))
    elif how == "blanked":
        order[at] = None
    elif how == "inserted":
        order[at:at] = [None] * chance.choice((1, 1, 2, 15))
    elif how == "moved":
        order.insert(to, order.pop(at))
    elif how == "deleted":
        del order[at]
    else:
        order[at], order[to] = order[to], order[at]
    return f"{how} at {at}"


def _rows(book: Book, chance: random.Random) -> str:
    page = _page(book, chance)
    order: list[int | None] = list(range(max(page.height, 1)))
    told = _reorder(order, chance)
    _order_rows(page, order)
    return told


def _columns(book: Book, chance: random.Random) -> str:
    page = _page(book, chance)
    order: list[int | None] = list(range(max(page.width, 1)))
    told = _reorder(order, chance)
    _turned(page)
    _order_rows(page, order)
    _turned(page)
    return told


def _retyped(value: object, chance: random.Random) -> Cell:
    text = str(value)
    number = float(value) if isinstance(value, int | float) else float(len(text))
    return chance.choice(
        (
            Cell(text),
            Cell(f" {text}　"),
            Cell(f"约{text}元"),
            Cell(number),
            Cell(-number),
            Cell(number * 1e9),
            Cell(number / 100, "0.00%"),
            Cell(datetime(2025, 1 + int(abs(number)) % 12, 3), DATE),
            Cell(chance.random() < 0.5),
            Cell(Error(chance.choice(list(ERRORS)))),
            Cell("   "),
            Cell("\xa0"),
            Cell("—"),
            Cell("45733"),
        )
    )


def _types(book: Book, chance: random.Random) -> str:
    page = _page(book, chance)
    row, column = _place(page, chance)
    reach = chance.choice(("cell", "row", "column"))
    for place in sorted(page.cells):
        if place == (row, column) or (reach == "row" and place[0] == row) or (reach == "column" and place[1] == column):
            page.cells[place] = _retyped(page.cells[place].value, chance)
    return f"of a {reach} at {(row, column)}"


def _only_errors(book: Book, chance: random.Random) -> str:
    page = _page(book, chance)
    row = chance.randrange(page.height + 3)
    odd = chance.choice((Error("#REF!"), Error("#N/A"), Formula("=1+1", None), Formula("=A1&A2", "")))
    kept = {place: cell for place, cell in page.cells.items() if place[0] != row}
    page.cells = kept | {(row, column): Cell(odd) for column in range(chance.randint(1, 5))}
    return f"{odd} in row {row}"


def _headings(book: Book, chance: random.Random) -> str:
    page = _page(book, chance)
    texts = [place for place, cell in sorted(page.cells.items()) if place[0] < 6 and isinstance(cell.value, str)]
    for place in chance.sample(texts, min(len(texts), chance.randint(1, 3))):
        text = str(page.cells[place].value)
        at = chance.randrange(len(text) + 1)
        page.cells[place] = Cell(
            chance.choice(
                (
                    text[:at] + text[at + 1 :],
                    text[:at] + text[at : at + 1] * 2 + text[at + 1 :],
                    text[:at] + " " + text[at:],
                    text[:at] + "\n" + text[at:],
                    " ".join(text),
                    text[::-1],
                    text + "（元）",
                    "",
                )
            )
        )
    return f"{len(texts)} in reach"


def _sheets(book: Book, chance: random.Random) -> str:
    page = _page(book, chance)
    how = chance.choice(("renamed", "duplicated", "emptied", "hidden", "added", "reversed"))
    if how == "renamed":
        page.name = chance.choice(
            ("Sheet1", "附表（二）", "2031年13月", " 空 格 ", "😀", "a" * 31, "合计", "说明", "3月", "x&<y>\"'z")
        )
    elif how == "duplicated":
        book.append(Page(f"{page.name[:20]} (2)", dict(page.cells), list(page.merges), page.hidden))
    elif how == "emptied":
        page.cells, page.merges = {}, []
    elif how == "hidden":
        page.hidden = True
    elif how == "added":
        book.insert(0, Page("封面", {(4, 2): Cell("封面"), (5, 2): Cell("晴朗街道")}))
    else:
        book.reverse()
    return how


def _merges(book: Book, chance: random.Random) -> str:
    page = _page(book, chance)
    if page.merges and chance.random() < 0.5:
        page.merges = [one for one in page.merges if chance.random() < 0.5]
        return "removed"
    row, column = _place(page, chance)
    down, across = chance.choice(((1, 0), (2, 0), (0, 1), (0, 3), (2, 2), (30, 0), (0, 12), (5000, 1)))
    page.merges.insert(0, (row, column, row + down, column + across))
    return f"added at {(row, column)} over {(down, across)}"


def _far(book: Book, chance: random.Random) -> str:
    page = _page(book, chance)
    row = chance.choice((3000, 60_000, 65_535))
    page.cells[row, chance.choice((0, 3, 200))] = Cell(chance.choice(("完", 1, "备注：无")))
    return f"in row {row}"


def _vast(book: Book, chance: random.Random) -> str:
    _page(book, chance).blank_rows = chance.choice((2000, 20_000))
    return "blank formatted rows"


ODD_TEXTS = (
    "长" * 32_000,
    "a,b;c\td" * 50,
    "铃\x07声",
    "断\x0b行",
    "😀👨‍👩‍👧 表情",
    "\u202eمرحبا بالعالم",
    "שלום",
    "零\u200b宽\ufeff",
    "换\r\n行\n\n又行",
    '引"号"""',
    "=1+1",
    "'00123",
    "@SUM(A1)",
    "<b>&amp;</td></tr>",
    "]]>",
    "_x0041_",
    "{{7*7}} ${x} %s %d \\",
    "NaN",
    "1e400",
    "-0",
    "9" * 400,
    "2025-02-30",
    "99999999",
    "2025年13月45日",
    "一亿亿亿元",
    "∞",
    "÷",
    "\u3000",
    "\U00020000𠮷",
)


def _texts(book: Book, chance: random.Random) -> str:
    page = _page(book, chance)
    place, number = _place(page, chance), chance.randrange(len(ODD_TEXTS))
    page.cells[place] = Cell(ODD_TEXTS[number])
    return f"{number} at {place}"


def _formulas(book: Book, chance: random.Random) -> str:
    page = _page(book, chance)
    row, column = _place(page, chance)
    page.cells[row, column] = Cell(
        Formula(chance.choice(("=1+1", "=SUM(A1:A3)", '=IF(A1="","",A1)')), chance.choice((None, 2.0, "", "字", 0.0)))
    )
    return f"at {(row, column)}"


def _plant(book: Book, chance: random.Random) -> str:
    page = _page(book, chance)
    row, column = _place(page, chance)
    text = chance.choice(
        (
            PHONE,
            IDENTITY,
            f"联系电话{PHONE}",
            f"居民来电{PHONE}反映漏水",
            f"身份证号：{IDENTITY}",
            f"电话：{PHONE[:3]} {PHONE[3:7]} {PHONE[7:]}",
        )
    )
    how = chance.choice(("cell", "heading", "title", "note", "appended"))
    if how == "heading":
        row = min(row, 3)
    elif how == "title":
        _order_rows(page, [None, *range(page.height)])
        row, column = 0, 0
    elif how == "note":
        row, column = page.height + 1, 0
    elif how == "appended" and (row, column) in page.cells:
        text = f"{page.cells[row, column].value} {text}"
    page.cells[row, column] = Cell(text)
    return f"{text!r} as {how} at {(row, column)}"


CHANGES: dict[str, Callable[[Book, random.Random], str]] = {
    "cells swapped": _swap,
    "row": _rows,
    "rows": _rows,
    "column": _columns,
    "types": _types,
    "nothing but": _only_errors,
    "headings": _headings,
    "sheet": _sheets,
    "merge": _merges,
    "far cell": _far,
    "vast": _vast,
    "odd text": _texts,
    "formula": _formulas,
    "planted": _plant,
}


# Writing a book


def _settled(book: Book) -> Book:
    """Merged ranges apart from each other, what they cover cleared, sheets with names that all programs take."""
    names: set[str] = set()
    for number, page in enumerate(book or [Page("Sheet1")]):
        name = re.sub(r"[\[\]:*?/\\]", "", page.name).strip("'")[:28] or "Sheet"
        page.name = name if name.lower() not in names else f"{name[:24]}~{number}"
        names.add(page.name.lower())
        kept: list[Merge] = []
        for one in page.merges:
            if one[:2] != one[2:] and not any(_meet(one, other) for other in kept):
                kept.append(one)
        page.merges = kept
        for top, left, bottom, right in kept:
            for place in [p for p in page.cells if top <= p[0] <= bottom and left <= p[1] <= right]:
                if place != (top, left):
                    del page.cells[place]
    return book or [Page("Sheet1")]


def _meet(one: Merge, other: Merge) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def write_book(book: Book, ending: str, chance: random.Random) -> tuple[bytes, str]:
    """The bytes of a file with this ending, and what they are."""
    if ending == ".ods":
        return _as_ods(book), "ods"
    if ending == ".csv":
        return _as_csv(book[0], chance)
    if ending == ".xlsx":
        return (_as_xlsx(book), "xlsx") if chance.random() < 0.6 else (_as_xlsx_uncached(book), "xlsx, uncached")
    kind = chance.random()
    if kind < 0.15:
        return _as_html(book[0]), "html"
    if kind < 0.3:
        return _as_xml(book), "xml"
    if kind < 0.4 or any(page.width > 250 or page.height > 65_000 for page in book):
        return _as_xlsx(book), "xlsx"
    return _as_xls(book), "xls"


def _as_xlsx(book: Book) -> bytes:
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    writer = xlsxwriter.Workbook(out, options)
    writer.set_properties({"created": FILED})
    formats: dict[str, object] = {}
    for page in book:
        sheet = writer.add_worksheet(page.name)
        for top, left, bottom, right in page.merges:
            sheet.merge_range(top, left, bottom, right, "")
        for (row, column), (value, shown) in sorted(page.cells.items()):
            style = formats.setdefault(shown, writer.add_format({"num_format": shown}))
            if isinstance(value, Error):
                sheet.write_formula(row, column, "=1/0", style, value.text)
            elif isinstance(value, Formula):
                result = EMPTY_RESULT if value.result == "" else value.result or 0
                sheet.write_formula(row, column, value.text, style, result)
            elif isinstance(value, datetime):
                sheet.write_datetime(row, column, value, style)
            elif isinstance(value, bool):
                sheet.write_boolean(row, column, value, style)
            elif isinstance(value, int | float):
                sheet.write_number(row, column, value, style)
            else:
                sheet.write_string(row, column, str(value), style)
        border = writer.add_format({"border": 1})
        for row in range(page.height, page.height + page.blank_rows):
            sheet.write_blank(row, 0, None, border)
        if page.hidden and len(book) > 1 and page is not book[0]:
            sheet.hide()
    writer.close()
    return with_empty_results(out.getvalue())


def with_empty_results(data: bytes) -> bytes:
    """The .xlsx with an empty text as the result of the formulas whose result is `EMPTY_RESULT`.

    XlsxWriter takes an empty text for no result.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        parts = [(name, source.read(name)) for name in source.namelist()]
    if not any(EMPTY_RESULT.encode() in content for _, content in parts):
        return data
    return _zipped([(name, content.replace(EMPTY_RESULT.encode(), b"")) for name, content in parts])


def _as_xlsx_uncached(book: Book) -> bytes:
    """By a program that stores no results of formulas."""
    writer = openpyxl.Workbook()
    writer.remove(writer.active)
    border = openpyxl.styles.Border(top=openpyxl.styles.Side("thin"))
    for page in book:
        sheet = writer.create_sheet(page.name)
        for (row, column), (value, shown) in page.cells.items():
            cell = sheet.cell(row + 1, column + 1)
            if isinstance(value, Error):
                cell.value, cell.data_type = value.text, "e"
            elif isinstance(value, Formula):
                cell.value = value.text
            elif isinstance(value, bool | int | float | datetime):
                cell.value = value
                cell.number_format = shown
            else:
                cell.value = ILLEGAL.sub("", str(value))
                cell.data_type = "s"
        for top, left, bottom, right in page.merges:
            sheet.merge_cells(None, top + 1, left + 1, bottom + 1, right + 1)
        height = page.height
        for row in range(height, height + min(page.blank_rows, 2000)):
            sheet.cell(row + 1, 1).border = border
        if page.hidden and len(book) > 1 and page is not book[0]:
            sheet.sheet_state = "hidden"
    out = io.BytesIO()
    writer.save(out)
    return out.getvalue()


def _as_xls(book: Book) -> bytes:
    writer = xlwt.Workbook(encoding="utf-8")
    styles: dict[str, object] = {}
    for page in book:
        sheet = writer.add_sheet(page.name, cell_overwrite_ok=True)
        for top, left, bottom, right in page.merges:
            if bottom < 65_536 and right < 256:
                sheet.merge(top, bottom, left, right)
        for (row, column), (value, shown) in sorted(page.cells.items()):
            style = styles.setdefault(shown, xlwt.easyxf(num_format_str=shown))
            if isinstance(value, Error):
                sheet.row(row).set_cell_error(column, ERRORS[value.text])
            elif isinstance(value, Formula):
                sheet.write(row, column, xlwt.Formula(value.text[1:]), style)
            elif isinstance(value, bool | int | float | datetime):
                sheet.write(row, column, value, style)
            else:
                sheet.write(row, column, str(value)[:32_000], style)
        if page.hidden and len(book) > 1 and page is not book[0]:
            sheet.visibility = 1
    out = io.BytesIO()
    writer.save(out)
    return out.getvalue()


def _xml_text(value: object) -> str:
    return escape(ILLEGAL.sub("", str(value)), {'"': "&quot;"})


def _as_ods(book: Book) -> bytes:
    tables = "".join(_ods_table(page) for page in book)
    names = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names} office:version="1.2"><office:body>'
        f"<office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    return _zipped([("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", content.encode())])


def _ods_table(page: Page) -> str:
    spans = {one[:2]: one for one in page.merges}
    by_row: dict[int, dict[int, Cell]] = {}
    for (row, column), cell in page.cells.items():
        by_row.setdefault(row, {})[column] = cell
    for row, column in spans:
        by_row.setdefault(row, {}).setdefault(column, Cell(None))
    lines, last = [], -1
    for row in sorted(by_row):
        if row - last > 1:
            lines.append(
                f'<table:table-row table:number-rows-repeated="{row - last - 1}"><table:table-cell/></table:table-row>'
            )
        cells, before = [], -1
        for column in sorted(by_row[row]):
            if column - before > 1:
                cells.append(f'<table:table-cell table:number-columns-repeated="{column - before - 1}"/>')
            span = ""
            if (row, column) in spans:
                top, left, bottom, right = spans[row, column]
                span = (
                    f' table:number-columns-spanned="{right - left + 1}" table:number-rows-spanned="{bottom - top + 1}"'
                )
            cells.append(_ods_cell(by_row[row][column].value, by_row[row][column].shown, span))
            before = column
        lines.append(f"<table:table-row>{''.join(cells)}</table:table-row>")
        last = row
    lines.append('<table:table-row table:number-rows-repeated="900000"><table:table-cell/></table:table-row>')
    return f'<table:table table:name="{_xml_text(page.name)}">{"".join(lines)}</table:table>'


def _ods_cell(value: object, shown: str, span: str) -> str:
    start, end = f"<table:table-cell{span}", "</table:table-cell>"
    if value is None:
        return f"{start}/>"
    if isinstance(value, Error):
        mark = 'office:value-type="string" office:string-value="" calcext:value-type="error"'
        return f'{start} table:formula="of:=1/0" {mark}><text:p>{value.text}</text:p>{end}'
    if isinstance(value, Formula):
        formula = f'{start} table:formula="of:{_xml_text(value.text)}"'
        if value.result is None:
            return f"{formula}/>"
        if isinstance(value.result, str):
            return f'{formula} office:value-type="string"><text:p>{_xml_text(value.result)}</text:p>{end}'
        return f'{formula} office:value-type="float" office:value="{value.result}"/>'
    if isinstance(value, bool):
        return f'{start} office:value-type="boolean" office:boolean-value="{str(value).lower()}"/>'
    if isinstance(value, int | float):
        kind = "percentage" if "%" in shown else "float"
        return f'{start} office:value-type="{kind}" office:value="{value}"><text:p>{value}</text:p>{end}'
    if isinstance(value, datetime):
        return f'{start} office:value-type="date" office:date-value="{value.isoformat()}"><text:p>日期</text:p>{end}'
    lines = "".join(f"<text:p>{_xml_text(line)}</text:p>" for line in str(value).split("\n"))
    return f'{start} office:value-type="string">{lines}{end}'


def _plain(value: object) -> str:
    if isinstance(value, Error):
        return value.text
    if isinstance(value, Formula):
        return "" if value.result is None else str(value.result)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return str(value)


def _grid(page: Page) -> list[list[str]]:
    rows = [[""] * page.width for _ in range(page.height)]
    for (row, column), cell in page.cells.items():
        rows[row][column] = _plain(cell.value)
    return rows


def _as_csv(page: Page, chance: random.Random) -> tuple[bytes, str]:
    import csv

    delimiter, encoding = chance.choice(",,;\t"), chance.choice(("utf-8", "utf-8-sig", "gb18030"))
    out = io.StringIO(newline="")
    ending, quoting = chance.choice(("\r\n", "\n")), chance.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    page.cells = {place: cell for place, cell in page.cells.items() if place[0] < 10_000}
    csv.writer(out, delimiter=delimiter, lineterminator=ending, quoting=quoting).writerows(_grid(page))
    return out.getvalue().encode(encoding), f"csv {encoding} {delimiter!r}"


def _as_html(page: Page) -> bytes:
    page.cells = {place: cell for place, cell in page.cells.items() if place[0] < 3000 and place[1] < 60}
    spans = {one[:2]: one for one in page.merges}
    covered = {
        (r, c) for t, le, b, ri in page.merges for r in range(t, min(b, 3000) + 1) for c in range(le, ri + 1)
    } - set(spans)
    lines = []
    for row, values in enumerate(_grid(page)):
        cells = []
        for column, text in enumerate(values):
            if (row, column) in covered:
                continue
            span = ""
            if (row, column) in spans:
                top, left, bottom, right = spans[row, column]
                span = f' rowspan="{bottom - top + 1}" colspan="{right - left + 1}"'
            cells.append(f"<td{span}>{_xml_text(text).replace(chr(10), '<br>') or '&nbsp;'}</td>")
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return f"<html><head><meta charset='utf-8'></head><body><table>{''.join(lines)}</table></body></html>".encode()


def _as_xml(book: Book) -> bytes:
    sheets = []
    for page in book:
        spans = {one[:2]: one for one in page.merges}
        by_row: dict[int, list[str]] = {}
        for (row, column), (value, _) in sorted(page.cells.items()):
            attributes, kind, text = f' ss:Index="{column + 1}"', "String", _plain(value)
            if (row, column) in spans:
                top, left, bottom, right = spans[row, column]
                attributes += f' ss:MergeAcross="{right - left}" ss:MergeDown="{bottom - top}"'
            if isinstance(value, Formula):
                attributes += f' ss:Formula="{_xml_text(value.text)}"'
            if isinstance(value, Error):
                kind = "Error"
            elif isinstance(value, bool):
                kind, text = "Boolean", str(int(value))
            elif isinstance(value, int | float):
                kind = "Number"
            elif isinstance(value, datetime):
                kind, text = "DateTime", value.isoformat()
            data = f'<Data ss:Type="{kind}">{_xml_text(text)}</Data>'
            if isinstance(value, Formula) and value.result is None:
                data = ""
            by_row.setdefault(row, []).append(f"<Cell{attributes}>{data}</Cell>")
        rows = "".join(f'<Row ss:Index="{row + 1}">{"".join(cells)}</Row>' for row, cells in by_row.items())
        sheets.append(f'<Worksheet ss:Name="{_xml_text(page.name)}"><Table>{rows}</Table></Worksheet>')
    name = "urn:schemas-microsoft-com:office:spreadsheet"
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?><Workbook xmlns="{name}" xmlns:ss="{name}">{"".join(sheets)}</Workbook>'
    )
    return text.encode()


def _zipped(parts: Sequence[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts:
            target.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


# Damage of bytes


def _damage(data: bytes, chance: random.Random) -> tuple[bytes, str]:
    """Damages the file, or a part inside a zipped one whose check sums are then right again."""
    if data.startswith(b"PK") and chance.random() < 0.5:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as source:
                parts = [(name, source.read(name)) for name in source.namelist()]
        except (zipfile.BadZipFile, KeyError):
            return _damaged(data, chance)
        wanted = [i for i, (name, _) in enumerate(parts) if name.endswith((".xml", ".rels"))]
        at = chance.choice(wanted)
        name, content = parts[at]
        if b"<dimension ref=" in content and chance.random() < 0.15:
            parts[at] = (name, re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', content))
            return _zipped(parts), f"dimension of {name} vast"
        content, how = _damaged(content, chance)
        parts[at] = (name, content)
        return _zipped(parts), f"{how} in {name}"
    return _damaged(data, chance)


def _damaged(data: bytes, chance: random.Random) -> tuple[bytes, str]:
    if not data:
        return data, "nothing to damage"
    at = chance.randrange(len(data))
    how = chance.choice(("flipped", "flipped", "truncated", "inserted", "zeroed", "repeated", "exchanged"))
    if how == "flipped":
        changed = bytearray(data)
        count = chance.choice((1, 1, 3, 20))
        for _ in range(count):
            changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        return bytes(changed), f"{count} bits flipped"
    if how == "truncated":
        return data[:at], f"truncated at {at}"
    length = chance.choice((1, 4, 100, 600))
    if how == "inserted":
        return data[:at] + chance.randbytes(length) + data[at:], f"{length} bytes inserted at {at}"
    if how == "zeroed":
        return data[:at] + bytes(min(length, len(data) - at)) + data[at + length :], f"{length} bytes zeroed at {at}"
    if how == "repeated":
        return data[: at + length] + data[at:], f"{length} bytes repeated at {at}"
    middle = data[at : at + length]
    return data[:at] + data[at + length : at + 2 * length] + middle + data[
        at + 2 * length :
    ], f"{length} bytes exchanged at {at}"
