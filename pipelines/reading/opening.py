"""Open any submission: what a file is, is told by its bytes, never by its name."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import Final

from pipelines.reading import limits
from pipelines.reading.archive import Archive
from pipelines.reading.delimited import read_delimited
from pipelines.reading.markup import is_markup, read_markup
from pipelines.reading.ods import read_ods
from pipelines.reading.sheets import Sheet, Unreadable, Workbook
from pipelines.reading.xls import read_xls
from pipelines.reading.xlsx import read_xlsx

OUR_SHEET_MARK: Final = "联评·检查结果 / Lianping findings"
"""How the first filled cell of the sheet of findings begins that `check --annotate` adds to a workbook."""

SAVE_AS_ZH: Final = "请在 WPS 或 Excel 中打开，点“文件—另存为”，类型选 .xlsx 后重发。"
SAVE_AS_EN: Final = "Open it in WPS or Excel, choose File, Save as, type .xlsx, and resend."

FOREIGN: Final = (
    (b"%PDF", "PDF 文档", "a PDF document"),
    (b"\x89PNG", "图片", "a picture"),
    (b"\xff\xd8\xff", "图片", "a picture"),
    (b"GIF8", "图片", "a picture"),
    (b"BM", "图片", "a picture"),
    (b"Rar!", "压缩包", "a compressed archive"),
    (b"7z\xbc\xaf", "压缩包", "a compressed archive"),
    (b"\x1f\x8b", "压缩包", "a compressed archive"),
    (b"{\\rtf", "文字文档", "a text document"),
    (b"SQLite format 3", "数据库", "a database"),
    (b"MZ", "程序", "a program"),
    (b"\x7fELF", "程序", "a program"),
)


def open_workbook(path: Path) -> Workbook:
    """The file as a workbook, without the sheet of findings that we added ourselves.

    Raises `Unreadable`, and nothing else, whatever the file holds: it is damaged, encrypted, empty, too big, no
    spreadsheet, no regular file, or may not be read.
    """
    book = read_bytes_as_workbook(_bytes(path))
    sheets = tuple(sheet for sheet in book.sheets if not _is_ours(sheet))
    if not any(sheet.cells.width or sheet.errors or sheet.uncached for sheet in sheets):
        raise Unreadable(
            "文件里没有任何内容：所有工作表都是空的。请确认发送的是填好的表格。",
            "The file has no content: every sheet is empty. Check that you sent the filled-in workbook.",
        )
    return replace(book, sheets=sheets)


def read_bytes_as_workbook(data: bytes) -> Workbook:
    """The workbook that these bytes are. Raises `Unreadable`."""
    if not data.strip(b"\x00\t\r\n \xef\xbb\xbf"):
        raise Unreadable(
            "文件是空的（没有任何字节），可能没有传完整。请重新发送。",
            "The file is empty; it was probably cut short in transfer. Send it again.",
        )
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return read_xls(data)
    if data.startswith(b"PK"):
        return _read_zip(data)
    for magic, zh, en in FOREIGN:
        if data.startswith(magic) and (len(magic) > 2 or b"\x00" in data[:64]):
            raise Unreadable(
                f"文件其实是{zh}，不是表格。请发送原表格；{SAVE_AS_ZH}",
                f"The file is {en}, no spreadsheet. Send the spreadsheet itself. {SAVE_AS_EN}",
            )
    if is_markup(data):
        return read_markup(data)
    return read_delimited(data)


def _is_ours(sheet: Sheet) -> bool:
    for row in sheet.cells.head(5).iter_rows():
        for value in row:
            if value is not None:
                return str(value).startswith(OUR_SHEET_MARK)
    return False


def _read_zip(data: bytes) -> Workbook:
    archive = Archive(data)
    names = archive.names()
    if "mimetype" in archive and b"opendocument.spreadsheet" in archive.read("mimetype")[:200]:
        return read_ods(archive)
    if any(name.endswith("workbook.bin") for name in names):
        raise Unreadable(
            f"文件是二进制工作簿（.xlsb），不能直接读取。{SAVE_AS_ZH}",
            f"The file is a binary workbook (.xlsb), which is not read. {SAVE_AS_EN}",
        )
    if any(name.startswith("word/") for name in names):
        raise _not_a_sheet("Word 文档", "a Word document")
    if any(name.startswith("ppt/") for name in names):
        raise _not_a_sheet("演示文稿", "a presentation")
    if any(name.startswith("index/") and name.endswith(".iwa") for name in names):
        raise _not_a_sheet("Numbers 表格", "a Numbers spreadsheet")
    if "_rels/.rels" in archive or "xl/workbook.xml" in archive:
        return read_xlsx(archive)
    raise _not_a_sheet("压缩包", "a compressed archive")


def _not_a_sheet(zh: str, en: str) -> Unreadable:
    return Unreadable(
        f"文件其实是{zh}，不是能读取的表格。请发送表格本身；如是表格，{SAVE_AS_ZH}",
        f"The file is {en}, no spreadsheet that can be read. Send the spreadsheet itself. {SAVE_AS_EN}",
    )


def _bytes(path: Path) -> bytes:
    """The contents of a regular file; opening never waits for the other end of a pipe."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except PermissionError as fault:
        raise Unreadable(
            "没有读取这个文件的权限，或它正被别的程序占用。请关闭占用它的程序，或让管理员开放权限。",
            "There is no permission to read this file, or another program holds it. "
            "Close that program, or have the permission granted.",
        ) from fault
    except (OSError, ValueError) as fault:
        raise _vanished() from fault
    try:
        _check_facts(os.fstat(handle))
        with os.fdopen(handle, "rb", closefd=False) as file:
            return file.read(limits.FILE_BYTES + 1)
    except OSError as fault:
        raise _vanished() from fault
    finally:
        os.close(handle)


def _check_facts(facts: os.stat_result) -> None:
    if not stat.S_ISREG(facts.st_mode):
        raise Unreadable(
            "这不是普通文件（是文件夹或设备）。请把表格文件本身放进来。",
            "This is no ordinary file but a folder or device. Put the spreadsheet itself here.",
        )
    if facts.st_size > limits.FILE_BYTES:
        limit = limits.FILE_BYTES // 1024 // 1024
        raise Unreadable(
            f"文件有 {facts.st_size / 1024 / 1024:.0f} MB，超过上限 {limit} MB。请删去图片等多余内容，或拆成几个文件。",
            f"The file has {facts.st_size / 1024 / 1024:.0f} MB, over the limit of {limit} MB. "
            "Delete pictures and other ballast, or split it into several files.",
        )


def _vanished() -> Unreadable:
    return Unreadable(
        "文件打不开：读取时它已不在，或磁盘读取失败。请确认文件仍在原处后再试。",
        "The file cannot be opened: it is gone, or the disk could not be read. Check that it is still there and retry.",
    )
