"""The parts of a zipped workbook, unpacked in memory with every byte counted: a bomb never gets to explode."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Final

from lxml import etree

from pipelines.reading import limits
from pipelines.reading.sheets import Unreadable

CHUNK: Final = 1 << 20


class Archive:
    """A zip that is read part by part; the bytes unpacked so far count against one limit.

    Names are only looked up, nothing is ever written to disk, so `..` or absolute names do no harm.
    """

    def __init__(self, data: bytes) -> None:
        """Read the directory of the zip. Raises `Unreadable` when it is damaged or absurdly long."""
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as fault:
            raise damaged() from fault
        self._unpacked = 0
        entries = self._zip.infolist()
        if len(entries) > limits.ZIP_ENTRIES:
            raise Unreadable(
                f"文件内部有 {len(entries)} 个部件，超过上限 {limits.ZIP_ENTRIES}，"
                "不像正常的表格。请另存为 .xlsx 后重发。",
                f"The file has {len(entries)} parts inside, over the limit of {limits.ZIP_ENTRIES}; "
                "this is no ordinary workbook. Save it as .xlsx again and resend.",
            )
        self._entries = {entry.filename.replace("\\", "/").lstrip("/").lower(): entry for entry in entries}

    def names(self) -> list[str]:
        """The names of the parts, in lower case (the format does not tell cases apart)."""
        return list(self._entries)

    def __contains__(self, name: str) -> bool:
        """Whether there is such a part."""
        return name.lower() in self._entries

    def read(self, name: str) -> bytes:
        """One part. Raises `KeyError` when there is none, `Unreadable` when damaged, encrypted or over the limit."""
        entry = self._entries[name.lower()]
        if entry.flag_bits & 1:
            raise password_protected()
        if entry.file_size + self._unpacked > limits.UNPACKED_BYTES:
            raise _too_big()
        chunks = []
        try:
            with self._zip.open(entry) as part:
                while chunk := part.read(CHUNK):
                    self._unpacked += len(chunk)
                    if self._unpacked > limits.UNPACKED_BYTES:
                        raise _too_big()
                    chunks.append(chunk)
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, NotImplementedError) as fault:
            raise damaged() from fault
        return b"".join(chunks)

    def read_xml(self, name: str) -> bytes:
        """One XML part as UTF-8. Raises `Unreadable` when it declares a document type: no workbook needs entities."""
        data = self.read(name)
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            try:
                data = data.decode("utf-16").encode()
            except UnicodeError as fault:
                raise damaged() from fault
            data = data[data.find(b"?>") + 2 :] if data.startswith(b"<?xml") else data
        if b"<!DOCTYPE" in data:
            raise entities()
        return data

    def tree(self, name: str) -> etree._Element:
        """One XML part, parsed."""
        return parse(self.read_xml(name))


def parse(data: bytes) -> etree._Element:
    """An XML text as a tree; no entity is resolved, nothing fetched. Raises `Unreadable` when not well-formed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise damaged() from fault
    if root is None:
        raise damaged()
    return root


def damaged() -> Unreadable:
    """The refusal of a damaged file."""
    return Unreadable(
        "文件已损坏或没有传完整，打不开。请先在 WPS 或 Excel 中确认能打开，再重新发送。",
        "The file is damaged or was cut short in transfer and cannot be opened. "
        "Check that it opens in WPS or Excel, then send it again.",
    )


def entities() -> Unreadable:
    """The refusal of a file that declares XML entities."""
    return Unreadable(
        "文件内部含有表格不该有的 XML 实体声明（DOCTYPE），为安全起见不予读取。"
        "请在 WPS 或 Excel 中另存为 .xlsx 后重发。",
        "The file declares XML entities (DOCTYPE), which no workbook needs; it is not read, for safety. "
        "Save it as .xlsx in WPS or Excel and resend.",
    )


def password_protected() -> Unreadable:
    """The refusal of an encrypted file."""
    return Unreadable(
        "文件设有打开密码，无法读取。请打开后取消密码（“文件—文档加密”或“信息—保护工作簿”），保存后重发。",
        "The file is password-protected and cannot be read. Open it, remove the password "
        "(File, Info, Protect Workbook), save and resend.",
    )


def _too_big() -> Unreadable:
    limit = limits.UNPACKED_BYTES // 1024 // 1024
    return Unreadable(
        f"文件解压后超过 {limit} MB，不予读取。请删去空白的格式行、图片等多余内容，或拆成几个文件后重发。",
        f"The file is larger than {limit} MB once unpacked and is not read. Delete blank formatted rows, pictures and "
        "other ballast, or split it into several files, and resend.",
    )
