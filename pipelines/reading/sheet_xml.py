"""The XML of one .xlsx sheet as bytes: made regular and safe to decode, and searched for what decoding drops."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final
from xml.sax.saxutils import escape

from lxml import etree

from pipelines.findings import address
from pipelines.reading import limits
from pipelines.reading.archive import damaged, parse
from pipelines.reading.sheets import Merge

ANCHOR: Final = "\ue000anchor\ue000"
"""Text put into A1 where that is empty, so that decoding keeps leading empty columns."""

BLANK_TAIL_BYTES: Final = 4096
"""Shorter tails of blank rows are not worth cutting off."""

UNUSUAL: Final = re.compile(rb'<c(?! r="[A-Z]\d{1,5}"(?:>| [st]="[^"]*"[ />]))(?![A-Za-z])')
"""A cell outside A1:Z99999, or written in another way than nearly all programs do."""

IRREGULAR: Final = re.compile(rb'<c(?![A-Za-z])(?! r="[A-Z]{1,3}[1-9]\d{0,6}")')
"""A cell that is not written as `<c r="A1"`."""

IRREGULAR_ROW: Final = re.compile(rb'<row(?! r="[1-9]\d{0,6}")')
PREFIXED_CELL: Final = re.compile(rb":c[\s/>]")
PREFIXED: Final = re.compile(rb"<\w+:(?:c|row|sheetData)[\s/>]")
FILLED_COLUMN: Final = re.compile(rb'<c r="([A-Z]+)\d+"(?!(?: [a-z]+="\w*")*\s*(?:/>|></c>))')
FILLED_ROW: Final = re.compile(rb'<c r="[A-Z]+(\d+)"(?!(?: [a-z]+="\w*")*\s*(?:/>|></c>))')
ERROR: Final = re.compile(
    rb'<c r="([A-Z]+)(\d+)"[^>]*? t="e"[^>]*>\s*(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?\s*<v>([^<]*)</v>'
)
UNCACHED: Final = re.compile(
    rb'<c r="([A-Z]+)(\d+)"([^>]*)>\s*(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>'
)
ERROR_OR_DATE: Final = re.compile(rb't="[ed]"')
ISO_DATE: Final = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*? t="d"')
FORMULA: Final = re.compile(rb"<f[\s/>]")
MERGE: Final = re.compile(
    rb'<(?:\w+:)?mergeCell\s[^>]*?ref=["\']\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})["\']'
)
SHEET_DATA: Final = re.compile(rb"<sheetData(?:\s[^>]*)?>")


def regular(xml: bytes, name: str) -> bytes:
    """The sheet's XML with every cell written as `<c r="A1" …>` in rows `<row r="1" …>`, as nearly all programs do by
    themselves, and without blank formatted rows at the end. Raises `Unreadable` when it is no XML, or its filled cells
    reach farther than the limits."""
    xml = _without_blank_tail(xml)
    if not (PREFIXED_CELL.search(xml) or UNUSUAL.search(xml) or b'" r="' in xml):
        return xml
    if PREFIXED.search(xml) or IRREGULAR.search(xml) or IRREGULAR_ROW.search(xml) or _has_doubled_addresses(xml):
        xml = _rewritten(xml)
    _check_box(xml, name)
    return xml


def _has_doubled_addresses(xml: bytes) -> bool:
    return xml.count(b' r="') != xml.count(b'<row r="') + xml.count(b'<c r="')


def _without_blank_tail(xml: bytes) -> bytes:
    end = xml.rfind(b"</sheetData>")
    last = xml.rfind(b"<v", 0, end)
    if end - last < BLANK_TAIL_BYTES:
        return xml
    last = max(last, xml.rfind(b"<is", 0, end), xml.rfind(b"<f", 0, end))
    if end < 0 or last < 0 or end - last < BLANK_TAIL_BYTES:
        return xml
    row_end = xml.find(b"</row>", last, end)
    return xml if row_end < 0 else xml[: row_end + 6] + xml[end:]


def _rewritten(xml: bytes) -> bytes:
    root = parse(xml)
    out = [b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>']
    row_number = 0
    for row in root.iter("{*}row"):
        row_number = _row_number(row.get("r"), row_number + 1)
        column = -1
        body = []
        for cell in row.iterchildren("{*}c"):
            at_row, column = _place(cell.get("r"), row_number, column + 1)
            kept = "".join(f' {key}="{cell.get(key)}"' for key in ("s", "t") if (cell.get(key) or "").isalnum())
            body.append(f'<c r="{address(at_row, column)}"{kept}>'.encode())
            body += [_bare(child) for child in cell if isinstance(child.tag, str)]
            body.append(b"</c>")
        out += [b'<row r="%d">' % row_number, *body, b"</row>"]
    out.append(b"</sheetData>")
    out += [b'<mergeCell ref="%s"/>' % escape(m.get("ref") or "").encode() for m in root.iter("{*}mergeCell")]
    out.append(b"</worksheet>")
    return b"".join(out)


def _row_number(text: str | None, otherwise: int) -> int:
    number = int(text) if text and re.fullmatch(r"\d{1,7}", text) else otherwise
    if not 1 <= number <= limits.ROWS:
        raise damaged()
    return number


def _place(text: str | None, row: int, column: int) -> tuple[int, int]:
    """The row (from 1) and column (from 0) of a cell: by its address where it has a good one."""
    if text and (found := re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", text.upper())):
        row, column = int(found[2]), column_index(found[1].encode())
    if not (1 <= row <= limits.ROWS and column < limits.COLUMNS):
        raise damaged()
    return row, column


def _bare(element: etree._Element) -> bytes:
    """An element without namespaces and attributes."""
    name = etree.QName(element).localname
    inner = b"".join(_bare(child) for child in element if isinstance(child.tag, str))
    return f"<{name}>{escape(element.text or '')}".encode() + inner + f"</{name}>".encode()


def _check_box(xml: bytes, name: str) -> None:
    columns = max(map(column_index, set(FILLED_COLUMN.findall(xml))), default=-1) + 1
    if columns:
        rows = max(map(int, FILLED_ROW.findall(xml)))
        limits.check_box(name, rows, columns, address(rows, columns - 1))


def column_index(letters: bytes) -> int:
    """The number of a column from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def anchored(xml: bytes) -> tuple[bytes | memoryview, ...]:
    """The sheet's XML, in pieces, with the anchor as its first cell; a filled A1 takes its place in decoding."""
    found = SHEET_DATA.search(xml)
    if not found or found[0].endswith(b"/>"):
        return (xml,)
    anchor = f'<row r="1"><c r="A1" t="str"><v>{ANCHOR}</v></c></row>'.encode()
    whole = memoryview(xml)
    return whole[: found.end()], anchor, whole[found.end() :]


