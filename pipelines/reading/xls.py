"""Read an .xls workbook of Excel 5 to 2003 and of the Chinese office programs that write the same records.

Records: [MS-XLS] (BIFF8) and the older BIFF5. We read them ourselves because a decoder that trusts the counts in a
damaged file ends the whole process when memory runs out.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple

import polars as pl

from pipelines.findings import address
from pipelines.reading import limits
from pipelines.reading.archive import damaged, password_protected
from pipelines.reading.grid import cells_of_frame, merges_within, plain_number
from pipelines.reading.number_formats import (
    BUILT_IN_DATES,
    BUILT_IN_PERCENTS,
    EAST_ASIAN_DATES,
    is_date,
    is_percent,
    serial_date,
)
from pipelines.reading.ole import Container
from pipelines.reading.sheets import Merge, Sheet, Unreadable, Workbook

FORMULA, EOF, DATE_MODE, FILEPASS, CODEPAGE, CONTINUE = 0x06, 0x0A, 0x22, 0x2F, 0x42, 0x3C
BOUNDSHEET, MULRK, MULBLANK, RSTRING, XF, MERGES, SST = 0x85, 0xBD, 0xBE, 0xD6, 0xE0, 0xE5, 0xFC
LABELSST, NUMBER, LABEL, BOOLERR, STRING, RK, FORMAT, BOF = 0xFD, 0x203, 0x204, 0x205, 0x207, 0x27E, 0x41E, 0x809

ERRORS: Final = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
BIFF5, BIFF8 = 0x0500, 0x0600

SUMMARY: Final = "\x05SummaryInformation"
LAST_SAVED: Final = 13
FILE_TIME: Final = 64
"""The property of the modified date and its type, in [MS-OLEPS]."""


class _Listed(NamedTuple):
    """A sheet in the list of sheets, and where in the stream it begins."""

    name: str
    at: int
    hidden: bool


class _Record(NamedTuple):
    """A record, and where the next one begins."""

    kind: int
    body: bytes
    at: int


@dataclass
class _Book:
    """What the first part of the stream says about the whole workbook."""

    biff8: bool
    encoding: str = "cp936"
    epoch_1904: bool = False
    strings: list[str] = field(default_factory=list)
    codes: dict[int, str] = field(default_factory=dict)
    formats: list[int] = field(default_factory=list)
    sheets: list[_Listed] = field(default_factory=list)
    percents: frozenset[int] = frozenset()
    dates: frozenset[int] = frozenset()


@dataclass
class _Cells:
    """The cells of a sheet by place, and what is special about some."""

    values: dict[tuple[int, int], str] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    percents: set[tuple[int, int]] = field(default_factory=set)


def read_xls(data: bytes) -> Workbook:
    """The workbook. Chart, dialog and macro sheets are left out. Raises `Unreadable`."""
    container = Container(data)
    if "EncryptedPackage" in container:
        raise password_protected()
    name = next((name for name in ("Workbook", "Book", "WORKBOOK", "BOOK") if name in container), None)
    if name is None:
        raise _other_document() if len(container) else damaged()
    stream = container.read(name)
    try:
        book = _globals(stream)
        limits.check_sheet_count(len(book.sheets))
        sheets = [_sheet(stream, book, sheet) for sheet in book.sheets]
        modified = _modified(container.read(SUMMARY)) if SUMMARY in container else None
    except (struct.error, IndexError, ValueError, OverflowError) as fault:
        raise damaged() from fault
    return Workbook("xls", tuple(sheets), modified)


def _other_document() -> Unreadable:
    return Unreadable(
        "文件其实是旧版 Office 的其他文档（如 Word、幻灯片），不是表格。请发送表格本身，另存为 .xlsx 后重发。",
        "The file is another kind of old Office document (such as Word or slides), no spreadsheet. "
        "Send the spreadsheet itself, saved as .xlsx.",
    )


def _records(stream: bytes, at: int) -> Iterator[_Record]:
    """The records from a place in the stream to the end of that part. Raises `struct.error` where it is cut short."""
    depth = 0
    while True:
        kind, length = struct.unpack_from("<HH", stream, at)
        body = stream[at + 4 : at + 4 + length]
        if len(body) < length:
            raise damaged()
        if kind == EOF:
            depth -= 1
            if depth <= 0:
                return
        elif kind == BOF:
            depth += 1
        if depth == 1:
            yield _Record(kind, body, at + 4 + length)
        at += 4 + length


def _globals(stream: bytes) -> _Book:
    kind, _, version = struct.unpack_from("<HHH", stream, 0)
    if kind != BOF or version not in (BIFF5, BIFF8):
        raise Unreadable(
            "文件是 Excel 4 或更早的格式，太旧，不能读取。请在 WPS 或 Excel 中打开，另存为 .xlsx 后重发。",
            "The file is of Excel 4 or older, which is not read. Open it in WPS or Excel, save as .xlsx and resend.",
        )
    book = _Book(biff8=version == BIFF8)
    for record in _records(stream, 0):
        body = record.body
        if record.kind == FILEPASS:
            raise password_protected()
        if record.kind == DATE_MODE:
            book.epoch_1904 = body[0] == 1
        elif record.kind == CODEPAGE:
            book.encoding = _encoding(struct.unpack_from("<H", body)[0])
        elif record.kind == FORMAT:
            number = struct.unpack_from("<H", body)[0]
            book.codes[number] = _short_text(body, 2, book, length_bytes=2 if book.biff8 else 1)
        elif record.kind == XF:
            book.formats.append(struct.unpack_from("<H", body, 2)[0])
        elif record.kind == BOUNDSHEET:
            at, hidden, sheet_kind = struct.unpack_from("<IBB", body)
            if sheet_kind == 0:
                book.sheets.append(_Listed(_short_text(body, 6, book, length_bytes=1), at, hidden & 3 != 0))
        elif record.kind == SST:
            book.strings = list(_shared_strings(stream, record))
    book.percents = frozenset(i for i, number in enumerate(book.formats) if _shows_percent(number, book))
    book.dates = frozenset(i for i, number in enumerate(book.formats) if _shows_date(number, book))
    return book


def _encoding(codepage: int) -> str:
    names = {1200: "utf-16-le", 936: "gb18030", 950: "cp950", 932: "cp932", 949: "cp949", 65001: "utf-8"}
    return names.get(codepage, f"cp{codepage}" if codepage in range(1250, 1259) else "gb18030")


def _shows_percent(number: int, book: _Book) -> bool:
    return is_percent(book.codes[number]) if number in book.codes else number in BUILT_IN_PERCENTS


def _shows_date(number: int, book: _Book) -> bool:
    return is_date(book.codes[number]) if number in book.codes else number in BUILT_IN_DATES | EAST_ASIAN_DATES


def _short_text(body: bytes, at: int, book: _Book, *, length_bytes: int) -> str:
    """A text with its length before it, without formatting runs."""
    length = int.from_bytes(body[at : at + length_bytes], "little")
    at += length_bytes
    if not book.biff8:
        return body[at : at + length].decode(book.encoding, errors="replace")
    if body[at] & 1:
        return body[at + 1 : at + 1 + 2 * length].decode("utf-16-le", errors="replace")
    return body[at + 1 : at + 1 + length].decode("latin-1")


def _shared_strings(stream: bytes, table: _Record) -> Iterator[str]:
    """The texts of the shared table, which runs on through its continuation records."""
    blocks = [table.body]
    at = table.at
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind != CONTINUE:
            break
        blocks.append(stream[at + 4 : at + 4 + length])
        at += 4 + length
    count = struct.unpack_from("<I", table.body, 4)[0]
    block, at = 0, 8
    for _ in range(count):
        if at >= len(blocks[block]):
            block, at = block + 1, 0
            if block >= len(blocks):
                return
        length, flags = struct.unpack_from("<HB", blocks[block], at)
        at += 3
        runs = phonetic = 0
        if flags & 8:
            runs = struct.unpack_from("<H", blocks[block], at)[0]
            at += 2
        if flags & 4:
            phonetic = struct.unpack_from("<I", blocks[block], at)[0]
            at += 4
        pieces = []
        wide = flags & 1
        while True:
            here = blocks[block][at : at + (2 * length if wide else length)]
            pieces.append(here.decode("utf-16-le" if wide else "latin-1", errors="replace"))
            at += len(here)
            length -= len(here) // 2 if wide else len(here)
            if length <= 0:
                break
            block, at = block + 1, 1
            wide = blocks[block][0] & 1
        yield "".join(pieces)
        at += 4 * runs + phonetic
        while at > len(blocks[block]):
            at -= len(blocks[block])
            block += 1


def _sheet(stream: bytes, book: _Book, sheet: _Listed) -> Sheet:
    cells = _Cells()
    for record in _records(stream, sheet.at):
        _read_record(record, stream, book, cells)
    height = max((row for row, _ in cells.values), default=-1) + 1
    width = max((column for _, column in cells.values), default=-1) + 1
    limits.check_box(sheet.name, height, width, address(height, width - 1) if width else "")
    columns: list[list[str | None]] = [[None] * height for _ in range(width)]
    for (row, column), value in cells.values.items():
        columns[column][row] = value
    frame = cells_of_frame(pl.DataFrame([pl.Series(str(i), values, pl.String) for i, values in enumerate(columns)]))
    return Sheet(
        sheet.name,
        frame,
        merges_within(cells.merges, frame),
        cells.errors,
        frozenset(),
        frozenset(cells.percents),
        sheet.hidden,
    )


def _read_record(record: _Record, stream: bytes, book: _Book, cells: _Cells) -> None:
    kind, body = record.kind, record.body
    if kind in (LABELSST, NUMBER, RK, LABEL, RSTRING, BOOLERR, FORMULA):
        row, column, style = struct.unpack_from("<HHH", body)
        if kind == LABELSST:
            cells.values[row, column] = book.strings[struct.unpack_from("<I", body, 6)[0]]
        elif kind == NUMBER:
            _put_number(cells, book, (row, column, style), struct.unpack_from("<d", body, 6)[0])
        elif kind == RK:
            _put_number(cells, book, (row, column, style), _rk(struct.unpack_from("<I", body, 6)[0]))
        elif kind in (LABEL, RSTRING):
            cells.values[row, column] = _short_text(body, 6, book, length_bytes=2)
        elif kind == BOOLERR:
            _put_flag(cells, row, column, value=body[6], is_error=bool(body[7]))
        else:
            _put_result(record, stream, book, cells, (row, column, style))
    elif kind == MULRK:
        row, column = struct.unpack_from("<HH", body)
        for at in range(4, len(body) - 7, 6):
            style, packed = struct.unpack_from("<HI", body, at)
            _put_number(cells, book, (row, column, style), _rk(packed))
            column += 1
    elif kind == MERGES:
        for at in range(2, len(body) - 7, 8):
            top, bottom, left, right = struct.unpack_from("<4H", body, at)
            cells.merges.append(Merge(top, left, bottom, right))


def _rk(packed: int) -> float:
    """The number in four bytes: an integer or the upper half of a double, perhaps times 100."""
    if packed & 2:
        value = float((packed >> 2) - ((packed >> 31) << 30))
    else:
        value = struct.unpack("<d", struct.pack("<II", 0, packed & 0xFFFFFFFC))[0]
    return value / 100 if packed & 1 else value


def _put_number(cells: _Cells, book: _Book, place: tuple[int, int, int], value: float) -> None:
    row, column, style = place
    if style in book.percents:
        cells.percents.add((row, column))
    date = serial_date(value, epoch_1904=book.epoch_1904) if style in book.dates else None
    cells.values[row, column] = date or plain_number(repr(value))


def _put_flag(cells: _Cells, row: int, column: int, *, value: int, is_error: bool) -> None:
    if is_error:
        cells.errors[row, column] = ERRORS.get(value, "#VALUE!")
    else:
        cells.values[row, column] = "true" if value else "false"


def _put_result(record: _Record, stream: bytes, book: _Book, cells: _Cells, place: tuple[int, int, int]) -> None:
    """The stored result of a formula: a number, or marked by its last two bytes as text, yes or no, error, or empty."""
    row, column, _ = place
    result = record.body[6:14]
    if result[6:] != b"\xff\xff":
        _put_number(cells, book, place, struct.unpack("<d", result)[0])
    elif result[0] == 0:
        at = record.at
        for _ in range(3):
            kind, length = struct.unpack_from("<HH", stream, at)
            if kind == STRING:
                text = _long_text(stream, at, length, book)
                if text:
                    cells.values[row, column] = text
                return
            at += 4 + length
    elif result[0] in (1, 2):
        _put_flag(cells, row, column, value=result[2], is_error=result[0] == 2)


def _long_text(stream: bytes, at: int, length: int, book: _Book) -> str:
    """The text result of a formula; beyond one record (8,224 bytes) it is cut."""
    return _short_text(stream[at + 4 : at + 4 + length], 0, book, length_bytes=2)


def _modified(summary: bytes) -> datetime | None:
    """When the workbook was last saved, in Shanghai local time."""
    if len(summary) < 48:
        return None
    section = struct.unpack_from("<I", summary, 44)[0]
    count = struct.unpack_from("<I", summary, section + 4)[0]
    for i in range(min(count, 64)):
        number, at = struct.unpack_from("<II", summary, section + 8 + 8 * i)
        kind = struct.unpack_from("<I", summary, section + at)[0]
        if number == LAST_SAVED and kind == FILE_TIME:
            ticks = struct.unpack_from("<Q", summary, section + at + 4)[0]
            if not ticks:
                return None
            return (datetime(1601, 1, 1) + timedelta(microseconds=ticks // 10, hours=8)).replace(microsecond=0)
    return None
