"""Read an .ods workbook row by row, with its merged ranges, percentages, error cells and hidden sheets."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from lxml import etree

from pipelines.findings import address
from pipelines.reading import limits
from pipelines.reading.archive import Archive, damaged, password_protected
from pipelines.reading.grid import cells_of_rows, merges_within, plain_number
from pipelines.reading.number_formats import as_text, iso_date, modified_date
from pipelines.reading.sheets import Merge, Sheet, Workbook

TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE: Final = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT: Final = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
STYLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
CALCEXT: Final = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"

ERROR_TEXT: Final = re.compile(r"#[A-Z/0!?]+[!?]?|#N/A|Err:\d+")
DURATION: Final = re.compile(r"(-?)P(?:(\d+)D)?T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,]\d+)?S)?")


@dataclass
class _Rows:
    """What has been read of a sheet so far."""

    rows: list[list[str | None]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncached: set[tuple[int, int]] = field(default_factory=set)
    percents: set[tuple[int, int]] = field(default_factory=set)
    empty_rows: int = 0
    width: int = 0


def read_ods(archive: Archive) -> Workbook:
    """The workbook. Raises `Unreadable`."""
    if "meta-inf/manifest.xml" in archive and b"encryption-data" in archive.read("meta-inf/manifest.xml"):
        raise password_protected()
    if "content.xml" not in archive:
        raise damaged()
    content = archive.read_xml("content.xml")
    hidden_styles: set[str] = set()
    sheets: list[Sheet] = []
    parser = etree.iterparse(
        io.BytesIO(content),
        events=("start", "end"),
        tag=(f"{TABLE}table", f"{TABLE}table-row", f"{STYLE}style"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    depth = 0
    reading = _Rows()
    try:
        for event, element in parser:
            if element.tag == f"{STYLE}style":
                if event == "end" and any(p.get(f"{TABLE}display") == "false" for p in element):
                    hidden_styles.add(element.get(f"{STYLE}name") or "")
            elif element.tag == f"{TABLE}table":
                depth += 1 if event == "start" else -1
                if depth == 1 and event == "start":
                    reading = _Rows()
                elif depth == 0 and event == "end":
                    sheets.append(_sheet(element, reading, hidden_styles))
                    limits.check_sheet_count(len(sheets))
                    element.clear()
            elif event == "end" and depth == 1:
                _read_row(element, reading, sheet=str(len(sheets) + 1))
                element.clear()
                parent = element.getparent()
                if parent is not None:
                    parent.remove(element)
    except etree.XMLSyntaxError as fault:
        raise damaged() from fault
    return Workbook("ods", tuple(sheets), _modified(archive))


def _sheet(table: etree._Element, reading: _Rows, hidden_styles: set[str]) -> Sheet:
    cells = cells_of_rows(reading.rows)
    return Sheet(
        table.get(f"{TABLE}name") or "",
        cells,
        merges_within(reading.merges, cells),
        reading.errors,
        frozenset(reading.uncached),
        frozenset(reading.percents),
        (table.get(f"{TABLE}style-name") or "") in hidden_styles,
    )


def _count(element: etree._Element, name: str) -> int:
    text = element.get(f"{TABLE}{name}") or "1"
    return int(text) if text.isdigit() and int(text[:9]) > 0 else 1


def _read_row(row: etree._Element, reading: _Rows, sheet: str) -> None:
    repeated = _count(row, "number-rows-repeated")
    top = len(reading.rows) + reading.empty_rows
    values: list[str | None] = []
    pending = 0
    marked = False
    for cell in row.iterchildren(f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
        count = _count(cell, "number-columns-repeated")
        left = len(values) + pending
        across, down = _count(cell, "number-columns-spanned"), _count(cell, "number-rows-spanned")
        if across > 1 or down > 1:
            reading.merges.append(Merge(top, left, top + down - 1, left + across - 1))
        value, mark = _value(cell)
        if value is None and mark is None:
            pending += count
            continue
        limits.check_box(sheet, top + repeated, left + count, address(top + repeated, left + count - 1))
        values += [None] * pending + [value] * count
        pending = 0
        if mark is not None:
            marked = True
            for at in [(top + i, left + j) for i in range(repeated) for j in range(count)]:
                if mark == "percent":
                    reading.percents.add(at)
                elif mark == "uncached":
                    reading.uncached.add(at)
                else:
                    reading.errors[at] = mark
    if not values and not marked:
        reading.empty_rows += repeated
        return
    reading.width = max(reading.width, len(values))
    limits.check_box(sheet, top + repeated, reading.width, address(top + repeated, reading.width - 1))
    reading.rows += [[]] * reading.empty_rows + [values] * repeated
    reading.empty_rows = 0


def _value(cell: etree._Element) -> tuple[str | None, str | None]:
    """The text of a cell as `Sheet.cells` wants it, and `percent`, `uncached`, the text of an error, or None."""
    kind = cell.get(f"{OFFICE}value-type")
    if kind is None:
        if cell.get(f"{TABLE}formula") is not None and not len(cell):
            return None, "uncached"
        return _text(cell) or None, None
    if cell.get(f"{CALCEXT}value-type") == "error":
        return None, _text(cell).strip() or "#VALUE!"
    if kind in ("float", "currency", "percentage"):
        text = _text(cell).strip()
        if cell.get(f"{TABLE}formula") is not None and ERROR_TEXT.fullmatch(text):
            return None, text
        number = plain_number(cell.get(f"{OFFICE}value") or text)
        return number or None, "percent" if kind == "percentage" and number else None
    if kind == "date":
        return iso_date(cell.get(f"{OFFICE}date-value") or "") or _text(cell) or None, None
    if kind == "time":
        return _time(cell.get(f"{OFFICE}time-value") or "") or _text(cell) or None, None
    if kind == "boolean":
        return (cell.get(f"{OFFICE}boolean-value") or _text(cell)).lower() or None, None
    return (cell.get(f"{OFFICE}string-value") or _text(cell)) or None, None


def _text(cell: etree._Element) -> str:
    return "\n".join("".join(_pieces(p)) for p in cell.iterchildren(f"{TEXT}p", f"{TEXT}h"))


def _pieces(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag == f"{TEXT}s":
            count = child.get(f"{TEXT}c") or "1"
            yield " " * (int(count) if count.isdigit() and len(count) < 5 else 1)
        elif child.tag == f"{TEXT}tab":
            yield "\t"
        elif child.tag == f"{TEXT}line-break":
            yield "\n"
        elif isinstance(child.tag, str) and child.tag not in (f"{OFFICE}annotation", f"{TEXT}ruby-text", f"{TEXT}note"):
            yield from _pieces(child)
        yield child.tail or ""


def _time(text: str) -> str | None:
    """A duration as the spreadsheet programs keep it: a moment after their day 0."""
    if not (found := DURATION.fullmatch(text)):
        return None
    sign, *numbers = found.groups()
    days, hours, minutes, seconds = (int(number or 0) for number in numbers)
    try:
        span = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        return as_text(datetime(1899, 12, 31) + (-span if sign else span))
    except OverflowError:
        return None


def _modified(archive: Archive) -> datetime | None:
    if "meta.xml" not in archive:
        return None
    for element in archive.tree("meta.xml").iter("{http://purl.org/dc/elements/1.1/}date"):
        return modified_date(element.text)
    return None