def has_errors_or_dates(xml: bytes) -> bool:
    """Whether any cell is an error or a written-out date; most sheets have neither, and one look tells."""
    return ERROR_OR_DATE.search(xml) is not None


def errors(xml: bytes) -> dict[tuple[int, int], str]:
    """The error cells and their texts."""
    return {_at(letters, digits): text.decode(errors="replace") for letters, digits, text in ERROR.findall(xml)}


def uncached(xml: bytes) -> frozenset[tuple[int, int]]:
    """The formula cells without a stored result; an empty text is a result."""
    if not FORMULA.search(xml):
        return frozenset()
    return frozenset(
        _at(letters, digits) for letters, digits, attributes in UNCACHED.findall(xml) if b't="str"' not in attributes
    )


def numbers_in(xml: bytes, styles: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The cells that hold a number in one of these cell styles."""
    if not styles:
        return
    others = rb'(?: t="n"| cm="\d+"| vm="\d+")*'
    shown = b"|".join(str(style).encode() for style in styles)
    pattern = rb'<c r="([A-Z]+)(\d+)"' + others + rb' s="(?:' + shown + rb')"' + others + rb">\s*<[fv]"
    for letters, digits in re.findall(pattern, xml):
        yield _at(letters, digits)


def iso_dates(xml: bytes) -> list[tuple[int, int]]:
    """The cells whose date is written out (ISO 8601) instead of as a serial number."""
    return [_at(letters, digits) for letters, digits in ISO_DATE.findall(xml)]


def merges(xml: bytes) -> Iterator[Merge]:
    """The merged ranges."""
    for left, top, right, bottom in MERGE.findall(xml, max(xml.rfind(b"</sheetData>"), 0)):
        yield Merge(int(top) - 1, column_index(left), int(bottom) - 1, column_index(right))


def _at(letters: bytes, digits: bytes) -> tuple[int, int]:
    return int(digits) - 1, column_index(letters)
